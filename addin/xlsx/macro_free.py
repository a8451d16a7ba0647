"""A copy of a book for others: an .xlsx without macros and without links to other books."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from itertools import count

from addin.our_calls import without_prefixes
from addin.xlsx.cells import NewValue
from addin.xlsx.package import Package, Part, relations_of
from addin.xlsx.scanner import attributes, cell_text, element, normal

PLAIN_BOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
BOOK_TYPE = re.compile(
    rb"application/vnd\.(?:ms-excel\.(?:sheet|template)\.macroEnabled|openxmlformats-officedocument\.spreadsheetml\."
    rb"template)\.main\+xml"
)
LEFT_OUT = re.compile(
    r"xl/(?:vbaProject|_rels/vbaProject|vbaData|externalLinks/|ctrlProps/|activeX/|calcChain)|customUI|userCustomization"
)
"""Parts that hold macros, buttons for them, other books' values, or the order of formulas that are gone."""
ELSEWHERE = re.compile(r"\[\d+\]|\[[^\[\]]*\.(?:xl\w*|ods|csv)\]|\.xl\w+'?\]?'?!", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|'((?:[^']|'')*)'")
_NAME, _NAMES, _LINKS = element("definedName"), element("definedNames"), element("externalReferences")
_CALCULATE_ON_OPENING = re.compile(rb"""\s(?:fullCalcOnLoad|forceFullCalc)\s*=\s*("[^"]*"|'[^']*')""")
_OVERRIDE, _RELATION = element("Override"), element("Relationship")
_TEXTS_OF_A_CHART, _SHOWN_BY_A_CHART = element("strCache"), element("v")


def without_macros(package: Package) -> Package:
    """The book as an .xlsx: no macros, no links; formulas that read other books hold their values."""
    gone = {name for name in package.parts if LEFT_OUT.match(name)}
    parts: dict[str, Part] = dict.fromkeys(gone)
    for sheet, part in package.sheets.items():
        values = {
            (cell.row, cell.column): NewValue(cell.saved, keeps_formula=False)
            for cell in package.sheet(sheet).formula_cells(sheet)
            if ELSEWHERE.search(without_prefixes(cell.formula)) or _asks_a_program(cell.formula, package)
        }
        if values:
            parts[part] = package.sheet(sheet).with_values(values)
    parts["[Content_Types].xml"] = BOOK_TYPE.sub(PLAIN_BOOK, _types_without(package, gone))
    book = _LINKS.sub(b"", _normal(package, package.main_part))
    book = _NAME.sub(lambda m: b"" if ELSEWHERE.search(m[0].decode()) else m[0], book)
    book = _NAMES.sub(lambda m: m[0] if m["inside"] and m["inside"].strip() else b"", book)
    parts[package.main_part] = _CALCULATE_ON_OPENING.sub(b"", book)
    for name in package.parts:
        if name.endswith(".rels") and name not in gone:
            parts[name] = _relations_without(package, name, gone)
    return package.replaced(parts)


def _normal(package: Package, part: str) -> bytes:
    return normal(package.part(part), f"{package.name}, part {part}")


def _types_without(package: Package, gone: Collection[str]) -> bytes:
    """The list of content types without those of some parts."""

    def kept(found: re.Match[bytes]) -> bytes:
        return b"" if attributes(found[1]).get(b"PartName", b"").decode().lstrip("/") in gone else found[0]

    return _OVERRIDE.sub(kept, _normal(package, "[Content_Types].xml"))


def _relations_without(package: Package, name: str, gone: Collection[str]) -> bytes:
    """A part of relations without those to some parts."""
    folder = posixpath.dirname(posixpath.dirname(name))

    def kept(found: re.Match[bytes]) -> bytes:
        target = attributes(found[1]).get(b"Target", b"").decode()
        return b"" if posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/") in gone else found[0]

    return _RELATION.sub(kept, _normal(package, name))


def _asks_a_program(formula: str, package: Package) -> bool:
    """Whether a formula is a DDE link, such as =program|topic!item: a bar that is in no text and no sheet's name."""
    quoted = {match.group(1).replace("''", "'") for match in _QUOTED.finditer(formula) if match.group(1)}
    return "|" in _QUOTED.sub("", formula) or any("|" in name for name in quoted - package.sheets.keys())


def without_unused_texts(package: Package) -> Package:
    """The book without the texts that cells held before: a file keeps them in a list, and charts keep copies."""
    sheets = [package.sheet(name) for name in package.sheets]
    used = set[int]().union(*(sheet.shared_texts() for sheet in sheets))
    shown = {package.texts[number] for number in used if 0 <= number < len(package.texts)}
    shown.update(*(sheet.texts() for sheet in sheets))
    numbers = count()

    def kept(found: re.Match[bytes]) -> bytes:
        prefix = found[0][1:].partition(b"si")[0]
        return found[0] if next(numbers) in used else b"<%ssi><%st/></%ssi>" % (prefix, prefix, prefix)

    def still_shown(cache: re.Match[bytes]) -> bytes:
        texts = {cell_text(found["inside"] or b"") for found in _SHOWN_BY_A_CHART.finditer(cache[0])}
        return cache[0] if shown.issuperset(texts) else b""

    texts = [part for kind, part in package.relations(package.main_part).values() if kind == "sharedStrings"]
    parts: dict[str, Part] = {part: element("si").sub(kept, _normal(package, part)) for part in texts}
    charts = [name for name in package.parts if name.startswith("xl/charts/") and name.endswith(".xml")]
    return package.replaced(
        parts | {name: _TEXTS_OF_A_CHART.sub(still_shown, _normal(package, name)) for name in charts}
    )


def without_order_of_formulas(package: Package) -> dict[str, Part]:
    """The parts without the list of formulas in their order, which Excel makes anew and must not be wrong."""
    chain = [name for name in package.parts if name.endswith("/calcChain.xml")]
    if not chain:
        return {}
    relations = relations_of(package.main_part)
    return {
        **dict.fromkeys(chain),
        "[Content_Types].xml": _types_without(package, chain),
        relations: _relations_without(package, relations, chain),
    }

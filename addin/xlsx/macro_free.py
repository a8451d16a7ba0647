"""A copy of a book for others: an .xlsx without macros and without links to other books."""

from __future__ import annotations

import posixpath
import re
from itertools import count

from addin.xlsx.package import Package
from addin.xlsx.sheet_xml import NewValue, formula_cells, with_values

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
_NAME = re.compile(rb"<(?:\w+:)?definedName\s[^>]*>[^<]*</(?:\w+:)?definedName\s*>")
_EMPTY_NAMES = re.compile(rb"<(?:\w+:)?definedNames\s*>\s*</(?:\w+:)?definedNames\s*>")
_LINKS = re.compile(rb"<(?:\w+:)?externalReferences\b.*?</(?:\w+:)?externalReferences\s*>", re.DOTALL)
_CALCULATE_ON_OPENING = re.compile(rb'\s(?:fullCalcOnLoad|forceFullCalc)="[^"]*"')
_TEXT_OF_A_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*\st="s")(?:[^>]*[^/])?>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>\s*(\d+)', re.DOTALL
)
_SHARED_TEXT = re.compile(rb"<((?:\w+:)?)si\b(?:[^>]*/>|.*?</\1si\s*>)", re.DOTALL)
_TEXT = re.compile(rb"<(?:\w+:)?[vt](?:\s[^>]*)?>([^<]+)<")
_TEXTS_OF_A_CHART = re.compile(rb"<((?:\w+:)?)strCache\b.*?</\1strCache\s*>", re.DOTALL)
_OVERRIDE = re.compile(rb'<(?:\w+:)?Override\s[^>]*PartName="/([^"]+)"[^>]*/>')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*/>")
_TARGET = re.compile(rb'\sTarget="([^"]+)"')


def without_macros(package: Package) -> bytes:
    """The book as an .xlsx: no macros, no links; formulas that read other books hold their values."""
    gone = {name for name in package.parts if LEFT_OUT.match(name)}
    parts: dict[str, bytes | None] = dict.fromkeys(gone)
    for sheet, part in package.sheets.items():
        values = {
            (cell.row, cell.column): NewValue(cell.saved, keeps_formula=False)
            for cell in formula_cells(package.part(part), sheet, package.name)
            if ELSEWHERE.search(cell.formula) or _asks_a_program(cell.formula, package)
        }
        if values:
            parts[part] = with_values(package.part(part), values, package.name)
    types = _OVERRIDE.sub(
        lambda m: b"" if m.group(1).decode() in gone else m.group(), package.part("[Content_Types].xml")
    )
    parts["[Content_Types].xml"] = BOOK_TYPE.sub(PLAIN_BOOK, types)
    book = _LINKS.sub(b"", package.part(package.main_part))
    book = _NAME.sub(lambda m: b"" if ELSEWHERE.search(m.group().decode()) else m.group(), book)
    parts[package.main_part] = _CALCULATE_ON_OPENING.sub(b"", _EMPTY_NAMES.sub(b"", book))
    for name in package.parts:
        if name.endswith(".rels") and name not in gone:
            folder = posixpath.dirname(posixpath.dirname(name))
            kept = _RELATION.sub(lambda m, f=folder: b"" if _points_to(m, f) & gone else m.group(), package.part(name))  # type: ignore[misc]
            if kept != package.part(name):
                parts[name] = kept
    return package.with_parts(parts)


def _asks_a_program(formula: str, package: Package) -> bool:
    """Whether a formula is a DDE link, such as =program|topic!item: a bar that is in no text and no sheet's name."""
    quoted = {match.group(1).replace("''", "'") for match in _QUOTED.finditer(formula) if match.group(1)}
    return "|" in _QUOTED.sub("", formula) or any("|" in name for name in quoted - package.sheets.keys())


def without_unused_texts(package: Package) -> bytes:
    """The book without the texts that cells held before: a file keeps them in a list, and charts keep copies."""
    sheets = [package.part(name) for name in package.parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
    used = {int(number) for sheet in sheets for number in _TEXT_OF_A_CELL.findall(sheet)}
    numbers = count()

    def kept(text: re.Match[bytes]) -> bytes:
        return text[0] if next(numbers) in used else b"<%ssi><%st/></%ssi>" % ((text[1],) * 3)

    lists = {
        name: _SHARED_TEXT.sub(kept, package.part(name))
        for name in package.parts
        if name.endswith("/sharedStrings.xml")
    }
    shown = {text for part in [*sheets, *lists.values()] for text in _TEXT.findall(part)}

    def still_shown(cache: re.Match[bytes]) -> bytes:
        return cache[0] if shown.issuperset(_TEXT.findall(cache[0])) else b""

    charts = {
        name: _TEXTS_OF_A_CHART.sub(still_shown, package.part(name))
        for name in package.parts
        if name.startswith("xl/charts/")
    }
    return package.with_parts(lists | charts)


def _points_to(relation: re.Match[bytes], folder: str) -> set[str]:
    target = _TARGET.search(relation.group())
    if target is None:
        return set()
    return {posixpath.normpath(posixpath.join("/" + folder, target.group(1).decode())).lstrip("/")}


def without_order_of_formulas(package: Package) -> dict[str, bytes | None]:
    """The parts without the list of formulas in their order, which Excel makes anew and must not be wrong."""
    chain = [name for name in package.parts if name.endswith("/calcChain.xml")]
    if not chain:
        return {}
    relations = f"{posixpath.dirname(package.main_part)}/_rels/{posixpath.basename(package.main_part)}.rels"
    types = _OVERRIDE.sub(
        lambda m: b"" if m.group(1).decode() in chain else m.group(), package.part("[Content_Types].xml")
    )
    kept = _RELATION.sub(lambda m: b"" if b"calcChain" in m.group() else m.group(), package.part(relations))
    return {**dict.fromkeys(chain), "[Content_Types].xml": types, relations: kept}

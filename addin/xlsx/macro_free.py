"""A copy of a book for others: an .xlsx in which nothing runs, and nothing reads other files or servers."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count

from addin.archive import TYPES
from addin.errors import BookError
from addin.xlsx.active_content import Active, active_content
from addin.xlsx.cells import NewValue
from addin.xlsx.outward_formulas import Outward
from addin.xlsx.package import OFFICE, Package, Part, children
from addin.xlsx.part_lists import relations_without, types_without
from addin.xlsx.scanner import (
    ATTRIBUTES,
    PREFIX,
    attributes,
    cell_text,
    element,
    plain_text,
    with_attribute,
    with_attributes,
)

PLAIN_BOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
BOOK_TYPE = re.compile(
    rb"application/vnd\.(?:ms-excel\.(?:sheet|template|addin)\.macroEnabled|openxmlformats-officedocument"
    rb"\.spreadsheetml\.template)\.main\+xml"
)
_NAME, _NAMES, _SHEET = element("definedName"), element("definedNames"), element("sheet")
_CALCULATE_ON_OPENING = re.compile(rb"""\s(?:fullCalcOnLoad|forceFullCalc)\s*=\s*("[^"]*"|'[^']*')""")
_TABS = re.compile(rb"""\s(?:activeTab|firstSheet)\s*=\s*("[^"]*"|'[^']*')""")
_HOLDERS = [element(name) for name in (
    "dataConsolidate", "externalData", "worksheetSource", "webImageSrd", "dataModel")]  # fmt: skip
"""Elements that go with all that they hold where something in them refers to what is gone."""
_ALWAYS = [element(name) for name in (
    "externalReferences", "oleObjects", "controls", "xmlColumnPr", "webPublishing", "webPublishItems",
    "webPublishObjects", "FmlaMacro")]  # fmt: skip
"""Elements that go in any case: other books, objects, maps of XML, pages to be written elsewhere, macros of shapes."""
_RULES = [element(name) for name in (
    "dataValidation", "cfRule", "conditionalFormatting", "sparklineGroup", "FmlaLink", "FmlaRange", "FmlaGroup",
    "FmlaTxbx", "FmlaPict", "calculatedColumnFormula", "totalsRowFormula")]  # fmt: skip
"""Elements that go where a formula in them reads elsewhere."""
_EMPTY = [element(name) for name in (
    "conditionalFormatting", "conditionalFormattings", "dataValidations", "tableParts", "sparklineGroups",
    "pivotCaches", "slicerCaches", "hyperlinks")]  # fmt: skip
"""Elements that must hold others."""
_REFERS = re.compile(rb"""\s(?:[\w.-]+:)(?:id|link|embed|href|relid|pict|dm|lo|qs|cs)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_EMPTY_TAG = re.compile(rb"<%s(?!pageSetup)[^\s<>/:?!]+%s\s*/>" % (PREFIX, ATTRIBUTES))
"""An element without content; the setup of a page says more than the printer."""
_REFERENCE = element("f")
_MACRO_OF_A_SHAPE = re.compile(rb"""(\smacro\s*=\s*)(?:"[^"]+"|'[^']+')""")
_TEXT_OF_A_SHAPE = re.compile(rb"""\stextlink\s*=\s*(?:"([^"]+)"|'([^']+)')""")
_PICTURE_OF_A_SHAPE = re.compile(rb"""\s(?:[\w.-]+:)?(?:src|althref)\s*=\s*(?:"[^"]*"|'[^']*')""")
_QUERIED = re.compile(rb"""\s(?:tableType|connectionId|queryTableFieldId)\s*=\s*(?:"[^"]*"|'[^']*')""")
_MAY_READ_ELSEWHERE = re.compile(
    rb"[<:](?:f|Fmla\w+|xmlColumnPr|oleObjects|controls|webPublish\w+|\w+Formula)[\s>]|\s(?:macro|textlink|connectionId|tableType|(?:\w+:)?(?:src|althref))\s*="
)
"""What no part is changed without."""
_TEXTS_OF_A_CHART, _SHOWN_BY_A_CHART = element("strCache"), element("v")


def without_macros(package: Package) -> Package:
    """The book as an .xlsx: nothing in it runs or reads elsewhere; formulas that read elsewhere hold their values."""
    active = active_content(package)
    outward = Outward.of(package, _sheets_of(package, active.ids.get(package.main_part, ())))
    parts: dict[str, Part] = {}
    for sheet, part in package.sheets.items():
        values = {
            (cell.row, cell.column): NewValue(cell.saved, keeps_formula=False)
            for cell in package.sheet(sheet).formula_cells(sheet)
            if outward.reads(cell.formula)
        }
        xml = package.sheet(sheet)
        xml = xml.without_shared_formulas(sheet).with_values(values) if values else xml
        before, after = (_without_links(half, active.ids.get(part, ()), outward) for half in (xml.before, xml.after))
        if values or (before, after) != (xml.before, xml.after):
            parts[part] = xml.changed(xml.rows, before, after) if xml.has_cells else before
    parts[TYPES] = BOOK_TYPE.sub(PLAIN_BOOK, types_without(package, active.parts, active.endings))
    parts[package.main_part] = _book_without(package, active, outward)
    for name in set(package.parts) - active.parts - parts.keys() - set(package.sheets.values()):
        if name.casefold().endswith(".rels"):
            parts[name] = relations_without(package, name, active.ids)
        elif package.part(name).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t").startswith(b"<"):
            parts[name] = _part_without(package, name, active.ids.get(name, ()), outward)
    return package.replaced({name: part for name, part in parts.items() if not _same(package, name, part)}
                            | dict.fromkeys(active.parts))  # fmt: skip


def _sheets_of(package: Package, ids: Collection[str]) -> list[str]:
    return [sheet.get("name", "") for sheet in children(package.workbook, "sheets") if sheet.get(f"{OFFICE}id") in ids]


def _same(package: Package, name: str, part: Part) -> bool:
    return isinstance(part, bytes) and part == package.part(name)


def _book_without(package: Package, active: Active, outward: Outward) -> bytes:
    """The workbook part without links, sheets of macros, and the names that belong to them."""
    ids = active.ids.get(package.main_part, ())
    book = package.xml(package.main_part)
    sheets = list(_SHEET.finditer(book))
    stay = [n for n, found in enumerate(sheets) if not _refers(found[1], ids)]
    if not stay:
        raise BookError(f"{package.name} has no sheet that is free of macros; there is nothing to share")
    new = {str(old): str(number) for number, old in enumerate(stay)}

    def name(found: re.Match[bytes]) -> bytes:
        said = attributes(found[1])
        scope = said.get(b"localSheetId", b"").decode()
        if plain_text(said.get(b"name", b"")).casefold() in outward.names or (scope and scope not in new):
            return b""
        if not scope:
            return found[0]
        return with_attributes(found, with_attribute(found[1], b"localSheetId", new[scope].encode()))

    book = _NAME.sub(name, book)
    book = _SHEET.sub(lambda m: b"" if _refers(m[1], ids) else m[0], book)
    if len(stay) < len(sheets):
        book = _TABS.sub(b"", book)
    book = _NAMES.sub(lambda m: m[0] if m["inside"] and m["inside"].strip() else b"", book)
    return _CALCULATE_ON_OPENING.sub(b"", _without_links(book, ids, outward))


def _part_without(package: Package, name: str, ids: Collection[str], outward: Outward) -> bytes:
    """Another part without what runs and reads elsewhere."""
    old = package.part(name)
    if not (ids or _MAY_READ_ELSEWHERE.search(old) or b"\0" in old[:4]):
        return old
    data = package.xml(name)
    new = _MACRO_OF_A_SHAPE.sub(rb'\1""', data)
    new = _TEXT_OF_A_SHAPE.sub(lambda m: b"" if outward.reads(plain_text(m[1] or m[2])) else m[0], new)
    new = _REFERENCE.sub(lambda m: _nowhere(m) if outward.reads(plain_text(m["inside"] or b"")) else m[0], new)
    new = _QUERIED.sub(b"", new) if name in {table.part for table in package.tables.values()} else new
    new = _PICTURE_OF_A_SHAPE.sub(b"", new) if b"urn:schemas-microsoft-com:vml" in new else new
    new = _without_links(new, ids, outward)
    return new if new != data else old


def _nowhere(reference: re.Match[bytes]) -> bytes:
    """A reference of a chart to somewhere else, which keeps what it drew."""
    text, began = reference[0], reference.start()
    return text[: reference.start("inside") - began] + b"#REF!" + text[reference.end("inside") - began :]


def _without_links(data: bytes, ids: Collection[str], outward: Outward) -> bytes:
    """A part without the elements that refer to what is gone, or whose formulas read elsewhere."""
    for always in _ALWAYS:
        data = always.sub(b"", data)
    if ids:
        for holder in _HOLDERS:
            data = holder.sub(lambda m: b"" if _refers(m[0], ids) else m[0], data)
        data = _EMPTY_TAG.sub(lambda m: b"" if _refers(m[0], ids) else m[0], data)
        data = _REFERS.sub(lambda m: b"" if plain_text(m[1] or m[2]) in ids else m[0], data)
    for rule in _RULES:
        data = rule.sub(lambda m: b"" if outward.in_markup(m[0]) else m[0], data)
    for empty in _EMPTY:
        data = empty.sub(lambda m: m[0] if m["inside"] and m["inside"].strip() else b"", data)
    return data


def _refers(text: bytes, ids: Collection[str]) -> bool:
    return any(plain_text(found[1] or found[2]) in ids for found in _REFERS.finditer(text))


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
    parts: dict[str, Part] = {part: element("si").sub(kept, package.xml(part)) for part in texts}
    charts = [name for name in package.parts if name.startswith("xl/charts/") and name.endswith(".xml")]
    return package.replaced(parts | {name: _TEXTS_OF_A_CHART.sub(still_shown, package.xml(name)) for name in charts})

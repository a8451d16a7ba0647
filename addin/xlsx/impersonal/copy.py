"""Puts a book together anew from what is known to name nobody, whatever its parts are called and hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from xml.sax.saxutils import escape, quoteattr

from addin.actions.long_notes import in_parts, put_together
from addin.actions.privacy import Handling, handled_columns, our_tables, pick_lists
from addin.actions.share import NOTE, checks_failed
from addin.xlsx.addresses import Area, area_of, area_text
from addin.xlsx.impersonal.drawings import written_drawing
from addin.xlsx.impersonal.formulas import KnownFormulas, is_plain_format
from addin.xlsx.impersonal.markup import CHART, HEAD, Writer
from addin.xlsx.impersonal.new_package import NewPackage
from addin.xlsx.impersonal.sheet import SheetCells
from addin.xlsx.impersonal.template_words import around_cells, template_words
from addin.xlsx.impersonal.words import Words
from addin.xlsx.notes import notes, with_notes
from addin.xlsx.package import MAIN, OFFICE, Package, TableArea, children, relations_of
from addin.xlsx.scanner import cell_text, whole_number
from addin.xlsx.template_copy import language_of, preset_of

BUILT_IN_FORMATS = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "$#,##0", 43: "#,##0.00",
    44: "$#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
} | dict.fromkeys([*range(14, 23), *range(27, 37), *range(50, 59)], "yyyy-mm-dd")  # fmt: skip
_BUILT_IN_NAME = re.compile(r"_xlnm\.(?:Print_Area|Print_Titles)")
_CODES = re.compile(r"(?:&[LCRPNDTAFG+\-BIUESXYHO]|&\d{1,3}|&\"(?:Arial|Calibri|-),?[A-Za-z ]*\"|[\s\d/|.\-–])*")
_STYLE = re.compile(r"(?:TableStyle(?:Light|Medium|Dark)|PivotStyle(?:Light|Medium|Dark))\d{1,2}")
MEANT_FOR = {
    "comments": "comments", "threadedComment": "comments", "pivotTable": "pivot tables", "image": "pictures",
    "slicer": "slicers", "timeline": "timelines", "oleObject": "embedded objects", "package": "embedded objects",
    "externalLink": "links to other workbooks", "connections": "data connections", "queryTable": "queries",
    "customXml": "custom XML", "hyperlink": "links", "control": "controls", "revisionHeaders": "the history of changes",
}  # fmt: skip
"""Kinds of relations to what the user knows them as; what they lead to is not in the copy."""


@dataclass
class Impersonal:
    """A copy without personal data, and what is to be said of it."""

    package: Package
    changed: dict[str, list[Area]] = field(default_factory=dict)
    """The areas of each sheet that show something else than before."""
    texts: dict[str, list[str]] = field(default_factory=dict)
    """Where texts that the user typed stay, and which."""
    cleared: list[str] = field(default_factory=list)
    """Columns whose texts were numbered or cleared, as Table[Column]."""
    left_out: list[str] = field(default_factory=list)
    """What the copy has not at all."""


def impersonal(package: Package) -> Impersonal:
    """A book with nothing in it but what is known to name nobody."""
    return _Copy(package).made()


class _Copy:
    def __init__(self, package: Package) -> None:
        self.old = package
        self.template = template_words(language_of(package), preset_of(package))
        self.words = Words({*self.template.texts, *map(checks_failed, range(1, 1000))})
        self.texts = {place: texts for place, texts in self._staying().items() if texts}
        for texts in self.texts.values():
            self.words.known.update(texts)
        self.sheets = _renamed(package.sheets, self.template.sheets, "Sheet")
        self.tables = _renamed([t.name for t in package.tables.values()], our_tables(), "Table")
        kept = [table for table in package.tables.values() if table.name in our_tables()]
        self.formulas = KnownFormulas(
            self.words, self.sheets, {t.name.lower() for t in kept},
            {c.lower() for t in kept for c in t.columns if c in self.words.known},
            {name for _, name in package.names if name in self.template.names}, self.template.formulas,
        )  # fmt: skip
        self.new = NewPackage()

    def made(self) -> Impersonal:
        result = Impersonal(self.old, texts=self.texts, left_out=self._left_out())
        for number, (sheet, part) in enumerate(self.old.sheets.items(), 1):
            heads = {
                (table.top, table.left + index): heading
                for table in self.old.tables.values() if table.sheet == sheet and table.header_rows
                for index, heading in enumerate(self._headings(table))
            }  # fmt: skip
            cells = SheetCells(self.old, sheet, self.words, self.formulas, self.formats, self._handled(sheet), heads)
            self._sheet(number, sheet, part, cells.rows())
            result.changed[self.sheets[sheet]] = cells.changed
            result.cleared += self._cleared(sheet, {area[1] for area in cells.changed})
        self._styles()
        self.new.add("xl/theme/theme1.xml", self._theme(), "theme", "xl/workbook.xml")
        self.new.add("xl/workbook.xml", self._workbook(), "officeDocument", "")
        made = Package(self.new.data(), self.old.name)
        result.package = made.replaced(with_notes(made, kept)) if (kept := self._notes()) else made
        return result

    # --- what stays, and what goes

    def _staying(self) -> dict[str, list[str]]:
        """The user's texts in impersonal columns and in pick lists, by place."""
        found: dict[str, list[str]] = {}
        for table in self.old.tables.values():
            for name, handling in handled_columns(table.name).items():
                if handling.stays and name in table.columns:
                    column = table.left + table.columns.index(name)
                    area = (table.top + table.header_rows, column, table.bottom - table.totals_rows, column)
                    found[f"{table.name}[{name}]"] = self._new_texts(table.sheet, area)
        inside = [(table.sheet, table) for table in self.old.tables.values()]
        for (_, name), text in self.old.names.items():
            if name not in {each.lower() for each in pick_lists()} or not (place := self._place(text)):
                continue
            sheet, area = place
            if not any(there == sheet and t.top <= area[0] <= t.bottom for there, t in inside):
                found[name] = self._new_texts(sheet, area)
        return found

    def _place(self, text: str) -> tuple[str, Area] | None:
        sheet, _, cells = text.rpartition("!")
        sheet = sheet.strip("'").replace("''", "'")
        known = re.fullmatch(r"\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?", cells)
        area = area_of(cells) if known and sheet in self.old.sheets else None
        return (sheet, area) if area and area[2] - area[0] < 1000 and area[3] - area[1] < 100 else None

    def _new_texts(self, sheet: str, area: Area) -> list[str]:
        rows = self.old.sheet(sheet).values(area, self.old.texts)
        texts = dict.fromkeys(value for row in rows for value in row if isinstance(value, str))
        return [text for text in texts if not self.words.knows(text)]

    def _handled(self, sheet: str) -> list[tuple[TableArea, Mapping[int, Handling]]]:
        found: list[tuple[TableArea, Mapping[int, Handling]]] = []
        for table in self.old.tables.values():
            if table.sheet == sheet and table.name in our_tables():
                columns = {name: table.left + index for index, name in enumerate(table.columns)}
                handled = handled_columns(table.name)
                found.append((table, {columns[name]: each for name, each in handled.items() if name in columns}))
        return found

    def _cleared(self, sheet: str, changed: set[int]) -> list[str]:
        return [
            f"{table.name}[{name}]"
            for table in self.old.tables.values()
            if table.sheet == sheet and table.name in our_tables()
            for index, name in enumerate(table.columns)
            if table.left + index in changed and name in handled_columns(table.name)
        ]

    def _left_out(self) -> list[str]:
        kinds = {
            MEANT_FOR[kind]
            for part in [*self.old.sheets.values(), self.old.main_part, ""]
            for kind in _kinds(self.old, part)
            if kind in MEANT_FOR
        }
        return sorted(kinds)

    def _notes(self) -> dict[str, str]:
        """Our own texts: the formulas of frozen cells, of which every word is known."""
        kept: dict[str, str] = {}
        for place, formula in put_together(notes(self.old), NOTE).items():
            sheet = place.rpartition("!")[0]
            if self.sheets.get(sheet) == sheet and self.formulas.rewritten(formula.removeprefix("=")) is not None:
                kept |= in_parts(f"{NOTE}{place}", formula)
        return kept

    # --- parts

    def _writer(self, without: str = "", **texts: Callable[[str], str | None]) -> Writer:
        return Writer(self.template.vocabulary, texts, {"formatCode": self._format}, frozenset(without.split()))

    def _formula(self, text: str) -> str | None:
        return self.formulas.rewritten(text)

    def _choice(self, text: str) -> str | None:
        """The formula of a rule: a list of items, each of which is known, or a formula."""
        if re.fullmatch(r"\"[^\"]*\"", text):
            return text if all(self.words.knows(item.strip()) for item in text[1:-1].split(",")) else None
        return self.formulas.rewritten(text)

    def _sheet(self, number: int, sheet: str, part: str, rows: bytes) -> None:
        name = f"xl/worksheets/sheet{number}.xml"
        written = self._writer(
            "drawing legacyDrawing legacyDrawingHF tableParts extLst oleObjects controls picture customSheetViews "
            "scenarios protectedRanges phoneticPr autoFilter sortState customProperties smartTags webPublishItems",
            formula=self._formula, formula1=self._choice, formula2=self._choice,
            **dict.fromkeys(("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"),
                            self._header),
        ).part(around_cells(self.old.sheet(sheet)))  # fmt: skip
        related = "".join(self._drawing(name, target) for kind, target in self.old.relations(part).values()
                          if kind == "drawing" and target in self.old.parts)  # fmt: skip
        tables = [self._table(name, table) for table in self.old.tables.values() if table.sheet == sheet]
        if tables:
            related += f'<tableParts count="{len(tables)}">' + "".join(
                f'<tablePart r:id="{each}"/>' for each in tables) + "</tableParts>"  # fmt: skip
        before, _, after = written.partition("<sheetData/>")
        whole = before.encode() + b"<sheetData>" + rows + b"</sheetData>" + after.removesuffix("</worksheet>").encode()
        self.new.add(name, whole + related.encode() + b"</worksheet>", "worksheet", "xl/workbook.xml")

    def _header(self, text: str) -> str | None:
        return text if text in self.template.vocabulary.texts or _CODES.fullmatch(text) else None

    def _drawing(self, sheet: str, part: str) -> str:
        charts = {key: target for key, (kind, target) in self.old.relations(part).items() if kind == "chart"}
        made: dict[str, str] = {}
        name = f"xl/drawings/drawing{self.new.count('xl/drawings/') + 1}.xml"
        for key, target in charts.items():
            if target in self.old.parts and (chart := self._chart(target)):
                number = self.new.count("xl/charts/") + 1
                made[key] = self.new.add(f"xl/charts/chart{number}.xml", chart, "chart", name)
        written = written_drawing(self.old.tree(part), made, self._writer())
        return f'<drawing r:id="{self.new.add(name, written, "drawing", sheet)}"/>' if written else ""

    def _chart(self, part: str) -> str:
        root = self.old.tree(part)
        drawn = {element.tag.rpartition("}")[2] for element in root.iter() if element.tag.endswith("Chart")}
        if drawn - self.template.vocabulary.elements:
            return ""
        numbers = {value for cache in root.iter() if cache.tag in (f"{CHART}numCache", f"{CHART}numLit")
                   for value in cache.iter(f"{CHART}v")}  # fmt: skip
        for value in root.iter(f"{CHART}v"):
            value.text = _number(value.text or "") if value in numbers else self.words.shown(value.text or "")
        return self._writer(
            "extLst externalData userShapes printSettings style AlternateContent pivotSource pivotFmts",
            f=self._formula, v=lambda text: text, t=lambda text: text if self.words.knows(text) else "",
            formatCode=self._format,
        ).part(root)  # fmt: skip

    def _table(self, sheet: str, table: TableArea) -> str:
        number = self.new.count("xl/tables/") + 1
        name = self.tables[table.name]
        root = self.old.tree(table.part)
        columns, count = children(root, "tableColumns"), 0
        shown: list[str] = []
        for index, (column, heading) in enumerate(zip(columns, self._headings(table), strict=True), 1):
            count += 1
            said = "".join(f' {key}="{value}"' for key in ("dataDxfId", "headerRowDxfId", "totalsRowDxfId")
                           if whole_number(value := column.get(key, "")) is not None)  # fmt: skip
            fill = table.formulas[index - 1]
            kept = self.formulas.rewritten(fill) if fill and table.name == name else None
            inside = f"<calculatedColumnFormula>{escape(kept)}</calculatedColumnFormula>" if kept else ""
            shown.append(f'<tableColumn id="{index}" name={quoteattr(heading)}{said}>{inside}</tableColumn>')
        style = next((child for child in root if child.tag == f"{MAIN}tableStyleInfo"), None)
        looks = "" if style is None or not _STYLE.fullmatch(style.get("name", "")) else (
            f'<tableStyleInfo name="{style.get("name")}" showFirstColumn="0" showLastColumn="0" '
            f'showRowStripes="{int(style.get("showRowStripes") != "0")}" showColumnStripes="0"/>')  # fmt: skip
        ref = area_text((table.top, table.left, table.bottom, table.right))
        filters = f'<autoFilter ref="{ref}"/>' if any(c.tag == f"{MAIN}autoFilter" for c in root) and (
            not table.totals_rows) else ""  # fmt: skip
        totals = f' totalsRowCount="{table.totals_rows}"' if table.totals_rows else ' totalsRowShown="0"'
        head = f' headerRowCount="{table.header_rows}"' if table.header_rows != 1 else ""
        return self.new.add(
            f"xl/tables/table{number}.xml",
            f'{HEAD}<table xmlns="{MAIN[1:-1]}" id="{number}" name="{name}" displayName="{name}" ref="{ref}"{head}'
            f'{totals}>{filters}<tableColumns count="{count}">{"".join(shown)}</tableColumns>{looks}</table>',
            "table", sheet,
        )  # fmt: skip

    def _headings(self, table: TableArea) -> list[str]:
        """The headings of a table's columns, which the cells above them show too."""
        names = [cell_text(escape(name).encode()) for name in table.columns]
        return [self.words.shown(name) if table.header_rows else f"Column{n}" for n, name in enumerate(names, 1)]

    @cached_property
    def _style_part(self) -> str:
        return next((part for kind, part in self.old.relations(self.old.main_part).values() if kind == "styles"), "")

    def _styles(self) -> None:
        if self._style_part in self.old.parts:
            normal = {"name": lambda name: "Normal" if name == "Normal" else None, "formatCode": self._format}
            writer = Writer(self.template.vocabulary, {}, normal, frozenset({"extLst", "tableStyles"}))
            written = writer.part(self.old.tree(self._style_part))
            self.new.add("xl/styles.xml", written, "styles", "xl/workbook.xml")

    @cached_property
    def formats(self) -> list[str]:
        """The number format of each style."""
        if self._style_part not in self.old.parts:
            return []
        root = self.old.tree(self._style_part)
        own = {each.get("numFmtId"): each.get("formatCode", "") for each in children(root, "numFmts")}
        numbers = [each.get("numFmtId", "0") for each in children(root, "cellXfs")]
        return [own.get(n) or BUILT_IN_FORMATS.get(whole_number(n) or 0, "General") for n in numbers]

    def _theme(self) -> bytes:
        part = next((p for kind, p in self.old.relations(self.old.main_part).values() if kind == "theme"), "")
        same = part in self.old.parts and self.old.part(part) == self.template.theme
        return self.old.part(part) if same else self.template.theme

    def _workbook(self) -> str:
        sheets, names, order = [], [], {}
        listed = children(self.old.workbook, "sheets")
        for number, name in enumerate(self.old.sheets, 1):
            element = next(each for each in listed if each.get("name") == name)
            order[listed.index(element)] = number - 1
            state = element.get("state")
            said = f' state="{state}"' if state in ("hidden", "veryHidden") else ""
            target = f"/xl/worksheets/sheet{number}.xml"
            relation = self.new.relation("xl/workbook.xml", "worksheet", target)
            sheets.append(f'<sheet name={quoteattr(self.sheets[name])} sheetId="{number}"{said} r:id="{relation}"/>')
        for each in children(self.old.workbook, "definedNames"):
            name, scope = each.get("name", ""), each.get("localSheetId", "")
            built_in, text = _BUILT_IN_NAME.fullmatch(name), each.text or ""
            index = whole_number(scope)
            scoped = order.get(index) if index is not None else None
            new = self._area_name(text) if built_in else self.formulas.rewritten(text)
            if not new or (scope and scoped is None) or not (built_in or name.lower() in self.template.names):
                continue
            said = f' localSheetId="{scoped}"' if scoped is not None else ""
            said += ' hidden="1"' if each.get("hidden") in ("1", "true") else ""
            names.append(f'<definedName name="{name}"{said}>{escape(new)}</definedName>')
        visible = next((n for n, each in enumerate(sheets) if ' state="' not in each), 0)
        defined = f"<definedNames>{''.join(names)}</definedNames>" if names else ""
        days = ' date1904="1"' if self.old.date_system == "1904" else ""
        return (
            f'{HEAD}<workbook xmlns="{MAIN[1:-1]}" xmlns:r="{OFFICE[1:-1]}"><workbookPr{days}/><bookViews>'
            "<workbookView "
            f'activeTab="{visible}" firstSheet="{visible}"/></bookViews><sheets>{"".join(sheets)}</sheets>'
            f"{defined}"
            '<calcPr fullCalcOnLoad="1"/></workbook>'
        )

    def _area_name(self, text: str) -> str | None:
        parts = [self.formulas.reference(each) for each in re.split(r",(?=(?:[^']*'[^']*')*[^']*$)", text)]
        return ",".join(map(str, parts)) if all(parts) else None

    def _format(self, code: str) -> str:
        """A number format that spells no word, but for those of the template."""
        return code if is_plain_format(code) or code in self.template.vocabulary.values else "General"


def _renamed(names: Mapping[str, object] | list[str], known: frozenset[str], word: str) -> dict[str, str]:
    """Each name to what it is called in the copy."""
    found, number = {}, 0
    for name in names:
        number += 1
        while f"{word} {number}" in known:
            number += 1
        found[name] = name if name in known else f"{word}{'_' if word == 'Table' else ' '}{number}"
    return found


def _number(text: str) -> str:
    try:
        return repr(float(text))
    except ValueError:
        return ""


def _kinds(package: Package, part: str) -> Iterator[str]:
    """The kinds of relations that a part has, to other parts and elsewhere."""
    if (rels := relations_of(part)) in package.parts:
        for element in package.tree(rels):
            yield element.get("Type", "").rsplit("/", 1)[-1]

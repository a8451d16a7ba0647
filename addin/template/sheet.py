"""A sheet as the template writes it: title band, blocks, header rows, cells of each kind, charts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from addin.schema import formats
from addin.template import theme
from addin.template.charts import Plot, absolute
from addin.template.measure import INDENT, PADDING, UNIT, lines_needed
from addin.template.presets import Preset
from addin.template.texts import WORDS, Texts
from addin.template.theme import Style
from addin.values import column_letters, column_number

Value: TypeAlias = str | float | bool | date | None

ROW_HEIGHT = 15
TITLE_HEIGHT, QUESTION_HEIGHT, FLAG_HEIGHT = 30, 20, 18
BLOCK_HEIGHT, HEADER_HEIGHT = 20, 28
FLAG, BANNER = "B3", "C3"
"""In the columns that every screen shows: the result of the checks, and whether rows or inputs are examples."""
FLAG_WIDTH = 14
"""Of column B at least, so that the flag fits."""
A4 = 9
VALUE_LATER = ""
"""A formula's saved value is written by the step that calculates the book."""


@dataclass(frozen=True)
class Page:
    """One sheet of the template: its tab, what it is for (for the contents on Start), and how to write it."""

    name: str
    purpose: str
    write: Callable[[TemplateBook], None]


class TemplateBook:
    """The workbook being written; a format is made once and shared."""

    def __init__(self, workbook: Workbook, pages: Sequence[Page], texts: Texts, preset: Preset) -> None:
        self.workbook = workbook
        self.pages = pages
        self.texts = texts
        self.preset = preset
        self.examples: dict[str, tuple[str, Sequence[float | None]]] = {}
        """Where inputs of a row stand, and the examples that they come with; nowhere while they are only asked for."""
        self.limits: list[tuple[str, float, float]] = []
        """Cells that take numbers between two limits, on the sheets before Checks."""
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, *styles: Mapping[str, Any]) -> Format:
        """The format that these styles make together, later ones on top."""
        properties: Style = {"font_name": theme.FONT, "font_size": 10, "font_color": theme.INK, "valign": "vcenter"}
        for style in styles:
            properties |= style
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def difference(self, style: Style) -> Format:
        """A format for conditional formatting, which holds only what changes."""
        return self.workbook.add_format({"font_name": None, "font_size": None, **style})


class Sheet:
    """One sheet with the look and the kinds of cells they all share."""

    def __init__(
        self, book: TemplateBook, name: str, title: str, question: str, *, tab: str, widths: Sequence[float],
        freeze: str, protected: bool = True, one_page: bool = True, last_column: str = "",
    ) -> None:  # fmt: skip
        """`last_column` is where the page ends, if there are figures for a chart beyond it."""
        self.book, self.name = book, name
        self.last_column = last_column or column_letters(len(widths))
        self._widths = dict(enumerate(widths)) | {1: max(widths[1], FLAG_WIDTH)}
        self._heights: dict[int, float] = {}
        self.ws = book.workbook.add_worksheet(name)
        self.ws.set_default_row(ROW_HEIGHT)
        for column, width in self._widths.items():
            self.ws.set_column(column, column, width)
        self._one_page = one_page
        self._set_up(tab, freeze, protected)
        self._title_band(title, question)

    def _set_up(self, tab: str, freeze: str, protected: bool) -> None:
        ws = self.ws
        ws.set_tab_color(tab)
        ws.hide_gridlines(2)
        ws.freeze_panes(*xl_cell_to_rowcol(freeze))
        ws.set_landscape()
        ws.set_paper(A4)
        ws.fit_to_pages(1, 1 if self._one_page else 0)
        ws.repeat_rows(0, 1)
        ws.center_horizontally()
        ws.set_margins(left=0.4, right=0.4, top=0.45, bottom=0.6)
        centre, right = self.said("Return on customer"), self.said("Page &P of &N")
        ws.set_footer(f'&L&"{theme.FONT}"&9&A&C&"{theme.FONT}"&9{centre}&R&"{theme.FONT}"&9{right}',
                      {"margin": 0.3})  # fmt: skip
        if protected:
            ws.protect("", {"format_columns": True, "format_rows": True})

    def _title_band(self, title: str, question: str) -> None:
        for row, height in enumerate((TITLE_HEIGHT, QUESTION_HEIGHT, FLAG_HEIGHT), start=1):
            self.height(row, height)
        self.fill("A1", f"{self.last_column}1", theme.TITLE)
        self.fill("A2", f"{self.last_column}2", theme.QUESTION)
        self.put("B1", title, theme.TITLE)
        self.put("B2", question, theme.QUESTION)
        self.put(FLAG, "=out_Status", theme.FLAG)
        self.when(FLAG, '=chk_All<>"OK"', {"bg_color": theme.BRICK})
        self.put(BANNER, "=out_Banner", theme.BANNER)

    def said(self, text: str) -> str:
        """A text of this sheet in the book's language."""
        return self.book.texts.said(text, self.name)

    def put(self, cell: str, value: Value, *styles: Style, number: str = "") -> None:
        """Write one cell in the book's language: text, a number, a date, or a formula."""
        if isinstance(value, str):
            value = self.book.texts.in_formula(value, self.name) if value.startswith("=") else self.said(value)
        self.stored(cell, value, *styles, number=self.book.texts.in_number_format(number, self.name))

    def stored(self, cell: str, value: Value, *styles: Style, number: str = "") -> None:
        """Write one cell whose words formulas and loaders know: they are the same in every language.

        A number format stands above the styles'.
        """
        look = self.book.format(*styles, {"num_format": number} if number else {})
        if isinstance(value, str) and value.startswith("="):
            self.ws.write_formula(cell, value, look, VALUE_LATER)
        elif value is None or value == "":
            self.ws.write_blank(cell, None, look)
        elif isinstance(value, str):
            self.ws.write_string(cell, value, look)
        elif isinstance(value, date):
            self.ws.write_datetime(cell, value, look)
        else:
            self.ws.write(cell, value, look)

    def code(self, cell: str, formula: str, *styles: Style) -> None:
        """Show a formula as text, not its result."""
        self.ws.write_string(cell, formula, self.book.format(theme.CODE, *styles))

    def array(self, first: str, rows: int, columns: int, formula: str, *styles: Style) -> None:
        """Write one formula that fills several cells."""
        row, column = xl_cell_to_rowcol(first)
        last = xl_rowcol_to_cell(row + rows - 1, column + columns - 1)
        look = self.book.format(*styles)
        self.ws.write_array_formula(f"{first}:{last}", f"{{{formula}}}", look, VALUE_LATER)
        for r in range(row, row + rows):
            for c in range(column, column + columns):
                if (r, c) != (row, column):
                    self.ws.write_string(r, c, VALUE_LATER, look)

    def fill(self, first: str, last: str, style: Style) -> None:
        """Give a row of cells the same look."""
        (row, start), (_, end) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last)
        for column in range(start, end + 1):
            self.ws.write_blank(row, column, None, self.book.format(style))

    def height(self, row: int, points: float) -> None:
        """Set the height of a row."""
        self._heights[row - 1] = points
        self.ws.set_row(row - 1, points)

    def fit_height(self, row: int, texts: Mapping[str, str]) -> None:
        """Make a row high enough for texts that wrap, by the letters of their columns."""
        lines = max(lines_needed(text, self._column_pixels(column_number(letter) - 1) - PADDING - INDENT)
                    for letter, text in texts.items())  # fmt: skip
        self.height(row, max(ROW_HEIGHT, 3 + 13 * lines))

    def block(self, row: int, heading: str, last: str = "", *, money: bool = False) -> None:
        """A heading, underlined from column B to `last`; `money` says in which currency the amounts beneath are."""
        heading = f'="{heading}; money in "&in_Currency' if money else heading
        self.height(row, BLOCK_HEIGHT)
        self.fill(f"B{row}", f"{last or self.last_column}{row}", theme.BLOCK)
        self.put(f"B{row}", heading, theme.BLOCK)

    def header(self, row: int, left: Mapping[str, str], right: Mapping[str, str]) -> None:
        """The head of a table: texts over text columns stand left, over numbers right.

        Number formats pad only texts of one line, so the lines of longer ones end with a space.
        """
        self.height(row, HEADER_HEIGHT)
        for column, text in left.items():
            self.put(f"{column}{row}", text, theme.HEADER, theme.LEFT)
        for column, text in right.items():
            text = self.said(text)
            padded = text.replace("\n", " \n") + " " if "\n" in text else text
            self.stored(f"{column}{row}", padded, theme.HEADER)

    def result(self, cell: str, name: str, value: Value, *styles: Style, number: str = "") -> None:
        """Write a cell that other sheets and charts know by its name."""
        self.put(cell, value, *(styles or (theme.RESULT,)), number=number)
        self.define(name, cell)

    def define(self, name: str, cells: str) -> None:
        """Name a cell or a range of this sheet."""
        self.book.workbook.define_name(name, f"={self.name}!{absolute(cells)}")

    def when(self, cells: str, condition: str, style: Style) -> None:
        """Change the look of cells where a formula holds."""
        options = {"type": "formula", "criteria": condition, "format": self.book.difference(style)}
        self.ws.conditional_format(cells, options)

    def first_rows(self, rows: range, table: str, name: str, columns: Iterable[tuple[str, str, str]]) -> None:
        """Show the first rows of a table: its `name` in B, beside it columns as (letters, heading, number format)."""
        place = f"ROW()-ROW(B${rows.start - 1})"
        for row in rows:
            self.put(f"B{row}", f'=IFERROR(INDEX({table}[{name}],{place})&"","")', theme.LINKED, theme.LEFT)
            for column, source, number in columns:
                text = number == formats.TEXT
                found = f"INDEX({table}[{source}],{place})" + ('&""' if text else "")
                looks = (theme.LINKED, theme.LEFT) if text else (theme.LINKED,)
                self.put(f"{column}{row}", f'=IF($B{row}="","",{found})', *looks, number="" if text else number)

    def ruled(self, cells: str, filled: str) -> None:
        """Draw the lines beneath the rows that are filled."""
        self.when(cells, filled, {"bottom": theme.CALC["bottom"], "bottom_color": theme.LINE})

    def losses(self, cells: str) -> None:
        """Show negative numbers in brick red; their minus sign says it too."""
        brick = self.book.difference({"font_color": theme.BRICK})
        self.ws.conditional_format(cells, {"type": "cell", "criteria": "<", "value": 0, "format": brick})

    def heat(self, cells: str) -> None:
        """Colour shares by how high they are, up to a fifth."""
        none, some, many = theme.HEAT
        self.ws.conditional_format(cells, {
            "type": "3_color_scale", "min_type": "num", "min_value": 0, "min_color": none, "mid_type": "num",
            "mid_value": 0.05, "mid_color": some, "max_type": "num", "max_value": 0.2, "max_color": many,
        })  # fmt: skip

    def chart(self, plot: Plot, first: str, last: str, inset: int = 0) -> None:
        """Draw a chart over the cells from `first` to `last`, some pixels in from the left."""
        plot = plot.in_words(self.said)
        chart = plot.draw(self.book.workbook)
        (top, left), (bottom, right) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last)
        chart.set_size({
            "width": sum(self._column_pixels(column) for column in range(left, right + 1)) - inset,
            "height": sum(self._row_pixels(row) for row in range(top, bottom + 1)),
        })  # fmt: skip
        self.ws.insert_chart(first, chart, {"object_position": 2, "x_offset": inset, "description": plot.alt_text})

    def _column_pixels(self, column: int) -> int:
        return int(self._widths[column] * UNIT + 0.5) + PADDING

    def _row_pixels(self, row: int) -> int:
        return int(self._heights.get(row, ROW_HEIGHT) * 4 / 3)

    def allow_list(self, cells: str, source: str | list[str], message: str) -> None:
        """Offer a pick list; a blank in a range of cells would let anything pass, were blanks ignored."""
        rule = {"validate": "list", "source": source, "ignore_blank": isinstance(source, list)}
        self._allow(cells, "Pick from the list", message, rule)

    def allow_between(self, cells: str, low: float, high: float, message: str, *, whole: bool = False) -> None:
        """Accept numbers between two limits, or nothing."""
        kind = "integer" if whole else "decimal"
        self.book.limits.append((f"{self.name}!{cells}", low, high))
        between = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
        self._allow(cells, f"A number from {low:,g} to {high:,g}", message, between)

    def allow_date(self, cells: str, message: str) -> None:
        """Accept dates that spreadsheets agree on, or nothing."""
        from_march_1900 = {"validate": "date", "criteria": ">=", "value": date(1900, 3, 1)}
        self._allow(cells, "A date", message, from_march_1900)

    def allow_text(self, cells: str, longest: int, message: str) -> None:
        """Accept text up to a length."""
        short = {"validate": "length", "criteria": "between", "minimum": 1, "maximum": longest}
        self._allow(cells, f"Up to {longest} characters", message, short)

    def _allow(self, cells: str, wanted: str, message: str, rule: dict[str, Any]) -> None:
        wanted, refused = self.said(wanted), self.said(f"{message} Press Cancel to keep what stood there.")
        self.ws.data_validation(cells, {
            **rule, "input_title": wanted, "input_message": self.said(message),
            "error_title": wanted, "error_message": refused,
        })  # fmt: skip

    def chart_label(self, cell: str, word: str, more: str) -> None:
        """Name for a chart, in the words of the book, what the cells call as formulas know it; `more` follows it."""
        texts = self.book.texts
        said = texts.meaning(word, WORDS) or word
        formula = f'="{said[0].upper()}{said[1:]}"{texts.in_formula(more, self.name)}'
        self.stored(cell, formula, theme.CALC, theme.LEFT)

    def explain(self, cell: str, word: str, kind: str) -> None:
        """Say what a word means that is the same in every book, when its cell is chosen."""
        if meaning := self.book.texts.meaning(word, kind):
            self.ws.data_validation(cell, {"validate": "any", "input_title": word, "input_message": meaning})

    def print_to(self, row: int, last_column: str = "") -> None:
        """Print from the title band down to this row, all columns or up to one."""
        last_column = last_column or self.last_column
        self.ws.print_area(f"A1:{last_column}{row}")
        wide = sum(map(self._column_pixels, range(column_number(last_column))))
        if self._one_page and sum(map(self._row_pixels, range(row))) > wide:
            self.ws.set_portrait()


def needing_customers(message: str, question: str) -> str:
    """What stands under the title of a sheet of customers: a message, or that they are missing, or the question."""
    return f'=IF(out_NoCustomers<>"",out_NoCustomers,IF(COUNTA(tblCustomers[Customer])=0,"{question}",{message}))'

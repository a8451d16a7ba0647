"""The look that all charts share; only types that Excel 2016 and LibreOffice both draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from addin.template import theme
from addin.template.theme import Style

FONT = {"name": theme.FONT, "size": 9, "color": theme.INK}
TITLE_FONT = {"name": theme.FONT, "size": 11, "bold": True, "color": theme.NAVY}
GRID = {"visible": True, "line": {"color": "#E5E9EE", "width": 0.5}}
AXIS_LINE = {"color": "#9AA5B1", "width": 0.75}
NO_LINE = {"none": True}
NO_FILL: Style = {"fill": {"none": True}, "border": {"none": True}}


@dataclass(frozen=True)
class Series:
    """One series of a chart: its name, the cells it shows, and its look."""

    name: str
    cells: str
    look: Style


@dataclass(frozen=True)
class Plot:
    """A chart before it is drawn: it can stand on its own sheet and on the Dashboard alike."""

    kind: str
    title: str
    alt_text: str
    sheet: str
    categories: str
    series: Sequence[Series]
    subtype: str = ""
    number: str = "0"
    gap: int = 50
    legend: bool = False
    grid: bool = True
    values_shown: bool = True
    axis_line: bool = True
    both_signs: bool = False
    """Whether bars may hang below zero; otherwise their axis starts there."""

    def in_words(self, said: Callable[[str], str]) -> Plot:
        """The same chart with its words as they are said in another language."""
        series = [each if each.name.startswith("=") else replace(each, name=said(each.name)) for each in self.series]
        return replace(self, title=said(self.title), alt_text=said(self.alt_text), series=series)

    def draw(self, workbook: Workbook) -> Chart:
        """A chart that has not been placed yet."""
        chart = workbook.add_chart({"type": self.kind, **({"subtype": self.subtype} if self.subtype else {})})
        for series in self.series:
            chart.add_series({
                "name": series.name, "gap": self.gap, "invert_if_negative": False, **series.look,
                **({} if self.kind == "line" else {"overlap": 100}),
                "categories": f"={self.sheet}!{absolute(self.categories)}",
                "values": f"={self.sheet}!{absolute(series.cells)}",
            })  # fmt: skip
        if self.kind == "line":  # LibreOffice draws what is missing at 0 where the file says nothing
            chart.show_blanks_as("span")
        self._dress(chart)
        return chart

    def _dress(self, chart: Chart) -> None:
        chart.set_title({"name": self.title, "name_font": TITLE_FONT, "overlay": False})
        categories: Style = {
            "num_font": FONT, "line": AXIS_LINE if self.axis_line else NO_LINE, "major_tick_mark": "none",
            "minor_tick_mark": "none", "label_position": "low", "major_gridlines": {"visible": False},
        }  # fmt: skip
        values: Style = {
            "num_font": FONT, "line": NO_LINE, "major_gridlines": GRID if self.grid else {"visible": False},
            "major_tick_mark": "none", "minor_tick_mark": "none", "num_format": self.number,
            "visible": self.values_shown,
            **({} if self.kind == "line" or self.both_signs else {"min": 0}),
        }  # fmt: skip
        if self.kind == "bar":  # the first category stands on top, and the values' axis at the other end
            chart.set_y_axis({**categories, "reverse": True, "crossing": "max"})
            chart.set_x_axis(values)
        else:
            chart.set_x_axis(categories)
            chart.set_y_axis(values)
        chart.set_legend({"position": "bottom", "font": FONT} if self.legend else {"none": True})
        chart.set_chartarea({"border": {"color": theme.LINE, "width": 0.75}, "fill": {"color": theme.WHITE}})


def absolute(cells: str) -> str:
    """B6:C8 as $B$6:$C$8."""
    return ":".join(xl_rowcol_to_cell(*xl_cell_to_rowcol(end), True, True) for end in cells.split(":"))


def line(colour: str, width: float, dash: str = "solid") -> Style:
    """A series drawn as a line without markers."""
    return {"line": {"color": colour, "width": width, "dash_type": dash}, "marker": {"type": "none"}}


def end_label(look: Style, number: str = "") -> Style:
    """A series that draws nothing but the name of another, and its value if there is a format, where that ends."""
    label = {"series_name": True, "value": bool(number), "separator": " ", "position": "above", "num_format": number,
             "font": {**FONT, "bold": True, "color": look["line"]["color"]}}  # fmt: skip
    return {"line": {"none": True}, "marker": {"type": "none"}, "data_labels": {k: v for k, v in label.items() if v}}


def bar(colour: str) -> Style:
    """A series drawn as columns or bars."""
    return {"fill": {"color": colour}, "border": {"none": True}}


def bars(colours: Sequence[str]) -> Style:
    """A series of columns or bars with a colour each."""
    return {**bar(colours[0]), "points": [bar(colour) for colour in colours]}


def labels(number: str, colour: str = theme.INK) -> Style:
    """The values written on the columns."""
    return {"data_labels": {"value": True, "num_format": number, "font": {**FONT, "bold": True, "color": colour}}}

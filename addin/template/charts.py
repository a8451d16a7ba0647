"""The look that all charts share; only types that Excel 2016 and LibreOffice both draw."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart import Chart

from addin.template import theme

FONT = {"name": theme.FONT, "size": 9, "color": theme.INK}
TITLE_FONT = {"name": theme.FONT, "size": 11, "bold": True, "color": theme.NAVY}
GRID = {"visible": True, "line": {"color": "#E5E9EE", "width": 0.5}}
AXIS_LINE = {"color": "#9AA5B1", "width": 0.75}
NO_LINE = {"none": True}
NO_FILL: dict[str, Any] = {"fill": {"none": True}, "border": {"none": True}}


def dress(chart: Chart, title: str, *, legend: bool, number: str, **value_axis: object) -> None:
    """Give a chart the template's fonts, axes and frame."""
    chart.set_title({"name": title, "name_font": TITLE_FONT, "overlay": False})
    chart.set_x_axis({
        "num_font": FONT, "line": AXIS_LINE, "major_tick_mark": "none", "minor_tick_mark": "none",
        "label_position": "low",
    })  # fmt: skip
    chart.set_y_axis({
        "num_font": FONT, "line": NO_LINE, "major_gridlines": GRID, "major_tick_mark": "none",
        "minor_tick_mark": "none", "num_format": number, **value_axis,
    })  # fmt: skip
    chart.set_legend({"position": "bottom", "font": FONT} if legend else {"none": True})
    chart.set_chartarea({"border": {"color": theme.LINE, "width": 0.75}, "fill": {"color": theme.WHITE}})


def line(colour: str, width: float, dash: str = "solid") -> dict[str, Any]:
    """A series drawn as a line without markers."""
    return {"line": {"color": colour, "width": width, "dash_type": dash}, "marker": {"type": "none"}}


def bar(colour: str) -> dict[str, Any]:
    """A series drawn as columns or bars."""
    return {"fill": {"color": colour}, "border": {"none": True}}


def labels(number: str, colour: str = theme.INK) -> dict[str, Any]:
    """The values written on the columns."""
    return {"data_labels": {"value": True, "num_format": number, "font": {**FONT, "bold": True, "color": colour}}}

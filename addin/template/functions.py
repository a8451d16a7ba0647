"""Functions: the whole catalogue with a live example each, written from the functions' declarations."""

from __future__ import annotations

from itertools import groupby

from addin.catalogue import Metric, by_family
from addin.schema import formats
from addin.template import theme
from addin.template.metrics import ADD_IN_NEEDED
from addin.template.sheet import Page, Sheet, TemplateBook
from addin.template.theme import Style

HEADER_ROW = 4
RESULT = 18
SHORT: Style = {"num_format": "0.0000"}
"""How a number with decimals shows."""
NAME: Style = {"bold": True, "font_color": theme.PURPLE, "valign": "vcenter", **theme.LEFT}
WRAPPED: Style = {"text_wrap": True, "valign": "vcenter", **theme.LEFT}


def _write(book: TemplateBook) -> None:
    catalogue = by_family()
    single = [metric for metric in catalogue if not metric.gives_table]
    tables = [metric for metric in catalogue if metric.gives_table]
    width = max([1, *(len(_rows(metric)[0]) for metric in tables)])
    sheet = Sheet(
        book, PAGE.name, "Functions", "What can the add-in calculate? Copy an example and put your own cells in.",
        tab=theme.TAB_WORK, widths=[2, 26, 42, 62, 46, 26, *[RESULT] * width],
        freeze="C5", one_page=False,
    )  # fmt: skip
    sheet.header(HEADER_ROW, {
        "B": "Function", "C": "How it is written", "D": "What it gives", "E": "Example", "F": "Unit and range",
    }, {"G": "Result"})  # fmt: skip
    if sheet.last_column != "G":
        sheet.fill(f"H{HEADER_ROW}", f"{sheet.last_column}{HEADER_ROW}", theme.HEADER)
    row = HEADER_ROW + 1
    for family, metrics in groupby(single, key=lambda metric: metric.family):
        sheet.block(row, family)
        for metric in metrics:
            row += 1
            _describe(sheet, row, metric)
            sheet.put(f"G{row}", _live(metric), theme.FUNCTION, number=formats.PLAIN)
        row += 1
    sheet.block(row, "Functions that give a table")
    for metric in tables:
        row += 1
        _describe(sheet, row, metric)
        answer = _rows(metric)
        sheet.array(
            f"G{row}", len(answer), len(answer[0]), _live(metric), theme.FUNCTION, {"num_format": formats.PLAIN}
        )
        row += len(answer)
    results = f"G{HEADER_ROW + 1}:{sheet.last_column}{row}"
    sheet.when(results, f"=AND(ISNUMBER(G{HEADER_ROW + 1}),G{HEADER_ROW + 1}<>INT(G{HEADER_ROW + 1}))", SHORT)
    sheet.ws.repeat_rows(0, HEADER_ROW - 1)
    sheet.print_to(row, "G")


def _describe(sheet: Sheet, row: int, metric: Metric) -> None:
    sheet.stored(f"B{row}", metric.name, NAME)
    sheet.stored(f"C{row}", metric.signature, WRAPPED)
    sheet.put(f"D{row}", metric.summary, WRAPPED)
    sheet.code(f"E{row}", metric.example.formula, WRAPPED)
    sheet.put(f"F{row}", metric.returns, theme.UNIT, WRAPPED)
    sheet.fit_height(row, {
        "C": metric.signature, "D": sheet.said(metric.summary), "E": metric.example.formula,
        "F": sheet.said(metric.returns),
    })  # fmt: skip


def _live(metric: Metric) -> str:
    return f'=IFERROR({metric.example.formula.removeprefix("=")},"{ADD_IN_NEEDED}")'


def _rows(metric: Metric) -> list[list[object]]:
    gives = metric.example.gives
    return [list(row) for row in gives] if isinstance(gives, list) else [[gives]]


PAGE = Page("Functions", "Every function of the add-in, with a live example", _write)

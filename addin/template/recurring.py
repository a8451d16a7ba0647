"""The block of Loyalty that shows recurring revenue by month and what moved it, in books of subscriptions."""

from __future__ import annotations

from addin.schema import formats
from addin.schema.tables.recurring import RECURRING
from addin.template import charts, theme
from addin.template.sheet import Sheet, TemplateBook

HEADING_ROW = 93
"""Beneath the complaints."""
FIRST_ROW, MONTHS_SHOWN = HEADING_ROW + 2, 12
LAST_ROW = FIRST_ROW + MONTHS_SHOWN - 1
YEAR_ROW = LAST_ROW + 1
NOTE_ROW = YEAR_ROW + 2
CHART_ROW = NOTE_ROW + 3
PAGE_END = CHART_ROW + 15
MONTH = "tblRecurring[Month]"


def shown(book: TemplateBook) -> bool:
    """Whether the book is one of subscriptions."""
    return book.preset.name == RECURRING.preset


def write(sheet: Sheet) -> None:
    """Write the months, what the last twelve come to, and the chart."""
    sheet.block(HEADING_ROW, "9  Recurring revenue by month (MRR), and what moved it", money=True)
    sheet.header(HEADING_ROW + 1, {"B": "Month"}, {
        "C": "At the\nstart", "D": "New", "E": "Expansion", "F": "Reactivated", "G": "Contraction", "H": "Churned",
        "I": "MRR", "J": "Customers", "K": "NRR,\na year", "L": "GRR,\na year", "M": "Quick\nratio",
    })  # fmt: skip
    moved = {"C": "Start", "D": "New", "E": "Expansion", "F": "Reactivated", "I": "MRR", "J": "Customers"}
    for row in range(FIRST_ROW, LAST_ROW + 1):
        newest = f"LARGE({MONTH},ROW(B${YEAR_ROW})-ROW())"
        sheet.put(f"B{row}", f'=IFERROR({newest},"")', theme.LINKED, theme.LEFT, number=formats.YEAR_MONTH)
        of_month = f"{MONTH},$B{row}"
        for column, name in moved.items():
            found = f'=IF($B{row}="","",SUMIFS(tblRecurring[{name}],{of_month}))'
            sheet.put(f"{column}{row}", found, theme.LINKED, number=formats.WHOLE)
        for column, name in {"G": "Contraction", "H": "Churned"}.items():
            found = f'=IF($B{row}="","",-SUMIFS(tblRecurring[{name}],{of_month}))'
            sheet.put(f"{column}{row}", found, theme.LINKED, number=formats.WHOLE)
        for column, name in {"K": "NRR", "L": "GRR"}.items():
            found = f'=IFERROR(AVERAGEIFS(tblRecurring[{name}],{of_month}),"")'
            sheet.put(f"{column}{row}", found, theme.LINKED, number=formats.RATE)
        _quick_ratio(sheet, row)
    _year(sheet)
    sheet.losses(f"G{FIRST_ROW}:H{YEAR_ROW}")
    sheet.put(f"B{NOTE_ROW - 1}", "State", theme.LABEL)
    state = (
        f'=IF(COUNT({MONTH})=0,"none: Refresh all",IF(ABS(SUM(tblRecurring[MRR])-SUMIFS(tblTransactions[Revenue],'
        f'tblTransactions[Date],"<"&EDATE(MAX({MONTH}),1)))<=lst_Tolerance*out_MRR,'
        '"up to date","stale: Refresh all"))'
    )
    sheet.put(f"C{NOTE_ROW - 1}", state, theme.CALC, theme.LEFT)
    notes = [
        "Each payment of d_Transactions counts in its month: spread one for a year over twelve rows, and leave out "
        "what comes once. A month that is not over is left out.",
        "NRR, GRR: what the subscribers of a year before pay now, of what they paid then; GRR counts nobody "
        "above that. Quick ratio: gained / lost; back is gained.",
    ]  # fmt: skip
    for row, note in enumerate(notes, start=NOTE_ROW):
        sheet.put(f"B{row}", note, theme.NOTE)
    sheet.chart(CHART, f"B{CHART_ROW}", f"M{PAGE_END - 1}")
    sheet.print_to(PAGE_END)


def _quick_ratio(sheet: Sheet, row: int) -> None:
    lost = f"SUM(G{row}:H{row})"
    sheet.put(f"M{row}", f'=IF({lost}=0,"",-SUM(D{row}:F{row})/{lost})', theme.CALC, number=formats.DECIMAL)


def _year(sheet: Sheet) -> None:
    """What the months shown come to: where they began, what moved, and where they ended."""
    row = YEAR_ROW
    sheet.put(f"B{row}", "Twelve months", theme.STRONG)
    none = f'$B{LAST_ROW}=""'
    sheet.put(f"C{row}", f'=IF({none},"",I{row}-SUM(D{row}:H{row}))', theme.RESULT, number=formats.WHOLE)
    for column in "DEFGH":
        total = f'=IF({none},"",SUM({column}{FIRST_ROW}:{column}{LAST_ROW}))'
        sheet.put(f"{column}{row}", total, theme.RESULT, number=formats.WHOLE)
    for column, name, number in (("I", "out_MRR", formats.WHOLE), ("J", "", formats.WHOLE),
                                 ("K", "out_NRR", formats.RATE), ("L", "out_GRR", formats.RATE)):  # fmt: skip
        sheet.put(f"{column}{row}", f"={column}{LAST_ROW}", theme.RESULT, number=number)
        if name:
            sheet.define(name, f"{column}{row}")
    _quick_ratio(sheet, row)
    sheet.define("out_QuickRatio", f"M{row}")


CHART = charts.Plot(
    "column", "What moved the recurring revenue, month by month",
    "Stacked columns over twelve months: new, expanded and reactivated revenue above the line, contracted and churned "
    "revenue beneath. The numbers stand on Loyalty.",
    "Loyalty", f"B{FIRST_ROW}:B{LAST_ROW}",
    [
        charts.Series(name, f"{column}{FIRST_ROW}:{column}{LAST_ROW}", charts.bar(colour))
        for column, name, colour in (
            ("D", "New", theme.RETURN), ("E", "Expansion", theme.PEOPLE), ("F", "Reactivated", theme.LATER),
            ("G", "Contraction", theme.NEUTRAL), ("H", "Churned", theme.LOSS))
    ],
    subtype="stacked", number="#,##0", gap=40, legend=True, both_signs=True,
)  # fmt: skip

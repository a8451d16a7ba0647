"""Cohorts: of those who first bought in a month, how many bought again one, two, three months later?"""

from __future__ import annotations

from addin.schema import formats
from addin.template import charts, theme
from addin.template.sheet import Page, Sheet, TemplateBook, needing_customers
from addin.values import column_letters

AGES = [column_letters(4 + age) for age in range(61)]
"""Columns D to BL hold the months since the first order, 0 to 60, as far as the horizon of Inputs reaches."""
FIRST_AGE, LAST_AGE = AGES[0], AGES[-1]
PRINTED, POINTS = AGES[12], AGES[1:13]
"""The last column of a year, where the page ends, and the columns that the chart draws, spread over the horizon."""
AGE_ROW, COHORTS_SHOWN = 6, 12
FIRST_ROW = AGE_ROW + 1
LAST_ROW = AGE_ROW + COHORTS_SHOWN
ALL_ROW = LAST_ROW + 1
POINT_ROW = ALL_ROW + 20
CHART_ROW = ALL_ROW + 4
CHART_END = CHART_ROW + 14


def _bought(age: int) -> str:
    return f'ROUND(N({AGES[age]}{ALL_ROW})*100,1)&"%'


MESSAGE = f'"Of all customers "&{_bought(1)} bought again after a month, "&{_bought(6)} after six."'


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Cohort retention",
        needing_customers(MESSAGE, "How many bought again, month by month?"),
        tab=theme.TAB_LOOK, widths=[2, 18, 12, *[9] * len(AGES)], freeze="D7", last_column=PRINTED,
    )  # fmt: skip
    sheet.put("B4", "From month on", theme.LABEL)
    sheet.put("C4", None, theme.INPUT, number=formats.YEAR_MONTH)
    sheet.allow_date("C4", "Show cohorts from this month on. Blank: from the first month there is.")
    sheet.put(
        "D4", "Blank: from the first month there is. Twelve months that have new customers are shown.", theme.NOTE
    )
    sheet.block(AGE_ROW - 1, "1  Share of a cohort that bought, by months since the first order")
    sheet.header(AGE_ROW, {"B": "First order in"}, {"C": "Customers"})
    sheet.height(AGE_ROW, 18)
    for before, column in zip(["C", *AGES], AGES, strict=False):
        age = 0 if column == FIRST_AGE else f"={before}{AGE_ROW}+1"
        sheet.put(f"{column}{AGE_ROW}", age, theme.HEADER_NUMBER, theme.CENTRE, number='"+"0')
    for row in range(FIRST_ROW, LAST_ROW + 1):
        _cohort(sheet, row)
    _all(sheet)
    _colours(sheet)
    notes = [
        "Blank: not yet happened. A customer counts once a month, however many orders. Months without new customers "
        "are left out.",
    ]
    for row, note in enumerate(notes, start=ALL_ROW + 1):
        sheet.put(f"B{row}", note, theme.NOTE)
    sheet.chart(RETENTION_CHART, f"B{CHART_ROW}", f"{PRINTED}{CHART_END}")
    _points(sheet)
    sheet.print_to(CHART_END)


def _cohort(sheet: Sheet, row: int) -> None:
    cohorts = "tblCustomers[Cohort]"
    passed = f'COUNTIF({cohorts},"<"&N($C$4))' if row == FIRST_ROW else f'COUNTIF({cohorts},"<="&B{row - 1})'
    found = f'=IFERROR(SMALL({cohorts},{passed}+1),"")'
    if row > FIRST_ROW:
        found = f'=IF(B{row - 1}="","",{found[1:]})'
    sheet.put(f"B{row}", found, theme.LINKED, theme.LEFT, number=formats.YEAR_MONTH)
    sheet.put(f"C{row}", f'=IF(B{row}="","",COUNTIF({cohorts},B{row}))', theme.CALC, number=formats.WHOLE)
    orders = "tblTransactions"
    for column in AGES:
        age = f"{column}${AGE_ROW}"
        counted = f"COUNTIFS({orders}[Cohort],$B{row},{orders}[Age],{age},{orders}[FirstInMonth],1)/$C{row}"
        shown = f'=IF(OR($B{row}="",{age}>in_Horizon),"",IF(EDATE($B{row},{age})>out_LastOrder,"",{counted}))'
        sheet.put(f"{column}{row}", shown, theme.CALC, theme.CENTRE, number="0%")


def _all(sheet: Sheet) -> None:
    sheet.put(f"B{ALL_ROW}", "All that old", theme.STRONG)
    sheet.put(f"C{ALL_ROW}", f"=SUM(C{FIRST_ROW}:C{LAST_ROW})", theme.RESULT, number=formats.WHOLE)
    for column in AGES:
        shares, sizes = (f"{c}{FIRST_ROW}:{c}{LAST_ROW}" for c in (column, "$C"))
        old_enough = f'SUMIFS({sizes},{shares},">=0")'
        whole = f'=IF({old_enough}=0,"",SUMPRODUCT({sizes},{shares})/{old_enough})'
        sheet.put(f"{column}{ALL_ROW}", whole, theme.RESULT, theme.CENTRE, number="0%")


def _colours(sheet: Sheet) -> None:
    sheet.heat(f"{AGES[1]}{FIRST_ROW}:{LAST_AGE}{LAST_ROW}")
    sheet.when(
        f"{FIRST_AGE}{FIRST_ROW}:{FIRST_AGE}{LAST_ROW}", f'={FIRST_AGE}{FIRST_ROW}<>""', {"bg_color": theme.LINE}
    )


def _points(sheet: Sheet) -> None:
    """Twelve ages of the last line, up to the horizon, each with what came of all that old."""
    sheet.put(f"B{POINT_ROW}", "What the chart shows", theme.LABEL)
    sheet.put(f"B{POINT_ROW + 1}", "All that old", theme.LABEL)
    ages, whole = (f"${FIRST_AGE}${row}:${LAST_AGE}${row}" for row in (AGE_ROW, ALL_ROW))
    for column in POINTS:
        sheet.put(
            f"{column}{POINT_ROW}",
            f"={column}${AGE_ROW}*in_Horizon/12",
            theme.HEADER_NUMBER,
            theme.CENTRE,
            number='"+"0',
        )
        found = f"INDEX({whole},MATCH(ROUND({column}{POINT_ROW},0),{ages},0))"
        sheet.put(f"{column}{POINT_ROW + 1}", f"={found}", theme.CALC, theme.CENTRE, number="0%")


RETENTION_CHART = charts.Plot(
    "column", "Share of customers that bought again, by months since the first order",
    "Columns over the months since the first order: the share of all customers that old who bought in that month. "
    "The numbers stand in the last line of the table on Cohorts.",
    "Cohorts", f"{POINTS[0]}{POINT_ROW}:{POINTS[-1]}{POINT_ROW}",
    [charts.Series("Bought again", f"{POINTS[0]}{POINT_ROW + 1}:{POINTS[-1]}{POINT_ROW + 1}",
                   {**charts.bar(theme.PEOPLE), **charts.labels("0%;;")})],
    number="0%", gap=40,
)  # fmt: skip

PAGE = Page("Cohorts", "Who came back, month by month since the first order", _write)

"""Sources: what orders and answers beyond this workbook come to, from the tables that Refresh fills."""

from __future__ import annotations

from addin.schema import formats
from addin.template import charts, theme
from addin.template.inputs import CURRENCY
from addin.template.sheet import Page, Sheet, TemplateBook
from addin.values import column_letters

SHOWN = 6
FIRST_ROW = 6
CHOSEN_ROW = FIRST_ROW + SHOWN + 1
TOTAL_ROW = CHOSEN_ROW + 2
MOVEMENT_ROW = TOTAL_ROW + 9
MONTHS = 12
TENTH_ROW = MOVEMENT_ROW + MONTHS + 3
TENTHS = 10
COHORT_ROW = TENTH_ROW + TENTHS + 3
COHORTS = 12
AGES = [column_letters(4 + age) for age in range(13)]
"""Columns D to P hold the months since the first order."""
NAME = f"$C${CHOSEN_ROW}"
LAST_MONTH = f"$C${TOTAL_ROW + 7}"


def _sum(table: str, column: str, *conditions: str) -> str:
    """The sum of a column over the chosen source's rows that meet the conditions: column, criterion, ..."""
    where = ",".join(f"{table}[{c}]" if i % 2 == 0 else c for i, c in enumerate(conditions))
    return f"SUMIFS({table}[{column}],{table}[source],{NAME}{',' + where if where else ''})"


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Sources", "What do the orders and answers come to that live outside this workbook?",
        tab=theme.TAB_WORK, widths=[2, 30, 14, *[9.5] * len(AGES)], freeze="C4",
    )  # fmt: skip
    _list(sheet)
    _totals(sheet)
    _movement(sheet)
    _tenths(sheet)
    _cohorts(sheet)
    sheet.chart(MOVEMENT_CHART, f"J{MOVEMENT_ROW + 1}", f"P{MOVEMENT_ROW + 1 + MONTHS}")
    sheet.print_to(COHORT_ROW + 2 + COHORTS)


def _list(sheet: Sheet) -> None:
    sheet.block(4, "1  Sources (the first six of d_Sources)")
    sheet.header(5, {"B": "Source", "C": "As of", "E": "Status"}, {"D": "Asked"})
    sheet.fill("F5", f"{sheet.last_column}5", theme.HEADER)
    place = "ROW()-ROW(B$5)"
    for row in range(FIRST_ROW, FIRST_ROW + SHOWN):
        for column, source in (("B", "Name"), ("C", "As of"), ("E", "Status")):
            shown = f'=IFERROR(INDEX(tblSources[{source}],{place})&"","")'
            sheet.put(f"{column}{row}", shown, theme.LINKED, theme.LEFT)
        asked = f'=IF(B{row}="","",IF(COUNTIF(tblTotals[source],B{row})>0,"yes","no rows"))'
        sheet.put(f"D{row}", asked, theme.CALC)
    sheet.put(f"B{CHOSEN_ROW - 1}", "Show (blank: the first)", theme.LABEL)
    sheet.put(f"C{CHOSEN_ROW - 1}", None, theme.INPUT, theme.LEFT)
    sheet.allow_list(f"C{CHOSEN_ROW - 1}", "=lst_Sources", "A source of d_Sources; blank for the first.")
    note = "Fill d_Sources and press Refresh all: counts come back, not rows, so that millions of orders fit here."
    sheet.put(f"D{CHOSEN_ROW - 1}", note, theme.NOTE)
    sheet.put(f"B{CHOSEN_ROW}", "Shown below", theme.STRONG)
    sheet.put(f"C{CHOSEN_ROW}", f'=IF(C{CHOSEN_ROW - 1}="",B{FIRST_ROW},C{CHOSEN_ROW - 1})', theme.RESULT, theme.LEFT)


def _totals(sheet: Sheet) -> None:
    sheet.block(TOTAL_ROW, "2  In all", "D")
    last = _sum("tblTotals", "last")
    lines = [
        ("Rows read", "rows", f"={_sum('tblTotals', 'rows')}", formats.WHOLE),
        ("Complete orders", "orders", f"={_sum('tblTotals', 'orders')}", formats.WHOLE),
        ("Customers", "people", f"={_sum('tblTotals', 'customers')}", formats.WHOLE),
        ("Revenue", CURRENCY, f"={_sum('tblTotals', 'cents')}/100", formats.WHOLE),
        ("First order", "date", f'=IF({last}=0,"",{_sum("tblTotals", "first")})', formats.DATE + "_)"),
        ("Last order", "date", f'=IF({last}=0,"",{last})', formats.DATE + "_)"),
        ("Month of the last order", "month", f'=IF({last}=0,"",{last}-DAY({last})+1)', formats.YEAR_MONTH + "_)"),
    ]
    for row, (label, unit, formula, number) in enumerate(lines, start=TOTAL_ROW + 1):
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.put(f"C{row}", formula, theme.LINKED, number=number)
        sheet.put(f"D{row}", unit, theme.UNIT)


def _movement(sheet: Sheet) -> None:
    sheet.block(MOVEMENT_ROW, "3  Who came, stayed, came back and left, the last twelve months", "H")
    columns = {"C": "new", "D": "kept", "E": "back", "F": "lost", "G": "active"}
    sheet.header(MOVEMENT_ROW + 1, {"B": "Month"}, {
        "C": "New", "D": "Kept", "E": "Back", "F": "Lost", "G": "Active", "H": "Lost,\nshare",
    })  # fmt: skip
    for row in range(MOVEMENT_ROW + 2, MOVEMENT_ROW + 2 + MONTHS):
        back = f"ROW()-ROW(B${MOVEMENT_ROW + 1})-{MONTHS}"
        sheet.put(f"B{row}", f'=IF({LAST_MONTH}="","",EDATE({LAST_MONTH},{back}))', theme.CALC, theme.LEFT,
                  number=formats.YEAR_MONTH)  # fmt: skip
        for column, name in columns.items():
            found = _sum("tblMovement", name, "month", f"$B{row}")
            sheet.put(f"{column}{row}", f'=IF($B{row}="","",{found})', theme.LINKED, number=formats.WHOLE)
        sheet.put(f"H{row}", f'=IFERROR(F{row}/(D{row}+F{row}),"")', theme.CALC, number=formats.RATE)


def _tenths(sheet: Sheet) -> None:
    sheet.block(TENTH_ROW, "4  Who brings the revenue: customers in tenths, the best first", "E", money=True)
    sheet.header(TENTH_ROW + 1, {"B": "Tenth"}, {"C": "Customers", "D": "Revenue", "E": "Of all,\nso far"})
    first = TENTH_ROW + 2
    for row in range(first, first + TENTHS):
        sheet.put(f"B{row}", f"=ROW()-ROW(B${TENTH_ROW + 1})", theme.CALC, theme.LEFT, number=formats.MONTH)
        for column, name, share in (("C", "customers", ""), ("D", "cents", "/100")):
            found = _sum("tblConcentration", name, "decile", f"$B{row}")
            sheet.put(f"{column}{row}", f"={found}{share}", theme.LINKED, number=formats.WHOLE)
        whole = f"SUM(D${first}:D${first + TENTHS - 1})"
        so_far = f'=IF({whole}=0,"",SUM(D${first}:D{row})/{whole})'
        sheet.put(f"E{row}", so_far, theme.CALC, number=formats.PERCENT)


def _cohorts(sheet: Sheet) -> None:
    sheet.block(COHORT_ROW, "5  Share of a cohort that bought, by months since the first order")
    head, first, last = COHORT_ROW + 1, COHORT_ROW + 2, COHORT_ROW + 1 + COHORTS
    sheet.header(head, {"B": "First order in"}, {"C": "Customers"})
    sheet.height(head, 18)
    for before, column in zip(["C", *AGES], AGES, strict=False):
        age = 0 if column == AGES[0] else f"={before}{head}+1"
        sheet.put(f"{column}{head}", age, theme.HEADER_NUMBER, theme.CENTRE, number='"+"0')
    for row in range(first, last + 1):
        back = f"ROW()-ROW(B${head})-{COHORTS}"
        month = f'=IF({LAST_MONTH}="","",EDATE({LAST_MONTH},{back}))'
        sheet.put(f"B{row}", month, theme.CALC, theme.LEFT, number=formats.YEAR_MONTH)
        size = _sum("tblCohortCounts", "customers", "cohort", f"$B{row}", "age", "0")
        sheet.put(f"C{row}", f'=IF($B{row}="","",{size})', theme.LINKED, number=formats.WHOLE)
        for column in AGES:
            found = _sum("tblCohortCounts", "customers", "cohort", f"$B{row}", "age", f"{column}${head}")
            future = f"EDATE($B{row},{column}${head})>{LAST_MONTH}"
            shown = f'=IF(N($C{row})=0,"",IF({future},"",{found}/$C{row}))'
            sheet.put(f"{column}{row}", shown, theme.CALC, theme.CENTRE, number="0%")
    sheet.heat(f"{AGES[1]}{first}:{AGES[-1]}{last}")


_ROWS = f"{MOVEMENT_ROW + 2}:{{0}}{MOVEMENT_ROW + 1 + MONTHS}"
MOVEMENT_CHART = charts.Plot(
    "column", "Customers who were new and who came back, by month",
    "Columns over the last twelve months: customers who were new in the month above those who came back. The numbers "
    "stand on Sources.",
    "Sources", "B" + _ROWS.format("B"),
    [
        charts.Series("New", "C" + _ROWS.format("C"), charts.bar(theme.PEOPLE)),
        charts.Series("Back", "E" + _ROWS.format("E"), charts.bar(theme.LATER)),
    ],
    subtype="stacked", legend=True,
)  # fmt: skip

PAGE = Page("Sources", "Orders and answers that live in files, databases or Spark, counted", _write)

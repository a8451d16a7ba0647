"""Forecast: does the model describe these customers, and what will they bring?"""

from __future__ import annotations

from addin.schema import formats
from addin.template import charts, theme
from addin.template.inputs import CURRENCY
from addin.template.sheet import Page, Sheet, TemplateBook

STATE_ROW = 5
CHART_ROW = STATE_ROW + 11
CHART_END = CHART_ROW + 15
RANK_ROW = CHART_END + 2
CUSTOMERS_SHOWN = 15
NOTE_ROW = RANK_ROW + 2 + CUSTOMERS_SHOWN
FEED_ROW = NOTE_ROW + 5
FIRST_POINT = FEED_ROW + 2
POINTS = 53
LAST_POINT = FIRST_POINT + POINTS - 1
PERIODS = 13

ACTUAL, EXPECTED, WEEK = "tblTracking[Actual]", "tblTracking[Expected]", "tblTracking[Week]"
KNOWN = f"$C${STATE_ROW + 1}"
"""How many weeks have an actual: those of the past, which come first by date."""
AHEAD, UNTIL, SO_FAR = (f"$C${STATE_ROW + row}" for row in (2, 3, 4))


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Forecast", "Does the model describe these customers, and what should they bring in a year?",
        tab=theme.TAB_MODEL, widths=[2, 38, 14, 13, 13, 13, 13, 13, 13, 13], freeze="C4",
    )  # fmt: skip
    _state(sheet)
    sheet.chart(TRACKING_CHART, f"B{CHART_ROW}", f"E{CHART_END}")
    sheet.chart(AHEAD_CHART, f"F{CHART_ROW}", f"J{CHART_END}", inset=16)
    _customers(sheet)
    notes = [
        "BG/NBD model (Fader, Hardie and Lee 2005), fitted to d_Transactions; a customer's own spend by Gamma-Gamma. "
        "New customers to come are not in it.",
        "Lines that part mean that the model does not describe these customers: trust the ranking then less than the "
        "log. Without the add-in the rows stay as they were last written.",
    ]
    for row, note in enumerate(notes, start=NOTE_ROW):
        sheet.put(f"B{row}", note, theme.NOTE)
    sheet.print_to(NOTE_ROW + len(notes))
    _feed(sheet)


def _state(sheet: Sheet) -> None:
    sheet.block(STATE_ROW - 1, "1  Repeat orders so far, and a year ahead")
    fresh = (
        f"AND({UNTIL}=MAX(tblTransactions[Date]),COUNTA(tblForecast[Customer])=COUNT(tblTransactions[CustomerTotal]))"
    )
    none = f"{KNOWN}=0"
    lines: list[tuple[str, str, str, str]] = [
        ("State", "", f'=IF({none},"none: Refresh all",IF({fresh},"as the order rows","stale: Refresh all"))',
         formats.TEXT),
        ("Weeks of the past", "weeks", f"=COUNT({ACTUAL})", formats.MONTH),
        ("Weeks ahead", "weeks", f"=COUNT({EXPECTED})-{KNOWN}", formats.MONTH),
        ("Orders read until", "date", f'=IF({none},"",SMALL({WEEK},{KNOWN}))', formats.DATE + "_)"),
        ("Repeat orders so far", "orders", f'=IF({none},"",SUMIFS({ACTUAL},{WEEK},{UNTIL}))', formats.WHOLE),
        ("What the model expects of them so far", "orders", f'=IF({none},"",SUMIFS({EXPECTED},{WEEK},{UNTIL}))',
         formats.DECIMAL),
        ("Repeat orders expected in 12 months", "orders", "=SUM(tblForecast[Orders])", formats.DECIMAL),
        ("Customers still there, by the model", "customers", "=SUM(tblForecast[PAlive])", formats.DECIMAL),
        ("Their worth, discounted, after margin", CURRENCY, "=SUM(tblForecast[Value])*in_Margin", formats.WHOLE),
    ]  # fmt: skip
    for row, (label, unit, formula, number) in enumerate(lines, start=STATE_ROW):
        sheet.put(f"B{row}", label, theme.LABEL)
        look = theme.LINKED if "SUM(" in formula else theme.CALC
        sheet.put(f"C{row}", formula, look, *([theme.LEFT] if number == formats.TEXT else []), number=number)
        sheet.put(f"D{row}", unit, theme.UNIT)


def _customers(sheet: Sheet) -> None:
    sheet.block(RANK_ROW, "2  Customers by what they should bring in 12 months")
    sheet.header(RANK_ROW + 1, {"B": "Customer (the first fifteen of d_Forecast)"}, {
        "C": "Repeat\norders", "D": "Weeks since\nlast order", "E": "Still there", "F": "Expected\norders",
        "G": "Spend\nan order", "H": "Value", "I": "Value\nso far", "J": "Share of all",
    })  # fmt: skip
    place = f"MATCH(ROW()-ROW(B${RANK_ROW + 1}),tblForecast[Rank],0)"
    columns = [
        ("C", "RepeatOrders", formats.MONTH), ("E", "PAlive", formats.PERCENT), ("F", "Orders", formats.CENTS),
        ("G", "Spend", formats.CENTS), ("H", "Value", formats.CENTS),
    ]  # fmt: skip
    first = RANK_ROW + 2
    for row in range(first, first + CUSTOMERS_SHOWN):
        sheet.put(f"B{row}", f'=IFERROR(INDEX(tblForecast[Customer],{place})&"","")', theme.LINKED, theme.LEFT)
        for column, source, number in columns:
            found = f'=IF($B{row}="","",INDEX(tblForecast[{source}],{place}))'
            sheet.put(f"{column}{row}", found, theme.LINKED, number=number)
        since = f"INDEX(tblForecast[Age],{place})-INDEX(tblForecast[Recency],{place})"
        sheet.put(f"D{row}", f'=IF($B{row}="","",{since})', theme.LINKED, number=formats.DECIMAL)
        sheet.put(f"I{row}", f'=IF($B{row}="","",SUM($H${first}:H{row}))', theme.CALC, number=formats.WHOLE)
        share = f'=IF(OR($B{row}="",SUM(tblForecast[Value])=0),"",I{row}/SUM(tblForecast[Value]))'
        sheet.put(f"J{row}", share, theme.CALC, number=formats.PERCENT)


def _feed(sheet: Sheet) -> None:
    """Points of the charts: as many of the past for any number of weeks, and thirteen parts of the time ahead."""
    sheet.block(FEED_ROW, "Chart feed")
    sheet.header(FEED_ROW + 1, {"B": "Point of the past"}, {
        "C": "Week", "D": "Actual", "E": "Model", "G": "Period ahead", "H": "Orders so far", "I": "Expected",
    })  # fmt: skip
    for row in range(FIRST_POINT, LAST_POINT + 1):
        count = 0 if row == FIRST_POINT else f"=B{row - 1}+1"
        sheet.put(f"B{row}", count, theme.HEADER_NUMBER if row == FIRST_POINT else theme.CALC)
        place = f"ROUND(B{row}/B${LAST_POINT}*({KNOWN}-1),0)+1"
        sheet.put(f"C{row}", f'=IF({KNOWN}=0,"",SMALL({WEEK},{place}))', theme.CALC, number=formats.DATE)
        for column, source in (("D", ACTUAL), ("E", EXPECTED)):
            sheet.put(f"{column}{row}", f'=IF(C{row}="","",SUMIFS({source},{WEEK},C{row}))', theme.CALC,
                      number=formats.DECIMAL)  # fmt: skip
    for row in range(FIRST_POINT, FIRST_POINT + PERIODS + 1):
        count = 0 if row == FIRST_POINT else f"=G{row - 1}+1"
        sheet.put(f"G{row}", count, theme.HEADER_NUMBER if row == FIRST_POINT else theme.CALC, number=formats.MONTH)
        if row == FIRST_POINT:
            so_far = f"={SO_FAR}"
        else:
            week = f"SMALL({WEEK},{KNOWN}+ROUND(G{row}*{AHEAD}/G${FIRST_POINT + PERIODS},0))"
            so_far = f'=IF(OR({KNOWN}=0,{AHEAD}=0),"",SUMIFS({EXPECTED},{WEEK},{week}))'
        sheet.put(f"H{row}", so_far, theme.CALC, number=formats.DECIMAL)
        if row > FIRST_POINT:
            sheet.put(f"I{row}", f'=IF(H{row}="","",H{row}-H{row - 1})', theme.CALC, number=formats.DECIMAL)


_PAST = f"{FIRST_POINT}:{{0}}{LAST_POINT}"
_AHEAD = f"{FIRST_POINT + 1}:{{0}}{FIRST_POINT + PERIODS}"
TRACKING_CHART = charts.Plot(
    "line", "Repeat orders so far: actual and model",
    "Two lines over the weeks of the past: repeat orders so far as they came, and as the model expects them. "
    "The numbers stand on d_Tracking.",
    "Forecast", "C" + _PAST.format("C"),
    [
        charts.Series("Actual", "D" + _PAST.format("D"), charts.line(theme.TEAL, 2.5)),
        charts.Series("Model", "E" + _PAST.format("E"), charts.line(theme.AMBER, 2, "dash")),
    ],
    legend=True,
)  # fmt: skip
AHEAD_CHART = charts.Plot(
    "column", "Repeat orders expected, each four weeks",
    "Thirteen columns: the repeat orders that the customers of today should place in each four weeks of the next year. "
    "The numbers stand in the chart feed of Forecast.",
    "Forecast", "G" + _AHEAD.format("G"),
    [charts.Series("Expected", "I" + _AHEAD.format("I"), {**charts.bar(theme.STEEL), **charts.labels("0.0;;")})],
    gap=40,
)  # fmt: skip

PAGE = Page("Forecast", "What today's customers should bring in the next twelve months", _write)

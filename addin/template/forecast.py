"""The blocks of Value that ask whether the model describes these customers, and what they should bring."""

from __future__ import annotations

from addin.schema import formats
from addin.template import charts, theme
from addin.template.inputs import CURRENCY
from addin.template.sheet import Sheet

STATE_ROW = 44
CHART_ROW = STATE_ROW + 11
CHART_END = CHART_ROW + 15
RANK_ROW = CHART_END + 2
CUSTOMERS_SHOWN = 15
NOTE_ROW = RANK_ROW + 2 + CUSTOMERS_SHOWN
PAGE_END = NOTE_ROW + 2
FEED_ROW = NOTE_ROW + 5
FIRST_POINT = FEED_ROW + 2
POINTS = 53
LAST_POINT = FIRST_POINT + POINTS - 1
PERIODS = 13

ACTUAL, EXPECTED, WEEK = "tblTracking[Actual]", "tblTracking[Expected]", "tblTracking[Week]"
KNOWN = f"$C${STATE_ROW + 1}"
"""How many weeks have an actual: those of the past, which come first by date."""
AHEAD, UNTIL, SO_FAR, LATER = (f"$C${STATE_ROW + row}" for row in (2, 3, 4, 9))


def write(sheet: Sheet) -> None:
    """Write the blocks, and beneath the page what the charts show."""
    _state(sheet)
    _to_horizon(sheet)
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
    _feed(sheet)


def _state(sheet: Sheet) -> None:
    sheet.block(STATE_ROW - 1, "5  Forecast: repeat orders so far, and a year ahead", "D")
    fresh = (
        f"AND({UNTIL}<=MAX(tblTransactions[Date]),{LATER}=0,"
        'COUNTA(tblForecast[Customer])=COUNTIF(tblTransactions[CustomerTotal],">=0"))'
    )
    none = f"{KNOWN}=0"
    lines: list[tuple[str, str, str, str]] = [
        ("State", "", f'=IF({none},"none: "&out_NoForecast,IF({fresh},"up to date","stale: Refresh all"))',
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
        ("Orders since those that were read", "orders",
         f'=IF({none},"",COUNTIFS(tblTransactions[Orders],">0",tblTransactions[Date],">="&{UNTIL}+1))', formats.WHOLE),
    ]  # fmt: skip
    for row, (label, unit, formula, number) in enumerate(lines, start=STATE_ROW):
        sheet.put(f"B{row}", label, theme.LABEL)
        look = theme.LINKED if "SUM(" in formula else theme.CALC
        sheet.put(f"C{row}", formula, look, *([theme.LEFT] if number == formats.TEXT else []), number=number)
        sheet.put(f"D{row}", unit, theme.UNIT)


OF_CAMPAIGN = "tblLifetime[Campaign],in_Campaign,tblLifetime[Months],out_MonthsAhead"


def _to_horizon(sheet: Sheet) -> None:
    """What came so far, and what the same customers should still bring, up to the horizon."""
    sheet.fill(f"F{STATE_ROW - 1}", f"J{STATE_ROW - 1}", theme.BLOCK)
    sheet.put(f"F{STATE_ROW - 1}", '="The campaign shown, up to month "&in_Horizon', theme.BLOCK)
    in_log = 'tblFollowUps[Campaign],in_Campaign,tblFollowUps[Month],"<="&out_MonthsCounted'
    in_orders = (
        'tblTransactions[Counted],in_Campaign,tblTransactions[Month],">=0",'
        'tblTransactions[Month],"<="&out_MonthsCounted'
    )
    lines = [
        ("Months still to come", "out_MonthsAhead", "=IF(out_MonthsKnown<0,0,MAX(0,in_Horizon-out_MonthsKnown))",
         formats.MONTH),
        ("Revenue so far, by the log", "", f"=SUMIFS(tblFollowUps[Revenue],{in_log})", formats.WHOLE),
        ("Revenue so far, by orders", "", f"=SUMIFS(tblTransactions[Revenue],{in_orders})", formats.WHOLE),
        ("Revenue so far", "out_SoldSoFar", f"=CHOOSE(in_SourceNo,J{STATE_ROW + 1},J{STATE_ROW + 2})", formats.WHOLE),
        ("Spend so far", "out_SpentSoFar", f"=out_Budget+SUMIFS(tblFollowUps[Spent],{in_log})", formats.WHOLE),
        ("Forecast rows of this campaign and horizon", "out_Forecasts", f"=COUNTIFS({OF_CAMPAIGN})", formats.MONTH),
        ("ROC so far; net where margin counts", "out_ROCSoFar",
         '=IF(out_SpentSoFar=0,"",out_SoldSoFar*in_Margin/out_SpentSoFar-(in_Margin<1))', formats.RATE),
        *((label, name, f'=IF(OR(out_Forecasts=0,out_SpentSoFar=0),"",SUMIFS(tblLifetime[{column}],{OF_CAMPAIGN})'
                        "*in_Margin/out_SpentSoFar)", formats.RATE)
          for label, name, column in (("Expected beyond, discounted", "out_ROCExpected", "Expected"),
                                      ("Low", "out_ROCLow", "Low"), ("High", "out_ROCHigh", "High"))),
        ("ROC by the horizon", "out_ROCHorizon",
         '=IF(OR(out_ROCSoFar="",out_ROCExpected=""),out_ROCSoFar,out_ROCSoFar+out_ROCExpected)', formats.RATE),
    ]  # fmt: skip
    for row, (label, name, formula, number) in enumerate(lines, start=STATE_ROW):
        sheet.put(f"F{row}", label, theme.LABEL)
        sheet.put(f"J{row}", formula, theme.RESULT if name == "out_ROCHorizon" else theme.CALC, number=number)
        if name:
            sheet.define(name, f"J{row}")
    sheet.losses(f"J{STATE_ROW}:J{STATE_ROW + len(lines) - 1}")


def _percent(name: str) -> str:
    return f'ROUND(N({name})*100,1)&"%'


EXPECTED_SAID = (
    '=IF(out_ROCExpected="","","until month "&in_Horizon&" these customers should bring "'
    f'&{_percent("out_ROCExpected")} more ("&{_percent("out_ROCLow")} to "&{_percent("out_ROCHigh")}, discounted)")'
)
LIFETIME = (
    '=IF(out_MonthsAhead=0,"",IF(out_ExpectedSaid="","What comes until month "&in_Horizon&": Refresh all.",'
    f'"So far "&{_percent("out_ROCSoFar")}; "&out_ExpectedSaid&", "&{_percent("out_ROCHorizon")} in all."))'
)
"""What came so far and what is expected, with its interval."""


def _customers(sheet: Sheet) -> None:
    sheet.block(RANK_ROW, "6  Customers by what they should bring in 12 months", money=True)
    sheet.header(RANK_ROW + 1, {"B": "Customer (the first fifteen on d_Refreshed)"}, {
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
    sheet.block(FEED_ROW, "7  What the forecast's charts show")
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
    "line", "Repeat orders so far: as they came, and by the model",
    "Two lines over the weeks of the past: repeat orders so far as they came, and as the model expects them. "
    "The numbers stand on Value.",
    "Value", "C" + _PAST.format("C"),
    [
        charts.Series("Actual", "D" + _PAST.format("D"), charts.line(theme.PEOPLE, 2.5)),
        charts.Series("Model", "E" + _PAST.format("E"), charts.line(theme.LATER, 2, "dash")),
    ],
    legend=True,
)  # fmt: skip
AHEAD_CHART = charts.Plot(
    "column", "Repeat orders expected in each four weeks of the next year",
    "Thirteen columns: the repeat orders that the customers of today should place in each four weeks of the next year. "
    "The numbers stand on Value.",
    "Value", "G" + _AHEAD.format("G"),
    [charts.Series("Expected", "I" + _AHEAD.format("I"), {**charts.bar(theme.LATER), **charts.labels("0.0;;")})],
    gap=40,
)  # fmt: skip

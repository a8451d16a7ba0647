"""Pyramid: how many people stand on each level of engagement, and what one of them is worth there."""

from __future__ import annotations

from addin.schema import formats
from addin.schema.terms import LEVELS
from addin.template import charts, examples, lifecycle, theme
from addin.template.sheet import Page, Sheet, TemplateBook, needing_customers

HEADER_ROW = 5
FIRST_ROW = HEADER_ROW + 1
MARKET_ROW = HEADER_ROW + len(LEVELS)
LOOKING_ROW = MARKET_ROW - 1
TOTAL_ROW = MARKET_ROW + 1
FEED_ROW = TOTAL_ROW + 10
FEED_FIRST, FEED_LAST = FEED_ROW + 2, FEED_ROW + 1 + len(LEVELS)
CURVE_FIRST, CURVE_LAST = FEED_LAST + 3, FEED_LAST + 2 + len(LEVELS)
CHART_END = FEED_ROW + 17
TOTALS = 5
"""Lines beneath the levels: what they bring, what lookers and campaigns cost, what is left, the cost of a buyer."""

HABITS: dict[str, tuple[float, float, float, float]] = {
    "Telling others": (3, 4, 10, 0.4),
    "Giving feedback": (2.6, 3, 6, 0.3),
    "Buying again": (2.2, 2, 1, 0.2),
    "Just buying": (1, 2, 0, 0),
    "Just looking": (0, 2, 0, 0),
    "Total market": (0, 0, 0, 0),
}
"""Orders a year, cost of keeping, people influenced, and the share of those who buy. All illustrative."""

HABIT_COLUMNS = [
    ("E", formats.DECIMAL, 1e4, "Orders of one such person a year; blank: as measured in column F."),
    ("G", formats.CENTS, 1e6, "What it costs a year to keep one such person; the campaign that won them stands below."),
    ("H", formats.DECIMAL, 1e6, "How many others one such person influences a year."),
    ("I", formats.PERCENT, 1, "The share of the influenced who place an order."),
]


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Engagement pyramid",
        needing_customers(f"B{TOTAL_ROW + TOTALS}", "How many people stand on each level; what is one worth?"),
        tab=theme.TAB_LOOK, widths=[2, 32, 12, 13, 12, 12, 12, 12, 12, 13, 13, 13, 12, 14, 9, 18], freeze="C4",
    )  # fmt: skip
    sheet.block(HEADER_ROW - 1, "1  People and value by level", "O", money=True)
    sheet.header(HEADER_ROW, {"B": "Level, from the top"}, {
        "C": "People", "D": "Step up\nfrom below", "E": "Orders\na year", "F": "Orders,\nmeasured",
        "G": "Cost of\nkeeping", "H": "People\ninfluenced", "I": "Of those,\nbuy", "J": "From own\norders",
        "K": "From those\nthey bring", "L": "Net value\nof a person", "M": "Step", "N": "Level, from\nown orders",
        "O": "Steeper,\n1 = yes",
    })  # fmt: skip
    for row, level in enumerate(LEVELS, start=FIRST_ROW):
        _level(sheet, row, level)
    _total(sheet)
    _feed(sheet)
    sheet.chart(PYRAMID_CHART, f"F{FEED_ROW}", f"J{CHART_END}", inset=24)
    sheet.chart(VALUE_CHART, f"K{FEED_ROW}", f"O{CHART_END}", inset=24)
    lifecycle.write(sheet)
    sheet.print_to(lifecycle.LOG_TOTAL + 1)


def _level(sheet: Sheet, row: int, level: str) -> None:
    counted = f"COUNTIF(tblCustomers[Level],B{row})"
    people = {MARKET_ROW: "=out_AllReach", LOOKING_ROW: f"=in_Lookers+{counted}"}.get(row, f"={counted}")
    sheet.stored(f"B{row}", level, theme.STRONG)
    sheet.put(f"C{row}", people, theme.LINKED, number=formats.WHOLE)
    if row < MARKET_ROW:
        beneath = f"C{MARKET_ROW}" if row == LOOKING_ROW else f"SUM(C${FIRST_ROW}:C{row + 1})"
        step = f'=IF({beneath}=0,"",SUM(C${FIRST_ROW}:C{row})/{beneath})'
        sheet.put(f"D{row}", step, theme.CALC, number=formats.RATE)
    for (column, number, high, message), value in zip(HABIT_COLUMNS, HABITS[level], strict=True):
        sheet.put(f"{column}{row}", value, theme.INPUT, number=number)
        sheet.allow_between(f"{column}{row}", 0, high, message)
    if row < MARKET_ROW:
        _mark(sheet, row, level)
    if row < LOOKING_ROW:
        measured = f'=IFERROR(AVERAGEIFS(tblCustomers[Orders],tblCustomers[Level],B{row}),"")'
        sheet.put(f"F{row}", measured, theme.LINKED, number=formats.DECIMAL)
    earned = "N(out_OrderValue)*in_Margin"
    sheet.put(f"J{row}", f'=IF(E{row}="",N(F{row}),E{row})*{earned}-G{row}', theme.CALC, number=formats.CENTS)
    sheet.put(f"K{row}", f"=H{row}*I{row}*{earned}", theme.CALC, number=formats.CENTS)
    sheet.put(f"L{row}", f"=J{row}+K{row}", theme.RESULT, number=formats.CENTS)
    sheet.put(f"N{row}", f"=C{row}*J{row}", theme.CALC, number=formats.WHOLE)
    if row < MARKET_ROW:
        sheet.put(f"M{row}", f"=L{row}-L{row + 1}", theme.CALC, number=formats.CENTS)
    if row < LOOKING_ROW:
        sheet.put(f"O{row}", f"=IF(M{row}>=M{row + 1},1,0)", theme.CALC, number=formats.MONTH)


def _mark(sheet: Sheet, row: int, level: str) -> None:
    orders, *rest = (value or None for value in HABITS[level])
    count = examples.compare(sheet, level, f"E{row}:I{row}", [orders, None, *rest])
    marked = examples.mark(count)
    if row == LOOKING_ROW:
        lookers = examples.held(sheet.book, "in_Lookers")
        sheet.when(f"C{row}", f"={lookers}>0", theme.EXAMPLE)
        marked = examples.mark_if(f"OR({count}>0,{lookers}>0)")
    sheet.put(f"P{row}", f"={marked}", theme.MARK)


def _total(sheet: Sheet) -> None:
    sheet.losses(f"J{FIRST_ROW}:N{TOTAL_ROW + TOTALS - 1}")
    sheet.put(f"B{TOTAL_ROW}", "All who bought, or told you", theme.STRONG)
    sheet.put(f"C{TOTAL_ROW}", f"=SUM(C{FIRST_ROW}:C{LOOKING_ROW - 1})", theme.RESULT, number=formats.WHOLE)
    budgets = 'SUMIFS(tblCampaigns[Budget],tblCampaigns[Start],"<="&N(out_DataUntil))'
    lines = [
        ("Own orders of a year, all who bought or told you", f"=SUM(N{FIRST_ROW}:N{LOOKING_ROW - 1})", formats.WHOLE),
        ("Less the cost of those who only look", f"=SUM(N{LOOKING_ROW}:N{MARKET_ROW})", formats.WHOLE),
        ("Less what the campaigns and their follow-up cost", f"=-{budgets}-SUM(tblFollowUps[Spent])", formats.WHOLE),
        ("Left", f"=SUM(N{TOTAL_ROW}:N{TOTAL_ROW + 2})", formats.WHOLE),
        ("Of this cost, for each buyer won at once (ROI_ROC)", "=out_CAC", formats.CENTS),
    ]
    for row, (label, formula, number) in enumerate(lines, start=TOTAL_ROW):
        sheet.put(f"J{row}", label, theme.UNIT)
        sheet.put(f"N{row}", formula, theme.RESULT, number=number)
    steeper = f"O{FIRST_ROW}:O{LOOKING_ROW - 1}"
    first_not = f"INDEX(B{FIRST_ROW}:B{LOOKING_ROW - 1},MATCH(0,{steeper},0))"
    curve = (
        f'=IFERROR("Unlike in the article, the step to "&{first_not}&" is not larger than the one before it.",'
        '"The value of a person grows ever steeper from level to level, as the article says.")'
    )
    sheet.put(f"B{TOTAL_ROW + TOTALS}", curve, theme.STRONG)
    notes = [
        "A person stands on one level, the highest reached. Customers are counted in d_Customers, who look on Inputs; "
        "the market, who are all others too, is the reach of the campaigns begun.",
        "An order that somebody brings counts once in the sum: with the one who places it. Orders, cost and influence "
        "are illustrative until you put your own.",
    ]
    for row, note in enumerate(notes, start=TOTAL_ROW + TOTALS + 1):
        sheet.put(f"B{row}", note, theme.NOTE)


def _feed(sheet: Sheet) -> None:
    sheet.block(FEED_ROW, "2  What the charts show", "D", money=True)
    sheet.header(FEED_ROW + 1, {"B": "Level"}, {"C": "Bar, log\nscale", "D": "Space\nbefore"})
    lookers = examples.held(sheet.book, "in_Lookers")
    bars = f"$C${FEED_FIRST}:$C${FEED_LAST}"
    for row, level_row in enumerate(range(FIRST_ROW, MARKET_ROW + 1), start=FEED_FIRST):
        invented = f'&IF({lookers}>0,", example","")' if level_row == LOOKING_ROW else ""
        sheet.chart_label(f"B{row}", LEVELS[level_row - FIRST_ROW], f'&" ("&FIXED(C{level_row},0){invented}&")"')
        sheet.put(f"C{row}", f"=LOG10(MAX(1,C{level_row}))", theme.CALC, number=formats.CENTS)
        sheet.put(f"D{row}", f"=(MAX({bars})-C{row})/2", theme.CALC, number=formats.CENTS)

    sheet.header(CURVE_FIRST - 1, {"B": "Level, from the market up"}, {
        "C": "Net value\nof a person", "D": "Net loss\nof a person",
    })  # fmt: skip
    for row, level_row in enumerate(range(MARKET_ROW, FIRST_ROW - 1, -1), start=CURVE_FIRST):
        invented = ""
        if level_row < MARKET_ROW:
            invented = f'&IF({examples.held(sheet.book, LEVELS[level_row - FIRST_ROW])}>0," (example)","")'
        sheet.chart_label(f"B{row}", LEVELS[level_row - FIRST_ROW], invented)
        sheet.put(f"C{row}", f"=MAX(0,L{level_row})", theme.CALC, number=formats.CENTS)
        sheet.put(f"D{row}", f"=MIN(0,L{level_row})", theme.CALC, number=formats.CENTS)


def _of(column: str, first: int = FEED_FIRST, last: int = FEED_LAST) -> str:
    return f"{column}{first}:{column}{last}"


PYRAMID_CHART = charts.Plot(
    "bar", "People on each level of engagement (log scale)",
    "Pyramid of bars, the widest for the whole market at the bottom, the narrowest for people who tell others at the "
    "top; each label holds the number of people. The numbers stand on Pyramid.",
    "Pyramid", _of("B"),
    [
        charts.Series("Space", _of("D"), charts.NO_FILL),
        charts.Series("People", _of("C"), charts.bars(theme.PEOPLE_RAMP)),
    ],
    subtype="stacked", gap=12, grid=False, values_shown=False, axis_line=False,
)  # fmt: skip
VALUE_CHART = charts.Plot(
    "column", "Net value of one person by level, in the currency of Inputs",
    "Columns for the net value of one person on each level, from the whole market to those who tell others; one "
    "who costs more than they bring hangs below the line. The numbers stand on Pyramid.",
    "Pyramid", _of("B", CURVE_FIRST, CURVE_LAST),
    [
        charts.Series("Net value", _of("C", CURVE_FIRST, CURVE_LAST),
                      {**charts.bar(theme.RETURN), **charts.labels("#,##0;;")}),
        charts.Series("Net loss", _of("D", CURVE_FIRST, CURVE_LAST),
                      {**charts.bar(theme.LOSS), **charts.labels(";-#,##0;")}),
    ],
    number="#,##0", gap=60, both_signs=True,
)  # fmt: skip

PAGE = Page("Pyramid", "Levels of engagement and stages of the lifecycle: people, steps, value of one of them", _write)

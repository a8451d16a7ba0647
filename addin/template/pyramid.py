"""Pyramid: how many people stand on each level of engagement, and what one of them is worth there."""

from __future__ import annotations

from addin.schema import formats
from addin.schema.terms import LEVELS
from addin.template import charts, theme
from addin.template.inputs import CURRENCY
from addin.template.sheet import Page, Sheet, TemplateBook

HEADER_ROW = 5
FIRST_ROW = HEADER_ROW + 1
MARKET_ROW = HEADER_ROW + len(LEVELS)
LOOKING_ROW = MARKET_ROW - 1
TOTAL_ROW = MARKET_ROW + 1
FEED_ROW = TOTAL_ROW + 4
FEED_FIRST, FEED_LAST = FEED_ROW + 2, FEED_ROW + 1 + len(LEVELS)
CURVE_FIRST, CURVE_LAST = FEED_LAST + 3, FEED_LAST + 2 + len(LEVELS)
CHART_END = FEED_ROW + 17

HABITS: dict[str, tuple[float, float, float, float]] = {
    "Telling others": (3, 2, 3, 0.3),
    "Giving feedback": (2.6, 3, 1, 0.2),
    "Buying again": (2.2, 2, 0.3, 0.2),
    "Just buying": (1, 8.33, 0, 0),
    "Just looking": (0, 8.33, 0, 0),
    "Total market": (0, 0, 0, 0),
}
"""Orders a year, cost, people influenced, and the share of those who buy. All illustrative."""

HABIT_COLUMNS = [
    ("E", formats.DECIMAL, 1e4, "Orders of one such person a year."),
    ("F", formats.CENTS, 1e6, "What it costs a year to win or keep one such person."),
    ("G", formats.DECIMAL, 1e6, "How many others one such person influences a year."),
    ("H", formats.PERCENT, 1, "The share of the influenced who place an order."),
]
COLOURS = [theme.AMBER, theme.TEAL, theme.STEEL, *reversed(theme.PALE_BLUES)]
"""From the top level down."""


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Engagement pyramid",
        "How many people stand on each level, and what is one of them worth there?",
        tab=theme.TAB_MODEL, widths=[2, 28, 12, 13, 12, 12, 12, 12, 14, 14], freeze="C4",
    )  # fmt: skip
    sheet.block(HEADER_ROW - 1, "1  People and value by level")
    sheet.header(HEADER_ROW, {"B": "Level, from the top"}, {
        "C": "People", "D": "Step up\nfrom below", "E": "Orders\na year", "F": "Cost to win\nor keep",
        "G": "People\ninfluenced", "H": "Of those,\nbuy", "I": "Net value\nof a person", "J": "Value of\nthe level",
    })  # fmt: skip
    for row, level in enumerate(LEVELS, start=FIRST_ROW):
        _level(sheet, row, level)
    _total(sheet)
    _feed(sheet)
    sheet.chart(PYRAMID_CHART, f"F{FEED_ROW}", f"J{CHART_END}", inset=24)
    sheet.chart(VALUE_CHART, f"B{CHART_END + 2}", f"J{CHART_END + 18}")
    sheet.print_to(CHART_END + 18)


def _level(sheet: Sheet, row: int, level: str) -> None:
    counted = f"COUNTIF(tblCustomers[Level],B{row})"
    people = {MARKET_ROW: "=out_Reach", LOOKING_ROW: f"=in_Lookers+{counted}"}.get(row, f"={counted}")
    sheet.put(f"B{row}", level, theme.STRONG)
    sheet.put(f"C{row}", people, theme.LINKED, number=formats.WHOLE)
    if row < MARKET_ROW:
        beneath = f"SUM(C${FIRST_ROW}:C{row + 1})"
        step = f'=IF({beneath}=0,"",SUM(C${FIRST_ROW}:C{row})/{beneath})'
        sheet.put(f"D{row}", step, theme.CALC, number=formats.RATE)
    for (column, number, high, message), value in zip(HABIT_COLUMNS, HABITS[level], strict=True):
        sheet.put(f"{column}{row}", value, theme.INPUT, number=number)
        sheet.allow_between(f"{column}{row}", 0, high, message)
    sheet.put(f"I{row}", f"=(E{row}+G{row}*H{row})*in_PlanPrice*in_Margin-F{row}", theme.RESULT, number=formats.CENTS)
    sheet.put(f"J{row}", f"=C{row}*I{row}", theme.CALC, number=formats.WHOLE)


def _total(sheet: Sheet) -> None:
    sheet.losses(f"I{FIRST_ROW}:J{TOTAL_ROW}")
    sheet.put(f"B{TOTAL_ROW}", "All who bought, or told you", theme.STRONG)
    sheet.put(f"C{TOTAL_ROW}", f"=SUM(C{FIRST_ROW}:C{LOOKING_ROW - 1})", theme.RESULT, number=formats.WHOLE)
    sheet.put(f"D{TOTAL_ROW}", CURRENCY, theme.UNIT)
    sheet.put(f"J{TOTAL_ROW}", f"=SUM(J{FIRST_ROW}:J{MARKET_ROW})", theme.RESULT, number=formats.WHOLE)
    notes = [
        "A person stands on one level, the highest reached. Customers are counted in d_Customers, who look on Inputs, "
        "the market is the campaign's reach.",
        "Orders, cost and influence are illustrative until you put your own.",
    ]
    for row, note in enumerate(notes, start=TOTAL_ROW + 1):
        sheet.put(f"B{row}", note, theme.NOTE)


def _feed(sheet: Sheet) -> None:
    sheet.block(FEED_ROW, "2  What the charts show", "D")
    sheet.header(FEED_ROW + 1, {"B": "Level"}, {"C": "Bar, log\nscale", "D": "Space\nbefore"})
    bars = f"$C${FEED_FIRST}:$C${FEED_LAST}"
    for row, level_row in enumerate(range(FIRST_ROW, MARKET_ROW + 1), start=FEED_FIRST):
        label = f'=B{level_row}&" ("&FIXED(C{level_row},0)&")"'
        sheet.put(f"B{row}", label, theme.CALC, theme.LEFT)
        sheet.put(f"C{row}", f"=LOG10(MAX(1,C{level_row}))", theme.CALC, number=formats.CENTS)
        sheet.put(f"D{row}", f"=(MAX({bars})-C{row})/2", theme.CALC, number=formats.CENTS)

    sheet.header(CURVE_FIRST - 1, {"B": "Level, from the market up"}, {"C": "Net value\nof a person"})
    for row, level_row in enumerate(range(MARKET_ROW, FIRST_ROW - 1, -1), start=CURVE_FIRST):
        sheet.put(f"B{row}", f"=B{level_row}", theme.CALC, theme.LEFT)
        sheet.put(f"C{row}", f"=I{level_row}", theme.CALC, number=formats.CENTS)


def _of(column: str, first: int = FEED_FIRST, last: int = FEED_LAST) -> str:
    return f"{column}{first}:{column}{last}"


PYRAMID_CHART = charts.Plot(
    "bar", "Engagement pyramid (log scale)",
    "Pyramid of bars, the widest for the whole market at the bottom, the narrowest for people who tell others at the "
    "top; each label holds the number of people. The numbers stand on Pyramid.",
    "Pyramid", _of("B"),
    [
        charts.Series("Space", _of("D"), charts.NO_FILL),
        charts.Series("People", _of("C"), charts.bars(COLOURS)),
    ],
    subtype="stacked", gap=12, grid=False, values_shown=False, axis_line=False,
)  # fmt: skip
VALUE_CHART = charts.Plot(
    "column", "Value of one person by level",
    "Columns for the net value of one person on each level, from the whole market to those who tell others; a person "
    "who only looks costs more than they bring. The numbers stand on Pyramid.",
    "Pyramid", _of("B", CURVE_FIRST, CURVE_LAST),
    [charts.Series("Net value", _of("C", CURVE_FIRST, CURVE_LAST), {
        **charts.bars([COLOURS[5], theme.BRICK, *reversed(COLOURS[:4])]), **charts.labels("#,##0;-#,##0;0"),
    })],
    number="#,##0", gap=60,
)  # fmt: skip

PAGE = Page("Pyramid", "Levels of engagement: people, steps, and the value of one of them", _write)

"""Scenarios: the next campaign in three scenarios, what moves its return, and a two-way table."""

from __future__ import annotations

from addin.schema import formats
from addin.template import charts, examples, ideas, theme
from addin.template.inputs import CURRENCY, in_scenario
from addin.template.inputs import ROW as INPUT_ROW
from addin.template.sheet import Page, Sheet, TemplateBook

HEADER_ROW = 5
DRIVERS = [
    ("budget", "Budget", CURRENCY, "in_PlanBudget", formats.WHOLE),
    ("reach", "Reach", "people", "in_PlanReach", formats.WHOLE),
    ("rate", "Buyers per person reached", "share", "in_PlanBuyers", formats.FINE_RATE),
    ("price", "Price of an order", CURRENCY, "in_PlanPrice", formats.CENTS),
    ("reorder", "Buyers who reorder when called", "share", "in_PlanReorder", formats.RATE),
    ("new", "New orders per buyer", "orders", "in_PlanNew", formats.INDEX),
    ("return", "Repeat orders per buyer", "orders", "in_PlanReturn", formats.INDEX),
    ("call", "Cost of follow-up per buyer", CURRENCY, "in_PlanFollowUp", formats.CENTS),
    ("margin", "Gross margin", "share", "in_PlanMargin", formats.RATE),
]
LINES = [
    ("buyers", "Buyers: orders at once", "orders", "{reach}*{rate}", formats.WHOLE),
    ("calls", "Orders after calls", "orders", "{buyers}*{reorder}", formats.WHOLE),
    ("news", "New orders", "orders", "{buyers}*{new}", formats.WHOLE),
    ("returns", "Repeat orders", "orders", "{buyers}*{return}", formats.WHOLE),
    ("revenue", "Revenue", CURRENCY, "SUM({buyers}:{returns})*{price}", formats.WHOLE),
    ("spend", "Spend", CURRENCY, "{budget}+{buyers}*{call}", formats.WHOLE),
    ("ROI", "ROI: gross return at once", "share", 'IF({budget}=0,"",{buyers}*{price}/{budget})', formats.RATE),
    ("ROC", "ROC: gross return after a year", "share", 'IF({spend}=0,"",{revenue}/{spend})', formats.RATE),
    ("netROI", "ROI: net return at once", "share",
     'IF({budget}=0,"",({buyers}*{price}*{margin}-{budget})/{budget})', formats.SIGNED_RATE),
    ("net", "ROC: net return after a year", "share", 'IF({spend}=0,"",({revenue}*{margin}-{spend})/{spend})',
     formats.SIGNED_RATE),
]  # fmt: skip
ROW = {key: HEADER_ROW + 1 + k for k, (key, *_) in enumerate([*DRIVERS, *LINES])}
MOVES_ROW = max(ROW.values()) + 2
CHANGE_ROW = MOVES_ROW + 1
FIRST_MOVE = CHANGE_ROW + 2
MOVED = ["rate", "price", "budget", "new", "return", "reorder", "call", "margin"]
LAST_MOVE = FIRST_MOVE + len(MOVED) - 1
CHART_ROW = LAST_MOVE + 2
CHART_END = CHART_ROW + 15
TABLE_ROW = CHART_END + 2
ACROSS = [("D", 0.2), ("E", 0.4), ("F", 0.65), ("G", 0.8), ("H", 1.0)]
DOWN = [0.05, 0.1, 0.15, 0.2, 0.3]
IDEAS_ROW = TABLE_ROW + len(DOWN) + 4


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Scenarios", "What will the next campaign return, and which assumption moves it most?",
        tab=theme.TAB_WORK, widths=[2, 45, 13, *[14] * 5, 3, 35, 12, 12], freeze="C4",
    )  # fmt: skip
    _plan(sheet)
    _moves(sheet)
    _table(sheet)
    sheet.chart(TORNADO_CHART, f"B{CHART_ROW}", f"H{CHART_END}")
    sheet.ws.print_area(f"A1:{sheet.last_column}{ideas.write(sheet, IDEAS_ROW)}")


def _plan(sheet: Sheet) -> None:
    sheet.block(HEADER_ROW - 1, "1  The plan in three scenarios", "G")
    sheet.header(HEADER_ROW, {"B": "Line", "C": "Unit"}, {"D": "In use", "E": "Base", "F": "Cautious",
                                                         "G": "Ambitious"})  # fmt: skip
    for key, label, unit, name, number in DRIVERS:
        row, source = ROW[key], INPUT_ROW[name]
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.put(f"C{row}", unit, theme.UNIT)
        sheet.put(f"D{row}", f"={name}", theme.LINKED, number=number)
        for column in "EFG":
            value = in_scenario(f"Inputs!{column}{source}", source, "Inputs!")
            sheet.put(f"{column}{row}", f"={value}", theme.LINKED, number=number)
        if key == "margin":  # blank, it is that of block 2 of Inputs
            marked = examples.mark_if(f'AND(Inputs!E{source}="",{examples.held(sheet.book, "in_Margin")}>0)')
        else:
            marked = examples.mark(examples.held(sheet.book, name))
        sheet.put(f"H{row}", f"={marked}", theme.MARK)
    results = {"spend": "out_PlanSpend", "ROI": "out_PlanROI", "ROC": "out_PlanROC", "net": "out_PlanNet"}
    for key, label, unit, formula, number in LINES:
        row = ROW[key]
        strong = key in ("ROI", "ROC", "netROI", "net")
        sheet.put(f"B{row}", label, theme.STRONG if strong else theme.LABEL)
        sheet.put(f"C{row}", unit, theme.UNIT)
        for column in "DEFG":
            cells = {other: f"{column}{at}" for other, at in ROW.items()}
            look = theme.RESULT if strong else theme.CALC
            sheet.put(f"{column}{row}", "=" + formula.format_map(cells), look, number=number)
        if key in results:
            sheet.define(results[key], f"D{row}")
    sheet.losses(f"D{ROW['netROI']}:G{ROW['net']}")


def _return(changed: str, factor: str) -> str:
    """The plan's net return with one driver multiplied; a margin stays below 1."""
    moved = f"$D${ROW[changed]}*{factor}"
    cells = {key: f"$D${row}" for key, row in ROW.items()}
    cells[changed] = f"MIN(1,{moved})" if changed == "margin" else moved
    buyers = "{reach}*{rate}".format_map(cells)
    orders = f"{buyers}*(1+{{reorder}}+{{new}}+{{return}})*{{price}}*{{margin}}".format_map(cells)
    return f"{orders}/({cells['budget']}+{buyers}*{cells['call']})-1"


def _moves(sheet: Sheet) -> None:
    sheet.block(MOVES_ROW, "2  What moves the net return after a year (the plan in use, one driver at a time)", "G")
    sheet.put(f"B{CHANGE_ROW}", "Change tried", theme.LABEL)
    sheet.put(f"C{CHANGE_ROW}", 0.2, theme.INPUT, number=formats.PERCENT)
    sheet.allow_between(f"C{CHANGE_ROW}", 0, 0.9, "By how much each driver is moved down and up.")
    header = FIRST_MOVE - 1
    sheet.header(header, {"B": "Driver"}, {"C": "In use", "D": "Net, driver\ndown", "E": "Net, driver\nup",
                                           "F": "Swing", "G": "Rank"})  # fmt: skip
    sheet.put(f"J{MOVES_ROW}", "What the chart shows", theme.UNIT)
    sheet.header(header, {"J": "Driver, the strongest first"}, {"K": "Down", "L": "Up"})
    look = {key: (label, number) for key, label, _, _, number in DRIVERS}
    swings = f"F${FIRST_MOVE}:F${LAST_MOVE}"
    for row, key in enumerate(MOVED, start=FIRST_MOVE):
        label, number = look[key]
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.put(f"C{row}", f"=D{ROW[key]}", theme.CALC, number=number)
        for column, sign in (("D", "-"), ("E", "+")):
            moved = f'=IFERROR({_return(key, f"(1{sign}$C${CHANGE_ROW})")},"")'
            sheet.put(f"{column}{row}", moved, theme.CALC, number=formats.SIGNED_RATE)
        sheet.put(f"F{row}", f"=ROUND(ABS(N(E{row})-N(D{row})),12)", theme.CALC, number=formats.RATE)
        ties = f"SUMPRODUCT((F${FIRST_MOVE}:F{row}=F{row})*1)"
        sheet.put(f"G{row}", f"=SUMPRODUCT(({swings}>F{row})*1)+{ties}", theme.CALC, number=formats.MONTH)
        found = f"MATCH(ROW()-ROW(J${header}),G${FIRST_MOVE}:G${LAST_MOVE},0)"
        sheet.put(f"J{row}", f"=INDEX(B${FIRST_MOVE}:B${LAST_MOVE},{found})", theme.CALC, theme.LEFT)
        for feed, column in (("K", "D"), ("L", "E")):
            value = f"=N(INDEX({column}${FIRST_MOVE}:{column}${LAST_MOVE},{found}))-N(out_PlanNet)"
            sheet.put(f"{feed}{row}", value, theme.CALC, number=formats.SIGNED_RATE)


def _table(sheet: Sheet) -> None:
    r = TABLE_ROW
    sheet.block(r, "3  The net return after a year, by reorders and by new orders", "H")
    sheet.put(f"B{r + 1}", "Buyers who reorder (down), new orders per buyer (across)", theme.UNIT)
    for column, value in ACROSS:
        sheet.put(f"{column}{r + 1}", value, theme.INPUT, number=formats.CENTS)
    sheet.allow_between(f"D{r + 1}:H{r + 1}", 0, 50, "New orders per buyer in the year.")
    plan = {key: f"$D${row}" for key, row in ROW.items()}
    for row, value in enumerate(DOWN, start=r + 2):
        sheet.put(f"C{row}", value, theme.INPUT, number=formats.PERCENT)
        for column, _ in ACROSS:
            orders = "{buyers}*(1+$C{row}+{column}${head}+{return})*{price}*{margin}".format(
                **plan, row=row, column=column, head=r + 1
            )
            result = f'=IF({plan["spend"]}=0,"",{orders}/{plan["spend"]}-1)'
            sheet.put(f"{column}{row}", result, theme.CALC, theme.CENTRE, number="+0%;-0%;0%")
    sheet.allow_between(f"C{r + 2}:C{r + 1 + len(DOWN)}", 0, 1, "The share of buyers who reorder when called.")
    sheet.ws.conditional_format(f"D{r + 2}:H{r + 1 + len(DOWN)}", {
        "type": "3_color_scale", "min_type": "num", "min_value": -0.5, "min_color": theme.PALE_RED, "mid_type": "num",
        "mid_value": 0, "mid_color": theme.WHITE, "max_type": "num", "max_value": 0.5, "max_color": theme.PALE_TEAL,
    })  # fmt: skip
    note = "Net of spend and margin: at 0% the money is back; below it the table reddens."
    sheet.put(f"B{r + 2 + len(DOWN)}", note, theme.NOTE)


_FEED = f"{FIRST_MOVE}:{{0}}{LAST_MOVE}"
TORNADO_CHART = charts.Plot(
    "bar", "By how much each driver moves the net return after a year",
    "Tornado of bars, the strongest driver on top: by how much the net return changes when a driver falls and when it "
    "rises by the change tried. The numbers stand in block 2 of Scenarios.",
    "Scenarios", "J" + _FEED.format("J"),
    [
        charts.Series("Driver down", "K" + _FEED.format("K"), charts.bar(theme.PALE_BLUES[0])),
        charts.Series("Driver up", "L" + _FEED.format("L"), charts.bar(theme.SLATE)),
    ],
    number="+0%;-0%;0%", gap=40, legend=True, both_signs=True,
)  # fmt: skip

PAGE = Page("Scenarios", "Plan the next campaign; what moves its return", _write)

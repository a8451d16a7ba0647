"""ROI_ROC: one campaign month by month, its stages from ROI to ROC, and what the return is made of."""

from __future__ import annotations

from addin.schema import formats
from addin.schema.terms import FORMER_TYPES, NO_CAMPAIGN, TYPES
from addin.template import charts, theme
from addin.template.months import BOLD, FIRST, LAST, MONTHS, POINTS, PRINTED, Line, write_line
from addin.template.sheet import Page, Sheet, TemplateBook
from addin.template.theme import Style

CURRENCY = "=in_Currency"

FACTS_ROW, MONTH_ROW, STAGES_ROW, PARTS_ROW, CHART_ROW, CHART_END, SOURCE_ROW = 4, 11, 32, 39, 49, 64, 67
LINES = [
    *(f"orders {kind}" for kind in TYPES), "orders", *(f"revenue {kind}" for kind in TYPES), "revenue", "cost",
    "revenue so far", "spend so far", "revenue at once", "spend at once", "ROI", "ROC", "recovered", "break-even",
]  # fmt: skip
ROW = {key: row for row, key in enumerate(LINES, start=MONTH_ROW + 1)}
AT_ONCE_ROW, FOLLOW_UP_ROW, END_ROW = (STAGES_ROW + 2 + step for step in range(3))
PART_ROWS = [PARTS_ROW + 2 + part for part in range(len(TYPES))]
PARTS_TOTAL_ROW = PART_ROWS[-1] + 1
SOURCES = [
    ("From the follow-up log", "tblFollowUps", "Campaign", "Type"),
    ("From the order rows", "tblTransactions", "Counted", "Kind"),
]
SOURCE_HEIGHT = 1 + 2 * len(TYPES)
SOURCE_END_ROW = SOURCE_ROW + len(SOURCES) * SOURCE_HEIGHT
BOTH_ROW = SOURCE_END_ROW + 2
FORMER_ROW = BOTH_ROW + 6
FORMER_END_ROW = FORMER_ROW + 1 + 2 * (1 + 2 * len(FORMER_TYPES))
DRAWN = ("ROI", "ROC")
POINT_ROW = FORMER_END_ROW + 2
DRAWN_ROW = {key: POINT_ROW + 1 + place for place, key in enumerate(DRAWN)}
ENDS_ROW = {key: max(DRAWN_ROW.values()) + 1 + place for place, key in enumerate((*DRAWN, "break-even"))}
"""Where each line of the chart ends, and is named."""
APART_ROW = max(ENDS_ROW.values()) + 2
STEPS = ["ROI: sold at once", "After the first follow-up", "ROC: with all follow-up"]

ROI_TEXT: Style = {"bold": True, "font_color": theme.AMBER_TEXT}
ROC_TEXT: Style = {"bold": True, "font_color": theme.TEAL}


def _timeline() -> list[Line]:
    r = ROW
    orders = [Line(f"orders {kind}", kind, "orders", _from_source("orders", i)) for i, kind in enumerate(TYPES)]
    revenue = [
        Line(f"revenue {kind}", f"Revenue: {kind.lower()}", CURRENCY, _from_source("revenue", i))
        for i, kind in enumerate(TYPES)
    ]
    at_once = f"{{p}}{{row}}+IF({{c}}${MONTH_ROW}<=in_M1,{{c}}{{source}},0)"
    net = "{{c}}{revenue}*in_Margin-{{c}}{spend}"
    no_ratio = f"OR({{{{c}}}}{{spend}}=0,{{{{c}}}}${MONTH_ROW}>out_MonthsCounted)"
    ratio = f'=IF({no_ratio},"",IF(in_ConventionNo=1,{{{{c}}}}{{revenue}},{net})/{{{{c}}}}{{spend}})'
    return [
        *orders,
        Line("orders", "Orders", "orders", f"=SUM({{c}}{r[LINES[0]]}:{{c}}{r['orders'] - 1})", look=BOLD),
        *revenue,
        Line("revenue", "Revenue", CURRENCY, f"=SUM({{c}}{r['orders'] + 1}:{{c}}{r['revenue'] - 1})", look=BOLD),
        Line("cost", "Follow-up cost", CURRENCY,
             "=" + _so_far("SUMIFS(tblFollowUps[Spent],tblFollowUps[Campaign],in_Campaign,tblFollowUps[Month],"
                           f"{{c}}${MONTH_ROW})")),
        Line("revenue so far", "Revenue so far", CURRENCY, f"={{p}}{r['revenue so far']}+{{c}}{r['revenue']}", "last"),
        Line("spend so far", "Spend so far", CURRENCY, f"={{p}}{r['spend so far']}+{{c}}{r['cost']}", "last"),
        Line("revenue at once", "Revenue at once, so far", CURRENCY,
             "=" + at_once.format(c="{c}", p="{p}", row=r["revenue at once"], source=r["revenue"]), "last"),
        Line("spend at once", "Spend at once, so far", CURRENCY,
             "=" + at_once.format(c="{c}", p="{p}", row=r["spend at once"], source=r["cost"]), "last"),
        Line("ROI", "Return, sold at once only (ROI)", "share",
             ratio.format(spend=r["spend at once"], revenue=r["revenue at once"]), "known", formats.RATE, ROI_TEXT),
        Line("ROC", "Return with follow-up (ROC)", "share",
             ratio.format(spend=r["spend so far"], revenue=r["revenue so far"]), "known", formats.RATE, ROC_TEXT),
        Line("recovered", "Spend recovered", "1 = yes",
             f"=IF(AND({{c}}{r['spend so far']}>0,{{c}}{r['revenue so far']}*in_Margin>={{c}}{r['spend so far']}),1,0)",
             "", formats.MONTH),
        Line("break-even", "Break-even line", "share",
             '=IF(in_ConventionNo=1,IF(in_Margin=0,"",1/in_Margin),0)', "", formats.PERCENT),
    ]  # fmt: skip


def _source_row(source: int, measure: str, kind: int) -> int:
    return SOURCE_ROW + 2 + source * SOURCE_HEIGHT + (len(TYPES) if measure == "revenue" else 0) + kind


def _from_source(measure: str, kind: int) -> str:
    log, orders = (_source_row(source, measure, kind) for source in range(2))
    return f"=CHOOSE(in_SourceNo,{{c}}{log},{{c}}{orders})"


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "ROI versus ROC",
        '=IF(out_Lead3="","What did the campaign sell at once, and what did its customers bring later?",out_Headline)',
        tab=theme.TAB_LOOK, widths=[2, 33, 12, 13, 12, *[10] * len(MONTHS)], freeze="E4", last_column=PRINTED,
    )  # fmt: skip
    _facts(sheet)
    _months(sheet)
    _stages(sheet)
    _parts(sheet)
    sheet.chart(RETURN_CHART, f"B{CHART_ROW}", f"G{CHART_END}")
    sheet.chart(PARTS_CHART, f"I{CHART_ROW}", f"{PRINTED}{CHART_END}")
    _sources(sheet)
    _both_sources(sheet)
    _former_types(sheet)
    _drawn(sheet)
    _apart(sheet)
    sheet.print_to(CHART_END)


def _facts(sheet: Sheet) -> None:
    sheet.block(FACTS_ROW, "1  Campaign", "J")
    facts = [
        ("Name", "text", "out_CampaignName", 'tblCampaigns[Name],{m})&"","no such campaign in d_Campaigns")', ""),
        ("Start", "date", "out_Start", 'tblCampaigns[Start],{m}),"")', formats.DATE),
        ("Budget", CURRENCY, "out_Budget", "tblCampaigns[Budget],{m})),0)", formats.WHOLE),
        ("Reach", "people", "out_Reach", "tblCampaigns[Reach],{m})),0)", formats.WHOLE),
    ]
    for row, (label, unit, name, formula, number) in enumerate(facts, start=FACTS_ROW + 1):
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.put(f"C{row}", unit, theme.UNIT)
        opening = "=IFERROR(N(INDEX(" if number == formats.WHOLE else "=IFERROR(INDEX("
        found = opening + formula.format(m="MATCH(in_Campaign,tblCampaigns[Campaign],0)")
        sheet.result(f"D{row}", name, found, theme.LINKED, {"bottom": 0}, theme.LEFT, number=number)
    latest = "CHOOSE(in_SourceNo,out_LastLogged,out_LastOrder)"
    since = "(YEAR(out_DataUntil)-YEAR(out_Start))*12+MONTH(out_DataUntil)-MONTH(out_Start)"
    known = [
        ("Data until", "out_DataUntil", f'=IF(in_Until<>"",in_Until,IF({latest}=0,"",{latest}))', formats.DATE + "_)"),
        ("Months since launch", "out_MonthsKnown", f"=IF(OR(N(out_Start)=0,N(out_DataUntil)=0),-1,{since})",
         formats.MONTH),
        ("Value of an order", "out_OrderValue", f'=IF($D{ROW["orders"]}=0,"",$D{ROW["revenue"]}/$D{ROW["orders"]})',
         formats.CENTS),
        ("Cost of winning a buyer", "out_CAC",
         f'=IF($D{AT_ONCE_ROW}=0,"",$F{AT_ONCE_ROW}/$D{AT_ONCE_ROW})', formats.CENTS),
        ("Months counted, to the horizon", "out_MonthsCounted", "=MIN(in_Horizon,out_MonthsKnown)", formats.MONTH),
    ]  # fmt: skip
    for row, (label, name, formula, number) in enumerate(known, start=FACTS_ROW + 1):
        sheet.put(f"G{row}", label, theme.LABEL)
        sheet.result(f"J{row}", name, formula, theme.CALC, number=number)


def _months(sheet: Sheet) -> None:
    sheet.block(MONTH_ROW - 1, "2  Month by month")
    sheet.header(MONTH_ROW, {"B": "Month since launch", "C": "Unit"}, {"D": "Total"})
    sheet.height(MONTH_ROW, 18)
    sheet.put(f"E{MONTH_ROW}", -1, theme.HEADER_NUMBER, number=formats.padded('"start"', '"start"'))
    for before, column in zip(["E", *MONTHS], MONTHS, strict=False):
        sheet.put(f"{column}{MONTH_ROW}", f"={before}{MONTH_ROW}+1", theme.HEADER_NUMBER, number=formats.MONTH)
    for line in _timeline():
        write_line(sheet, ROW[line.key], line)
    for key in ("spend so far", "spend at once"):
        sheet.put(f"E{ROW[key]}", "=out_Budget", theme.CALC, number=formats.WHOLE)
    row = ROW["recovered"]
    found = f'=IFERROR(INDEX({FIRST}{MONTH_ROW}:{LAST}{MONTH_ROW},MATCH(1,{FIRST}{row}:{LAST}{row},0)),"not yet")'
    sheet.result(f"D{row}", "out_Breakeven", found, number=formats.padded('"month "0'))
    sheet.losses(f"D{ROW['ROI']}:{LAST}{ROW['ROC']}")
    beyond = MONTHS[len(POINTS)]
    for first, last in ((MONTH_ROW + 1, max(ROW.values())), (SOURCE_ROW, FORMER_END_ROW)):
        sheet.when(f"{beyond}{first}:{LAST}{last}", f"={beyond}${MONTH_ROW}>in_Horizon", {"num_format": ";;;"})


def _stages(sheet: Sheet) -> None:
    sheet.block(STAGES_ROW, "3  Campaign stages, from ROI to ROC", "O", money=True)
    sheet.header(STAGES_ROW + 1, {"B": "Milestone"}, {
        "C": "Up to month", "D": "Orders", "E": "Revenue", "F": "Spend", "G": "Gross\nreturn", "H": "Net\nreturn",
        "I": "Profit", "J": "Step, gross", "K": "Leads",
    })  # fmt: skip
    sheet.fill(f"L{STAGES_ROW + 1}", f"O{STAGES_ROW + 1}", theme.HEADER)
    sheet.put(f"L{STAGES_ROW + 1}", "Known", theme.HEADER, theme.LEFT)
    sheet.put(f"N{STAGES_ROW + 1}", "Said beside it", theme.HEADER, theme.LEFT)
    months = f"${FIRST}${MONTH_ROW}:${LAST}${MONTH_ROW}"
    for step, label in enumerate(STEPS, start=1):
        row = STAGES_ROW + 1 + step

        def until(key: str, row: int = row) -> str:
            return f'SUMIFS(${FIRST}${ROW[key]}:${LAST}${ROW[key]},{months},"<="&MIN($C{row},out_MonthsKnown))'

        sheet.put(f"B{row}", label, theme.LABEL, {"bold": step == len(STEPS)})
        sheet.put(f"C{row}", f"=in_M{step}", theme.LINKED, number=formats.MONTH)
        sheet.put(f"D{row}", f"={until('orders')}", theme.CALC, number=formats.WHOLE)
        sheet.put(f"E{row}", f"={until('revenue')}", theme.CALC, number=formats.WHOLE)
        sheet.put(f"F{row}", f"=out_Budget+{until('cost')}", theme.CALC, number=formats.WHOLE)
        sheet.result(f"G{row}", f"out_Gross{step}", f'=IF(F{row}=0,"",E{row}/F{row})', number=formats.RATE)
        sheet.result(f"H{row}", f"out_Net{step}", f'=IF(F{row}=0,"",(E{row}*in_Margin-F{row})/F{row})',
                     number=formats.SIGNED_RATE)  # fmt: skip
        sheet.put(f"I{row}", f"=E{row}*in_Margin-F{row}", theme.CALC, number=formats.WHOLE)
        sheet.put(f"J{row}", f'=IF(G{row}="","",G{row}-N(G{row - 1}))', theme.CALC, number=formats.SIGNED_RATE)
        sheet.result(f"K{row}", f"out_Lead{step}", f"=IF(in_Margin<1,H{row},G{row})", theme.CALC, number=formats.RATE)
        sheet.result(f"L{row}", f"out_SoFar{step}",
                     f'=IF(out_MonthsKnown>=$C{row},"","so far, month "&MAX(0,out_MonthsKnown))',
                     theme.CALC, theme.LEFT)  # fmt: skip
        signed = f'IF($H{row}>0,"+","")&ROUND($H{row}*100,1)&"%"'
        beside = f'=IF(in_Margin<1,"net; gross "&ROUND(N($G{row})*100,1)&"%","gross; net "&{signed})'
        sheet.result(f"N{row}", f"out_Beside{step}", f'=IFERROR({beside[1:]},"")', theme.CALC, theme.LEFT)
    sheet.losses(f"H{AT_ONCE_ROW}:K{END_ROW}")
    sheet.put(f"B{END_ROW + 1}", "Gross = revenue / spend: what the florist article calls ROI, elsewhere ROAS. "
              "Net = (revenue x margin - spend) / spend: ROI as finance counts it.", theme.NOTE)  # fmt: skip


def _parts(sheet: Sheet) -> None:
    sheet.block(PARTS_ROW, "4  What the return is made of", "J", money=True)
    sheet.header(PARTS_ROW + 1, {"B": "Part"}, {
        "C": "Orders", "D": "Revenue", "E": "Of spend", "F": "Base", "G": "Rise after\nmargin",
        "H": "Total after\nmargin",
    })  # fmt: skip
    sheet.fill(f"I{PARTS_ROW + 1}", f"J{PARTS_ROW + 1}", theme.HEADER)
    months = f"${FIRST}${MONTH_ROW}:${LAST}${MONTH_ROW}"
    at_once, reorder, new, repeat = TYPES
    parts = [("Sold at once", []), ("Reorders", [reorder]), ("New orders", [new, at_once]), ("Repeat orders", [repeat])]
    for row, (label, kinds) in zip(PART_ROWS, parts, strict=True):
        sheet.put(f"B{row}", label, theme.LABEL)
        for column, measure, stage in (("C", "orders", "D"), ("D", "revenue", "E")):
            later = f'{months},">"&in_M1,{months},"<="&MIN(in_M3,out_MonthsKnown)'
            lines = (ROW[f"{measure} {kind}"] for kind in kinds)
            sums = [f"SUMIFS(${FIRST}{line}:${LAST}{line},{later})" for line in lines]
            sheet.put(f"{column}{row}", "=" + ("+".join(sums) or f"{stage}{AT_ONCE_ROW}"), theme.CALC,
                      number=formats.WHOLE)  # fmt: skip
        sheet.put(f"E{row}", f'=IF($F${END_ROW}=0,"",D{row}/$F${END_ROW})', theme.CALC, number=formats.RATE)
        sheet.put(f"F{row}", f"=SUM(G${PARTS_ROW + 1}:G{row - 1})", theme.CALC, number=formats.RATE)
        sheet.put(f"G{row}", f"=N(E{row})*in_Margin", theme.CALC, number=formats.RATE)
    row, parts_of = PARTS_TOTAL_ROW, f"{PART_ROWS[0]}:{{c}}{PART_ROWS[-1]}"
    sheet.put(f"B{row}", "ROC", theme.STRONG)
    for column, number in (("C", formats.WHOLE), ("D", formats.WHOLE), ("E", formats.RATE)):
        sheet.put(f"{column}{row}", f"=SUM({column}{parts_of.format(c=column)})", theme.RESULT, number=number)
    sheet.put(f"H{row}", f"=E{row}*in_Margin", theme.CALC, number=formats.RATE)
    note = ("Sold at once = all orders up to the first milestone, whatever their type; the other parts come later. "
            "New orders hold late first sales too; repeat orders are no refunds.")  # fmt: skip
    sheet.put(f"B{row + 1}", note, theme.NOTE)


def _along(row: int) -> str:
    return f"{FIRST}{row}:{PRINTED}{row}"


RETURNS = [
    ("ROI", "ROI", charts.line(theme.AT_ONCE, 2.25, "dash"), "0.0%"),
    ("ROC", "ROC", charts.line(theme.RETURN, 2.75), "0.0%"),
    ("Break-even", "break-even", charts.line(theme.GREY, 1, "round_dot"), ""),
]
RETURN_CHART = charts.Plot(
    "line", "What came back of the spend, by month since launch",
    "Line chart over the months since launch: the return of what was sold at once, dashed; the return "
    "with follow-up, solid; and break-even, dotted; each line is named at its end. The numbers stand in block 2 of "
    "ROI_ROC.",
    "ROI_ROC", _along(POINT_ROW),
    [
        *(charts.Series(name, _along(DRAWN_ROW.get(key, ROW[key])), look) for name, key, look, _ in RETURNS),
        *(charts.Series(name, _along(ENDS_ROW[key]), charts.end_label(look, number))
          for name, key, look, number in RETURNS),
    ],
    number="0%",
)  # fmt: skip


def _of_parts(column: str) -> str:
    return f"{column}{PART_ROWS[0]}:{column}{PARTS_TOTAL_ROW}"


PARTS_CHART = charts.Plot(
    "column", "From ROI to ROC: what each part brought back of the spend, after margin",
    "Waterfall of columns: what was sold at once, then reorders, new orders and repeat orders, each on top "
    "of the ones before, and the share of the spend that they bring back after margin. "
    "The numbers stand in block 4 of ROI_ROC.",
    "ROI_ROC", _of_parts("B"),
    [
        charts.Series("Base", _of_parts("F"), charts.NO_FILL),
        charts.Series("Rise", _of_parts("G"), {
            **charts.bars([theme.AT_ONCE, *[theme.LATER] * 3, theme.RETURN]), **charts.labels("0.0%;;"),
        }),
        charts.Series("Total", _of_parts("H"), {**charts.bar(theme.RETURN), **charts.labels("0.0%;;", theme.WHITE)}),
    ],
    subtype="stacked", number="0%", gap=45,
)  # fmt: skip


def _sources(sheet: Sheet) -> None:
    sheet.block(SOURCE_ROW, "5  Where the orders come from")
    for source, (label, table, campaign, typed) in enumerate(SOURCES):
        heading_row = _source_row(source, "orders", 0) - 1
        sheet.put(f"B{heading_row}", label, theme.UNIT)
        for measure, unit, column in (("orders", "orders", "Orders"), ("revenue", CURRENCY, "Revenue")):
            for kind, name in enumerate(TYPES):
                row = _source_row(source, measure, kind)
                former = [_former_row(source, measure, old) for old, new in FORMER_TYPES.items() if new == name]
                formula = "=" + "+".join(
                    [_so_far(_counted(table, campaign, typed, column, row)), *(f"{{c}}{other}" for other in former)]
                )
                write_line(sheet, row, Line("", name, unit, formula))


def _counted(table: str, campaign: str, kind: str, column: str, row: int) -> str:
    return (
        f"SUMIFS({table}[{column}],{table}[{campaign}],in_Campaign,{table}[{kind}],$B{row},"
        f"{table}[Month],{{c}}${MONTH_ROW})"
    )


def _so_far(counted: str) -> str:
    """What a month comes to: nothing beyond the horizon, or once the data have ended."""
    return f"IF({{c}}${MONTH_ROW}>out_MonthsCounted,0,{counted})"


def _former_row(source: int, measure: str, former: str) -> int:
    place = list(FORMER_TYPES).index(former) + (len(FORMER_TYPES) if measure == "revenue" else 0)
    return FORMER_ROW + 2 + source * (1 + 2 * len(FORMER_TYPES)) + place


def _apart(sheet: Sheet) -> None:
    """Order rows that the timeline leaves out, which is normal use and no fault."""
    sheet.block(APART_ROW, "9  Order rows that stand apart from this campaign's months", "F", money=True)
    sheet.header(APART_ROW + 1, {"B": "Which"}, {"D": "Orders", "E": "Revenue"})
    of_campaign = "tblTransactions[Counted],in_Campaign"
    groups = [
        ("Of this campaign, before it began", f'{of_campaign},tblTransactions[Month],"<0"'),
        (
            "Of this campaign, after horizon or last data",
            f'{of_campaign},tblTransactions[Month],">"&MAX(-1,out_MonthsCounted)',
        ),
        (
            "Of other campaigns",
            'tblTransactions[Counted],"<>"&in_Campaign,tblTransactions[Counted],"?*",'
            f'tblTransactions[Counted],"<>{NO_CAMPAIGN}"',
        ),
        ("Of no campaign", f'tblTransactions[Counted],"{NO_CAMPAIGN}"'),
    ]
    for row, (label, condition) in enumerate(groups, start=APART_ROW + 2):
        sheet.put(f"B{row}", label, theme.LABEL)
        for column, counted in (("D", "Orders"), ("E", "Revenue")):
            summed = f"=SUMIFS(tblTransactions[{counted}],{condition})"
            sheet.put(f"{column}{row}", summed, theme.CALC, number=formats.WHOLE)


def _former_types(sheet: Sheet) -> None:
    """What rows come to that still hold a former name of their type; block 5 adds it to the present one's."""
    sheet.block(FORMER_ROW, "7  Of these, rows with the former name of their type")
    for source, (label, table, campaign, typed) in enumerate(SOURCES):
        sheet.put(f"B{_former_row(source, 'orders', next(iter(FORMER_TYPES))) - 1}", label, theme.UNIT)
        for measure, unit, column in (("orders", "orders", "Orders"), ("revenue", CURRENCY, "Revenue")):
            for former in FORMER_TYPES:
                row = _former_row(source, measure, former)
                write_line(
                    sheet, row, Line("", former, unit, f"={_so_far(_counted(table, campaign, typed, column, row))}")
                )


def _drawn(sheet: Sheet) -> None:
    """The returns as the chart reads them: only #N/A makes Excel leave a month out, and it is shown as a blank."""
    sheet.block(POINT_ROW - 1, "8  What the chart draws, up to the horizon: nothing after the last data")
    sheet.put(f"B{POINT_ROW}", "Month since launch", theme.LABEL)
    for before, column in zip(["E", *POINTS], POINTS, strict=False):
        spread = f"ROUND({column}${MONTH_ROW}*in_Horizon/{len(POINTS) - 1},0)"
        ended = f"AND({spread}>out_MonthsKnown,{before}{POINT_ROW}<out_MonthsKnown)"
        month = f"=IF({ended},out_MonthsKnown,{spread})"
        sheet.put(f"{column}{POINT_ROW}", month, theme.HEADER_NUMBER, number=formats.MONTH)
    lines, last_month = {line.key: line for line in _timeline()}, f"${PRINTED}${POINT_ROW}"
    for key, row in (*DRAWN_ROW.items(), *ENDS_ROW.items()):
        line = lines[key]
        ends = row in ENDS_ROW.values()
        sheet.put(f"B{row}", "End: " * ends + line.label, theme.LABEL)
        sheet.put(f"C{row}", line.unit, theme.UNIT)
        known = f"MIN(out_MonthsKnown,{last_month})" if key in DRAWN else last_month
        for column in POINTS:
            there = f"INDEX(${FIRST}{ROW[key]}:${LAST}{ROW[key]},{column}${POINT_ROW}+1)"
            left_out = f'OR({column}${POINT_ROW}<>{known},{there}="")' if ends else f'{there}=""'
            sheet.put(
                f"{column}{row}", f"=IF({left_out},NA(),{there})", theme.CALC, line.look or {}, number=line.number
            )
    cells = f"{FIRST}{POINT_ROW + 1}:{PRINTED}{max(ENDS_ROW.values())}"
    sheet.when(cells, f"=ISNA({FIRST}{POINT_ROW + 1})", {"font_color": theme.WHITE})


def _both_sources(sheet: Sheet) -> None:
    """The gross stages from each source, whichever of them the sheet shows."""
    sheet.block(BOTH_ROW, "6  The gross return from either source", "F")
    sheet.header(BOTH_ROW + 1, {"B": "Milestone"}, {"C": "Up to month", "D": "From the log", "E": "From orders",
                                                    "F": "Difference"})  # fmt: skip
    for step, label in enumerate(STEPS, start=1):
        row, stage = BOTH_ROW + 1 + step, STAGES_ROW + 1 + step
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.put(f"C{row}", f"=in_M{step}", theme.LINKED, number=formats.MONTH)
        for source, (column, name) in enumerate((("D", "out_FromLog"), ("E", "out_FromOrders"))):
            first, last = (_source_row(source, "revenue", kind) for kind in (0, len(TYPES) - 1))
            months = f"${FIRST}${MONTH_ROW}:${LAST}${MONTH_ROW}<=MIN($C{row},out_MonthsKnown)"
            revenue = f"SUMPRODUCT(({months})*${FIRST}${first}:${LAST}${last})"
            sheet.result(
                f"{column}{row}", f"{name}{step}", f'=IF($F{stage}=0,"",{revenue}/$F{stage})', number=formats.RATE
            )
        sheet.put(f"F{row}", f"=N(D{row})-N(E{row})", theme.CALC, number=formats.SIGNED_RATE)


PAGE = Page("ROI_ROC", "The campaign month by month, and its stages from ROI to ROC", _write)

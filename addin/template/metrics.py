"""Metrics: the add-in's functions on this workbook's data, each beside a native formula that must agree."""

from __future__ import annotations

from dataclasses import dataclass

from addin.template import roi_roc, theme
from addin.template.sheet import Book, Page, Sheet
from addin.template.survey import ASKED_0, ASKED_1
from addin.template.theme import Style

NO_TWIN = "no native formula"
ADD_IN_NEEDED = "add-in needed"


@dataclass(frozen=True)
class Measure:
    """A call of the add-in, and the native formula for the same number, if there is one."""

    label: str
    call: str
    twin: str
    number: str


@dataclass(frozen=True)
class Working:
    """A step of the native formulas; `key` is what they call it."""

    key: str
    label: str
    formula: str
    number: str = theme.WHOLE


def _scale(key: str, name: str, column: str) -> list[Working]:
    answers = f"tblSurvey[{column}]"
    return [
        Working(f"n{key}", f"Answers, {name}", f"=COUNT({answers})"),
        Working(f"p{key}", f"Promoters, {name}", f'=COUNTIF({answers},">="&lst_PromoterMin)'),
        Working(f"d{key}", f"Detractors, {name}", f'=COUNTIF({answers},"<="&lst_DetractorMax)'),
    ]


TOTALS = "tblTransactions[CustomerTotal]"
WORKINGS = [
    *_scale("0", "0 to 10", ASKED_0),
    *_scale("1", "1 to 10", ASKED_1),
    Working("high", "Promoters' share, adjusted", "=({p0}+lst_AddedEach)/({n0}+lst_AddedAnswers)", theme.RATE),
    Working("low", "Detractors' share, adjusted", "=({d0}+lst_AddedEach)/({n0}+lst_AddedAnswers)", theme.RATE),
    Working("width", "Half width of the interval, points",
            "=100*NORMSINV((1+in_Confidence)/2)*SQRT(({high}+{low}-({high}-{low})^2)/({n0}+lst_AddedAnswers))",
            theme.DECIMAL),
    Working("lost", "Customers lost", '=SUMIFS(tblPeriods[Lost],tblPeriods[StartCustomers],">=0")'),
    Working("start", "Customers at the start, months added up",
            '=SUMIFS(tblPeriods[StartCustomers],tblPeriods[Lost],">=0")'),
    Working("churn", "Churn a month", '=IF({start}=0,"",{lost}/{start})', theme.FINE_RATE),
    Working("yearly", "Margin of a customer a year", "=in_Purchases*in_AverageOrder*in_Margin"),
    Working("total", "Revenue of all customers", f"=SUM({TOTALS})"),
    Working("customers", "Customers with orders", f"=COUNT({TOTALS})"),
    Working("best", "Best customers, the last one in part", "=in_TopShare*{customers}", theme.DECIMAL),
    Working("least", "What the last of them brought", f'=IF({{best}}=0,"",LARGE({TOTALS},ROUNDUP({{best}},0)))'),
]  # fmt: skip

ROI, END = roi_roc.AT_ONCE_ROW, roi_roc.END_ROW
PARTS = roi_roc.PART_ROWS
INTERVAL = f'NPS_CI(tblSurvey[{ASKED_0}],"0-10",in_Confidence)'
REVENUE_PARTS = f"ROI_ROC!D{PARTS[0]},ROI_ROC!D{PARTS[1]}:D{PARTS[-1]}"

MEASURES: list[tuple[str, list[Measure]]] = [
    ("1  The campaign", [
        Measure("ROAS: gross return at once", f"ROAS(ROI_ROC!E{ROI},ROI_ROC!F{ROI})", "=out_Gross1", theme.RATE),
        Measure("ROI: net return at once", f"ROI(ROI_ROC!E{ROI}*in_Margin,ROI_ROC!F{ROI})", "=out_Net1",
                theme.SIGNED_RATE),
        Measure("ROC: gross return with follow-up", f"ROC(ROI_ROC!F{END},{REVENUE_PARTS})", "=out_Gross3", theme.RATE),
        Measure("ROC: net return with follow-up", f"ROC(ROI_ROC!F{END},{REVENUE_PARTS},0,0,in_Margin,TRUE)",
                "=out_Net3", theme.SIGNED_RATE),
        Measure("Cost of a buyer", f"CAC(ROI_ROC!F{ROI},ROI_ROC!D{ROI})",
                f'=IF(ROI_ROC!D{ROI}=0,"",ROI_ROC!F{ROI}/ROI_ROC!D{ROI})', theme.CENTS),
        Measure("Cost of a sale to an existing customer", "COST_PER_SALE(in_OddsOld,in_ContactCost)",
                '=IF(in_OddsOld=0,"",in_ContactCost/in_OddsOld)', theme.CENTS),
        Measure("Cost of a sale to a new one", "COST_PER_SALE(in_OddsNew,in_ContactCost)",
                '=IF(in_OddsNew=0,"",in_ContactCost/in_OddsNew)', theme.CENTS),
    ]),
    ("2  Loyalty", [
        Measure("NPS, asked on 0 to 10", f"NPS(tblSurvey[{ASKED_0}])", '=IF({n0}=0,"",({p0}-{d0})/{n0}*100)',
                theme.POINTS),
        Measure("NPS, asked on 1 to 10", f'NPS(tblSurvey[{ASKED_1}],"1-10")', '=IF({n1}=0,"",({p1}-{d1})/{n1}*100)',
                theme.POINTS),
        Measure("NPS 0 to 10, low end of the interval", f"INDEX({INTERVAL},1,1)",
                '=IF({n0}=0,"",MAX(-100,100*({high}-{low})-{width}))', theme.POINTS),
        Measure("NPS 0 to 10, high end of the interval", f"INDEX({INTERVAL},1,2)",
                '=IF({n0}=0,"",MIN(100,100*({high}-{low})+{width}))', theme.POINTS),
        Measure("Word of mouth, mentions", "WORD_OF_MOUTH({p0},{d0},in_TellGood,in_TellBad)",
                "={p0}*in_TellGood-{d0}*in_TellBad", theme.WHOLE),
    ]),
    ("3  Churn", [
        Measure("Churn a month", "CHURN(tblPeriods[Lost],tblPeriods[StartCustomers])", "={churn}", theme.FINE_RATE),
        Measure("Churn a year", "CHURN_CONVERT({churn},1,12)", '=IF({churn}="","",1-(1-{churn})^12)', theme.RATE),
        Measure("Lifespan, months", "LIFESPAN({churn})", '=IF(N({churn})=0,"",1/{churn})', theme.DECIMAL),
        Measure("Lifespan, years", 'LIFESPAN({churn},"years")', '=IF(N({churn})=0,"",1/{churn}/12)', theme.DECIMAL),
    ]),
    ("4  Value", [
        Measure("A customer for life", "CLV(in_Years,in_Purchases,in_AverageOrder,in_Margin)", "={yearly}*in_Years",
                theme.WHOLE),
        Measure("A customer for life, discounted", "CLV(in_Years,in_Purchases,in_AverageOrder,in_Margin,in_Discount)",
                "=-PV(in_Discount,in_Years,{yearly})", theme.WHOLE),
        Measure("What the best customers bring", f"PARETO_SHARE({TOTALS},in_TopShare)",
                f'=IF({{total}}=0,"",(SUMIFS({TOTALS},{TOTALS},">"&{{least}})'
                f'+{{least}}*({{best}}-COUNTIF({TOTALS},">"&{{least}})))/{{total}})', theme.RATE),
        Measure("Concentration of revenue (Gini)", f"GINI({TOTALS})", NO_TWIN, theme.INDEX),
    ]),
]  # fmt: skip

HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1
LAST_ROW = HEADER_ROW + sum(1 + len(measures) for _, measures in MEASURES)
WORKINGS_ROW = LAST_ROW + 2
STATE_ROW = WORKINGS_ROW + len(WORKINGS) + 2
CELL = {working.key: f"$E${row}" for row, working in enumerate(WORKINGS, start=WORKINGS_ROW + 1)}
AGREES = f"Metrics!G{FIRST_ROW}:G{LAST_ROW}"


def _write(book: Book) -> None:
    sheet = Sheet(
        book, PAGE.name, "Metrics", "Do the add-in's functions and the native formulas give the same numbers?",
        tab=theme.TAB_FUNCTIONS, widths=[2, 40, 74, 17, 18, 15, 11], freeze="C5",
    )  # fmt: skip
    sheet.header(HEADER_ROW, {"B": "Measure", "C": "Formula in column D"}, {
        "D": "Live (add-in)", "E": "Native twin", "F": "Last refresh", "G": "Agrees",
    })  # fmt: skip
    row = FIRST_ROW
    for heading, measures in MEASURES:
        sheet.block(row, heading)
        for row, measure in enumerate(measures, start=row + 1):  # noqa: B020  # the rows go on from the heading
            _measure(sheet, row, measure)
        row += 1
    sheet.block(WORKINGS_ROW, "5  Steps of the native formulas")
    for row, working in enumerate(WORKINGS, start=WORKINGS_ROW + 1):
        sheet.put(f"B{row}", working.label, theme.LABEL)
        sheet.put(f"E{row}", working.formula.format_map(CELL), theme.CALC, number=working.number)
    _state(sheet)
    sheet.print_to(STATE_ROW + len(STATES))


def _measure(sheet: Sheet, row: int, measure: Measure) -> None:
    call, twin = measure.call.format_map(CELL), measure.twin.format_map(CELL)
    sheet.put(f"B{row}", measure.label, theme.LABEL)
    sheet.code(f"C{row}", f"={call}")
    live = f'=IFERROR({call},IF(OR({ANSWERS},F{row}=""),out_NoAnswer,F{row}))'
    sheet.put(f"D{row}", live, theme.FUNCTION, number=measure.number)
    unlike = {"font_color": theme.GREY, "font_size": 9} if twin == NO_TWIN else {}
    sheet.put(f"E{row}", twin, theme.CALC, unlike, number=measure.number)
    sheet.put(f"F{row}", None, theme.SAVED, number=measure.number)
    agrees = (
        f'=IF(COUNT(D{row}:E{row})<2,"–",IF(ABS(D{row}-E{row})<=lst_Tolerance*MAX(1,ABS(E{row})),"OK",out_Difference))'
    )
    sheet.put(f"G{row}", agrees, theme.CALC)


ANSWERS = 'out_AddinAnswers="yes"'
STATES: list[tuple[str, str, str, Style]] = [
    ("Add-in answers", "out_AddinAnswers", '=IFERROR(IF(NPS_COUNTS(1,0,0)>0,"yes","no"),"no")', theme.CALC),
    ("Where it gives no number", "out_NoAnswer", f'=IF({ANSWERS},"no answer","{ADD_IN_NEEDED}")', theme.CALC),
    ("Where the numbers differ", "out_Difference", f'=IF({ANSWERS},"differs","stale")', theme.CALC),
    ("Add-in", "out_AddinState",
     f'=IF({ANSWERS},"The add-in answers: purple cells are live",'
     '"The add-in does not answer: purple cells show the last refresh; all else is live")',
     {**theme.CALC, **theme.LEFT}),
]  # fmt: skip


def _state(sheet: Sheet) -> None:
    sheet.block(STATE_ROW, "6  State of the add-in")
    for row, (label, name, formula, style) in enumerate(STATES, start=STATE_ROW + 1):
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.result(f"C{row}", name, formula, style, theme.LEFT)


PAGE = Page("Metrics", "The add-in's functions beside native formulas for the same numbers", _write)

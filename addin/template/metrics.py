"""Metrics: the add-in's functions on this workbook's data, each beside a native formula that must agree."""

from __future__ import annotations

from dataclasses import dataclass

from addin.schema import formats
from addin.schema.tables.survey import ASKED_0, ASKED_1
from addin.schema.terms import SCALES
from addin.template import loyalty, pyramid, relations, roi_roc, theme, value
from addin.template.sheet import Page, Sheet, TemplateBook
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


TOTALS = "tblTransactions[CustomerTotal]"
ASKED = {"0": (f"tblSurvey[{ASKED_0}]", loyalty.SCALE_ROWS[SCALES[0]]),
         "1": (f"tblSurvey[{ASKED_1}]", loyalty.SCALE_ROWS[SCALES[1]])}  # fmt: skip
ONE = value.ONE_ROW
ALL_MONTHS = f"Loyalty!D{loyalty.CHURN_ROWS[-1]}"
CASE = value.CALCULATOR_ROW
PARTNERS = relations.TOTAL_ROW
TOP = pyramid.FIRST_ROW
ROI, END = roi_roc.AT_ONCE_ROW, roi_roc.END_ROW
PARTS = roi_roc.PART_ROWS
INTERVAL = f'NPS_CI({ASKED["0"][0]},"0-10",in_Confidence)'
SCORED = ASKED["0"][1]
REVENUE_PARTS = f"ROI_ROC!D{PARTS[0]},ROI_ROC!D{PARTS[1]}:D{PARTS[-1]}"

MEASURES: list[tuple[str, list[Measure]]] = [
    ("1  The campaign", [
        Measure("ROAS: gross return at once", f"ROAS(ROI_ROC!E{ROI},ROI_ROC!F{ROI})", "=out_Gross1", formats.RATE),
        Measure("ROI: net return at once", f"ROI(ROI_ROC!E{ROI}*in_Margin,ROI_ROC!F{ROI})", "=out_Net1",
                formats.SIGNED_RATE),
        Measure("ROC: gross return with follow-up", f"ROC(ROI_ROC!F{END},{REVENUE_PARTS})", "=out_Gross3",
                formats.RATE),
        Measure("ROC: net return with follow-up", f"ROC(ROI_ROC!F{END},{REVENUE_PARTS},0,0,in_Margin,TRUE)",
                "=out_Net3", formats.SIGNED_RATE),
        Measure("Cost of winning a buyer", f"CAC(ROI_ROC!F{ROI},ROI_ROC!D{ROI})",
                "=out_CAC", formats.CENTS),
        Measure("Contacts of one sale to an existing customer", "COST_PER_SALE(in_OddsOld,in_ContactCost)",
                '=IF(in_OddsOld=0,"",in_ContactCost/in_OddsOld)', formats.CENTS),
        Measure("Contacts of one sale to a new one", "COST_PER_SALE(in_OddsNew,in_ContactCost)",
                '=IF(in_OddsNew=0,"",in_ContactCost/in_OddsNew)', formats.CENTS),
    ]),
    ("2  Loyalty", [
        *(
            Measure(f"NPS, asked on {scale}", f'NPS({answers},"{scale.replace(" to ", "-")}")', f"=Loyalty!J{row}",
                    formats.POINTS)
            for scale, (answers, row) in zip(SCALES, ASKED.values(), strict=True)
        ),
        Measure("NPS 0 to 10, low end of the interval", f"INDEX({INTERVAL},1,1)", f"=Loyalty!L{SCORED}",
                formats.POINTS),
        Measure("NPS 0 to 10, high end of the interval", f"INDEX({INTERVAL},1,2)", f"=Loyalty!M{SCORED}",
                formats.POINTS),
        Measure("Word of mouth, mentions", f"WORD_OF_MOUTH(Loyalty!F{SCORED},Loyalty!D{SCORED},in_TellGood,in_TellBad)",
                f"=Loyalty!F{SCORED}*in_TellGood-Loyalty!D{SCORED}*in_TellBad", formats.WHOLE),
    ]),
    ("3  Churn", [
        Measure("Churn a month, all months", "CHURN(tblPeriods[Lost],tblPeriods[StartCustomers])", f"={ALL_MONTHS}",
                formats.FINE_RATE),
        Measure("Churn used, a year", "CHURN_CONVERT(out_Churn,1,12)", '=IF(out_Churn="","",1-(1-out_Churn)^12)',
                formats.RATE),
        Measure("Lifespan, months", "LIFESPAN(out_Churn)", f"=Loyalty!D{loyalty.USED_ROW + 2}", formats.DECIMAL),
        Measure("Lifespan, years", 'LIFESPAN(out_Churn,"years")', "=out_LifeYears", formats.DECIMAL),
    ]),
    ("4  Value", [
        Measure("A customer for life", "CLV(in_Years,in_Purchases,in_AverageOrder,in_Margin)", f"=Value!G{ONE}",
                formats.WHOLE),
        Measure("A customer for life, discounted", "CLV(in_Years,in_Purchases,in_AverageOrder,in_Margin,in_Discount)",
                f"=Value!H{ONE}", formats.WHOLE),
        Measure("What the best customers bring", f"PARETO_SHARE({TOTALS},in_TopShare)",
                f"=Value!G{value.PARETO_ROW + 2}", formats.RATE),
        Measure("Concentration of revenue (Gini)", f"GINI({TOTALS})", NO_TWIN, formats.INDEX),
        Measure("What less churn adds to the value", f"RETENTION_PROFIT(1-Value!C{CASE},1-Value!E{CASE},in_Discount)",
                f"=Value!G{CASE}", formats.SIGNED_RATE),
    ]),
    ("5  Engagement and relations", [
        Measure("Value of one who tells others",
                f'ENGAGEMENT_VALUE(IF(Pyramid!E{TOP}="",Pyramid!F{TOP},Pyramid!E{TOP}),out_OrderValue,'
                f"Pyramid!G{TOP},Pyramid!H{TOP},Pyramid!I{TOP},in_Margin)",
                f"=Pyramid!L{TOP}", formats.CENTS),
        Measure("Return on relationship",
                f"ROR(Relations!H{PARTNERS},Relations!E{PARTNERS}*60,in_HourCost,Relations!D{PARTNERS})", "=out_ROR",
                formats.RATE),
    ]),
]  # fmt: skip

HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1
LAST_ROW = HEADER_ROW + sum(1 + len(measures) for _, measures in MEASURES)
STATE_ROW = LAST_ROW + 2
AGREES = f"Metrics!G{FIRST_ROW}:G{LAST_ROW}"


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Metrics", "Do the add-in's functions and the native formulas give the same numbers?",
        tab=theme.TAB_WORK, widths=[2, 42, 82, 17, 18, 15, 11], freeze="C5",
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
    _state(sheet)
    sheet.print_to(STATE_ROW + len(STATES) + 2)


def _measure(sheet: Sheet, row: int, measure: Measure) -> None:
    call, twin = measure.call, measure.twin
    sheet.put(f"B{row}", measure.label, theme.LABEL)
    sheet.code(f"C{row}", f"={call}", {"text_wrap": True})
    sheet.fit_height(row, {"C": f"={call}"})
    live = f'=IFERROR({call},IF(OR({ANSWERS},F{row}=""),out_NoAnswer,F{row}))'
    sheet.put(f"D{row}", live, theme.FUNCTION, number=measure.number)
    unlike = {"font_color": theme.GREY, "font_size": 9} if twin == NO_TWIN else {}
    sheet.put(f"E{row}", twin, theme.CALC, unlike, number=measure.number)
    sheet.put(f"F{row}", None, theme.SAVED, number=measure.number)
    agrees = (
        f'=IF(COUNT(D{row}:E{row})<2,"–",IF(ABS(D{row}-E{row})<=lst_Tolerance*MAX(1,ABS(E{row})),"OK",out_Difference))'
    )
    sheet.stored(f"G{row}", agrees, theme.CALC)


ANSWERS = 'out_AddinAnswers="yes"'
ANSWERING = '=IFERROR(IF(NPS_COUNTS(1,0,0)>0,"yes","no"),"no")'
STATES: list[tuple[str, str, str, Style]] = [
    ("Where it gives no number", "out_NoAnswer", f'=IF({ANSWERS},"no answer","{ADD_IN_NEEDED}")', theme.CALC),
    ("Where the numbers differ", "out_Difference", f'=IF({ANSWERS},"differs","stale")', theme.CALC),
    ("Add-in", "out_AddinState",
     f'=IF({ANSWERS},"The add-in answers: purple cells are live",'
     '"The add-in does not answer: purple cells show the last refresh; all else is live")',
     {**theme.CALC, **theme.LEFT}),
]  # fmt: skip


def _state(sheet: Sheet) -> None:
    sheet.block(STATE_ROW, "6  State of the add-in")
    sheet.put(f"B{STATE_ROW + 1}", "Add-in answers", theme.LABEL)
    sheet.stored(f"C{STATE_ROW + 1}", ANSWERING, theme.CALC, theme.LEFT)
    sheet.define("out_AddinAnswers", f"C{STATE_ROW + 1}")
    for row, (label, name, formula, style) in enumerate(STATES, start=STATE_ROW + 2):
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.result(f"C{row}", name, formula, style, theme.LEFT)
    sheet.put(f"B{row + 1}", "Last refresh", theme.LABEL)
    sheet.result(f"C{row + 1}", "out_LastRefresh", None, theme.SAVED, theme.LEFT)


PAGE = Page("Metrics", "The add-in's functions beside native formulas for the same numbers", _write)

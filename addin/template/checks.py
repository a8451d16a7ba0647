"""Checks: tests of the data and the model, and the flag that every sheet shows."""

from __future__ import annotations

from dataclasses import dataclass

from addin.schema import sample
from addin.schema.tables.survey import ASKED_0, ASKED_1
from addin.template import (
    cohorts,
    lifecycle,
    loyalty,
    pyramid,
    relations,
    roi_roc,
    scenarios,
    theme,
    value,
)
from addin.template.metrics import AGREES
from addin.template.sheet import Page, Sheet, TemplateBook

OK, CHECK, NO_DATA, ERROR = "OK", "CHECK", "no data", "ERROR"


@dataclass(frozen=True)
class Check:
    """Two numbers that must agree; an empty left side means that there is nothing to test yet."""

    test: str
    left: str
    right: str | float
    tolerance: float = 0


def _both_sources(log: str, orders: str) -> tuple[str, str]:
    none = "COUNT(tblFollowUps[Orders])*COUNT(tblTransactions[Units])=0"
    return f'=IF({none},"",SUM(tblFollowUps[{log}]))', f"=SUM(tblTransactions[{orders}])"


def _caught(key: str, log: str, orders: str) -> tuple[str, str]:
    """The timeline's total, and the same from the table that Inputs names."""
    every = (
        f"=CHOOSE(in_SourceNo,SUMIFS(tblFollowUps[{log}],tblFollowUps[Campaign],in_Campaign),"
        f"SUMIFS(tblTransactions[{orders}],tblTransactions[Campaign],in_Campaign))"
    )
    return f'=IF({{right}}=0,"",ROI_ROC!D{roi_roc.ROW[key]})', every


def _sample_step(step: int) -> str:
    """A stage, while the florist's campaign and milestones are selected."""
    shown = f'in_Campaign="{sample.CAMPAIGN}",out_CampaignName="{sample.campaigns()[0][1]}"'
    return f'=IF(AND({shown},in_M1=1,in_M2=4,in_M3=12),out_Gross{step},"")'


def _known(table: str) -> tuple[str, str]:
    """Rows whose campaign has a start, and rows that name a campaign."""
    named = f"COUNTA({table}[Campaign])"
    return f'=IF({named}=0,"",COUNT({table}[Start]))', f"={named}"


GIVEN = "COUNTA(tblSurvey[Score])"
ON_SCALE = f"COUNTIFS(tblSurvey[{ASKED_0}],\">=0\",tblSurvey[{ASKED_0}],\"<=10\")" \
          f"+COUNTIFS(tblSurvey[{ASKED_1}],\">=1\",tblSurvey[{ASKED_1}],\"<=10\")"  # fmt: skip
END = roi_roc.PARTS_TOTAL_ROW
CUSTOMERS = "COUNTA(tblCustomers[Customer])"
S0, S1 = loyalty.SCALE_ROWS.values()
PLAN = scenarios.ROW["ROC"]
MODEL = {
    "ROI_ROC": f"ROI_ROC!D5:R{END},ROI_ROC!D{roi_roc.SOURCE_ROW}:R{roi_roc.BOTH_ROW + 4}",
    "Pyramid and Lifecycle": f"Pyramid!C6:J{pyramid.CURVE_LAST},Lifecycle!C6:G{lifecycle.FEED_LAST}",
    "Loyalty and Value": f"Loyalty!C6:M{loyalty.SEGMENT_ROW + 7},Value!C6:J{value.CALCULATOR_ROW + 2}",
    "Cohorts and Relations": f"Cohorts!B7:P{cohorts.ALL_ROW},Relations!D6:J{relations.CHART_END}",
    "Scenarios": f"Scenarios!D6:L{scenarios.TABLE_ROW + 6}",
}
"""The figures of every model sheet."""

CHECKS = [
    Check("Log and order rows: as many orders", *_both_sources("Orders", "Units")),
    Check("Log and order rows: the same revenue", *_both_sources("Revenue", "Revenue"), 0.005),
    Check("ROI_ROC catches every order of the campaign", *_caught("orders", "Orders", "Units")),
    Check("ROI_ROC catches all revenue of the campaign", *_caught("revenue", "Revenue", "Revenue"), 0.005),
    Check("Parts add up to the gross return", f'=IF(out_Gross3="","",ROI_ROC!E{END})', "=out_Gross3", 1e-9),
    Check("Every row of the log names a known campaign", *_known("tblFollowUps")),
    Check("Every order names a known campaign", *_known("tblTransactions")),
    Check("No order id stands twice", '=IF(COUNTA(tblTransactions[Order])=0,"",SUM(tblTransactions[Repeated]))', 0),
    Check("Every answer is a number on its scale", f'=IF({GIVEN}=0,"",{ON_SCALE})', f"={GIVEN}"),
    Check("A month starts with the customers of the month before",
          '=IF(COUNT(tblPeriods[Gap])=0,"",SUMSQ(tblPeriods[Gap]))', 0),
    Check("No customer id stands twice", '=IF(COUNTA(tblCustomers[Customer])=0,"",SUM(tblCustomers[Repeated]))', 0),
    Check("Every order names a known customer",
          f'=IF({CUSTOMERS}*COUNTA(tblTransactions[Customer])=0,"",COUNT(tblTransactions[Age]))',
          "=COUNTA(tblTransactions[Customer])"),
    Check("No order is older than its customer", f'=IF({CUSTOMERS}=0,"",COUNTIF(tblTransactions[Age],"<0"))', 0),
    Check("Revenue of customers and of orders is the same",
          f'=IF({CUSTOMERS}*COUNTA(tblTransactions[Customer])=0,"",SUM(tblCustomers[Revenue]))',
          "=SUM(tblTransactions[Revenue])", 0.005),
    Check("Every customer stands on one level of Pyramid",
          f'=IF({CUSTOMERS}=0,"",SUM(Pyramid!C{pyramid.FIRST_ROW}:C{pyramid.LOOKING_ROW})-in_Lookers)',
          f"={CUSTOMERS}"),
    Check("Every source of a customer is on the list", f'=IF({CUSTOMERS}=0,"",SUM(tblCustomers[SourceKnown]))',
          "=COUNTA(tblCustomers[Source])"),
    Check("Every segment of a customer is in d_Segments",
          '=IF(COUNTA(tblCustomers[Segment])*COUNTA(tblSegments[Segment])=0,"",SUM(tblCustomers[SegmentKnown]))',
          "=COUNTA(tblCustomers[Segment])"),
    Check("Detractors, passives and promoters are all answers",
          f'=IF(SUM(Loyalty!C{S0}:C{S1})=0,"",SUM(Loyalty!D{S0}:F{S1}))', f"=SUM(Loyalty!C{S0}:C{S1})"),
    Check("No partner id stands twice", '=IF(COUNTA(tblPartners[Partner])=0,"",SUM(tblPartners[Repeated]))', 0),
    Check("Every introduction names a known partner",
          '=IF(COUNTA(tblIntros[Partner])=0,"",SUM(tblIntros[PartnerKnown]))', "=COUNTA(tblIntros[Partner])"),
    Check("The plan in use is that of its scenario",
          '=IF(out_PlanROC="","",out_PlanROC)', f"=INDEX(Scenarios!E{PLAN}:G{PLAN},in_ScenarioNo)", 1e-12),
    Check("Milestones are in order", "=IF(AND(in_M1<=in_M2,in_M2<=in_M3),1,0)", 1),
    *(
        Check(f"Sample only: {text}", _sample_step(step), gross, 1e-12)
        for step, (text, gross) in enumerate(
            [("the florist sells 60% of the spend at once", 0.6), ("69% after the call", 0.69),
             ("127.5% after a year", 1.275)], start=1)
    ),
    *(Check(f"No error values on {sheet}", f"=IF(ISERROR(SUM({cells})),1,0)", 0) for sheet, cells in MODEL.items()),
    Check("Add-in and native formulas agree on Metrics",
          f'=IF(COUNTIF({AGREES},"OK")+COUNTIF({AGREES},"differs")=0,"",COUNTIF({AGREES},"differs"))', 0),
]  # fmt: skip

OVERALL_ROW, HEADER_ROW = 4, 5
FIRST_ROW, LAST_ROW = HEADER_ROW + 1, HEADER_ROW + len(CHECKS)
RESULTS = f"G{FIRST_ROW}:G{LAST_ROW}"


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Checks", "May the numbers be shared? Every line says OK, or no data where a table is empty.",
        tab=theme.TAB_CHECKS, widths=[2, 6, 66, 15, 15, 15, 13], freeze="A6",
    )  # fmt: skip
    sheet.put(f"C{OVERALL_ROW}", "Overall", theme.STRONG)
    passed = f'COUNTIF({RESULTS},"{OK}")+COUNTIF({RESULTS},"{NO_DATA}")'
    sheet.put(f"D{OVERALL_ROW}", f"={passed}", theme.CALC, number='0" passed"')
    sheet.put(f"E{OVERALL_ROW}", f"=ROWS({RESULTS})-D{OVERALL_ROW}", theme.CALC, number='0" failed"')
    overall = f'=IF(E{OVERALL_ROW}=0,"{OK}","{CHECK}")'
    sheet.result(f"G{OVERALL_ROW}", "chk_All", overall, theme.RESULT, theme.CENTRE)
    sheet.header(HEADER_ROW, {"B": "No", "C": "Test"}, {"D": "Left", "E": "Right", "F": "Tolerance", "G": "Result"})
    for number, check in enumerate(CHECKS, start=1):
        row = HEADER_ROW + number
        sheet.put(f"B{row}", number, theme.UNIT, theme.CENTRE)
        sheet.put(f"C{row}", check.test, theme.LABEL)
        sheet.put(f"D{row}", check.left.format(right=f"E{row}") if "{right}" in check.left else check.left, theme.CALC)
        sheet.put(f"E{row}", check.right, theme.CALC)
        sheet.put(f"F{row}", check.tolerance, theme.CALC)
        compared = f'IF(ABS(D{row}-E{row})<=F{row},"{OK}","{CHECK}")'
        sheet.put(f"G{row}", f'=IFERROR(IF(D{row}="","{NO_DATA}",{compared}),"{ERROR}")', theme.RESULT, theme.CENTRE)
    for cells in (RESULTS, f"G{OVERALL_ROW}"):
        first = cells.split(":")[0]
        sheet.when(cells, f'={first}="{OK}"', {"font_color": theme.LINK_GREEN, "bg_color": theme.PALE_GREEN})
        failed = f'=OR({first}="{CHECK}",{first}="{ERROR}")'
        sheet.when(cells, failed, {"font_color": theme.WHITE, "bg_color": theme.BRICK})
    sheet.print_to(LAST_ROW)


PAGE = Page("Checks", "Tests of data and model, and the overall flag", _write)

"""Checks: tests of the data and the model, and the flag that every sheet shows."""

from __future__ import annotations

from dataclasses import dataclass

from addin.schema import SAMPLE_MARK, ColumnKind, entered_tables, formats, sample, schemas
from addin.schema.formulas import HEADER_ROW as TABLE_HEADER
from addin.schema.tables.survey import ASKED_0, ASKED_1
from addin.schema.terms import NO, YES
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
from addin.values import column_letters

OK, CHECK, NO_DATA, ERROR = "OK", "CHECK", "no data", "ERROR"


@dataclass(frozen=True)
class Check:
    """Two numbers that must agree; an empty left side means that there is nothing to test yet."""

    test: str
    left: str
    right: str | float
    tolerance: float = 0
    where: str = ""
    """A formula for the cell to look at where the test fails."""


def _if_florist(value: str, *conditions: str) -> str:
    tests = ",".join([f'chk_Florist="{YES}"', *conditions])
    return f'=IF(AND({tests}),{value},"")'


MILESTONES = [f"in_M{step}={month}" for step, month in enumerate(sample.MILESTONES, start=1)]


def _caught(key: str, log: str, orders: str) -> tuple[str, str]:
    """The timeline's total, and the same from the table that Inputs names."""
    every = f"=CHOOSE(in_SourceNo,SUMIFS(tblFollowUps[{log}],tblFollowUps[Campaign],in_Campaign),{orders})"
    return f'=IF({{right}}=0,"",ROI_ROC!D{roi_roc.ROW[key]})', every


def _florist() -> str:
    """Whether all rows of campaigns, log and orders are the sample's, and its campaign is selected."""
    untouched = [
        f'COUNTIF({marks},"*{SAMPLE_MARK}*")=ROWS({marks})'
        for table in (schemas()[name] for name in ("tblCampaigns", "tblFollowUps", "tblTransactions"))
        for marks in [f"{table.name}[{table.sample_mark}]"]
    ]
    tests = [f'in_Campaign="{sample.CAMPAIGN}"', *untouched]
    return f'=IF(AND({",".join(tests)}),"{YES}","{NO}")'


@dataclass(frozen=True)
class NumberColumn:
    """A typed column of numbers or dates, where a text would count as nothing."""

    table: str
    name: str
    heading: str
    """Its sheet and letter, to which a row is added."""

    @property
    def cells(self) -> str:
        """Its cells, in a formula."""
        return f"{self.table}[{self.name}]"


NUMBER_COLUMNS = [
    NumberColumn(table.name, column.name, f"{table.sheet}!{column_letters(place + 1)}")
    for table in entered_tables().values()
    for place, column in enumerate(table.columns, start=1)
    if not column.formula and column.kind in (ColumnKind.NUMBER, ColumnKind.DATE)
]


def _first_repeated(table: str, column: str) -> str:
    """The cell of the first id that stands above too."""
    return f'="{schemas()[table].sheet}!B"&({TABLE_HEADER}+MATCH(1,{table}[{column}],0))'


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
    "Pyramid and Lifecycle": f"Pyramid!C6:O{pyramid.CURVE_LAST},Lifecycle!C6:G{lifecycle.FEED_LAST}",
    "Loyalty and Value": f"Loyalty!C6:M{loyalty.SEGMENT_ROW + 7},Value!C6:J{value.CALCULATOR_ROW + 2}",
    "Cohorts and Relations": f"Cohorts!B7:P{cohorts.ALL_ROW},Relations!D6:J{relations.CHART_END}",
    "Scenarios": f"Scenarios!D6:L{scenarios.TABLE_ROW + 6}",
}
"""The figures of every model sheet."""

CHECKS = [
    Check("Every number is a number, every date a date", "=SUM({texts})", 0,
          where='=INDEX({firsts},MATCH("?*",{firsts},0))'),
    Check("Sample only: log and order rows have as many orders", _if_florist("SUM(tblFollowUps[Orders])"),
          '=COUNTIF(tblTransactions[Units],">0")'),
    Check("Sample only: log and order rows have the same revenue", _if_florist("SUM(tblFollowUps[Revenue])"),
          "=SUM(tblTransactions[Revenue])", 0.005),
    Check("ROI_ROC catches every order of the campaign", *_caught(
        "orders", "Orders", 'COUNTIFS(tblTransactions[Campaign],in_Campaign,tblTransactions[Units],">0")')),
    Check("ROI_ROC catches all revenue of the campaign", *_caught(
        "revenue", "Revenue", "SUMIFS(tblTransactions[Revenue],tblTransactions[Campaign],in_Campaign)"), 0.005),
    Check("Parts add up to the gross return", f'=IF(out_Gross3="","",ROI_ROC!E{END})', "=out_Gross3", 1e-9),
    Check("Every row of the log names a known campaign", *_known("tblFollowUps")),
    Check("Every order names a known campaign", *_known("tblTransactions")),
    Check("No order id stands twice", '=IF(COUNTA(tblTransactions[Order])=0,"",SUM(tblTransactions[Repeated]))', 0,
          where=_first_repeated("tblTransactions", "Repeated")),
    Check("Every answer is a number on its scale", f'=IF({GIVEN}=0,"",{ON_SCALE})', f"={GIVEN}"),
    Check("A month starts with the customers of the month before",
          '=IF(COUNT(tblPeriods[Gap])=0,"",SUMSQ(tblPeriods[Gap]))', 0),
    Check("No customer id stands twice", '=IF(COUNTA(tblCustomers[Customer])=0,"",SUM(tblCustomers[Repeated]))', 0,
          where=_first_repeated("tblCustomers", "Repeated")),
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
    Check("No partner id stands twice", '=IF(COUNTA(tblPartners[Partner])=0,"",SUM(tblPartners[Repeated]))', 0,
          where=_first_repeated("tblPartners", "Repeated")),
    Check("Every introduction names a known partner",
          '=IF(COUNTA(tblIntros[Partner])=0,"",SUM(tblIntros[PartnerKnown]))', "=COUNTA(tblIntros[Partner])"),
    Check("The plan in use is that of its scenario",
          '=IF(out_PlanROC="","",out_PlanROC)', f"=INDEX(Scenarios!E{PLAN}:G{PLAN},in_ScenarioNo)", 1e-12),
    Check("Milestones are in order", "=IF(AND(in_M1<=in_M2,in_M2<=in_M3),1,0)", 1),
    *(
        Check(f"Sample only: {text}", _if_florist(f"out_Gross{step}", *MILESTONES), gross, 1e-12)
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
TEXTS_ROW = LAST_ROW + 4
TEXTS, FIRSTS = (f"{column}{TEXTS_ROW + 1}:{column}{TEXTS_ROW + len(NUMBER_COLUMNS)}" for column in "DH")


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Checks", "May the numbers be shared? Every line says OK, or no data where a table is empty.",
        tab=theme.TAB_CHECKS, widths=[2, 6, 66, 15, 15, 15, 13, 24], freeze="A6",
    )  # fmt: skip
    sheet.put(f"C{OVERALL_ROW}", "Overall", theme.STRONG)
    passed = f'COUNTIF({RESULTS},"{OK}")+COUNTIF({RESULTS},"{NO_DATA}")'
    sheet.put(f"D{OVERALL_ROW}", f"={passed}", theme.CALC, number='0" passed"')
    sheet.put(f"E{OVERALL_ROW}", f"=ROWS({RESULTS})-D{OVERALL_ROW}", theme.CALC, number='0" failed"')
    overall = f'=IF(E{OVERALL_ROW}=0,"{OK}","{CHECK}")'
    sheet.result(f"G{OVERALL_ROW}", "chk_All", overall, theme.RESULT, theme.CENTRE)
    sheet.put(f"H{OVERALL_ROW}", f'=IFERROR(INDEX(H{FIRST_ROW}:H{LAST_ROW},MATCH("?*",H{FIRST_ROW}:H{LAST_ROW},0)),"")')
    sheet.header(HEADER_ROW, {"B": "No", "C": "Test", "H": "Look at"}, {
        "D": "Left", "E": "Right", "F": "Tolerance", "G": "Result",
    })  # fmt: skip
    for number, check in enumerate(CHECKS, start=1):
        row = HEADER_ROW + number
        sheet.put(f"B{row}", number, theme.UNIT, theme.CENTRE)
        sheet.put(f"C{row}", check.test, theme.LABEL)
        left = check.left.replace("{right}", f"E{row}").replace("{texts}", TEXTS)
        sheet.put(f"D{row}", left, theme.CALC)
        if check.where:
            place = check.where.removeprefix("=").replace("{firsts}", FIRSTS)
            sheet.put(f"H{row}", f'=IFERROR(IF(G{row}="{CHECK}",{place},""),"")', theme.CALC, theme.LEFT)
        sheet.put(f"E{row}", check.right, theme.CALC)
        sheet.put(f"F{row}", check.tolerance, theme.CALC)
        compared = f'IF(ABS(D{row}-E{row})<=F{row},"{OK}","{CHECK}")'
        sheet.put(f"G{row}", f'=IFERROR(IF(D{row}="","{NO_DATA}",{compared}),"{ERROR}")', theme.RESULT, theme.CENTRE)
    for cells in (RESULTS, f"G{OVERALL_ROW}"):
        first = cells.split(":")[0]
        sheet.when(cells, f'={first}="{OK}"', {"font_color": theme.LINK_GREEN, "bg_color": theme.PALE_GREEN})
        failed = f'=OR({first}="{CHECK}",{first}="{ERROR}")'
        sheet.when(cells, failed, {"font_color": theme.WHITE, "bg_color": theme.BRICK})
    _number_columns(sheet)
    sheet.print_to(LAST_ROW)


def _number_columns(sheet: Sheet) -> None:
    sheet.put(f"C{LAST_ROW + 2}", "The sample stands as it came, and its campaign is shown", theme.LABEL)
    sheet.result(f"D{LAST_ROW + 2}", "chk_Florist", _florist(), theme.CALC)
    sheet.header(TEXTS_ROW, {"B": "No", "C": "Column of numbers or dates", "H": "First of them"},
                 {"D": "Texts in it"})  # fmt: skip
    for number, column in enumerate(NUMBER_COLUMNS, start=1):
        row = TEXTS_ROW + number
        sheet.put(f"B{row}", number, theme.UNIT, theme.CENTRE)
        sheet.put(f"C{row}", column.cells, theme.LABEL)
        sheet.put(f"D{row}", f"=COUNTA({column.cells})-COUNT({column.cells})", theme.CALC, number=formats.WHOLE)
        first = f'"{column.heading}"&({TABLE_HEADER}+MATCH("?*",{column.cells},0))'
        sheet.put(f"H{row}", f'=IF(D{row}=0,"",IFERROR({first},"{column.heading}"))', theme.CALC, theme.LEFT)


PAGE = Page("Checks", "Tests of data and model, and the overall flag", _write)

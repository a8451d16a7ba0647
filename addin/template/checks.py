"""Checks: tests of the data and the model, and the flag that every sheet shows."""

from __future__ import annotations

from dataclasses import dataclass

from addin.schema import SAMPLE_MARK, ColumnKind, TableSchema, entered_tables, formats, sample, schemas
from addin.schema.formulas import HEADER_ROW as TABLE_HEADER
from addin.schema.tables.survey import ASKED_0, ASKED_1
from addin.schema.terms import CHECK, ERROR, NO, NO_CAMPAIGN, NO_DATA, OK, YES
from addin.template import (
    campaigns,
    cohorts,
    complaints,
    examples,
    follow_up,
    forecast,
    ideas,
    lifecycle,
    loyalty,
    pyramid,
    relations,
    roi_roc,
    scenarios,
    theme,
)
from addin.template.charts import absolute
from addin.template.data_sheet import FIRST_ROW as FIRST_DATA_ROW
from addin.template.metrics import AGREES
from addin.template.months import LAST as LAST_MONTH
from addin.template.sheet import Page, Sheet, TemplateBook
from addin.values import LAST_ROW as SHEET_END
from addin.values import column_letters


@dataclass(frozen=True)
class Check:
    """Two numbers that must agree; an empty left side means that there is nothing to test yet."""

    test: str
    left: str
    right: str | float
    tolerance: float = 0
    where: str = ""
    """A formula for the cell to look at where the test fails."""


def _if_sample_only(value: str, *conditions: str) -> str:
    tests = ",".join([f'chk_SampleOnly="{YES}"', *conditions])
    return f'=IF(AND({tests}),{value},"")'


MILESTONES = [f"in_M{step}={month}" for step, month in enumerate(sample.MILESTONES, start=1)]


def _caught(key: str, column: str, apart: str) -> tuple[str, str]:
    """The timeline's total, and the same from the table that Inputs names, without what lies outside its months."""
    log = f"SUMIFS(tblFollowUps[{column}],tblFollowUps[Campaign],in_Campaign,tblFollowUps[Month],"
    log += '"<="&out_MonthsCounted)'
    orders = f"SUMIFS(tblTransactions[{column}],tblTransactions[Counted],in_Campaign)"
    orders += f"-SUM(ROI_ROC!{apart}{roi_roc.APART_ROW + 2}:{apart}{roi_roc.APART_ROW + 3})"
    return f'=IF({{right}}=0,"",ROI_ROC!D{roi_roc.ROW[key]})', f"=CHOOSE(in_SourceNo,{log},{orders})"


def _sample_only() -> str:
    """Whether all rows of campaigns, log and orders are the sample's, its campaign is selected, and its rule stands."""
    others = [
        f'COUNTIF({marks},"<>*{SAMPLE_MARK}*")'
        for table in (schemas()[name] for name in ("tblCampaigns", "tblFollowUps", "tblTransactions"))
        for marks in [f"{table.name}[{table.sample_mark}]"]
    ]
    shown = f'in_Campaign="{sample.CAMPAIGN}",in_WhoseNo=1'
    return f'=IF(AND({shown},{"+".join(others)}=0),"{YES}","{NO}")'


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


def _beneath(table: TableSchema) -> Check:
    """Rows under a table that has not grown over them, as happens outside Excel: no other formula sees them."""
    column = column_letters(2 + list(table.typed).index(table.telling))
    cells = f"{table.sheet}!${column}${FIRST_DATA_ROW}:${column}${SHEET_END}"
    counted = f"=COUNTA({cells})-COUNTA({table.name}[{table.telling}])"
    return Check(f"No row stands beneath the table of {table.sheet}", counted, 0)


DATED = ("tblFollowUps", "tblTransactions")


def _far(table: str) -> str:
    return f'COUNTIF({table}[Date],">"&out_FarOff)'


def _last_cell(table: str, column: str) -> str:
    """The cell of the latest date, in a formula."""
    return f'"{schemas()[table].sheet}!{column}"&({TABLE_HEADER}+MATCH(MAX({table}[Date]),{table}[Date],0))'


GIVEN = "COUNTA(tblSurvey[Score])"
ON_SCALE = f"COUNTIFS(tblSurvey[{ASKED_0}],\">=0\",tblSurvey[{ASKED_0}],\"<=10\")" \
          f"+COUNTIFS(tblSurvey[{ASKED_1}],\">=1\",tblSurvey[{ASKED_1}],\"<=10\")"  # fmt: skip
END = roi_roc.PARTS_TOTAL_ROW
CUSTOMERS = "COUNTA(tblCustomers[Customer])"
ID_COLUMNS = [f"{table}[Customer]" for table in ("tblCustomers", "tblTransactions", "tblSurvey")]
IDS = ",".join(ID_COLUMNS)
PADDED = "+".join(f"COUNTIF({ids},{blank})" for ids in ID_COLUMNS for blank in ('" *"', '"* "'))
"""Both tell what Excel's lookups take for different ids, and the add-in for one."""
S0, S1 = loyalty.SCALE_ROWS.values()
PLAN = scenarios.ROW["ROC"]
MODEL = {
    "Campaigns": f"Campaigns!E{campaigns.FIRST_ROW}:AS{campaigns.LAST_ROW}",
    "ROI_ROC": f"ROI_ROC!D5:{LAST_MONTH}{END},ROI_ROC!D{roi_roc.SOURCE_ROW}:{LAST_MONTH}{roi_roc.BOTH_ROW + 4}",
    "Pyramid": f"Pyramid!C6:O{lifecycle.LOG_TOTAL}",
    "Loyalty and Value": f"Loyalty!C6:M{loyalty.COMPLAINTS_ROW + 1 + complaints.SHOWN},Value!C6:J{forecast.LAST_POINT}",
    "Cohorts, FollowUp and Relations": f"Cohorts!B7:{cohorts.LAST_AGE}{cohorts.ALL_ROW},"
    f"FollowUp!D8:N{follow_up.LAST_CALL},Relations!D6:M{relations.CHART_END}",
    "Scenarios": f"Scenarios!D6:L{scenarios.IDEAS_ROW + 1 + ideas.SHOWN}",
}
"""The figures of every model sheet."""

WITHOUT = f'SUMIFS(tblTransactions[Revenue],tblTransactions[Counted],"{NO_CAMPAIGN}")'

CHECKS = [
    Check("Every number is a number, every date a date", "=SUM({texts})", 0,
          where='=INDEX({firsts},MATCH("?*",{firsts},0))'),
    Check("Sample only: log and order rows have as many orders", _if_sample_only("SUM(tblFollowUps[Orders])"),
          "=SUM(tblTransactions[Orders])"),
    Check("Sample only: log and order rows have the same revenue", _if_sample_only("SUM(tblFollowUps[Revenue])"),
          "=SUM(tblTransactions[Revenue])", 0.005),
    Check("ROI_ROC catches every order of the campaign", *_caught("orders", "Orders", "D")),
    Check("ROI_ROC catches all revenue of the campaign", *_caught("revenue", "Revenue", "E"), 0.005),
    Check("Parts add up to the gross return", f'=IF(out_Gross3="","",ROI_ROC!E{END})', "=out_Gross3", 1e-9),
    Check("Every row of the log names a known campaign",
          '=IF(COUNTA(tblFollowUps[Campaign])=0,"",COUNT(tblFollowUps[Start]))', "=COUNTA(tblFollowUps[Campaign])"),
    Check("Every order names a known campaign",
          '=IF(COUNTA(tblTransactions[Campaign])=0,"",COUNTIF(tblTransactions[Mark],"*Unknown campaign."))', 0),
    Check('The sum over the campaigns and "No campaign" is all revenue',
          f'=IF(COUNTA(tblTransactions[Customer])=0,"",SUM(tblCampaigns[Counts])+{WITHOUT})',
          "=SUM(tblTransactions[Revenue])", 0.005),
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
    Check("Milestones are in order", "=IF(AND(in_M1<=in_M2,in_M2<=in_M3,in_M3<=in_Horizon),1,0)", 1),
    *(
        Check(f"Sample only: {text}", _if_sample_only(f"out_Gross{step}", *MILESTONES), gross, 1e-12)
        for step, (text, gross) in enumerate(
            [("the florist sells 60% of the spend at once", 0.6), ("69% after the call", 0.69),
             ("127.5% after a year", 1.275)], start=1)
    ),
    *(Check(f"No error values on {sheet}", f"=IF(ISERROR(SUM({cells})),1,0)", 0) for sheet, cells in MODEL.items()),
    Check("Add-in and native formulas agree on Metrics",
          f'=IF(COUNTIF({AGREES},"OK")+COUNTIF({AGREES},"differs")=0,"",COUNTIF({AGREES},"differs"))', 0),
    Check("Customer ids are all texts, or all numbers", f"=MIN(COUNT({IDS}),COUNTA({IDS})-COUNT({IDS}))", 0),
    Check("No customer id has a blank around it", f"={PADDED}", 0),
    *map(_beneath, entered_tables().values()),
    Check("No date lies a year after the last refresh and nearly all others", f"={'+'.join(map(_far, DATED))}", 0,
          where=f"=IF({_far(DATED[0])}>0,{_last_cell(DATED[0], 'D')},{_last_cell(DATED[1], 'C')})"),
    Check("No month loses more customers than it began with",
          "=SUMPRODUCT((tblPeriods[Lost]>tblPeriods[StartCustomers])*1)", 0, where='="d_Periods"'),
    Check("Every number typed on a sheet lies within its limits", "=SUM({outside})", 0,
          where='=INDEX({places},MATCH("?*",{places},0))'),
    Check("No control group has more buyers than people",
          "=SUMPRODUCT((tblCampaigns[ControlBuyers]>tblCampaigns[Control])*1)", 0),
]  # fmt: skip

OVERALL_ROW, HEADER_ROW = 4, 5
FIRST_ROW, LAST_ROW = HEADER_ROW + 1, HEADER_ROW + len(CHECKS)
RESULTS = f"G{FIRST_ROW}:G{LAST_ROW}"
TEXTS_ROW = LAST_ROW + 4
LIMITS_ROW = TEXTS_ROW + len(NUMBER_COLUMNS) + 2
TEXTS, FIRSTS = (f"{column}{TEXTS_ROW + 1}:{column}{TEXTS_ROW + len(NUMBER_COLUMNS)}" for column in "DH")


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Checks", "May the numbers be shared? Every line says OK, or no data where a table is empty.",
        tab=theme.TAB_WORK, widths=[2, 6, 66, 15, 15, 15, 13, 24, *examples.WIDTHS], freeze="A6",
        last_column="H",
    )  # fmt: skip
    sheet.put(f"C{OVERALL_ROW}", "Overall", theme.STRONG)
    passed = f'COUNTIF({RESULTS},"{OK}")+COUNTIF({RESULTS},"{NO_DATA}")'
    sheet.put(f"D{OVERALL_ROW}", f"={passed}", theme.CALC, number='0" passed"')
    sheet.put(f"E{OVERALL_ROW}", f"=ROWS({RESULTS})-D{OVERALL_ROW}", theme.CALC, number='0" failed"')
    overall = f'=IF(E{OVERALL_ROW}=0,"{OK}","{CHECK}")'
    sheet.stored(f"G{OVERALL_ROW}", overall, theme.RESULT, theme.CENTRE)
    sheet.define("chk_All", f"G{OVERALL_ROW}")
    sheet.put(f"H{OVERALL_ROW}", f'=IFERROR(INDEX(H{FIRST_ROW}:H{LAST_ROW},MATCH("?*",H{FIRST_ROW}:H{LAST_ROW},0)),"")')
    sheet.header(HEADER_ROW, {"B": "No", "C": "Test", "H": "Look at"}, {
        "D": "Left", "E": "Right", "F": "Tolerance", "G": "Result",
    })  # fmt: skip
    outside, places = (f"{column}{LIMITS_ROW + 1}:{column}{LIMITS_ROW + len(book.limits)}" for column in "FH")
    for number, check in enumerate(CHECKS, start=1):
        row = HEADER_ROW + number
        sheet.put(f"B{row}", number, theme.UNIT, theme.CENTRE)
        sheet.put(f"C{row}", check.test, theme.LABEL)
        left = check.left.replace("{right}", f"E{row}").replace("{texts}", TEXTS).replace("{outside}", outside)
        sheet.put(f"D{row}", left, theme.CALC, number=formats.PLAIN)
        if check.where:
            place = check.where.removeprefix("=").replace("{firsts}", FIRSTS).replace("{places}", places)
            sheet.put(f"H{row}", f'=IFERROR(IF(G{row}="{CHECK}",{place},""),"")', theme.CALC, theme.LEFT)
        sheet.put(f"E{row}", check.right, theme.CALC, number=formats.PLAIN)
        sheet.put(f"F{row}", check.tolerance, theme.CALC, number=formats.SMALL if check.tolerance else formats.WHOLE)
        compared = f'IF(ABS(D{row}-E{row})<=F{row},"{OK}","{CHECK}")'
        sheet.stored(f"G{row}", f'=IFERROR(IF(D{row}="","{NO_DATA}",{compared}),"{ERROR}")', theme.RESULT, theme.CENTRE)
    for cells in (RESULTS, f"G{OVERALL_ROW}"):
        first = cells.split(":")[0]
        sheet.when(cells, f'={first}="{OK}"', {"font_color": theme.LINK_GREEN, "bg_color": theme.PALE_GREEN})
        failed = f'=OR({first}="{CHECK}",{first}="{ERROR}")'
        sheet.when(cells, failed, {"font_color": theme.WHITE, "bg_color": theme.BRICK})
    _number_columns(sheet)
    _limits(sheet)
    examples.write(sheet)
    sheet.print_to(LAST_ROW)


def _number_columns(sheet: Sheet) -> None:
    sheet.put(f"C{LAST_ROW + 2}", "The sample stands as it came, and its campaign is shown", theme.LABEL)
    sheet.stored(f"D{LAST_ROW + 2}", _sample_only(), theme.CALC)
    sheet.define("chk_SampleOnly", f"D{LAST_ROW + 2}")
    sheet.header(TEXTS_ROW, {"B": "No", "C": "Column of numbers or dates", "H": "First of them"},
                 {"D": "Texts in it"})  # fmt: skip
    for number, column in enumerate(NUMBER_COLUMNS, start=1):
        row = TEXTS_ROW + number
        sheet.put(f"B{row}", number, theme.UNIT, theme.CENTRE)
        sheet.stored(f"C{row}", column.cells, theme.LABEL)
        sheet.put(f"D{row}", f"=COUNTA({column.cells})-COUNT({column.cells})", theme.CALC, number=formats.WHOLE)
        first = f'"{column.heading}"&({TABLE_HEADER}+MATCH("?*",{column.cells},0))'
        sheet.put(f"H{row}", f'=IF(D{row}=0,"",IFERROR({first},"{column.heading}"))', theme.CALC, theme.LEFT)


def _limits(sheet: Sheet) -> None:
    """What may be pasted over a cell that lets nobody type it."""
    sheet.header(LIMITS_ROW, {"B": "No", "C": "Inputs and their limits", "H": "First of them"},
                 {"D": "From", "E": "To", "F": "Beyond"})  # fmt: skip
    for number, (cells, low, high) in enumerate(sheet.book.limits, start=1):
        row = LIMITS_ROW + number
        sheet.put(f"B{row}", number, theme.UNIT, theme.CENTRE)
        sheet.stored(f"C{row}", cells, theme.LABEL)
        sheet.put(f"D{row}", low, theme.CALC)
        sheet.put(f"E{row}", high, theme.CALC)
        name, _, area = cells.partition("!")
        there = f"{name}!{absolute(area)}"
        sheet.put(f"F{row}", f'=COUNTIF({there},"<"&D{row})+COUNTIF({there},">"&E{row})', theme.CALC,
                  number=formats.WHOLE)  # fmt: skip
        sheet.put(f"H{row}", f'=IF(F{row}=0,"",C{row})', theme.CALC, theme.LEFT)


PAGE = Page("Checks", "Tests of data and model, and the overall flag", _write)

"""Lists: pick lists, thresholds, and the texts and flags that several sheets show."""

from __future__ import annotations

from addin.template import theme
from addin.template.sheet import Book, Page, Sheet
from addin.template.theme import Style

TYPES = ["Immediate sale", "Follow-up reorder", "New order", "Return order"]
SCALES = ["0 to 10", "1 to 10"]
"""Not written 0-10 and 1-10: a spreadsheet turns a typed 1-10 into a date."""

LISTS = [
    ("Scenarios", "lst_Scenarios", ["Base", "Cautious", "Ambitious"]),
    ("Returns", "lst_Conventions", ["Gross", "Net"]),
    ("Order sources", "lst_Sources", ["Log", "Transactions"]),
    ("Order types", "lst_Types", [*TYPES, "Response"]),
    ("Survey scales", "lst_Scales", SCALES),
]

SETTINGS: list[tuple[str, str, float, float, float, str]] = [
    ("Highest detractor score", "lst_DetractorMax", 6, 0, 10, "Up to 6 on both scales; 7 and 8 are passives."),
    ("Lowest promoter score", "lst_PromoterMin", 9, 0, 10, "Both scales: 9 and 10 are promoters."),
    (
        "Answers added for the interval",
        "lst_AddedAnswers",
        3,
        0,
        10,
        "As the adjusted Wald interval does (Rocks 2016).",
    ),
    ("Promoters and detractors among them", "lst_AddedEach", 0.75, 0, 5, "That many of each; the rest are passives."),
    ("Tolerance of comparisons", "lst_Tolerance", 1e-6, 0, 0.01, "Relative difference up to which two numbers agree."),
]

SAMPLE_ROWS = (
    '=COUNTIF(tblCampaigns[Name],"*sample*")+COUNTIF(tblFollowUps[Note],"*sample*")'
    '+COUNTIF(tblTransactions[Order],"*sample*")+COUNTIF(tblSurvey[Answer],"*sample*")'
    '+COUNTIF(tblPeriods[Note],"*sample*")'
)
HEADLINE = (
    '=IF(out_Gross3="","No result yet: fill d_Campaigns and d_FollowUps.",'
    '"The campaign brought back "&ROUND(out_Gross1*100,1)&"% of its spend at once, "&ROUND(out_Gross2*100,1)'
    '&"% by the first follow-up, "&ROUND(out_Gross3*100,1)&"% in all.")'
)
HEADLINE_NET = (
    '=IF(out_Net3="","","Net of the spend: "&ROUND(out_Net1*100,1)&"%, "&ROUND(out_Net2*100,1)'
    '&"%, "&ROUND(out_Net3*100,1)&"%. Spend recovered: "'
    '&IF(ISNUMBER(out_Breakeven),"in month "&out_Breakeven,"not yet")&".")'
)
STATES: list[tuple[str, str, str, Style]] = [
    ("Scenario number", "in_ScenarioNo", "=IFERROR(MATCH(in_Scenario,lst_Scenarios,0),1)", theme.CALC),
    ("Return number", "in_ConventionNo", "=IFERROR(MATCH(in_Convention,lst_Conventions,0),1)", theme.CALC),
    ("Order source number", "in_SourceNo", "=IFERROR(MATCH(in_Source,lst_Sources,0),1)", theme.CALC),
    ("Sample rows in the tables", "out_SampleRows", SAMPLE_ROWS, theme.CALC),
    ("Overall status", "out_Status", '=IF(chk_All="OK","Checks: OK","Checks: LOOK")', {**theme.CALC, **theme.LEFT}),
    ("Headline", "out_Headline", HEADLINE, {**theme.CALC, **theme.LEFT}),
    ("Headline, net", "out_HeadlineNet", HEADLINE_NET, {**theme.CALC, **theme.LEFT}),
]  # fmt: skip

FIRST_ITEM_ROW = 5
SETTINGS_ROW = 12


def _write(book: Book) -> None:
    sheet = Sheet(
        book, PAGE.name, "Lists and settings", "Pick lists, thresholds and texts that the other sheets use",
        tab=theme.TAB_DATA, widths=[2, 38, 22, 22, 22, 22, 22], freeze="A5",
    )  # fmt: skip
    columns = "BCDEF"
    sheet.header(FIRST_ITEM_ROW - 1, {c: heading for c, (heading, _, _) in zip(columns, LISTS, strict=True)}, {})
    for column, (_, name, items) in zip(columns, LISTS, strict=True):
        for row, item in enumerate(items, start=FIRST_ITEM_ROW):
            sheet.put(f"{column}{row}", item, theme.CALC, theme.LEFT)
        sheet.define(name, f"{column}{FIRST_ITEM_ROW}:{column}{FIRST_ITEM_ROW + len(items) - 1}")
    _settings(sheet)


def _settings(sheet: Sheet) -> None:
    row = SETTINGS_ROW
    sheet.block(row, "Settings and states")
    for label, name, value, low, high, message in SETTINGS:
        row += 1
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.result(f"C{row}", name, value, theme.INPUT)
        sheet.put(f"D{row}", message, theme.NOTE)
        sheet.allow_between(f"C{row}", low, high, message)
    for label, name, formula, style in STATES:
        row += 1
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.result(f"C{row}", name, formula, style)
    sheet.print_to(row)


PAGE = Page("Lists", "Pick lists, thresholds and texts", _write)

"""Lists: pick lists, thresholds, and the texts and flags that several sheets show."""

from __future__ import annotations

from dataclasses import dataclass

from addin.schema import SAMPLE_MARK, formats, schemas
from addin.schema.terms import (
    ACTIVE,
    BOTH_SCALES,
    CHANNEL_MARKS,
    CHANNELS,
    CHURNS,
    GONE,
    KINDS,
    LEVELS,
    NO,
    ORDER_SOURCES,
    OUTCOMES,
    REFERRAL,
    SCALES,
    STAGES,
    TRACKED,
    TYPES,
    UNKNOWN,
    WHOSE,
    YES,
)
from addin.template import theme
from addin.template.baseline import COMPARED
from addin.template.forecast import EXPECTED_SAID, LIFETIME
from addin.template.sheet import Page, Sheet, TemplateBook
from addin.template.theme import Style


@dataclass(frozen=True)
class PickList:
    """What may be picked; `own` says that the user may change the items, `pick` to what."""

    heading: str
    name: str
    items: list[str]
    own: bool = False
    pick: str = ""


RANKS = [
    "Net return",
    "ROC",
    "ROI at once",
    "CAC, lowest first",
    "CLV : CAC",
    "Revenue",
    "Spend",
    "ROC beyond baseline",
]
"""As the score of tblCampaigns chooses among them."""

BANDS = [
    [
        PickList("Scenarios", "lst_Scenarios", ["Base", "Cautious", "Ambitious"]),
        PickList("Returns", "lst_Conventions", ["Gross", "Net"]),
        PickList("Order sources", "lst_OrderSources", ORDER_SOURCES),
        PickList("Order types", "lst_Types", [*TYPES, "Response"]),
        PickList("Survey scales", "lst_Scales", SCALES),
        PickList("Answers shown", "lst_AnswersShown", [*SCALES, BOTH_SCALES]),
        PickList("Churn used", "lst_Churns", CHURNS),
    ],
    [
        PickList("Levels, from the top", "lst_Levels", LEVELS),
        PickList("Stages, from the top", "lst_Stages", STAGES),
        PickList("Heard of us by", "lst_Channels", CHANNELS, own=True),
        PickList("Which is", "lst_ChannelMarks", list(CHANNEL_MARKS), own=True, pick="lst_Marks"),
        PickList("State of a customer", "lst_States", [ACTIVE, GONE]),
        PickList("Yes or no", "lst_YesNo", [YES, NO]),
        PickList("Kinds of partner", "lst_Kinds", KINDS, own=True),
    ],
    [
        PickList("Outcomes", "lst_Outcomes", OUTCOMES),
        PickList("A channel is", "lst_Marks", [TRACKED, REFERRAL, UNKNOWN]),
        PickList("Rank campaigns by", "lst_Ranks", RANKS),
        PickList("Campaign of an order", "lst_Whose", WHOSE),
    ],
]

SETTINGS: list[tuple[str, str, float, float, float, str]] = [
    ("Highest detractor score", "lst_DetractorMax", 6, 0, 10, "Up to 6 on both scales; 7 and 8 are passives."),
    ("Lowest promoter score", "lst_PromoterMin", 9, 0, 10, "Both scales: 9 and 10 are promoters."),
    ("Answers added for the interval", "lst_AddedAnswers", 3, 0, 10, "As in the adjusted Wald interval (Rocks 2016)."),
    ("Promoters and detractors among them", "lst_AddedEach", 0.75, 0, 5, "That many of each; the rest are passives."),
    ("Months in the small firm's churn", "lst_ChurnMonths", 6, 1, 12, "Article: lost in six months, divided by 6."),
    ("Contacts by which a group's rate is drawn", "lst_MeanWeight", 20, 0, 10000, "On FollowUp, to the mean of all."),
    ("Share of dates that may be typed wrong", "lst_WrongDates", 0.05, 0, 0.5, "So few, a year later, are wrong."),
    ("Tolerance of comparisons", "lst_Tolerance", 1e-6, 0, 0.01, "Relative difference up to which two numbers agree."),
]  # fmt: skip

COUNTED_FIRST = ("tblCampaigns", "tblFollowUps", "tblTransactions", "tblSurvey")
"""Sample rows are counted in two cells, since one formula for all tables would be too long to read."""


def _sample_rows(*, first: bool) -> str:
    marked = (table for table in schemas().values() if table.sample())
    counted = (
        f'COUNTIF({table.name}[{table.sample_mark}],"*{SAMPLE_MARK}*")'
        for table in marked
        if (table.name in COUNTED_FIRST) is first
    )
    return "+".join(counted)


def _percents(name: str) -> list[str]:
    return [f'ROUND({name}{step}*100,1)&"%' for step in (1, 2, 3)]


LEADS, GROSS, NET = (_percents(name) for name in ("out_Lead", "out_Gross", "out_Net"))
HEADLINE_OPENING = (
    '=IF(in_Margin<1,"At a margin of "&ROUND(in_Margin*100,1)&"% the net return is","The campaign brought back")'
)
HEADLINE = (
    f'=IF(out_Lead3="",out_NoReturn,out_HeadlineOpening&" "&{LEADS[0]}"'
    '&IF(in_Margin<1,""," of its spend")&" at once, "'
    f'&{LEADS[1]} by the first follow-up, "&{LEADS[2]} "&out_InAll&"; "&out_Baseline&".")'
)
NO_RETURN = (
    '=IF(ISNA(MATCH(in_Campaign,tblCampaigns[Campaign],0)),"No result yet: fill d_Campaigns and d_FollowUps.",'
    '"No return yet, since nothing was spent: put the Budget of "&in_Campaign&" into d_Campaigns.")'
)
OTHER_RETURN = (
    f'=IFERROR(IF(in_Margin<1,"Gross: "&{GROSS[0]}, "&{GROSS[1]}, "&{GROSS[2]} of the spend.",'
    f'"Net of the spend: "&{NET[0]}, "&{NET[1]}, "&{NET[2]}."),"")'
)
SECOND_LINE = (
    '=IF(out_Lead3="","",out_OtherReturn&" Spend recovered: "'
    '&IF(ISNUMBER(out_Breakeven),"in month "&out_Breakeven,"not yet")&".")'
)
NO_FORECAST = (
    "=CHOOSE(1+(SUM(tblTransactions[Orders])>0)*(1+(SUM(tblTransactions[Orders])>COUNT(tblTransactions[CustomerTotal]))"
    '*(1+(out_LastRefresh<>""))),"no order in d_Transactions","no customer has bought twice yet","Refresh all",'
    '"no model fits these orders")'
)
REFRESH_DAY = '=IFERROR(DATEVALUE(LEFT(out_LastRefresh,FIND(" ",out_LastRefresh)-1)),0)'


def _nearly_last(dates: str, later: str) -> str:
    """A date that no more than so many are later than, which may be typed wrong."""
    return f"=IFERROR(LARGE({dates},MIN(COUNT({dates}),1+{later})),0)"


def _nearly_last_of(table: str) -> str:
    return _nearly_last(f"{table}[Date]", f"ROUNDUP(COUNT({table}[Date])*lst_WrongDates,0)")


_LATEST = "MAX(out_RefreshDay,out_NearlyLastLaunch,out_NearlyLastLogged,out_NearlyLastOrder)"
FAR_OFF = f"=IF({_LATEST}=0,0,EDATE({_LATEST},12))"
"""A year after the last refresh, and after all but the last few dates there are; 0 where there is none, since the
months of early 1900 differ between Excel and LibreOffice."""
NO_CUSTOMERS = (
    '=IF(OR(COUNTA(tblCustomers[Customer])>0,COUNTA(tblTransactions[Customer])=0),"",'
    '"Orders are there, and d_Customers is empty: fill it, a row for each customer, and this sheet counts them.")'
)


def _last_date(table: str) -> str:
    dates = f"{table}[Date]"
    return f'=IFERROR(LARGE({dates},1+COUNTIF({dates},">"&out_FarOff)),0)'


BANNER = '=IF(out_SampleRows>0,"SAMPLE DATA",IF(out_Examples>0,"EXAMPLE VALUES: "&out_Examples,""))'
TEXT_STATE: Style = {**theme.CALC, **theme.LEFT}
DAY_STATE: Style = {**theme.CALC, "num_format": formats.DATE + "_)"}
STATES: list[tuple[str, str, str, Style]] = [
    ("Scenario number", "in_ScenarioNo", "=IFERROR(MATCH(in_Scenario,lst_Scenarios,0),1)", theme.CALC),
    ("Return number", "in_ConventionNo", "=IFERROR(MATCH(in_Convention,lst_Conventions,0),1)", theme.CALC),
    ("Order source number", "in_SourceNo", "=IFERROR(MATCH(in_Source,lst_OrderSources,0),1)", theme.CALC),
    ("Number of the answers shown", "in_AnswersNo", "=IFERROR(MATCH(in_Answers,lst_AnswersShown,0),1)", theme.CALC),
    ("Number of the rule for an order's campaign", "in_WhoseNo", "=IFERROR(MATCH(in_Whose,lst_Whose,0),1)", theme.CALC),
    ("Number of what campaigns are ranked by", "in_RankNo", "=IFERROR(MATCH(in_RankBy,lst_Ranks,0),1)", theme.CALC),
    ("Number of the churn used", "in_ChurnNo", "=IFERROR(MATCH(in_Churn,lst_Churns,0),1)", theme.CALC),
    ("Sample rows in the tables", "out_SampleRows", f"=out_SampleOthers+{_sample_rows(first=True)}", theme.CALC),
    ("Of these, in other tables than orders", "out_SampleOthers", f"={_sample_rows(first=False)}", theme.CALC),
    (
        "Order rows that tell others their campaign",
        "out_Telling",
        '=IF(in_WhoseNo=1,COUNTIF(tblTransactions[RowCampaign],"?*"),0)',
        theme.CALC,
    ),
    (
        "Without a state: active from an order on",
        "out_ActiveFrom",
        "=IF(out_LastOrder=0,0,EDATE(out_LastOrder,-in_ActiveMonths))",
        DAY_STATE,
    ),
    ("Order rows without a type", "out_Untyped", "=COUNTBLANK(tblTransactions[Type])", theme.CALC),
    (
        "Why there is no forecast",
        "out_NoForecast",
        NO_FORECAST,
        TEXT_STATE,
    ),
    ("The day of the last refresh", "out_RefreshDay", REFRESH_DAY, DAY_STATE),
    ("Launch, but the latest", "out_NearlyLastLaunch", _nearly_last("tblCampaigns[Start]", "1"), DAY_STATE),
    ("Date of the log, but the last few", "out_NearlyLastLogged", _nearly_last_of("tblFollowUps"), DAY_STATE),
    ("Date of an order, but the last few", "out_NearlyLastOrder", _nearly_last_of("tblTransactions"), DAY_STATE),
    ("Dates of log and orders after it are far off", "out_FarOff", FAR_OFF, DAY_STATE),
    ("Last date of the log, without those", "out_LastLogged", _last_date("tblFollowUps"), DAY_STATE),
    ("Last date of an order, without those", "out_LastOrder", _last_date("tblTransactions"), DAY_STATE),
    ("Where customers are missing", "out_NoCustomers", NO_CUSTOMERS, TEXT_STATE),
    ("Banner on every sheet", "out_Banner", BANNER, TEXT_STATE),
    ("Overall status", "out_Status", '=IF(chk_All="OK","Checks: OK","Checks: LOOK")', TEXT_STATE),
    ("Where there is no return", "out_NoReturn", NO_RETURN, TEXT_STATE),
    ("How the headline begins", "out_HeadlineOpening", HEADLINE_OPENING, TEXT_STATE),
    ("How much of the campaign the data hold", "out_InAll", '=IF(out_SoFar3="","in all",out_SoFar3)', TEXT_STATE),
    ("Against what it is compared", "out_Baseline", COMPARED, TEXT_STATE),
    ("Headline", "out_Headline", HEADLINE, TEXT_STATE),
    ("Expected up to the horizon", "out_ExpectedSaid", EXPECTED_SAID, TEXT_STATE),
    ("So far and expected, up to the horizon", "out_Lifetime", LIFETIME, TEXT_STATE),
    ("The return that does not lead", "out_OtherReturn", OTHER_RETURN, TEXT_STATE),
    ("Second line", "out_HeadlineNet", SECOND_LINE, TEXT_STATE),
]

HEADER_ROW = 4
COLUMNS = "BCDEFGH"


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Lists and settings", "Pick lists, thresholds and texts that the other sheets use",
        tab=theme.TAB_WORK, widths=[2, 44, 22, 22, 22, 22, 22, 22], freeze="A4",
    )  # fmt: skip
    row = HEADER_ROW
    for band in BANDS:
        sheet.header(row, {c: picks.heading for c, picks in zip(COLUMNS, band, strict=False)}, {})
        for column, picks in zip(COLUMNS, band, strict=False):
            _pick_list(sheet, column, row + 1, picks)
        row += max(len(picks.items) for picks in band) + 2
    _settings(sheet, row)


def _pick_list(sheet: Sheet, column: str, first: int, picks: PickList) -> None:
    cells = f"{column}{first}:{column}{first + len(picks.items) - 1}"
    for row, item in enumerate(picks.items, start=first):
        sheet.stored(f"{column}{row}", item, theme.INPUT if picks.own else theme.CALC, theme.LEFT)
    sheet.define(picks.name, cells)
    if picks.pick:
        sheet.allow_list(cells, f"={picks.pick}", "What the channel beside it is.")
    elif picks.own:
        sheet.allow_text(cells, 30, "A name of your own. Rows that carry the old name have to be changed too.")


def _settings(sheet: Sheet, row: int) -> None:
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

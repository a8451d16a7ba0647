"""d_Campaigns: one row per campaign."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, IdList, TableSchema, ValidDate
from addin.schema.declaration import ColumnKind as Kind
from addin.schema.formulas import ROW
from addin.schema.terms import NO_CAMPAIGN


def _in_log(column: str, until: str) -> str:
    campaign = "tblFollowUps[Campaign],[@Campaign]"
    return f'SUMIFS(tblFollowUps[{column}],{campaign},tblFollowUps[Month],"<="&[@{until}])'


def _until(column: str, until: str) -> str:
    """A sum over the campaign's orders up to a month, from the table that Inputs names."""
    orders = (
        f"SUMIFS(tblTransactions[{column}],tblTransactions[Counted],[@Campaign],"
        f'tblTransactions[Month],">=0",tblTransactions[Month],"<="&[@{until}])'
    )
    return f"=CHOOSE(in_SourceNo,{_in_log(column, until)},{orders})"


LAST_DAY = '=IF(N([@Start])=0,"",DATE(YEAR([@Start]),MONTH([@Start])+in_M3+1,0))'
"""The last day of the month in which follow-up ends."""
KNOWN = (
    "=IF(OR(N([@Start])=0,N(out_DataUntil)=0),-1,"
    "(YEAR(out_DataUntil)-YEAR([@Start]))*12+MONTH(out_DataUntil)-MONTH([@Start]))"
)
BASELINE = "=IF(AND(N([@Control])>0,N([@Reach])>0),1,IF(AND(N([@LikeFrom])>0,N([@Start])>0),2,0))"
"""1 where a control group was left alone, 2 where a like period is the base, else 0."""
LIKE_UNTIL = '=IF([@Baseline]<2,"",[@LikeFrom]+MIN([@LastDay],N(out_DataUntil))-[@Start])'
"""A like period is as long as the campaign so far, to the end of its follow-up."""


def _without(column: str, first: str) -> str:
    """Orders of no campaign: in the like period, and in the days of the campaign itself."""
    days = f'tblTransactions[Date],">="&[@{first}],tblTransactions[Date],"<"&1+[@{first}]+[@LikeUntil]-[@LikeFrom]'
    return f'=IF([@Baseline]<2,0,SUMIFS(tblTransactions[{column}],tblTransactions[Counted],"{NO_CAMPAIGN}",{days}))'


def _base(control: str, like: str, own: str) -> str:
    """What would have come without the campaign: the control group's share of all reached, or what was usual then and
    did not come beside the campaign; blank where nothing is compared.
    """
    group = f'IF(OR([@Baseline]=0,[@{control}]=""),"",[@Reach]*N([@{control}])/[@Control])'
    return f"=IF([@Baseline]=2,[@{like}]-[@{own}],{group})"


LISTED = (
    '=IF(OR([@Campaign]="",[@MonthsKnown]<0,[@Spent]=0,AND(in_ShowChannel<>"",[@Channel]<>in_ShowChannel),'
    "N([@Start])<N(in_ShowFrom),AND(N(in_ShowUntil)>0,N([@Start])>in_ShowUntil)),0,1)"
)
"""1 for a campaign that has begun, has cost something, and is not filtered out on Campaigns."""
SCORE = (
    "=CHOOSE(in_RankNo,N([@Net]),N([@ROC]),N([@ROI]),-N([@CAC]),N([@CLVtoCAC]),[@Sold],[@Spent],"
    'IF([@CausedROC]="",-100,[@CausedROC]))'
)
AS_LISTED = "(tblCampaigns[Listed]=1)*(tblCampaigns[Score]{compared}[@Score])"
RANK = (
    f'=IF([@Listed]=0,"",1+SUMPRODUCT({AS_LISTED.format(compared=">")})'
    f"+SUMPRODUCT({AS_LISTED.format(compared='=')}*(tblCampaigns[Row]<[@Row])))"
)
CALCULATED = [
    ROW,
    Column("LastDay", 13, Kind.DATE, formula=LAST_DAY),
    Column("MonthsKnown", 13, Kind.NUMBER, formats.MONTH, KNOWN),
    Column("M1", 7, Kind.NUMBER, formats.MONTH, "=MIN(in_M1,[@MonthsKnown])"),
    Column("M3", 7, Kind.NUMBER, formats.MONTH, "=MIN(in_M3,[@MonthsKnown])"),
    Column("SpentAtOnce", 13, Kind.NUMBER, formula=f"=N([@Budget])+{_in_log('Spent', 'M1')}"),
    Column("Spent", 12, Kind.NUMBER, formula=f"=N([@Budget])+{_in_log('Spent', 'M3')}"),
    Column("SoldAtOnce", 13, Kind.NUMBER, formula=_until("Revenue", "M1")),
    Column("Sold", 12, Kind.NUMBER, formula=_until("Revenue", "M3")),
    Column("Orders", 10, Kind.NUMBER, formula=_until("Orders", "M3")),
    Column("Won", 10, Kind.NUMBER, formula=_until("Won", "M3")),
    Column("ROI", 9, Kind.NUMBER, formats.RATE, '=IF([@SpentAtOnce]=0,"",[@SoldAtOnce]/[@SpentAtOnce])'),
    Column("ROC", 9, Kind.NUMBER, formats.RATE, '=IF([@Spent]=0,"",[@Sold]/[@Spent])'),
    Column("Net", 9, Kind.NUMBER, formats.SIGNED_RATE, '=IF([@Spent]=0,"",([@Sold]*in_Margin-[@Spent])/[@Spent])'),
    Column("CAC", 10, Kind.NUMBER, formats.CENTS, '=IF([@Won]=0,"",[@Spent]/[@Won])'),
    Column("CLVtoCAC", 11, Kind.NUMBER, formats.TIMES, '=IF(N([@CAC])=0,"",out_ForLife*in_Margin/[@CAC])'),
    Column("Counts", 12, Kind.NUMBER,
           formula="=SUMIFS(tblTransactions[Revenue],tblTransactions[Counted],[@Campaign])"),
    Column("Baseline", 10, Kind.NUMBER, formats.MONTH, BASELINE),
    Column("LikeUntil", 13, Kind.DATE, formula=LIKE_UNTIL),
    Column("LikeRevenue", 13, Kind.NUMBER, formula=_without("Revenue", "LikeFrom")),
    Column("OwnRevenue", 13, Kind.NUMBER, formula=_without("Revenue", "Start")),
    Column("LikeOrders", 12, Kind.NUMBER, formula=_without("Orders", "LikeFrom")),
    Column("OwnOrders", 12, Kind.NUMBER, formula=_without("Orders", "Start")),
    Column("BaseRevenue", 13, Kind.NUMBER, formula=_base("ControlRevenue", "LikeRevenue", "OwnRevenue")),
    Column("BaseWon", 11, Kind.NUMBER, formula=_base("ControlBuyers", "LikeOrders", "OwnOrders")),
    Column("CausedROC", 12, Kind.NUMBER, formats.RATE,
           '=IF(OR([@BaseRevenue]="",[@Spent]=0),"",([@Sold]-[@BaseRevenue])/[@Spent])'),
    Column("Listed", 9, Kind.NUMBER, formats.MONTH, LISTED),
    Column("Score", 10, Kind.NUMBER, formats.INDEX, SCORE),
    Column("Rank", 8, Kind.NUMBER, formats.MONTH, RANK),
]  # fmt: skip

CAMPAIGNS = TableSchema(
    "tblCampaigns", "d_Campaigns", "Campaigns",
    "One row per campaign. Inputs picks the one that ROI_ROC shows.", "Data: one row per campaign", 1,
    [
        Column("Campaign", 13, is_id=True, required=True, impersonal=True, aliases=("campaign id",), asked=False),
        Column("Name", 38, required=True, impersonal=True),
        Column("Start", 13, Kind.DATE, required=True,
               rule=ValidDate("The day the campaign began; month 0 is its calendar month.")),
        Column("Budget", 13, Kind.NUMBER, required=True,
               rule=Between("What the campaign cost, without the cost of follow-up.")),
        Column("Reach", 13, Kind.NUMBER, rule=Between("How many people the campaign reached.")),
        Column("Price", 13, Kind.NUMBER, formats.CENTS,
               rule=Between("The price of the offer; Campaigns shows it beside the average order.")),
        Column("Channel", 20, impersonal=True),
        Column("Coupon", 14, is_id=True, numbered="Coupon", aliases=("coupon code", "utm campaign"), asked=False),
        Column("End", 13, Kind.DATE, asked=False,
               rule=ValidDate("Orders up to this day are of the campaign; may be blank.")),
        Column("Control", 11, Kind.NUMBER, asked=False, rule=Between("People like those reached who were left alone.")),
        Column("ControlBuyers", 14, Kind.NUMBER, asked=False,
               rule=Between("How many of the control group bought, up to the end of follow-up.")),
        Column("ControlRevenue", 15, Kind.NUMBER, asked=False,
               rule=Between("What they brought, up to the end of follow-up.")),
        Column("LikeFrom", 13, Kind.DATE, asked=False,
               rule=ValidDate("Without a control group: first day of a like period whose orders were as usual.")),
        *CALCULATED,
    ],
    key=["Campaign"], sample=sample.campaigns, sample_mark="Name", ids=IdList("lst_Campaigns", 60),
)  # fmt: skip
TABLES = [CAMPAIGNS]

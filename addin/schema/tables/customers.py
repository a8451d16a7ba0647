"""d_Customers: one row per customer, with the level and stage their orders and deeds put them on."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, OneOf, TableSchema, ValidDate
from addin.schema.declaration import ColumnKind as Kind
from addin.schema.formulas import ROW, listed, looked_up, repeated
from addin.schema.terms import GONE, YES

COHORT = '=IF(N([@First])=0,"",DATE(YEAR([@First]),MONTH([@First]),1))'
ORDERS = '=IF([@Customer]="","",SUMIFS(tblTransactions[Orders],tblTransactions[Customer],[@Customer]))'
REVENUE = f'=IF([@Customer]="","",IFERROR({looked_up("tblTransactions", "Customer", "CustomerTotal")},0))'
"""Looked up where it is added up, which is faster than adding it up again."""


def _first_that_holds(names: str, *fails: str) -> str:
    """The first item of a list whose condition does not fail; each failure moves one step down."""
    step = f"({fails[-1]})"
    for condition in reversed(fails[:-1]):
        step = f"({condition})*(1+{step})"
    return f'=IF([@Customer]="","",INDEX({names},1+{step}))'


TOLD = (
    f'=IF([@Customer]="","",IF([@Feedback]<>"",1*([@Feedback]="{YES}"),'
    '1*(COUNTIFS(tblSurvey[Customer],[@Customer],tblSurvey[Score],">=0")>0)))'
)
"""1 for a customer who told what they think: as typed, else where an answer of theirs stands in d_Survey."""
ACTIVE = (
    f'=IF([@Customer]="","",IF([@State]<>"",1*([@State]<>"{GONE}"),1*(COUNTIFS(tblTransactions[Customer],[@Customer],'
    'tblTransactions[Orders],">0",tblTransactions[Date],">="&out_ActiveFrom)>0)))'
)
"""1 for a customer who is still one: as typed, else where the last order is not too long ago."""
LEVEL = _first_that_holds("lst_Levels", "[@Referrals]=0", "[@Told]=0", "[@Orders]<=1", "[@Orders]<=0")
STAGE = _first_that_holds(
    "lst_Stages", "[@Referrals]=0", "OR([@Orders]<=1,[@Active]=0)", "AND([@Orders]<=1,[@Told]=0)", "[@Orders]<=0",
)  # fmt: skip

CUSTOMERS = TableSchema(
    "tblCustomers", "d_Customers", "Customers",
    "One row per customer: where they came from, and what they did",
    "Data: customers, with their level and stage", 4,
    [
        Column("Customer", 12, is_id=True, required=True, numbered="Customer"),
        Column("Segment", 13, rule=OneOf("lst_Segments", "A segment of d_Segments."),
               aliases=("group", "customer group")),
        Column("Source", 16, rule=OneOf("lst_Channels", "How the customer heard of you, asked or tracked."),
               aliases=("channel", "heard of us by", "how heard")),
        Column("First", 13, Kind.DATE, rule=ValidDate("The day of the customer's first order."),
               aliases=("first order", "first order date", "customer since")),
        Column("State", 11,
               rule=OneOf("lst_States", "Lost: gone for good, as far as you know. Blank: by the last order.")),
        Column("Feedback", 11,
               rule=OneOf("lst_YesNo", "Whether the customer told you what they think. Blank: by d_Survey.")),
        Column("Referrals", 11, Kind.NUMBER, formats.MONTH,
               rule=Between("How many others the customer sent you.", 1e6)),
        Column("Note", 12),
        ROW,
        Column("Cohort", 12, Kind.DATE, formats.YEAR_MONTH, COHORT),
        Column("Orders", 10, Kind.NUMBER, formula=ORDERS),
        Column("Revenue", 11, Kind.NUMBER, formula=REVENUE),
        Column("Level", 17, formula=LEVEL),
        Column("Stage", 12, formula=STAGE),
        Column("SourceKnown", 13, Kind.NUMBER, formats.MONTH, listed("Source", "lst_Channels")),
        Column("SegmentKnown", 14, Kind.NUMBER, formats.MONTH, listed("Segment", "tblSegments[Segment]")),
        Column("Repeated", 12, Kind.NUMBER, formats.MONTH, repeated("tblCustomers", "Customer")),
        Column("Told", 8, Kind.NUMBER, formats.MONTH, TOLD),
        Column("Active", 9, Kind.NUMBER, formats.MONTH, ACTIVE),
    ],
    key=["Customer"], sample=sample.customers,
)  # fmt: skip
TABLES = [CUSTOMERS]

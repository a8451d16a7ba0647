"""d_Customers: one row per customer, with the level and stage their orders and deeds put them on."""

from __future__ import annotations

from addin.template import sample, theme
from addin.template.data_sheet import ROW, Column, amount, day, known, looked_up, pick, repeated, write_table
from addin.template.sheet import Book, Page
from addin.template.terms import ACTIVE, YES

ORDERS = '=IF([@Customer]="","",SUMIFS(tblTransactions[Units],tblTransactions[Customer],[@Customer]))'
REVENUE = f'=IF([@Customer]="","",IFERROR({looked_up("tblTransactions", "Customer", "CustomerTotal")},0))'
"""Looked up where it is added up, which is faster than adding it up again."""


def _first_that_holds(names: str, *fails: str) -> str:
    """The first item of a list whose condition does not fail; each failure moves one step down."""
    step = f"({fails[-1]})"
    for condition in reversed(fails[:-1]):
        step = f"({condition})*(1+{step})"
    return f'=IF([@Customer]="","",INDEX({names},1+{step}))'


LEVEL = _first_that_holds("lst_Levels", "[@Referrals]=0", f'[@Feedback]<>"{YES}"', "[@Orders]<=1", "[@Orders]<=0")
STAGE = _first_that_holds(
    "lst_Stages", "[@Referrals]=0", f'OR([@Orders]<=1,[@State]<>"{ACTIVE}")',
    f'AND([@Orders]<=1,[@Feedback]<>"{YES}")', "[@Orders]<=0",
)  # fmt: skip

COLUMNS = [
    Column("Customer", 12, theme.TEXT),
    Column("Segment", 13, theme.TEXT, allow=pick("lst_Segments", "A segment of d_Segments.")),
    Column("Source", 16, theme.TEXT, allow=pick("lst_Channels", "How the customer heard of you, asked or tracked.")),
    Column("First", 13, theme.DATE, allow=day("The day of the customer's first order.")),
    Column("State", 11, theme.TEXT, allow=pick("lst_States", "Lost: gone for good, as far as you know.")),
    Column("Feedback", 11, theme.TEXT, allow=pick("lst_YesNo", "Whether the customer ever told you what they think.")),
    Column("Referrals", 11, theme.MONTH, allow=amount("How many others the customer sent you.", 1e6)),
    Column("Note", 12, theme.TEXT),
    ROW,
    Column("Cohort", 12, theme.YEAR_MONTH, '=IF([@First]="","",DATE(YEAR([@First]),MONTH([@First]),1))'),
    Column("Orders", 10, theme.WHOLE, ORDERS),
    Column("Revenue", 11, theme.WHOLE, REVENUE),
    Column("Level", 17, theme.TEXT, LEVEL),
    Column("Stage", 12, theme.TEXT, STAGE),
    Column("SourceKnown", 13, theme.MONTH, known("Source", "lst_Channels")),
    Column("SegmentKnown", 14, theme.MONTH, known("Segment", "tblSegments[Segment]")),
    Column("Repeated", 12, theme.MONTH, repeated("tblCustomers", "Customer")),
]


def _write(book: Book) -> None:
    write_table(
        book, PAGE.name, "Customers", "One row per customer: where they came from, and what they did",
        "tblCustomers", COLUMNS, sample.customers(),
    )  # fmt: skip


PAGE = Page("d_Customers", "Data: customers, with their level and stage", _write)

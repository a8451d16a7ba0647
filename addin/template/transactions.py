"""d_Transactions: one row per order."""

from __future__ import annotations

from addin.template import sample, theme
from addin.template.follow_ups import MONTHS_SINCE_START, START_OF_CAMPAIGN
from addin.template.sheet import Book, Page
from addin.template.tables import HEADER_ROW, Column, amount, day, pick, write_table

ROW_IN_TABLE = f"ROW()-ROW($B${HEADER_ROW})"
SPENT_BY_CUSTOMER = (
    f"=IFERROR(IF(MATCH([@Customer],tblTransactions[Customer],0)={ROW_IN_TABLE},"
    'SUMIFS(tblTransactions[Revenue],tblTransactions[Customer],[@Customer]),""),"")'
)
"""A customer's total in the first of their rows: right in any order of the rows."""
REPEATED_ID = f"=IFERROR(IF(MATCH([@Order],tblTransactions[Order],0)={ROW_IN_TABLE},0,1),0)"

COLUMNS = [
    Column("Order", 14, theme.TEXT),
    Column("Date", 13, theme.DATE, allow=day("When the order was placed.")),
    Column("Customer", 12, theme.TEXT),
    Column("Campaign", 12, theme.TEXT, allow=pick("lst_Campaigns", "The id of a campaign in d_Campaigns.")),
    Column(
        "Type", 20, theme.TEXT, allow=pick("lst_Types", "Kind of order. Return order: a repeat order, not a refund.")
    ),
    Column("Units", 10, theme.WHOLE, allow=amount("How many orders the row stands for, usually 1.")),
    Column("Price", 10, theme.WHOLE, allow=amount("Revenue of one unit.")),
    Column("Revenue", 12, theme.WHOLE, "=[@Units]*[@Price]"),
    Column("Start", 13, theme.DATE, START_OF_CAMPAIGN),
    Column("Month", 10, theme.MONTH, MONTHS_SINCE_START),
    Column("CustomerTotal", 15, theme.WHOLE, SPENT_BY_CUSTOMER),
    Column("Repeated", 12, theme.MONTH, REPEATED_ID),
]


def _write(book: Book) -> None:
    write_table(
        book, PAGE.name, "Orders", "One row per order. Used when Inputs says that orders come from Transactions.",
        "tblTransactions", COLUMNS, sample.orders(),
    )  # fmt: skip


PAGE = Page("d_Transactions", "Data: single orders", _write)

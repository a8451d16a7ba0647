"""d_Transactions: one row per order."""

from __future__ import annotations

from addin.template import sample, theme
from addin.template.data_sheet import ROW, Column, amount, day, looked_up, pick, repeated, write_table
from addin.template.follow_ups import MONTHS_SINCE_START, START_OF_CAMPAIGN
from addin.template.sheet import Book, Page

FIRST_ROW_OF_CUSTOMER = f'=IFERROR({looked_up("tblTransactions", "Customer", "Row")},"")'
SPENT_BY_CUSTOMER = (
    '=IF([@CustomerNo]=[@Row],SUMIFS(tblTransactions[Revenue],tblTransactions[Customer],[@Customer]),"")'
)
"""A customer's total in the first of their rows: right in any order of the rows, as all columns here."""
COHORT_OF_CUSTOMER = f'=IFERROR({looked_up("tblCustomers", "Customer", "Cohort")},"")'
MONTHS_SINCE_FIRST = (
    '=IF(OR([@Cohort]="",[@Date]=""),"",(YEAR([@Date])-YEAR([@Cohort]))*12+MONTH([@Date])-MONTH([@Cohort]))'
)
CUSTOMER_AND_MONTH = '=IF(OR([@CustomerNo]="",[@Age]=""),"",[@CustomerNo]*12*100+[@Age])'
"""One number for each customer and month, a hundred years apart; looking it up costs less than counting rows above."""
FIRST_IN_MONTH = '=IF([@Visit]="","",IF([@CustomerNo]=[@Row],1,1*(MATCH([@Visit],tblTransactions[Visit],0)=[@Row])))'

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
    ROW,
    Column("Revenue", 12, theme.WHOLE, "=[@Units]*[@Price]"),
    Column("Start", 13, theme.DATE, START_OF_CAMPAIGN),
    Column("Month", 10, theme.MONTH, MONTHS_SINCE_START),
    Column("CustomerNo", 13, theme.MONTH, FIRST_ROW_OF_CUSTOMER),
    Column("CustomerTotal", 15, theme.WHOLE, SPENT_BY_CUSTOMER),
    Column("Repeated", 12, theme.MONTH, repeated("tblTransactions", "Order")),
    Column("Cohort", 12, theme.YEAR_MONTH, COHORT_OF_CUSTOMER),
    Column("Age", 8, theme.MONTH, MONTHS_SINCE_FIRST),
    Column("Visit", 12, theme.MONTH, CUSTOMER_AND_MONTH),
    Column("FirstInMonth", 14, theme.MONTH, FIRST_IN_MONTH),
]


def _write(book: Book) -> None:
    write_table(
        book, PAGE.name, "Orders", "One row per order. Used when Inputs says that orders come from Transactions.",
        "tblTransactions", COLUMNS, sample.orders(),
    )  # fmt: skip


PAGE = Page("d_Transactions", "Data: single orders", _write)

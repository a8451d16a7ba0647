"""d_Periods: one row per month, how many customers there were, came and left."""

from __future__ import annotations

from addin.template import sample, theme
from addin.template.data_sheet import Column, amount, day, write_table
from addin.template.sheet import Book, Page

NOT_FROM_MONTH_BEFORE = (
    '=IFERROR([@StartCustomers]-INDEX(tblPeriods[EndCustomers],MATCH(EDATE([@Month],-1),tblPeriods[Month],0)),"")'
)
"""Customers at the start who were not there at the end of the month before; it should be 0."""

COLUMNS = [
    Column("Month", 12, theme.YEAR_MONTH, allow=day("The first day of the month.")),
    Column("StartCustomers", 16, theme.WHOLE, allow=amount("Customers on the first day.")),
    Column("New", 11, theme.WHOLE, allow=amount("Customers won in the month.")),
    Column("Lost", 11, theme.WHOLE, allow=amount("Customers lost in the month.")),
    Column("Note", 24, theme.TEXT),
    Column("EndCustomers", 15, theme.WHOLE, "=[@StartCustomers]+[@New]-[@Lost]"),
    Column("Gap", 10, theme.WHOLE, NOT_FROM_MONTH_BEFORE),
]


def _write(book: Book) -> None:
    write_table(
        book, PAGE.name, "Customer counts", "One row per month: how many customers you had, won and lost",
        "tblPeriods", COLUMNS, sample.periods(),
    )  # fmt: skip


PAGE = Page("d_Periods", "Data: customers at the start, won and lost, by month", _write)

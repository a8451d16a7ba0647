"""d_Periods: one row per month, how many customers there were, came and left."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, TableSchema, ValidDate
from addin.schema.declaration import ColumnKind as Kind

NOT_FROM_MONTH_BEFORE = (
    '=IFERROR([@StartCustomers]-INDEX(tblPeriods[EndCustomers],MATCH(EDATE([@Month],-1),tblPeriods[Month],0)),"")'
)
"""Customers at the start who were not there at the end of the month before; it should be 0."""

PERIODS = TableSchema(
    "tblPeriods", "d_Periods", "Customer counts", "One row per month: how many customers you had, won and lost",
    "Data: customers at the start, won and lost, by month", 7,
    [
        Column("Month", 12, Kind.DATE, formats.YEAR_MONTH, required=True,
               rule=ValidDate("The first day of the month."), aliases=("period",)),
        Column("StartCustomers", 16, Kind.NUMBER, required=True, rule=Between("Customers on the first day."),
               aliases=("customers at start", "opening")),
        Column("New", 11, Kind.NUMBER, required=True, rule=Between("Customers won in the month."),
               aliases=("won", "new customers")),
        Column("Lost", 11, Kind.NUMBER, required=True, rule=Between("Customers lost in the month."),
               aliases=("lost customers", "churned")),
        Column("Note", 24),
        Column("EndCustomers", 15, Kind.NUMBER, formula="=N([@StartCustomers])+N([@New])-N([@Lost])"),
        Column("Gap", 10, Kind.NUMBER, formula=NOT_FROM_MONTH_BEFORE),
    ],
    key=["Month"], sample=sample.periods,
)  # fmt: skip
TABLES = [PERIODS]

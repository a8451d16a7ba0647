"""Recurring revenue by month, written by Refresh in books of subscriptions and never typed."""

from __future__ import annotations

from addin.schema import formats
from addin.schema.declaration import WRITTEN_SHEET, Column, TableSchema
from addin.schema.declaration import ColumnKind as Kind

RECURRING = TableSchema(
    "tblRecurring", WRITTEN_SHEET, "Recurring revenue", "Recurring revenue by month, and what moved it", "", 23,
    [
        Column("Month", 12, Kind.DATE, formats.YEAR_MONTH),
        *(Column(name, 12, Kind.NUMBER, formats.CENTS)
          for name in ("Start", "New", "Expansion", "Reactivated", "Contraction", "Churned", "MRR")),
        Column("Customers", 12, Kind.NUMBER),
        Column("NRR", 10, Kind.NUMBER, formats.RATE),
        Column("GRR", 10, Kind.NUMBER, formats.RATE),
    ],
    written_by_refresh=True, preset="subscription",
)  # fmt: skip
TABLES = [RECURRING]

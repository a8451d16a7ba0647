"""What the models say of the order rows, written by Refresh and never typed."""

from __future__ import annotations

from addin.schema import formats
from addin.schema.declaration import WRITTEN_SHEET, Column, TableSchema
from addin.schema.declaration import ColumnKind as Kind

FORECAST = TableSchema(
    "tblForecast", WRITTEN_SHEET, "Forecast", "Each customer's next twelve months", "", 13,
    [
        Column("Rank", 9, Kind.NUMBER, formats.MONTH),
        Column("Customer", 12, numbered="Customer"),
        Column("RepeatOrders", 14, Kind.NUMBER, formats.MONTH),
        Column("Recency", 11, Kind.NUMBER, formats.DECIMAL),
        Column("Age", 11, Kind.NUMBER, formats.DECIMAL),
        Column("PAlive", 11, Kind.NUMBER, formats.PERCENT),
        Column("Orders", 11, Kind.NUMBER, formats.CENTS),
        Column("Spend", 11, Kind.NUMBER, formats.CENTS),
        Column("Value", 11, Kind.NUMBER, formats.CENTS),
    ],
    written_by_refresh=True,
)  # fmt: skip
TRACKING = TableSchema(
    "tblTracking", WRITTEN_SHEET, "Tracking", "Repeat orders so far, by week", "", 14,
    [
        Column("Week", 13, Kind.DATE),
        Column("Actual", 11, Kind.NUMBER, formats.MONTH),
        Column("Expected", 12, Kind.NUMBER, formats.DECIMAL),
    ],
    written_by_refresh=True,
)  # fmt: skip
LIFETIME = TableSchema(
    "tblLifetime", WRITTEN_SHEET, "Lifetime", "What a campaign's customers should bring up to the horizon", "", 22,
    [
        Column("Campaign", 13, impersonal=True),
        Column("Months", 10, Kind.NUMBER, formats.MONTH),
        Column("Orders", 11, Kind.NUMBER, formats.DECIMAL),
        Column("Expected", 12, Kind.NUMBER),
        Column("Low", 12, Kind.NUMBER),
        Column("High", 12, Kind.NUMBER),
    ],
    written_by_refresh=True,
)  # fmt: skip
TABLES = [FORECAST, TRACKING, LIFETIME]

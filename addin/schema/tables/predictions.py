"""d_Forecast and d_Tracking: what the models say of the order rows, written by Refresh and never typed."""

from __future__ import annotations

from addin.schema import formats
from addin.schema.declaration import Column, TableSchema
from addin.schema.declaration import ColumnKind as Kind

FORECAST = TableSchema(
    "tblForecast", "d_Forecast", "Forecast",
    "Each customer's next twelve months. Written by Refresh all: do not type",
    "Data: what each customer should bring, as Refresh wrote it", 10,
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
    "tblTracking", "d_Tracking", "Tracking", "Repeat orders so far, by week. Written by Refresh all: do not type",
    "Data: repeat orders by week, as Refresh wrote them", 11,
    [
        Column("Week", 13, Kind.DATE),
        Column("Actual", 11, Kind.NUMBER, formats.MONTH),
        Column("Expected", 12, Kind.NUMBER, formats.DECIMAL),
    ],
    written_by_refresh=True,
)  # fmt: skip
TABLES = [FORECAST, TRACKING]

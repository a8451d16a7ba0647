"""d_FollowUps: one row per follow-up, counted."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, OneOf, TableSchema, ValidDate
from addin.schema.declaration import ColumnKind as Kind
from addin.schema.formulas import MONTHS_SINCE_START, START_OF_CAMPAIGN, multiplied
from addin.schema.terms import FORMER_TYPES

FOLLOW_UPS = TableSchema(
    "tblFollowUps", "d_FollowUps", "Follow-up log",
    "One row per follow-up: whom you contacted, what came back, what it cost",
    "Data: follow-ups with counts of orders", 2,
    [
        Column("Event", 10, numbered="Event"),
        Column("Campaign", 12, required=True, rule=OneOf("lst_Campaigns", "The id of a campaign in d_Campaigns.")),
        Column("Date", 13, Kind.DATE, required=True, rule=ValidDate("When the orders came in.")),
        Column("Type", 20, required=True,
               rule=OneOf("lst_Types", "Kind of orders; Response has no order.", FORMER_TYPES)),
        Column("Contacted", 12, Kind.NUMBER,
               rule=Between("How many people you spoke or wrote to; may stay blank.")),
        Column("Orders", 11, Kind.NUMBER, required=True, rule=Between("How many orders came of it.")),
        Column("Price", 11, Kind.NUMBER, formats.CENTS, required=True,
               rule=Between("Revenue of one of these orders, on average.")),
        Column("Cost", 11, Kind.NUMBER, formats.CENTS,
               rule=Between("What this follow-up cost: calls, postage, gifts.")),
        Column("Note", 36),
        Column("Start", 13, Kind.DATE, formula=START_OF_CAMPAIGN),
        Column("Month", 10, Kind.NUMBER, formats.MONTH, MONTHS_SINCE_START),
        Column("Revenue", 12, Kind.NUMBER, formats.CENTS, multiplied("Orders", "Price")),
    ],
    key=["Event"], sample=sample.follow_ups,
)  # fmt: skip
TABLES = [FOLLOW_UPS]

"""d_FollowUps: one row per follow-up, counted."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, OneOf, TableSchema, ValidDate
from addin.schema.declaration import ColumnKind as Kind
from addin.schema.formulas import MONTHS_FROM_LAUNCH, multiplied, start_of_campaign
from addin.schema.terms import FORMER_TYPES, TYPES

WHOM = f'=IF(OR([@Type]="{TYPES[0]}",AND(N([@Contacted])=0,[@Customer]="")),"",[@Campaign]&"/"&[@Customer])'
"""Whom a follow-up went to: a customer, or all who had bought; nobody where it was what was sold at once."""
WON = f'=IF(OR([@Type]="{TYPES[2]}",[@Type]="{TYPES[0]}",N([@Month])<=in_M1),N([@Orders]),0)'
"""Orders of those whom the campaign won: at once, or as new customers later."""

CONTACTS = '=IF([@Whom]="",0,IF(N([@Contacted])>0,[@Contacted],1))'
"""People contacted; a customer who is named is one."""
POSITIVE = '=IF([@Whom]="",0,IF([@Positive]="",N([@Orders]),N([@Positive])))'
"""Positive responses to a contact; each order is one where none are noted."""
DUE = (
    '=IF(OR([@Whom]="",N([@Next])=0,N([@Next])>=7+IF(in_CallsFrom="",N(out_DataUntil),in_CallsFrom),'
    'COUNTIFS(tblFollowUps[Whom],[@Whom],tblFollowUps[Date],">"&[@Date])>0),"",[@Next]+ROW()/(100*100*100))'
)
"""When to contact somebody again, by the end of the week and unless it was done; no two rows have the same."""

FOLLOW_UPS = TableSchema(
    "tblFollowUps", "d_FollowUps", "Follow-up log",
    "One row per follow-up: whom you contacted, what came back, what it cost",
    "Data: follow-ups with counts of orders", 2,
    [
        Column("Event", 10, is_id=True, numbered="Event", asked=False),
        Column("Campaign", 12, is_id=True, required=True,
               rule=OneOf("lst_Campaigns", "The id of a campaign in d_Campaigns.")),
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
        Column("Customer", 12, is_id=True, numbered="Customer"),
        Column("Minutes", 10, Kind.NUMBER, rule=Between("Minutes that it took, all contacts together.", 1e6)),
        Column("Segment", 14, rule=OneOf("lst_Segments", "The segment of d_Segments that was contacted.")),
        Column("Next", 13, Kind.DATE, rule=ValidDate("When to contact them again; may stay blank.")),
        Column("Level", 17, rule=OneOf("lst_Levels", "The level of Pyramid on which they stood; may stay blank.")),
        Column("Positive", 10, Kind.NUMBER,
               rule=Between("How many answered well, with the orders; blank: as many as ordered.")),
        Column("Start", 13, Kind.DATE, formula=start_of_campaign("Campaign")),
        Column("Month", 10, Kind.NUMBER, formats.MONTH, MONTHS_FROM_LAUNCH),
        Column("Revenue", 12, Kind.NUMBER, formats.CENTS, multiplied("Orders", "Price")),
        Column("Whom", 12, formula=WHOM),
        Column("Won", 8, Kind.NUMBER, formats.MONTH, WON),
        Column("Spent", 11, Kind.NUMBER, formats.CENTS, "=N([@Cost])+N([@Minutes])*in_HourCost/60"),
        Column("Contacts", 11, Kind.NUMBER, formula=CONTACTS),
        Column("Responses", 12, Kind.NUMBER, formula=POSITIVE),
        Column("Due", 14, Kind.NUMBER, formats.WHOLE, DUE),
    ],
    key=["Event"], sample=sample.follow_ups,
)  # fmt: skip
TABLES = [FOLLOW_UPS]

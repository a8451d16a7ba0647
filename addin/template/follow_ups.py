"""d_FollowUps: one row per follow-up, counted."""

from __future__ import annotations

from addin.template import sample, theme
from addin.template.data_sheet import Column, amount, day, pick, write_table
from addin.template.sheet import Book, Page

START_OF_CAMPAIGN = '=IFERROR(INDEX(tblCampaigns[Start],MATCH([@Campaign],tblCampaigns[Campaign],0)),"")'
MONTHS_SINCE_START = '=IF([@Date]="","",IFERROR(YEAR([@Date])*12+MONTH([@Date])-YEAR([@Start])*12-MONTH([@Start]),""))'
"""Both tables count a row's month from its own campaign, so that several campaigns can run at once."""

COLUMNS = [
    Column("Event", 10, theme.TEXT),
    Column("Campaign", 12, theme.TEXT, allow=pick("lst_Campaigns", "The id of a campaign in d_Campaigns.")),
    Column("Date", 13, theme.DATE, allow=day("When the orders came in.")),
    Column("Type", 20, theme.TEXT, allow=pick("lst_Types", "Kind of orders; Response has no order.")),
    Column("Contacted", 12, theme.WHOLE, allow=amount("How many people you spoke or wrote to; may stay blank.")),
    Column("Orders", 11, theme.WHOLE, allow=amount("How many orders came of it.")),
    Column("Price", 11, theme.WHOLE, allow=amount("Revenue of one of these orders, on average.")),
    Column("Cost", 11, theme.WHOLE, allow=amount("What this follow-up cost: calls, postage, gifts.")),
    Column("Note", 36, theme.TEXT),
    Column("Start", 13, theme.DATE, START_OF_CAMPAIGN),
    Column("Month", 10, theme.MONTH, MONTHS_SINCE_START),
    Column("Revenue", 12, theme.WHOLE, "=[@Orders]*[@Price]"),
]


def _write(book: Book) -> None:
    write_table(
        book, PAGE.name, "Follow-up log", "One row per follow-up: whom you contacted, what came back, what it cost",
        "tblFollowUps", COLUMNS, sample.follow_ups(),
    )  # fmt: skip


PAGE = Page("d_FollowUps", "Data: follow-ups with counts of orders", _write)

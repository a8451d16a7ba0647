"""d_Campaigns: one row per campaign."""

from __future__ import annotations

from addin.template import sample, theme
from addin.template.data_sheet import Column, amount, day, write_table
from addin.template.sheet import Book, Page

COLUMNS = [
    Column("Campaign", 13, theme.TEXT),
    Column("Name", 38, theme.TEXT),
    Column("Start", 13, theme.DATE, allow=day("The day the campaign began; month 0 is its calendar month.")),
    Column("Budget", 13, theme.WHOLE, allow=amount("What the campaign cost, without the cost of follow-up.")),
    Column("Reach", 13, theme.WHOLE, allow=amount("How many people the campaign reached.")),
    Column("Price", 13, theme.WHOLE, allow=amount("The price of the offer, for your own record.")),
    Column("Channel", 20, theme.TEXT),
]


def _write(book: Book) -> None:
    write_table(
        book, PAGE.name, "Campaigns", "One row per campaign. Inputs picks the one that ROI_ROC shows.",
        "tblCampaigns", COLUMNS, sample.campaigns(),
    )  # fmt: skip
    book.workbook.define_name("lst_Campaigns", f"={PAGE.name}!$B$5:$B$30")


PAGE = Page("d_Campaigns", "Data: one row per campaign", _write)

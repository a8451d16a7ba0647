"""d_Campaigns: one row per campaign."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, IdList, TableSchema, ValidDate
from addin.schema.declaration import ColumnKind as Kind

CAMPAIGNS = TableSchema(
    "tblCampaigns", "d_Campaigns", "Campaigns",
    "One row per campaign. Inputs picks the one that ROI_ROC shows.", "Data: one row per campaign", 1,
    [
        Column("Campaign", 13, required=True, impersonal=True, aliases=("campaign id",)),
        Column("Name", 38, required=True, impersonal=True),
        Column("Start", 13, Kind.DATE, required=True,
               rule=ValidDate("The day the campaign began; month 0 is its calendar month.")),
        Column("Budget", 13, Kind.NUMBER, required=True,
               rule=Between("What the campaign cost, without the cost of follow-up.")),
        Column("Reach", 13, Kind.NUMBER, rule=Between("How many people the campaign reached.")),
        Column("Price", 13, Kind.NUMBER, formats.CENTS,
               rule=Between("The price of the offer, for your own record.")),
        Column("Channel", 20, impersonal=True),
    ],
    key=["Campaign"], sample=sample.campaigns, sample_mark="Name", ids=IdList("lst_Campaigns", 30),
)  # fmt: skip
TABLES = [CAMPAIGNS]

"""The sample rows of each table, for the preset of a kind of business."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from addin.schema import subscription_sample
from addin.schema.declaration import SampleRow, TableSchema

RETAIL = "retail"
"""The preset that the template is without another one: a table's own sample is of it."""
SAMPLES: Mapping[str, Mapping[str, Callable[[], Sequence[SampleRow]]]] = {
    "subscription": {
        "tblCampaigns": subscription_sample.campaigns,
        "tblFollowUps": subscription_sample.follow_ups,
        "tblTransactions": subscription_sample.payments,
        "tblCustomers": subscription_sample.customers,
        "tblSegments": subscription_sample.segments,
        "tblSurvey": subscription_sample.answers,
        "tblPeriods": subscription_sample.periods,
        "tblPartners": subscription_sample.partners,
    },
}
"""What other presets have instead."""


def sample_rows(schema: TableSchema, preset: str = RETAIL) -> Sequence[SampleRow]:
    """The made-up rows with which a table comes."""
    return SAMPLES.get(preset, {}).get(schema.name, schema.sample)()

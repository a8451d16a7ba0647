"""Headings that say amounts to be in cents, millionths or thousands."""

import pytest

from addin.tabular import unit_named


@pytest.mark.parametrize(
    ("heading", "amount"),
    [
        ("amount_cents", 30.0), ("Total (in cents)", 30.0), ("priceInCents", 30.0), ("Betrag (Cent)", 30.0),
        ("Montant en centimes", 30.0), ("TOTAL_CENTS", 30.0), ("Amount, pence", 30.0),
        ("cost_micros", 0.003), ("metrics.costMicros", 0.003),
        ("Umsatz (TEUR)", 3_000_000.0), ("Revenue, k€", 3_000_000.0), ("Revenue in thousands", 3_000_000.0),
        ("Umsatz in Tsd. EUR", 3_000_000.0),
    ],
)  # fmt: skip
def test_amounts_are_brought_to_whole_ones(heading, amount):
    assert unit_named(heading).in_whole([3000.0, None, "n/a"]) == [amount, None, "n/a"]


@pytest.mark.parametrize(
    "heading",
    ["Amount", "Price", "percent", "Per cent", "per_cent", "discount_per_cent",
     "Cost per thousand", "Percentage", "Recent total", "Centre", "Microsite", "Kunde",
     "Account", "Discount", "Accent", "K", "T", "Total €"],
)  # fmt: skip
def test_other_headings_name_none(heading):
    assert unit_named(heading) is None

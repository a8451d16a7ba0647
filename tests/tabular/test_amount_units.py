"""Headings that say amounts to be in cents, thousands or other parts and multiples."""

import pytest

from addin.tabular import unit_named, without_unit


@pytest.mark.parametrize(
    ("heading", "amount"),
    [
        ("amount_cents", 30.0), ("Total (in cents)", 30.0), ("priceInCents", 30.0), ("Betrag (Cent)", 30.0),
        ("Montant en centimes", 30.0), ("TOTAL_CENTS", 30.0), ("Amount, pence", 30.0),
        ("cost_micros", 0.003), ("metrics.costMicros", 0.003),
        ("Umsatz (TEUR)", 3_000_000.0), ("Revenue, k€", 3_000_000.0), ("Revenue in thousands", 3_000_000.0),
        ("Umsatz in Tsd. EUR", 3_000_000.0), ("Revenue ($000)", 3_000_000.0), ("Amount £'000", 3_000_000.0),
        ("Umsatz in 1.000 EUR", 3_000_000.0), ("Total (K)", 3_000_000.0), ("Amount (£k)", 3_000_000.0),
        ("Importe en miles de euros", 3_000_000.0), ("Сумма, тыс. руб.", 3_000_000.0), ("Összeg (eFt)", 3_000_000.0),
        ("Kwota (tys. zł)", 3_000_000.0), ("Belopp (tkr)", 3_000_000.0), ("金額(千円)", 3_000_000.0),
        ("price_minor_units", 30.0), ("amountMinor", 30.0), ("Amount (p)", 30.0), ("Preis (ct)", 30.0),
        ("Amount (¢)", 30.0), ("total_pennies", 30.0), ("Amount, paise", 30.0),
        ("Revenue ($M)", 3e9), ("Revenue (EUR m)", 3e9), ("Umsatz in Mio. EUR", 3e9), ("Ventes (M€)", 3e9),
        ("Revenue ($mm)", 3e9), ("売上（百万円）", 3e9), ("Amount in lakhs", 3e8), ("Amount (₹ crore)", 3e10),
        ("金额（万元）", 3e7),
    ],
)  # fmt: skip
def test_amounts_are_brought_to_whole_ones(heading, amount):
    assert unit_named(heading).in_whole([3000.0, None, "n/a"]) == [amount, None, "n/a"]


@pytest.mark.parametrize(
    "heading",
    ["Amount", "Price", "percent", "Per cent", "per_cent", "discount_per_cent",
     "Cost per thousand", "Percentage", "Recent total", "Centre", "Microsite", "Kunde",
     "Cost/thousand", "Preis pro Tausend", "cost_per_1000", "cost per 100 cents", "Amount (not in cents)",
     "Amount (dollars and cents)", "50 Cent album", "Micros POS total", "Price of 1000", "Total (M)",
     "Amount USD M-Pesa", "EUR K-Mart", "Preis €/m²", "Miete € m²", "Total (P)", "Price x 1000 pieces", "Miles",
     "Order #000123",
     "Account", "Discount", "Accent", "K", "T", "Total €"],
)  # fmt: skip
def test_other_headings_name_none(heading):
    assert unit_named(heading) is None


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Amount (in thousands)", "Amount"), ("Betrag in Cent", "Betrag"), ("Importe (céntimos)", "Importe"),
        ("Revenue ($M)", "Revenue"), ("price_minor_units", "price"), ("amount_cents", "amount"),
        ("Amount £'000", "Amount"), ("Order Total (USD)", "Order Total"), ("Cena, zł", "Cena"),
        ("Сумма (тыс. руб.)", "Сумма"),
        ("Total €", "Total"), ("Money in (£)", "Money in"), ("Debit (EUR)", "Debit"), ("Umsatz in Mio. EUR", "Umsatz"),
        *[(name, name) for name in ("Paid in", "Debiteur", "Cost per thousand", "EUR", "Total M", "Amount k")],
    ],
)  # fmt: skip
def test_a_heading_without_the_unit_behind_it(heading, name):
    assert without_unit(heading) == name

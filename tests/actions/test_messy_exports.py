"""Made-up exports of many habits come to the revenue that was meant, ask, or are refused; never wrong in silence."""

import csv
import io
import random
from datetime import date, timedelta
from itertools import product

import pytest
from memory_book import MemoryBook

from addin.actions.load import preview
from addin.errors import BookError
from addin.values import serial

ENCODINGS = {
    "utf-8": "Zoë Ő",
    "utf-8-sig": "Иван",
    "utf-16": "Zoë",
    "cp1252": "Müller",
    "cp1250": "Győző",
    "cp1251": "Пётр",
}
DATES = {
    "ISO": "{d:%Y-%m-%d}", "moment": "{d:%Y-%m-%d} 10:30:59 +0100", "points": "{d:%d.%m.%Y}",
    "day/month": "{d:%d/%m/%Y}", "month/day": "{d.month}/{d.day}/{d.year} 9:05 PM",
    "name": "{d.day} {d:%b} {d.year}", "short": "{d:%d-%b-%y}",
}  # fmt: skip
TITLES = ([], [["Sales of the year"], []], [["Bean & Co", "orders"], ["made on", "2026-01-02"], []])
HEADINGS = (
    ["Order ID", "Created at", "Customer", "Total", "Status", "Currency", "Refunded"],
    ["Bestellnummer", "Datum", "Kunde", "Gesamtbetrag", "Status", "Währung", "Erstattet"],
    ["Rendelésszám", "Dátum", "Vevő", "Végösszeg", "Állapot", "Pénznem", "Refund amount"],
    ["Order no", "Order date", "Email", "Amount", "Payment status", "Currency", "Amount refunded"],
)
SOLD, NOT_SOLD = ["paid", "completed", "bezahlt"], ["refunded", "voided", "pending", "failed", "storniert", "cancelled"]


def amount_text(amount, comma, draw):
    text = draw.choice(["{:.2f}", "{:,.2f}"]).format(abs(amount))
    text = text.translate(str.maketrans(".,", ",.")) if comma else text
    return text if amount >= 0 else draw.choice(["-{}", "({})", "{}-"]).format(text)


def made(seed):
    """A file, and by currency what its orders came to."""
    draw = random.Random(seed)
    encoding, separator, comma = draw.choice(list(ENCODINGS)), draw.choice(",;\t|"), draw.random() < 0.5
    style, titles = draw.choice(list(DATES)), draw.choice(TITLES)
    headings = draw.choice([names for names in HEADINGS if fits(encoding, names)])
    currencies = draw.choice([["EUR"], ["EUR"], ["EUR", "USD"], ["HUF"]])
    lines_each = draw.choice([1, 1, 3])
    rows, meant = [], {name: {} for name in currencies}
    for number in range(draw.choice([3, 8, 30])):
        order, day = f"A{number:03}", date(2024, 1, 1) + timedelta(draw.randrange(700))
        state, code = draw.choice([*SOLD * 3, *NOT_SOLD]), draw.choice(currencies)
        amount = draw.choice([1, 1, 1, 1, -1]) * draw.randrange(100, 400_000) / 100
        refunded = draw.choice([0, 0, 0, 0.25]) * max(amount, 0) // 0.01 / 100
        count = draw.randrange(lines_each) + 1
        first = [order, DATES[style].format(d=day), ENCODINGS[encoding], amount_text(amount, comma, draw), state, code,
                 amount_text(refunded, comma, draw)]  # fmt: skip
        rows.append([*first, "item 0"])
        rows += [[order, first[1], first[2], "", "", "", "", f"item {line}"] for line in range(1, count)]
        if state in SOLD:
            meant[code][order] = (float(serial(day)), round(amount - refunded, 2))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([*titles, [*headings, "Item"], *rows])
    return text.getvalue().encode(encoding), {code: orders for code, orders in meant.items() if orders}


def fits(encoding, names):
    try:
        "".join(names).encode(encoding)
    except UnicodeError:
        return False
    return True


def loaded(path, **options):
    """The preview, and each order's day and amount."""
    plan = preview(MemoryBook(), [path], **options)
    columns = (plan.rows.get(name, ()) for name in ("Order", "Date", "Price"))
    return plan, {order: (day // 1, round(amount, 2)) for order, day, amount in zip(*columns, strict=True)}


@pytest.mark.parametrize(
    "seed", [*range(20), *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(20, 220))]
)
def test_a_messy_export_is_never_wrong_in_silence(tmp_path, seed):
    path = tmp_path / "orders.csv"
    data, meant = made(seed)
    path.write_bytes(data)
    where = {}
    if len(meant) > 1:
        with pytest.raises(BookError, match="--where Currency="):
            preview(MemoryBook(), [path])
        where = {"Currency": next(iter(meant))}
    wanted = next(iter(meant.values()), {})
    plan, found = loaded(path, where=where)
    asked = {key: list(plan.unclear[key].ways) for key in plan.asked}
    readings = [
        loaded(path, where=where, ways=dict(zip(asked, ways, strict=True)))[1] for ways in product(*asked.values())
    ]  # fmt: skip
    wanted = {order: told for order, told in wanted.items() if told[1] >= 0 or order in found}
    assert wanted in readings, (asked, plan.notes)
    assert all("Price must be a number from 0" in problem.reason for problem in plan.rejected), plan.rejected

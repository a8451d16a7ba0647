"""Made-up exports of many habits come to the revenue that was meant, ask, or are refused; never wrong in silence."""

import csv
import io
import random
from datetime import date, timedelta
from itertools import combinations, product

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
SEEDS = 300
TITLES = ([], [["Sales of the year"], []], [["Bean & Co", "orders"], ["made on", "2026-01-02"], []])
HEADINGS = (
    ["Order ID", "Created at", "Customer", "Total", "Status", "Currency", "Refunded"],
    ["Bestellnummer", "Datum", "Kunde", "Gesamtbetrag", "Status", "Währung", "Erstattet"],
    ["Rendelésszám", "Dátum", "Vevő", "Végösszeg", "Állapot", "Pénznem", "Refund amount"],
    ["Order no", "Order date", "Email", "Amount", "Payment status", "Currency", "Amount refunded"],
    ["Commande", "Date de commande", "Client", "Montant TTC", "Statut", "Devise", "Refunded"],
    ["Numero ordine", "Data ordine", "Cliente", "Totale", "Stato", "Valuta", "Refund total"],
    ["Номер заказа", "Дата заказа", "Клиент", "Сумма", "Статус", "Валюта", "Возвращено"],
)
SOLD = ["paid", "completed", "bezahlt", "Terminée", "spedito", "оплачен", "Realizado"]
NOT_SOLD = ["refunded", "voided", "pending", "failed", "storniert", "cancelled", "annulée", "rimborsato", "отменён"]
CURRENCIES = (["EUR"], ["EUR", "USD"], ["HUF"], ["CHF", "EUR", "PLN"])
LAST_LINES = ("", "no day", "a day")
"""Whether a line of totals stands at the end, and whether it has a day and a name as orders have."""
AXES = {
    "encoding": ENCODINGS, "separator": ",;\t|", "comma": (False, True), "dates": DATES, "titles": range(len(TITLES)),
    "headings": range(len(HEADINGS)), "currencies": range(len(CURRENCIES)), "last": LAST_LINES, "lines": (1, 3),
}  # fmt: skip


def drawn(seed):
    """What a file is like: of each axis one value, so that the letters can be written in its encoding."""
    draw = random.Random(seed)
    found = {name: draw.choice(list(values)) for name, values in AXES.items()}
    while not fits(found["encoding"], HEADINGS[found["headings"]]):
        found["headings"] = draw.choice(AXES["headings"])
    return found, draw


def amount_text(amount, comma, draw):
    text = draw.choice(["{:.2f}", "{:,.2f}"]).format(abs(amount))
    text = text.translate(str.maketrans(".,", ",.")) if comma else text
    return text if amount >= 0 else draw.choice(["-{}", "({})", "{}-"]).format(text)


def made(seed):
    """A file, and by currency what its orders came to."""
    like, draw = drawn(seed)
    encoding, comma = like["encoding"], like["comma"]
    currencies, name = CURRENCIES[like["currencies"]], ENCODINGS[encoding]
    states = {sold: [text for text in texts if fits(encoding, [text])] for sold, texts in ((1, SOLD), (0, NOT_SOLD))}
    rows, meant = [], {code: {} for code in currencies}
    for number in range(draw.choice([3, 8, 30])):
        order, day = f"A{number:03}", date(2024, 1, 1) + timedelta(draw.randrange(700))
        state, code = draw.choice([*states[1] * 2, *states[0]]), draw.choice(currencies)
        amount = draw.choice([1, 1, 1, 1, -1]) * draw.randrange(100, 400_000) / 100
        refunded = draw.choice([0, 0, 0, 0.25]) * max(amount, 0) // 0.01 / 100
        count = draw.randrange(like["lines"]) + 1
        first = [order, DATES[like["dates"]].format(d=day), name, amount_text(amount, comma, draw), state, code,
                 amount_text(refunded, comma, draw)]  # fmt: skip
        rows.append([*first, "item 0"])
        rows += [[order, first[1], name, "", "", "", "", f"item {line}"] for line in range(1, count)]
        if state in SOLD:
            meant[code][order] = (float(serial(day)), round(amount - refunded, 2))
    if like["last"]:
        last = rows[-1][1:3] if like["last"] == "a day" else ["", ""]
        rows.append(["Total", *last, amount_text(123456.78, comma, draw), "", "", "", ""])
    text = io.StringIO()
    writer = csv.writer(text, delimiter=like["separator"])
    writer.writerows([*TITLES[like["titles"]], [*HEADINGS[like["headings"]], "Item"], *rows])
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


def test_the_files_have_each_pair_of_habits():
    """Of separator, encoding, dates, decimals, titles, headings, currencies and last lines, each value with each."""
    files = [drawn(seed)[0] for seed in range(SEEDS)]
    for (one, firsts), (other, seconds) in combinations(AXES.items(), 2):
        there = {(like[one], like[other]) for like in files}
        missing = {*product(firsts, seconds)} - there
        if {one, other} == {"encoding", "headings"}:
            missing = {(code, names) for code, names in missing if fits(code, HEADINGS[names])}
        assert not missing, (one, other)


@pytest.mark.parametrize(
    "seed", [*range(20), *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(20, SEEDS))]
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
    lines = list(
        csv.reader(io.StringIO(data.decode(drawn(seed)[0]["encoding"])), delimiter=drawn(seed)[0]["separator"])
    )
    rows = len(lines) - 1 - len(TITLES[drawn(seed)[0]["titles"]])
    counted = (plan.new, len(plan.duplicates), len(plan.rejected), plan.left_out.total(), plan.further)
    assert sum(counted) == rows, counted
    assert all("Price must be a number from 0" in problem.reason for problem in plan.rejected), plan.rejected

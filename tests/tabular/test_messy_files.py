"""Files of 250 mixtures of habits are read as they were meant, or their doubt is named and settled by a choice."""

import csv
import io
import random
from datetime import date, timedelta

import pytest

from addin.tabular import read_dates, read_file, read_numbers, read_texts
from addin.values import serial

HUNGARIAN = ["január", "február", "március", "április", "május", "június", "július", "augusztus", "szeptember",
             "október", "november", "december"]  # fmt: skip
DATES = {
    "ISO": "{d:%Y-%m-%d}".format,
    "ISO with time": "{d:%Y-%m-%d} 10:30:59".format,
    "points": "{d.day}.{d.month}.{d.year}".format,
    "points, short": "{d:%d.%m.%y}".format,
    "day/month": "{d:%d/%m/%Y}".format,
    "month/day": "{d.month}/{d.day}/{d.year} 9:05 PM".format,
    "month-day": "{d:%m-%d-%Y}".format,
    "English": "{d:%d-%b-%Y}".format,
    "American": "{d:%B} {d.day}, {d.year}".format,
    "Hungarian": lambda d: f"{d.year}. {HUNGARIAN[d.month - 1]} {d.day}.",
    "compact": "{d:%Y%m%d}".format,
}
AMOUNTS = {
    "point": "{:.2f}", "thousands, point": "{:,.2f}", "dollars": "${:,.2f}", "code": "USD {:.2f}", "three": "{:.3f}",
}  # fmt: skip
COMMAS = {"comma": "{:.2f}", "thousands, comma": "{:,.2f}", "euros": "{:,.2f} €", "forints": "{:,.2f} Ft"}
SWAPPED = str.maketrans(".,", ",.")
TITLES = [[], [["Sales of the year"], []], [["Shop", "Bean & Co"], ["made on", "2026-01-02"], []]]
NAMES = {
    "utf-8": ["Zoë", "Иван", "Őri"], "utf-8-sig": ["Zoë", "O'Brien; Ann, jr"], "utf-16": ["Zoë", "Иван"],
    "cp1252": ["Zoë", "Müller", "José"], "cp1251": ["Иванова", "Пётр"], "cp1250": ["Győző", "Őri"],
}  # fmt: skip


def amount_text(style, amount, draw):
    text = (AMOUNTS | COMMAS)[style].format(abs(amount))
    if style in COMMAS:
        text = text.translate(SWAPPED)
    return text if amount >= 0 else draw.choice([f"-{text}", f"({text})", f"{text}-"])


@pytest.mark.parametrize("seed", range(250))
def test_what_was_written_is_read_or_the_doubt_is_named(tmp_path, seed):
    draw = random.Random(seed)
    encoding, separator = draw.choice(list(NAMES)), draw.choice(",;\t|")
    written = draw.choice([name for name in DATES if (name, encoding) != ("Hungarian", "cp1251")])
    shown = draw.choice(list(AMOUNTS | COMMAS))
    rows = [
        (f"A{number:03}", date(2023, 1, 1) + timedelta(draw.randrange(1000)), draw.choice(NAMES[encoding]),
         draw.choice([1, 1, 1, -1]) * draw.choice([draw.randrange(10**6) / 100, draw.randrange(1, 2000)]))
        for number in range(draw.choice([1, 2, 5, 40]))
    ]  # fmt: skip
    text = io.StringIO()
    if named := draw.random() < 0.2:
        text.write(f"sep={separator}\r\n")
    writer = csv.writer(text, delimiter=separator, lineterminator=draw.choice(["\n", "\r\n"]))
    titles = draw.choice(TITLES)
    writer.writerows(titles)
    writer.writerow(["Order", "Date", "Customer", "Amount"])
    for order, day, name, amount in rows:
        writer.writerow([order, DATES[written](d=day) if written != "Hungarian" else DATES[written](day), name,
                         amount_text(shown, amount, draw)])  # fmt: skip
    path = tmp_path / "orders.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    found = read_file(path)
    assert found.headings == ["Order", "Date", "Customer", "Amount"], (encoding, separator, named)
    assert read_texts(found.column("Order")).values == [row[0] for row in rows]
    assert found.numbers == [len(titles) + 2 + index for index in range(len(rows))]
    days = read_dates(found.column("Date"), found.habits)
    amounts = read_numbers(found.column("Amount"), found.habits)
    meant = [float(serial(row[1])) for row in rows]
    assert days.values == meant or days.unclear, (written, found.column("Date"))
    if days.unclear:
        (other,) = list(days.unclear.ways)[1:]
        assert meant in (days.values, read_dates(found.column("Date"), found.habits, way=other).values)
    meant = [row[3] for row in rows]
    assert amounts.values == meant or amounts.unclear, (shown, separator, found.column("Amount"))
    if amounts.unclear:
        (other,) = list(amounts.unclear.ways)[1:]
        assert meant in (amounts.values, read_numbers(found.column("Amount"), found.habits, way=other).values)
    names = read_texts(found.column("Customer")).values
    assert names == [row[2] for row in rows] or found.notes, (encoding, names)

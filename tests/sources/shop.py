"""Orders and answers that try an engine, and CDNOW's orders, which are published."""

import math
from dataclasses import replace
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path

DATASETS = Path(find_spec("lifetimes").origin).parent / "datasets"

PASSWORD = "correct horse; battery 'staple'"
READER = "reader"
HEADINGS = ["Customer", "Order Date", 'Paid "€"', "shop"]
COLUMNS = {"id": HEADINGS[0], "date": HEADINGS[1], "amount": HEADINGS[2]}
ORDERS = [
    ("O'Brien", datetime(2026, 1, 31, 23, 59), 10.0),
    ("O'Brien", datetime(2026, 1, 31, 8), 2.675),
    ("O'Brien", datetime(2026, 3, 1), 1.005),
    ("  Ann ", datetime(2026, 1, 5), 19.99),
    ("Ann", datetime(2026, 2, 5), 0.1),
    ("Ann", datetime(2026, 2, 6), 0.2),
    ("Ann", datetime(2026, 6, 30), 1234567.89),
    ("=1+1", datetime(2026, 2, 14), 5.0),
    ("=1+1", datetime(2026, 6, 1), 5.0),
    ("Zoë\nß", datetime(2025, 12, 31), 7.0),
    ("007", datetime(2026, 6, 30), 0.0),
    ("7", datetime(2026, 6, 30), 12.5),
    ("Eve; %s \\' --", datetime(2026, 3, 31), 33.33),
    ("Eve; %s \\' --", datetime(2026, 4, 30), 33.33),
    (None, datetime(2026, 4, 1), 1.0),
    ("   ", datetime(2026, 4, 1), 1.0),
    ("Bob", None, 1.0),
    ("Bob", datetime(2026, 4, 1), None),
    ("ANN", datetime(2026, 6, 30), 3.0),
    (" ann", datetime(2026, 7, 2), -0.05),
    ("o'brien", datetime(2026, 3, 5), -1.0),
    ("17001", datetime(2026, 2, 1), 20.0),
    ("17001.0", datetime(2026, 3, 1), 30.0),
    ("Refunds only", datetime(2026, 7, 9), -9.0),
    ("Refunds only", datetime(2025, 1, 9), -1.0),
]
"""Ids in several spellings among them, and refunds: of orders, and of a customer without one."""
ANSWERS = [
    (10, datetime(2026, 1, 1), "North"), (9, datetime(2026, 1, 31), "North"), (6, datetime(2026, 1, 2), "North"),
    (0, datetime(2026, 2, 1), "North"), (7, datetime(2026, 2, 1), "South"), (8, datetime(2026, 2, 28), "South"),
    (10, datetime(2026, 2, 3), None), (None, datetime(2026, 2, 3), "North"), (5, None, "North"),
]  # fmt: skip

WRITTEN = [
    ("9/10", datetime(2026, 1, 1), "North"), (" 9 - it's 100% sure; \\' --", datetime(2026, 1, 31), "North"),
    ("6", datetime(2026, 1, 2), "North"), ("0 points", datetime(2026, 2, 1), "North"),
    ("7,0", datetime(2026, 2, 1), "South"), ("Вполне вероятно - 8", datetime(2026, 2, 28), "South"),
    ("10.0", datetime(2026, 2, 3), None), (None, datetime(2026, 2, 3), "North"), ("5", None, "North"),
    ("N/A", datetime(2026, 2, 3), "North"), ("  ", datetime(2026, 2, 3), "North"),
]  # fmt: skip
"""The same answers as people and survey tools write them."""


def cdnow():
    """Every order of the CDNOW customers who came in the first quarter of 1997: id, day, dollars."""
    lines = (DATASETS / "CDNOW_master.txt").read_text().splitlines()[1:]
    rows = [line.split() for line in lines if line.strip()]
    return [(row[0], datetime.strptime(row[1], "%Y%m%d"), float(row[3])) for row in rows]


def at(place, table, **columns):
    """The source of one table."""
    return replace(place, location=place.location.replace("{}", table), table=place.table.format(table), **columns)


def typed_rows(data):
    """The orders of an open source as its questions see them: id, day, amount; what cannot be read is None."""
    rows = data._engine.collect(
        data._filtered(data._wanted({"id": "text", "date": "date", "amount": "number"})).select("id", "date", "amount")
    )
    return [
        (customer, None if day == date.min else day, None if amount is not None and math.isnan(amount) else amount)
        for customer, day, amount in rows
    ]

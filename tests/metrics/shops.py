"""Orders that the tests of predictions share: CDNOW's customers, the examples' shops, and what sheets get wrong."""

import random
import re
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from addin.calling import call
from addin.catalogue import catalogue
from addin.metrics.fits import AMOUNTS, DATES, DATES_OF_SEVEN, IDS, IDS_OF_SEVEN
from addin.values import serial

CALIBRATION_END = float(serial(date(1997, 9, 30)))
MONTHS = 39 * 7 / (365.25 / 12)  # 39 weeks


def column(constant):
    """An array constant of a formula as a column of cells."""
    return [[cell.strip('"') if '"' in cell else float(cell)] for cell in re.findall(r"[^{};]+", constant)]


SHOP = [column(IDS), column(DATES), column(AMOUNTS)]
ONE = [[["A"]] * 3, [[46034], [46048], [46055]], [[80], [80], [120]]]
ONCE = [[[name] for name in "ABCDEF"], [[46034 + 7 * i] for i in range(6)], [[10 + i] for i in range(6)]]
SAME_DAY = [[["A"], ["B"], ["A"]], [[46034]] * 3, [[10], [20], [30]]]
EQUAL = [*SHOP[:2], [[50]] * 13]
NEGATIVE = [*SHOP[:2], [[-amount] for (amount,) in SHOP[2]]]
TEXT_DATES = [SHOP[0], [SHOP[1][0], ["soon"], *SHOP[1][2:]], SHOP[2]]
OLD_DATES = [SHOP[0], [[12], *SHOP[1][1:]], SHOP[2]]
BLANK = [[[None]], [[None]], [[None]]]


def read(file, names):
    path = Path(find_spec("lifetimes").origin).parent / "datasets" / file
    orders = pd.read_csv(path, sep=r"\s+", names=names, header=None, dtype=str)[["id", "date", "value"]]
    return orders[orders.date.str.fullmatch(r"\d{8}")].reset_index(drop=True)


def as_columns(orders):
    """The orders as a sheet holds them: ids as text, dates as ISO text, amounts as numbers; a column each."""
    dates = pd.to_datetime(orders.date).dt.strftime("%Y-%m-%d")
    return [[[cell] for cell in cells] for cells in (orders.id, dates, orders.value.astype(float))]


def explained(name, *raw):
    """What the cell shows, and what the button Explain says of it."""
    notes = []
    return call(catalogue()[name], raw, note=notes.append), notes


def cdnow_shop(cdnow, seed, size):
    ids = sorted({cell for [cell] in cdnow[0]})
    some = set(random.Random(seed).sample(ids, size))
    return [[cells[i] for i, [name] in enumerate(cdnow[0]) if name in some] for cells in cdnow]


def cdnow_like(model):
    """The examples' customers, whom the model can fit."""
    if model == "BG/NBD":
        return SHOP
    return [column(IDS_OF_SEVEN), column(DATES_OF_SEVEN.strip()), [[10.0 + i] for i in range(20)]]

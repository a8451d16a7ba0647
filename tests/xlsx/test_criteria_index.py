"""SUMIFS and its kin filled down over fixed columns show what they show one by one, and what pandas comes to."""

import io
import random
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package

ROWS = 510
FILLED = [
    "=SUMIFS($C$1:$C$510,$A$1:$A$510,A{n})", "=SUMIF(A$1:A$510,$A{n},C$1:C$510)", "=COUNTIF(B:B,B{n})",
    "=COUNTIFS($A:$A,$A{n},'It''s'!B:B, B{n})", "=AVERAGEIFS(C:C,B:B,B{n},A:A,A{n})", "=AVERAGEIF(B:B,B{n},C:C)",
    '=IF(SUMIF(B$1:B$510,B{n})>0,"=SUMIF(B$1:B$510,B1)","")', "=IFERROR(AVERAGEIF(A:A,D{n},C:C),-1)",
]  # fmt: skip
TEXTS = ["Ann", "ANN", " ann", "ann ", "Mar10", "true", "inf", "nan", "1", "01", "5%", "a*", "A?n", "~n", '"', ">5",
         "=Ann", "<>", "Ünal", "ÜNAL", "\u212a1", "k1", "Ann B"]  # fmt: skip
NUMBERS = [1, 2, 3, 0, -1, 2.5, 0.1 + 0.2, 0.3, 2.9999999999999996, 43000.5, 45292]
DAYS = [datetime(2024, 1, 1), datetime(2024, 1, 2), datetime(2024, 1, 1, 12)]
OTHERS = [True, False, None, "=1/0", "=NA()", '=""', '="an"&"n"']


def calculated(columns, formulas, every=1):
    """What formulas of each row of some columns come to, by row and column; `every` leaves out rows between them."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "It's"
    for column, cells in enumerate(columns, 1):
        for row, cell in enumerate(cells, 1):
            sheet.cell(row, column, cell)
            if cell in ("1", "01", "=Ann"):
                sheet.cell(row, column).data_type = "s"
    for column, formula in enumerate(formulas, 6):
        for row in range(1, ROWS + 1, every):
            sheet.cell(row, column, formula.format(n=row))
    stream = io.BytesIO()
    book.save(stream)
    values = calculate(Package(stream.getvalue(), "book.xlsx"), everything=True).values
    return {place[1:]: value for place, value in values.items() if place[2] > 5}


@pytest.mark.parametrize("seed", range(4))
def test_filled_down_they_show_what_they_show_one_by_one(seed):
    choose = random.Random(seed)
    kinds = [TEXTS, NUMBERS, DAYS, OTHERS]
    counts = ((1, 2), (1, 1), (4, 3), (2, 1))[seed]
    mixed = [[cell for kind in choose.sample(kinds, count) for cell in kind] for count in counts]
    columns = [[choose.choice(cells) for _ in range(ROWS)] for cells in mixed]
    amounts = [[5, 7.25, -3], [5, 2], [5, "x", None, True, 2], [1, 2, 4] * 50 + ["=1/0"]][seed]
    columns += [[choose.choice(amounts) for _ in range(ROWS)], [choose.choice(mixed[0]) for _ in range(ROWS)]]
    filled = calculated(columns, FILLED)
    apart = calculated(columns, FILLED, every=6)
    assert len(apart) == 8 * ROWS // 6
    assert {place: filled[place] for place in apart} == apart


def test_they_come_to_what_pandas_does():
    choose = random.Random(5)
    customers = [f"{choose.choice('Cc')}{choose.randint(1, 60):03}" for _ in range(ROWS)]
    months = [choose.randint(1, 12) for _ in range(ROWS)]
    amounts = [choose.randint(-500, 9_900) / 4 for _ in range(ROWS)]
    found = calculated([customers, months, amounts, customers], FILLED[:6])
    orders = pd.DataFrame({"customer": [c.upper() for c in customers], "month": months, "amount": amounts})
    by_customer, by_month = (orders.groupby(key)["amount"] for key in ("customer", "month"))
    both = orders.groupby(["customer", "month"])["amount"]
    wanted = [
        by_customer.transform("sum"), by_customer.transform("sum"), by_month.transform("size"),
        both.transform("size"), both.transform("mean"), by_month.transform("mean"),
    ]  # fmt: skip
    for column, expected in enumerate(wanted, 6):
        assert [found[row, column] for row in range(1, ROWS + 1)] == pytest.approx(expected.tolist(), rel=1e-15)

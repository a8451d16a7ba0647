"""Our functions nested in native ones, in books made up by chance: the headless host and LibreOffice agree."""

import math
import os
import random
from io import BytesIO

import openpyxl
import pytest

from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package

BOOKS = int(os.environ.get("ROC_BOOKS", "8"))
USUAL = 2
"""Books of every run; the others are thorough."""
ROWS, FORMULAS = 24, 60
SAME = 1e-12
"""Native sums add in another order in each program."""


def numbers(chance):
    """A cell or a literal."""
    return chance.choice([
        f"{chance.choice('ABCDEF')}{chance.randint(1, ROWS)}", str(chance.randint(1, 9)), f"{chance.random():.3f}",
    ])  # fmt: skip


def area(chance, column):
    top = chance.randint(1, ROWS - 4)
    return f"{column}{top}:{column}{chance.randint(top + 3, ROWS)}"


def rows(chance):
    """The same rows of any column, as a pair of ranges needs."""
    top = chance.randint(1, ROWS - 8)
    return lambda column: f"{column}{top}:{column}{top + 7}"


def ours(chance, depth):
    """A call of one of our functions; its arguments may be native expressions."""
    inner = lambda: native(chance, depth - 1)  # noqa: E731  # one letter would not be clearer
    both = rows(chance)
    return chance.choice([
        lambda: f"NPS({area(chance, 'A')})",
        lambda: f'NPS({area(chance, "A")},"1-10")',
        lambda: f"INDEX(NPS_CI({area(chance, 'A')}),1,{chance.randint(1, 2)})",
        lambda: f"CHURN({both('C')},{both('D')},{chance.randint(1, 12)})",
        lambda: f"CLV({inner()},{inner()},{inner()})",
        lambda: f"CLV_MARGIN({inner()},{inner()},0.1)",
        lambda: f"ROI({inner()},{inner()})",
        lambda: f"ROC({inner()},{area(chance, 'D')},{inner()})",
        lambda: f"LIFESPAN({inner()})",
        lambda: f"CAC(SUM({area(chance, 'D')}),{inner()})",
        lambda: f"GINI({area(chance, 'D')})",
        lambda: f"PARETO_SHARE({area(chance, 'D')},{chance.randint(1, 9) / 10})",
        lambda: f"RETENTION({inner()},{inner()})",
        lambda: f"INDEX(RFM({both('E')},{both('F')},{both('D')}),2,{chance.randint(2, 7)})",
        lambda: f"PAYBACK({inner()},{inner()})",
        lambda: f"CHURN_LIST({both('E')},{area(chance, 'E')})",
    ])()  # fmt: skip


def native(chance, depth):
    """An expression of native functions, with ours inside."""
    if depth <= 0:
        return numbers(chance)
    inner = lambda: (ours if chance.random() < 0.5 else native)(chance, depth - 1)  # noqa: E731  # as above
    return chance.choice([
        lambda: numbers(chance),
        lambda: f"({inner()}+{inner()})",
        lambda: f"({inner()}*{inner()})",
        lambda: f"({inner()}/{inner()})",
        lambda: f"IF({inner()}>{inner()},{inner()},{inner()})",
        lambda: f"IFERROR({inner()},{numbers(chance)})",
        lambda: f"ROUND({inner()},{chance.randint(0, 4)})",
        lambda: f"MAX({inner()},{inner()})",
        lambda: f"SUM({area(chance, 'D')},{inner()})",
        lambda: f"ABS({inner()})",
        lambda: f"SUMIF({area(chance, 'D')},\">50\")",
        lambda: f"IF(ISERROR({inner()}),1,2)",
    ])()  # fmt: skip


@pytest.fixture(params=[n if n < USUAL else pytest.param(n, marks=pytest.mark.thorough) for n in range(BOOKS)])
def book(request, tmp_path):
    chance = random.Random(request.param)
    made = openpyxl.Workbook()
    for _ in range(ROWS):
        score = chance.choice([chance.randint(0, 10), chance.randint(7, 10), None])
        made.active.append([
            score, chance.randint(-3, 9), chance.randint(1, 40), chance.randint(40, 400),
            chance.choice(["Ann", "Bo", "Cy", "Di"]), 46000 + chance.randint(0, 400),
        ])  # fmt: skip
    for row in range(1, FORMULAS + 1):
        kind = ours if row % 2 else native
        made.active[f"H{row}"] = f"={kind(chance, 3)}"
    path = tmp_path / "book.xlsx"
    made.save(path)
    return path


def reads_a_blank(formula, sheet):
    """LibreOffice hands a single blank cell to our functions as 0."""
    return any(sheet[f"A{row}"].value is None and _stands_alone(f"A{row}", formula) for row in range(1, ROWS + 1))


def _stands_alone(cell, formula):
    at = formula.find(cell)
    while at >= 0:
        after, before = formula[at + len(cell) : at + len(cell) + 1], formula[at - 1]
        if not after.isdigit() and after != ":" and before != ":" and not before.isalpha():
            return True
        at = formula.find(cell, at + 1)
    return False


def is_error(value):
    return isinstance(value, str) and value.startswith(("#", "Err:"))


def test_both_give_the_same(office, book):
    sheet = openpyxl.load_workbook(book).active
    done = calculate(Package(book.read_bytes(), "book.xlsx"), everything=True)
    left = {kept.cell for kept in done.kept}
    values = openpyxl.load_workbook(BytesIO(done.data), data_only=True).active
    document = office.open(book)
    try:
        cells = document.Sheets.getByIndex(0)
        compared = 0
        for row in range(1, FORMULAS + 1):
            formula, there = sheet[f"H{row}"].value, office.shown(cells.getCellByPosition(7, row - 1))
            here = values[f"H{row}"].value
            if f"H{row}" in left or reads_a_blank(formula, sheet):
                continue
            compared += 1
            if is_error(here) and is_error(there):
                continue  # which of several errors shows is each program's own choice
            if isinstance(here, (int, float)) and isinstance(there, float):
                assert math.isclose(here, there, rel_tol=SAME, abs_tol=SAME), formula
            else:
                assert here == there, formula
        assert compared > FORMULAS / 2
    finally:
        document.close(True)

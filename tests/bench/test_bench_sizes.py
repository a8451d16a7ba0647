"""`roc` as whole processes: processor time and peak memory beside the bars, and how time grows with books.

`python -m pytest tests/bench/test_bench_sizes.py --benchmark-only` ends with one table; a case is chosen with -k.
"""

import datetime as dt
import math
import shutil
from itertools import pairwise

import pytest
import xlsxwriter
from figures import python, roc, slowness, used

from addin.files import template

NO_SUCH_VALUE = ""
"""Saved beside a formula, so that it is calculated."""


def of_template(*command):
    """A command on a copy of the template."""

    def write(path, rows):
        shutil.copy(template(), book := path.with_suffix(".xlsm"))
        return (command[0], book, *command[1:])

    return write


class Book:
    """A book of one sheet, written row by row."""

    def __init__(self, path):
        self.path = path
        self.workbook = xlsxwriter.Workbook(path, {"constant_memory": True})
        self.sheet = self.workbook.add_worksheet("S")

    def row(self, number, *cells):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and cell.startswith("="):
                self.sheet.write_formula(number, column, cell, None, NO_SUCH_VALUE)
            elif cell is not None:
                self.sheet.write(number, column, cell)

    def saved(self):
        self.workbook.close()
        return self.path


def two_columns(path, rows):
    book = Book(path)
    ours = ("=NPS(A:A)", "=GINI(B:B)", "=PARETO_SHARE(B:B)")
    for row in range(rows):
        book.row(row, row % 11, 1 + row * 7919 % 1000, *(ours if row == 0 else ()))
    return ("calc", book.saved())


def running_totals(path, rows):
    book = Book(path)
    for row in range(rows):
        n = row + 1
        book.row(row, n * 100, 60, None, f"=ROAS(A{n},B{n})", f"=SUM(D$1:D{n})")
    return ("calc", book.saved())


def computed_ends(path, rows):
    book = Book(path)
    for row in range(rows):
        n = row + 1
        book.row(row, n * 100, 60, None, f"=ROAS(A{n},B{n})", f"=SUM(D1:INDEX(D1:D{n},{n}))")
    return ("calc", book.saved())


def sums_by_criterion(path, rows):
    book = Book(path)
    for row in range(rows):
        sums = f"=SUMIFS(B$1:B${rows},A$1:A${rows},A{row + 1})"
        book.row(row, f"C{row * 7919 % (rows // 5):06}", row % 90, sums)
    return ("calc", book.saved(), "--all")


def plain_formulas(path, rows):
    """Five columns of the commonest formulas, each different in every row."""
    book = Book(path)
    for row in range(rows // 5):
        n = row + 1
        book.row(
            row, row % 97, 1 + row % 13, f"=A{n}*B{n}", f'=IF(A{n}>50,"high","low")', f"=SUM(A{n}:C{n})",
            f"=ROUND(C{n}/B{n},2)", f"=IFERROR(VLOOKUP(B{n},A$1:B$50,2,FALSE),0)",
        )  # fmt: skip
    return ("calc", book.saved(), "--all")


def two_of_ours_for_each_customer(path, rows):
    """Orders, and for every third of them a customer with two cells of ours."""
    book = Book(path)
    for row in range(rows):
        n = row + 1
        ours = (f"=ENGAGEMENT_LEVEL(1,E{n},0,0)", f"=CLV(1,E{n},F{n}/E{n})") if row < rows // 3 else ()
        book.row(row, f"C{row % (rows // 3):06}", 43_000 + row % 900, 5 + row * 31 % 400, None,
                 1 + row % 7, 20 + row % 300, *ours)  # fmt: skip
    return ("calc", book.saved())


def orders(path, rows):
    lines = ["Order,Customer,Date,Amount"]
    day = dt.date(2023, 1, 1)
    for row in range(rows):
        when = day + dt.timedelta(days=row * 7919 % 1200)
        lines.append(f"O{row:06},C{row * 31 % (rows // 5):06},{when},{5 + row * 31 % 400}")
    csv = path.with_suffix(".csv")
    csv.write_text("\n".join(lines))
    shutil.copy(template(), book := path.with_suffix(".xlsm"))
    return ("load", book, csv, "--table", "tblTransactions", "--replace", "--yes")


def refreshed(path, rows):
    command = orders(path, rows)
    roc(*command)
    return ("refresh", command[1])


CASES = {
    "roc --help": (lambda path, rows: ("--help",), 0, 0.15, None),
    "template, roc follow-up": (of_template("follow-up", "Repeat order", "12", "30"), 0, 0.6, None),
    "template, roc refresh": (of_template("refresh"), 0, 1, None),
    "1,000,000 rows, three formulas over two whole columns": (two_columns, 1_000_000, 4, 400),
    "46,438 of our formulas beside 69,659 orders": (two_of_ours_for_each_customer, 69_659, 2, None),
    "20,000 running totals over our cells": (running_totals, 20_000, 3, None),
    "800 sums up to a computed end": (computed_ends, 800, 1, None),
    "SUMIFS of 50,000 rows over 50,000": (sums_by_criterion, 50_000, 3, None),
    "199,436 formulas, --all": (plain_formulas, 199_436, 60, None),
    "50,000 orders loaded into the template": (orders, 50_000, 5, None),
    "refresh of the template with 50,000 orders": (refreshed, 50_000, 6, None),
}
"""Who writes the book, for how many rows; the bars in seconds and megabytes."""
TEMPLATE = {"roc calc": 1 / 5, "roc calc --all": 1 / 3}
"""Commands on the template, and the part of LibreOffice's time that they may take."""
GROWTH = {"rows": (two_columns, 1_000_000), "formulas": (plain_formulas, 200_000), "totals": (running_totals, 20_000)}
WRITTEN_BACK = """
import gc
import time
from addin.cli.main import OBJECTS
from addin.xlsx.cells import NewValue
from addin.xlsx.sheet_xml import SheetXml
gc.set_threshold(OBJECTS)  # as roc does
rows = "".join(f'<row r="{r}"><c r="A{r}"><f>B{r}*2</f><v>1</v></c></row>' for r in range(1, 400_001))
sheet = SheetXml(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode(), "bench")
values = {(row, 1): NewValue(row / 7) for row in range(1, 400_001)}
began = time.process_time()
data = sheet.with_values(values).data
print(time.process_time() - began)
assert data.count(b"<v>1</v>") == 1, "only of row 7 is the value still 1"
"""


@pytest.mark.benchmark(group="roc as a whole process")
@pytest.mark.parametrize("case", CASES)
def test_sizes(benchmark, tmp_path, figures, case):
    write, rows, bar, most = CASES[case]
    command = write(tmp_path / "book.xlsx", rows)
    before = slowness()
    took = benchmark.pedantic(roc, command, rounds=1)
    figures.add(case, took.processor, bar, took.megabytes, most, slow=(before + slowness()) / 2)


@pytest.fixture(scope="module")
def libreoffice(soffice, tmp_path_factory):
    """What LibreOffice takes for the template, by converting it, once its profile is there."""
    folder = tmp_path_factory.mktemp("libreoffice")
    command = [
        soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder, template(),
    ]  # fmt: skip

    def took():
        return used(*command)

    took()
    assert (folder / "workbook_template.xlsx").exists()
    return took


@pytest.mark.benchmark(group="the template, beside LibreOffice converting it")
@pytest.mark.parametrize("command", TEMPLATE)
def test_template_beside_libreoffice(benchmark, tmp_path, figures, libreoffice, command):
    _, name, *options = command.split()
    shutil.copy(template(), book := tmp_path / "book.xlsm")
    turns = [(libreoffice().processor, roc(name, book, *options, "--out", tmp_path / "out.xlsm")) for _ in range(2)]
    ours = benchmark.pedantic(roc, (name, book, *options, "--out", tmp_path / "out.xlsm"), rounds=1)
    ours = min([ours, *(ours for _, ours in turns)], key=lambda took: took.processor)
    bar, slow = TEMPLATE[command] * min(theirs for theirs, _ in turns), slowness()
    figures.add(f"template, {command}, beside LibreOffice", ours.processor, bar / slow, ours.megabytes, slow=slow)


@pytest.mark.benchmark(group="a value written into each of 400,000 rows of a sheet")
def test_written_back(benchmark, figures):
    before = slowness()
    took = benchmark.pedantic(python, (WRITTEN_BACK,), rounds=1)
    figures.add("400,000 rows written back", float(took.printed), 2, took.megabytes, slow=(before + slowness()) / 2)


@pytest.mark.benchmark(group="growth of processor time over two decades, start-up taken off")
@pytest.mark.parametrize("what", GROWTH)
def test_growth(benchmark, tmp_path, figures, what):
    write, most = GROWTH[what]
    small = most // 1000
    sizes = [most // 100, most // 10, most]
    commands = {rows: write(tmp_path / f"{rows}.xlsx", rows) for rows in (small, *sizes)}
    seconds = benchmark.pedantic(
        lambda: {rows: roc(*command).processor for rows, command in commands.items()}, rounds=1
    )
    start = seconds.pop(small)
    exponents = [math.log10((seconds[b] - start) / max(seconds[a] - start, 0.01)) for a, b in pairwise(sizes)]
    figures.add_growth(f"growth of time with {what}, exponents", exponents)

"""`roc` as whole processes: time, processor time and peak memory beside the bars, and how time grows with books.

`python -m pytest tests/bench/test_bench_sizes.py --benchmark-only` prints one table; a case is chosen with -k.
"""

import datetime as dt
import math
import os
import shutil
import subprocess
import sys
import time
from itertools import pairwise

import pytest
import xlsxwriter

from addin.files import template
from addin.xlsx.cells import NewValue
from addin.xlsx.sheet_xml import SheetXml

NO_SUCH_VALUE = ""
"""Saved beside a formula, so that it is calculated."""


ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""In which modules are compiled once, as pip installs them."""


def ask(*command):
    """Seconds, seconds of the processor, and megabytes at most, of a command of roc."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "addin", *map(str, command)], stdout=subprocess.DEVNULL, env=ENVIRONMENT
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


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
    ask(*command)
    return ("refresh", command[1])


CASES = {
    "roc --help": (lambda path, rows: ("--help",), 0, 0.15, None),
    "template, roc calc (a fifth of LibreOffice's time)": (of_template("calc"), 0, 0.43, None),
    "template, roc calc --all (a third of it)": (of_template("calc", "--all"), 0, 0.72, None),
    "template, roc follow-up": (of_template("follow-up", "Repeat order", "12", "30"), 0, 0.6, None),
    "template, roc refresh": (of_template("refresh"), 0, 1, None),
    "1,000,000 rows, three formulas over two whole columns": (two_columns, 1_000_000, 4, 400),
    "20,000 running totals over our cells": (running_totals, 20_000, 3, None),
    "800 sums up to a computed end": (computed_ends, 800, 1, None),
    "SUMIFS of 50,000 rows over 50,000": (sums_by_criterion, 50_000, 3, None),
    "199,436 formulas, --all": (plain_formulas, 199_436, 60, None),
    "46,438 of our formulas beside 69,659 orders": (two_of_ours_for_each_customer, 69_659, 2, None),
    "50,000 orders loaded into the template": (orders, 50_000, 5, None),
    "refresh of the template with 50,000 orders": (refreshed, 50_000, 6, None),
}
"""Who writes the book, for how many rows; the bars in seconds and megabytes."""
GROWTH = {"rows": (two_columns, 1_000_000), "formulas": (plain_formulas, 200_000), "totals": (running_totals, 20_000)}


@pytest.mark.benchmark(group="roc as a whole process (bars in seconds and megabytes)")
@pytest.mark.parametrize("case", CASES)
def test_sizes(benchmark, tmp_path, capsys, case):
    write, rows, bar, most = CASES[case]
    command = write(tmp_path / "book.xlsx", rows)
    seconds, processor, megabytes = benchmark.pedantic(ask, command, rounds=1)
    benchmark.extra_info |= {"processor": processor, "megabytes": megabytes, "bar": bar}
    with capsys.disabled():
        print(  # noqa: T201  # the figures
            f"\n{case:<55} {seconds:6.2f} s, {processor:6.2f} s of the processor, bar {bar:4} s "
            f"({seconds / bar:5.2f}x, {processor / bar:5.2f}x) {megabytes:6,.0f} MB"
            + (f", bar {most} MB" if most else "")
        )


@pytest.mark.benchmark(group="a value written into each of 400,000 rows of a sheet (bar: 2 s)")
def test_written_back(benchmark):
    rows = "".join(f'<row r="{r}"><c r="A{r}"><f>B{r}*2</f><v>1</v></c></row>' for r in range(1, 400_001))
    sheet = SheetXml(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode(), "bench")
    values = {(row, 1): NewValue(row / 7) for row in range(1, 400_001)}
    changed = benchmark.pedantic(sheet.with_values, (values,), rounds=3)
    assert changed.formula_cells("S")[-1].saved == 400_000 / 7


@pytest.mark.benchmark(group="growth of processor time over two decades, start-up taken off (bar: exponents of 1.1)")
@pytest.mark.parametrize("what", GROWTH)
def test_growth(benchmark, tmp_path, capsys, what):
    write, most = GROWTH[what]
    small = most // 1000
    sizes = [most // 100, most // 10, most]
    commands = {rows: write(tmp_path / f"{rows}.xlsx", rows) for rows in (small, *sizes)}
    seconds = benchmark.pedantic(lambda: {rows: ask(*command)[1] for rows, command in commands.items()}, rounds=1)
    start = seconds.pop(small)
    exponents = [math.log10((seconds[b] - start) / max(seconds[a] - start, 0.01)) for a, b in pairwise(sizes)]
    benchmark.extra_info["exponents"] = exponents
    with capsys.disabled():
        print(f"\n{what}: {', '.join(f'{e:.2f}' for e in exponents)}")  # noqa: T201  # the figures

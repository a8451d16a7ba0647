"""`roc calc` on books of more and more rows: time and peak memory of the whole process, which grow as the rows do."""

import os
import subprocess
import sys
import time

import pytest
import xlsxwriter

ROWS = (10_000, 100_000, 1_000_000)


def ask(path):
    """Seconds, and megabytes at most."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "addin", "calc", str(path)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.perf_counter() - began, used.ru_maxrss / 1024


@pytest.mark.benchmark(group="roc calc, three formulas over two whole columns, by rows")
def test_sizes(benchmark, tmp_path, capsys):
    def book(rows):
        path = tmp_path / f"{rows}.xlsx"
        workbook = xlsxwriter.Workbook(path, {"constant_memory": True})
        sheet = workbook.add_worksheet()
        for row in range(rows):
            sheet.write_row(row, 0, [row % 11, 1 + row * 7919 % 1000])
            if row == 0:
                for column, formula in enumerate(("=NPS(A:A)", "=GINI(B:B)", "=PARETO_SHARE(B:B)"), 3):
                    sheet.write_formula(row, column, formula, None, "")
        workbook.close()
        return path

    paths = {rows: book(rows) for rows in ROWS}
    figures = benchmark.pedantic(lambda: {rows: ask(path) for rows, path in paths.items()}, rounds=1)
    lines = [f"{rows:>9,} rows: {s:5.1f} s, {mb:5,.0f} MB, {1e6 * s / rows:6.1f} µs a row"
             for rows, (s, mb) in figures.items()]  # fmt: skip
    benchmark.extra_info["seconds and megabytes"] = figures
    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201  # the figures

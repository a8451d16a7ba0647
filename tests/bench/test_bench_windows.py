"""A column on its whole way but for Excel: xlwings' DLL, COM between two processes and Python, on Windows' own code.

What Excel itself needs to hand the column to VBA, and VBA's one pass over it, are not in these figures.
"""

import sys
from pathlib import Path

import pytest

ROWS = 1_048_576
ROUNDS = 3
BARS = {"numbers": 4, "blanks": 4, "texts": 2}


@pytest.fixture(scope="module")
def excel(project, tmp_path_factory):
    folder = str(Path(__file__).parents[1] / "hosts" / "windows")
    sys.path.insert(0, folder)
    from windows_machine import built

    started = built(project, tmp_path_factory).excel("bench")
    yield started
    started.close()
    sys.path.remove(folder)


@pytest.mark.thorough
@pytest.mark.timeout(1200)
@pytest.mark.benchmark(group="1,048,576 cells through COM (bars: 4 times faster for numbers, 2 for text)")
@pytest.mark.parametrize("kind", BARS)
def test_a_column_through_com(benchmark, excel, kind):
    """Against a VARIANT for each cell, as before, and against a function as xlwings' manual writes it."""
    taken = {}
    for way in ("packed", "cells", "theirs"):
        taken[way] = min(excel.column(kind, ROWS, way, rounds=ROUNDS)[1])
    ratios = {way: taken[way] / taken["packed"] for way in ("cells", "theirs")}
    benchmark.extra_info |= {"seconds": taken, "ratios": ratios}
    benchmark.pedantic(excel.column, [kind, ROWS, "packed"], rounds=1)
    assert min(ratios.values()) >= BARS[kind]


@pytest.mark.thorough
@pytest.mark.benchmark(group="one call through COM")
def test_one_call(benchmark, excel):
    assert benchmark(excel.formulas, ["=CLV(5,20,500)"]) == [50000.0]

"""From a column of cells to a number, against what a user would write instead.

Run with `python -m pytest tests/bench --benchmark-only`; each group prints its figures, fastest
first, with the ratio in brackets.
"""

import subprocess
import sys

import numpy as np
import pytest

from addin.arguments import numbers
from addin.calling import call
from addin.catalogue import catalogue

ROWS = 1_048_576


@pytest.fixture(scope="module")
def column():
    """A whole column of answers, as COM hands it over."""
    scores = np.random.default_rng(1).integers(0, 11, ROWS).astype(float)
    return tuple((score,) for score in scores.tolist())


@pytest.fixture(scope="module")
def column_with_blanks(column):
    return tuple((None,) if i % 10 == 0 else cell for i, cell in enumerate(column))


def numpy_nps(column):
    scores = np.array(column)
    return 100 * (np.mean(scores >= 9) - np.mean(scores <= 6))


@pytest.mark.benchmark(group="NPS of a column of 1,048,576 cells")
class TestColumn:
    def test_ours(self, benchmark, column):
        assert benchmark(call, catalogue()["NPS"], [column]) == pytest.approx(numpy_nps(column))

    def test_ours_with_blanks(self, benchmark, column_with_blanks):
        benchmark(call, catalogue()["NPS"], [column_with_blanks])

    def test_numpy_with_blanks(self, benchmark, column_with_blanks):
        benchmark(lambda: numpy_nps(np.array(column_with_blanks, dtype=float)))

    def test_numpy(self, benchmark, column):
        benchmark(numpy_nps, column)


@pytest.mark.benchmark(group="1,048,576 cells to numbers")
class TestMarshalling:
    def test_ours(self, benchmark, column):
        benchmark(numbers, column, "scores")

    def test_numpy(self, benchmark, column):
        benchmark(np.array, column)


@pytest.mark.benchmark(group="one call on plain cells (bar: 25 µs)")
class TestCallOverhead:
    def test_clv(self, benchmark):
        assert benchmark(call, catalogue()["CLV"], [5.0, 20.0, 500.0]) == 50000

    def test_nps_of_five_cells(self, benchmark):
        assert benchmark(call, catalogue()["NPS"], [((10.0,), (9.0,), (8.0,), (6.0,), (10.0,))]) == 40

    @pytest.mark.parametrize("name", ["CHURN", "ROI", "PAYBACK"])
    def test_two_numbers(self, benchmark, name):
        benchmark(call, catalogue()[name], [30.0, 100.0])

    def test_roc(self, benchmark):
        assert benchmark(call, catalogue()["ROC"], [10000.0, 6000.0, 2850.0, 3900.0]) == 1.275

    def test_clv_lifted_over_a_thousand_rows(self, benchmark):
        benchmark(call, catalogue()["CLV"], [[[5.0]] * 1000, [[20.0]] * 1000, [[500.0]] * 1000])


@pytest.mark.benchmark(group="starting Python for a first call (bar: 250 ms more than bare)")
class TestImport:
    @pytest.mark.parametrize("code", ["pass", "import numpy", "import addin.metrics", "import pandas"])
    def test_start(self, benchmark, code):
        benchmark.pedantic(
            subprocess.run, [[sys.executable, "-c", code]], {"check": True, "timeout": 60}, rounds=7, warmup_rounds=1
        )

"""Lifetime value, and how it is spread among customers."""

import random
from importlib.util import find_spec
from pathlib import Path

import formualizer
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from addin import clv, clv_margin, gini, pareto_share

AMOUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=50).filter(any)

ERRORS = [
    ("CLV", [-5, 20, 500], "#NUM!", "years must be 0 or more, -5 was found"),
    ("CLV", [5, -20, 500], "#NUM!", "purchases_per_year must be 0 or more"),
    ("CLV", [5, 20, -500], "#NUM!", "average_order must be 0 or more"),
    ("CLV", [5, 20, 500, 40], "#NUM!", "margin must lie between -1 and 1, 40 was found; 40% is 0.4"),
    ("CLV", [5, 20, 500, 1, 10], "#NUM!", "discount_rate must lie between 0 and 1, 10 was found; 10% is 0.1"),
    ("CLV", [1e308, 20, 500], "#NUM!", "not a finite number"),
    ("CLV_MARGIN", [100, 1, 0], "#DIV/0!", "without end"),
    ("CLV_MARGIN", [100, 80, 0.1], "#NUM!", "80% is 0.8"),
    ("CLV_MARGIN", [100, 0.8, -0.1], "#NUM!", "discount_rate must lie between 0 and 1"),
    ("RETENTION_PROFIT", [0, 0.85, 0.1], "#DIV/0!", "before is 0"),
    ("RETENTION_PROFIT", [0.8, 1, 0], "#DIV/0!", "without end"),
    ("RETENTION_PROFIT", [1, 0.8, 0], "#DIV/0!", "without end"),
    ("RETENTION_PROFIT", [80, 85, 0.1], "#NUM!", "before must lie between 0 and 1"),
    ("RETENTION_PROFIT", [0.8, 1.1, 0.1], "#NUM!", "after must lie between 0 and 1"),
    ("RETENTION_PROFIT", [0.8, 0.9, 10], "#NUM!", "10% is 0.1"),
    ("PARETO_SHARE", [[None]], "#N/A", "values is blank"),
    ("PARETO_SHARE", [[5, "x"]], "#VALUE!", "values, row 1"),
    ("PARETO_SHARE", [[0, 0]], "#DIV/0!", "values are all 0"),
    ("PARETO_SHARE", [[5, -1]], "#NUM!", "values must be 0 or more, -1 was found"),
    ("PARETO_SHARE", [[5, 1], 20], "#NUM!", "20% is 0.2"),
    ("PARETO_SHARE", [[5, 1], -0.2], "#NUM!", "top must lie between 0 and 1"),
    ("GINI", [[""]], "#N/A", "values is blank"),
    ("GINI", [[5, "x"]], "#VALUE!", "values, row 1"),
    ("GINI", [[0]], "#DIV/0!", "values are all 0"),
    ("GINI", [[5, -1]], "#NUM!", "values must be 0 or more, -1 was found"),
]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([5, 20, 500], 50_000),  # the Russian guide to a customer for life
        ([5, 20, 500, 0.3], 15_000),
        ([2.5, 20, 500], 25_000),
        ([5, 20, 500, -0.1], -5_000),
        ([5, 20, 500, None, 0.1], 37_907.86769408448),  # =-PV(10%,5,10000) in Excel
        ([2.5, 1, 100, 1, 0.1], 212.01438905322949),  # =-PV(10%,2.5,100)
        ([0, 20, 500, 1, 0.1], 0),
        ([5, 20, 500, 1, 1e-13], 50_000),
    ],
)
def test_clv(answer, raw, expected):
    """Years times purchases times order; discounted as an annuity, a rate near 0 changing next to nothing."""
    assert answer("CLV", *raw) == pytest.approx(expected)


@pytest.mark.parametrize(("years", "rate"), [(1, 0.1), (4, 0.08), (0.5, 0.1), (2.5, 0.25), (7.3, 0.01), (3, 0)])
def test_discounted_clv_is_the_spreadsheets_own_pv(years, rate):
    """As the native formula beside it in the workbook, for a fraction of a year too."""
    book = formualizer.Workbook()
    book.add_sheet("S")
    book.set_formula("S", 1, 1, f"=-PV({rate},{years},12*50*0.4)")
    assert clv(years, 12, 50, 0.4, rate) == pytest.approx(book.evaluate_cell("S", 1, 1))


@given(st.integers(1, 40), st.floats(0.001, 1))
def test_discounted_clv_is_the_sum_of_the_years_discounted_one_by_one(years, rate):
    year = np.arange(1, years + 1)
    assert clv(years, 12, 50, 0.4, rate) == pytest.approx((12 * 50 * 0.4 / (1 + rate) ** year).sum())


@pytest.mark.parametrize(
    ("retention", "multiple"), [(0.80, 2.666666666666667), (0.85, 3.4), (0.90, 4.5), (0.95, 6.333333333333333)]
)
def test_margin_multiple_of_gupta_and_lehmann_at_ten_per_cent(answer, retention, multiple):
    """The margin multiples of Gupta and Lehmann (2003); with the first margin one more."""
    assert answer("CLV_MARGIN", 100, retention, 0.1) == pytest.approx(100 * multiple)
    assert answer("CLV_MARGIN", 100, retention, 0.1, True) == pytest.approx(100 * (multiple + 1))


@given(st.floats(0, 0.98), st.floats(0.01, 1), st.booleans())
def test_clv_from_margin_is_the_sum_of_all_margins_to_come(retention, rate, include_first):
    period = np.arange(0 if include_first else 1, 3000)
    margins = 100 * (retention / (1 + rate)) ** period
    assert clv_margin(100, retention, rate, include_first) == pytest.approx(margins.sum(), abs=1e-9)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([0.80, 0.85, 0.1], 0.275),
        ([0.90, 0.95, 0.1], 0.4074074074074074),
        ([0.85, 0.80, 0.1], -0.21568627450980393),
        ([0.5, 0.5, 0], 0),
        ([0.5, 0, 0.1], -1),
    ],
)
def test_profit_of_retention(answer, raw, expected):
    """Five points more bring 27.5% or 40.7%: how much depends on where one starts, so 125% is no constant."""
    assert answer("RETENTION_PROFIT", *raw) == pytest.approx(expected)


def test_where_the_125_per_cent_come_from(answer):
    """Value as 1/churn, and churn down from 9% to 4%: what the help says about the claim of the Finnish guide."""
    assert answer("LIFESPAN", 0.04) / answer("LIFESPAN", 0.09) - 1 == pytest.approx(1.25)


@pytest.mark.parametrize(
    ("raw", "share"),
    [
        ([[40, 30, 20, 5, 5]], 0.4),
        ([[5, 30, 5, 40, 20], 0.4], 0.7),
        ([[40, 30, 20, 10]], 0.8 * 0.4),  # 0.8 of the best of four
        ([[40, 30, 20, 10], 0.3], 0.4 + 0.2 * 0.3),
        ([[40, 30, 20, 10], 0], 0),
        ([[40, 30, 20, 10], 1], 1),
        ([[7, 7, 7]], 0.2),
        ([[100, 0, 0, 0, 0]], 1),
        ([7], 0.2),
        ([[1e308, 1e308, 1e308, 1e308, 1e308]], 0.2),
    ],
)
def test_pareto_share(answer, raw, share):
    """The best 20% unless told otherwise; a part of a customer counts in proportion."""
    assert answer("PARETO_SHARE", *raw) == pytest.approx(share)


@pytest.mark.parametrize(
    ("values", "index"),
    [
        ([5, 5, 5], 0),
        ([7], 0),
        ([0, 0, 0, 10], 3 / 4),
        ([1, 2, 3], 2 / 9),
        ([40, 30, 20, 5, 5], 0.38),
        ([1e308, 1e308, 0, 0], 1 / 2),
    ],
)
def test_gini(answer, values, index):
    assert answer("GINI", values) == pytest.approx(index)


def test_eighty_twenty_in_closed_form(answer):
    """Customers on the Lorenz curve of the 80/20 rule: the best 20% bring 80%, and the index is 0.7565.

    A Pareto distribution with alpha = ln 5 / ln 4 = 1.160964 gives 1/(2 alpha - 1) = 0.756471.
    """
    n, alpha = 100_000, 1.160964047443681
    lorenz = 1 - (1 - np.arange(n + 1) / n) ** (1 - 1 / alpha)
    customers = np.diff(lorenz).tolist()
    assert answer("PARETO_SHARE", customers) == pytest.approx(0.8, abs=1e-9)
    assert answer("GINI", customers) == pytest.approx(0.7564707973660302, abs=1e-5)


@given(AMOUNTS, st.floats(1e-6, 1e6), st.floats(0, 1))
def test_another_currency_does_not_change_the_concentration(amounts, rate, top):
    exchanged = [amount * rate for amount in amounts]
    assert gini(exchanged) == pytest.approx(gini(amounts), abs=1e-9)
    assert pareto_share(exchanged, top) == pytest.approx(pareto_share(amounts, top), abs=1e-9)


@given(AMOUNTS, st.floats(0, 1))
def test_two_branches_with_the_same_customers_are_as_concentrated_as_one(amounts, top):
    assert gini(amounts * 2) == pytest.approx(gini(amounts), abs=1e-12)
    assert pareto_share(amounts * 2, top) == pytest.approx(pareto_share(amounts, top), abs=1e-12)


@given(AMOUNTS, st.floats(0, 1), st.integers())
def test_concentration_does_not_depend_on_order_or_blanks(answer, amounts, top, seed):
    shuffled = random.Random(seed).sample([*amounts, None, ""], len(amounts) + 2)
    assert answer("GINI", shuffled) == answer("GINI", amounts)
    assert answer("PARETO_SHARE", shuffled, top) == answer("PARETO_SHARE", amounts, top)


@given(AMOUNTS, st.floats(0, 1))
@example([1, 1, 242], 0.9999999999999999)
def test_the_best_bring_at_least_their_share_and_at_most_all(amounts, top):
    assert top - 1e-12 <= pareto_share(amounts, top) <= 1
    assert 0 <= gini(amounts) <= 1 - 1 / len(amounts) + 1e-12


@given(AMOUNTS)
def test_gini_is_half_the_mean_difference_of_two_customers_over_their_mean(amounts):
    x = np.array(amounts, dtype=float)
    assume(x.mean() > 0)
    assert gini(amounts) == pytest.approx(np.abs(np.subtract.outer(x, x)).mean() / (2 * x.mean()), abs=1e-12)


@pytest.fixture(scope="module")
def cdnow():
    """Revenue of each of the 23,570 customers of CDNOW who first bought in early 1997 (Fader and Hardie)."""
    package = Path(find_spec("lifetimes").origin).parent
    names = ["customer", "date", "cds", "amount"]
    orders = pd.read_csv(package / "datasets" / "CDNOW_master.txt", sep=r"\s+", names=names, header=0)
    revenue = orders.groupby("customer")["amount"].sum()
    assert (len(orders), len(revenue)) == (69_659, 23_570)
    return revenue


def test_concentration_of_real_customers_agrees_with_pandas(answer, cdnow):
    """As a column of cells and as a pandas Series: the same index, the one that pandas finds by ranks."""
    n = len(cdnow)
    by_ranks = 2 * cdnow.cov(cdnow.rank(method="first")) * (n - 1) / n / (n * cdnow.mean())
    column = [[amount] for amount in cdnow.tolist()]
    assert answer("GINI", column) == gini(cdnow) == pytest.approx(by_ranks, abs=1e-12)
    assert answer("PARETO_SHARE", column) == pareto_share(cdnow)


@pytest.mark.parametrize(("top", "customers", "part"), [(0.2, 4714, 0), (0.15, 3535, 0.5), (0.01, 235, 0.7)])
def test_what_the_best_real_customers_bring_agrees_with_pandas(cdnow, top, customers, part):
    best = cdnow.sort_values(ascending=False)
    expected = (best.head(customers).sum() + part * best.iloc[customers]) / best.sum()
    assert pareto_share(cdnow, top) == pytest.approx(expected, abs=1e-12)

"""Churn, retention and lifespan."""

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin import churn, churn_list, lifespan
from addin.errors import WrongKind

IDS = st.sets(st.integers(1, 30), min_size=1)

ERRORS = [
    ("CHURN", [[None], [None]], "#N/A", "no period has both lost and at_start"),
    ("CHURN", [[5, None], [None, 100]], "#N/A", "no period has both lost and at_start"),
    ("CHURN", [[None, None, None], 100], "#N/A", "no period has both lost and at_start"),
    ("CHURN", [["few"], [100]], "#VALUE!", "lost, row 1"),
    ("CHURN", [[1, 2, 3], [100, 100]], "#VALUE!", "lost has 3 cells, at_start 2"),
    ("CHURN", [1, 100, 1, "simple"], "#VALUE!", '"compound" or "linear" is needed'),
    ("CHURN", [0, 0], "#DIV/0!", "at_start is 0"),
    ("CHURN", [1, 100, 0], "#DIV/0!", "months is 0"),
    ("CHURN", [1, 100, -6], "#NUM!", "months must be more than 0, -6 was found"),
    ("CHURN", [[-1, 5], [100, 100]], "#NUM!", "lost must be 0 or more, -1 was found"),
    ("CHURN", [[1, 5], [100, -100]], "#NUM!", "at_start must be 0 or more, -100 was found"),
    ("CHURN", [101, 100], "#NUM!", "lost adds up to 101, more than the 100 at_start"),
    ("CHURN", [[1e308, 1e308], [1e308, 1e308]], "#NUM!", "too large"),
    ("CHURN_LIST", [[None], ["Ann"]], "#N/A", "ids_at_start is empty"),
    ("CHURN_LIST", [["Ann"], ["", " "]], "#N/A", "ids_at_end is empty"),
    ("CHURN_CONVERT", [0.1, 0, 12], "#DIV/0!", "from_months is 0"),
    ("CHURN_CONVERT", [0.1, -1, 12], "#NUM!", "from_months must be more than 0"),
    ("CHURN_CONVERT", [0.1, 1, 0], "#NUM!", "to_months must be more than 0"),
    ("CHURN_CONVERT", [2, 1, 12], "#NUM!", "churn must lie between 0 and 1, 2 was found; 2% is 0.02"),
    ("CHURN_CONVERT", [-0.1, 1, 12], "#NUM!", "churn must lie between 0 and 1"),
    ("RETENTION", [0, 10], "#DIV/0!", "at_start is 0"),
    ("RETENTION", [-1, 10], "#NUM!", "at_start must be more than 0"),
    ("RETENTION", [100, -1], "#NUM!", "at_end must be 0 or more"),
    ("RETENTION", [100, 90, -1], "#NUM!", "new_customers must be 0 or more"),
    ("RETENTION", [100, 90, 91], "#NUM!", "new_customers is 91, more than the 90 at_end"),
    ("RETENTION", [100, 120], "#NUM!", "120 stayed of 100 at_start"),
    ("LIFESPAN", [0.02, "weeks"], "#VALUE!", '"months" or "years" is needed'),
    ("LIFESPAN", [0], "#DIV/0!", "churn is 0"),
    ("LIFESPAN", [2], "#NUM!", "2% is 0.02"),
    ("LIFESPAN", [-0.02], "#NUM!", "between 0 and 1"),
    ("LIFESPAN", [5e-324], "#NUM!", "not a finite number"),
]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([10, 500], 0.02),
        ([[[9], [11]], [[480], [520]]], 0.02),
        ([[1, 18], [10, 990]], 0.019),  # the mean of 10% and 1.8% would be 5.9%
        ([[9, None, 11, 7], [480, 500, 520, ""]], 0.02),
        ([0, 500], 0),
        ([500, 500], 1),
        ([500, 500, 6], 1),
        # implied by the Finnish guide: half, or a fifth, of the customers lost in six months
        ([50, 100, 6], 0.10910128185966073),
        ([50, 100, 6, "linear"], 0.08333333333333333),
        ([[5, 4, 3, 2, 4, 2], 100, 6], 0.03650751600100388),
        ([[5, 4, 3, 2, 4, 2], 100, 6, "LINEAR"], 0.03333333333333333),
        ([[12], [100], 6, "linear"], 0.02),
        ([1e-13, 1, 12], 1e-13 / 12),
    ],
)
def test_churn(answer, raw, expected):
    """Sums over sums, as a monthly rate; a month that lacks one of its numbers does not dilute it."""
    assert answer("CHURN", *raw) == pytest.approx(expected, rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("monthly", "six_months"),
    [
        (0.020, 0.11415761913600009),
        (0.030, 0.1670279950710002),
        (0.035, 0.19246030391798452),
        (0.060, 0.3101302189440003),  # the guide says "under a fifth"
        (0.100, 0.46855899999999995),
        (0.109, 0.49965884792218307),
        (0.0, 0.0),
        (1.0, 1.0),
    ],
)
def test_six_months_of_churn_compound(answer, monthly, six_months):
    assert answer("CHURN_CONVERT", monthly, 1, 6) == pytest.approx(six_months)
    assert answer("CHURN", six_months, 1, 6) == pytest.approx(monthly)


@given(st.floats(0, 0.5), st.floats(1, 12), st.floats(1, 12))
def test_converting_churn_there_and_back_changes_nothing(answer, churn, here, there):
    converted = answer("CHURN_CONVERT", churn, here, there)
    assert answer("CHURN_CONVERT", converted, there, here) == pytest.approx(churn, rel=1e-9)


@pytest.mark.parametrize(
    ("start", "end", "share"),
    [
        (["Ann", "Bo", "Cy", "Di"], ["bo", "Di", "Eve", "Ann"], 1 / 4),
        ([[101], [102], [102], [None]], [["101"], ["103"]], 1 / 2),
        (["ann", " ANN ", "Straße"], ["STRASSE"], 1 / 2),
        (["Ann"], ["Bo"], 1),
        (["Ann"], ["Ann", "Bo"], 0),
    ],
)
def test_churn_of_two_lists_counts_each_customer_once(answer, start, end, share):
    """Case, spaces around a name, and number or text make no difference; new customers do not count."""
    assert answer("CHURN_LIST", start, end) == pytest.approx(share)


@given(IDS, IDS)
def test_retention_and_churn_of_the_same_two_lists_add_up_to_one(answer, start, end):
    retention = answer("RETENTION", len(start), len(end), len(end - start))
    assert retention + answer("CHURN_LIST", list(start), list(end)) == pytest.approx(1)


@given(st.lists(st.integers(1, 9), min_size=1), st.lists(st.integers(1, 9), min_size=1), st.integers())
def test_churn_of_lists_agrees_with_pandas_in_any_order(start, end, seed):
    lost = pd.Index(start).unique().difference(pd.Index(end))
    shuffled = random.Random(seed).sample([*start, None], len(start) + 1)
    assert churn_list(shuffled, end) == pytest.approx(len(lost) / pd.Series(start).nunique())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [([500, 520, 60], 0.92), ([500, 460], 0.92), ([100, 30, 30], 0), ([100, 150, 50], 1), ([200, 0], 0)],
)
def test_retention(answer, raw, expected):
    assert answer("RETENTION", *raw) == pytest.approx(expected)


def test_retention_answers_for_every_row(answer):
    """A month that cannot be answered shows its own error, the others their retention."""
    first, second, third = answer("RETENTION", [[500], [0], [400]], [[520], [10], [300]], [[60], [0], [""]])
    assert first == [pytest.approx(0.92)]
    assert second[0].code == "#DIV/0!"
    assert third == [0.75]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([0.02], 50),  # the Finnish guide: 2% a month, about four years
        ([0.02, "years"], 4.166666666666667),
        ([0.02, "Years"], 4.166666666666667),
        ([0.02, None], 50),
        ([1], 1),
    ],
)
def test_lifespan(answer, raw, expected):
    assert answer("LIFESPAN", *raw) == pytest.approx(expected)


def test_python_refuses_an_unknown_choice_too():
    """A cell cannot hold one; in Python a slip would otherwise be taken for the default."""
    with pytest.raises(WrongKind, match="'weeks' was found"):
        lifespan(0.02, "weeks")
    with pytest.raises(WrongKind, match="'cubic' was found"):
        churn(10, 500, 6, "cubic")
    assert churn(10, 500, 6, "Linear") == churn(10, 500, 6, "linear") != churn(10, 500, 6)  # without case, as in a cell


def test_lifespan_is_the_mean_time_to_leave(answer):
    months = np.arange(1, 5000)
    leaving = 0.03 * 0.97 ** (months - 1)
    assert answer("LIFESPAN", 0.03) == pytest.approx((months * leaving).sum())

"""Median survival and the log-rank test: Freireich's patients as R's survival package has them, and lifelines."""

import numpy as np
import pytest
from lifelines.statistics import multivariate_logrank_test

ERRORS = [
    ("SURVIVAL_MEDIAN", [[None], [None]], "#N/A", "there are no customers"),
    ("SURVIVAL_MEDIAN", [[1, 2], [1]], "#VALUE!", "the ranges differ in size"),
    ("SURVIVAL_MEDIAN", [[1, -2], [1, 0]], "#NUM!", "durations must be 0 or more"),
    ("SURVIVAL_MEDIAN", [[1, 2], [1, 0], 95], "#NUM!", "confidence must lie between 0 and 1"),
    ("LOGRANK", [[1, 2], [1, 0], ["a", "a"]], "#N/A", "at least two groups are needed"),
    ("LOGRANK", [[1, 2], [0, 0], ["a", "b"]], "#N/A", "nothing to compare"),
    ("LOGRANK", [[1, 2], [1, 0], ["a"]], "#VALUE!", "the ranges differ in size"),
    ("LOGRANK", [[1, -2], [1, 0], ["a", "b"]], "#NUM!", "durations must be 0 or more"),
]
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)


def test_median_of_freireichs_patients(answer):
    """R: survfit(Surv(time, event) ~ group, conf.type = "log-log"): 23 (13, NA) and 8 (4, 11)."""
    assert answer("SURVIVAL_MEDIAN", TREATED, RELAPSE) == [["Median", "Low", "High"], [23, 13, ""]]
    assert answer("SURVIVAL_MEDIAN", PLACEBO, [1] * 21)[1] == [8, 4, 11]


def test_a_median_that_is_not_reached_is_blank(answer):
    assert answer("SURVIVAL_MEDIAN", [1, 2, 3, 4], [1, 0, 0, 0])[1][0] == ""


def test_freireichs_patients_differ(answer):
    """R: survdiff gives 19.25 and 10.75 expected, chi-square 16.8 on 1 degree of freedom, p = 4e-05."""
    table = answer("LOGRANK", [*TREATED, *PLACEBO], [*RELAPSE, *[1] * 21], [*["6-MP"] * 21, *["placebo"] * 21])
    assert table[1] == ["6-MP", 21, 9, pytest.approx(19.25, abs=5e-3)]
    assert table[2] == ["placebo", 21, 21, pytest.approx(10.75, abs=5e-3)]
    assert [row[1] for row in table[3:]] == pytest.approx([16.793, 4.17e-5], rel=1e-3)


@pytest.mark.parametrize("groups", [2, 3, 5])
def test_beside_lifelines(answer, groups):
    random = np.random.default_rng(groups)
    time, left = random.integers(1, 30, 90), random.integers(0, 2, 90)
    group = random.choice(list("abcde")[:groups], 90)
    theirs = multivariate_logrank_test(time, group, left)
    table = answer("LOGRANK", *[[[cell] for cell in cells.tolist()] for cells in (time, left, group)])
    assert [row[1] for row in table[-2:]] == pytest.approx([theirs.test_statistic, theirs.p_value], rel=1e-9)


def test_incomplete_rows_are_left_out(answer):
    raw = [[1, 2, 2, 3], [1, 1, 0, 1], ["a", "a", "b", "b"]]
    more = [[*raw[0], None, 4, 5], [*raw[1], 1, None, 1], [*raw[2], "a", "b", None]]
    assert answer("LOGRANK", *more) == answer("LOGRANK", *raw)


def test_who_was_last_seen_before_anybody_left_is_compared_with_none(answer):
    """As in R's survdiff, where a group without an expected loss counts for no degree of freedom."""
    table = answer("LOGRANK", [*TREATED, *PLACEBO, 0.5, 0.7], [*RELAPSE, *[1] * 21, 0, 0],
                   [*["6-MP"] * 21, *["placebo"] * 21, "new", "new"])  # fmt: skip
    assert table[3] == ["new", 2, 0, 0]
    assert [row[1] for row in table[4:]] == pytest.approx([16.793, 4.17e-5], rel=1e-3)


def test_groups_that_differ_in_case_alone_are_one(answer):
    raw = [1, 2, 2, 3, 4], [1, 1, 0, 1, 1]
    table = answer("LOGRANK", *raw, ["North", "north ", "NORTH", "South", "south"])
    assert table == answer("LOGRANK", *raw, ["North"] * 3 + ["South"] * 2)
    assert [row[:2] for row in table[1:3]] == [["North", 3], ["South", 2]]


def test_ids_are_no_groups(refuses):
    raw = [[[n] for n in range(200)], [[1]] * 200, [[f"c{n}"] for n in range(200)]]
    refuses("LOGRANK", raw, "#NUM!", "at most 100 groups can be compared, 200 were found")


def test_twenty_thousand_different_durations(answer):
    random = np.random.default_rng(2)
    time, left, group = random.exponential(1, 20_000), random.integers(0, 2, 20_000), random.choice(["a", "b"], 20_000)
    theirs = multivariate_logrank_test(time, group, left)
    table = answer("LOGRANK", *[[[cell] for cell in cells.tolist()] for cells in (time, left, group)])
    assert [row[1] for row in table[-2:]] == pytest.approx([theirs.test_statistic, theirs.p_value], rel=1e-6)

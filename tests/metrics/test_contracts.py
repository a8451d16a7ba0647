"""Customers on contract: how they renew, what that is worth, and survival where some are still there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

REGULAR = [[1000], [631], [468], [382], [326], [289], [262], [241]]  # Fader and Hardie 2007
HIGH_END = [[1000], [869], [743], [653], [593], [551], [517], [491]]
GAP = [[1000], [None], [468], [382]]
CONSTANT = [[100], [50], [25]]

BAD_GROUPS = [
    ([[1000], [631]], "#N/A", "at least two renewals"),
    ([[None]], "#N/A", "at least two renewals"),
    (GAP, "#N/A", "blank between two counts"),
    ([[1000], ["many"], [500]], "#VALUE!", "survivors, row 2"),
    ([[1000], [631], [700]], "#NUM!", "must fall or stay"),
    ([[1000], [1000], [1000]], "#NUM!", "nobody has left"),
    ([[0], [0], [0]], "#NUM!", "nobody has left"),
    (CONSTANT, "#NUM!", "plain churn rate"),
]

ERRORS = [
    *[("SBG_FIT", [group], code, words) for group, code, words in BAD_GROUPS],
    *[("SBG_SURVIVAL", [group, 5], code, words) for group, code, words in BAD_GROUPS],
    *[("CLV_CONTRACT", [group, 100, 0.1], code, words) for group, code, words in BAD_GROUPS],
    ("SBG_FIT", [REGULAR, [["a"], ["b"]]], "#VALUE!", "groups 2; give the group of each count"),
    ("SBG_SURVIVAL", [REGULAR, 0], "#NUM!", "periods must be a whole number from 1 to 1000, 0 was found"),
    ("SBG_SURVIVAL", [REGULAR, 2.5], "#NUM!", "2.5 was found"),
    ("SBG_SURVIVAL", [REGULAR, 1e9], "#NUM!", "from 1 to 1000"),
    ("CLV_CONTRACT", [REGULAR, 100, 0], "#DIV/0!", "no end"),
    ("CLV_CONTRACT", [REGULAR, 100, 10], "#NUM!", "10% is 0.1"),
    ("CLV_CONTRACT", [REGULAR, 100, 0.1, -1], "#NUM!", "renewals must be a whole number from 0"),
    ("SURVIVAL", [[None], [None]], "#N/A", "there are no customers"),
    ("SURVIVAL", [[1, 2], [1]], "#VALUE!", "durations has 2 values, events 1"),
    ("SURVIVAL", [[1, "long"], [1, 0]], "#VALUE!", "durations, row 1, column 2"),
    ("SURVIVAL", [[1, -2], [1, 0]], "#NUM!", "durations must be 0 or more"),
    ("SURVIVAL", [[1, 2], [1, 5]], "#NUM!", "events must be 1"),
    ("SURVIVAL", [[1, 2], [1, 0], 95], "#NUM!", "95% is 0.95"),
]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)


@pytest.mark.parametrize(("group", "alpha", "beta"), [(REGULAR, 0.704, 1.182), (HIGH_END, 0.668, 3.806)])
def test_published_groups(answer, group, alpha, beta):
    table = answer("SBG_FIT", group)
    assert [row[0] for row in table] == ["Parameter", "alpha", "beta", "Log-likelihood"]
    assert [row[1] for row in table[1:3]] == pytest.approx([alpha, beta], abs=5e-4)


def test_projection_beside_what_is_known(answer):
    """Regular customers: the share left after year 12 is 17.3% in the paper, projected from the first seven years."""
    table = answer("SBG_SURVIVAL", [*REGULAR, [None], [""]], 12)
    assert table[:3] == [
        ["Period", "Actual", "Survival", "Retention"],
        [0, 1, 1, ""],
        [1, 0.631, pytest.approx(0.626706, abs=1e-5), pytest.approx(0.626706, abs=1e-5)],
    ]
    assert [row[1] for row in table[9:]] == ["", "", "", "", ""]
    assert table[13] == [12, "", pytest.approx(0.170037, abs=1e-5), pytest.approx(0.945362, abs=1e-5)]


def test_fewer_periods_than_are_known(answer):
    assert [row[:2] for row in answer("SBG_SURVIVAL", REGULAR, 2)[1:]] == [[0, 1], [1, 0.631], [2, 0.468]]


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ([], 592.2253),  # DEL of the high-end group at 10%, times 100
        ([0, False], 541.4479),  # DERL just before renewals 1, 2 and 5
        ([1, False], 590.1377),
        ([4, False], 689.6707),
    ],
)
def test_value_of_a_high_end_customer(answer, options, value):
    """Summed period by period from the published survival; the loyal are worth more."""
    assert answer("CLV_CONTRACT", HIGH_END, 100, 0.1, *options) == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize(
    ("group", "rest", "value"),
    [
        ([12, 8, 6], (100, 0.0025), 1004.2937393403871),
        ([12, 8, 6], (100, 0.0025, 100), 13601.621888534954),
        (
            [20000, 19950, 19901, 19851, 19803, 19754, 19706, 19659, 19611, 19564, 19517, 19471, 19425],
            (10, 0.0018),
            3370.262508547,
        ),
    ],
)
def test_small_discount_rates(answer, group, rest, value):
    """By direct sums, where alpha is a whole number but for rounding or far below one."""
    assert answer("CLV_CONTRACT", [[count] for count in group], *rest) == pytest.approx(value, rel=1e-9)


def test_values_for_a_column_of_renewals(answer):
    values = answer("CLV_CONTRACT", REGULAR, 100, 0.1, [[0], [1], [2]])
    assert values == [[answer("CLV_CONTRACT", REGULAR, 100, 0.1, n)] for n in range(3)]
    assert values[0][0] < values[1][0] < values[2][0]


@given(st.integers(1, 1000))
def test_a_larger_group_with_the_same_retention_gives_the_same_parameters(answer, times):
    larger = answer("SBG_FIT", [[count * times] for [count] in REGULAR])
    assert [row[1] for row in larger[1:3]] == pytest.approx([row[1] for row in answer("SBG_FIT", REGULAR)[1:3]])


def test_survival_of_freireichs_patients(answer):
    """Under 6-MP, 1963: .857 .807 .753 .690 .627 .538 .448; incomplete rows are left out."""
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    relapse = [1, 1, True, 0, 1, 0, 1, False, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    table = answer("SURVIVAL", [*weeks, 50, None], [*relapse, None, 1])
    assert [row[3] for row in table[1:]] == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert table[1] == [
        6, 21, 3, pytest.approx(0.857142857), pytest.approx(0.0763603548),
        pytest.approx(0.6197179553), pytest.approx(0.9515517476),
    ]  # fmt: skip


def test_limits_are_blank_where_nobody_is_left(answer):
    assert answer("SURVIVAL", [1, 2], [1, 1])[2] == [2, 1, 1, 0, "", "", ""]


COHORTS = [1000, 631, 468, 382, 326, 1000, 631, 468, 382, 1000, 631, 468]
NAMES = [[name] for name in "AAAAABBBBCCC"]


def test_several_cohorts_at_once(answer):
    """The log-likelihood of the paper summed over the groups, highest by scipy's search."""
    from scipy.optimize import minimize

    def against(logs):
        alpha, beta = np.exp(logs)
        total = 0.0
        for length in (5, 4, 3):
            group = COHORTS[:length]
            share = np.cumprod([1.0, *((beta + t) / (alpha + beta + t) for t in range(length - 1))])
            total += sum(np.log(share[t] - share[t + 1]) * (group[t] - group[t + 1]) for t in range(length - 1))
            total += np.log(share[-1]) * group[-1]
        return -total

    best = minimize(against, [0, 0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-9})
    table = answer("SBG_FIT", [[count] for count in COHORTS], NAMES)
    assert [row[1] for row in table[1:3]] == pytest.approx(np.exp(best.x), rel=1e-5)
    assert table[3][1] == pytest.approx(-best.fun)


def test_one_cohort_named_or_not_is_the_same(answer):
    one = [["A"]] * len(REGULAR)
    assert answer("SBG_FIT", REGULAR, one) == answer("SBG_FIT", REGULAR)
    assert answer("SBG_SURVIVAL", REGULAR, 12, one) == answer("SBG_SURVIVAL", REGULAR, 12)
    assert answer("CLV_CONTRACT", REGULAR, 10, 0.1, 0, True, one) == answer("CLV_CONTRACT", REGULAR, 10, 0.1)


def test_cohorts_whose_names_differ_in_case_alone_are_one(answer):
    names = [[name[0] if i % 2 else name[0].lower()] for i, name in enumerate(NAMES)]
    assert answer("SBG_FIT", [[count] for count in COHORTS], names) == answer(
        "SBG_FIT", [[count] for count in COHORTS], NAMES
    )


def test_twice_the_same_cohort_halves_the_variance(answer):
    once, twice = answer("SBG_FIT", REGULAR), answer("SBG_FIT", REGULAR * 2, [["A"]] * 8 + [["B"]] * 8)
    assert twice[1][1] == pytest.approx(once[1][1])
    assert twice[1][2] * 2**0.5 == pytest.approx(once[1][2])

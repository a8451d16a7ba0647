"""Did the campaign cause it, and how many people it takes to know."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from addin.metrics.experiment import lift, sample_size

ERRORS = [
    ("LIFT", ["many", 70, 48, 80], "#VALUE!", "treated_buyers: a number is needed"),
    ("LIFT", [0, 0, 48, 80], "#DIV/0!", "treated is 0"),
    ("LIFT", [56, 70, 0, 0], "#DIV/0!", "control is 0"),
    ("LIFT", [-1, 70, 48, 80], "#NUM!", "treated_buyers must be 0 or more"),
    ("LIFT", [70, 56, 48, 80], "#NUM!", "more bought than were in the group"),
    ("LIFT", [56, 70, 48, 80, 95], "#NUM!", "95% is 0.95"),
    ("SAMPLE_SIZE", ["5%", 0.1], "#VALUE!", "base_rate: a number is needed"),
    ("SAMPLE_SIZE", [0.05, 0], "#DIV/0!", "lift is 0"),
    ("SAMPLE_SIZE", [0, 0.1], "#NUM!", "base_rate must lie between 0 and 1"),
    ("SAMPLE_SIZE", [0.05, 20], "#NUM!", "10% more is 0.1"),
    ("SAMPLE_SIZE", [0.05, -1], "#NUM!", "to a rate of 0"),
    ("SAMPLE_SIZE", [0.05, 0.1, 80], "#NUM!", "power must lie between 0 and 1"),
]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)


@pytest.mark.parametrize(
    ("groups", "low", "high"),
    [  # Newcombe 1998, table II, method 10
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombes_published_intervals(answer, groups, low, high):
    difference = answer("LIFT", *groups)[3]
    assert difference[0] == "Difference"
    assert difference[2:] == pytest.approx([low, high], abs=6e-5)


GROUPS = st.tuples(st.integers(0, 500), st.integers(1, 500), st.integers(0, 500), st.integers(1, 500)).map(
    lambda g: (min(g[0], g[1]), g[1], min(g[2], g[3]), g[3])
)


@given(GROUPS, st.floats(0.5, 0.999))
def test_lift_agrees_with_statsmodels(groups, confidence):
    table = {row[0]: row[1:] for row in lift(*groups, confidence)}
    buyers, sizes = np.array([groups[0], groups[2]]), np.array([groups[1], groups[3]])
    interval = confint_proportions_2indep(*groups, method="newcomb", compare="diff", alpha=1 - confidence)
    assert table["Difference"][1:] == pytest.approx(interval, abs=1e-9)
    for name, i in (("Treated rate", 0), ("Control rate", 1)):
        wilson = proportion_confint(buyers[i], sizes[i], alpha=1 - confidence, method="wilson")
        assert table[name] == pytest.approx([buyers[i] / sizes[i], *wilson], abs=1e-9)
    if 0 < buyers.sum() < sizes.sum():
        assert (table["z"][0], table["p"][0]) == pytest.approx(proportions_ztest(buyers, sizes), abs=1e-9)
    else:
        assert (table["z"][0], table["p"][0]) == (0, 1)
    assert table["Incremental orders"] == pytest.approx([groups[1] * cell for cell in table["Difference"]])


@given(GROUPS)
def test_groups_changed_about_change_the_sign(groups):
    here, there = ({row[0]: row[1:] for row in lift(*g)} for g in (groups, groups[2:] + groups[:2]))
    assert here["Difference"] == pytest.approx([-there["Difference"][i] for i in (0, 2, 1)], abs=1e-12)
    assert here["p"] == pytest.approx(there["p"]) if here["p"][1] else here["p"][0] == pytest.approx(there["p"][0])


def test_no_control_buyers_no_lift(answer):
    assert answer("LIFT", 5, 10, 0, 10)[5] == ["Lift", "", "", ""]


@pytest.mark.parametrize(
    ("options", "people"),
    [
        ((0.5, 0.5, 0.9), 77),  # power.prop.test(p1 = .50, p2 = .75, power = .90) in R: n = 76.7
        ((0.15, 1, 0.85), 138),  # power.prop.test(p1 = .15, p2 = .30, power = .85), Dalgaard: n = 137.6
        ((0.3, -0.5, 0.85), 138),  # the same, from above
    ],
)
def test_sample_size(answer, options, people):
    assert answer("SAMPLE_SIZE", *options) == people


@pytest.mark.parametrize(("base", "change", "power"), [(0.1, 0.3, 0.8), (0.4, -0.2, 0.9)])
def test_that_many_people_find_the_lift_as_often_as_asked(base, change, power):
    """Twenty thousand experiments with chance alone at work."""
    n, random = int(sample_size(base, change, power)), np.random.default_rng(1)
    treated, control = random.binomial(n, base * (1 + change), 20_000), random.binomial(n, base, 20_000)
    pooled = (treated + control) / (2 * n)
    z = (treated - control) / n / np.sqrt(pooled * (1 - pooled) * 2 / n)
    assert (np.abs(z) > 1.959964).mean() == pytest.approx(power, abs=0.015)


def test_limits_stay_within_what_a_rate_can_be_and_orders_are_whole_where_they_are(answer):
    """All pairs of some small groups; incremental orders as fractions give them."""
    for treated, control in [(7, 12), (12, 12), (10, 3), (3, 7)]:
        for buyers in range(treated + 1):
            for control_buyers in range(control + 1):
                rows = {row[0]: row[1:] for row in answer("LIFT", buyers, treated, control_buyers, control)[1:]}
                for name in ("Treated rate", "Control rate"):
                    assert 0 <= rows[name][1] <= rows[name][0] <= rows[name][2] <= 1
                assert -1 <= rows["Difference"][1] <= rows["Difference"][2] <= 1
                exact = buyers - Fraction(control_buyers * treated, control)
                assert rows["Incremental orders"][0] == float(exact)

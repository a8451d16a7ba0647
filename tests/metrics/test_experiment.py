"""Did the campaign cause it, and how many people it takes to know."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from addin.metrics.experiment import lift, lift_value, sample_size

ERRORS = [
    ("LIFT", ["many", 70, 48, 80], "#VALUE!", "treated_buyers: a number is needed"),
    ("LIFT", [0, 0, 48, 80], "#DIV/0!", "treated is 0"),
    ("LIFT", [56, 70, 0, 0], "#DIV/0!", "control is 0"),
    ("LIFT", [-1, 70, 48, 80], "#NUM!", "treated_buyers must be 0 or more"),
    ("LIFT", [70, 56, 48, 80], "#NUM!", "more bought than were in the group"),
    ("LIFT", [56, 70, 48, 80, 95], "#NUM!", "95% is 0.95"),
    ("LIFT_VALUE", [[[1], [2]], [[1], ["two"]]], "#VALUE!", "control, row 2: a number is needed"),
    ("LIFT_VALUE", [[[1], [2]], [[1], [None]]], "#N/A", "control: at least 2 amounts are needed, 1 found"),
    ("LIFT_VALUE", [[[None], [None]], [[1], [2]]], "#N/A", "treated: at least 2 amounts are needed, 0 found"),
    ("LIFT_VALUE", [[[1], [2]], [[1], [3]], 95], "#NUM!", "95% is 0.95"),
    ("LIFT_VALUE", [[[1e200], [2]], [[1], [3]]], "#NUM!", "too large"),
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


SLEEP = ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
"""Student's sleep data, as R has them."""


def values(table):
    return {row[0]: row[1:] for row in table}


def test_money_a_customer_is_compared_as_r_does_it(answer):
    """t.test(extra ~ group, data = sleep): t = -1.8608, df = 17.776, p-value = 0.07939, -3.3654832 to 0.2054832."""
    control, treated = ([[hours] for hours in group] for group in SLEEP)
    table = values(answer("LIFT_VALUE", treated, control))
    assert (table["Treated mean"][0], table["Control mean"][0]) == pytest.approx((2.33, 0.75))
    assert (table["t"][0], table["Degrees of freedom"][0]) == (
        pytest.approx(1.8608, abs=5e-5),
        pytest.approx(17.776, abs=5e-4),
    )
    assert table["p"][0] == pytest.approx(0.07939, abs=5e-6)
    assert table["Difference"][1:] == pytest.approx([-0.2054832, 3.3654832], abs=5e-8)
    assert table["Incremental amount"] == pytest.approx([10 * cell for cell in table["Difference"]])
    assert table["Lift"][0] == pytest.approx(1.58 / 0.75)


MONEY = st.lists(
    st.one_of(st.just(0.0), st.integers(-500, 50_000).map(lambda cents: cents / 100)), min_size=2, max_size=40
)


@given(MONEY, MONEY, st.floats(0.5, 0.999))
def test_money_a_customer_agrees_with_statsmodels(treated, control, confidence):
    table = values(lift_value(treated, control, confidence))
    one, other = DescrStatsW(np.array(treated)), DescrStatsW(np.array(control))
    for name, group, amounts in (("Treated mean", one, treated), ("Control mean", other, control)):
        assert table[name][0] == pytest.approx(group.mean, abs=1e-9)
        if len(set(amounts)) > 1:
            assert table[name][1:] == pytest.approx(group.tconfint_mean(1 - confidence), rel=1e-7, abs=1e-7)
        else:
            assert table[name][1:] == [None, None]
    if len(set(treated)) == len(set(control)) == 1:
        assert [table[name][0] for name in ("t", "Degrees of freedom", "p")] == [None] * 3
        assert table["Difference"] == [treated[0] - control[0], None, None]
        return
    both = CompareMeans(one, other)
    t, p, freedom = both.ttest_ind(usevar="unequal")
    assert [table[name][0] for name in ("t", "p", "Degrees of freedom")] == pytest.approx(
        [t, p, freedom], rel=1e-7, abs=1e-12
    )
    limits = both.tconfint_diff(1 - confidence, usevar="unequal")
    assert table["Difference"][1:] == pytest.approx(limits, rel=1e-7, abs=1e-7)


def test_the_same_amount_for_all_leaves_nothing_to_judge_by(answer):
    """19.99 three times has a mean that differs from 19.99 in the last digit."""
    table = values(answer("LIFT_VALUE", [[19.99]] * 3, [[0.0]] * 5))
    assert table["Treated mean"] == [19.99, "", ""]
    assert table["Difference"] == [19.99, "", ""]
    assert table["Lift"] == table["t"] == table["p"] == ["", "", ""]
    one_varies = values(answer("LIFT_VALUE", [[19.99]] * 3, [[0.0], [0.0], [10.0]]))
    assert one_varies["Degrees of freedom"][0] == pytest.approx(2)


def test_an_interval_of_money_holds_the_truth_as_often_as_it_says():
    """Two thousand campaigns in which most customers bring nothing and the others a gamma-distributed amount."""
    random = np.random.default_rng(1)
    hits = 0
    for _ in range(2000):
        treated, control = (random.binomial(1, share, 300) * random.gamma(3, 20, 300) for share in (0.3, 0.25))
        _, low, high = values(lift_value(treated, control))["Difference"]
        hits += low <= 60 * 0.05 <= high
    assert hits / 2000 == pytest.approx(0.95, abs=0.015)

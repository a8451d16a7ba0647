"""Returns of a campaign, cost of a customer, and when it pays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin import breakeven_retention, clv_margin, payback

ERRORS = [
    ("ROI", [[None], 10], "#N/A", "gain is blank"),
    ("ROI", [10, [None]], "#N/A", "cost is blank"),
    ("ROI", [["a lot"], 10], "#VALUE!", "gain, row 1"),
    ("ROI", [10, 0], "#DIV/0!", "cost is 0"),
    ("ROI", [10, -5], "#NUM!", "cost must be more than 0, -5 was found"),
    ("ROI", [1e308, 1e-308], "#NUM!", "not a finite number"),
    ("ROAS", [[""], 10], "#N/A", "revenue is blank"),
    ("ROAS", [10, [""]], "#N/A", "cost is blank"),
    ("ROAS", [10, ["x"]], "#VALUE!", "cost, row 1"),
    ("ROAS", [10, [5, -5]], "#DIV/0!", "cost is 0"),
    ("ROAS", [10, -5], "#NUM!", "cost must be more than 0"),
    ("ROC", [[None], 10], "#N/A", "cost is blank"),
    ("ROC", [10, [None]], "#N/A", "immediate is blank"),
    ("ROC", [10, 1, ["x"]], "#VALUE!", "repeat, row 1"),
    ("ROC", [0, 10], "#DIV/0!", "cost is 0"),
    ("ROC", [-10, 10], "#NUM!", "cost must be more than 0"),
    ("ROC", [10, 10, 0, 0, 0, 40], "#NUM!", "margin must lie between -1 and 1, 40 was found; 40% is 0.4"),
    ("ROC", [10, 1e308, 1e308], "#NUM!", "too large"),
    ("ROR", [[None], 60, 25], "#N/A", "value is blank"),
    ("ROR", [100, [None], 25], "#N/A", "minutes is blank"),
    ("ROR", [100, ["an hour"], 25], "#VALUE!", "minutes, row 1"),
    ("ROR", [100, 0, 25], "#DIV/0!", "time and cash are worth 0"),
    ("ROR", [100, 60, 0], "#DIV/0!", "time and cash are worth 0"),
    ("ROR", [100, -60, 25], "#NUM!", "minutes must be 0 or more"),
    ("ROR", [100, 60, -25], "#NUM!", "hourly_rate must be 0 or more"),
    ("ROR", [100, 60, 25, -1], "#NUM!", "cash must be 0 or more"),
    ("ROR", [100, 1e308, 1e308], "#NUM!", "too large a number"),
    ("COST_PER_SALE", [0, 1], "#DIV/0!", "conversion_rate is 0"),
    ("COST_PER_SALE", [70, 1], "#NUM!", "70% is 0.7"),
    ("COST_PER_SALE", [0.7, -1], "#NUM!", "cost_per_contact must be 0 or more"),
    ("CAC", [[None], 10], "#N/A", "cost is blank"),
    ("CAC", [100, [None]], "#N/A", "customers is blank"),
    ("CAC", [100, ["ten"]], "#VALUE!", "customers, row 1"),
    ("CAC", [100, 0], "#DIV/0!", "customers is 0"),
    ("CAC", [-100, 10], "#NUM!", "cost must be 0 or more"),
    ("CAC", [100, -10], "#NUM!", "customers must be more than 0"),
    ("CLV_CAC", [360, 0], "#DIV/0!", "cac is 0"),
    ("CLV_CAC", [360, -120], "#NUM!", "cac must be more than 0"),
    ("BREAKEVEN_ORDERS", [10000, 0], "#DIV/0!", "price is 0"),
    ("BREAKEVEN_ORDERS", [10000, 30, 0], "#DIV/0!", "margin is 0"),
    ("BREAKEVEN_ORDERS", [-1, 30], "#NUM!", "cost must be 0 or more"),
    ("BREAKEVEN_ORDERS", [10000, -30], "#NUM!", "price must be more than 0"),
    ("BREAKEVEN_ORDERS", [10000, 30, -0.1], "#NUM!", "margin must lie between 0 and 1"),
    ("BREAKEVEN_ORDERS", [10000, 30, 40], "#NUM!", "40% is 0.4"),
    ("PAYBACK", [100, 0], "#DIV/0!", "margin is 0"),
    ("PAYBACK", [-100, 10], "#NUM!", "cac must be 0 or more"),
    ("PAYBACK", [100, -10], "#NUM!", "margin must be more than 0"),
    ("PAYBACK", [100, 10, 80], "#NUM!", "80% is 0.8"),
    ("PAYBACK", [250, 40, 0.8], "#NUM!", "the margins never add up to more than 200, and cac is 250"),
    ("PAYBACK", [80, 40, 0.5], "#NUM!", "customers leave too soon"),
    ("PAYBACK", [41, 40, 0], "#NUM!", "customers leave too soon"),
    ("PAYBACK", [500, 40, 1, 0.1], "#NUM!", "a discount_rate of 0.1 the margins never add up to more than 400"),
    ("PAYBACK", [100, 40, 0.8, 10], "#NUM!", "10% is 0.1"),
    ("BREAKEVEN_RETENTION", [200, 0, 0.1], "#DIV/0!", "margin is 0"),
    ("BREAKEVEN_RETENTION", [-200, 100, 0.1], "#NUM!", "cac must be 0 or more"),
    ("BREAKEVEN_RETENTION", [200, -100, 0.1], "#NUM!", "margin must be more than 0"),
    ("BREAKEVEN_RETENTION", [200, 100, 10], "#NUM!", "10% is 0.1"),
    ("BREAKEVEN_RETENTION", [1001, 100, 0.1], "#NUM!", "never leaves is worth 1000, less than the cac of 1001"),
    ("BREAKEVEN_RETENTION", [1e308, 1e308, 0.1], "#NUM!", "too large"),
]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)


# The florist of the Spanish article: 10,000 spent, 200 orders of 30 at once, 30 more after calls to the buyers,
# then 130 by referred customers and 65 repeat orders. The article calls the gross returns "ROI".
@pytest.mark.parametrize(
    ("revenue", "gross", "net"), [(200 * 30, 0.6, -0.4), (230 * 30, 0.69, -0.31), (425 * 30, 1.275, 0.275)]
)
def test_the_stages_of_the_florist(answer, revenue, gross, net):
    assert answer("ROAS", revenue, 10_000) == pytest.approx(gross)
    assert answer("ROI", revenue, 10_000) == pytest.approx(net)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([10_000, 6000], 0.6),
        ([10_000, 6000, 900], 0.69),
        ([10_000, 6000, [[900], [1950]], 3900], 1.275),
        ([10_000, 6000, 900 + 1950, 3900, None, None, True], 0.275),
        ([[9000, "", 1000], [[4000, None], [2000, ""]], 2850, 3900], 1.275),
        ([10_000, 6000, 2850, 3900, 2250], 1.5),
        ([10_000, 6000, 2850, 3900, 2250, 0.4], 0.6),
        ([10_000, 6000, 2850, 3900, 2250, 0.4, True], -0.4),
        ([10_000, 6000, [None], 3900], 0.99),
        ([10_000, 6000, -600], 0.54),
        ([10_000, 6000, None, None, None, -0.1], -0.06),
    ],
)
def test_return_on_customer(answer, raw, expected):
    """All that the customers won brought, over the cost; a block of cells counts with its sum."""
    assert answer("ROC", *raw) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("ROI", [[6000, 900], [10_000]], -0.31),
        ("ROI", [-500, 1000], -1.5),
        ("ROI", [10_000, 10_000], 0),
        ("ROAS", [[[6000], [None]], [[9000], [1000]]], 0.6),
        ("CAC", [10_000, 330], 30.303030303030305),
        ("CAC", [[6000, 4000], [[200], [130]]], 30.303030303030305),
        ("CAC", [0, 5], 0),
        ("CLV_CAC", [360, 120], 3),
        ("CLV_CAC", [-60, 120], -0.5),
        ("BREAKEVEN_ORDERS", [10_000, 30], 333.3333333333333),
        ("BREAKEVEN_ORDERS", [10_000, 30, 0.5], 666.6666666666666),
        ("COST_PER_SALE", [0.7, 1], 1.4285714285714286),  # the Finnish guide: 70% for an existing customer
        ("COST_PER_SALE", [0.05, 1], 20),  # and 5% for a new one
        ("COST_PER_SALE", [1, 7.5], 7.5),
    ],
)
def test_costs_and_returns(answer, name, raw, expected):
    assert answer(name, *raw) == pytest.approx(expected)


def test_a_sale_to_a_new_customer_costs_fourteen_times_as_much(answer):
    assert answer("COST_PER_SALE", 0.05, 3) / answer("COST_PER_SALE", 0.7, 3) == pytest.approx(14)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([885, 28 * 60, 25, 800], 0.59),
        ([[500, None, 385], [[600], [1080]], 25, [300, 500]], 0.59),
        ([50, 120, 25], 1),
        ([0, 60, 25], 0),
        ([100, 0, 25, 50], 2),
    ],
)
def test_return_on_relationship_is_value_over_time_and_money(answer, raw, expected):
    """Gross, as the sheet Relations has it: 1 gives back what was put in."""
    assert answer("ROR", *raw) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("raw", "periods"),
    [
        ([120, 10], 12),
        ([125, 10], 12.5),
        ([5, 10], 0.5),
        ([5, 10, 0], 0.5),
        ([10, 10, 0], 1),
        ([0, 10, 0.8], 0),
        ([72, 40, 0.8], 2),  # 40 + 32
        ([97.6, 40, 0.8], 3),  # 40 + 32 + 25.6
        ([100, 40, 0.8], 3 + 2.4 / 20.48),
    ],
)
def test_payback_counts_a_begun_period_in_proportion(answer, raw, periods):
    assert answer("PAYBACK", *raw) == pytest.approx(periods)


@pytest.mark.parametrize(
    ("raw", "periods"),
    [
        ([2_324_000, 600_000, 1, 0.11], 5 + 106_462 / 320_785),  # a published example, 5.33 years
        ([100, 110, 0.5, 0.1], 1),  # worth 100 at the end of the first period
        ([40, 110, 1, 0.1], 0.4),
    ],
)
def test_payback_discounted(answer, raw, periods):
    assert answer("PAYBACK", *raw) == pytest.approx(periods, rel=1e-6)


@given(st.floats(0.01, 1), st.floats(0, 1), st.floats(0.01, 0.99))
def test_discounted_payback_is_where_the_discounted_margins_reach_the_cost(retention, discount, fraction):
    """Against numpy's running sum, read off in between in proportion."""
    period = np.arange(20_000)
    margins = 40 * np.exp(period * np.log(retention) - (period + 1) * np.log1p(discount))
    worth = np.concatenate([[0], np.cumsum(margins)])
    cac = fraction * worth[-1]
    n = np.interp(cac, worth, np.arange(20_001))
    assert payback(cac, 40, retention, discount) == pytest.approx(n, rel=1e-6)


@given(st.floats(0.01, 0.999), st.floats(0.01, 0.99))
def test_payback_is_where_the_cumulated_margins_reach_the_cost(retention, fraction):
    """Against numpy's running sum, read off in between in proportion."""
    cumulated = np.concatenate([[0], np.cumsum(40 * retention ** np.arange(20_000))])
    cac = fraction * cumulated[-1]
    assert payback(cac, 40, retention) == pytest.approx(np.interp(cac, cumulated, np.arange(20_001)), rel=1e-6)


@pytest.mark.parametrize(
    ("raw", "retention"),
    [([200, 100, 0.1], 0.7333333333333333), ([0, 100, 0.1], 0), ([100, 100, 0], 0.5), ([1000, 100, 0.1], 1)],
)
def test_breakeven_retention(answer, raw, retention):
    assert answer("BREAKEVEN_RETENTION", *raw) == pytest.approx(retention)


@given(st.floats(0.01, 9), st.floats(1, 1000), st.floats(0, 0.1))
def test_at_the_breakeven_retention_a_customer_is_worth_the_cost_of_winning_one(multiple, margin, rate):
    cac = multiple * margin
    assert clv_margin(margin, breakeven_retention(cac, margin, rate), rate) == pytest.approx(cac)


@pytest.mark.parametrize(
    ("cac", "include_first", "retention"),
    [
        (200, False, 220 / 300),  # 100 r / (1.1 - r) = 200
        (200, True, 0.55),  # 100 * 1.1 / (1.1 - r) = 200
        (1100, True, 1),
        (100, True, 0),  # the first margin pays it
        (60, True, 0),
    ],
)
def test_breakeven_retention_with_and_without_the_first_margin(answer, cac, include_first, retention):
    assert answer("BREAKEVEN_RETENTION", cac, 100, 0.1, include_first) == pytest.approx(retention)
    if cac > 100:
        assert answer("CLV_MARGIN", 100, retention, 0.1, include_first) == pytest.approx(cac)


def test_with_the_first_margin_too_a_customer_may_never_be_worth_the_cost(refuses):
    words = "never leaves is worth 1100, less than the cac of 1101"
    refuses("BREAKEVEN_RETENTION", [1101, 100, 0.1, True], "#NUM!", words)

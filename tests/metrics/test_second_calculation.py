"""Every function at random arguments beside a second calculation: exact fractions, mpmath, scipy, another library."""

import numpy as np
import pytest
import second_forecasts
import second_numbers
import second_subscriptions
import second_tables
from second_tables import close

from addin.calling import call
from addin.catalogue import catalogue
from addin.errors import CellError

CHEAP = [
    second_numbers.roi, second_numbers.roas, second_numbers.roc, second_numbers.ror, second_numbers.cost_per_sale,
    second_numbers.cac, second_numbers.clv_cac, second_numbers.breakeven_orders, second_numbers.payback,
    second_numbers.breakeven_retention, second_numbers.churn, second_numbers.churn_list, second_numbers.churn_convert,
    second_numbers.retention, second_numbers.lifespan, second_numbers.engagement_level,
    second_numbers.engagement_value, second_numbers.lifecycle_stage, second_numbers.lift, second_numbers.sample_size,
    second_numbers.nps, second_numbers.nps_counts, second_numbers.nps_ci, second_numbers.word_of_mouth,
    second_numbers.referral_rate, second_numbers.attribution, second_numbers.clv, second_numbers.clv_margin,
    second_numbers.retention_profit, second_numbers.pareto_share, second_numbers.gini,
]  # fmt: skip
DEARER = [
    second_tables.rfm, second_tables.cohort, second_tables.sbg_fit, second_tables.sbg_survival,
    second_tables.clv_contract, second_tables.survival, second_tables.survival_median, second_tables.logrank,
    second_subscriptions.mrr, second_subscriptions.nrr, second_subscriptions.grr, second_subscriptions.quick_ratio,
    second_subscriptions.nps_change, second_subscriptions.lift_value,
]  # fmt: skip
FORECASTS = [
    second_forecasts.bgnbd_fit, second_forecasts.mbgnbd_fit, second_forecasts.paretonbd_fit,
    second_forecasts.gammagamma_fit, second_forecasts.clv_predict, second_forecasts.customer_equity,
    second_forecasts.tracking, second_forecasts.holdout,
]  # fmt: skip


def agrees(ours, theirs):
    if callable(theirs):
        return theirs(ours)
    if isinstance(theirs, dict):
        if isinstance(ours, CellError):
            return False
        found = {row[0]: row[1] for row in ours[1:]}
        limits = {
            name: row[place] for row in ours[1:] if row[0] == "Difference" for name, place in (("low", 2), ("high", 3))
        }  # one table
        return all(close((found | limits)[name], value, 1e-8) for name, value in theirs.items())
    return close(ours, theirs)


def compared(calculation, count):
    """How many arguments were tried; it fails at the first that differs."""
    random = np.random.default_rng(42)
    metric = catalogue()[calculation.__name__.upper()]
    tried = 0
    for _ in range(count):
        if drawn := calculation(random):
            raw, theirs = drawn
            ours = call(metric, raw)
            assert agrees(ours, theirs), f"{metric.name}{raw}: {ours} here, {theirs} there"
            tried += 1
    assert tried > count * 0.4
    return tried


@pytest.mark.parametrize("calculation", CHEAP + DEARER + FORECASTS)
def test_at_random_arguments(calculation):
    compared(calculation, 12 if calculation in CHEAP else 5 if calculation in DEARER else 2)


@pytest.mark.thorough
@pytest.mark.timeout(3600)
def test_at_a_hundred_thousand_random_arguments():
    tried = {each.__name__: compared(each, 3_200) for each in CHEAP}
    tried |= {each.__name__: compared(each, 400) for each in DEARER}
    tried |= {each.__name__: compared(each, 100) for each in FORECASTS}
    print(f"{sum(tried.values()):,} random arguments over {len(tried)} functions: {tried}")  # noqa: T201
    assert sum(tried.values()) >= 100_000


def test_every_function_has_a_second_calculation():
    assert {each.__name__.upper() for each in CHEAP + DEARER + FORECASTS} == set(catalogue())

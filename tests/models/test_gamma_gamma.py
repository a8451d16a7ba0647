"""Gamma-Gamma: the published fit of the CDNOW customers, and what it refuses."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.errors import MetricError, NoConvergence, NotEnoughData, OutOfRange, WrongKind
from addin.models import GammaGamma

PUBLISHED = GammaGamma(6.25, 3.74, 15.44)  # Fader and Hardie 2013, note 025


def parameters(fit):
    return [fit.p, fit.q, fit.v]


@pytest.fixture(scope="module")
def fit(cdnow_rounded):
    return GammaGamma.fit(cdnow_rounded.x, cdnow_rounded.zbar)


def test_cdnow_from_the_raw_orders(cdnow_sample):
    """946 customers with repeat orders; rounded, the published 6.25, 3.74, 15.44."""
    fit = GammaGamma.fit(cdnow_sample.frequency, cdnow_sample.average)
    assert parameters(fit) == pytest.approx([6.249572228, 3.744224480, 15.443519970], rel=2e-6)
    assert fit.log_likelihood == pytest.approx(-4055.9176948, abs=1e-5)
    assert [round(value, 2) for value in parameters(fit)] == parameters(PUBLISHED)


def test_cdnow_from_the_rounded_summary(fit):
    """As lifetimes 0.11.3 fits it."""
    assert parameters(fit) == pytest.approx([6.248803, 3.744588, 15.447748], rel=2e-6)
    assert fit.log_likelihood == pytest.approx(-4055.9232435, abs=1e-5)
    assert fit.mean_spend == pytest.approx(35.1704, abs=1e-3)


def test_a_customers_own_mean_counts_the_more_the_more_orders_they_have():
    expected = [35.06674082313682, 35.02791996277338, 35.01765225066196]  # (p (v + x z))/(p x + q - 1)
    assert PUBLISHED.expected_spend([1, 3, 5], [35, 35, 35]) == pytest.approx(expected)
    assert PUBLISHED.expected_spend(0, 0)[0] == PUBLISHED.mean_spend == pytest.approx(6.25 * 15.44 / 2.74)


def test_standard_errors_are_those_of_the_log_likelihoods_curvature(fit, cdnow_rounded):
    """By central differences of the formula of the paper."""
    told = cdnow_rounded[(cdnow_rounded.x > 0) & (cdnow_rounded.zbar > 0)]
    x, z = told.x.tolist(), told.zbar.tolist()

    def log_likelihood(p, q, v):
        return math.fsum(
            math.lgamma(p * n + q) - math.lgamma(p * n) - math.lgamma(q) + q * math.log(v)
            + (p * n - 1) * math.log(m) + p * n * math.log(n) - (p * n + q) * math.log(n * m + v)
            for n, m in zip(x, z, strict=True)
        )  # fmt: skip

    best, hessian = np.array(parameters(fit)), np.empty((3, 3))
    steps = np.diag(best * 1e-3)
    for i in range(3):
        for j in range(3):
            corners = [log_likelihood(*(best + a * steps[i] + b * steps[j])) for a in (1, -1) for b in (1, -1)]
            hessian[i, j] = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * steps[i, i] * steps[j, j])
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    assert fit.standard_errors == pytest.approx(errors, rel=1e-3)


@settings(max_examples=20)
@given(st.floats(1e-4, 1e6))
def test_another_currency_scales_v_alone(fit, cdnow_rounded, rate):
    other = GammaGamma.fit(cdnow_rounded.x, cdnow_rounded.zbar * rate)
    assert parameters(other) == pytest.approx([fit.p, fit.q, fit.v * rate], rel=1e-6)


def test_weights_count_customers(fit, cdnow_rounded):
    cells = cdnow_rounded.groupby(["x", "zbar"]).size().reset_index(name="n")
    assert parameters(GammaGamma.fit(cells.x, cells.zbar, cells.n)) == pytest.approx(parameters(fit), rel=1e-8)


@pytest.mark.parametrize("truth", [(6.25, 3.74, 15.44), (2, 4, 100)])
def test_known_parameters_come_back_within_three_standard_errors(truth):
    p, q, v = truth
    for seed in range(3):
        random = np.random.default_rng(seed)
        x = random.integers(1, 12, 10_000)
        fit = GammaGamma.fit(x, random.gamma(p * x) / (random.gamma(q, 1 / v, x.size) * x))
        assert np.abs((np.array(parameters(fit)) - truth) / fit.standard_errors).max() < 3


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0, 1e6)), min_size=1, max_size=15))
def test_a_fit_of_anything_ends_in_finite_numbers_or_an_error(customers):
    try:
        fit = GammaGamma.fit(*zip(*customers, strict=True))
    except MetricError:
        return
    existing = [fit.limit] if fit.note else parameters(fit)  # where p or q has no end, the limit of the mean stands
    assert np.isfinite([*existing, *fit.standard_errors]).all()


@pytest.mark.parametrize(
    ("customers", "error", "words"),
    [
        (([], []), NotEnoughData, "no customers"),
        (([0, 0], [0, 0]), NotEnoughData, "no customer has a repeat order above 0"),
        (([2, 3], [0, 0]), NotEnoughData, "no customer has a repeat order above 0"),
        (([2, 3, 4], [30, 30, 30]), NoConvergence, "take the average order for all"),
        (([2], [30]), NoConvergence, "no best fit"),
        (([2, 3], [30, -1]), OutOfRange, "before refunds"),
        (([2, 3], [30, math.inf]), WrongKind, "average: a finite number"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_a_reason(customers, error, words):
    with pytest.raises(error, match=words):
        GammaGamma.fit(*customers)


def test_a_mean_without_end_is_refused():
    with pytest.raises(OutOfRange, match=r"q = 0\.9"):
        GammaGamma(6, 0.9, 15).expected_spend(1, 30)

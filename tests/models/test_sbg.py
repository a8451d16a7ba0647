"""Shifted beta-geometric: the published groups of Fader and Hardie, what they are worth, and what it refuses."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.errors import NoConvergence, NotEnoughData, OutOfRange, ZeroDenominator
from addin.models import SBG

# Fader and Hardie 2007, table 1: survivors of a thousand after year 0 to 12; fitted to the first seven renewals
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "log_likelihood"),
    [(REGULAR, 0.70408, 1.18204, -1680.265188), (HIGH_END, 0.66809, 3.80610, -1611.158147)],
)
def test_published_groups(survivors, alpha, beta, log_likelihood):
    """Published as .704/1.182 and .668/3.806."""
    fit = SBG.fit(survivors[:8])
    assert (fit.alpha, fit.beta) == pytest.approx((alpha, beta), abs=6e-6)
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=1e-5)


@pytest.mark.parametrize(
    ("survivors", "last"), [(REGULAR, 0.17003745413084892), (HIGH_END, 0.377999059471414)], ids=["regular", "high end"]
)
def test_five_years_ahead_the_projection_stays_within_two_points_of_what_came(survivors, last):
    """As the figure of the paper shows, where a regression misses by far."""
    projected = SBG.fit(survivors[:8]).survival(12)
    assert projected[12] == pytest.approx(last, abs=1e-5)
    assert projected == pytest.approx(np.array(survivors) / 1000, abs=0.02)


@pytest.mark.parametrize(
    ("survivors", "new", "due"),
    [
        (REGULAR, 3.694908, [2.964399, 4.103140, 4.869805, 5.442059, 5.894095]),
        (HIGH_END, 5.922253, [5.414479, 5.901377, 6.293891, 6.619920, 6.896707]),
    ],
)
def test_discounted_lifetimes_at_ten_per_cent(survivors, new, due):
    """DEL of a new customer, and DERL just before renewals 1 to 5: summed period by period beside this project."""
    fit = SBG.fit(survivors[:8])
    assert fit.lifetime(0.1) == pytest.approx(new, abs=2e-6)
    assert [1.1 * (fit.lifetime(0.1, n) - 1) for n in range(5)] == pytest.approx(due, abs=2e-6)


@given(st.floats(0.2, 20), st.floats(0.2, 50), st.floats(0.02, 1), st.integers(0, 50))
def test_lifetime_is_the_sum_of_the_periods_to_come(alpha, beta, rate, renewals):
    model = SBG(alpha, beta)
    survival = model.survival(renewals + 3000)[renewals:]
    by_hand = (survival / survival[0] * (1 + rate) ** -np.arange(survival.size, dtype=float)).sum()
    assert model.lifetime(rate, renewals) == pytest.approx(by_hand, rel=1e-9)


def test_undiscounted_lifetime_has_an_end_only_above_alpha_1():
    assert SBG(3, 4).lifetime(0) == 3  # (alpha + beta - 1)/(alpha - 1)
    assert SBG(3, 4).lifetime(1e-7) == pytest.approx(3, rel=1e-6)
    with pytest.raises(ZeroDenominator, match="no end"):
        SBG(0.7, 4).lifetime(0)


@given(st.integers(1, 30), st.integers(1, 30))
def test_two_renewals_are_met_exactly(alpha, beta):
    """As many parameters as retention rates: b/(a+b) and (b+1)/(a+b+1) are the rates themselves."""
    ab = alpha + beta
    survivors = [100 * ab * (ab + 1), 100 * beta * (ab + 1), 100 * beta * (beta + 1)]
    fit = SBG.fit(survivors)
    assert (fit.alpha, fit.beta) == pytest.approx((alpha, beta), rel=1e-6)


def test_known_parameters_come_back_within_three_standard_errors():
    for seed in range(5):
        random = np.random.default_rng(seed)
        left = random.geometric(random.beta(0.7, 1.2, 20_000))
        fit = SBG.fit([(left > t).sum() for t in range(9)])
        assert np.abs((np.array([fit.alpha, fit.beta]) - [0.7, 1.2]) / fit.standard_errors).max() < 3


@pytest.mark.parametrize(
    ("survivors", "error", "words"),
    [
        ([], NotEnoughData, "at least two renewals"),
        ([100, 80], NotEnoughData, "at least two renewals"),
        ([100, 100, 100], OutOfRange, "nobody has left"),
        ([100, 80, 90], OutOfRange, "must fall"),
        ([100, 80, -1], OutOfRange, "must fall"),
        ([100, 80, 64, 51.2], NoConvergence, "plain churn rate"),  # the same rate each time
        ([100, 80, 40, 10], NoConvergence, "plain churn rate"),  # a falling rate
        ([100, 0, 0], NoConvergence, "no best fit"),
        ([100, 50, 50, 50], NoConvergence, "no best fit"),
        ([0, 0, 0], OutOfRange, "nobody has left"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_a_reason(survivors, error, words):
    with pytest.raises(error, match=words):
        SBG.fit(survivors)


def test_standard_errors_in_closed_form():
    """12, 8, 6: the Hessian at alpha 1, beta 2 is [-10/3 ... ]; its inverse has 7.5 and 37.5 on the diagonal."""
    assert SBG.fit([12, 8, 6]).standard_errors == pytest.approx((math.sqrt(7.5), math.sqrt(37.5)))

"""MBG/NBD and Pareto/NBD, in which one-time buyers can be gone: published fits, and lifetimes beside them."""

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad

from addin.errors import NoConvergence, NotEnoughData, OutOfRange
from addin.models import MBGNBD, ParetoNBD


def theirs(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes

        return getattr(lifetimes, name)()


@pytest.fixture(scope="module")
def customers(cdnow_rounded):
    return cdnow_rounded.x, cdnow_rounded.t_x, cdnow_rounded["T"]


@pytest.fixture(scope="module")
def pareto(customers):
    return ParetoNBD.fit(*customers)


@pytest.fixture(scope="module")
def modified(customers):
    return MBGNBD.fit(*customers)


def test_pareto_nbd_of_cdnow_as_published(pareto):
    """Fader, Hardie and Lee 2005, table 2: r .553, alpha 10.578, s .606, beta 11.669, -9595.0."""
    assert [pareto.r, pareto.alpha, pareto.s] == pytest.approx([0.553, 10.578, 0.606], abs=5e-4)
    assert pareto.beta == pytest.approx(11.669, abs=2e-3)
    assert pareto.log_likelihood == pytest.approx(-9595.0, abs=0.05)


def test_mbg_nbd_of_cdnow_as_lifetimes_fits_it(modified):
    """ModifiedBetaGeoFitter of lifetimes 0.11.3."""
    found = [modified.r, modified.alpha, modified.a, modified.b]
    assert found == pytest.approx([0.524838, 6.182988, 0.891356, 1.614000], rel=1e-5)


@pytest.mark.parametrize("horizon", [1, 39, 200])
def test_predictions_beside_lifetimes(customers, pareto, modified, horizon):
    for fit, name in ((pareto, "ParetoNBDFitter"), (modified, "ModifiedBetaGeoFitter")):
        other = theirs(name)
        names = ("r", "alpha", "s", "beta") if name.startswith("P") else ("r", "alpha", "a", "b")
        other.params_ = pd.Series({name: getattr(fit, name) for name in names})
        with np.errstate(all="ignore"):
            alive = np.asarray(other.conditional_probability_alive(*customers))
            orders = np.asarray(other.conditional_expected_number_of_purchases_up_to_time(horizon, *customers))
            new = float(other.expected_number_of_purchases_up_to_time(horizon))
        assert fit.probability_alive(*customers) == pytest.approx(alive, rel=1e-9)
        assert fit.expected_orders(horizon, *customers) == pytest.approx(orders, rel=1e-9)
        assert fit.expected_orders_new(horizon) == pytest.approx(new, rel=1e-9)


def test_who_bought_once_and_long_ago_is_probably_gone(pareto, modified):
    for fit in (pareto, modified):
        assert fit.probability_alive(0, 0, 200)[0] < fit.probability_alive(0, 0, 20)[0] < 0.9


@pytest.mark.parametrize("parameters", [(0.55, 10.6, 0.61, 11.7), (0.55, 2, 0.61, 40), (3, 30, 0.2, 0.5), (1, 5, 1, 5)])
@pytest.mark.parametrize(("x", "t_x", "age"), [(0, 0, 30), (2, 30.4, 38.9), (40, 30, 40), (60, 10, 90), (3, 40, 40)])
def test_pareto_nbd_by_plain_integration(parameters, x, t_x, age):
    """P(alive) from the integral over the time at which the customer left, by scipy's quad."""
    r, alpha, s, beta = parameters

    def left(u):
        return np.exp(
            np.log(s)
            - (r + x) * np.log((alpha + u) / (alpha + age))
            - (s + 1) * np.log(beta + u)
            + s * np.log(beta + age)
        )

    edges = np.linspace(t_x, age, 40)
    gone = sum(quad(left, *pair, epsrel=1e-12)[0] for pair in itertools.pairwise(edges))
    assert ParetoNBD(*parameters).probability_alive(x, t_x, age)[0] == pytest.approx(1 / (1 + gone), rel=1e-9)


def test_standard_errors_halve_with_four_times_the_customers(customers, pareto, modified):
    for model, fit in ((ParetoNBD, pareto), (MBGNBD, modified)):
        four = model.fit(*customers, np.full(len(customers[0]), 4.0))
        assert np.array(four.standard_errors) * 2 == pytest.approx(np.array(fit.standard_errors), rel=1e-5)


def pareto_shop(r, alpha, s, beta, customers, weeks, seed):
    random = np.random.default_rng(seed)
    age = random.uniform(weeks / 2, weeks, customers)
    there = np.minimum(age, random.exponential(1 / random.gamma(s, 1 / beta, customers)))
    x = random.poisson(random.gamma(r, 1 / alpha, customers) * there)
    last = np.where(x > 0, there * random.random(customers) ** (1 / np.maximum(x, 1)), 0)
    return x, last, age


@pytest.mark.parametrize("truth", [(0.55, 10.6, 0.61, 11.7), (1.5, 6, 0.8, 20)])
def test_known_parameters_come_back_within_three_standard_errors(truth):
    for seed in range(2):
        fit = ParetoNBD.fit(*pareto_shop(*truth, customers=20_000, weeks=80, seed=seed))
        assert np.abs((np.array([fit.r, fit.alpha, fit.s, fit.beta]) - truth) / fit.standard_errors).max() < 3


def test_customers_who_all_leave_at_the_same_pace():
    """s and beta without end: the share that leaves a week comes back, and the forecast is that of a large s."""
    random = np.random.default_rng(3)
    age = random.uniform(20, 60, 3000)
    there = np.minimum(age, random.exponential(1 / 0.05, 3000))
    x = random.poisson(random.gamma(0.8, 1 / 5, 3000) * there)
    last = np.where(x > 0, there * random.random(3000) ** (1 / np.maximum(x, 1)), 0)
    fit = ParetoNBD.fit(x, last, age)
    if np.isnan(fit.leaving):
        assert fit.s / fit.beta == pytest.approx(0.05, rel=0.1)
    else:
        assert fit.leaving == pytest.approx(0.05, rel=0.1)
        assert "at the same pace" in fit.note


@pytest.mark.parametrize("model", [MBGNBD, ParetoNBD])
def test_what_cannot_be_fitted_is_refused_with_a_reason(model):
    with pytest.raises(NotEnoughData, match="no customer has ordered again"):
        model.fit([0] * 5, [0] * 5, [9] * 5)
    with pytest.raises(NoConvergence, match="no best fit"):
        model.fit([2, 2, 2], [3, 3, 3], [9, 9, 9])
    with pytest.raises(OutOfRange, match="between 0 and age"):
        model.fit([1, 2], [10, 3], [9, 9])
    with pytest.raises(OutOfRange, match="horizon"):
        model(1, 1, 1, 1).expected_orders(-1, 2, 3, 4)

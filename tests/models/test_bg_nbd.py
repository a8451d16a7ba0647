"""BG/NBD: the published fit of the CDNOW customers, its predictions, and what it refuses."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betaln

from addin.errors import MetricError, NoConvergence, NotEnoughData, OutOfRange, WrongKind
from addin.models import BGNBD

PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}  # Fader, Hardie and Lee 2005, table 1
FITTED = BGNBD(0.242594522987207, 4.413602060049715, 0.7929219813164138, 2.4259067113538846)


@pytest.fixture(scope="module")
def fit(cdnow_rounded):
    return BGNBD.fit(cdnow_rounded.x, cdnow_rounded.t_x, cdnow_rounded["T"])


def parameters(fit):
    return [fit.r, fit.alpha, fit.a, fit.b]


def test_cdnow_from_the_raw_orders(cdnow_sample):
    """The fit of the authors' own data without rounding, as the R package CLVTools has it too."""
    fit = BGNBD.fit(cdnow_sample.frequency, cdnow_sample.recency / 7, cdnow_sample.age / 7)
    assert parameters(fit) == pytest.approx([0.242594523, 4.413602060, 0.792921981, 2.425906711], rel=1e-6)
    assert fit.log_likelihood == pytest.approx(-9582.4292067, abs=1e-6)
    # central differences of the log-likelihood, taken once beside this project
    assert fit.standard_errors == pytest.approx([0.01255738, 0.37822419, 0.18573457, 0.70541724], rel=1e-4)


def test_cdnow_as_published(fit):
    for name, value in PUBLISHED.items():
        assert getattr(fit, name) == pytest.approx(value, abs=5e-4)
    assert fit.log_likelihood == pytest.approx(-9582.4256, abs=1e-4)


def test_sums_over_the_customers_of_cdnow_over_39_weeks(fit, cdnow_rounded):
    """Expected orders and customers still there, as lifetimes 0.11.3 has them from its own fit."""
    known = (cdnow_rounded.x, cdnow_rounded.t_x, cdnow_rounded["T"])
    assert fit.expected_orders(39, *known).sum() == pytest.approx(1653.42, abs=0.005)
    assert fit.probability_alive(*known).sum() == pytest.approx(1917.28, abs=0.005)


def test_customers_of_the_paper_and_its_note():
    """Customer 1 in Hardie's note on the model in Excel: 1.226 orders in 39 weeks."""
    assert BGNBD(**PUBLISHED).expected_orders(39, 2, 30.43, 38.86)[0] == pytest.approx(1.226, abs=5e-4)
    assert FITTED.expected_orders(52, 26, 216 / 7, 31)[0] == pytest.approx(25.757337369431013, abs=1e-4)
    assert FITTED.probability_alive(26, 216 / 7, 31)[0] == pytest.approx(0.9688544426958414, abs=1e-6)
    assert FITTED.expected_orders_new(52) == pytest.approx(1.4440124105375842, abs=1e-5)


def expected_by_integration(model, horizon, x, age):
    """The mean of (1 - (1 + p t)^-(r+x))/p over the chance p to leave, which is beta distributed: no hyp2f1."""
    n, left, t = model.r + x, model.b + x, horizon / (model.alpha + age)

    def integrand(y):  # y is the logit of p
        p, log_p, log_q = 1 / (1 + math.exp(-y)), -np.logaddexp(0, -y), -np.logaddexp(0, y)
        return (
            math.exp(model.a * log_p + left * log_q - betaln(model.a, left)) * -math.expm1(-n * math.log1p(p * t)) / p
        )

    centre = math.log(model.a / left)
    edges = centre + np.array([-60 / min(model.a, 1), -10, -3, 0, 3, 10, max(30, 40 / left)])
    return sum(quad(integrand, a, b, limit=300, epsrel=1e-11)[0] for a, b in itertools.pairwise(edges))


@pytest.mark.parametrize(
    "model",
    [
        FITTED,
        BGNBD(2, 10, 1, 5),
        BGNBD(2, 10, 1.0000001, 5),
        BGNBD(1.5, 3, 2.5, 40),
        BGNBD(0.05, 0.5, 0.3, 0.4),
        BGNBD(30, 10, 5, 60),
        BGNBD(0.5, 200, 1.2, 1.1),
    ],
)
@pytest.mark.parametrize(
    ("x", "age", "horizon"),
    [
        (0, 0, 52),
        (0, 30, 52),
        (2, 38, 39),
        (26, 31, 52),
        (200, 100, 52),
        (200, 20, 520),
        (5000, 10, 1000),
        (3, 1, 2600),
    ],
)
def test_expected_orders_by_a_second_route(model, x, age, horizon):
    """Also where a is 1, where parameters are whole numbers, and for a customer with 5,000 orders."""
    by_integration = expected_by_integration(model, horizon, x, age)
    assert model.expected_orders_alive(horizon, x, age)[0] == pytest.approx(by_integration, rel=1e-7)


def test_weights_count_customers(fit, cdnow_rounded):
    """Cells of equal customers give the fit of the customers one by one; twice as many halve the variance."""
    cells = cdnow_rounded.groupby(["x", "t_x", "T"]).size().reset_index(name="n")
    weighed = BGNBD.fit(cells.x, cells.t_x, cells["T"], cells.n)
    assert parameters(weighed) == pytest.approx(parameters(fit), rel=1e-8)
    twice = BGNBD.fit(cells.x, cells.t_x, cells["T"], 2 * cells.n)
    assert twice.log_likelihood == pytest.approx(2 * fit.log_likelihood)
    with_none = BGNBD.fit([*cells.x, 9], [*cells.t_x, 30.0], [*cells["T"], 39.0], [*cells.n, 0])
    assert parameters(with_none) == pytest.approx(parameters(fit), rel=1e-8)
    assert np.array(twice.standard_errors) * 2**0.5 == pytest.approx(np.array(fit.standard_errors), rel=1e-6)


def test_weekly_cells_with_their_means_fit_nearly_as_the_days_do(cdnow_sample):
    """What comes from a database: customers per week cell with their mean times."""
    days = pd.DataFrame({"x": cdnow_sample.frequency, "t": cdnow_sample.recency / 7, "T": cdnow_sample.age / 7})
    cells = days.groupby(["x", days.t // 1, days["T"] // 1])
    means, n = cells[["t", "T"]].mean(), cells.size()
    by_cells = BGNBD.fit(means.index.get_level_values(0), means.t, means["T"], n)
    by_day = BGNBD.fit(days.x, days.t, days["T"])
    assert parameters(by_cells) == pytest.approx(parameters(by_day), rel=5e-3)
    assert by_cells.expected_orders_new(52) == pytest.approx(by_day.expected_orders_new(52), rel=5e-4)


@pytest.mark.parametrize("truth", [(0.243, 4.414, 0.793, 2.426), (1.2, 8, 0.6, 4), (0.6, 3, 1.5, 6)])
def test_known_parameters_come_back_within_three_standard_errors(simulated, truth):
    for seed in range(3):
        fit = BGNBD.fit(*simulated(*truth, customers=20_000, weeks=80, seed=seed))
        assert np.abs((np.array(parameters(fit)) - truth) / fit.standard_errors).max() < 3


@settings(max_examples=20)
@given(st.floats(1e-3, 1e3))
def test_another_unit_of_time_scales_alpha_alone(cdnow_rounded, fit, unit):
    x, t_x, age = cdnow_rounded.x, cdnow_rounded.t_x * unit, cdnow_rounded["T"] * unit
    other = BGNBD.fit(x, t_x, age)
    assert parameters(other) == pytest.approx([fit.r, fit.alpha * unit, fit.a, fit.b], rel=1e-6)
    assert other.expected_orders_new(52 * unit) == pytest.approx(fit.expected_orders_new(52), rel=1e-6)
    assert other.log_likelihood == pytest.approx(fit.log_likelihood - x.sum() * math.log(unit), rel=1e-9)


@settings(max_examples=10)
@given(st.integers(0, 2**31))
def test_the_sequence_of_customers_does_not_matter(cdnow_rounded, fit, seed):
    shuffled = cdnow_rounded.sample(frac=1, random_state=seed)
    again = BGNBD.fit(shuffled.x.to_numpy(), shuffled.t_x.tolist(), shuffled["T"])
    assert parameters(again) == pytest.approx(parameters(fit), rel=1e-8)


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1), st.floats(0.5, 100)), min_size=1, max_size=12))
def test_a_fit_of_anything_ends_in_a_maximum_or_an_error(customers):
    """Never a hang, a warning, or parameters that a step to any side would better."""
    x, share, age = (np.array(column, dtype=float) for column in zip(*customers, strict=True))
    recency = np.where(x > 0, share * age, 0)
    try:
        fit = BGNBD.fit(x, recency, age)
    except MetricError:
        return
    if fit.note:  # where a and b do not exist, the forecast does
        assert np.isfinite([fit.r, fit.alpha, fit.leaving, *fit.standard_errors]).all()
        assert np.isfinite(fit.expected_orders_alive(52, x, age)).all()
        return
    assert np.isfinite([*parameters(fit), *fit.standard_errors]).all()
    for i in range(4):
        for step in (0.99, 1.01):
            beside = parameters(fit)
            beside[i] *= step
            assert log_likelihood(beside, x, recency, age) <= fit.log_likelihood + 1e-9 * abs(fit.log_likelihood)


def log_likelihood(parameters, x, t_x, age):
    """Equation (6) of the paper, word for word."""
    r, alpha, a, b = parameters
    gamma, beta = math.lgamma, betaln
    return sum(
        gamma(r + n) - gamma(r) + r * math.log(alpha) + math.log(
            math.exp(beta(a, b + n) - beta(a, b)) / (alpha + T) ** (r + n)
            + (math.exp(beta(a + 1, b + n - 1) - beta(a, b)) / (alpha + t) ** (r + n) if n > 0 else 0)
        )
        for n, t, T in zip(x, t_x, age, strict=True)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("customers", "error", "words"),
    [
        (([], [], []), NotEnoughData, "no customers"),
        (([0, 0], [0, 0], [0, 0]), NotEnoughData, "no time has passed"),
        (([0] * 5, [0] * 5, [9] * 5), NotEnoughData, "no customer has ordered again"),
        (([2], [3], [9]), NoConvergence, "no best fit"),
        (([2, 2, 2], [3, 3, 3], [9, 9, 9]), NoConvergence, "no best fit"),
        (([1.5, 2], [3, 3], [9, 9]), OutOfRange, "whole number"),
        (([-1, 2], [3, 3], [9, 9]), OutOfRange, "whole number"),
        (([1, 2], [10, 3], [9, 9]), OutOfRange, "between 0 and age"),
        (([1, 2], [3, math.nan], [9, 9]), WrongKind, "recency: a finite number"),
        (([1, 2], [3], [9, 9]), WrongKind, "differ in length"),
        (([1, 2], [3, 3], [9, 9], [1]), WrongKind, "differ in length"),
        (([1, 2], [3, 3], [9, 9], [1, -1]), OutOfRange, "weights"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_a_reason(customers, error, words):
    with pytest.raises(error, match=words):
        BGNBD.fit(*customers)


def test_a_million_customers_with_one_order_are_refused_at_once():
    with pytest.raises(NotEnoughData):
        BGNBD.fit(np.zeros(1_000_000), np.zeros(1_000_000), np.full(1_000_000, 30.0))


def test_a_negative_horizon_is_refused():
    with pytest.raises(OutOfRange, match="horizon"):
        FITTED.expected_orders(-1, 2, 3, 4)

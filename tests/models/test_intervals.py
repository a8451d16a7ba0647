"""Low and high of what comes: the moments by simulation, and how often the interval holds in shops of known kinds."""

import numpy as np
import pytest

from addin.errors import NoConvergence
from addin.models import BGNBD, MBGNBD, GammaGamma, ParetoNBD
from addin.models.intervals import Ahead, Worth
from addin.models.plausible import plausible_orders, plausible_spending

WEEKS = 39


def future(model, x, age, horizon, times, random):
    """Orders over the horizon of a customer who is still there, drawn from what the data tell of them."""
    rate = random.gamma(model.r + x, 1 / (model.alpha + age), times)
    if isinstance(model, ParetoNBD):
        stay = random.exponential(1 / random.gamma(model.s, 1 / (model.beta + age), times))
        return random.poisson(rate * np.minimum(stay, horizon))
    leaving = random.beta(model.a, model.b + x + model.EARLY_CHANCES, times)
    return np.minimum(random.poisson(rate * horizon), random.geometric(leaving))


@pytest.mark.parametrize(
    "model",
    [BGNBD(0.243, 4.414, 0.793, 2.426), BGNBD(1.2, 8, 5, 60), MBGNBD(0.525, 6.18, 0.891, 1.614),
     ParetoNBD(0.553, 10.58, 0.606, 11.67), ParetoNBD(2, 5, 2, 30)],
)  # fmt: skip
@pytest.mark.parametrize(("x", "age"), [(0, 30), (4, 38)])
def test_mean_and_pairs_of_orders_by_simulation(model, x, age):
    drawn = future(model, x, age, 52, 400_000, np.random.default_rng(1)).astype(float)
    orders, pairs = model.orders_and_pairs_alive(52, x, age)
    assert orders[0] == pytest.approx(drawn.mean(), rel=0.02)
    assert pairs[0] == pytest.approx((drawn * (drawn - 1)).mean(), rel=0.06)
    assert orders == pytest.approx(model.expected_orders_alive(52, x, age), rel=1e-4)


LEAVING = {
    False: [(0.243, 4.414, 0.793, 2.426), (0.5, 8, 0.4, 2), (1, 8, 5, 60), (0.8, 6, 30, 270), (0.4, 5, 300, 1700),
            (1.5, 12, 0.5, 6)],
    True: [(0.553, 10.58, 0.606, 11.67), (0.5, 8, 0.4, 20), (1, 8, 5, 400), (0.8, 6, 30, 1500), (0.4, 5, 300, 9000),
           (1.5, 12, 1.5, 60)],
}  # fmt: skip
"""r, alpha, a, b; of Pareto/NBD r, alpha, s, beta. Third to fifth: customers leave nearly alike, on the ridge."""
SPENDING = [(6.25, 3.74, 15.44), (2, 3, 40), (20, 6, 10), (1.2, 2.6, 60)]
"""p, q, v: CDNOW's, and others."""


def shop(model, customers, seed):
    """A shop of one of the kinds: its past, the orders that followed, and what both brought."""
    random = np.random.default_rng(seed)
    r, alpha, leave, scale = LEAVING[model is ParetoNBD][seed % 6]
    rate, age = random.gamma(r, 1 / alpha, customers), random.integers(190, 274, customers) / 7
    leaving, lifetime = np.zeros(customers), np.full(customers, np.inf)
    if model is ParetoNBD:
        lifetime = random.exponential(1 / random.gamma(leave, 1 / scale, customers))
    else:
        leaving = random.beta(leave, scale, customers)
    x, last, now, came = np.zeros((4, customers))
    there = random.random(customers) >= leaving * (model is MBGNBD)
    while there.any():
        now = now + random.exponential(1 / rate)
        there &= now < np.minimum(age + WEEKS, lifetime)
        past = there & (now < age)
        x[past] += 1
        last[past] = now[past]
        came[there & ~past] += 1
        there &= random.random(customers) >= leaving
    p, q, v = SPENDING[seed // 6 % 4]
    of_one = random.gamma(q, 1 / v, customers)
    average = np.where(x > 0, random.gamma(np.maximum(p * x, 1e-9)) / of_one / np.maximum(x, 1), 0)
    brought = np.where(came > 0, random.gamma(np.maximum(p * came, 1e-9)) / of_one, 0)
    return (x, np.minimum(np.round(last * 7) / 7, age), age), average, came.sum(), brought.sum()


def ahead_of(model, history, average):
    fit = model.fit(*history)
    spend = GammaGamma.fit(history[0], average).expected_spend(history[0], average)
    ahead = Ahead(fit, *history)
    return fit, ahead, ahead.of(Worth.of(history[0], average, spend, np.ones(spend.size)))


def some(*counts):
    """The first case always, the others where there is time."""
    return [counts[0], *(pytest.param(*count, marks=pytest.mark.thorough) for count in counts[1:])]


@pytest.mark.timeout(7200)
@pytest.mark.parametrize(
    ("model", "customers", "shops"),
    some((BGNBD, 100, 24), (BGNBD, 100, 300), (BGNBD, 300, 300), (BGNBD, 2357, 100), (MBGNBD, 100, 200),
         (ParetoNBD, 100, 200), (ParetoNBD, 300, 100)),
)  # fmt: skip
def test_the_interval_holds_what_comes_as_often_as_it_says(model, customers, shops):
    """95% are meant, of the orders of all customers and of what they bring; also where fits end in a limit.

    The aim is 93 to 97%, of so many shops within twice the standard error of a share of 95%. As measured over 1,000
    shops each, BG/NBD holds the orders of 96.4% of shops of 100 customers, 95.2% of 300 and 96.0% of 2,357, and
    Pareto/NBD of 95.0% of 100; the money of 95.5, 94.8, 95.4 and 95.9%. One shop in fifty may be refused.
    """
    held, money, at_the_limit, refused = [], [], [], 0
    for seed in range(shops):
        history, average, came, brought = shop(model, customers, seed)
        try:
            fit, orders, worth = ahead_of(model, history, average)
        except NoConvergence:
            refused += 1
            continue
        for holds, ahead, total in ((held, orders, came), (money, worth, brought)):
            low, high = ahead.total_limits(np.array([WEEKS]), 0.95)
            holds.append(low[0] <= total <= high[0])
        at_the_limit.append(not np.isnan(fit.leaving))
    limited, error = np.array(held)[at_the_limit], (0.95 * 0.05 / shops) ** 0.5
    print(f"{model.__name__}, {shops} shops of {customers}: {np.mean(held):.1%} of orders held, "  # noqa: T201
          f"{np.mean(money):.1%} of money, standard error {error:.1%}; {limited.mean():.1%} of {limited.size} at the "
          f"limit; {refused} refused")  # fmt: skip
    assert refused <= shops / 50
    for share in (np.mean(held), np.mean(money)):
        assert 0.93 - 2 * error <= share <= 0.97 + 2 * error
    assert limited.mean() >= 0.93 - 2 * (0.95 * 0.05 / limited.size) ** 0.5


@pytest.mark.parametrize("model", [BGNBD, MBGNBD, ParetoNBD])
def test_plausible_models_lie_around_the_best_one(model):
    """Weights add up to 1; with many customers all of them forecast nearly the same, with few they differ."""
    spread = []
    for customers in (100, 3000):
        history = shop(model, customers, 0)[0]
        best = model.fit(*history).expected_orders(WEEKS, *history).sum()
        models = plausible_orders(model.fit(*history), *history)
        totals = np.array([one.expected_orders(WEEKS, *history).sum() for _, one in models]) / best
        both = np.array([weights for weights, _ in models])
        assert both.sum(axis=0) == pytest.approx([1, 1])
        weights = both.mean(axis=1)
        assert weights @ totals == pytest.approx(1, abs=0.4)
        spread.append(np.sqrt(weights @ (totals - weights @ totals) ** 2))
    assert spread[1] < spread[0] / 2


def test_plausible_spending_lies_around_the_best_fit():
    history, average = shop(BGNBD, 3000, 0)[:2]
    best = GammaGamma.fit(history[0], average).mean_spend
    means = [model.mean_spend for _, model in plausible_spending(history[0], average)]
    assert np.mean(means) == pytest.approx(best, rel=0.05)
    assert 0.005 < np.std(means) / best < 0.1


def test_the_variance_of_money_by_simulation():
    """One model for sure: orders drawn, and amounts for each."""
    random, model, spending = np.random.default_rng(5), BGNBD(1.2, 8, 0.8, 6), GammaGamma(6, 9, 40)
    x, average, age = np.array([3.0]), np.array([25.0]), np.array([38.0])
    between, within = spending.spend_variances(x, average)
    drawn = 400_000
    orders = future(model, 3, 38, WEEKS, drawn, random)
    scale = random.gamma(spending.p * 3 + spending.q, 1 / (spending.v + 75), drawn)
    money = np.where(orders > 0, random.gamma(np.maximum(spending.p * orders, 1e-9)) / scale, 0)
    mean, pairs = model.orders_and_pairs_alive(WEEKS, x, age)
    spend = spending.expected_spend(x, average)
    chance = pairs + mean - mean**2
    variance = mean * within + (chance + mean**2) * between + chance * spend**2
    assert (mean * spend)[0] == pytest.approx(money.mean(), rel=0.01)
    assert variance[0] == pytest.approx(money.var(), rel=0.03)


def test_many_horizons_at_once_are_each_alone():
    ahead = Ahead(BGNBD.fit(*shop(BGNBD, 100, 0)[0]), *shop(BGNBD, 100, 0)[0])
    horizons = np.arange(1.0, 53)
    low, high = ahead.total_limits(horizons, 0.95)
    for week in (1, 5, 20, 41):
        alone = ahead.total_limits(horizons[week : week + 1], 0.95)
        assert [low[week], high[week]] == pytest.approx([alone[0][0], alone[1][0]], rel=2e-3)

"""All that rests on special functions or on sums in their place, beside mpmath at random points.

A third of the numbers are whole, and a third whole but for the last digits, where such functions fail first.
"""

import mpmath
import numpy as np
import pytest
from scipy.special import gammaincc

from addin.models import BGNBD, SBG, GammaGamma, ParetoNBD
from addin.models.gamma_gamma import Spending
from addin.models.intervals import _limits
from addin.models.residual import residual_orders_alive

mpmath.mp.dps = 30


def numbers(random, low, high):
    """From low to high on a logarithmic scale."""
    value = float(np.exp(random.uniform(np.log(low), np.log(high))))
    kind = random.integers(3)
    if kind and high >= 1.5:
        value = max(round(value), 1)
    return float(value if kind < 2 else value * (1 + random.choice([-1, 1]) * 10.0 ** -random.integers(4, 15)))


def lifetime(random):
    """DEL of the shifted beta-geometric: 2F1(1, beta + n; alpha + beta + n; 1/(1 + d))."""
    alpha, beta, rate = numbers(random, 0.3, 300), numbers(random, 0.3, 300), float(10 ** random.uniform(-4, 0))
    n = int(random.integers(0, 100))
    with mpmath.workdps(150):  # near whole numbers it loses a hundred of them
        theirs = mpmath.hyp2f1(1, mpmath.mpf(beta) + n, mpmath.mpf(alpha) + beta + n, 1 / (1 + mpmath.mpf(rate)))
    return SBG(alpha, beta).lifetime(rate, n), theirs


def expected_orders(random):
    """Formula (10) of Fader, Hardie and Lee 2005 but for P(alive)."""
    r, alpha, a, b = (numbers(random, low, 100) for low in (0.1, 2, 0.1, 0.3))
    x, age, horizon = int(random.integers(0, 60)), numbers(random, 1, 100), numbers(random, 1, 300)
    with mpmath.workdps(80):
        apart = mpmath.mpf(a) + mpmath.mpf(10) ** -35  # the formula has a gap where a is 1
        share = mpmath.mpf(horizon) / (mpmath.mpf(alpha) + age + horizon)
        hyper = mpmath.hyp2f1(mpmath.mpf(r) + x, mpmath.mpf(b) + x, apart + b + x - 1, share)
        theirs = (apart + b + x - 1) / (apart - 1) * (1 - (1 - share) ** (mpmath.mpf(r) + x) * hyper)
    return BGNBD(r, alpha, a, b).expected_orders_alive(horizon, x, age)[0], theirs


def expected_orders_of_pareto(random):
    """Formula (41) of Fader and Hardie's note of 2005 but for P(alive)."""
    r, alpha, s, beta = (numbers(random, low, 100) for low in (0.1, 2, 0.1, 2))
    x, age, horizon = int(random.integers(0, 60)), numbers(random, 1, 100), numbers(random, 1, 300)
    start, power = mpmath.mpf(beta) + age, mpmath.mpf(s) + mpmath.mpf(10) ** -15 * (s == 1) - 1
    theirs = (mpmath.mpf(r) + x) * start / ((mpmath.mpf(alpha) + age) * power)
    theirs *= 1 - (start / (start + horizon)) ** power
    return ParetoNBD(r, alpha, s, beta).expected_orders_alive(horizon, x, age)[0], theirs


def residual_orders(random):
    """Discounted expected residual orders of Pareto/NBD: Tricomi's function."""
    r, alpha, s, beta = (numbers(random, low, 50) for low in (0.1, 2, 0.1, 2))
    x, age, rate = int(random.integers(0, 60)), numbers(random, 1, 100), float(10 ** random.uniform(-3.5, -1.5))
    start = mpmath.mpf(beta) + age
    theirs = (mpmath.mpf(r) + x) / (mpmath.mpf(alpha) + age) * start * mpmath.hyperu(1, 2 - mpmath.mpf(s), rate * start)
    ours = residual_orders_alive(ParetoNBD(r, alpha, s, beta), rate, np.array([x]), np.array([age]))
    return ours[0], theirs


def spending(random):
    """The log-likelihood of Gamma-Gamma of one customer, by p, q and v."""
    p, q, v, z = (numbers(random, low, high) for low, high in ((0.1, 1000), (0.1, 1000), (0.01, 100), (0.1, 10)))
    x = int(random.integers(1, 40))
    density = Spending(np.array([float(x)]), np.array([z]), np.ones(1)).of_their_own(np.array([p, q, v]))
    px, total = mpmath.mpf(p) * x, x + mpmath.mpf(v)  # z is the unit
    psi = mpmath.digamma
    terms = [
        mpmath.loggamma(px + q) - mpmath.loggamma(px) - mpmath.loggamma(q)
        + mpmath.mpf(q) * mpmath.log(v) + px * mpmath.log(x) - (px + q) * mpmath.log(total),
        x * (psi(px + q) - psi(px) + mpmath.log(x) - mpmath.log(total)),
        psi(px + q) - mpmath.log(total) + mpmath.log(v) - psi(q),
        mpmath.psi(1, px + q) - mpmath.psi(1, q),
    ]  # fmt: skip
    scales = [1 + abs(mpmath.loggamma(px + q)) + px, 1 + x * abs(psi(px)), 1 + abs(psi(q)), abs(mpmath.psi(1, q))]
    ours = [density[0], density[1][0], density[1][1], density[2][1, 1]]
    worst = max(abs(one - other) / scale for one, other, scale in zip(ours, terms, scales, strict=True))
    return 1 + worst, 1


def quantile(random):
    """Low and high of an interval, put back into the gamma distribution."""
    mean, spread = numbers(random, 0.5, 1e3), float(10 ** random.uniform(-0.3, 2))
    confidence = float(random.uniform(0.5, 0.99))
    low, high = _limits(np.array([[mean]]), np.array([[mean * spread]]), confidence)
    limit, share = (low, (1 - confidence) / 2) if random.integers(2) else (high, (1 + confidence) / 2)
    shape, scaled = mpmath.mpf(mean) / spread, mpmath.mpf(float(limit[0])) / spread
    return share, mpmath.gammainc(shape, 0, scaled, regularized=True)


def chi_square(random):
    """p of the log-rank test."""
    degrees, score = int(random.integers(1, 20)), numbers(random, 0.01, 80)
    theirs = mpmath.gammainc(mpmath.mpf(degrees) / 2, mpmath.mpf(score) / 2, regularized=True)
    return gammaincc(degrees / 2, score / 2), theirs


SWEEPS = {
    lifetime: 1e-11,
    expected_orders: 1e-11,
    expected_orders_of_pareto: 1e-11,
    residual_orders: 1e-8,
    spending: 1e-12,
    quantile: 1e-9,
    chi_square: 1e-11,
}
"""How far ours may be off, as a share."""


def worst(sweep, count):
    random = np.random.default_rng(7)
    return max(float(abs(ours / theirs - 1)) for ours, theirs in (sweep(random) for _ in range(count)))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("count", [30, pytest.param(1_000, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("sweep", SWEEPS)
def test_beside_mpmath(sweep, count):
    assert worst(sweep, count) < SWEEPS[sweep]


def test_spend_is_drawn_to_the_mean():
    """The formula of Fader and Hardie 2013, in exact arithmetic."""
    random = np.random.default_rng(3)
    for _ in range(200):
        p, q, v = (numbers(random, low, 100) for low in (0.1, 1.5, 0.1))
        x, z = int(random.integers(0, 40)), numbers(random, 0.1, 1000)
        theirs = mpmath.mpf(p) * (mpmath.mpf(v) + x * mpmath.mpf(z)) / (mpmath.mpf(p) * x + q - 1)
        assert GammaGamma(p, q, v).expected_spend(x, z)[0] == pytest.approx(float(theirs), rel=1e-12)

"""Second calculations of the fits and the forecasts, shop by shop.

The likelihoods of the papers in scipy's functions, and its search for something higher; forecasts from the fitted
parameters by Gauss and Jacobi's rule over the chance to leave, and by plain integration over time.
"""

import itertools
import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, roots_jacobi
from second_numbers import column, share
from second_tables import close
from statsmodels.tools.numdiff import approx_hess

from addin.calling import call
from addin.catalogue import catalogue
from addin.errors import CellError

WEEKS_A_MONTH = 365.25 / 12 / 7
LARGE = 1e7
"""As good as no end, in the limits in which parameters have none."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)
PANELS = np.array([0, 0.003, 0.03, 0.2, 1])
LIKELY = {"BG/NBD": "BGNBD_FIT", "MBG/NBD": "MBGNBD_FIT", "Pareto/NBD": "PARETONBD_FIT"}


def orders(random):
    """Order rows of customers who order at a pace of their own and leave after an order, or in between."""
    customers, length = int(random.integers(20, 70)), int(random.integers(150, 500))
    pace, leaving = float(random.uniform(15, 60)), random.beta(1, random.uniform(1, 8), customers)
    own_pace, spend = random.gamma(0.8, pace / 0.8, customers) + 2, random.gamma(4, 12, customers)
    rows = []
    for number in range(customers):
        day = float(random.integers(0, length // 2))
        while day < length:
            rows.append((f"c{number}", 45000.0 + int(day), round(float(random.gamma(3, spend[number] / 3)) + 0.01, 2)))
            day += random.exponential(own_pace[number])
            if random.random() < leaving[number]:
                break
    rows = [rows[i] for i in random.permutation(len(rows))]
    frame = pd.DataFrame(rows, columns=["id", "day", "amount"])
    return [column(cells) for cells in zip(*rows, strict=True)], frame


def histories(frame, end):
    """Repeat orders, weeks to the last one and to the end, and the mean of the repeat orders, for each customer."""
    days = frame.groupby(["id", "day"], as_index=False).amount.sum().sort_values("day")
    each = days.groupby("id").agg(first=("day", "first"), last=("day", "last"), n=("day", "size"), s=("amount", "sum"))
    each["x"] = each.n - 1
    each["t_x"], each["T"] = (each["last"] - each["first"]) / 7, (end - each["first"]) / 7
    first_amount = days.groupby("id").amount.first()
    each["mean"] = ((each.s - first_amount) / each.x.where(each.x > 0)).fillna(0)
    return each


def integral(of, low, high):
    """From low to high, row by row, over panels that grow."""
    total = 0.0
    for start, stop in itertools.pairwise(PANELS):
        a, b = low + (high - low) * start, low + (high - low) * stop
        u = (a + b)[:, None] / 2 + (b - a)[:, None] / 2 * NODES
        total = total + (b - a) / 2 * (of(u) @ WEIGHTS)
    return total


def bg(parameters, x, t_x, age):
    r, alpha, a, b = parameters
    there = betaln(a, b + x) - (r + x) * np.log(alpha + age)
    left = betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x)
    both = np.logaddexp(there, np.where(x > 0, left, -np.inf)) - betaln(a, b)
    return (both + gammaln(r + x) - gammaln(r) + r * np.log(alpha)).sum()


def mbg(parameters, x, t_x, age):
    r, alpha, a, b = parameters
    there = betaln(a, b + x + 1) - (r + x) * np.log(alpha + age)
    left = betaln(a + 1, b + x) - (r + x) * np.log(alpha + t_x)
    return (np.logaddexp(there, left) - betaln(a, b) + gammaln(r + x) - gammaln(r) + r * np.log(alpha)).sum()


def left_between(parameters, x, t_x, age):
    """The part of Pareto/NBD's likelihood of those who left between their last order and the end, over the other."""
    r, alpha, s, beta = (np.float64(value) for value in parameters)

    def density(u):
        order = (r + x)[:, None] * np.log((alpha + age)[:, None] / (alpha + u))
        return s * np.exp(order + s * np.log((beta + age)[:, None] / (beta + u))) / (beta + u)

    return integral(density, t_x, age)


def pareto(parameters, x, t_x, age):
    r, alpha, s, beta = parameters
    there = r * np.log(alpha) - (r + x) * np.log(alpha + age) - s * np.log1p(age / beta)
    left = left_between(parameters, x, t_x, age)
    return (gammaln(r + x) - gammaln(r) + there + np.log1p(left)).sum()


def gamma_gamma(parameters, x, z):
    p, q, v = parameters
    return (
        gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + p * x * np.log(x) + (p * x - 1) * np.log(z)
        - (p * x + q) * np.log(v + x * z)
    ).sum()  # fmt: skip


def parameters_of(name, raw):
    """What a fit function gives, with LARGE in place of parameters without end, and whether there are some."""
    table = call(catalogue()[name], raw)
    if isinstance(table, CellError):
        return None
    found = {row[0]: row[1] for row in table[1:]}
    names = list(found)[: 3 if name == "GAMMAGAMMA_FIT" else 4]
    values = [found[each] for each in names]
    if "" not in values:
        return values, False
    if "p*v (money)" in found:
        return [LARGE, values[1], found["p*v (money)"] / LARGE], True
    if "Mean order (money)" in found:
        return [values[0], LARGE, found["Mean order (money)"] * LARGE / values[0]], True
    if name == "PARETONBD_FIT":
        pace = max(found["Share that leaves (a week)"], 1e-12)
        return [*values[:2], LARGE, LARGE / pace], True
    leaving, size = max(found["Share that leaves"], 1e-12), LARGE
    if "stays for good" in found["Note"] and found["Share that leaves"] > 0:
        size = 1 / LARGE
    return [*values[:2], leaving * size, (1 - leaving) * size], True


def highest(likelihood, start, *data):
    """The highest log-likelihood that scipy's simplex finds from a start, and where."""

    def against(logs):
        with np.errstate(all="ignore"):
            value = likelihood(np.exp(np.clip(logs, -14, 14)), *data)
        return -value if np.isfinite(value) else 1e300

    found = minimize(against, np.log(start), method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9})
    return -found.fun


def as_fitted(name, raw, likelihood, start, *data):
    """The table holds what the likelihood is at its parameters, nothing near or from afar is higher, and its errors."""
    found = parameters_of(name, raw)
    if not found:
        return None
    values, limit = found

    def same(table):
        ours = next(row[1] for row in table[1:] if row[0] == "Log-likelihood")
        if not math.isclose(ours, likelihood(np.array(values), *data), abs_tol=1e-3 if limit else 1e-8, rel_tol=1e-10):
            return False
        if limit:
            return highest(likelihood, start, *data) <= ours + 1e-3
        if max(highest(likelihood, begin, *data) for begin in (start, values)) > ours + 1e-7:
            return False
        information = -approx_hess(np.log(values), lambda logs: likelihood(np.exp(logs), *data))
        if np.linalg.eigvalsh(information)[0] < 0.05:
            return True  # differences would tell nothing but rounding
        errors = np.array(values) * np.sqrt(np.diag(np.linalg.inv(information)))
        return close([row[2] for row in table[1 : 1 + len(values)]], errors.tolist(), 2e-3)

    return raw, same


def repeat_order_fit(random, name, likelihood, start):
    raw, frame = orders(random)
    end = frame.day.max() + float(random.integers(0, 60))
    each = histories(frame, end)
    data = [each[column].to_numpy(float) for column in ("x", "t_x", "T")]
    return as_fitted(name, [*raw[:2], end], likelihood, start, *data)


def bgnbd_fit(random):
    return repeat_order_fit(random, "BGNBD_FIT", bg, [0.5, 5, 1, 3])


def mbgnbd_fit(random):
    return repeat_order_fit(random, "MBGNBD_FIT", mbg, [0.5, 5, 1, 3])


def paretonbd_fit(random):
    return repeat_order_fit(random, "PARETONBD_FIT", pareto, [0.5, 5, 0.6, 15])


def gammagamma_fit(random):
    raw, frame = orders(random)
    each = histories(frame, frame.day.max())
    again = each[(each.x > 0) & (each["mean"] > 0)]
    return as_fitted("GAMMAGAMMA_FIT", raw, gamma_gamma, [2, 4, 50], again.x.to_numpy(float), again["mean"].to_numpy())


@cache
def chances(a, b):
    """The beta distribution as points with weights."""
    z, weight = roots_jacobi(120, b - 1, a - 1)
    return (1 + z) / 2, weight / weight.sum()


@dataclass
class Ahead:
    """What the papers expect of customers, from fitted parameters."""

    model: str
    parameters: list

    def alive(self, x, t_x, age):
        r, alpha, a, b = self.parameters
        if self.model == "Pareto/NBD":
            return 1 / (1 + left_between(self.parameters, x, t_x, age))
        chances = x if self.model == "BG/NBD" else x + 1
        odds = a / (b + np.maximum(chances, 1) - 1) * ((alpha + age) / (alpha + t_x)) ** (r + x)
        return np.where(chances > 0, 1 / (1 + odds), 1.0)

    def orders_alive(self, weeks, x, age):
        r, alpha, a, b = self.parameters
        if self.model == "Pareto/NBD":
            start = b + age
            stay = integral(lambda u: (start[:, None] / (start[:, None] + u)) ** a, 0 * age, 0 * age + weeks)
            return (r + x) / (alpha + age) * stay
        expected = np.zeros(x.size)
        for repeats in np.unique(x):
            survived = repeats + (self.model == "MBG/NBD")
            some = x == repeats
            if a + b > 1e5:
                chance, weight = np.array([a / (a + b)]), np.ones(1)
            else:
                chance, weight = chances(a, b + survived)
            shape, share = r + repeats, weeks / (alpha + age[some])
            expected[some] = weight @ (-np.expm1(-shape * np.log1p(chance[:, None] * share)) / chance[:, None])
        return expected

    def orders(self, weeks, x, t_x, age):
        return self.alive(x, t_x, age) * self.orders_alive(weeks, x, age)

    def of_new(self, weeks):
        none = np.zeros(1)
        return float(self.alive(none, none, none + 1e-12)[0] * self.orders_alive(weeks, none, none)[0])


def spend_of(raw, each):
    """What the next order of each customer brings; nothing where the amounts allow no mean."""
    found = parameters_of("GAMMAGAMMA_FIT", raw)
    if not found or found[0][1] <= 1.01:
        return None
    p, q, v = found[0]
    return (p * v + p * each.x * each["mean"]) / (p * each.x + q - 1)


def usable(found):
    """Whether Jacobi's rule takes the parameters; the limit of a and b towards 0 has a test of its own."""
    if not found:
        return False
    values, limit = found
    return values[2] > 1 if limit else 1e-3 < values[2] <= 100


def forecast(random):
    """A shop's raw columns, its customers, a model fitted to them, and what it expects them to spend."""
    raw, frame = orders(random)
    end = frame.day.max()
    each = histories(frame, end)
    model = str(random.choice(list(LIKELY)))
    found, spend = parameters_of(LIKELY[model], raw[:2]), spend_of(raw, each)
    if spend is None or not usable(found):
        return None
    return raw, frame, each, Ahead(model, found[0]), spend


def numbers_of(each):
    return [each[name].to_numpy(float) for name in ("x", "t_x", "T")]


def ahead_in_months(ahead, each, months, rate):
    """Expected orders, and as they count where those of each month are discounted from its end."""
    history = numbers_of(each)
    ends = [*range(1, math.ceil(months)), months]
    until = [np.zeros(len(each)), *(ahead.orders(end * WEEKS_A_MONTH, *history) for end in ends)]
    discounted = sum((until[i + 1] - until[i]) * (1 + rate) ** (-end / 12) for i, end in enumerate(ends))
    return until[-1], discounted


def clv_predict(random):
    drawn = forecast(random)
    if not drawn:
        return None
    raw, frame, each, ahead, spend = drawn
    months, rate = float(random.choice([1, 3.5, 12, 24])), share(random, 0.01, 0.3)
    expected, discounted = ahead_in_months(ahead, each, months, rate)
    table = pd.DataFrame({
        "x": each.x, "t_x": each.t_x, "T": each["T"], "alive": ahead.alive(*numbers_of(each)), "orders": expected,
        "spend": spend, "clv": discounted * spend,
    })  # fmt: skip
    wanted = table.loc[frame.id.drop_duplicates()]

    def same(ours):
        return [row[0] for row in ours[1:]] == list(wanted.index) and close(
            [row[1:] for row in ours[1:]], wanted.to_numpy().tolist(), 1e-5
        )

    return [*raw, months, rate, None, ahead.model], same


def customer_equity(random):
    drawn = forecast(random)
    if not drawn:
        return None
    raw, _, each, ahead, spend = drawn
    months, rate = float(random.choice([1, 6, 12])), share(random, 0.01, 0.3)
    expected, discounted = ahead_in_months(ahead, each, months, rate)
    sums = [ahead.alive(*numbers_of(each)).sum(), expected.sum(), float(discounted @ spend)]
    return [*raw, months, rate, None, ahead.model, 0.0], lambda table: close(
        [row[1] for row in table[1:]], sums, 1e-5
    )  # one comparison


def tracking(random):
    drawn = forecast(random)
    if not drawn:
        return None
    raw, frame, each, ahead, _ = drawn
    weeks, start, end = int(random.integers(0, 20)), frame.day.min(), frame.day.max()
    days, of_new = frame.drop_duplicates(["id", "day"]), cache(ahead.of_new)
    past = []
    for day in np.arange(end, start, -7)[::-1]:
        there = each["first"][each["first"] <= day]
        expected = sum(n * of_new((day - first) / 7) for first, n in there.value_counts().items())
        past.append([day, float((days.day <= day).sum() - len(there)), expected])
    so_far = float(len(days) - len(each))
    to_come = [
        [end + 7 * week, "", so_far + ahead.orders(week, *numbers_of(each)).sum()] for week in range(1, weeks + 1)
    ]
    return [*raw[:2], float(weeks), None, ahead.model], lambda table: close(table[1:], [*past, *to_come], 1e-5)


def holdout(random):
    raw, frame = orders(random)
    end, start = frame.day.max(), frame.day.min()
    cut = float(start + int((end - start) * random.uniform(0.5, 0.8)))
    before = frame[frame.day <= cut]
    seen = [column(before[name].tolist()) for name in ("id", "day", "amount")]
    each = histories(before, cut)
    model = str(random.choice(list(LIKELY)))
    found, spend = parameters_of(LIKELY[model], [*seen[:2], cut]), spend_of([*seen, cut], each)
    if spend is None or not usable(found):
        return None
    expected = Ahead(model, found[0]).orders((end - cut) / 7, *numbers_of(each))
    after = frame[(frame.day > cut) & frame.id.isin(each.index)]
    came = after.drop_duplicates(["id", "day"]).groupby("id").size().reindex(each.index, fill_value=0).to_numpy(float)
    error = expected - came
    money = [float(len(each)), after.amount.sum(), float(expected @ spend)]
    correlation = np.corrcoef(expected, came)[0, 1] if np.ptp(came) else ""
    wanted = [[float(len(each)), came.sum(), expected.sum()], money]
    off = [np.abs(error).mean(), math.sqrt((error**2).mean()), correlation]
    by = pd.DataFrame({"x": each.x.clip(upper=7).to_numpy(), "came": came, "expected": expected}).groupby("x")
    means = [[float(len(rows)), rows.came.mean(), rows.expected.mean()] for _, rows in by]

    def same(table):
        return (
            close([table[1][1:4], table[3][1:4]], wanted, 1e-5)
            and close([row[3] for row in table[4:7]], off, 1e-4)
            and close([row[1:4] for row in table[7:]], means, 1e-5)
        )

    return [*raw, cut, None, model], same

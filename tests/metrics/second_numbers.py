"""Second calculations of the functions that give a number: exact fractions, mpmath, or another library.

Each draws arguments and says what is right for them, as a value or as a question to the answer.
"""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

F = Fraction


def amount(random, high=1e5):
    return float(round(random.uniform(0.01, high), int(random.integers(0, 3))) or 1)


def share(random, low=0.0, high=1.0):
    """Often a whole percentage, as people write it."""
    value = float(random.uniform(low, high))
    return value if random.random() < 0.5 else min(max(round(value, 2), low + 0.01), high - 0.01)


def people(random, low=1, high=5000):
    return float(random.integers(low, high))


def column(values):
    return [[value] for value in values]


def some(random, draw, most=12):
    return [draw(random) for _ in range(int(random.integers(1, most)))]


def total(values):
    return sum(map(F, values))


def roi(random):
    gain, cost = some(random, amount), some(random, amount)
    return [column(gain), column(cost)], total(gain) / total(cost) - 1


def roas(random):
    gain, cost = some(random, amount), some(random, amount)
    return [column(gain), column(cost)], total(gain) / total(cost)


def roc(random):
    cost, *gains = (some(random, amount) for _ in range(5))
    margin, net = share(random), bool(random.integers(2))
    gain = sum(map(total, gains)) * F(margin) / total(cost)
    return [column(cost), *map(column, gains), margin, net], gain - net


def ror(random):
    value, minutes, rate, cash = some(random, amount), some(random, amount), amount(random, 300), some(random, amount)
    return [column(value), column(minutes), rate, column(cash)], total(value) / (
        total(minutes) * F(rate) / 60 + total(cash)
    )


def cost_per_sale(random):
    rate, cost = share(random, 0.001), amount(random)
    return [rate, cost], F(cost) / F(rate)


def cac(random):
    cost, won = some(random, amount), some(random, people)
    return [column(cost), column(won)], total(cost) / total(won)


def clv_cac(random):
    value, cost = amount(random), amount(random)
    return [value, cost], F(value) / F(cost)


def breakeven_orders(random):
    cost, price, margin = amount(random), amount(random), share(random, 0.01)
    return [cost, price, margin], F(cost) / (F(price) * F(margin))


def payback(random):
    """Margin by margin, the last one in proportion."""
    margin, retention = amount(random, 1000), share(random, 0.3)
    cac = margin * float(random.uniform(0.1, 0.98)) / (1 - retention) if retention < 0.99 else margin * 7
    left, period, now = mpmath.mpf(cac), 0, mpmath.mpf(margin)
    while left > now:
        left, period, now = left - now, period + 1, now * retention
    return [cac, margin, retention], period + left / now


def breakeven_retention(random):
    """The retention at which the series of margins is worth the cost, by bisection."""
    cac, first, rate = amount(random, 1000), bool(random.integers(2)), share(random, 0.01, 0.5)
    margin = cac * float(random.uniform(rate + 0.05, 0.9 if first else 2))

    def worth(retention):
        return margin * (1 + F(rate) if first else retention) / (1 + F(rate) - retention)

    low, high = F(0), F(1)
    for _ in range(70):
        middle = F(float((low + high) / 2)) if high - low > F(1, 2**50) else (low + high) / 2
        low, high = (middle, high) if worth(middle) < cac else (low, middle)
    return [cac, margin, rate, first], low


def churn(random):
    lost = some(random, lambda r: people(r, 0, 50))
    start = [people(random, 50, 900) for _ in lost]
    months, method = float(random.integers(1, 13)), str(random.choice(["compound", "linear"]))
    rate = total(lost) / total(start)
    theirs = (
        rate / F(months)
        if method == "linear"
        else 1 - mpmath.root(1 - mpmath.mpf(rate.numerator) / rate.denominator, int(months))
    )  # one formula
    return [column(lost), column(start), months, method], theirs


def churn_list(random):
    before, after = ([f"c{random.integers(60)}" for _ in range(random.integers(1, 60))] for _ in range(2))
    missing = pd.Index(before).unique().difference(pd.Index(after))
    return [column(before), column(after)], F(len(missing), len(set(before)))


def churn_convert(random):
    rate, short, long = share(random), float(random.integers(1, 13)), float(random.integers(1, 37))
    return [rate, short, long], 1 - mpmath.power(1 - mpmath.mpf(rate), mpmath.mpf(long) / short)


def retention(random):
    start = people(random)
    stayed, new = people(random, 0, int(start) + 1), people(random, 0, 500)
    return [start, stayed + new, new], F(stayed) / F(start)


def lifespan(random):
    """Sum of the months that are left after each."""
    rate, unit = share(random, 0.05), str(random.choice(["months", "years"]))
    months = (
        mpmath.nsum(lambda t: (1 - mpmath.mpf(rate)) ** t, [0, mpmath.inf]) if random.random() < 0.01 else 1 / F(rate)
    )
    return [rate, unit], months / (12 if unit == "years" else 1)


def engagement_level(random):
    counts = [float(random.integers(0, 3)) for _ in range(4)]
    visits, orders, feedback, referrals = counts
    holds = [referrals > 0, feedback > 0, orders >= 2, orders == 1, visits > 0]
    names = ["Telling others", "Giving feedback", "Buying again", "Just buying", "Just looking"]
    return counts, str(np.select(holds, names, "Total market"))


def engagement_value(random):
    orders, order, cost, influenced = people(random), amount(random), amount(random), people(random, 0, 50)
    conversion, margin = share(random), share(random)
    return [orders, order, cost, influenced, conversion, margin], (F(orders) + F(influenced) * F(conversion)) * F(
        order
    ) * F(margin) - F(cost)


def lifecycle_stage(random):
    orders, days, feedback, referrals, active = (float(random.integers(0, n)) for n in (4, 100, 2, 2, 100))
    holds = [referrals > 0, (orders > 1) & (days <= active), (orders > 1) | (feedback > 0), orders > 0]
    stage = np.select(holds, ["Advocate", "Retain", "Develop", "Acquire"], "Reach")
    return [orders, days, feedback, referrals, active], str(stage)


def lift(random):
    """Newcombe's interval and the z test by statsmodels."""
    treated, control = people(random, 20), people(random, 20)
    bought, base = people(random, 1, int(treated)), people(random, 1, int(control))
    confidence = share(random, 0.5, 0.99)
    low, high = confint_proportions_2indep(
        bought, treated, base, control, method="newcomb", compare="diff", alpha=1 - confidence, correction=False
    )
    z, p = proportions_ztest([bought, base], [treated, control])
    rows = {"Difference": bought / treated - base / control, "z": z, "p": p}
    rows |= {"low": low, "high": high, "Lift": (bought / treated) / (base / control) - 1}
    rows["Incremental orders"] = bought - treated * base / control
    return [bought, treated, base, control, confidence], rows


def sample_size(random):
    """The power of R's power.prop.test at n is enough, and at n - 1 it is not."""
    base, change = share(random, 0.02, 0.5), float(random.choice([-1, 1])) * share(random, 0.05, 0.9)
    power, confidence = share(random, 0.5, 0.99), share(random, 0.8, 0.99)
    other = base * (1 + change)
    middle, apart = (base + other) / 2, abs(other - base)

    def reached(n):
        spread = norm.isf((1 - confidence) / 2) * math.sqrt(2 * middle * (1 - middle))
        own = math.sqrt(base * (1 - base) + other * (1 - other))
        return norm.cdf((math.sqrt(n) * apart - spread) / own)

    return [base, change, power, confidence], lambda n: reached(n) >= power - 1e-12 and reached(n - 1) < power + 1e-12


def scores(random):
    return [float(score) for score in random.integers(0, 11, random.integers(1, 80))]


def nps(random):
    answers = scores(random)
    kinds = pd.cut(pd.Series(answers), [-1, 6, 8, 10], labels=["d", "n", "p"]).value_counts(normalize=True)
    return [column(answers)], 100 * (kinds["p"] - kinds["d"])


def nps_counts(random):
    promoters, passives, detractors = (people(random, 0) for _ in range(3))
    answers = F(promoters) + F(passives) + F(detractors)
    return [promoters, passives + (answers == 0), detractors], 100 * F(promoters - detractors) / (answers or 1)


def nps_ci(random):
    """The variance of a mean of +1, 0 and -1, with the added answers."""
    answers, confidence = scores(random), share(random, 0.5, 0.99)
    points = np.repeat([1, 0, -1], [sum(s >= 9 for s in answers), sum(7 <= s <= 8 for s in answers),
                                    sum(s <= 6 for s in answers)])  # fmt: skip
    values, weights = np.append(points, [1, 0, -1]), np.append(np.ones(points.size), [0.75, 1.5, 0.75])
    mean = np.average(values, weights=weights)
    error = math.sqrt(np.average((values - mean) ** 2, weights=weights) / weights.sum())
    low, high = norm.interval(confidence, mean, error)
    return [column(answers), "0-10", confidence], [[max(-100, 100 * low), min(100, 100 * high)]]


def word_of_mouth(random):
    happy, unhappy, tells, moans = people(random), people(random), people(random, 0, 9), people(random, 0, 30)
    return [happy, unhappy, tells, moans], F(happy) * F(tells) - F(unhappy) * F(moans)


def referral_rate(random):
    kinds = ["A friend", "Recommended by Bo", "Google", "I prefer you", "family", "flyer"]
    answers = [kinds[i] for i in random.integers(0, 6, random.integers(1, 40))]
    named = pd.Series(answers).str.lower().str.contains(r"\bfriend|\brecommend|\bfamily")
    return [column(answers)], F(int(named.sum()), len(answers))


def attribution(random):
    counts = [people(random, 0, 200) for _ in range(random.integers(1, 6))]
    of_all = sum(counts) + people(random, 1, 500)
    names = [f"channel {i}" for i in range(len(counts))]
    rows = [[name, count, F(count) / F(of_all)] for name, count in zip(names, counts, strict=True)]
    left = of_all - sum(counts)
    heading = ["Channel", "Customers", "Share"]
    return [of_all, column(names), column(counts)], [heading, *rows, ["Remainder", left, F(left) / F(of_all)]]


def clv(random):
    """Year by year."""
    years, orders, order = float(random.integers(0, 30)), people(random, 1, 50), amount(random)
    margin, rate = share(random, -1), share(random) if random.random() < 0.8 else 0.0
    yearly = mpmath.mpf(orders) * order * margin
    return [years, orders, order, margin, rate], sum(
        (yearly / (1 + mpmath.mpf(rate)) ** year for year in range(1, int(years) + 1)), mpmath.mpf(0)
    )


def clv_margin(random):
    """The series until nothing is left, in exact numbers of fifty digits."""
    margin, stay, rate, first = amount(random), share(random, 0, 0.9), share(random, 0.05), bool(random.integers(2))
    factor = mpmath.mpf(stay) / (1 + mpmath.mpf(rate))
    terms = int(45 / -math.log(max(float(factor), 1e-9))) + 3
    series = sum((factor**t for t in range(1, terms)), mpmath.mpf(0))
    return [margin, stay, rate, first], margin * (series + first)


def retention_profit(random):
    before, after, rate = share(random, 0.05, 0.99), share(random, 0.05, 0.99), share(random, 0.01)

    def worth(stay):
        return F(stay) / (1 + F(rate) - F(stay))

    return [before, after, rate], worth(after) / worth(before) - 1


def pareto_share(random):
    """Lorenz's curve, read between its points."""
    values, top = some(random, amount, 60), share(random)
    ordered = np.sort(values)[::-1]
    return [column(values), top], float(
        np.interp(top * len(values), np.arange(len(values) + 1), np.append(0, np.cumsum(ordered))) / ordered.sum()
    )


def gini(random):
    """Half the mean difference of all pairs, as a share of the mean."""
    values = np.array(some(random, amount, 60))
    return [column(values.tolist())], np.abs(values[:, None] - values).mean() / (2 * values.mean())

"""Second calculations of the functions that give a table, or are fitted: pandas, statsmodels, scipy, mpmath."""

import math
from datetime import date, timedelta

import mpmath
import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln
from second_numbers import amount, column, share
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from addin.calling import call
from addin.catalogue import catalogue
from addin.errors import CellError


def close(ours, theirs, rel=1e-9):
    if isinstance(theirs, (list, tuple)):
        return len(ours) == len(theirs) and all(close(a, b, rel) for a, b in zip(ours, theirs, strict=True))
    if isinstance(theirs, str) or isinstance(ours, (str, CellError)):
        return ours == theirs
    return math.isclose(float(ours), float(theirs), rel_tol=rel, abs_tol=rel)


def order_rows(random, customers=6):
    rows = int(random.integers(1, 40))
    ids = [f"c{i}" for i in random.integers(0, customers, rows)]
    days = [float(day) for day in random.integers(45000, 45500, rows)]
    amounts = [amount(random, 500) for _ in range(rows)]
    frame = pd.DataFrame({"id": ids, "day": days, "amount": amounts})
    frame["date"] = [date(1899, 12, 30) + timedelta(day) for day in days]
    return [column(ids), column(days), column(amounts)], frame


def rfm(random):
    raw, frame = order_rows(random, 15)
    bins = int(random.integers(2, 10))
    each = frame.groupby("id", sort=False).agg(last=("day", "max"), n=("day", "size"), spent=("amount", "sum"))
    better = each.rank(method="min") - 1
    marks = (1 + bins * better // len(each)).astype(int).where(each.round(9) < each.round(9).max(), bins)
    rows = [
        [name, end, frame.day.max() - row["last"], row["n"], row["spent"], *marks.loc[name],
         marks.loc[name] @ [100, 10, 1]]
        for name, row in each.iterrows() for end in [row["last"]]
    ]  # fmt: skip
    if each.spent.round(6).duplicated().any():
        return None  # sums that differ by rounding are one here and two in pandas
    return [*raw, None, float(bins)], lambda table: close(
        [[r[0], *r[-8:]] for r in table[1:]], [[r[0], *r[1:]] for r in rows]
    )  # one comparison


def cohort(random):
    raw, frame = order_rows(random)
    show = str(random.choice(["retention", "customers", "amount"]))
    month = pd.PeriodIndex(pd.to_datetime(frame["date"]), freq="M")
    frame["month"] = month.year * 12 + month.month
    frame["first"] = frame.groupby("id").month.transform("min")
    frame["age"] = frame.month - frame["first"]
    by = frame.groupby(["first", "age"])
    table = (by.amount.sum() if show == "amount" else by.id.nunique()).unstack(fill_value=0)
    sizes = frame.groupby("first").id.nunique()
    last = frame.month.max()

    def same(ours):
        if len(ours) != len(sizes) + 1:
            return False
        for row, (first, size) in zip(ours[1:], sizes.items(), strict=True):
            ages = range(last - first + 1)
            want = [table.loc[first].get(age, 0) / (size if show == "retention" else 1) for age in ages]
            if row[1] != size or not close(row[2 : 2 + len(want)], want) or any(row[2 + len(want) :]):
                return False
        return True

    return [*raw[:2], "month", show, raw[2]], same


def survivors(random):
    stay, left = 0.6, [float(random.integers(200, 5000))]
    for _ in range(random.integers(3, 9)):
        left.append(float(random.binomial(int(left[-1]), stay)))
        stay += (1 - stay) * 0.25
    return left


def likelihood_of(left):
    stayed, lost = np.array(left[1:]), -np.diff(left)
    ages = np.arange(1, len(left))

    def minus(logs):
        alpha, beta = np.exp(logs)
        gone = betaln(alpha + 1, beta + ages - 1) - betaln(alpha, beta)
        return -(lost @ gone + stayed[-1] * (betaln(alpha, beta + ages[-1]) - betaln(alpha, beta)))

    return minus


def sbg_fit(random):
    """By scipy's simplex on the beta functions of the paper."""
    left = survivors(random)
    found = minimize(likelihood_of(left), [0, 0], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10})
    if np.abs(found.x).max() > 4:
        return None

    def same(table):
        return close([row[1] for row in table[1:]], [*np.exp(found.x), -found.fun], 1e-4)

    return [column(left)], same


def fitted(left):
    table = call(catalogue()["SBG_FIT"], [column(left)])
    return None if isinstance(table, CellError) else [mpmath.mpf(row[1]) for row in table[1:3]]


def sbg_survival(random):
    """Ratios of beta functions."""
    left = survivors(random)
    if not (found := fitted(left)):
        return None
    alpha, beta = found
    there = [mpmath.beta(alpha, beta + t) / mpmath.beta(alpha, beta) for t in range(13)]
    return [column(left), 12.0], lambda table: close([row[2] for row in table[1:]], there[-len(table) + 1 :])


def clv_contract(random):
    """The hypergeometric function of Fader and Hardie 2010."""
    left, margin, rate, renewed = survivors(random), amount(random), share(random, 0.02), int(random.integers(0, 9))
    if not (found := fitted(left)):
        return None
    alpha, beta = found
    lifetime = mpmath.hyp2f1(1, beta + renewed, alpha + beta + renewed, 1 / (1 + mpmath.mpf(rate)))
    return [column(left), margin, rate, float(renewed), True], margin * lifetime


def durations(random):
    n = int(random.integers(8, 60))
    return [float(t) for t in random.integers(1, 25, n)], [float(e) for e in random.integers(0, 2, n)]


def survival(random):
    times, left = durations(random)
    if not any(left):
        return None
    curve = SurvfuncRight(times, left)

    def same(table):
        rows = [row[:5] for row in table[1:] if row[0] > 0]
        want = zip(curve.surv_times, curve.n_risk, curve.n_events, curve.surv_prob, curve.surv_prob_se, strict=True)
        pairs = [(a, b) for a, b in zip(rows, want, strict=True) if b[3] > 0]
        return all(close(a, list(b)) for a, b in pairs)

    return [column(times), column(left)], same


def survival_median(random):
    times, left = durations(random)
    if not any(left):
        return None
    curve = SurvfuncRight(times, left)
    half = curve.surv_times[curve.surv_prob <= 0.5 + 1e-12]
    return [column(times), column(left)], lambda table: table[1][0] == (half[0] if half.size else "")


def logrank(random):
    times, left = durations(random)
    groups = [f"g{i}" for i in random.integers(0, random.integers(2, 4), len(times))]
    if len(set(groups)) < 2 or not any(left):
        return None
    try:
        score, p = survdiff(np.array(times), np.array(left), np.array(groups))
    except np.linalg.LinAlgError:
        return None
    return [
        column(times),
        column(left),
        column(groups),
    ], lambda table: isinstance(table, CellError) or close([table[-2][1], table[-1][1]], [score, p], 1e-7)

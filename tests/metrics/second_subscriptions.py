"""Second calculations of recurring revenue, month by month in plain Python, and of changes by statsmodels."""

import math
from statistics import NormalDist

import numpy as np
from second_numbers import amount, column, scores, share
from second_tables import close, order_rows
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from addin.errors import CellError


def charges(random):
    """Charges, and what each customer paid in each month from the first to the last."""
    raw, frame = order_rows(random, 4)
    number = [day.year * 12 + day.month for day in frame["date"]]
    first = min(number)
    paid = {name: [0.0] * (max(number) - first + 1) for name in frame["id"]}
    for name, month, money in zip(frame["id"], number, frame["amount"], strict=True):
        paid[name][month - first] += money
    return raw, list(paid.values())


def moved(paid, month):
    """New, expansion, reactivated, contraction and churned."""
    found = dict.fromkeys(("New", "Expansion", "Reactivated", "Contraction", "Churned"), 0.0)
    for months in paid:
        before, now = (months[month - 1] if month else 0.0), months[month]
        if now and not any(months[:month]):
            found["New"] += now
        elif now and not before:
            found["Reactivated"] += now
        elif before and not now:
            found["Churned"] += before
        else:
            found["Expansion" if now > before else "Contraction"] += abs(now - before)
    return found


def mrr(random):
    raw, paid = charges(random)
    if not any(map(any, paid)):
        return None
    rows, start = [], 0.0
    for month in range(len(paid[0])):
        end = math.fsum(months[month] for months in paid)
        rows.append([start, *moved(paid, month).values(), end, float(sum(months[month] > 0 for months in paid))])
        start = end
    return raw, lambda table: not isinstance(table, CellError) and close([row[1:] for row in table[1:]], rows)


def _between(random, kept):
    raw, paid = charges(random)
    possible = [back for back in range(1, len(paid[0])) if any(each[-1 - back] for each in paid)]
    if not possible:
        return None
    months = int(random.choice(possible))
    base = [each for each in paid if each[-1 - months]]
    share_kept = math.fsum(kept(each[-1 - months], each[-1]) for each in base)
    return [*raw, float(months)], share_kept / math.fsum(each[-1 - months] for each in base)


def nrr(random):
    return _between(random, lambda before, now: now)


def grr(random):
    return _between(random, min)


def quick_ratio(random):
    raw, paid = charges(random)
    months = int(random.integers(1, 4))
    if len(paid[0]) <= months:
        return None
    sums = [moved(paid, month) for month in range(len(paid[0]) - months, len(paid[0]))]
    won, lost = (math.fsum(each[name] for each in sums for name in names) for names in (
        ("New", "Expansion", "Reactivated"), ("Contraction", "Churned"))
    )  # fmt: skip
    return ([*raw, float(months)], won / lost) if lost else None


def nps_change(random):
    surveys, sure = [scores(random) for _ in range(2)], share(random, 0.5, 0.99)
    described = []
    for survey in surveys:
        answers = np.array(survey)
        kinds = [(answers >= 9).sum() + 0.75, ((answers > 6) & (answers < 9)).sum() + 1.5, (answers <= 6).sum() + 0.75]
        described.append(DescrStatsW([100.0, 0.0, -100.0], weights=kinds))
    change = described[1].mean - described[0].mean
    error = math.sqrt(sum(each.var / each.sum_weights for each in described))
    margin = NormalDist().inv_cdf((1 + sure) / 2) * error
    z = change / error

    def same(table):
        found = {row[0]: row[1:] for row in table[1:]}
        limits = [max(-200.0, change - margin), min(200.0, change + margin)]
        return close([*found["Change"][1:], found["z"][0], found["p"][0]],
                     [*limits, z, 2 * NormalDist().cdf(-abs(z))])  # fmt: skip

    return [*map(column, surveys), None, sure], same


def lift_value(random):
    groups = [
        [amount(random, 500) if random.random() < 0.7 else 0.0 for _ in range(int(random.integers(2, 30)))]
        for _ in range(2)
    ]
    sure = share(random, 0.5, 0.99)
    if len(set(groups[0])) == 1 or len(set(groups[1])) == 1:
        return None
    both = CompareMeans(*(DescrStatsW(np.array(group)) for group in groups))
    t, p, freedom = both.ttest_ind(usevar="unequal")
    limits = both.tconfint_diff(1 - sure, usevar="unequal")

    def same(table):
        found = {row[0]: row[1:] for row in table[1:]}
        ours = [*found["Difference"][1:], *(found[name][0] for name in ("t", "Degrees of freedom", "p"))]
        return close(ours, [*limits, t, freedom, p], 1e-7)

    return [*map(column, groups), sure], same

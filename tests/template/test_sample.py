"""The sample tells the florist's story, in the log and in single orders alike."""

from collections import Counter
from itertools import pairwise

import pytest

from addin.schema import sample

STORY = {"Immediate sale": 200, "Follow-up reorder": 30, "New order": 130, "Repeat order": 65}
"""As the article counts them."""


def months_since_start(day):
    return (day.year - sample.START.year) * 12 + day.month - sample.START.month


def test_the_log_counts_the_orders_of_the_article():
    counts = Counter()
    for _, _, _, kind, _, orders, price, cost, *_ in sample.follow_ups():
        counts[kind] += orders
        assert (price, cost) == (30, 0)
    assert counts == STORY


def test_single_orders_add_up_to_the_same():
    assert Counter(kind for _, _, _, _, kind, _, _ in sample.orders()) == STORY
    assert sum(units * price for *_, units, price in sample.orders()) == 12_750


def test_log_and_orders_agree_month_by_month():
    log = Counter()
    for _, _, day, kind, _, orders, *_ in sample.follow_ups():
        log[months_since_start(day), kind] += orders
    assert log == Counter((months_since_start(day), kind) for _, day, _, _, kind, _, _ in sample.orders())


@pytest.mark.parametrize(("until", "orders"), [(1, 200), (4, 230), (12, 425)])
def test_the_milestones_have_the_orders_of_the_article(until, orders):
    assert sum(months_since_start(day) <= until for _, day, *_ in sample.orders()) == orders


def test_a_customer_buys_first_and_returns_later():
    seen = set()
    for _, _, customer, _, kind, _, _ in sorted(sample.orders(), key=lambda order: months_since_start(order[1])):
        assert (customer in seen) == (kind in ("Follow-up reorder", "Repeat order"))
        seen.add(customer)
    assert len(seen) == 330


def test_ids_are_unique_and_answers_are_on_their_scale():
    assert len({order for order, *_ in sample.orders()}) == 425
    assert len({answer for answer, *_ in sample.answers()}) == 120
    assert Counter(scale for _, _, _, scale, _ in sample.answers()) == {"0 to 10": 80, "1 to 10": 40}
    assert all(int(scale[0]) <= score <= 10 for _, _, _, scale, score in sample.answers())


def test_each_month_starts_with_the_customers_that_were_left():
    rows = sample.periods()
    assert len(rows) == 12
    for (_, start, won, lost, _), (_, following, *_) in pairwise(rows):
        assert start + won - lost == following

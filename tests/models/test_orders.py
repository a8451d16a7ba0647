"""Order rows to customers on a machine whose integers have 32 bits, as in a browser."""

import numpy as np
import pytest

from addin.models import kaplan_meier, orders


@pytest.fixture
def small_integers(monkeypatch):
    """numpy as it is there: it counts nothing but 32-bit integers."""
    count = np.bincount

    def strict(positions, weights=None, minlength=0):
        if np.asarray(positions).dtype != np.int32:
            raise TypeError("Cannot cast array data from dtype('int64') to dtype('int32') according to the rule 'safe'")
        return count(positions, weights, minlength)

    monkeypatch.setattr(np, "intp", np.int32)
    monkeypatch.setattr(np, "bincount", strict)


def test_summary_and_cohorts(small_integers):
    customer, day = np.array([0, 1, 0, 1, 2]), np.array([5, 6, 9, 6, 7])
    customers = orders.summary(customer, day, 20, np.array([10.0, 20.0, 30.0, 40.0, 50.0]))
    assert customers.frequency.tolist() == [1, 0, 0]
    assert customers.recency.tolist() == [4, 0, 0]
    assert customers.average.tolist() == [30.0, 0.0, 0.0]
    assert orders.orders_by_day(customer, day, 9).tolist() == [1, 1, 1, 0, 1]
    assert orders.cohorts(customer, day - 5, np.ones(5))[1].sum() == 5


def test_survival(small_integers):
    assert kaplan_meier([1, 2, 2, 3], [1, 1, 0, 0]).survival.tolist() == [0.75, 0.5]


def test_a_hundred_thousand_customers_over_a_century(small_integers):
    """Customer times day passes what 32 bits hold."""
    customer = np.arange(100_000, dtype=np.int64)
    customers = orders.summary(customer, np.where(customer % 2, 36_500, 0), 36_500)
    assert customers.age.tolist() == np.where(customer % 2, 0, 36_500).tolist()

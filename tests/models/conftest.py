"""The orders of CDNOW's customers, the data set of the papers, as it comes with lifetimes."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from addin.metrics.order_rows import order_rows
from addin.models.orders import summary

DATASETS = Path(find_spec("lifetimes").origin).parent / "datasets"


@pytest.fixture(scope="session")
def cdnow_rounded():
    """2,357 customers: x, t_x and T in weeks, rounded to two decimals, and the mean repeat order."""
    return pd.read_csv(DATASETS / "cdnow_customers_summary_with_transactions.csv")


@pytest.fixture(scope="session")
def cdnow_sample():
    """The same customers from their 6,919 raw orders, up to 30 September 1997."""
    names = ["master", "id", "date", "cds", "value"]
    orders = pd.read_csv(DATASETS / "CDNOW_sample.txt", sep=r"\s+", names=names, dtype={"id": str, "date": str})
    assert len(orders) == 6_919
    rows = order_rows(orders["id"], pd.to_datetime(orders["date"]), orders["value"], "1997-09-30")
    return summary(rows.customer, rows.day, rows.as_of, rows.amount)


@pytest.fixture(scope="session")
def simulated():
    """Customers who order and leave as BG/NBD says, from known parameters."""

    def simulate(r, alpha, a, b, customers, weeks, seed):
        random = np.random.default_rng(seed)
        rate, leaving = random.gamma(r, 1 / alpha, customers), random.beta(a, b, customers)
        age = random.uniform(weeks / 2, weeks, customers)
        x, last, now = np.zeros(customers), np.zeros(customers), np.zeros(customers)
        there = np.ones(customers, dtype=bool)
        while there.any():
            now = now + random.exponential(1 / rate)
            there &= now < age
            x[there] += 1
            last[there] = now[there]
            there &= random.random(customers) >= leaving
        return x, last, age

    return simulate

"""Questions to a Parquet file of orders against pandas, from the same file in one run: time and peak memory.

Run with `python -m pytest tests/bench/test_bench_sources.py --benchmark-only`, and with ROC_BENCH_ORDERS=10000000 for
ten million orders, which takes some minutes. The bars: all questions of one refresh in 10 seconds and 1 GB, and 2.5
times as fast as pandas reading the file once too.
"""

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from figures import python, slowness

duckdb = pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")
pytest.importorskip("sqlframe")

ORDERS = int(os.environ.get("ROC_BENCH_ORDERS", "1000000"))
COLUMNS = {"id": "customer", "date": "day", "amount": "paid", "score": "score", "segment": "segment"}


@pytest.fixture(scope="session")
def parquet(tmp_path_factory):
    """Orders over four years: a tenth as many customers, some of whom order often and some once."""
    random = np.random.default_rng(1)
    customers = ORDERS // 10
    start, span = random.integers(0, 1200, customers), random.exponential(250, customers)
    count = np.maximum(1, random.gamma(0.7, 14, customers).astype(int))
    customer = np.repeat(np.arange(customers), count)
    customer = np.resize(random.permutation(customer), ORDERS)
    day = np.minimum(start[customer] + random.random(ORDERS) * span[customer], 1460).astype(int)
    frame = pd.DataFrame({
        "customer": pd.Series(customer).map("C{:07d}".format),
        "day": np.datetime64("2022-01-01", "us") + day.astype("m8[D]"),
        "paid": np.round(random.gamma(2, 20, ORDERS), 2),
        "score": random.integers(0, 11, ORDERS),
        "segment": random.choice(["North", "South", "East"], ORDERS),
    })  # fmt: skip
    path = tmp_path_factory.mktemp("orders") / "orders.parquet"
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        connection.execute(f"COPY (SELECT * REPLACE (day::DATE AS day) FROM frame) TO '{path}'")
    return path


def ours(path, *names):
    from addin.sources import Source, connect

    with connect(Source("Shop", str(path), **COLUMNS, seconds=600)) as data:
        return [[tuple(row) for row in data.ask(name).rows] for name in names]


def month(days):
    return days.dt.year * 12 + days.dt.month - 1


def day_of(month):
    return pd.Timestamp(month // 12, month % 12 + 1, 1).date()


class Pandas:
    """What one who knows pandas would write, reading the columns that are needed, or given what was read before."""

    def __init__(self, orders, *columns):
        read = isinstance(orders, pd.DataFrame)
        self.orders = (orders[[*columns]] if read else pd.read_parquet(orders, columns=[*columns])).dropna()
        if "day" in columns:
            self.orders["day"] = pd.to_datetime(self.orders["day"])
        if "paid" in columns:
            self.orders["cents"] = (self.orders.pop("paid") * 100).round().astype("int64")

    @classmethod
    def totals(cls, path):
        orders = cls(path, "customer", "day", "paid").orders
        days = orders["day"].min().date(), orders["day"].max().date()
        return [(len(orders), len(orders), orders["customer"].nunique(), orders["cents"].sum(), *days)]

    @classmethod
    def months(cls, path):
        orders = cls(path, "customer", "day").orders
        return pd.DataFrame({"customer": orders["customer"], "month": month(orders["day"])}).drop_duplicates()

    @classmethod
    def cohorts(cls, path):
        months = cls.months(path)
        first = months.groupby("customer")["month"].transform("min")
        sizes = months.groupby([first.rename("cohort"), (months["month"] - first).rename("age")]).size()
        return [(day_of(cohort), age, size) for (cohort, age), size in sizes.items()]

    @classmethod
    def movement(cls, path):
        months = cls.months(path).sort_values(["customer", "month"])
        before = months.groupby("customer")["month"].shift()
        new, kept = before.isna(), before == months["month"] - 1
        by_month = pd.DataFrame({"month": months["month"], "new": new, "kept": kept, "back": ~new & ~kept})
        table = by_month.groupby("month").agg(
            new=("new", "sum"), kept=("kept", "sum"), back=("back", "sum"), active=("new", "size")
        )
        table["lost"] = table["active"].shift(fill_value=0) - table["kept"]
        rows = table[["new", "kept", "back", "lost", "active"]].itertuples()
        return [(day_of(row[0]), *row[1:]) for row in rows]

    @classmethod
    def spent(cls, path):
        orders = cls(path, "customer", "day", "paid").orders
        return orders.groupby("customer").agg(orders=("cents", "size"), cents=("cents", "sum"), last=("day", "max"))

    @classmethod
    def concentration(cls, path):
        orders = cls(path, "customer", "paid").orders
        spent = orders.groupby("customer")["cents"].sum().sort_values(ascending=False).to_numpy()
        return [(i, len(part), part.sum()) for i, part in enumerate(np.array_split(spent, 10), start=1)]

    @classmethod
    def rfm(cls, path):
        customers = cls.spent(path)
        ranks = customers[["last", "orders", "cents"]].rank(method="min").astype("int64") - 1
        scores = (1 + 5 * ranks // len(customers)).set_axis(["r", "f", "m"], axis=1)
        cells = (
            customers.join(scores)
            .groupby(["r", "f", "m"])
            .agg(n=("cents", "size"), orders=("orders", "sum"), cents=("cents", "sum"))
        )
        return [(*row[0], *row[1:]) for row in cells.itertuples()]

    @classmethod
    def weekly(cls, path):
        days = cls(path, "customer", "day").orders.drop_duplicates()
        end = days["day"].max()
        customers = days.groupby("customer")["day"].agg(["size", "min", "max"])
        cells = pd.DataFrame({
            "x": customers["size"] - 1,
            "recency": (customers["max"] - customers["min"]).dt.days,
            "age": (end - customers["min"]).dt.days,
        })  # fmt: skip
        keys = [cells["x"], (cells["recency"] // 7).rename("i"), (cells["age"] // 7).rename("j")]
        table = cells.groupby(keys).agg(n=("age", "size"), recency=("recency", "sum"), age=("age", "sum"))
        return [(*row[0], *row[1:]) for row in table.itertuples()]

    @classmethod
    def nps(cls, path):
        answers = cls(path, "score", "day", "segment").orders
        score = answers["score"]
        answers = answers.assign(month=month(answers["day"]), high=score >= 9, low=score < 7)
        cells = answers.groupby(["segment", "month"]).agg(high=("high", "sum"), low=("low", "sum"), n=("high", "size"))
        rows = ((segment, day_of(month), high, low, n) for (segment, month), high, low, n in cells.itertuples())
        return [(segment, day, high, n - high - low, low, n) for segment, day, high, low, n in rows]


QUESTIONS = ["totals", "cohorts", "movement", "concentration", "rfm", "weekly", "nps"]


OURS = """
import gc
import sys
sys.path[:] = {paths!r}
from addin.cli.main import OBJECTS
gc.set_threshold(OBJECTS)  # as roc does
from addin.sources import Source, connect
with connect(Source("Shop", {path!r}, **{columns!r}, seconds=600)) as data:
    for name in {names!r}:
        data.ask(name)
"""
PANDAS_ONCE = """
import sys
sys.path[:] = {paths!r}
from test_bench_sources import Pandas, pd
orders = pd.read_parquet({path!r})
for name in {names!r}:
    getattr(Pandas, name)(orders)
"""
PANDAS = PANDAS_ONCE.replace("pd.read_parquet({path!r})", "{path!r}")


def alone(work, parquet, *names):
    """What a process takes that does nothing else."""
    paths = [str(Path(__file__).parent), *sys.path]
    return python(work.format(paths=paths, path=str(parquet), names=names, columns=COLUMNS))


@pytest.mark.parametrize("name", QUESTIONS)
class TestQuestion:
    @pytest.fixture(autouse=True)
    def group(self, benchmark, name):
        benchmark.group = f"{name} of {ORDERS:,} orders in Parquet"

    def test_ours(self, benchmark, parquet, name):
        benchmark.pedantic(ours, (parquet, name), rounds=3 if ORDERS <= 1_000_000 else 1)

    def test_pandas(self, benchmark, parquet, name):
        table = benchmark.pedantic(getattr(Pandas, name), (parquet,), rounds=1)
        assert [table] == ours(parquet, name)


@pytest.mark.benchmark(group=f"{ORDERS:,} orders in Parquet, each question in a process of its own")
@pytest.mark.parametrize("name", QUESTIONS)
def test_peak_memory(benchmark, parquet, figures, name):
    theirs = alone(PANDAS, parquet, name)
    took = benchmark.pedantic(alone, (OURS, parquet, name), rounds=1)
    figures.add(f"{name} of {ORDERS:,} orders, beside pandas", took.processor, theirs.processor, took.megabytes,
                round(theirs.megabytes))  # fmt: skip


@pytest.mark.benchmark(group=f"{ORDERS:,} orders in Parquet, all questions of one refresh in one process")
def test_refresh(benchmark, parquet, figures):
    theirs = alone(PANDAS_ONCE, parquet, *QUESTIONS)
    slow = slowness()
    took = benchmark.pedantic(alone, (OURS, parquet, *QUESTIONS), rounds=1)
    slow = (slow + slowness()) / 2
    figures.add(f"all questions of {ORDERS:,} orders, beside pandas", took.processor, theirs.processor / 2.5 / slow,
                took.megabytes, 1000, slow=slow)  # fmt: skip

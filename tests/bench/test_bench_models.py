"""Fits, customer summaries and cohorts against lifetimes, pandas and DuckDB, in one run.

Run with `python -m pytest tests/bench/test_bench_models.py --benchmark-only`; each group prints its figures,
fastest first, with the ratio in brackets. The bars are in the names of the groups.
"""

import time
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from addin.calling import call
from addin.catalogue import catalogue
from addin.metrics.cohorts import cohort, rfm
from addin.metrics.order_rows import order_rows
from addin.models import BGNBD, MBGNBD, ParetoNBD, orders

duckdb = pytest.importorskip("duckdb")
DATASETS = Path(find_spec("lifetimes").origin).parent / "datasets"
FIRST, DAYS = 44562, 730
"""1 January 2022, and two years of it."""


def theirs(name):
    """A part of lifetimes, which warns when it is loaded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes
        import lifetimes.utils

        return getattr(lifetimes, name, None) or getattr(lifetimes.utils, name)


@pytest.fixture(scope="module")
def sample():
    frame = pd.read_csv(DATASETS / "cdnow_customers_summary_with_transactions.csv")
    return [frame[name].to_numpy(dtype=float) for name in ("x", "t_x", "T")]


@pytest.fixture(scope="module")
def master():
    lines = [line.split() for line in (DATASETS / "CDNOW_master.txt").read_text().splitlines()[1:] if line.strip()]
    dates = pd.to_datetime([line[1] for line in lines])
    rows = order_rows([line[0] for line in lines], dates, [float(line[3]) for line in lines], "1997-09-30")
    customers = orders.summary(rows.customer, rows.day, rows.as_of)
    assert customers.frequency.size == 23_570
    return [customers.frequency.astype(float), customers.recency / 7, customers.age / 7]


def fit_of_lifetimes(name, x, t_x, age):
    """Its fit computes the standard errors too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return theirs(name)().fit(x, t_x, age)


class Fit:
    model, their_name = BGNBD, "BetaGeoFitter"

    def test_ours(self, benchmark, customers):
        benchmark(self.model.fit, *customers)

    def test_lifetimes(self, benchmark, customers):
        given = (self.their_name, *customers)
        fitted = benchmark.pedantic(fit_of_lifetimes, given, rounds=5, warmup_rounds=1)
        ours = self.model.fit(*customers)
        assert [getattr(ours, name) for name in fitted.params_.index] == pytest.approx(
            fitted.params_.tolist(), rel=1e-2
        )


class FitOfSample(Fit):
    @pytest.fixture
    def customers(self, sample):
        return sample


@pytest.mark.benchmark(group="BG/NBD fit with standard errors, 2,357 customers (bar: 40 times lifetimes)")
class TestFitSample(FitOfSample):
    pass


@pytest.mark.benchmark(group="BG/NBD fit with standard errors, 23,570 customers (bar: 30 times lifetimes)")
class TestFitMaster(Fit):
    @pytest.fixture
    def customers(self, master):
        return master


@pytest.mark.benchmark(group="MBG/NBD fit with standard errors, 2,357 customers (bar: 40 times lifetimes)")
class TestFitModified(FitOfSample):
    model, their_name = MBGNBD, "ModifiedBetaGeoFitter"


@pytest.mark.benchmark(group="Pareto/NBD fit with standard errors, 2,357 customers (bar: 40 times lifetimes)")
class TestFitPareto(FitOfSample):
    model, their_name = ParetoNBD, "ParetoNBDFitter"


class Orders:
    """Order rows as numpy, as pandas and DuckDB tables, and as columns of cells."""

    def __init__(self, count):
        random = np.random.default_rng(1)
        self.ids = random.integers(0, count // 10, count)
        self.days = (FIRST + random.integers(0, DAYS, count)).astype(float)
        self.amounts = np.round(random.gamma(2, 20, count), 2)
        dates = np.datetime64("1899-12-30", "ns") + self.days.astype("m8[D]")
        self.frame = pd.DataFrame({"id": self.ids, "date": dates, "amount": self.amounts})
        self.duck = duckdb.connect()
        self.duck.register("frame", self.frame)
        self.duck.execute("create table orders as select * from frame")

    def cells(self):
        texts = [[f"C{number}"] for number in self.ids.tolist()]
        return [texts, [[day] for day in self.days.tolist()], [[amount] for amount in self.amounts.tolist()]]

    def sql(self, query):
        return self.duck.execute(query).fetchnumpy()


@pytest.fixture(scope="module")
def million():
    return Orders(1_000_000)


def our_summary(given):
    rows = order_rows(given.ids, given.days, given.amounts)
    return orders.summary(rows.customer, rows.day, rows.as_of, rows.amount)


SUMMARY = f"""
with by_day as (select id, date, sum(amount) amount from orders group by 1, 2),
     customer as (select id, min(date) first, max(date) last, count(*) - 1 x, sum(amount) total,
                         arg_min(amount, date) first_amount from by_day group by 1)
select id, x, date_diff('day', first, last) recency,
       {FIRST + DAYS - 1} - date_diff('day', date '1899-12-30', first) age,
       case when x > 0 then (total - first_amount) / x else 0 end average from customer
"""


@pytest.mark.benchmark(group="customer summary (x, t_x, T, mean) of 1,000,000 orders (bars: 5x lifetimes, 1.5x DuckDB)")
class TestSummary:
    def test_ours(self, benchmark, million):
        benchmark(our_summary, million)

    def test_duckdb(self, benchmark, million):
        table = pd.DataFrame(benchmark(million.sql, SUMMARY))
        ours = our_summary(million)
        assert (ours.frequency.sum(), ours.recency.sum()) == (table.x.sum(), table.recency.sum())
        assert (ours.age.sum(), ours.average.sum()) == (table.age.sum(), pytest.approx(table.average.sum()))

    def test_lifetimes(self, benchmark, million):
        summarise = theirs("summary_data_from_transaction_data")
        benchmark.pedantic(summarise, (million.frame, "id", "date", "amount"), rounds=3)


SCORES = """
with customer as (select id, max(date) last, count(*) n, sum(amount) spent from orders group by 1)
select *, 1 + 5 * (rank() over (order by last) - 1) // count(*) over () r,
          1 + 5 * (rank() over (order by n) - 1) // count(*) over () f,
          1 + 5 * (rank() over (order by spent) - 1) // count(*) over () m from customer
"""


def pandas_rfm(frame):
    customer = frame.groupby("id").agg(last=("date", "max"), n=("date", "size"), spent=("amount", "sum"))
    ranks = customer.rank(method="min")
    return customer.join(1 + (5 * (ranks - 1)) // len(customer), rsuffix="_score")


@pytest.mark.benchmark(group="RFM of 1,000,000 orders, scores included, as rows of 100,000 customers")
class TestRfm:
    def test_ours(self, benchmark, million):
        benchmark(rfm, million.ids, million.days, million.amounts)

    def test_duckdb(self, benchmark, million):
        rows = benchmark(lambda: million.duck.execute(SCORES).fetchall())
        table = rfm(million.ids, million.days, million.amounts)
        ours, theirs = (np.sum([row[i : i + 3] for row in part], axis=0) for i, part in ((5, table[1:]), (4, rows)))
        assert ours == pytest.approx(theirs, rel=1e-4)  # sums that differ by rounding are no ties to DuckDB

    def test_pandas(self, benchmark, million):
        benchmark.pedantic(lambda: pandas_rfm(million.frame).reset_index().to_numpy().tolist(), rounds=3)


COHORTS = """
with months as (select distinct id, year(date) * 12 + month(date) m from orders),
     ages as (select id, m, min(m) over (partition by id) c from months)
select c, m - c age, count(*) n from ages group by 1, 2
"""


def pandas_cohorts(frame):
    """As tutorials have it."""
    month = frame["date"].dt.to_period("M")
    first = month.groupby(frame["id"]).transform("min")
    age = (month.dt.year - first.dt.year) * 12 + month.dt.month - first.dt.month
    return frame["id"].groupby([first, age]).nunique().unstack()


def pandas_cohorts_of_integers(frame):
    """As one who knows where the time goes would have it."""
    month = frame["date"].dt.year * 12 + frame["date"].dt.month
    first = month.groupby(frame["id"]).transform("min")
    table = pd.DataFrame({"first": first, "age": month - first, "id": frame["id"]}).drop_duplicates()
    return table.groupby(["first", "age"]).size().unstack()


@pytest.mark.benchmark(group="cohort table of 1,000,000 orders (bars: 8 times pandas groupby, 4 DuckDB)")
class TestCohort:
    def test_ours(self, benchmark, million):
        benchmark(cohort, million.ids, million.days, "month", "customers")

    def test_duckdb(self, benchmark, million):
        counts = benchmark(million.sql, COHORTS)["n"]
        table = cohort(million.ids, million.days, "month", "customers")
        assert sum(cell for row in table[1:] for cell in row[2:] if cell) == counts.sum()

    def test_pandas(self, benchmark, million):
        benchmark.pedantic(pandas_cohorts, (million.frame,), rounds=3)

    def test_pandas_of_integers(self, benchmark, million):
        benchmark.pedantic(pandas_cohorts_of_integers, (million.frame,), rounds=3)


def frame_of(cells):
    """What the user of another library does with the same cells first."""
    ids, days, amounts = ([cell for (cell,) in column] for column in cells)
    dates = pd.to_datetime(np.array(days), unit="D", origin="1899-12-30")
    return pd.DataFrame({"id": ids, "date": dates, "amount": amounts})


def duck_on_cells(cells, query):
    with duckdb.connect() as connection:
        connection.register("orders", frame_of(cells))
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def cells(million):
    return million.cells()


@pytest.mark.benchmark(group="RFM of 1,000,000 rows of cells, ids as text (bar: 1.2 times DuckDB)")
class TestRfmOfCells:
    def test_ours(self, benchmark, cells):
        benchmark.pedantic(call, (catalogue()["RFM"], cells), rounds=3)

    def test_duckdb(self, benchmark, cells):
        benchmark.pedantic(duck_on_cells, (cells, SCORES), rounds=3)

    def test_pandas(self, benchmark, cells):
        benchmark.pedantic(lambda: pandas_rfm(frame_of(cells)).reset_index().to_numpy().tolist(), rounds=3)


@pytest.mark.benchmark(group="cohort table of 1,000,000 rows of cells, ids as text (bar: 1.2 times DuckDB)")
class TestCohortOfCells:
    def test_ours(self, benchmark, cells):
        benchmark.pedantic(call, (catalogue()["COHORT"], cells[:2]), rounds=3)

    def test_duckdb(self, benchmark, cells):
        benchmark.pedantic(duck_on_cells, (cells, COHORTS), rounds=3)

    def test_pandas(self, benchmark, cells):
        benchmark.pedantic(lambda: pandas_cohorts(frame_of(cells)), rounds=3)


def processor(function, *arguments):
    """Seconds of the processor that a call takes."""
    began = time.process_time()
    function(*arguments)
    return time.process_time() - began


@pytest.mark.benchmark(group="RFM and cohort table of 1,000,000 rows of cells, in turns with DuckDB")
@pytest.mark.parametrize(("name", "columns", "query"), [("RFM", 3, SCORES), ("COHORT", 2, COHORTS)])
def test_beside_duckdb(benchmark, cells, figures, name, columns, query):
    def turn():
        ours = processor(call, catalogue()[name], cells[:columns])
        return ours, processor(duck_on_cells, cells, query)

    turns = [turn(), turn(), benchmark.pedantic(turn, rounds=1)]
    ours, theirs = (min(seconds) for seconds in zip(*turns, strict=True))
    figures.add(f"{name} of 1,000,000 rows of cells, beside DuckDB", ours, theirs / 1.3)


@pytest.mark.benchmark(group="growth: a tenth of the customers as orders, rows of cells")
@pytest.mark.parametrize("count", [10_000, 100_000, 1_000_000])
@pytest.mark.parametrize("name", ["RFM", "COHORT", "BGNBD_FIT"])
def test_growth(benchmark, name, count):
    columns = Orders(count).cells()
    raw = columns if name == "RFM" else columns[:2]
    benchmark.pedantic(call, (catalogue()[name], raw), rounds=3)


@pytest.mark.benchmark(group="CLV_PREDICT of CDNOW's 69,659 orders, rows of cells")
def test_predict(benchmark):
    lines = [line.split() for line in (DATASETS / "CDNOW_master.txt").read_text().splitlines()[1:] if line.strip()]
    dates = pd.to_datetime([line[1] for line in lines]).strftime("%Y-%m-%d")
    raw = [[[line[0]] for line in lines], [[day] for day in dates], [[float(line[3])] for line in lines], 12.0, 0.1]
    table = benchmark.pedantic(call, (catalogue()["CLV_PREDICT"], raw), rounds=3)
    assert len(table) == 23_571

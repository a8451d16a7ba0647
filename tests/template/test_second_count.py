"""The model counted twice: by the template's formulas, and by pandas from what docs/model.md says."""

import os

import pytest
from in_memory import InMemory, WholeBook
from random_models import random_model
from second_count import NONE, SecondCount

from addin.actions.book import Change, Rows
from addin.schema import schemas
from addin.template import baseline, campaigns, checks, follow_up
from addin.xlsx.file_book import FileBook

TABLES = {"campaigns": "tblCampaigns", "log": "tblFollowUps", "orders": "tblTransactions", "segments": "tblSegments"}
SMALL = {"campaigns": 6, "log": 14, "orders": 40, "segments": 4}
WHOLE = {"campaigns": 30, "log": 120, "orders": 420, "segments": 12}
"""At most so many rows of a random model."""
CLEARED = ["tblCustomers", "tblSurvey", "tblPeriods", "tblPartners", "tblIntros"]
OF_CAMPAIGN = ["Spent", "Sold", "Won", "CAC", "Counts", "SoldAtOnce", "ROI", "ROC", "Net", "CLVtoCAC", "BaseRevenue",
               "CausedROC"]  # fmt: skip
OF_SHOWN = ["out_Gross1", "out_Gross2", "out_Gross3", "out_Net1", "out_Net2", "out_Net3", "out_Breakeven",
            "out_ROCSoFar", "out_MonthsAhead"]  # fmt: skip
MODELS = int(os.environ.get("ROC_MODELS", "100"))
IS_ALL = next(n for n, check in enumerate(checks.CHECKS, checks.FIRST_ROW) if check.test.startswith("The sum over the"))


@pytest.fixture
def file_book(built, tmp_path):
    path = tmp_path / "plan.xlsm"
    path.write_bytes(built)
    return FileBook(path)


@pytest.fixture(scope="module")
def small(built, tmp_path_factory):
    """The template with room for the rows of a small model, in the engine's memory."""
    path = tmp_path_factory.mktemp("book") / "small.xlsm"
    path.write_bytes(built)
    book = FileBook(path)
    change = Change(rows={name: Rows({}) for name in CLEARED})
    for key, name in TABLES.items():
        first = next(iter(schemas()[name].typed))
        change.rows[name] = Rows({first: [f"row {n}" for n in range(SMALL[key])]})
    with book.action("Room"):
        book.write(change)
    return InMemory(book.package)


def places(book, model):
    """Where the results of a model stand."""
    count = len(model["campaigns"])
    found = {("campaign", *key): at for key, at in book.columns("tblCampaigns", OF_CAMPAIGN, count).items()}
    of_orders = book.columns("tblTransactions", ["Counted", "Kind"], len(model["orders"]))
    found |= {("order", *key): at for key, at in of_orders.items()}
    found |= {name: book.place(name) for name in OF_SHOWN}
    found |= {("caused", column): book.place(f"Campaigns!{column}{baseline.ROC}") for column in "JKL"}
    found |= {("alone", key): book.place(f"FollowUp!{cell}") for key, cell in follow_up.AT.items()}
    leaves = range(len(model["segments"]))
    found |= {("leaves", n): book.place(f"FollowUp!M{follow_up.FIRST_GROUP + n}") for n in leaves}
    for n, row in enumerate(range(campaigns.FIRST_ROW, campaigns.FIRST_ROW + count)):
        found |= {("id", n): book.place(f"Campaigns!P{row}"), ("back", n): book.place(f"Campaigns!K{row}")}
    return found | {"over campaigns": book.place(f"Checks!D{IS_ALL}"), "all revenue": book.place(f"Checks!E{IS_ALL}")}


def second(count, model, ranked):
    """The same by pandas."""
    wanted = {("campaign", n, name): value for n, row in enumerate(model["campaigns"])
              for name, value in count.campaign(row["Campaign"]).items()}  # fmt: skip
    wanted |= {("order", n, "Counted"): name or "" for n, name in enumerate(count.orders.counted)}
    wanted |= {("order", n, "Kind"): kind for n, kind in enumerate(count.orders.kind)}
    wanted |= count.shown()
    wanted |= {("caused", column): value for column, value in zip("JKL", count.caused(), strict=True)}
    alone, leaves = count.follow_up()
    wanted |= {("alone", key): value for key, value in alone.items()}
    wanted |= {("leaves", n): value for n, value in enumerate(leaves)}
    wanted |= {("back", n): count.back(name) for n, name in enumerate(ranked) if name}
    counted = count.orders.counted.isin([*count.starts, NONE])
    all_there = any(row["Customer"] for row in model["orders"])
    wanted["over campaigns"] = count.orders.revenue[counted].sum() if all_there else ""
    return wanted | {"all revenue": count.orders.revenue.sum()}


def same(one, other):
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return one == pytest.approx(other, rel=1e-9, abs=1e-9)


def differences(book, model):
    """What a book and pandas make of a model, where they differ."""
    book.type_in(model["inputs"], {table: model[key] for key, table in TABLES.items()})
    found = book.results(places(book, model))
    ranked = [found["id", n] for n in range(len(model["campaigns"]))]
    wanted = second(SecondCount(**model), model, ranked)
    return {key: (found[key], value) for key, value in wanted.items() if not same(found[key], value)}


@pytest.mark.parametrize("count", [12, pytest.param(MODELS, marks=pytest.mark.thorough)])
@pytest.mark.timeout(3600)
def test_models_in_memory_come_to_what_pandas_counts(small, count):
    wrong = {seed: found for seed in range(count) if (found := differences(small, random_model(seed, **SMALL)))}
    assert wrong == {}


@pytest.mark.parametrize("seed", [pytest.param(seed, marks=pytest.mark.thorough) for seed in range(2_001, 2_021)])
def test_whole_books_come_to_what_pandas_counts(file_book, seed):
    assert differences(WholeBook(file_book), random_model(seed, **WHOLE)) == {}

"""The functions as an analyst calls them from Python: whatever columns come in, typed tables go out."""

import ast
import inspect
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import addin
from addin import stub
from addin.catalogue import catalogue
from addin.errors import NotEnoughData, OffScale, OutOfRange, WrongKind

IDS = ["Ann", "Bob", "Ann", "Cid", "Dee"]
DAYS = pd.to_datetime(["2026-01-05", "2026-01-20", "2026-02-11", "2026-02-14", None])
AMOUNTS = [30, 20, 45, 90, 5]


@pytest.mark.parametrize(
    "scores",
    [
        [10, 9, None, 6],
        (10, 9, np.nan, 6),
        {"a": 10, "b": 9, "c": 6}.values(),
        (score for score in (10, 9, 6)),
        np.array([10, 9, 6]),
        np.array([10, 9, np.nan, 6], dtype=np.float32),
        np.array([[10], [9], [6]], dtype=np.uint8),
        np.array([10, None, 9, 6], dtype=object),
        pd.Series([10, 9, None, 6]),
        pd.Series([10, 9, pd.NA, 6], dtype="Int64"),
        pd.Series([10, pd.NaT, pd.NA, np.nan, None, np.int64(9), Decimal(6)], dtype=object),
        pd.Series([10, 9, 6], dtype="category"),
        pd.Series(["10", "9/10", "6 - hardly", None], dtype="string"),
        pd.DataFrame({"score": [10, 9, 6]}),
        pd.DataFrame({"score": [10, 9, 6]})["score"],
        pd.Index([10, 9, 6]),
        [True, 10, 9, False, 6],
    ],
    ids=lambda scores: type(scores).__name__,
)
def test_numbers_of_every_kind(scores):
    assert addin.nps(scores) == pytest.approx(100 / 3)


@pytest.mark.parametrize(
    "days",
    [
        DAYS,
        pd.Series(DAYS),
        pd.Series(DAYS, index=list("vwxyz")),
        pd.Series(DAYS).dt.tz_localize("Europe/Madrid"),
        (pd.Series(DAYS) + pd.Timedelta(hours=23)).dt.tz_localize("America/Los_Angeles"),
        DAYS.tz_localize("Asia/Tokyo"),
        pd.Series(list(DAYS.tz_localize("Asia/Tokyo")), dtype=object),
        pd.Series(DAYS).astype("category"),
        pd.Series(DAYS).astype(object),
        DAYS.to_numpy(),
        DAYS.to_numpy().astype("M8[D]"),
        list(DAYS),
        list(DAYS.to_numpy()),
        list(DAYS.strftime("%Y-%m-%d")),
        [date(2026, 1, 5), datetime(2026, 1, 20, 14), np.datetime64("2026-02-11"), 46067, pd.NaT],
    ],
    ids=lambda days: type(days).__name__,
)
def test_dates_of_every_kind_are_the_days_on_the_clock_there(days):
    table = addin.rfm(IDS, days, AMOUNTS)
    assert table["Customer"].tolist() == ["Ann", "Bob", "Cid"]
    assert table["Last order"].tolist() == [*map(pd.Timestamp, ("2026-02-11", "2026-01-20", "2026-02-14"))]


@pytest.mark.parametrize(
    ("ids", "shown"),
    [
        (np.array([7, 8, 7, 9, 10]), [7, 8, 9]),
        (pd.Series([7, 8, 7, 9, pd.NA], dtype="Int64"), [7, 8, 9]),
        (pd.Series([7.0, 8.0, 7.0, 9.0, np.nan]), [7, 8, 9]),
        (pd.Series(["a", "b", "A ", "c", None], dtype="category"), ["a", "b", "c"]),
        ([7, "8", "7.0", np.int64(9), None], [7, 8, 9]),
        (["007", "8", "007", "9", ""], ["007", "8", "9"]),
        (
            [10**17 + 1, 10**17 + 2, 10**17 + 1, str(10**17 + 3), None],
            ["100000000000000001", "100000000000000002", "100000000000000003"],
        ),
    ],
)
def test_ids_of_every_kind(ids, shown):
    table = addin.rfm(ids, DAYS, AMOUNTS)
    assert table["Customer"].tolist() == shown
    assert table["Orders"].tolist() == [2, 1, 1]


def test_a_table_is_a_frame_whose_columns_have_one_type_each():
    table = addin.rfm(IDS, DAYS, AMOUNTS)
    kinds = {name: kind.kind for name, kind in table.dtypes.items()}
    assert kinds == {"Customer": "O", "Last order": "M", "Days since": "i", "Orders": "i", "Amount": "f",
                     "R": "i", "F": "i", "M": "i", "RFM": "i"}  # fmt: skip
    assert table.loc[table["Customer"] == "Ann", "Amount"].tolist() == [75.0]


def test_what_has_not_come_yet_is_missing():
    table = addin.cohort(IDS, DAYS)
    assert table["Cohort"].tolist() == [pd.Timestamp("2026-01-01"), pd.Timestamp("2026-02-01")]
    assert table["Month 1"].dtype == float
    assert table["Month 1"].isna().tolist() == [False, True]


@pytest.mark.parametrize("name", [m.name for m in catalogue().values() if m.columns])
def test_the_columns_that_are_declared_are_there(name):
    metric = catalogue()[name]
    assert metric.columns.keys() <= set(metric.example.gives[0])


MONEY = {"Amount", "Start", "New", "Expansion", "Reactivated", "Contraction", "Churned", "MRR"}
MEASURES = MONEY | {"Time", "Month 0", "Recency (weeks)", "Age (weeks)", "Median", "Low", "High"}
"""What is whole in an example by chance."""
SHARED = {("ATTRIBUTION", "Customers")}
"""Customers of whom a channel may have brought a half."""


@pytest.mark.parametrize("metric", [m for m in catalogue().values() if m.gives_table], ids=lambda m: m.name)
def test_columns_of_ids_dates_and_counts_are_declared(metric):
    """So that they are no floats in a frame."""
    heading, *body = metric.example.gives if metric.name != "NPS_CI" else [[]]
    for name, cells in zip(heading, zip(*body, strict=True), strict=True):
        known = [cell for cell in cells if cell != "" and not isinstance(cell, bool)]
        whole = all(isinstance(cell, float) and cell.is_integer() for cell in known)
        if (whole or name == "Customer") and name not in MEASURES and (metric.name, name) not in SHARED:
            assert name in metric.columns


def test_a_holdout_says_how_many_customers_and_whether_it_was_hit():
    days = pd.to_datetime(["2026-01-05", "2026-02-05", "2026-03-02", "2026-01-09", "2026-05-01", "2026-01-20"])
    table = addin.holdout(["a", "a", "a", "b", "b", "c"], days, [1, 2, 3, 4, 5, 6], "2026-04-01", as_of="2026-06-30")
    assert table["Customers"].dtype == "Int64"
    assert table["Customers"].iloc[0] == 3
    assert table["Customers"].isna().iloc[1]


def test_two_numbers_stay_a_pair():
    low, high = addin.nps_ci([10, 9, 8, 6, 10])
    assert (low, high) == pytest.approx((-29.782658786036343, 79.78265878603634))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: addin.nps([10, 8.5]), OffScale, "8.5 was found"),
        (lambda: addin.nps([10, "nine"]), WrongKind, "scores, row 2"),
        (lambda: addin.nps([]), NotEnoughData, "scores is blank"),
        (lambda: addin.clv(pd.Series([5, 3]), 20, 500), WrongKind, "years: one value is needed, a column was found"),
        (lambda: addin.lifespan(np.array([0.02, 0.05])), WrongKind, "one value is needed"),
        (lambda: addin.nps([10], scale="1-5"), WrongKind, '"0-10" or "1-10"'),
        (lambda: addin.roi([1, np.inf], 2), OutOfRange, "gain, row 2: a finite number"),
        (lambda: addin.clv(5, pd.NA, 500), NotEnoughData, "purchases_per_year is blank"),
        (lambda: addin.rfm(IDS, ["soon"] * 5, AMOUNTS), WrongKind, "dates, row 1"),
        (lambda: addin.rfm(IDS, DAYS[:2], AMOUNTS), WrongKind, "ranges of equal size"),
        (lambda: addin.clv(5, 20), TypeError, "average_order"),
    ],
)
def test_what_a_cell_shows_as_an_error_is_raised(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_one_number_where_a_column_may_stand_and_none_for_an_option():
    assert addin.roi(6000, np.float64(10_000)) == -0.4
    assert addin.clv(np.int64(5), Decimal(20), 500, None) == 50_000
    assert addin.rfm(IDS, DAYS, AMOUNTS, as_of=pd.Timestamp("2026-02-20"))["Days since"].tolist() == [9, 31, 6]


def test_an_argument_s_earlier_name_works_and_warns():
    with pytest.warns(DeprecationWarning, match="odds is called conversion_rate now"):
        assert addin.cost_per_sale(odds=0.05, cost_per_contact=1) == 20


def test_an_editor_sees_each_function_with_its_arguments():
    declared = {node.name: node for node in ast.parse(stub.stub()).body if isinstance(node, ast.FunctionDef)}
    assert declared.keys() == {name.lower() for name in catalogue()}
    for name, node in declared.items():
        signature = inspect.signature(getattr(addin, name))
        assert [argument.arg for argument in node.args.args] == list(signature.parameters)
        assert ast.get_docstring(node) == inspect.getdoc(getattr(addin, name))
    assert ast.unparse(declared["rfm"].returns) == "DataFrame"
    assert ast.unparse(declared["nps"].args.args[1].annotation) == "Literal['0-10', '1-10'] | None"


def test_the_package_says_that_it_is_typed():
    assert (Path(addin.__file__).parent / "py.typed").exists()


def test_a_number_from_python_loads_no_pandas():
    code = "import sys, addin; addin.nps([10, 9]); sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0

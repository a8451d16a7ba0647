"""The Sources table: what a row may hold, and what is said when it holds something else."""

import subprocess
import sys
import traceback
from datetime import date, datetime

import pytest

from addin.errors import BookError
from addin.sources import Source, SourceError, connect, read_sources

ROW = {"Name": "Shop", "Location": "orders.csv", "Id column": "id", "Date column": "day", "Amount column": "paid"}


def test_a_row_becomes_a_source():
    full = {
        "Location": "postgresql://ann@db:5433/shop", "Table": "sales.orders", "Filter column": "paid",
        "Operator": ">=", "Value": 10.0, "Credential": "env:SHOP", "Time limit": 30.0,
    }  # fmt: skip
    blank = {"Name": " ", "Location": ""}
    (source,) = read_sources([ROW | full, dict.fromkeys(ROW), blank])
    assert source == Source(
        "Shop", "postgresql://ann@db:5433/shop", "sales.orders", "id", "day", "paid", filter_column="paid",
        operator=">=", value=10, credential="env:SHOP", seconds=30.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "value"), [(datetime(2026, 1, 2), date(2026, 1, 2)), (7.0, 7), (" web ", "web"), (True, True)]
)
def test_a_filter_value_keeps_its_kind(cell, value):
    (source,) = read_sources([ROW | {"Filter column": "x", "Value": cell}])
    assert (source.value, type(source.value)) == (value, type(value))


@pytest.mark.parametrize(
    ("location", "engine"),
    [
        ("orders.csv", "files"), ("C:\\data\\2026*.parquet", "files"), ("/srv/a@b:c", "files"),
        ("duckdb:a@b:c.db", "duckdb"), ("postgresql://ann@db/shop", "postgresql"), ("postgres://db/shop", "postgresql"),
        ("spark://host:7077", "spark"), ("sc://host", "spark"), ("local[2]", "spark"), ("local.csv", "files"),
    ],
)  # fmt: skip
def test_the_location_says_which_engine(location, engine):
    assert Source("Shop", location, "t").engine == engine


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"Location": None}, "row 1, Location: it is blank"),
        ({"Name": ""}, "row 1, Name: it is blank"),
        ({"Location": "postgresql://db/shop"}, "row 1, Table: it is blank"),
        ({"Location": "mysql://db/shop"}, "row 1, Location: it is of no known kind"),
        ({"Location": "postgresql://db:port/shop", "Table": "t"}, "row 1, Location: it has no readable port"),
        ({"Filter column": "x", "Operator": "LIKE", "Value": 1}, "row 1, Operator: it is 'LIKE'; use one of = <>"),
        ({"Filter column": "x"}, "row 1, Value and Filter column go together"),
        ({"Value": 1.0}, "row 1, Value and Filter column go together"),
        ({"Credential": "hunter2"}, "row 1, Credential: it is no reference"),
        ({"Time limit": "soon"}, "row 1, Time limit: a number is needed, 'soon' was found"),
        ({"Time limit": 0.0}, "row 1, Time limit: it is 0"),
    ],
)
def test_a_wrong_row_is_told_by_row_and_column(cells, message):
    with pytest.raises(BookError, match="Sources, ") as caught:
        read_sources([ROW | cells])
    assert message in str(caught.value)


def test_a_column_of_earlier_books_is_passed_over():
    assert read_sources([ROW | {"Row cap": "many"}]) == read_sources([ROW])


def test_a_name_stands_for_one_source():
    with pytest.raises(SourceError, match="row 3, Name: 'SHOP' is there twice"):
        read_sources([ROW, {}, ROW | {"Name": "SHOP"}])


@pytest.mark.parametrize(
    "location",
    [
        "postgresql://ann:hunter2@db/shop", "postgresql://ann:hunt/er2@db/shop", "postgres://:hunter2@db/shop",
        "postgresql://db/shop?user=ann&password=hunter2", "ann:hunter2@db/shop", "sc://ann:hunter2@host:15002",
        "POSTGRESQL://ann:12/hunter2@db/shop",
    ],
)  # fmt: skip
def test_a_password_in_the_location_is_refused_and_not_repeated(location):
    with pytest.raises(SourceError, match="Location: it holds a password") as caught:
        read_sources([ROW | {"Location": location, "Table": "t"}])
    assert "hunter2" not in "".join(traceback.format_exception(caught.value, chain=True)).replace(location, "")
    assert "hunter2" not in str(caught.value)


def test_a_credential_that_is_no_reference_is_not_repeated():
    with pytest.raises(SourceError) as caught:
        Source("Shop", "x.csv", credential="hunter2")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("credential", "message"),
    [
        ("env:ROC_NOT_SET", "environment variable ROC_NOT_SET is not set"),
        ("keyring:shop/ann", "needs the package keyring"),
    ],
)
def test_a_missing_password_is_told(credential, message, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    source = Source("Shop", "postgresql://ann@127.0.0.1:1/shop", "orders", credential=credential)
    with pytest.raises(SourceError, match=message), connect(source):
        pass


def test_no_engine_is_loaded_before_it_is_needed():
    code = "import sys, addin.sources; sys.exit(str({'duckdb', 'sqlframe', 'pyspark', 'pandas'} & set(sys.modules)))"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, timeout=60).stderr == "set()\n"


@pytest.mark.parametrize(("megabytes", "limit"), [(1, "700MB"), (108, "700MB"), (300, "1800MB"), (9_000, "4000MB")])
def test_large_files_get_more_memory_and_none_gets_all(tmp_path, megabytes, limit):
    duckdb_engine = pytest.importorskip("addin.sources.duckdb_engine")
    with (tmp_path / "orders.parquet").open("wb") as file:
        file.truncate(megabytes * 1_000_000)
    assert duckdb_engine._memory([tmp_path / "orders.parquet"]) == limit

"""What goes wrong, in the engine where it goes wrong: one sentence, and nothing given away."""

import logging
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from shop import COLUMNS, PASSWORD, at, typed_rows

from addin.errors import BookError
from addin.sources import Source, SourceCancelled, SourceError, connect, timeout

FILTERS = [
    ("Customer", "=", "O'Brien", 3),
    ("Customer", "=", "Eve; %s \\' --", 2),
    ("Customer", "=", "x' OR '1'='1", 0),
    ("Customer", "=", "\\' OR 1=1 --", 0),
    ("Customer", "<>", "Ann", 12),
    ("Customer", "in", "007;7;=1+1", 4),
    ('Paid "€"', ">=", 33.33, 3),
    ('paid "€"', "=", 5, 2),
    ("Order Date", "<", date(2026, 2, 1), 4),
    ("Order Date", "<=", "2026-01-05", 2),
    ("shop", "=", "web", 17),
]


@pytest.mark.parametrize(("column", "operator", "value", "kept"), FILTERS)
def test_a_filter_compares_and_never_commands(place, column, operator, value, kept):
    source = at(place, "orders", **COLUMNS, filter_column=column, operator=operator, value=value)
    with connect(source) as data:
        if kept:
            assert data.ask("totals").column("orders") == [kept]
        else:
            with pytest.raises(SourceError, match="no row has a customer, a date and an amount"):
                data.ask("totals")


def test_a_filter_keeps_the_same_rows(place):
    source = at(place, "orders", **COLUMNS, filter_column="Customer", operator="=", value="O'Brien")
    with connect(source) as data:
        assert sorted(row[2] for row in typed_rows(data)) == [-1.0, 1.005, 2.675, 10.0]


KINDS = """CREATE TYPE colour AS ENUM ('red', 'blue');
CREATE TABLE kinds AS SELECT CAST('5f7b3a52-8d8e-4f6f-9f0a-0000000000' || n AS uuid) AS id_uuid, n AS id_int,
CAST(CASE WHEN n % 2 = 0 THEN 'red' ELSE 'blue' END AS colour) AS id_enum, CAST(n AS numeric(9, 3)) AS id_decimal,
CAST('2026-01-0' || n % 9 + 1 AS text) AS day_text, CAST(n || '.5' AS text) AS paid_text
FROM generate_series(10, 13) AS s(n)"""


@pytest.mark.parametrize(("column", "customers"), [("uuid", 4), ("int", 4), ("enum", 2), ("decimal", 4)])
@pytest.mark.parametrize("engine", ["duckdb", "postgresql"])
def test_ids_of_other_kinds_and_dates_and_amounts_in_text(engine, column, customers, request, tmp_path, monkeypatch):
    monkeypatch.setenv("ROC_TEST_PASSWORD", PASSWORD)
    columns = {"id": f"id_{column}", "date": "day_text", "amount": "paid_text"}
    if engine == "duckdb":
        source = Source("Shop", f"duckdb:{tmp_path}/kinds.duckdb", "kinds", **columns)
        with duckdb.connect(tmp_path / "kinds.duckdb") as database:
            database.execute(KINDS)
    else:
        import psycopg2

        postgres = request.getfixturevalue("postgres")
        source = Source("Shop", postgres.location, "kinds", credential="env:ROC_TEST_PASSWORD", **columns)
        owner = psycopg2.connect(user="owner", dbname="postgres", **postgres.login)
        with owner, owner.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS kinds; DROP TYPE IF EXISTS colour;" + KINDS)
            cursor.execute("GRANT SELECT ON kinds TO reader")
        owner.close()
    with connect(source) as data:
        assert data.ask("totals").rows == [(4, 4, customers, 4800, date(2026, 1, 2), date(2026, 1, 5))]
        assert data.ask("concentration").rows[0] == (1, 1, {4: 1350, 2: 2500}[customers])


def test_a_wrong_column_is_told_with_those_there_are(place):
    with (
        connect(at(place, "orders", **COLUMNS | {"id": "Client"})) as data,
        pytest.raises(SourceError, match=r"Shop: there is no column 'Client'; there are: Customer, Order Date, Paid"),
    ):
        data.ask("totals")
    with (
        connect(at(place, "orders", **COLUMNS | {"id": 'x"; DROP TABLE orders; --'})) as data,
        pytest.raises(SourceError, match=r"there is no column 'x\"; DROP TABLE orders; --'"),
    ):
        data.ask("totals")


def test_a_column_of_the_wrong_kind_is_told(place):
    with connect(at(place, "cdnow", id="id", date="dollars", amount="dollars")) as data:
        with pytest.raises(SourceError, match="Shop: "):
            data.ask("totals")
        with pytest.raises(SourceError, match="no score column is named"):
            data.ask("nps")


@pytest.mark.parametrize("table", ["order", 'orders"; DROP TABLE orders; --'])
def test_a_wrong_table_is_told(place, table):
    with (
        pytest.raises(SourceError, match=r"Shop: .*(there is no table|is not there|cannot answer)"),
        connect(at(place, table)),
    ):
        pass


def test_the_user_stops_a_question(place, monkeypatch):
    monkeypatch.setattr(timeout, "LOOK", 0.001)  # the question may take no longer than the usual look
    calls = []

    def stop():
        calls.append(threading.current_thread())
        return len(calls) > 1

    with connect(at(place, "cdnow", id="id", date="day", amount="dollars")) as data:
        data._cancelled = stop
        with pytest.raises(SourceCancelled, match="Shop: stopped"):
            data.ask("rfm")
        assert set(calls) == {threading.current_thread()}
        data._cancelled = lambda: False
        assert data.ask("totals").column("orders") == [69_659]


def slow_view(tmp_path):
    path = tmp_path / "slow.duckdb"
    with duckdb.connect(path) as database:
        database.execute(
            "CREATE VIEW orders AS SELECT 'A' AS id, DATE '2026-01-01' AS day, a.range * b.range % 7 AS paid "
            "FROM range(1000000) a, range(1000000) b"
        )
    return Source("Shop", f"duckdb:{path}", "orders", "id", "day", "paid", seconds=0.5)


def test_the_time_limit_ends_work_in_duckdb(tmp_path):
    before = set(threading.enumerate())
    with connect(slow_view(tmp_path)) as data:
        start = time.monotonic()
        with pytest.raises(SourceError, match=r"Shop: no answer within 0\.5 seconds; set a filter"):
            data.ask("totals")
        while started := set(threading.enumerate()) - before:
            assert time.monotonic() - start < 10, started
            time.sleep(0.01)
        assert time.monotonic() - start < 10


def test_the_time_limit_ends_work_in_postgresql(postgres, monkeypatch):
    monkeypatch.setenv("ROC_TEST_PASSWORD", PASSWORD)
    import psycopg2

    with psycopg2.connect(user="owner", dbname="postgres", **postgres.login) as owner, owner.cursor() as cursor:
        cursor.execute("DROP VIEW IF EXISTS slow")
        cursor.execute("CREATE VIEW slow AS SELECT id, day, dollars + length(pg_sleep(0.01)::text) AS paid FROM cdnow")
        cursor.execute("GRANT SELECT ON slow TO reader")
        owner.commit()
        source = Source(
            "Shop", postgres.location, "slow", "id", "day", "paid", credential="env:ROC_TEST_PASSWORD", seconds=1
        )
        with connect(source) as data, pytest.raises(SourceError, match=r"time limit|no answer within 1 seconds"):
            data.ask("totals")
        still = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader' AND state = 'active'"
        end = time.monotonic() + 5
        while (cursor.execute(still), cursor.fetchone())[1] != (0,):
            assert time.monotonic() < end
            time.sleep(0.1)
    owner.close()


@pytest.mark.thorough
def test_the_time_limit_ends_work_in_spark(spark, folder):
    spark.range(10**12).selectExpr(
        "cast(id % 1000 as string) id", "date'2026-01-01' day", "sqrt(id) paid"
    ).createOrReplaceTempView("slow")
    with connect(Source("Shop", "local[2]", "slow", "id", "day", "paid", seconds=2)) as data:
        with pytest.raises(SourceError, match=r"no answer within 2 seconds"):
            data.ask("concentration")
        assert not spark.sparkContext.statusTracker().getActiveJobsIds()


@pytest.mark.parametrize("word", ["wrong", ""])
def test_a_wrong_password_is_told_and_never_shown(postgres, monkeypatch, caplog, word):
    monkeypatch.setenv("ROC_TEST_PASSWORD", word)
    source = Source("Shop", postgres.location, "orders", credential="env:ROC_TEST_PASSWORD")
    with pytest.raises(SourceError, match="Shop: the server refuses the user or the password"), connect(source):
        pass


def test_a_password_is_in_no_text(postgres, monkeypatch, caplog):
    monkeypatch.setenv("ROC_TEST_PASSWORD", PASSWORD)
    source = Source("Shop", postgres.location, "orders", **COLUMNS | {"id": "shop"}, credential="env:ROC_TEST_PASSWORD")
    with caplog.at_level(logging.DEBUG), pytest.raises(SourceError) as caught, connect(source) as data:
        data.ask("nps")
    with caplog.at_level(logging.DEBUG), pytest.raises(SourceError) as gone, connect(replace(source, table="none")):
        pass
    for text in (caplog.text, str(caught.value), str(gone.value), repr(source), repr(vars(data))):
        assert PASSWORD not in text


def test_a_reader_of_postgresql_cannot_write(postgres, monkeypatch):
    monkeypatch.setenv("ROC_TEST_PASSWORD", PASSWORD)
    import psycopg2

    with connect(Source("Shop", postgres.location, "orders", credential="env:ROC_TEST_PASSWORD")) as data:
        connection = data._engine._connection
        with connection.cursor() as cursor, pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
            cursor.execute("CREATE TABLE mine (x int)")


@pytest.mark.parametrize(
    ("location", "table", "message"),
    [
        ("none.csv", "", "none.csv is not there"),
        ("none/*.parquet", "", "is not there"),
        ("duckdb:none.db", "t", "none.db is not there"),
        ("postgresql://ann@127.0.0.1:1/shop", "t", "the server cannot be reached"),
        ("spark://127.0.0.1:1", "t", "the cluster cannot be reached"),
        ("sc://127.0.0.1:1", "t", "the cluster cannot be reached"),
    ],
)
def test_a_source_that_is_gone_is_told(location, table, message, tmp_path):
    with (
        pytest.raises(BookError, match=r"^Shop: ") as caught,
        connect(Source("Shop", location, table), folder=tmp_path),
    ):
        pass
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; a row of headings and rows beneath it are needed"),
        (b"id,date,amount\n", "no row has a customer, a date and an amount"),
        (b"id,date,amount\nA,soon,1\n", "no row has a customer, a date and an amount"),
        (b"id,date,Amount,amount\n", "two columns are headed 'Amount'"),
        (b"PK\x03\x04\x00\x00\n,;", "is not text"),
        (b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n", "the first line is longer than"),
        (b",".join(b"c%d" % n for n in range(20_000)) + b"\n", "has 20,000 columns"),
    ],
)
def test_a_file_without_orders_is_told(write, content, message):
    with pytest.raises(SourceError, match=r"^Shop: ") as caught, connect(write(content)) as data:
        data.ask("totals")
    assert message in str(caught.value)


def test_a_broken_parquet_file_is_told(tmp_path):
    (tmp_path / "orders.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(SourceError, match="Shop: "), connect(Source("Shop", str(tmp_path / "orders.parquet"))):
        pass


def test_a_parquet_file_of_too_many_columns_is_told(tmp_path):
    columns = ", ".join(f"1 AS c{n}" for n in range(17_000))
    duckdb.execute(f"COPY (SELECT {columns}) TO '{tmp_path}/wide.parquet'")
    with pytest.raises(SourceError, match="17,000 columns"), connect(Source("Shop", str(tmp_path / "wide.parquet"))):
        pass


def test_a_file_that_goes_away_meanwhile_is_told(write):
    source = write("id,date,amount\nA,2026-03-04,1\n")
    with connect(source) as data:
        Path(source.location).unlink()
        with pytest.raises(SourceError, match="it cannot be read any more"):
            data.ask("totals")


def test_scores_off_the_scale_are_told(write):
    content = "score,day,segment\n10,2026-03-04,x\n11,2026-03-04,x\n8.5,2026-03-04,y\n"
    source = write(content, score="score", date="day", segment="segment")
    with pytest.raises(SourceError, match="2 answers are off the scale from 0 to 10"), connect(source) as data:
        data.ask("nps")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (["9/10", "11/10", "8,5"], "2 answers are off the scale from 0 to 10"),
        (["9", "9 of 10"], "holds the text '9 of 10', which is no answer from 0 to 10; write it as 9, 9/10 or"),
        (["9", "How likely are you to recommend us?"], "holds the text 'How likely are you to recomme…', which is no"),
        ([f"9 - word{'x' * i}" for i in range(2001)], "holds more than 2,000 different texts, and no answers"),
    ],
)
def test_answers_that_are_none_are_told(write, answers, words):
    rows = [f"{answer!r},2026-03-04,x" for answer in answers]
    content = "score,day,segment\n" + "\n".join(rows).replace("'", '"') + "\n"
    source = write(content, score="score", date="day", segment="segment")
    with pytest.raises(SourceError, match=words), connect(source) as data:
        data.ask("nps")


def test_duckdb_reaches_nothing_but_the_named_file(write, tmp_path):
    source = write("id,date,amount\nA,2026-03-04,1\n")
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with connect(source) as data:
        connection = data._engine._connection
        for command in (
            f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
            f"SELECT * FROM read_text('{tmp_path}/secret.csv')",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
            f"COPY (SELECT 1) TO '{source.location}'",
            f"ATTACH '{tmp_path}/other.db'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            "SET autoinstall_known_extensions = true",
            "SET allowed_paths = []",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(command)
        settings = dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert {settings[f"auto{verb}_known_extensions"] for verb in ("install", "load")} == {"false"}
    assert (tmp_path / "orders.csv").read_text().startswith("id,date")


def test_a_database_of_duckdb_is_not_written(folder):
    source = Source("Shop", f"duckdb:{folder / 'shop.duckdb'}", "orders")
    with connect(source) as data, pytest.raises(duckdb.Error, match="read-only"):
        data._engine._connection.execute("CREATE TABLE roc_file.mine AS SELECT 1")


FULL = """
import resource, signal, sys, tempfile
from addin.sources import Source, SourceError, connect
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    with connect(Source("Shop", sys.argv[1])):
        pass
except SourceError as error:
    print(error)
"""


def test_a_full_disk_is_told_and_leaves_nothing_behind(write, tmp_path):
    """A copy in UTF-8 that finds no room: here, files may not grow beyond 1 MiB."""
    source = write(b"id,date,amount\n" + b"M\xfcller,2026-03-04,1\n" * 100_000)
    (tmp_path / "tmp").mkdir()
    run = subprocess.run(
        [sys.executable, "-c", FULL, source.location], env={"TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": "."},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert "Shop: " in run.stdout
    assert "room" in run.stdout
    assert not list((tmp_path / "tmp").iterdir())


def test_temporary_files_are_gone_afterwards(write, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    with connect(write("id,date,amount\nMüller,2026-03-04,1\n".encode("utf-16"))) as data:
        assert typed_rows(data) == [("müller", date(2026, 3, 4), 1.0)]
        assert list((tmp_path / "t").iterdir())
    assert not list((tmp_path / "t").iterdir())

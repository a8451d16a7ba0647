"""A value that no sheet can hold is left out and counted; it ends neither its source nor the refresh."""

import os
from datetime import date

import duckdb
import openpyxl
import psycopg2
import pytest
from openpyxl.worksheet.table import Table
from shop import PASSWORD, READER
from typer.testing import CliRunner

from addin.actions.refresh import refresh_all
from addin.cli.main import app
from addin.errors import SourceError
from addin.sources import Source, connect
from addin.xlsx.file_book import FileBook

pytestmark = pytest.mark.attack("odd dates and amounts in sources")
PLAIN = (
    "SELECT 'c' || (i % 5) AS id, TIMESTAMP '2020-01-01' + i * INTERVAL '1 day' AS d, (i % 9) * 1.0 AS a "
    "FROM {} AS t(i)"
)
DAYS = {
    "before Christ": "TIMESTAMP '4000-01-01 (BC)'", "beyond": "TIMESTAMP '290000-01-01'",
    "infinity": "TIMESTAMP 'infinity'", "minus infinity": "TIMESTAMP '-infinity'", "1899": "TIMESTAMP '1899-12-31'",
    "10000": "TIMESTAMP '10000-01-01'",
}  # fmt: skip
AMOUNTS = {"NaN": "'NaN'::DOUBLE", "inf": "'infinity'::DOUBLE", "-inf": "'-infinity'::DOUBLE", "huge": "1e300::DOUBLE",
           "over": "1e13::DOUBLE"}  # fmt: skip
NOTE = "1 row has a date or an amount that cannot be read, or that no sheet can show; left out"


def totals(location, table=""):
    with connect(Source("Shop", location, table=table, id="id", date="d", amount="a",
                        credential="env:ROC_TEST_PASSWORD" if table else "")) as data:  # fmt: skip
        answers = {question: data.ask(question) for question in ("totals", "cohorts", "movement", "weekly", "rfm")}
        return answers["totals"].rows[0], data.notes


@pytest.fixture
def parquet(tmp_path):
    def written(day="TIMESTAMP '2020-01-05'", amount="5.0::DOUBLE"):
        rows = PLAIN.format("range(1, 41)")
        duckdb.execute(
            f"COPY (SELECT id, d, a::DOUBLE AS a FROM ({rows}) UNION ALL SELECT 'odd', {day}, {amount}) "
            f"TO '{tmp_path}/orders.parquet'"
        )
        return f"{tmp_path}/orders.parquet"

    return written


@pytest.mark.thorough
@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_no_sheet_shows_in_files(parquet, day):
    (rows, orders, customers, _, first, last), notes = totals(parquet(day=DAYS[day]))
    assert (rows, orders, customers, first, last) == (41, 40, 5, date(2020, 1, 2), date(2020, 2, 10))
    assert notes == [NOTE]


@pytest.mark.thorough
@pytest.mark.parametrize("amount", AMOUNTS)
def test_an_amount_that_is_no_money_in_files(parquet, amount):
    (rows, orders, customers, cents, *_), notes = totals(parquet(amount=AMOUNTS[amount]))
    assert (rows, orders, customers, cents) == (41, 40, 5, sum(i % 9 for i in range(1, 41)) * 100)
    assert notes == [NOTE]


@pytest.mark.parametrize("names", [("text", "day", "paid"), ("day", "text", "id"), ("roc_ids", "date", "amount")])
def test_texts_in_parquet_whatever_its_columns_are_called(tmp_path, names):
    """Ann and her other spellings are one customer, and so are 7, 7.0 and " 7 "; a blank id is nobody's."""
    ids = ["Ann", "ann ", " ANN", "7", "7.0", " 7 ", "Bob", " ", None]
    rows = ", ".join(
        f"({'NULL' if i is None else repr(i)}, '{day:02}.01.2026', {day}.5)" for day, i in enumerate(ids, 20)
    )
    columns = ", ".join(f'"{name}"' for name in names)
    duckdb.execute(f"COPY (SELECT * FROM (VALUES {rows}) AS t({columns})) TO '{tmp_path}/orders.parquet'")
    of, on, paid = names
    with connect(Source("Shop", f"{tmp_path}/orders.parquet", id=of, date=on, amount=paid)) as data:
        count, orders, customers, cents, first, last = data.ask("totals").rows[0]
        assert (count, orders, customers, cents) == (9, 7, 3, sum(100 * day + 50 for day in range(20, 27)))
        assert (first, last) == (date(2026, 1, 20), date(2026, 1, 26))
        assert [row[1] for row in data.ask("concentration").rows] == [1, 1, 1]


@pytest.mark.parametrize("row", ["odd,soon,5", "odd,2026-02-30,5", "odd,2026-01-05,7 pcs", "odd,2026-01-05,12abc"])
def test_a_text_that_cannot_be_read_is_counted_too(tmp_path, row):
    (tmp_path / "orders.csv").write_text(f"id,d,a\nA,2026-01-02,5\n{row}\nB,,5\nC,2026-01-04,\n")
    (rows, orders, customers, cents, *_), notes = totals(str(tmp_path / "orders.csv"))
    assert (rows, orders, customers, cents) == (4, 1, 1, 500)
    assert notes == [NOTE]


def test_amounts_of_two_currencies_are_not_added_up(tmp_path):
    path = tmp_path / "orders.csv"
    day = "2026-01-02"
    path.write_text(f"id,d,a,land\nA,{day},5 EUR,DE\nB,{day},€6,DE\nC,{day},7,DE\nD,{day},US$8,US\n")
    with pytest.raises(SourceError, match=r"names EUR \(2\) and USD \(1\), which cannot be added up"):
        totals(str(path))
    kept = Source("Shop", str(path), id="id", date="d", amount="a", filter_column="land", value="DE")
    with connect(kept) as data:
        assert data.ask("totals").column("cents") == [1800]
        assert data.notes == ["a: amounts name EUR (2) and USD (1); see that the filter keeps one currency"]


def test_answers_of_no_day_are_counted_too(tmp_path):
    duckdb.execute(
        "COPY (SELECT * FROM (VALUES (10, DATE '2026-01-02'), (3, DATE '2026-01-03'), (9, DATE 'infinity'))"
        f" AS t(score, day)) TO '{tmp_path}/answers.parquet'"
    )
    duckdb.execute(f"COPY (SELECT *, 'x' AS segment FROM '{tmp_path}/answers.parquet') TO '{tmp_path}/more.parquet'")
    with connect(Source("S", f"{tmp_path}/more.parquet", score="score", date="day", segment="segment")) as data:
        assert data.ask("nps").rows == [("x", date(2026, 1, 1), 1, 0, 1, 2)]
        assert data.notes == [NOTE]


ODD_TABLES = {
    "o_nan": ("numeric", "'2020-01-05', 'NaN'"), "o_inf": ("float8", "'2020-01-05', 'infinity'"),
    "o_day": ("numeric", "'infinity', 5"), "o_bc": ("numeric", "'4000-01-01 BC', 5"),
    "o_far": ("numeric", "'290000-01-01', 5"), "o_huge": ("numeric", "'2020-01-05', 1e300"),
}  # fmt: skip


@pytest.fixture(scope="module")
def odd_tables(postgres):
    with psycopg2.connect(user="owner", dbname="postgres", **postgres.login) as connection:
        with connection.cursor() as cursor:
            plain = PLAIN.format("generate_series(1, 40)")
            for table, (kind, row) in ODD_TABLES.items():
                cursor.execute(f"CREATE TABLE {table} AS SELECT id, d, a::{kind} AS a FROM ({plain}) AS p")
                cursor.execute(f"INSERT INTO {table} VALUES ('odd', {row})")
            cursor.execute(f"CREATE TABLE o_money AS SELECT id, d AT TIME ZONE 'UTC' AS d, a::text::money AS a "
                           f"FROM ({plain}) AS p")  # fmt: skip
            cursor.execute(
                f"CREATE TABLE o_kinds AS SELECT decode('00', 'hex') AS id, d, true AS a FROM ({plain}) AS p"
            )
            cursor.execute(f"CREATE VIEW o_evil AS SELECT id, d, a / (CASE WHEN a = 5 THEN 0 ELSE 1 END) AS a "
                           f"FROM ({plain}) AS p")  # fmt: skip
            cursor.execute('CREATE TABLE "we""ird; drop table o_nan; --" ("id" text, "d" date, "a" numeric)')
            cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}")
        connection.commit()
    os.environ["ROC_TEST_PASSWORD"] = PASSWORD
    return postgres


@pytest.mark.parametrize("table", ODD_TABLES)
def test_odd_values_in_postgresql(odd_tables, table):
    (rows, orders, customers, *_), notes = totals(odd_tables.location, table)
    assert (rows, orders, customers) == (41, 40, 5)
    assert notes == [NOTE]


def test_money_and_moments_with_a_time_zone_in_postgresql(odd_tables):
    (_, orders, _, cents, first, last), notes = totals(odd_tables.location, "o_money")
    assert (orders, cents) == (40, sum(i % 9 for i in range(1, 41)) * 100)
    assert (first, last) == (date(2020, 1, 2), date(2020, 2, 10))
    assert not notes


@pytest.mark.parametrize(
    ("table", "sentence"),
    [("o_kinds", "holds no text but a other|holds no number"), ("o_evil", "division by zero"),
     ('we"ird; drop table o_nan; --', "no row has a customer")],
)  # fmt: skip
def test_what_cannot_be_asked_is_a_sentence(odd_tables, table, sentence):
    with pytest.raises(SourceError, match=sentence):
        totals(odd_tables.location, table)


def asking(folder, **locations):
    """A book with a source for each location."""
    workbook = openpyxl.Workbook()
    headings = ["Name", "Location", "Id column", "Date column", "Amount column", "Status"]
    lines = [headings, *([name, place, "id", "d", "a", None] for name, place in locations.items())]
    for name, rows in {"tblSources": lines, "tblTotals": [["source", "orders"], [None, None]]}.items():
        sheet = workbook.create_sheet(name[3:])
        for row in rows:
            sheet.append(row)
        sheet.add_table(Table(displayName=name, ref=f"A1:{chr(64 + len(rows[0]))}{len(rows)}"))
    workbook.save(folder / "book.xlsx")
    return folder / "book.xlsx"


def test_a_source_that_fails_stops_no_other(parquet, tmp_path, monkeypatch):
    """A link that leads nowhere, a pipe, a broken file, a fault of ours: the good source brings its totals."""
    parquet()
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    (tmp_path / "fault.csv").write_text("id,d,a\n1,2026-01-02,3\n")
    monkeypatch.setattr("addin.sources.duckdb_engine.text_format", lambda *_, **__: 1 / 0)
    path = asking(tmp_path, link="link.csv", pipe="pipe.csv", broken="broken.parquet", fault="fault.csv",
                  good="orders.parquet")  # fmt: skip
    done = refresh_all(FileBook(path))
    assert [sentence.partition(":")[0] for sentence in done.sources] == ["link", "pipe", "broken", "fault", "good"]
    assert "asking it failed with ZeroDivisionError" in done.sources[3]
    assert done.sources[-1] == "good: OK"
    assert done.no_answer == 4
    assert [row[1].value for row in openpyxl.load_workbook(path)["Totals"].iter_rows(min_row=2)] == [41]


def test_the_exit_code_is_1_where_no_source_answered(parquet, tmp_path):
    parquet()
    good = CliRunner().invoke(app, ["refresh", str(asking(tmp_path, gone="gone.csv", good="orders.parquet"))])
    assert good.exit_code == 0
    bad = CliRunner().invoke(app, ["refresh", str(asking(tmp_path, gone="gone.csv"))])
    assert bad.exit_code == 1
    assert "no source answered" in str(bad.exception)


def test_16003_columns(tmp_path):
    names = [f"c{number}" for number in range(16_000)]
    (tmp_path / "wide.csv").write_text(
        ",".join(["id", "d", "a", *names]) + "\n" + "1,2026-01-02,3" + "," * 16_000 + "\n"
    )
    (rows, orders, *_), _ = totals(str(tmp_path / "wide.csv"))
    assert (rows, orders) == (1, 1)

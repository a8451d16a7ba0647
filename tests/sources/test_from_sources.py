"""Refresh of the template from a source: the same cells whichever engine holds the orders."""

import os
import shutil
from datetime import date, datetime

import pytest
from read_books import read_book
from shop import PASSWORD, cdnow

from addin.actions.book import Change, Rows
from addin.actions.refresh import refresh_all
from addin.files import template
from addin.schema.tables.sources import RECEIVERS, SOURCES
from addin.sources import HEADINGS
from addin.template import sources as page
from addin.xlsx.file_book import FileBook

COLUMNS = {"Id column": "id", "Date column": "day", "Amount column": "dollars"}


@pytest.fixture(scope="module")
def rows(folder, postgres, spark):
    """The row of the Sources table for each engine."""
    os.environ["ROC_TEST_PASSWORD"] = PASSWORD
    return {
        "csv": {"Location": f"{folder}/cdnow.csv"},
        "parquet": {"Location": f"{folder}/cdnow.parquet"},
        "duckdb": {"Location": f"duckdb:{folder / 'shop.duckdb'}", "Table": "cdnow"},
        "postgresql": {"Location": postgres.location, "Table": "cdnow", "Credential": "env:ROC_TEST_PASSWORD"},
        "spark": {"Location": "local[2]", "Table": f"{folder}/cdnow.parquet"},
    }


@pytest.fixture
def refreshed(tmp_path):
    """The template with one source, after Refresh."""

    def done(row):
        path = shutil.copy(template(), tmp_path / "book.xlsm")
        book = FileBook(path, ask=lambda question: True)
        with book.action("a source"):
            values = {heading: [value] for heading, value in ({"Name": "Shop"} | COLUMNS | row).items()}
            book.write(Change(rows={"tblSources": Rows(values)}))
        said = refresh_all(book, datetime(2026, 5, 1, 9, 30)).sources
        return said, read_book(path)

    return done


def shown(book):
    """All cells of the sheets that a source fills, but for where it is."""
    sheets = ["Sources", *(receiver.sheet for receiver in RECEIVERS)]
    return {(name, cell.coordinate): cell.value for name in sheets for row in book[name].iter_rows() for cell in row}


@pytest.mark.thorough
def test_every_engine_gives_the_same_cells(rows, refreshed):
    seen = {}
    for engine, row in rows.items():
        said, book = refreshed(row)
        assert said == ["Shop: OK"], engine
        seen[engine] = shown(book)
    first, *others = seen
    for engine in others:
        assert seen[engine] == seen[first], engine
    cells = seen[first]
    orders = cdnow()
    months = {(day.year, day.month) for _, day, _ in orders}
    total = page.TOTAL_ROW
    assert [cells["Sources", f"C{total + row}"] for row in (1, 2, 3)] == [69_659, 69_659, 23_570]
    assert cells["Sources", f"C{total + 4}"] == pytest.approx(sum(amount for *_, amount in orders), abs=0.005)
    assert cells["Sources", f"C{total + 7}"] == datetime(1998, 6, 1)
    assert cells["Sources", f"C{page.FIRST_ROW}"] == "2026-05-01 09:30"
    active = {(year, month): set() for year, month in months}
    for customer, day, _ in orders:
        active[day.year, day.month].add(customer)
    for back in range(page.MONTHS):
        month = date(1998 - (back > 5), (6 - back - 1) % 12 + 1, 1)
        row = page.MOVEMENT_ROW + 1 + page.MONTHS - back
        assert cells["Sources", f"B{row}"] == datetime(month.year, month.month, 1)
        assert cells["Sources", f"G{row}"] == len(active[month.year, month.month])
    assert cells["Sources", f"E{page.TENTH_ROW + 1 + page.TENTHS}"] == pytest.approx(1)


@pytest.mark.thorough
def test_a_source_that_is_gone_keeps_its_rows_and_says_what_happened(tmp_path, folder):
    path = shutil.copy(template(), tmp_path / "book.xlsm")
    orders = shutil.copy(folder / "cdnow.csv", tmp_path / "orders.csv")
    book = FileBook(path)
    with book.action("a source"):
        values = {heading: [value] for heading, value in ({"Name": "Shop", "Location": orders} | COLUMNS).items()}
        book.write(Change(rows={"tblSources": Rows({name: list(map(str, cells)) for name, cells in values.items()})}))
    refresh_all(book, datetime(2026, 5, 1, 9, 30))
    before = shown(read_book(path))
    orders.unlink()
    (said,) = refresh_all(FileBook(path), datetime(2026, 5, 2, 9, 30)).sources
    assert "orders.csv" in said
    after = shown(read_book(path))
    changed = {place for place in before if before[place] != after[place]}
    assert changed == {("Sources", f"E{page.FIRST_ROW}")}
    assert after["Sources", f"C{page.FIRST_ROW}"] == "2026-05-01 09:30"


def test_the_sheet_has_the_columns_that_sources_read():
    assert [column.name for column in SOURCES.columns] == [*HEADINGS, "As of", "Status"]

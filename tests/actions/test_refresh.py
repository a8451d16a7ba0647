"""Refresh: results of the moment in one write, or nothing at all."""

import sys
from datetime import datetime
from types import ModuleType, SimpleNamespace

import openpyxl
import pytest
from openpyxl.worksheet.table import Table
from read_books import read_book

from addin import present
from addin.actions.book import Cancelled, Change, Rows
from addin.actions.refresh import refresh_all
from addin.errors import BookError
from addin.metrics.prediction import clv_predict, tracking
from addin.template import forecast
from addin.values import serial
from addin.xlsx.file_book import FileBook

NOW = datetime(2026, 5, 1, 12, 30)


def test_the_results_of_this_refresh_stand_beside_the_live_ones(book, path, our_cells):
    done = refresh_all(book, NOW)
    assert done.failed == []
    assert present.refreshed(done) == f"{our_cells} cells refreshed. Checks: OK"
    sheet = read_book(path)["Metrics"]
    pairs = [
        (sheet[f"D{row}"].value, sheet[f"F{row}"].value) for row in range(5, 33) if sheet[f"D{row}"].value is not None
    ]
    assert len(pairs) == 23
    assert all(live == saved for live, saved in pairs)
    assert [sheet[f"F{row}"].value for row in (6, 7, 8)] == [0.6, -0.4, 1.275]


def test_a_changed_input_is_followed(book, path, shown):
    with book.action("Type"):
        from addin.actions.book import Change

        book.write(Change(cells={"Inputs!E14": 0.5}))  # the margin
    done = refresh_all(book, NOW)
    assert shown(path, "Metrics!F7") == pytest.approx(0.5 * 6000 / 10_000 - 1)
    assert [line.result for line in done.failed] == []


def test_failed_checks_are_listed(book):
    from addin.actions.book import Change, Rows

    with book.action("Type"):
        book.write(
            Change(
                rows={
                    "tblFollowUps": Rows(
                        {"Event": ["E9"], "Campaign": ["C77"], "Orders": [1.0], "Price": [1.0]}, append=True
                    )
                }
            )
        )
    failed = {line.test for line in refresh_all(book, NOW).failed}
    assert "Every row of the log names a known campaign" in failed
    assert not any(test.startswith("Sample only") for test in failed)


@pytest.mark.parametrize("every", [1000, pytest.param(9, marks=pytest.mark.thorough)])
def test_cancelling_at_any_step_leaves_the_file(path, every):
    before = path.read_bytes()
    steps = []
    refresh_all(FileBook(path, status=lambda doing, done, of: steps.append(doing)), NOW)
    path.write_bytes(before)
    for stop in range(len(steps)):
        told = []

        def status(doing, done, of, told=told, stop=stop):
            told.append(doing)
            if len(told) > stop:
                raise Cancelled("cancelled")

        if stop % every and stop < len(steps) - 1:
            continue  # the first step, perhaps some between, and the last one
        with pytest.raises(Cancelled):
            refresh_all(FileBook(path, status=status), NOW)
        assert path.read_bytes() == before, steps[stop]
    assert [name.name for name in path.parent.glob(".*.tmp")] == []


@pytest.fixture
def connected(path, monkeypatch):
    """A book with a Sources table of two sources, of which the second one fails."""
    workbook = openpyxl.Workbook()
    for name, rows in {
        "tblSources": [
            ["Name", "Location", "Status", "As of"],
            ["shop", "a.parquet", None, None],
            ["till", "b", None, "old"],
        ],
        "tblMovement": [["source", "month", "new"], ["till", 45000, 7], ["shop", 45000, 1]],
    }.items():
        sheet = workbook.create_sheet(name[3:])
        for row in rows:
            sheet.append(row)
        sheet.add_table(Table(displayName=name, ref=sheet.dimensions))
    target = path.parent / "connected.xlsx"
    workbook.save(target)
    sources = ModuleType("addin.sources")

    def read_sources(rows):
        return [SimpleNamespace(name=row["Name"], score="", amount="") for row in rows]

    class Data:
        notes = ()

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def ask(self, question):
            return SimpleNamespace(
                columns=("month", "new", "kept"), rows=[(datetime(2025, 1, 1), 3, 4), (datetime(2025, 2, 1), 5, 6)]
            )

    def connect(source, cancelled, folder):
        assert not cancelled()
        if source.name == "till":
            raise BookError("till: the file is gone; put it back")
        return Data()

    sources.read_sources, sources.connect, sources.SourceCancelled = read_sources, connect, type("C", (BookError,), {})
    sources.SourceError, sources.NotTrusted = type("E", (BookError,), {}), type("N", (BookError,), {})
    sources.permit, sources.book_folder = lambda *_: None, lambda book: None
    monkeypatch.setitem(sys.modules, "addin.sources", sources)
    return target


def test_a_source_that_fails_keeps_its_rows_and_says_why(connected, rows_of):
    done = refresh_all(FileBook(connected), NOW)
    assert done.sources == ["shop: OK", "till: failed: till: the file is gone; put it back"]
    shop, till = rows_of(connected, "tblSources")
    assert (shop["Status"], shop["As of"]) == ("OK", "2026-05-01 12:30")
    assert (till["Status"], till["As of"]) == ("failed: till: the file is gone; put it back", "old")
    assert [tuple(row.values()) for row in rows_of(connected, "tblMovement")] == [
        ("shop", 45658, 3), ("shop", 45689, 5), ("till", 45000, 7),
    ]  # fmt: skip


def forecasts(path, rows_of):
    return [[tuple(row.values()) for row in rows_of(path, name)] for name in ("tblForecast", "tblTracking")]


def test_the_forecast_is_that_of_the_order_rows(book, path, rows_of):
    shipped = forecasts(path, rows_of)
    refresh_all(book, NOW)
    assert forecasts(path, rows_of) == shipped  # the same rows, written when the template was built
    log_one = [row for row in rows_of(path, "tblTransactions") if row["Customer"] != "K094"]
    columns = {name: [row[name] for row in log_one] for name in book.table("tblTransactions").typed}
    columns |= {"Date": [float(serial(day)) for day in columns["Date"]]}
    columns |= {name: [float(number) for number in columns[name]] for name in ("Units", "Price")}
    with book.action("fewer orders"):
        book.write(Change(rows={"tblTransactions": Rows(columns)}))
    refresh_all(book, NOW)
    ids, dates = columns["Customer"], columns["Date"]
    amounts = [row["Units"] * row["Price"] for row in log_one]
    wanted = sorted(clv_predict(ids, dates, amounts, 12.0, 0.1)[1:], key=lambda row: -round(row[7], 6))
    ranked, weeks = forecasts(path, rows_of)
    assert len(ranked) == 329
    assert [row[-1] for row in ranked] == pytest.approx([row[7] for row in wanted], abs=1e-6)
    assert [row[2] for row in weeks] == pytest.approx([row[2] for row in tracking(ids, dates, 52.0)[1:]], abs=1e-6)


def test_orders_that_no_model_fits_leave_no_forecast(book, path, rows_of, shown):
    once = {"Order": ["a", "b"], "Customer": ["K001", "K002"], "Date": [45700.0, 45710.0], "Units": [1.0] * 2,
            "Price": [30.0] * 2}  # fmt: skip
    with book.action("two orders"):
        book.write(Change(rows={"tblTransactions": Rows(once)}))
    refresh_all(book, NOW)
    assert [len(rows) for rows in forecasts(path, rows_of)] == [1, 1]
    assert shown(path, f"Value!C{forecast.STATE_ROW}") == "none: no customer has bought twice yet"

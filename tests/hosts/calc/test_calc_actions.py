"""The data buttons on the template: the same cells as the file back end gives, in one step of Undo."""

import math
import shutil
from datetime import date

import pytest
from libreoffice import used

from addin.actions.entries import log_follow_up, log_introduction, new_campaign
from addin.actions.load import load, preview
from addin.actions.refresh import refresh_all
from addin.actions.sample import sample_off, sample_on
from addin.errors import CellError
from addin.files import template
from addin.hosts.calc.extension.formula_syntax import from_excel, to_excel
from addin.values import serial
from addin.xlsx.file_book import FileBook

TABLES = ("tblCampaigns", "tblCustomers", "tblTransactions", "tblFollowUps", "tblSegments", "tblSurvey", "tblIntros")


@pytest.fixture
def by_file(tmp_path):
    """The same template, to do the same to with the file back end."""
    return FileBook(shutil.copy(template(), tmp_path / "by_file.xlsm"), ask=lambda question: True)


@pytest.fixture
def snapshot(office):
    """What a document's tables, names and sheets show."""

    def taken(document):
        return {
            sheet.Name: [used(sheet).getFormulaArray(), used(sheet).getDataArray()] for sheet in document.Sheets
        } | {
            "tables": {range_.Name: range_.getReferredCells().AbsoluteName for range_ in document.DatabaseRanges},
            "names": {name.Name: name.Content for name in document.NamedRanges},
            "notes": notes(document),
        }

    return taken


def changed(before, after):
    """What differs, in short."""
    return [key for key in before if before[key] != after.get(key)]


def notes(document):
    kept = document.DocumentProperties.UserDefinedProperties
    names = [each.Name for each in kept.PropertySetInfo.Properties if each.Name.startswith("roc ")]
    return {name: kept.getPropertyValue(name) for name in names}


def table(document, name):
    rows = document.DatabaseRanges.getByName(name).getReferredCells().getDataArray()
    return {head: list(cells) for head, *cells in zip(*rows, strict=True)}


def as_calc(value):
    """A value as getDataArray gives it: blanks are empty text, errors nothing, TRUE is 1."""
    if isinstance(value, CellError):
        return None
    return "" if value is None else float(value) if isinstance(value, bool) else value


def assert_same(document, book, tables=TABLES):
    """The document shows what the file back end's book does."""
    for name in tables:
        theirs = {column: [as_calc(value) for value in values] for column, values in book.table(name).columns.items()}
        ours = table(document, name)
        assert ours.keys() == theirs.keys()
        for column, values in theirs.items():
            wrong = [pair for pair in zip(ours[column], values, strict=True) if not same(*pair)]
            assert not wrong[:3], f"{name}[{column}]"
    results = [name for name in book.names() if name.startswith("out_") and name != "out_LastRefresh"]
    assert len(results) > 20
    for name in results:
        shown = document.NamedRanges.getByName(name).getReferredCells().getDataArray()[0][0]
        assert same(shown, as_calc(book.cells(name)[0][0])), name


def same(one, other):
    numbers = isinstance(one, float) and isinstance(other, float)
    return math.isclose(one, other, rel_tol=1e-9) if numbers else one == other


def undo(document):
    document.getUndoManager().undo()


def day(*parts):
    return float(serial(date(*parts)))


@pytest.mark.thorough
def test_new_campaign(office, opened, by_file, snapshot):
    before = snapshot(opened)
    said = office.press(
        opened, "new_campaign", Name="Spring", Start="2026-02-01", Budget="1500", Price="30", Channel="Radio"
    )
    assert said == "Campaign C03, Spring, added and selected"
    new_campaign(
        by_file,
        {"Name": "Spring", "Start": day(2026, 2, 1), "Budget": 1500.0, "Price": 30.0, "Channel": "Radio"},
    )
    assert_same(opened, by_file)
    assert opened.getUndoManager().getAllUndoActionTitles() == ("New campaign",)
    undo(opened)
    assert not changed(before, snapshot(opened))


@pytest.mark.thorough
def test_log_follow_up(office, opened, by_file, snapshot):
    before = snapshot(opened)
    said = office.press(opened, "log_follow_up", Date="2025-12-01", Type="New order", Orders="4", Price="25")
    logged = log_follow_up(by_file, {"Type": "New order", "Orders": 4.0, "Price": 25.0, "Date": day(2025, 12, 1)})
    assert said == f"Follow-up {logged.event} logged. ROC {logged.before:.1%} → {logged.after:.1%}"
    assert_same(opened, by_file)
    undo(opened)
    assert not changed(before, snapshot(opened))


@pytest.mark.thorough
def test_log_introduction(office, opened, by_file, snapshot):
    before = snapshot(opened)
    said = office.press(opened, "log_introduction", Date="2026-03-04", Partner="P1", PartyA="=1+1", Minutes="20")
    done = log_introduction(by_file, {"Partner": "P1", "Date": day(2026, 3, 4), "PartyA": "=1+1", "Minutes": 20.0})
    assert said == f"Introduction logged: {done.in_week} of {done.aim} in its week"
    assert table(opened, "tblIntros")["PartyA"][-1] == "=1+1"
    assert_same(opened, by_file)
    undo(opened)
    assert not changed(before, snapshot(opened))


@pytest.mark.thorough
def test_a_wrong_entry_is_told_and_changes_nothing(office, opened, snapshot):
    before = snapshot(opened)
    said = office.press(opened, "new_campaign", Name="", Start="soon", Budget="5")
    assert said == "Name is blank; Start must be a date, and 'soon' was found"
    said = office.press(opened, "log_follow_up", Date="2001-01-01", Type="New order", Orders="4", Price="25")
    assert said.startswith("Date is 2001-01-01, before the campaign C01 began")
    assert opened.getUndoManager().getAllUndoActionTitles() == ()
    assert not changed(before, snapshot(opened))


def orders(path, count, prefix="n"):
    lines = [f"{prefix}{i},2026-01-{1 + i % 28:02d},K{1 + i % 300:03d},{1 + i % 3},{10 + i % 7}" for i in range(count)]
    path.write_text("Invoice,Date,Customer,Units,Price\n" + "\n".join(lines) + "\n")
    return path


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("count", "append"),
    [(40, True), (40, False), *(pytest.param(*case, marks=pytest.mark.thorough)
                                for case in ((600, False), (6_000, False), (6_000, True)))],
)  # fmt: skip
def test_load_data(office, opened, by_file, snapshot, tmp_path, count, append):
    before = snapshot(opened)
    file = orders(tmp_path / "orders.csv", count)
    rows = "Append to the rows there" if append else "Replace the rows there"
    said = office.press(opened, "load_data", Files=file.as_uri(), Rows=rows, Yes=True)
    replaced = "" if append else f", {len(by_file.table('tblTransactions').rows):,} rows replaced"
    assert said == f"{count:,} rows loaded into tblTransactions{replaced}; Undo takes them out again"
    load(by_file, preview(by_file, [file], append=append))
    assert_same(opened, by_file)
    assert notes(opened) == {f"roc {name}": text for name, text in by_file.notes().items()}
    assert notes(opened)["roc load tblTransactions.Order"] == "Invoice"
    assert opened.getUndoManager().getAllUndoActionTitles() == ("Load data",)
    undo(opened)
    assert not changed(before, snapshot(opened))
    opened.getUndoManager().redo()
    assert_same(opened, by_file)


@pytest.mark.thorough
def test_a_later_report_of_ads_changes_the_campaigns_that_are_there(office, opened, by_file, snapshot, tmp_path):
    file = tmp_path / "report.csv"
    head = "Campaign name,Day,Amount spent (EUR)\nSpring,2026-02-01,100.5\n"
    for text in (head, f"{head}Spring,2026-02-02,9\nAutumn,2026-02-02,5\n"):
        before = snapshot(opened)
        file.write_text(text)
        said = office.press(opened, "load_data", Files=file.as_uri(), Yes=True)
        load(by_file, preview(by_file, [file]))
        assert_same(opened, by_file)
    assert said.startswith("1 rows added to tblCampaigns and 1 changed; Undo takes that back. Spring: Budget 100.50 → ")
    assert notes(opened) == {f"roc {name}": text for name, text in by_file.notes().items()}
    undo(opened)
    assert not changed(before, snapshot(opened))


@pytest.mark.thorough
def test_what_lists_and_draws_a_table_follows_its_rows(office, opened, tmp_path):
    file = tmp_path / "segments.csv"
    file.write_text("Segment\n" + "\n".join(f"group {i}" for i in range(40)) + "\n")

    def drawn():
        system = opened.Sheets.getByName("Value").Charts.getByIndex(0).EmbeddedObject.getFirstDiagram()
        kinds = system.getCoordinateSystems()[0].getChartTypes()
        return {each.Values.SourceRangeRepresentation for k in kinds for s in k.getDataSeries()
                for each in s.getDataSequences()}  # fmt: skip

    before = drawn()
    assert any("$7" in cells for cells in before)
    assert "40 rows loaded" in office.press(opened, "load_data", Files=file.as_uri())
    assert drawn() == {cells.replace("$7", "$44") for cells in before}
    assert opened.NamedRanges.getByName("lst_Segments").Content == "$d_Segments.$B$5:$B$44"
    undo(opened)
    assert drawn() == before


@pytest.mark.thorough
def test_cancelled_while_it_writes(office, opened, snapshot, tmp_path):
    before = snapshot(opened)
    file = orders(tmp_path / "orders.csv", 1_500)
    for step in ("Reading", "Writing", "Calculating"):
        was_modified = opened.isModified()
        said = office.press(opened, "load_data", Files=file.as_uri(), CancelAt=step)
        assert said == "Cancelled; nothing was changed"
        assert opened.getUndoManager().getAllUndoActionTitles() == ()
        assert opened.isModified() == was_modified, step
    assert not changed(before, snapshot(opened))


@pytest.mark.thorough
def test_what_stands_beneath_a_table_is_spared(office, opened, snapshot, tmp_path):
    opened.Sheets.getByName("d_Transactions").getCellRangeByName("C500").setString("mine")
    before = snapshot(opened)
    said = office.press(opened, "load_data", Files=orders(tmp_path / "orders.csv", 600).as_uri())
    assert "cell C500 is not empty" in said
    assert not changed(before, snapshot(opened))


def test_refresh_all(office, opened, by_file, snapshot):
    before = snapshot(opened)
    assert office.press(opened, "refresh_all") == ""
    refresh_all(by_file)
    assert_same(opened, by_file)
    for row in range(6, 30):
        cell = opened.Sheets.getByName("Metrics").getCellRangeByName(f"F{row}")
        assert same(cell.getDataArray()[0][0], as_calc(by_file.cells(f"Metrics!F{row}")[0][0])), row
    assert opened.NamedRanges.getByName("out_LastRefresh").getReferredCells().String.startswith("20")
    undo(opened)
    assert not changed(before, snapshot(opened))


@pytest.mark.thorough
def test_the_sample_goes_and_comes_back(office, opened, by_file, snapshot):
    before = snapshot(opened)
    assert office.press(opened, "sample") == ""
    assert not changed(before, snapshot(opened))
    rows = sample_off(by_file)
    assert office.press(opened, "sample", Yes=True) == f"{rows:,} sample rows taken out"
    assert_same(opened, by_file)
    assert opened.NamedRanges.getByName("out_Banner").getReferredCells().String == "EXAMPLE VALUES: 61"
    out = snapshot(opened)
    sample_on(by_file)
    assert office.press(opened, "sample", Yes=True) == f"{rows:,} sample rows put in"
    assert_same(opened, by_file)
    undo(opened)
    assert not changed(out, snapshot(opened))
    undo(opened)
    assert not changed(before, snapshot(opened))


@pytest.mark.thorough
def test_check_inputs(office, opened):
    assert office.press(opened, "check_inputs").startswith("All is right")
    cell = opened.Sheets.getByName("d_Transactions").getCellRangeByName("G7")
    cell.setString("two")
    said = office.press(opened, "check_inputs")
    assert "d_Transactions!G7: Units must be a number, and 'two' was found" in said
    assert opened.getCurrentSelection().AbsoluteName == "$d_Transactions.$G$7"


@pytest.mark.thorough
def test_a_saved_book_is_understood_by_the_file_back_end(office, opened, by_file, tmp_path):
    file = orders(tmp_path / "orders.csv", 6_000)
    office.press(opened, "load_data", Files=file.as_uri(), Yes=True)
    saved = tmp_path / "saved.xlsm"
    opened.storeAsURL(saved.as_uri(), office.properties(FilterName="Calc MS Excel 2007 VBA XML"))
    book = FileBook(saved)
    assert book.notes()["columns"] == "values"
    load(by_file, preview(by_file, [file]))
    assert book.table("tblTransactions").columns["Revenue"] == by_file.table("tblTransactions").columns["Revenue"]


@pytest.mark.parametrize(
    ("excel", "calc"),
    [
        ("=SUM(tblA[[#This Row],[x]],'My, sheet'!A1:B2)", "=SUM(tblA[[#This Row];[x]];$'My, sheet'.A1:B2)"),
        ('=IF(Inputs!$D$7=";,|!",{1,2;3,4},T.TEST(A1,B1,1,1))', '=IF($Inputs.$D$7=";,|!";{1;2|3;4};T.TEST(A1;B1;1;1))'),
    ],
)  # fmt: skip
def test_formulas_both_ways(excel, calc):
    assert from_excel(excel) == calc
    assert to_excel(calc) == excel

"""A person who is forgotten is in no byte of the book or of what undo keeps; what may remain is named."""

import shutil
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table
from typer.testing import CliRunner

from addin.actions.forget import forget
from addin.cli.main import app
from addin.errors import BookError
from addin.files import settings_folder, template
from addin.xlsx.file_book import FileBook

pytestmark = pytest.mark.attack("a person who was forgotten, looked for in every byte")
ANN = "Ann.Q@x.example"


def own_book(path):
    """A book of somebody's own, with Ann in many places."""
    workbook = openpyxl.Workbook()
    orders, notes = workbook.active, workbook.create_sheet("Notes")
    orders.title = "Orders"
    for row in (["Order", "Customer", "Amount"], ["o-Ann-1", ANN, 10], ["o2", "Bo", 20], ["o3", ANN.upper() + " ", 30]):
        orders.append(row)
    orders.add_table(Table(displayName="orders", ref="A1:C4"))
    orders["E1"], orders["E2"] = "=SUM(orders[Amount])", "=GINI(orders[Amount])"
    for row in (["Note", "Day"], [f"{ANN} called about Bo", 1], ["Anne called", 2]):
        notes.append(row)
    notes.add_table(Table(displayName="notes", ref="A1:B3"))
    workbook.save(path)
    return path


def where(folder, text):
    """The files in whose bytes a text stands, packed or unpacked."""
    found = []
    for path in folder.iterdir():
        held = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            package = zipfile.ZipFile(path)
            held += [package.read(name) for name in package.namelist()]
        words = [text.lower().encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
        found += [path.name for data in held for word in words if word in data.lower()]
    return found


def yes(path):
    return FileBook(path, ask=lambda question: True)


def test_no_byte_of_the_book_names_them(tmp_path):
    path = own_book(tmp_path / "book.xlsx")
    CliRunner().invoke(app, ["calc", "--all", str(path)])
    with (book := FileBook(path)).action("x"):  # so that there is a way back, which names her
        from addin.actions.book import Change

        book.write(Change(cells={"Orders!H1": "x"}))
    shutil.copy(path, tmp_path / ".book.xlsx.abc.tmp")
    assert where(tmp_path, ANN)
    done = forget(yes(path), f" {ANN.lower()}")
    assert (done.rows, done.mentions, done.traces) == ({"orders": 2}, 1, [])
    assert where(tmp_path, ANN) == []
    assert [file.name for file in tmp_path.iterdir()] == ["book.xlsx"]
    sheet = openpyxl.load_workbook(path, data_only=True)
    assert [cell.value for cell in sheet["Orders"]["B"]][:2] == ["Customer", "Bo"]
    assert sheet["Orders"]["E1"].value == 20
    assert [cell.value for cell in sheet["Notes"]["A"]] == ["Note", None, "Anne called"]


def test_their_totals_stay_where_that_is_wanted(tmp_path):
    path = own_book(tmp_path / "book.xlsx")
    CliRunner().invoke(app, ["calc", "--all", str(path)])
    done = forget(yes(path), ANN, keep_totals=True)
    assert done.kept_as == "deleted"
    assert where(tmp_path, ANN) == []
    sheet = openpyxl.load_workbook(path, data_only=True)["Orders"]
    assert [[cell.value for cell in row] for row in sheet["A2:C4"]] == [
        [None, "deleted", 10], ["o2", "Bo", 20], [None, "deleted", 30]]  # fmt: skip
    assert sheet["E1"].value == 60
    assert forget(yes(path), "Bo", keep_totals=True).kept_as == "deleted 2"


def test_a_number_is_no_other_number(tmp_path):
    workbook = openpyxl.Workbook()
    for row in (["Customer", "Amount"], [17, 5], ["17.0", 17], [170, 17]):
        workbook.active.append(row)
    workbook.active.add_table(Table(displayName="orders", ref="A1:B4"))
    workbook.save(tmp_path / "book.xlsx")
    done = forget(yes(tmp_path / "book.xlsx"), "17")
    assert done.rows == {"orders": 2}
    assert done.traces == ["Sheet!B2"]  # the amount, which only looks like the id
    assert [cell.value for cell in openpyxl.load_workbook(tmp_path / "book.xlsx").active["A"]][:2] == ["Customer", 170]


def test_where_they_are_still_named_is_said(tmp_path):
    path = own_book(tmp_path / "book.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook["Orders"]["J9"] = f"see {ANN}"
    workbook["Orders"]["C2"].comment = Comment(f"{ANN} paid late", "me")
    workbook.save(path)
    (settings_folder() / "exports").mkdir(parents=True)
    (settings_folder() / "exports" / "mine.toml").write_text(f'name = "{ANN}"\n')
    done = forget(yes(path), ANN)
    assert done.traces == [
        "Orders!J9", "the part xl/comments/comment1.xml", str(settings_folder() / "exports" / "mine.toml")]  # fmt: skip


@pytest.mark.thorough
def test_in_the_template(tmp_path):
    path = tmp_path / "book.xlsm"
    shutil.copy(template(), path)
    before = FileBook(path)
    orders = before.table("tblTransactions").columns["Customer"].count("K001")
    assert orders
    result = CliRunner().invoke(app, ["forget", str(path), "k001", "--yes"])
    assert result.exit_code == 0, result.exception
    assert "rows of tblTransactions" in result.output
    assert "Copies may remain" in result.output
    after = FileBook(path)
    for name in ("tblTransactions", "tblCustomers", "tblSurvey", "tblForecast"):
        assert "K001" not in after.table(name).columns["Customer"], name
    assert len(after.table("tblTransactions").rows) == len(before.table("tblTransactions").rows) - orders
    assert after.traces("K001") == []
    undo = CliRunner().invoke(app, ["undo", str(path)])
    assert "no action to undo" in str(undo.exception)
    again = CliRunner().invoke(app, ["forget", str(path), "K001", "--yes"])
    assert "holds nothing of K001" in str(again.exception)


def test_nobody_is_forgotten_without_a_yes(tmp_path):
    path = own_book(tmp_path / "book.xlsx")
    before = path.read_bytes()
    with pytest.raises(BookError, match=r"take out 2 rows of orders, 1 cells .* Cancelled; nothing was changed"):
        forget(FileBook(path), ANN)
    assert path.read_bytes() == before

"""Names, cells and links made to be run, fetched or broken out of: all stay what they are, and nothing is fetched."""

import csv
import io
import re
import shlex
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
from listening import listening
from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink
from openpyxl.worksheet.table import Table
from same_but_values import changed_outside_values, parts
from typer.testing import CliRunner

from addin.actions.refresh import refresh_all
from addin.actions.share import share
from addin.cli.main import app
from addin.errors import BookError
from addin.hosts.excel.doctor import diagnoses
from addin.hosts.excel.vba_names import XLWINGS_VERSION
from addin.hosts.excel.windows_paths import Places
from addin.xlsx.calculation import calculate
from addin.xlsx.file_book import FileBook
from addin.xlsx.libreoffice import calculate_with
from addin.xlsx.package import Package

pytestmark = pytest.mark.attack("names, links, locations and texts made to run")
DDE = "=cmd|' /C calc'!A0"
NAMES = [
    "a''b", "a|b",
    "it's", "'; DROP TABLE x; --", "$(touch pwned)", "`touch pwned`", "..\\..\\pwned", "../../pwned", "/tmp/pwned",
    "\u202egpj.exe", "\u200b", "x" * 31, "=1+1", DDE[1:], "a!b", "[book.xlsx]x", "%s%n{0}", "<b>&amp;", "a:b", "A1",
    "R1C1", "1", " x ", "-1", "\U0001f4a3", "a\nb", "[red]", ":bomb:",
]  # fmt: skip


@pytest.fixture
def visitors():
    """A server on this machine, and who came to it."""
    came = []
    with listening(came.append) as port:
        yield port, came


def saved(workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def named(name: str) -> bytes:
    """A book in which a sheet, and a table, have that name, and formulas that say it."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "SHEET_NAME"
    for row in (["Score", "Name"], [10, name], [9, DDE], [3, "x"]):
        sheet.append([value if not str(value).startswith("=") else None for value in row])
    sheet.add_table(Table(displayName="TABLE_NAME", ref="A1:B4"))
    sheet["D1"] = "=NPS(A2:A4)"
    other = workbook.create_sheet("Other")
    other["A1"] = "=NPS('QUOTED_NAME'!A2:A4)"
    other["A2"] = "=NPS(A1:A1)"
    quoted, plain = escape(name.replace("'", "''")), escape(name, {'"': "&quot;", "\n": "&#10;"})
    new = {
        part: data.replace(b"QUOTED_NAME", quoted.encode()).replace(b"SHEET_NAME", plain.encode())
        .replace(b"TABLE_NAME", plain.encode())
        for part, data in parts(saved(workbook)).items()
    }  # fmt: skip
    return Package(saved(workbook), "book.xlsx").replaced(new).data


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_and_a_table_of_any_name(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "book.xlsx"
    path.write_bytes(named(name))
    package = Package.read(path)
    done = calculate(package, everything=True)
    assert changed_outside_values(package.data, done.data, set(package.sheets.values())) == []
    cells = {(cell.sheet, cell.cell): cell.value for cell in done.cells}
    assert cells[package_name(package), "D1"] == pytest.approx(100 / 3)
    book = FileBook(path)
    table = next(iter(book.tables()))
    assert book.table(table).columns["Score"] == [10, 9, 3]
    refresh_all(book)
    share(book, tmp_path / "copy.xlsx")
    (tmp_path / "more.csv").write_text("Score,Name\n7,Ann\n")
    result = CliRunner().invoke(app, ["load", "book.xlsx", "more.csv", "--table", table, "--append"])
    assert result.exception is None or isinstance(result.exception, (BookError, SystemExit)), result.exception
    assert {name.name for name in tmp_path.iterdir() if not name.name.startswith(".")} == {
        "book.xlsx", "copy.xlsx", "more.csv"}  # fmt: skip


def package_name(package: Package) -> str:
    return next(iter(package.sheets))


LINKED = [DDE, "=[1]Sheet1!A1", "=SUM([2]Sheet1!A1:A9)", "='http://HERE/[b.xlsx]S'!A1", "='cmd|/C calc'!A0",
          '=WEBSERVICE("http://HERE/w")', '=IMAGE("http://HERE/i.png")', '=HYPERLINK("http://HERE/h","x")']  # fmt: skip
KEPT = {'=HYPERLINK("http://HERE/h","x")'}
"""Formulas that ask nobody until somebody clicks; a copy for others has them still."""


def linked(here: str) -> bytes:
    """A book that asks other books, programs and servers for values."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for score in (10, 9, 3):
        sheet.append([score])
    sheet["B1"] = "=NPS(A1:A3)"
    for row, formula in enumerate(LINKED, 1):
        sheet.cell(row, 3).value = formula.replace("HERE", here)
    for _ in range(2):
        link = ExternalLink(externalBook=ExternalBook(id="rId1"))
        link.file_link = Relationship(
            type="externalLinkPath", Target=f"http://{here}/b.xlsx", TargetMode="External", Id="rId1"
        )
        workbook._external_links.append(link)
    package = Package(saved(workbook), "book.xlsx")
    dde = package.part("xl/externalLinks/externalLink2.xml").decode()
    dde = re.sub("<externalBook.*?(/>|</externalBook>)", '<ddeLink ddeService="cmd" ddeTopic="/C calc"/>', dde)
    assert "ddeLink" in dde
    return package.replaced({"xl/externalLinks/externalLink2.xml": dde.encode()}).data


def test_links_are_never_followed(visitors, tmp_path):
    port, came = visitors
    here = f"127.0.0.1:{port}"
    path = tmp_path / "book.xlsx"
    path.write_bytes(linked(here))
    for everything in (False, True):
        package = Package.read(path)
        done = calculate(package, everything=everything)
        assert changed_outside_values(package.data, done.data, set(package.sheets.values())) == []
    assert {cell.cell: cell.value for cell in done.cells} == {"B1": pytest.approx(100 / 3)}
    book = FileBook(path)
    refresh_all(book)
    share(book, tmp_path / "copy.xlsx")
    assert came == []
    left = parts((tmp_path / "copy.xlsx").read_bytes())
    assert not [name for name in left if "external" in name.lower()]
    assert not [name for name, data in left.items() if b"ddeLink" in data or b"externalReference" in data]
    copied = openpyxl.load_workbook(tmp_path / "copy.xlsx").active
    formulas = {str(row[0].value) for row in copied["C1:C8"] if str(row[0].value).startswith("=")}
    assert formulas == {formula.replace("HERE", here) for formula in KEPT}


def test_links_are_not_followed_in_libreoffice_either(visitors, tmp_path, soffice):
    port, came = visitors
    package = Package(linked(f"127.0.0.1:{port}"), "book.xlsx")
    calculate_with(package, everything=True, progress=lambda *_: None)
    assert came == []


def test_text_that_would_run_arrives_as_text(do, tmp_path):
    """In values, in headings and in what the preview shows."""
    from addin.files import template

    path = tmp_path / "book.xlsm"
    path.write_bytes(template().read_bytes())
    hostile = [DDE, "=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "[red]x[/red]", "\u202ex"]
    with (tmp_path / "orders.csv").open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(["Order", "Date", "Customer", "Price", DDE, "+A1"])
        rows.writerows([text, "2025-02-03", text, 30, text, text] for text in hostile)
    done = do(tmp_path, "load", "book.xlsm", "orders.csv", "--table", "tblTransactions", "--append")
    assert done.code == 0, done.err
    sheet = openpyxl.load_workbook(path)["d_Transactions"]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value in hostile}
    assert set(cells) == set(hostile)
    assert {cell.data_type for cell in cells.values()} <= {"s", "inlineStr"}


LOCATIONS = [
    "http://HERE/a.csv", "https://HERE/a.csv", "s3://HERE/a.csv", "duckdb:http://HERE/a.duckdb", "$(touch pwned)",
    "; touch pwned", "|touch pwned", "duckdb:pwned.duckdb", "../../../*",
    "a.csv'; COPY x TO 'pwned'; --", "\\\\HERE\\a",
    "file:///etc/passwd", "ftp://HERE/a.csv", DDE, "=1+1", "-", "x" * 5000, "a\nb",
]  # fmt: skip


def asking(path: Path, rows: list[dict[str, str]]) -> None:
    """A book that asks sources."""
    workbook = openpyxl.Workbook()
    headings = ["Name", "Location", "Table", "Id column", "Date column", "Amount column", "Credential", "Status"]
    for name, lines in {"tblSources": [headings, *([row.get(h) for h in headings] for row in rows)],
                        "tblTotals": [["source", "orders"], [None, None]]}.items():  # fmt: skip
        sheet = workbook.create_sheet(name[3:])
        for number, line in enumerate(lines, 1):
            for column, value in enumerate(line, 1):
                sheet.cell(number, column).value = value
                sheet.cell(number, column).data_type = "s"
        sheet.add_table(Table(displayName=name, ref=f"A1:{chr(64 + len(lines[0]))}{len(lines)}"))
    workbook.save(path)


def test_a_hostile_sources_table(visitors, tmp_path, monkeypatch):
    port, came = visitors
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "book.xlsx"
    columns = {"Id column": "id", "Date column": "'; DROP TABLE x; --", "Amount column": "a)"}
    asking(path, [{"Name": f"s{number}", "Location": location.replace("HERE", f"127.0.0.1:{port}"),
                   "Table": "x; DROP TABLE x" if number % 2 else None, **columns}
                  for number, location in enumerate(LOCATIONS)])  # fmt: skip
    done = refresh_all(FileBook(path))
    assert len(done.sources) == len(LOCATIONS)
    for sentence in done.sources:
        assert re.match(r"s\d+: failed: ", sentence), sentence
        assert "Traceback" not in sentence
    assert came == []
    assert {name.name for name in tmp_path.iterdir() if not name.name.startswith(".")} == {"book.xlsx"}


SECRET = "hunter2-Zq9"
WITH_SECRET = [
    f"postgresql://me:{SECRET}@127.0.0.1:1/db", f"postgresql://me@127.0.0.1:1/db?password={SECRET}",
    f"postgres://me:{SECRET}@127.0.0.1/db", f"mysql://me:{SECRET}@127.0.0.1/db", f"https://me:{SECRET}@127.0.0.1/a.csv",
    f"postgresql://me:{SECRET}@127.0.0.1:port/db", f"spark://me:{SECRET}@127.0.0.1:1", f"sc://127.0.0.1:1/;token={SECRET}",
    f"me:{SECRET}@127.0.0.1/a.csv",
]  # fmt: skip


def test_a_password_is_told_nowhere(tmp_path, monkeypatch, caplog, capfd):
    """In a wrong place of the Sources table, or in the environment of a source that cannot be reached."""
    monkeypatch.setenv("ROC_TEST_SECRET", SECRET)
    caplog.set_level(0)
    path = tmp_path / "book.xlsx"
    asking(path, [{"Name": f"s{number}", "Location": location, "Table": "orders", "Id column": "id",
                   "Date column": "day", "Amount column": "paid"} for number, location in enumerate(WITH_SECRET)]
           + [{"Name": "env", "Location": "postgresql://me@127.0.0.1:1/db", "Table": "orders", "Id column": "id",
               "Date column": "day", "Amount column": "paid", "Credential": "env:ROC_TEST_SECRET"},
              {"Name": "wrong", "Location": "postgresql://me@127.0.0.1:1/db", "Table": "orders", "Id column": "id",
               "Credential": SECRET}])  # fmt: skip
    result = CliRunner().invoke(app, ["refresh", str(path)])
    assert result.exit_code == 1  # nobody allowed the server
    for words in re.findall(r"roc (trust .*)", str(result.exception)):
        assert CliRunner().invoke(app, shlex.split(words)).exit_code == 0
    result = CliRunner().invoke(app, ["refresh", str(path)])
    assert result.exit_code == 1  # none answered
    assert result.output.count(": failed: ") == len(WITH_SECRET) + 2, result.output
    told = capfd.readouterr()
    assert SECRET not in result.output + result.stderr + told.out + told.err + caplog.text
    sheet = openpyxl.load_workbook(path)["Sources"]
    assert not [row[7].value for row in sheet.iter_rows() if SECRET in str(row[7].value)]
    assert SECRET not in str([name.name for name in tmp_path.iterdir()])


@pytest.mark.parametrize("content", [bytes(range(256)) * 40, b"\0" * 100, b'"INTERPRETER_WIN","a\r\nb"\r\n',
                                     b'"INTERPRETER_WIN","\0"\r\n', b"x" * 10_000_000, b"", None],
                         ids=["binary", "zeros", "newline", "zero", "huge", "empty", "folder"])  # fmt: skip
def test_a_hostile_settings_file(content, tmp_path):
    """The file that tells Excel which Python to start: doctor says what is wrong with it, in a line."""
    interpreter = tmp_path / "python.exe"
    interpreter.touch()
    (tmp_path / f"xlwings64-{XLWINGS_VERSION}.dll").touch()
    places = Places(
        system="Windows", profile=tmp_path, roaming=tmp_path, interpreter=interpreter, excel=tmp_path / "EXCEL.EXE",
        excel_bits=64, xlwings=XLWINGS_VERSION, encoding="cp1252",
    )  # fmt: skip
    places.config.parent.mkdir()
    places.config.mkdir() if content is None else places.config.write_bytes(content)
    told = [finding for finding in diagnoses(places) if str(places.config) in str(finding)]
    assert [finding.level for finding in told] == ["fail"]
    assert all(len(str(finding)) < 1000 and "\n" not in str(finding) for finding in told)

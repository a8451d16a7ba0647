"""What never ends, or takes the square of its length, is refused or done in seconds."""

import io
import os
import time

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table

from addin.actions.book import Change, Rows
from addin.actions.share import share
from addin.errors import BookError
from addin.tabular import files_in, read_file
from addin.xlsx.calculation import calculate
from addin.xlsx.file_book import FileBook
from addin.xlsx.package import Package

pytestmark = pytest.mark.attack("what would hang")
posix = pytest.mark.skipif(os.name != "posix", reason="pipes and devices are POSIX's")
SECONDS = 10
"""Of processor time; each of these took minutes, or for ever, where something was amiss."""
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def in_seconds():
    began = time.process_time()
    yield
    assert time.process_time() - began < SECONDS


@pytest.fixture
def odd(tmp_path, request):
    path = tmp_path / "odd.csv"
    os.mkfifo(path) if request.param == "pipe" else path.symlink_to("/dev/zero")
    return path


@posix
@pytest.mark.parametrize("odd", ["pipe", "device"], indirect=True)
def test_a_pipe_or_a_device_as_data(odd):
    for suffix in (".csv", ".xlsx"):
        odd = odd.rename(odd.with_suffix(suffix))
        with pytest.raises(BookError, match="is a device or a pipe; name a CSV or Excel file"):
            read_file(odd)
    with pytest.raises(BookError, match=r"holds no .csv or .xlsx file"):
        files_in([odd.parent])


@posix
def test_a_pipe_where_the_way_back_should_be(tmp_path):
    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    os.mkfifo(tmp_path / f".book.xlsx.Append.{'0' * 32}.undo")
    os.mkfifo(tmp_path / ".book.xlsx.lock")
    with pytest.raises(BookError, match="is a device or a pipe"):
        FileBook(tmp_path / "book.xlsx").undo()


def with_sheet(change) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.append([1, "=NPS(A1:A1)", "=A1+1"])
    stream = io.BytesIO()
    workbook.save(stream)
    package = Package(stream.getvalue(), "book.xlsx")
    return package.replaced({SHEET: change(package.part(SHEET))}).data


def ends(act, path) -> bool:
    """Whether something ends with an answer, or with a sentence that names the book."""
    try:
        act()
    except BookError as error:
        return str(path) in str(error)
    return True


LONG = {
    "comments": lambda sheet: sheet.replace(b"<sheetData>", b"<sheetData>" + b"<!-- <f> -->" * 200_000),
    "comments in a cell": lambda sheet: sheet.replace(b"<v>1", b"<v>" + b"<!-- x -->" * 100_000 + b"1"),
    "character data": lambda sheet: sheet.replace(b"<v>1<", b"<v>" + b"<![CDATA[]]>" * 200_000 + b"1<"),
    "open brackets of character data": lambda sheet: sheet.replace(b"A1+1", b"<![CDATA[" + b"<![CDATA[" * 100_000 + b"]]>"),
    "instructions": lambda sheet: sheet.replace(b"<sheetData>", b"<sheetData>" + b"<?x y?>" * 200_000),
    "empty rows": lambda sheet: sheet.replace(b"</sheetData>", b"<row/>" * 300_000 + b"</sheetData>"),
    "blanks": lambda sheet: sheet.replace(b"<row", b"\n" * 2_000_000 + b"<row"),
    "blanks in a tag": lambda sheet: sheet.replace(b"<row ", b"<row" + b" " * 2_000_000),
    "attributes": lambda sheet: sheet.replace(b"<row ", b"<row " + b" ".join(b'a%d="x"' % n for n in range(30_000)) + b" "),
    "a long name": lambda sheet: sheet.replace(b"<sheetData>", b"<sheetData><%s/>" % (b"x" * 1_000_000)),
    "nested": lambda sheet: sheet.replace(b"</worksheet>", b"<f>" * 20_000 + b"</f>" * 20_000 + b"</worksheet>"),
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("kind", LONG)
def test_markup_without_end(kind, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(with_sheet(LONG[kind]))
    assert ends(lambda: Package(calculate(Package.read(path)).data, str(path)).sheets, path)
    assert ends(lambda: share(FileBook(path), tmp_path / "copy.xlsx"), path)


SIGNS = ["(", ")", "'", '"', "''", '""', "[", "]", "[[", "{", "A", "1", "+", "-1", "A1:", "A1,", "!", "x!", "#", " ", "%",
         "_xll.", "[1]", "'x'!", "tbl[", "&\"a\"", "NPS(", "1+(", "x.xlsx", "|", "@", "\n", "$A$1:"]  # fmt: skip


@pytest.mark.parametrize(
    "sign", [*SIGNS[::3], *(pytest.param(sign, marks=pytest.mark.thorough) for sign in SIGNS if sign not in SIGNS[::3])]
)
def test_a_formula_of_one_sign(sign, tmp_path):
    """Longer than Excel lets one be, and as long as that."""
    from xml.sax.saxutils import escape

    path = tmp_path / "book.xlsx"
    for length in (8_000, 300_000):
        text = escape(sign * (length // len(sign))).encode()
        path.write_bytes(with_sheet(lambda sheet, text=text: sheet.replace(b"A1+1", text)))
        assert ends(lambda: calculate(Package.read(path), everything=True), path)
        assert ends(lambda length=length: share(FileBook(path), tmp_path / f"copy{length}.xlsx"), path)


@pytest.mark.parametrize("number", [1_048_577, 5_000_000_000])
def test_a_row_beyond_the_last_one_of_a_sheet(number, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(with_sheet(lambda sheet: sheet.replace(b'<row r="1"', b'<row r="%d"' % number)))
    with pytest.raises(BookError, match=f"{path} is damaged: it numbers a row beyond 1,048,576"):
        read_file(path)


def test_60000_headings(tmp_path):
    (tmp_path / "wide.csv").write_text(",".join(f"h{n}" for n in range(60_000)) + "\n" + "1," * 59_999 + "1\n")
    with pytest.raises(BookError, match=r"has 60,000 columns; a sheet has 16,384"):
        read_file(tmp_path / "wide.csv")


@pytest.mark.thorough
def test_as_many_headings_as_a_sheet_has(tmp_path):
    (tmp_path / "most.csv").write_text(",".join(f"h{n}" for n in range(16_384)) + "\n" + "1," * 16_383 + "1\n")
    assert len(read_file(tmp_path / "most.csv").headings) == 16_384


def test_a_table_of_8000_columns(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append([f"h{n}" for n in range(8_000)])
    workbook.active.append([1.0] * 8_000)
    workbook.active.add_table(Table(displayName="wide", ref=f"A1:{get_column_letter(8_000)}2"))
    workbook.save(tmp_path / "book.xlsx")
    book = FileBook(tmp_path / "book.xlsx")
    with book.action("Append"):
        book.write(Change(rows={"wide": Rows({"h0": [2.0], "h7999": [3.0]}, append=True)}))
    assert book.table("wide").columns["h7999"] == [1.0, 3.0]


@pytest.mark.parametrize(
    "area", ["A1:XFC1048575", "A1:XFD1048575", "A1:XFC1048576", "A1:A1048576", "A1:ZZ2000", "B2:XFD2"]
)
def test_an_array_over_a_large_area(area, tmp_path):
    path = tmp_path / "book.xlsx"
    formula = f'<f t="array" ref="{area}">A1:A2+NPS(A1:A1)</f>'.encode()
    path.write_bytes(with_sheet(lambda sheet: sheet.replace(b"<f>A1+1</f>", formula)))
    assert ends(lambda: calculate(Package.read(path), everything=True), path)

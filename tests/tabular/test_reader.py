"""Files as shops and spreadsheets write them come out as the same rows."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from addin.errors import BookError, CellError
from addin.tabular import NotRead, files_in, read_dates, read_file, read_numbers, read_texts

PLAIN = "Order,Date,Customer,Price\nA1,2025-03-01,Zoë,12.50\nA2,2025-03-02,Ann,1234.00\n"
LOCAL = "Order;Date;Customer;Price\r\nA1;1.3.2025;Zoë;12,50\r\nA2;2.3.2025;Ann;1.234,00\r\n"
TABBED = "Order\tDate\tCustomer\tPrice\nA1\t01/03/2025\tZoë\t12.50\nA2\t02/03/2025\tAnn\t1,234.00\n"
TITLES = "Bean & Co;Sales;;\r\nFrom:;01.03.2025 - 31.03.2025;;\r\n\r\n"
FILES = {
    "UTF-8": PLAIN.encode(),
    "UTF-8 with a byte mark": PLAIN.encode("utf-8-sig"),
    "Latin-1, semicolons, decimal commas": LOCAL.encode("latin-1"),
    "Windows' letters": LOCAL.encode("cp1252"),
    "UTF-16, tabs": TABBED.encode("utf-16"),
    "blank lines around": ("\n\n" + PLAIN + "\n,,,\n , ,\n").encode(),
    "spaces and quotes": (
        'Order, Date ,"Customer",Price\n A1 ,2025-03-01," Zoë ","12.50"\nA2,2025-03-02,Ann,"1,234.00"\n'.encode()
    ),
    "title lines": (TITLES + LOCAL).encode("cp1252"),
    "the separator named": ("sep=;\r\n" + LOCAL).encode(),
    "the separator named in UTF-16": ("sep=;\r\n" + LOCAL).encode("utf-16"),
    "blank columns at the end": PLAIN.replace("\n", ",,,\n").encode(),
    "old Mac's line ends": PLAIN.replace("\n", "\r").encode(),
}


def serial(*day):
    return float((datetime(*day) - datetime(1899, 12, 30)).days)


def typed(file):
    return {
        "Order": read_texts(file.column("Order")).values,
        "Date": read_dates(file.column("Date"), file.habits).values,
        "Customer": read_texts(file.column("Customer")).values,
        "Price": read_numbers(file.column("Price"), file.habits).values,
    }


@pytest.mark.parametrize("name", FILES)
def test_each_way_of_writing_gives_the_same_rows(tmp_path, name):
    path = tmp_path / "orders.csv"
    path.write_bytes(FILES[name])
    day = serial(2025, 3, 1)
    assert typed(read_file(path)) == {
        "Order": ["A1", "A2"], "Date": [day, day + 1], "Customer": ["Zoë", "Ann"], "Price": [12.5, 1234.0],
    }  # fmt: skip


@pytest.fixture
def excel(tmp_path):
    """Write an Excel file, sheet by sheet."""

    def written(**sheets):
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for name, rows in sheets.items():
            sheet = workbook.create_sheet(name)
            for row in rows:
                sheet.append(row)
        workbook.save(tmp_path / "orders.xlsx")
        return tmp_path / "orders.xlsx"

    return written


HEAD = ("Order", "Date", "Customer", "Price")
ROW = ("A1", datetime(2025, 3, 1), "Zoë", 12.5)
READ = {"Order": ["A1"], "Date": [serial(2025, 3, 1)], "Customer": ["Zoë"], "Price": [12.5]}


def test_an_excel_file_gives_them_too(excel):
    found = read_file(excel(Orders=[HEAD, ROW]))
    assert typed(found) == READ
    assert (found.numbers, found.notes) == ([2], [])


def test_title_rows_and_a_cover_sheet_are_passed_over(excel):
    found = read_file(excel(Cover=[["Read me"], ["by", "Ann"]], Orders=[["Sales 2025"], [], HEAD, ROW]))
    assert typed(found) == READ
    assert found.numbers == [4]
    assert found.notes == ["the sheet Orders is read, not Cover", "the headings stand in row 3"]


def test_the_sheet_and_the_row_of_the_headings_can_be_named(excel):
    path = excel(
        Orders=[HEAD, ROW], Returns=[["What", "came", "back", "when"], ["and", "was", "paid", "out"], HEAD, ROW]
    )
    found = read_file(path, sheet="Returns", heading=3)
    assert (typed(found), found.numbers) == (READ, [4])
    with pytest.raises(BookError, match="has no sheet Refunds; it has Orders, Returns"):
        read_file(path, sheet="Refunds")
    with pytest.raises(BookError, match="has no row 9 with headings"):
        read_file(path, heading=9)


def test_the_row_of_the_headings_can_be_named_in_text(tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("What,came,back\nId,Day,Paid\nA,2025-01-02,3\n")
    assert read_file(path).headings == ["What", "came", "back"]
    assert read_file(path, heading=2).headings == ["Id", "Day", "Paid"]
    with pytest.raises(BookError, match="has no row 7 for the headings; it has 3 rows"):
        read_file(path, heading=7)


def test_row_numbers_are_the_spreadsheet_s(tmp_path):
    """A cell of two lines is one row, a blank line is one, and sep= is none."""
    path = tmp_path / "notes.csv"
    path.write_text('sep=,\nCustomer,Note\nAnn,"one\ntwo"\n\nBo,three\n')
    found = read_file(path)
    assert found.column("Note") == ["one\ntwo", "three"]
    assert found.numbers == [2, 4]


def test_a_row_with_too_many_cells_is_named_and_its_numbers_are_not_shifted(tmp_path):
    """12,50 without quotation marks is two cells; read on, it would be 12."""
    path = tmp_path / "o.csv"
    path.write_text("Id,Paid,Tip\nA,1,2\nB,12,50,1\nC,1,\nD,12,50,1,25\nE,4,5\n,,,\nF,6,7,\n")
    found = read_file(path)
    assert found.too_long == [3, 5]
    assert (found.numbers, found.column("Id")) == ([2, 4, 6, 8], ["A", "C", "E", "F"])


def test_what_is_missing_is_blank_and_what_failed_is_an_error(tmp_path, excel):
    words = ["NULL", "nan", "NaN", "N/A", "<NA>", "  ", "#N/A", "#DIV/0!", "Nan", "Null & Co"]
    path = tmp_path / "o.csv"
    path.write_text("Customer,Units\n" + "".join(f"{word},1\n" for word in words))
    wanted = [None] * 6 + [CellError("#N/A"), CellError("#DIV/0!"), "Nan", "Null & Co"]
    assert read_texts(read_file(path).column("Customer")).values == wanted
    found = read_file(excel(Orders=[["Customer", "Units"], ["#N/A", 1.0], ["#DIV/0!", 2.0], ["NULL", 3.0]]))
    assert found.column("Customer") == [CellError("#N/A"), CellError("#DIV/0!"), None]


def test_the_apostrophe_that_keeps_digits_text_is_no_part_of_an_id(tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("Customer,Units\n'7000000001,1\n'0012,1\n't Hooft,1\n'n' Roll,1\n")
    assert read_file(path).column("Customer") == ["7000000001", "0012", "'t Hooft", "'n' Roll"]


LETTERS = {
    "cp1251": "Клиент,Сумма\nИванова Анна,1\nПётр Кузнецов,2\n",
    "cp1250": "Vásárló,Összeg\nSzűcs Győző,1\nKovács Ödön,2\n",
    "cp1252": "Kunde,Umsatz\nGrößer & Söhne,1\nJosé Ñandú,2\nSûr à Nîmes,3\nAções,4\n",
}


@pytest.mark.parametrize("encoding", LETTERS)
def test_letters_of_windows_are_told_apart(tmp_path, encoding):
    path = tmp_path / "o.csv"
    path.write_bytes(LETTERS[encoding].encode(encoding))
    found = read_file(path)
    head, *rows = [line.split(",") for line in LETTERS[encoding].splitlines()]
    assert (found.headings, found.columns[0]) == (head, [row[0] for row in rows])
    assert encoding in found.notes[0]


def test_a_byte_that_windows_leaves_open_is_latin_1_s(tmp_path):
    (tmp_path / "o.csv").write_bytes(b"Customer,Paid\nM\x81ller \x80,1\n")
    assert read_file(tmp_path / "o.csv").column("Customer") == ["M\x81ller €"]


WRONG = {
    "no.csv": (None, "is not there"),
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b"\n\n,,\n", "is empty"),
    "picture.csv": (b"\x89PNG\0\0", "is not text"),
    "open.csv": (b'Order,Note\n1,"a\n2,b\n3,c\n', "row 2: a quotation mark is never closed"),
    "half.xlsx": (b"PK\x03\x04", "is not a workbook that can be read"),
    "page.pdf": (b"%PDF", "is neither a CSV nor an Excel file"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_cannot_be_read_is_told_why(tmp_path, name):
    content, sentence = WRONG[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BookError, match=sentence) as error:
        read_file(tmp_path / name)
    assert name in str(error.value)
    assert "\n" not in str(error.value)


def changed(path, change):
    """The workbook again, with the XML of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    path.write_bytes(stream.getvalue())
    return path


def test_strict_open_xml_is_one_sentence(excel):
    strict = {
        b"schemas.openxmlformats.org/spreadsheetml/2006/main": b"purl.oclc.org/ooxml/spreadsheetml/main",
        b"schemas.openxmlformats.org/officeDocument/2006/": b"purl.oclc.org/ooxml/officeDocument/",
    }

    def rewritten(name, xml):
        for usual, other in strict.items():
            xml = xml.replace(usual, other)
        return xml

    path = changed(excel(Orders=[HEAD, ROW]), rewritten)
    with pytest.raises(BookError, match=r"orders\.xlsx has no sheet that can be read, as in Strict Open XML; save it"):
        read_file(path)


def test_a_sheet_that_is_cut_off_is_one_sentence(excel):
    path = changed(excel(Orders=[HEAD, *[ROW] * 50]), lambda name, xml: xml[:1500] if "worksheets" in name else xml)
    with pytest.raises(BookError, match=r"orders\.xlsx is not a workbook that can be read, or is cut off"):
        read_file(path)


def test_a_folder_stands_for_its_files(tmp_path):
    for name in ("b.csv", "a.csv", "~$c.xlsx", "d.pdf"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in files_in([tmp_path])] == ["a.csv", "b.csv"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(BookError, match=r"holds no \.csv or \.xlsx file"):
        files_in([tmp_path / "empty"])


def test_who_waits_sees_how_many_rows_are_read_and_can_cancel(tmp_path, monkeypatch):
    monkeypatch.setattr("addin.tabular.text_files.ROWS_AT_ONCE", 2)
    path = tmp_path / "o.csv"
    path.write_text("Id,Paid\n" + "A,1,2,3\nA,1\n" * 3)
    seen = []
    found = read_file(path, seen.append)
    assert seen[-1] == 3
    assert len(seen) > 1
    assert (found.numbers, found.too_long) == ([3, 5, 7], [2, 4, 6])


def test_a_cell_that_is_not_what_its_column_holds_is_named(tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("Id,Paid\nA,ten\n")
    file = read_file(path)
    assert read_numbers(file.column("Paid"), file.habits).values == [NotRead("ten", "a number")]

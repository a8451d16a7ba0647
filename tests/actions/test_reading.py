"""Files as shops and spreadsheets write them come out as the same rows."""

from datetime import datetime

import openpyxl
import pytest

from addin.actions.reading import NotRead, as_kind, files_in, has_decimal_comma, read
from addin.errors import BookError
from addin.schema import ColumnKind

PLAIN = "Order,Date,Customer,Price\nA1,2025-03-01,Zoë,12.50\nA2,2025-03-02,Ann,1234.00\n"
LOCAL = "Order;Date;Customer;Price\r\nA1;1.3.2025;Zoë;12,50\r\nA2;2.3.2025;Ann;1.234,00\r\n"
TABBED = "Order\tDate\tCustomer\tPrice\nA1\t01/03/2025\tZoë\t12.50\nA2\t02/03/2025\tAnn\t1,234.00\n"
FILES = {
    "UTF-8": PLAIN.encode(),
    "UTF-8 with a byte mark": PLAIN.encode("utf-8-sig"),
    "Latin-1, semicolons, decimal commas": LOCAL.encode("latin-1"),
    "Windows' letters": LOCAL.encode("cp1252"),
    "UTF-16, tabs": TABBED.encode("utf-16"),
    "blank lines around": ("\n\n" + PLAIN + "\n,,,\n").encode(),
    "spaces and quotes": (
        'Order, Date ,"Customer",Price\n A1 ,2025-03-01," Zoë ","12.50"\nA2,2025-03-02,Ann,"1,234.00"\n'.encode()
    ),
}


def typed(file):
    comma = has_decimal_comma(file.column("Price"))
    kinds = {"Order": ColumnKind.TEXT, "Date": ColumnKind.DATE, "Customer": ColumnKind.TEXT, "Price": ColumnKind.NUMBER}
    return {name: as_kind(file.column(name), kind, comma)[0] for name, kind in kinds.items()}


@pytest.mark.parametrize("name", FILES)
def test_each_way_of_writing_gives_the_same_rows(tmp_path, name):
    path = tmp_path / "orders.csv"
    path.write_bytes(FILES[name])
    day = (datetime(2025, 3, 1) - datetime(1899, 12, 30)).days
    assert typed(read(path)) == {
        "Order": ["A1", "A2"], "Date": [day, day + 1], "Customer": ["Zoë", "Ann"], "Price": [12.5, 1234.0],
    }  # fmt: skip


def test_an_excel_file_gives_them_too(tmp_path):
    workbook = openpyxl.Workbook()
    for row in (("Order", "Date", "Customer", "Price"), ("A1", datetime(2025, 3, 1), "Zoë", 12.5)):
        workbook.active.append(row)
    workbook.save(tmp_path / "orders.xlsx")
    day = (datetime(2025, 3, 1) - datetime(1899, 12, 30)).days
    found = read(tmp_path / "orders.xlsx")
    assert typed(found) == {"Order": ["A1"], "Date": [day], "Customer": ["Zoë"], "Price": [12.5]}
    assert found.numbers == [2]


def test_a_quoted_newline_is_part_of_its_cell_and_rows_keep_the_file_s_numbers(tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text('Customer,Note\nAnn,"one\ntwo"\nBo,three\n')
    found = read(path)
    assert found.column("Note") == ["one\ntwo", "three"]
    assert found.numbers == [2, 4]


@pytest.mark.parametrize(
    ("texts", "comma"),
    [
        (["12,50", "7"], True), (["12.50", "7"], False), (["1.234,5"], True), (["1,234.5"], False),
        (["1.234.567"], True), (["1,234,567"], False), (["1,234"], False), (["1.234"], True), (["1.234", "0.5"], False),
        ([None, 3.5, "abc"], False),
    ],
)  # fmt: skip
def test_the_decimal_mark_is_told_by_the_whole_file(texts, comma):
    assert has_decimal_comma(texts) is comma


NUMBERS = [
    ("€ 1,234.50", 1234.5),
    ("-3", -3.0),
    ("1e3", 1000.0),
    ("12x", None),
    ("1,23,4", None),
    ("", None),
    ("nan", None),
]


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_a_number_is_read_or_refused(text, number):
    (found,), _ = as_kind([text], ColumnKind.NUMBER, False)
    assert found == number if number is not None else isinstance(found, NotRead)


DAYS = [
    (["03/04/2025", "25/04/2025"], [(2025, 4, 3), (2025, 4, 25)], False),
    (["03/04/2025", "04/25/2025"], [(2025, 3, 4), (2025, 4, 25)], False),
    (["03/04/2025"], [(2025, 4, 3)], True),
    (["3.4.25", "2025-04-03 10:20", "20250403"], [(2025, 4, 3)] * 3, False),
    (["31.2.2025", "tomorrow"], [None, None], False),
]


@pytest.mark.parametrize(("texts", "days", "noted"), DAYS)
def test_a_date_is_read_as_its_column_writes_it(texts, days, noted):
    found, note = as_kind(texts, ColumnKind.DATE, False)
    wanted = [day and (datetime(*day) - datetime(1899, 12, 30)).days for day in days]
    assert [None if isinstance(value, NotRead) else value for value in found] == wanted
    assert bool(note) is noted


WRONG = {
    "no.csv": (None, "is not there"),
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b"\n\n,,\n", "is empty"),
    "twice.csv": (b"Order,Date,Order\n", "two columns are headed 'Order'"),
    "picture.csv": (b"\x89PNG\0\0", "is not text"),
    "half.xlsx": (b"PK\x03\x04", "is not a workbook that can be read"),
    "page.pdf": (b"%PDF", "is neither a CSV nor an Excel file"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_cannot_be_read_is_told_why(tmp_path, name):
    content, sentence = WRONG[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BookError, match=sentence) as error:
        read(tmp_path / name)
    assert name in str(error.value)


def test_a_folder_stands_for_its_files(tmp_path):
    for name in ("b.csv", "a.csv", "~$c.xlsx", "d.pdf"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in files_in([tmp_path])] == ["a.csv", "b.csv"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(BookError, match=r"holds no \.csv or \.xlsx file"):
        files_in([tmp_path / "empty"])

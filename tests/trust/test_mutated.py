"""Damaged workbooks, by the hundred: every command that reads one ends in an answer or in a sentence."""

import io
import os
import random
import time
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from books import PYPI, NotThere, books_of
from mutations import is_one_sentence, mutated
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from addin.actions.checking import check_inputs
from addin.actions.load import preview
from addin.actions.refresh import refresh_all
from addin.actions.share import share, unfreeze
from addin.errors import BookError
from addin.files import template
from addin.tabular import read_file
from addin.xlsx.calculation import calculate
from addin.xlsx.file_book import FileBook
from addin.xlsx.package import Package

SEED = int(os.environ.get("ROC_SEED", date.today().toordinal()))
"""Of the day, so that each day tries others; the sentence of a failure says which it was."""
pytestmark = pytest.mark.attack("damaged workbooks, by eleven commands")
LONGEST = 20
"""Seconds of processor time."""
RARE = 40_000
"""Bytes of a book that is drawn one time in a hundred, since it takes long."""


def own_books() -> list[bytes]:
    """Books with all that the project's tests put into one."""
    import sys

    sys.path.append(str(Path(__file__).parent.parent / "xlsx"))
    import planted
    from test_macro_free import active_book

    survey = openpyxl.Workbook()
    for row in range(1, 12):
        survey.active.append([row % 11, f"=NPS(A{row}:A{row})", "=NPS_CI(A1:A9)", f"x{row}"])
    stream = io.BytesIO()
    survey.save(stream)
    return [
        template().read_bytes(),
        planted.by_openpyxl()[0],
        planted.by_xlsxwriter()[0],
        active_book(),
        stream.getvalue(),
    ]


def real_books(cache: Path) -> list[bytes]:
    """Books that other programs wrote."""
    found = [path for package in PYPI for path in books_of(package, cache)]
    small = sorted((path for path in found if path.stat().st_size < 60_000), key=lambda path: path.name)
    return [path.read_bytes() for path in small[:: max(1, len(small) // 25)]][:25]


def commands(path: Path, here: Path) -> dict[str, object]:
    """All that reads a workbook, by the command that does so."""
    (here / "rows.csv").write_text("Score,Name\n7,Ann\n")
    yes = lambda question: True  # noqa: E731  # said once
    return {
        "calc": lambda: calculate(Package.read(path)).data,
        "calc --all": lambda: calculate(Package.read(path), everything=True).data,
        "check": lambda: check_inputs(FileBook(path)),
        "load from it": lambda: read_file(path),
        "load into it": lambda: preview(FileBook(path), [here / "rows.csv"]),
        "share": lambda: share(FileBook(path, ask=yes), here / "copy.xlsx"),
        "share --without-personal": lambda: share(FileBook(path, ask=yes), here / "bare.xlsx", without_personal=True),
        "refresh": lambda: refresh_all(FileBook(path)),
        "undo": lambda: FileBook(path).undo(),
        "unfreeze": lambda: unfreeze(FileBook(path)),
        "forget": lambda: FileBook(path).traces("Ann"),
    }


def made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def tried(data: bytes, here: Path) -> list[str]:
    """What is wrong with how commands take a damaged book: each in a sentence."""
    path, wrong = here / "damaged.xlsm", []
    for name, act in commands(path, here).items():
        for left in here.iterdir():
            left.unlink()
        path.write_bytes(data)
        (here / "rows.csv").write_text("Score,Name\n7,Ann\n")
        began = time.process_time()
        try:
            act()
        except BookError as error:
            if not is_one_sentence(error, here):
                wrong.append(f"{name}: no sentence that names the file: {error}")
        except Exception as error:
            place = error.__traceback__
            while place.tb_next:
                place = place.tb_next
            where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}"
            wrong.append(f"{name}: {type(error).__name__} at {where}: {str(error)[:200]}")
        if (seconds := time.process_time() - began) > LONGEST:
            wrong.append(f"{name}: {seconds:.0f} seconds")
        if name != "refresh" and path.read_bytes() != data:
            wrong.append(f"{name}: changed the book")
    return wrong


def of_seed(books: list[bytes], seed: int) -> bytes:
    draw = random.Random(seed)
    small = [book for book in books if len(book) < RARE]
    return mutated(draw.choice(small if draw.random() < 0.99 else books), seed)


def hold(books: list[bytes], count: int, here: Path, record) -> None:
    wrong = {}
    for number in range(count):
        seed = SEED * 1_000_000 + number
        if found := tried(of_seed(books, seed), here):
            wrong[seed] = found
    record(count, count - len(wrong))
    assert not wrong, "\n".join(f"{seed}: {text}" for seed, found in wrong.items() for text in found)


def test_damaged_books_of_our_own(tmp_path, attacks):
    hold([book for book in own_books() if len(book) < RARE], 20, tmp_path, attacks)


@pytest.mark.thorough
@pytest.mark.timeout(1800)
def test_damaged_books_of_ours_and_of_others(tmp_path, attacks, request):
    try:
        others = real_books(request.config.cache.mkdir("books"))
    except NotThere as error:
        absent = pytest.fail if os.environ.get("REQUIRE_BOOKS") else pytest.skip
        absent(f"the books of others could not be fetched: {error}")
    books = own_books() + others
    assert len(books) >= 30
    hold(books, int(os.environ.get("ROC_DAMAGED", "500")), tmp_path, attacks)


NUMBERS = {
    'localSheetId="{}"': ("0", "xl/workbook.xml"),
    'headerRowCount="{}"': ("1", "xl/tables/table1.xml"),
    'totalsRowCount="{}"': ("0", "xl/tables/table1.xml"),
    'tableColumn id="{}"': ("1", "xl/tables/table1.xml"),
    '<row r="{}"': ("2", "xl/worksheets/sheet1.xml"),
    'r="A{}" t="n"': ("2", "xl/worksheets/sheet1.xml"),
    "<v>{}</v>": ("1", "xl/worksheets/sheet1.xml"),
    'numFmtId="{}"': ("0", "xl/styles.xml"),
}
"""Where a file gives a count or an index: what it is, and in which part."""


@pytest.fixture
def other_books(tmp_path):
    """Copies of a small book with other words in one of its parts."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("A", "B"), (1, 2), (3, "=NPS(A2:A3)")):
        sheet.append(row)
    sheet.add_table(Table(displayName="Answers", ref="A1:B3", totalsRowCount=0))
    sheet.defined_names["first"] = DefinedName("first", attr_text="Sheet!$A$2")
    book.save(tmp_path / "whole.xlsx")

    def other(part: str, old: str, new: str) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(stream, "w") as copy:
            assert old in whole.read(part).decode()
            for name in whole.namelist():
                content = whole.read(name).decode()
                copy.writestr(name, content.replace(old, new) if name == part else content)
        return stream.getvalue()

    return other


@pytest.mark.parametrize("said", ["", "x", "-1", "1.5", "²", "٣", "9" * 30, "9" * 5000])
def test_a_count_that_is_none(said, other_books, tmp_path):
    for text, (right, part) in NUMBERS.items():
        assert not tried(other_books(part, text.format(right), text.format(said)), made(tmp_path / "here")), text


@pytest.mark.parametrize("reference", ["A{}", "{}:1", "SUM(A1:A{})", "NPS(A1:A{})", "SUMIFS(A:A,B:B,{})", "1e{}"])
def test_a_formula_with_an_endless_number(reference, other_books, tmp_path):
    book = other_books("xl/worksheets/sheet1.xml", "NPS(A2:A3)", reference.format("9" * 5000))
    assert not tried(book, made(tmp_path / "here"))


@pytest.mark.parametrize("half", ["_xD800_", "_xDE00_", "_xFFFF_", "_x0000_"])
def test_half_a_character(half, other_books, tmp_path):
    book = other_books(
        "xl/worksheets/sheet1.xml", 'r="A2" t="n"><v>1</v>', f'r="A2" t="inlineStr"><is><t>{half}</t></is>'
    )
    assert not tried(book, made(tmp_path / "here"))

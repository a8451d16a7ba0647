"""How sheets look: groups, flag, message, units, and one format for each measure."""

import re
import subprocess
from collections import defaultdict
from itertools import groupby

import pytest
from openpyxl.utils import get_column_letter

from addin.template import theme
from addin.template.rules.book_reader import fill_of, formula_of, is_data, is_input
from addin.template.workbook import PAGES
from addin.xlsx.browser_copy import for_browsers
from addin.xlsx.package import Package

LOOK = [page.name for page in PAGES][2:9]
"""The sheets that are read, but for Start and Dashboard, which say their sentence beneath the head."""
MONEY = re.compile(
    r"(?i)\b(spend|spent|revenue|price|profit|CAC|for life|after margin$|discounted|investment|net value|cost of|"
    r"money in|value of an order|average purchase|leaves)\b"
)
SHARES = {"Rise after margin", "Total after margin", "Value, discounted", "Value, not discounted"}
"""Headings with a word of money over shares of it."""


@pytest.fixture(scope="module")
def book(as_shipped):
    """For reading only."""
    return as_shipped.book


def test_at_most_28_sheets_stand_in_three_groups_and_none_is_hidden(book):
    colours = [colour for colour, _ in groupby(sheet.sheet_properties.tabColor.rgb[-6:] for sheet in book.worksheets)]
    assert [f"#{colour}" for colour in colours] == [theme.TAB_LOOK, theme.TAB_WORK, theme.TAB_DATA]
    assert len(book.worksheets) <= 28
    assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}
    assert [is_data(sheet) for sheet in book.worksheets] == sorted(is_data(sheet) for sheet in book.worksheets)


def test_flag_and_mark_have_room_in_columns_b_and_c(book):
    """A screen of 1366 pixels shows some 130 characters; the mark may run into the blank cells beside it."""
    for sheet in book.worksheets:
        widths = [sheet.column_dimensions[column].width for column in "ABC"]
        assert widths[1] >= len("Checks: LOOK") + 1, sheet.title
        assert sum(widths) < 130, sheet.title
        assert sheet["D3"].value is None, sheet.title
        assert int(re.sub(r"\D", "", sheet.freeze_panes)) >= 4  # row 3 stays in sight


PIXELS_A_CHARACTER = 8.9
"""Of a column's width as a file holds it, in LibreOffice without Arial, where a wider font stands in."""


def test_dashboard_is_seen_whole_at_1366_by_768(book):
    """LibreOffice with its toolbars and the closed sidebar leaves 1267 by 586 pixels."""
    sheet = book["Dashboard"]
    last = max(cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None)
    columns = [sheet.column_dimensions[get_column_letter(number)].width for number in range(1, last + 1)]
    assert sum(columns) * PIXELS_A_CHARACTER < 1267
    end = max(sheet.max_row, *(chart.anchor.to.row for chart in sheet._charts))
    assert sum(sheet.row_dimensions[row].height or 15 for row in range(1, end + 1)) * 4 / 3 < 586


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["book.xlsm", "book.xlsx"])
def test_nothing_is_cut_or_too_long_on_paper(built, soffice, tmp_path, name):
    """Sheets that are read print on a page each; no number is too wide for its cell or shows what nobody reads."""
    (tmp_path / name).write_bytes(built if name == "book.xlsm" else for_browsers(Package(built, name)).data)
    command = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
               "--outdir", str(tmp_path), str(tmp_path / name)]  # fmt: skip
    for _ in range(3):  # a fresh profile may need a second start
        subprocess.run(command, capture_output=True, timeout=180, check=False)
        if (tmp_path / "book.pdf").exists():
            break
    text = subprocess.run(["pdftotext", "-layout", str(tmp_path / "book.pdf"), "-"], capture_output=True, text=True,
                          timeout=60, check=True).stdout  # fmt: skip
    assert re.findall(r"##|Err:|#NAME", text) == []
    assert re.findall(r"\d{13,}|\d\.\d{8,}", text) == []
    pages = [page.rpartition("Return on customer")[0].rstrip().rpartition("\n")[2].strip() for page in text.split("\f")]
    assert pages[: len(LOOK) + 2] == ["Start", "Dashboard", *LOOK]


def test_what_stands_under_a_title_says_what_came_out(as_shipped):
    said = {name: as_shipped[f"{name}!B2"] for name in LOOK}
    assert {name for name, text in said.items() if not text.endswith(".")} == set()
    assert {name for name, text in said.items() if not re.search(r"\d", text)} == {"Pyramid"}
    assert said["Relations"] == "Partners bring back 59% of the time and money put in, less than they cost."


def headed(sheet):
    """Each heading over a column with the first cell that holds something under it, down the sheet."""
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            if fill_of(cell) == theme.NAVY and isinstance(cell.value, str) and not formula_of(cell):
                under = (sheet.cell(r, cell.column) for r in range(cell.row + 1, cell.row + 4))
                below = next((c for c in under if c.value is not None and fill_of(c) != theme.NAVY), None)
                if below is not None:
                    yield " ".join(cell.value.split()), cell, below


def test_a_heading_has_the_same_format_wherever_it_stands(book):
    """A column called alike is shown alike: Net return with its sign, a share in percent, an order value in cents."""
    found = defaultdict(set)
    for sheet in (book[page.name] for page in PAGES if page.name not in ("Functions", "Metrics", "Checks", "Lists")):
        for text, _, below in headed(sheet):
            if below.number_format not in ("@", "General") and not is_input(below):
                found[text].add(below.number_format)
    assert len(found) > 80
    several = {"Yours", "In use", "Article", "New", "Existing", "Existing / new", "Total", "Share", "Base", "Low",
               "High", "Expected", "Customers"}  # fmt: skip
    """Of different measures, by row or by table; at the edge of the best fifth a customer counts in part."""
    assert {text: formats for text, formats in found.items() if len(formats) > 1 and text not in several} == {}


def test_amounts_say_their_currency_in_the_heading(book):
    """In the heading of their block, or in a column of units."""
    missing, seen = set(), 0
    for sheet in (book[name] for name in LOOK):
        for text, head, _ in headed(sheet):
            if MONEY.search(text) and text not in SHARES:
                seen += 1
                units = any(c.value == "Unit" for c in sheet[head.row])
                above = (sheet.cell(row, column) for row in range(head.row - 1, 3, -1) for column in (2, 6))
                block = next(c for c in above if c.value and c.font.bold and c.font.size == 11)
                if not units and "in_Currency" not in formula_of(block):
                    missing.add(f"{sheet.title}!{head.coordinate} {text}")
    assert missing == set()
    assert seen > 20


def test_results_and_calculations_are_formulas_and_inputs_are_none(book):
    """Inputs, calculations and results each have a look of their own."""
    for sheet in (book[page.name] for page in PAGES if page.name not in ("Start", "Checks", "Lists", "Metrics")):
        for cell in (cell for row in sheet.iter_rows(min_row=4) for cell in row if cell.value is not None):
            if fill_of(cell) == theme.CREAM:
                assert not formula_of(cell), f"{sheet.title}!{cell.coordinate}"
            elif fill_of(cell) == theme.BAND:
                assert formula_of(cell), f"{sheet.title}!{cell.coordinate}"

"""The template without macros: its formulas are spelled as Excel on the web saves them, and calculate as ever."""

import re

import pytest
from openpyxl.worksheet.formula import ArrayFormula
from read_books import read_book

from addin.actions.share import share, unfreeze
from addin.catalogue import catalogue
from addin.files import template
from addin.xlsx.browser_copy import for_browsers
from addin.xlsx.file_book import FileBook
from addin.xlsx.package import Package


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    path = tmp_path_factory.mktemp("web") / "plan.xlsx"
    path.write_bytes(for_browsers(Package.read(template())).data)
    return path


def formulas(path):
    cells = (cell for sheet in read_book(path, data_only=False) for row in sheet.iter_rows() for cell in row)
    found = {f"{cell.parent.title}!{cell.coordinate}": cell.value for cell in cells if cell.data_type == "f"}
    return {at: value.text if isinstance(value, ArrayFormula) else value for at, value in found.items()}


@pytest.mark.thorough
def test_every_call_has_the_prefix_and_all_else_is_as_in_the_template(copy):
    ours = re.compile(rf"(?<![\w.\"])({'|'.join(catalogue())})\(")
    expected = {at: ours.sub(r"_xldudf_\1(", text) for at, text in formulas(template()).items()}
    assert formulas(copy) == expected
    assert sum("_xldudf_" in text for text in expected.values()) > 80
    assert "vbaProject" not in " ".join(Package.read(copy).parts)


@pytest.mark.thorough
def test_it_calculates_to_what_the_template_shows(copy):
    cells = {cell.place: cell for cell in FileBook(copy).calculate()}
    assert cells.keys() == {cell.place for cell in FileBook(template()).calculate()}
    shown = read_book(template())
    assert all(cell.formula.count("_xldudf_") == 0 for cell in cells.values())
    for cell in cells.values():
        sheet, _, at = cell.place.partition("!")
        saved = shown[sheet][at.partition(":")[0]].value
        assert cell.value == (pytest.approx(saved) if isinstance(saved, (int, float)) else saved), cell.place


@pytest.mark.thorough
def test_a_copy_of_it_is_shared_and_its_formulas_come_back(copy, tmp_path):
    share(FileBook(copy, ask=lambda question: True), tmp_path / "out.xlsx")
    assert not any("_xldudf_" in text for text in formulas(tmp_path / "out.xlsx").values())
    back = FileBook(tmp_path / "out.xlsx")
    assert len(unfreeze(back)) == len(FileBook(copy).calculate())

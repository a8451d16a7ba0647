"""Share: a copy that opens anywhere, tells nobody's name unless it may, and says when checks failed."""

import re
import zipfile

import openpyxl
import pytest
from read_books import read_book

from addin import present
from addin.actions.book import Change, Rows
from addin.actions.share import share, unfreeze
from addin.catalogue import catalogue
from addin.errors import BookError
from addin.template.rules import RULES
from addin.template.rules.book_reader import Opened, formulas, functions_in
from addin.xlsx.file_book import FileBook


def values(path):
    """What each cell shows, numbers to ten digits: the last ones of a fit depend on the version of numpy."""
    workbook = read_book(path)
    cells = (cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None)
    return {
        (cell.parent.title, cell.coordinate): float(f"{cell.value:.10g}")
        if isinstance(cell.value, float)
        else cell.value
        for cell in cells
    }


@pytest.mark.thorough
def test_a_copy_shows_the_same_numbers_and_calls_no_function_of_ours(book, path, tmp_path, our_cells):
    before, target = path.read_bytes(), tmp_path / "copy.xlsx"
    done = share(book, target)
    assert present.shared(done) == f"Saved {target}: {our_cells} cells frozen; it opens without the add-in."
    assert path.read_bytes() == before
    calls = [
        place
        for place, _, formula in formulas(read_book(target, data_only=False))
        if functions_in(formula) & catalogue().keys()
    ]
    assert calls == []
    old, new = values(path), values(target)
    changed = {place for place in old.keys() | new.keys() if old.get(place) != new.get(place)}
    start_about = next(place for place, v in old.items() if place[0] == "Start" and v == old["Metrics", "C38"])
    assert changed == {("Metrics", f"C{row}") for row in (35, 36, 37, 38)} | {start_about}
    kept = ("R02", "R23", "R24")
    assert [found for rule in kept for found in RULES[rule](Opened(target.read_bytes()))] == []


@pytest.mark.thorough
def test_a_copy_is_an_xlsx_that_libreoffice_opens_with_the_same_results(book, tmp_path, in_libreoffice, shown):
    share(book, tmp_path / "copy.xlsx")
    package = zipfile.ZipFile(tmp_path / "copy.xlsx")
    assert b"macroEnabled" not in package.read("[Content_Types].xml")
    assert b"fullCalcOnLoad" not in package.read("xl/workbook.xml")
    saved = in_libreoffice(tmp_path / "copy.xlsx")
    for name, value in {"out_Gross3": 1.275, "chk_All": "OK", "Metrics!D7": -0.4, "Functions!J8": None}.items():
        assert shown(saved, name) == (pytest.approx(value) if isinstance(value, float) else value)


@pytest.mark.thorough
def test_unfreezing_puts_every_formula_back(book, path, tmp_path, our_cells):
    target = tmp_path / "copy.xlsx"
    share(book, target)
    assert len(unfreeze(FileBook(target))) == our_cells
    here, there = (
        {place: formula for place, _, formula in formulas(read_book(file, data_only=False))} for file in (path, target)
    )
    assert there == here
    assert values(target) == values(path)
    with pytest.raises(BookError, match="holds no frozen cells"):
        unfreeze(FileBook(target))


@pytest.mark.thorough
def test_without_personal_data_no_name_is_left_and_the_numbers_stay(book, path, tmp_path):
    with book.action("Type"):
        book.write(Change(rows={"tblIntros": Rows({
            "Date": [46000.0], "Partner": ["P1"], "PartyA": ["Ada Private"], "PartyB": ["Bo Private"],
            "Note": ["told Ada Private"]}, append=True),
            "tblFollowUps": Rows({"Campaign": ["C01"], "Note": ["Private, took the sample bouquet"]}, append=True),
            "tblCustomers": Rows({"Customer": ["Cy Private"], "Note": ["resample Private"]},
                                 append=True)}))  # fmt: skip
    target = tmp_path / "copy.xlsx"
    done = share(book, target, without_personal=True)
    assert "tblIntros[PartyA]" in done.remaining.cleared
    assert "tblCustomers[Customer]" in done.remaining.cleared
    assert any("tblCampaigns[Campaign]: C02" in text for text in book.asked)
    package = zipfile.ZipFile(target)
    text = "".join(
        package.read(part).decode() for part in package.namelist() if re.match("xl/(worksheets|sharedS|charts)", part)
    )
    assert not re.search(r"Private|Person \d|Wedding planner|>K\d{3}<", text)
    assert "<c:v>0 to 10, asked</c:v>" in text, "charts keep the texts that cells still show"
    old, new = values(path), values(target)
    for place in (("ROI_ROC", "G36"), ("Pyramid", "C6"), ("Cohorts", "D9"), ("Relations", "I14"), ("Checks", "G4")):
        assert new.get(place) == old.get(place), place


def test_failed_checks_are_refused_or_said(book, path, tmp_path):
    with book.action("Type"):
        book.write(
            Change(rows={"tblFollowUps": Rows({"Campaign": ["C77"], "Orders": [1.0], "Price": [1.0]}, append=True)})
        )
    with pytest.raises(BookError, match=r"1 checks fail \(7 Every row of the log names a known campaign"):
        share(FileBook(path), tmp_path / "copy.xlsx")
    assert not (tmp_path / "copy.xlsx").exists()
    done = share(book, tmp_path / "copy.xlsx")
    assert book.asked[0].endswith("Save a copy that says so?")
    assert done.failed > 0
    assert f"CHECKS FAILED: {done.failed}" in present.shared(done)
    assert values(tmp_path / "copy.xlsx")["Start", "B8"].startswith(f"CHECKS FAILED: {done.failed}")


def test_wrong_targets(book, path, tmp_path):
    with pytest.raises(BookError, match=r"must end in \.xlsx"):
        share(book, tmp_path / "copy.xlsm")
    with pytest.raises(BookError, match="cannot be written"):
        share(book, tmp_path / "nowhere" / "copy.xlsx")
    workbook = openpyxl.Workbook()
    workbook.save(tmp_path / "own.xlsx")
    with pytest.raises(BookError, match="is the book itself"):
        share(FileBook(tmp_path / "own.xlsx"), tmp_path / "own.xlsx")

"""Share and Unfreeze in LibreOffice: a copy of what LibreOffice itself saved is right, and none overwrites a file."""

import math
import shutil
import zipfile

import pytest
from libreoffice import used
from read_books import read_book

from addin.catalogue import catalogue
from addin.files import template
from addin.template.rules import RULES
from addin.template.rules.book_reader import Opened, formulas, functions_in


@pytest.fixture
def path(tmp_path):
    return shutil.copy(template(), tmp_path / "plan.xlsm")


@pytest.fixture
def opened(office, path):
    document = office.open(path)
    yield document
    document.close(True)


@pytest.fixture
def share(office, opened, tmp_path):
    """Press Share; the copy's path and what was said."""

    def pressed(name="copy.xlsx", **given):
        target = tmp_path / name
        return target, office.press(opened, "share", Files=target.as_uri(), **given)

    return pressed


@pytest.fixture
def ours(path):
    """The cells of the template that call our functions, as another library reads them."""
    return calls(path)


def calls(path):
    found = formulas(read_book(path, data_only=False))
    return [place for place, _, text in found if functions_in(text) & catalogue().keys()]


def values(document):
    """What the sheets show; text as it is, without what a format puts around it."""
    shown = {}
    for sheet in document.Sheets:
        for down, row in enumerate(used(sheet).getDataArray()):
            shown |= {(sheet.Name, down, across): value for across, value in enumerate(row) if value != ""}
    return shown


def differing(one, other):
    return {place for place in one.keys() | other.keys() if not same(one.get(place), other.get(place))}


def same(one, other):
    numbers = isinstance(one, float) and isinstance(other, float)
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12) if numbers else one == other


ADD_IN_ANSWERS = {("Metrics", row, 2) for row in (34, 35, 36, 37)} | {("Start", 52, 2)}
"""Cells that say whether the add-in is there, C35 to C38 and their echo."""


@pytest.mark.thorough
def test_a_copy_of_what_libreoffice_saved(office, opened, share, path, ours, tmp_path):
    opened.Sheets.getByName("d_Survey").getCellRangeByName("F5").setValue(2)
    shown = values(opened)
    target, said = share(Yes=True)
    assert said == f"Saved {target}: {len(ours)} cells frozen; it opens without the add-in."
    assert not opened.isModified()
    saved = read_book(path)
    assert saved["d_Survey"]["F5"].value == 2
    assert calls(target) == []
    assert [found for rule in ("R02", "R23", "R24") for found in RULES[rule](Opened(target.read_bytes()))] == []
    package = zipfile.ZipFile(target)
    assert not [part for part in package.namelist() if "vba" in part.lower() or part.startswith("customUI")]
    assert b"macroEnabled" not in package.read("[Content_Types].xml")
    copied, recalculated = office.open(target), office.open(target)
    recalculated.calculateAll()
    try:
        assert differing(shown, values(copied)) == ADD_IN_ANSWERS
        assert differing(shown, values(recalculated)) == ADD_IN_ANSWERS
    finally:
        copied.close(True)
        recalculated.close(True)


@pytest.mark.thorough
def test_a_document_as_its_file_is_needs_no_question(share, path, ours):
    before = path.read_bytes()
    target, said = share()
    assert said.startswith(f"Saved {target}: {len(ours)} cells frozen")
    assert path.read_bytes() == before


@pytest.mark.thorough
def test_without_personal_data(share, tmp_path):
    target, said = share(WithoutPersonal=True)
    assert "tblCustomers[Customer]" in said
    package = zipfile.ZipFile(target)
    sheets = "".join(package.read(part).decode() for part in package.namelist() if "worksheets/sheet" in part)
    assert ">Customer 1<" in sheets
    rows = list(read_book(target, data_only=False)["d_Survey"].iter_rows(min_row=5, values_only=True))
    assert len(rows) > 50
    assert not any("K001" in row for row in rows)


@pytest.mark.thorough
def test_failed_checks_go_out_only_where_that_was_ticked(opened, share):
    opened.Sheets.getByName("d_Transactions").getCellRangeByName("G5").setValue(3)
    target, said = share(Yes=True)
    assert "fix them, or agree that the copy goes out" in said
    assert not target.exists()
    target, said = share(AlthoughChecksFail=True)
    assert "CHECKS FAILED" in said
    assert read_book(target, data_only=False)["Start"]["B8"].value.startswith("CHECKS FAILED")


def test_nothing_is_overwritten(share, path, tmp_path):
    (tmp_path / "copy.xlsx").write_text("mine")
    _, said = share()
    assert said == f"{tmp_path / 'copy.xlsx'} is there already; name a file that is not"
    assert (tmp_path / "copy.xlsx").read_text() == "mine"
    before = path.read_bytes()
    _, said = share("plan.xlsm")
    assert "must end in .xlsx" in said
    assert path.read_bytes() == before


@pytest.mark.thorough
def test_a_file_without_ending_gets_one(share, tmp_path):
    _, said = share("copy")
    assert said.startswith(f"Saved {tmp_path / 'copy.xlsx'}")


def test_changes_that_were_not_saved_are_not_shared(opened, share, path):
    before = path.read_bytes()
    opened.Sheets.getByName("Start").getCellRangeByName("Z1").setString("new")
    target, said = share()
    assert said == "Nothing was shared: the document has changes that its file has not."
    assert not target.exists()
    assert path.read_bytes() == before
    assert opened.isModified()


@pytest.mark.parametrize("kind", ["", "ods"])
def test_a_document_without_an_excel_file(office, kind, tmp_path):
    document = office.open()
    if kind:
        document.storeAsURL((tmp_path / f"book.{kind}").as_uri(), ())
    said = office.press(document, "share", Files=(tmp_path / "copy.xlsx").as_uri())
    document.close(True)
    assert said.endswith("is not an .xlsx or .xlsm file, of which the copy is made; save it as one first")
    assert not (tmp_path / "copy.xlsx").exists()


def test_cancelled_while_the_copy_is_made(share):
    target, said = share(CancelAt="Making the copy")
    assert said == "Cancelled; nothing was changed"
    assert not target.exists()


@pytest.mark.thorough
def test_unfreeze_brings_the_formulas_of_a_copy_back(office, opened, share, ours):
    shown = values(opened)
    target, _ = share(Yes=True)
    copy = office.open(target)
    try:
        frozen = values(copy)
        assert office.press(copy, "unfreeze") == f"{len(ours)} cells calculate again"
        copy.calculateAll()
        assert differing(shown, values(copy)) == set()
        copy.getUndoManager().undo()
        assert differing(frozen, values(copy)) == set()
    finally:
        copy.close(True)


def test_a_book_that_holds_no_frozen_cells(office, opened, path):
    assert office.press(opened, "unfreeze") == f"{path} holds no frozen cells; only a copy made by Share does"


@pytest.mark.thorough
def test_a_sheet_protected_with_a_password_is_named(office, share):
    target, _ = share()
    copy = office.open(target)
    try:
        frozen = values(copy)
        sheet = copy.Sheets.getByName("Functions")
        sheet.unprotect("")
        sheet.protect("secret")
        said = office.press(copy, "unfreeze")
        assert said == "the sheet Functions has a password; unprotect it, then try again"
        assert differing(frozen, values(copy)) == set()
        assert sheet.isProtected()
    finally:
        copy.close(True)

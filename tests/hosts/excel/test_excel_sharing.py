"""Our cells, shared copies, and what the stand-in for Excel has."""

import re
from pathlib import Path

import fake_windows
import pytest
from same_book import alike, everything

import addin.hosts.excel
from addin.actions.share import share, unfreeze
from addin.xlsx.file_book import FileBook

fake_windows.xlwings()

import fake_excel  # noqa: E402  # it needs pywin32

from addin.hosts.excel.excel_book import ExcelBook  # noqa: E402


@pytest.mark.thorough
def test_our_cells_are_found_and_texts_of_formulas_are_not(book, file):
    def places(found):
        return {cell.place: cell.formula for cell in found}

    assert places(book.calculate()) == places(file.calculate())


@pytest.mark.usefixtures("calculating")
@pytest.mark.thorough
def test_a_shared_copy_freezes_what_the_files_does(book, file, opened, excel, tmp_path):
    before = everything(opened)
    done, wanted = share(book, tmp_path / "a.xlsx"), share(file, tmp_path / "b.xlsx")
    assert (done.frozen, done.remaining, done.failed) == (wanted.frozen, wanted.remaining, wanted.failed)
    assert everything(opened) == before
    assert excel.books == [opened]
    copy, other = FileBook(tmp_path / "a.xlsx"), FileBook(tmp_path / "b.xlsx")
    assert not any("vbaProject" in part or part.startswith("customUI") for part in copy.package.parts)
    assert b"customUI" not in copy.package.part("_rels/.rels")
    assert copy.notes() == other.notes()
    shown = copy.cells("Metrics!D6:D40")
    assert alike(shown, other.cells("Metrics!D6:D40"))


@pytest.mark.thorough
def test_links_to_other_books_are_broken_in_a_copy_and_ours_is_not(book, opened, excel, tmp_path, monkeypatch):
    broken = []
    links = (r"C:\other.xlsx", r"C:\add-ins\customer_value.xlam")
    monkeypatch.setattr(fake_excel.Workbook, "LinkSources", lambda book, kind: links)
    monkeypatch.setattr(fake_excel.Workbook, "BreakLink", lambda book, name, kind: broken.append(name))
    share(book, tmp_path / "a.xlsx")
    assert broken == [links[0]]


@pytest.mark.usefixtures("calculating")
@pytest.mark.thorough
def test_unfreeze_puts_the_formulas_of_a_copy_back(book, excel, opened, tmp_path):
    formulas = {cell.place: cell.formula for cell in book.calculate()}
    share(book, tmp_path / "a.xlsx")
    excel.books.clear()
    copy = fake_excel.Workbook(excel, (tmp_path / "a.xlsx").read_bytes(), tmp_path / "a.xlsx")
    again = ExcelBook(copy)
    assert again.calculate() == []
    assert {cell.place: cell.formula for cell in unfreeze(again)} == formulas
    assert not any(name.startswith("frozen") for name in again.notes())


MODULES = ("excel_book", "function_cells", "com", "protection", "ribbon", "excel_tables")


class TestTheStandIn:
    """It has the members that the product uses, and no others."""

    CLASSES = list(fake_excel.MEMBERS)  # noqa: RUF012  # nobody changes it

    @pytest.fixture
    def used(self):
        folder = Path(addin.hosts.excel.__file__).parent
        sources = {name: (folder / f"{name}.py").read_text(encoding="utf-8")
                   for name in MODULES}  # fmt: skip
        text = "\n".join(sources.values())
        names = set(re.findall(r"\.([A-Z]\w*[a-z]\w*)\b(?<!_)", text)) | set(re.findall(r'"([A-Z][A-Za-z]+)"', text))
        return names - {"GetAsyncKeyState", "GetForegroundWindow", "Preview", "General", "DATE", "Application"}

    def test_every_member_is_used_by_the_product(self, used):
        listed = {name for members in fake_excel.MEMBERS.values() for name in members.split()}
        assert listed - used == {"Application"}

    def test_the_product_uses_no_other(self, used):
        listed = {name for members in fake_excel.MEMBERS.values() for name in members.split()}
        assert used - listed <= {"Hwnd"}

    @pytest.mark.parametrize("kind", CLASSES)
    def test_a_class_has_what_is_listed(self, kind):
        given = {name for name in vars(getattr(fake_excel, kind)) if name[0].isupper()} - {"ORDER"}
        listed = set(fake_excel.MEMBERS[kind].split())
        own = {"ScreenUpdating", "EnableEvents", "Calculation", "CalculationInterruptKey", "StatusBar", "DisplayAlerts",
               "Hwnd"}  # fmt: skip
        assert given == listed - (own if kind == "Application" else set())

    def test_another_member_fails(self, opened):
        with pytest.raises(AssertionError, match="is not on the list"):
            opened.Activate()

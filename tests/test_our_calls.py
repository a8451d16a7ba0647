"""Calls of our functions however a program wrote them, recalculated, shared and put back."""

import openpyxl
import pytest

from addin.actions.share import share, unfreeze
from addin.our_calls import calls_us, without_prefixes
from addin.xlsx.file_book import FileBook

WRITTEN = [
    "=NPS(A1:A5)", "=[1]!NPS(A1:A5)", "=_xldudf_NPS(A1:A5)", "=_xll.NPS(A1:A5)", "=_xludf.NPS(A1:A5)",
    "=customer_value.xlam!NPS(A1:A5)", r"='C:\Ann''s files\customer_value.xlam'!NPS(A1:A5)",
    "=[customer_value.xlam]!NPS(A1:A5)",
]  # fmt: skip


@pytest.mark.parametrize("formula", WRITTEN)
def test_a_prefix_is_taken_off(formula):
    assert calls_us(formula)
    assert without_prefixes(formula) == "=NPS(A1:A5)"


@pytest.mark.parametrize("formula", [
    '="[1]!NPS(A1)"&[1]!OTHER(A1)', "=XNPS(A1)", "=A.NPS(1)", "='My Sheet'!A1", "=NPS", "=SUM(A1)+[1]Sheet1!A1",
])  # fmt: skip
def test_what_calls_us_not_stays(formula):
    assert not calls_us(formula)
    assert without_prefixes(formula) == formula


def test_the_other_parts_of_a_formula_stay():
    formula = r"='My Sheet'!A1+[1]!nps('My Sheet'!B1)&" "\"'x'!NPS(1)\""
    assert without_prefixes(formula) == "='My Sheet'!A1+nps('My Sheet'!B1)&\"'x'!NPS(1)\""


def test_a_shared_copy_freezes_and_unfreezes_them_all(tmp_path):
    """Cells of ours that seemed to read another workbook were left as numbers for ever."""
    book = openpyxl.Workbook()
    for row, score in enumerate((10, 9, 8, 6, 10), 1):
        book.active.cell(row, 1, score)
    for row, formula in enumerate(WRITTEN, 1):
        book.active.cell(row, 2, formula)
    path, copy = tmp_path / "book.xlsx", tmp_path / "copy.xlsx"
    book.save(path)
    assert share(FileBook(path, ask=lambda question: True), copy).frozen == len(WRITTEN)
    shown = [openpyxl.load_workbook(copy).active.cell(row, 2).value for row in range(1, len(WRITTEN) + 1)]
    assert shown == [40] * len(WRITTEN)
    unfreeze(FileBook(copy, ask=lambda question: True))
    back = [openpyxl.load_workbook(copy).active.cell(row, 2).value for row in range(1, len(WRITTEN) + 1)]
    assert back == ["=NPS(A1:A5)"] * len(WRITTEN)

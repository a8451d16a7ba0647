"""A copy without personal data: a name in each of more than a hundred places, and none in any byte of the copy."""

import openpyxl
import planted
import pytest

from addin.actions.share import share
from addin.xlsx.file_book import FileBook

pytestmark = pytest.mark.attack("names in a copy without personal data")
MADE = {"openpyxl": planted.by_openpyxl, "XlsxWriter": planted.by_xlsxwriter}


@pytest.fixture(params=MADE)
def planted_book(request, tmp_path):
    data, names = MADE[request.param]()
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    return path, names


def test_a_hundred_places():
    assert sum(len(made()[1].places) for made in MADE.values()) > 100


def test_no_name_is_in_the_copy(planted_book, tmp_path, attacks):
    path, names = planted_book
    missing = names.places.keys() - planted.found_in(path.read_bytes(), names).keys()
    assert not missing, "not planted at all"
    share(FileBook(path, ask=lambda question: True), tmp_path / "copy.xlsx", without_personal=True)
    assert FileBook(tmp_path / "copy.xlsx").package.sheets
    openpyxl.load_workbook(tmp_path / "copy.xlsx")
    found = planted.found_in((tmp_path / "copy.xlsx").read_bytes(), names)
    attacks(len(names.places), len(names.places) - len(found))
    assert found == {}

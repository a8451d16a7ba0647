"""What the tests of this host share."""

import shutil
from importlib import import_module

import fake_windows
import pytest
from vba_chain import Chain

from addin.files import template
from addin.hosts.excel.workbook_files import add_in, with_macros
from addin.template.workbook import write_template
from addin.xlsx.file_book import FileBook


@pytest.fixture
def chain(monkeypatch):
    return Chain(monkeypatch)


@pytest.fixture(scope="session")
def workbook():
    """The template with macros, as bytes."""
    return with_macros(write_template())


@pytest.fixture(scope="session")
def xlam():
    return add_in()


@pytest.fixture
def excel():
    """The stand-in for Excel that Python works on; its cells show what they were saved with."""
    fake_windows.xlwings()
    return import_module("fake_excel").Application()


@pytest.fixture
def calculating(excel):
    """It calculates, which takes seconds."""
    excel.calculates = True


@pytest.fixture
def opened(excel, tmp_path):
    """A copy of the template, open in it."""
    return import_module("fake_excel").Workbook(excel, template().read_bytes(), tmp_path / "book.xlsm")


@pytest.fixture
def book(opened):
    """It, as actions see it; questions are answered with yes."""
    return import_module("addin.hosts.excel.excel_book").ExcelBook(opened, ask=lambda question: True)


@pytest.fixture
def file(tmp_path):
    """The same workbook as a file."""
    (tmp_path / "file").mkdir()
    return FileBook(shutil.copy(template(), tmp_path / "file" / "book.xlsm"), ask=lambda question: True)

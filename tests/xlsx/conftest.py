"""A copy of the template, as a book of the file back end."""

import shutil

import pytest

from addin.files import template
from addin.xlsx.file_book import FileBook


@pytest.fixture
def path(tmp_path):
    return shutil.copy(template(), tmp_path / "book.xlsm")


@pytest.fixture
def book(path):
    return FileBook(path)

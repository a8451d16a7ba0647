"""What the tests of this host share."""

import pytest
from vba_chain import Chain

from addin.hosts.excel.package import add_in, with_macros
from addin.template.workbook import write_template


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

"""How the tests of the metrics ask a question: raw cells in, what the cell shows out."""

import pytest
from shops import as_columns, read

from addin.calling import call
from addin.catalogue import catalogue
from addin.errors import CellError


@pytest.fixture(scope="session")
def answer():
    """What a cell shows for a function of the catalogue."""
    return lambda name, *raw: call(catalogue()[name], raw)


@pytest.fixture(scope="session")
def refuses(answer):
    """A call ends in this error value, with a reason that has these words and says which function spoke."""

    def check(name, raw, code, words):
        error = answer(name, *raw)
        assert isinstance(error, CellError), f"{name} gave {error!r}"
        assert error.code == code, error.reason
        assert error.reason.startswith(f"{name}: ")
        assert words in error.reason

    return check


@pytest.fixture(scope="session")
def cdnow():
    """The 6,919 orders of a tenth of CDNOW's customers, January 1997 to June 1998."""
    return as_columns(read("CDNOW_sample.txt", ["master", "id", "date", "cds", "value"]))

"""Every function through xlwings' own server, against arguments of every kind as COM hands them over."""

import datetime as dt
import math
from decimal import Decimal

import pytest
from any_argument import OURS, arguments, errors_in
from fake_windows import call_udf, com_error
from hypothesis import given
from hypothesis import strategies as st

from addin.catalogue import catalogue
from addin.errors import CellError

MARK = "⁠"
EXTREME = st.sampled_from([Decimal("12.3400"), Decimal("-1e30"), dt.datetime(2026, 1, 31), dt.datetime(1899, 1, 1)])


def as_com(raw):
    """Nested tuples; error values as the integers that COM makes of them."""
    if isinstance(raw, (list, tuple)):
        return tuple(map(as_com, raw))
    if isinstance(raw, CellError):
        return com_error(raw.code)
    return raw


def is_documented(value, given_errors):
    if isinstance(value, str) and value.startswith(MARK) and not value.startswith(MARK * 2):
        return value[1:] in OURS | given_errors
    return isinstance(value, (bool, str)) or (isinstance(value, float) and math.isfinite(value))


@pytest.mark.parametrize("name", catalogue())
@given(data=st.data())
def test_any_argument_gives_cells_or_a_documented_error(name, data):
    params = len(catalogue()[name].params)
    raw = data.draw(st.lists(st.one_of(arguments, EXTREME), max_size=params))
    raw += [None] * (params - len(raw))
    answer = call_udf(name, *map(as_com, raw))
    rows = answer if isinstance(answer, (list, tuple)) else [[answer]]
    cells = [cell for row in rows for cell in (row if isinstance(row, (list, tuple)) else [row])]
    assert cells
    assert all(is_documented(cell, errors_in(raw)) for cell in cells), answer

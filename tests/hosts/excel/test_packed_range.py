"""Ranges on their way from the macros to Python: in few pieces, and there the same cells again."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyopenvba.interpreter import EMPTY, VBAArray, VBAErrorValue
from vba_chain import to_com

from addin.catalogue import Kind
from addin.hosts.excel.packed_range import unpacked
from addin.hosts.excel.workbook_files import vba_sources

IN_A_CELL = "Public Function PackedHere(cells As Variant) As Variant\nPackedHere = Packed(cells)\nEnd Function\n"
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
CELL = st.one_of(
    NUMBER, st.just(EMPTY), st.text(st.characters(exclude_characters="\0", codec="utf-8")), st.booleans(),
    st.sampled_from([VBAErrorValue(2042), VBAErrorValue(2007)]),
)  # fmt: skip
"""What Value2 gives for a cell."""
BLOCK = st.tuples(st.integers(1, 6), st.integers(1, 4)).filter(lambda size: size != (1, 1)).flatmap(
    lambda size: st.lists(
        st.lists(st.one_of(CELL, NUMBER), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)  # fmt: skip


@pytest.fixture
def packed(chain):
    chain.app.add_module(
        vba_sources()["Calls"].replace("Private Function Packed(", "Public Function Packed("), name="P"
    )
    chain.app.add_module(IN_A_CELL, name="Test")

    def of(rows):
        columns = [cell for column in zip(*rows, strict=True) for cell in column]
        cells = VBAArray([(1, len(rows)), (1, len(rows[0]))], items=columns)
        return to_com(chain.app.interpreter.run("PackedHere", [cells]))

    return of


@given(rows=BLOCK)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_packed_comes_out_as_it_was(packed, rows):
    expected = [tuple(None if cell in (EMPTY, "") else to_com(cell) for cell in row) for row in rows]
    assert [tuple(cell or None if cell == "" else cell for cell in row) for row in unpacked(packed(rows), Kind.LABELS)
            ] == expected  # fmt: skip


def test_numbers_and_blanks_leave_as_one_array_and_become_one(packed):
    numbers = packed([[10.0], [EMPTY], [""], [3.0]])
    assert numbers == (1, (10.0, 0.0, 0.0, 3.0), (1, 2), (), (None,))
    assert np.array_equal(unpacked(numbers, Kind.NUMBERS), [10, np.nan, np.nan, 3], equal_nan=True)


def test_texts_leave_joined_whatever_a_heading_or_a_number_among_them(packed):
    assert packed([["a"], [7.0], [EMPTY], ["b"]]) == (1, "a\0\0\0b", (2,), (1,), (7.0,))


def test_a_heading_above_numbers_costs_no_more_than_itself(packed):
    assert packed([["Score"], [7.0], [9.0]]) == (1, (0.0, 7.0, 9.0), (), (0,), ("Score",))


@pytest.mark.parametrize(
    "raw", [3.0, "text", None, (1.0, 2.0, "x", 4.0, 5.0), ((1.0,), (2.0,)), ((1.0, 2.0, 3.0, 4.0, 5.0),)]
)
def test_what_is_not_packed_stays_as_it_is(raw):
    assert unpacked(raw, Kind.NUMBERS) is raw

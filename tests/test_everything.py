"""Every function against arguments of every kind and shape: a documented answer, never a crash."""

import math

import pytest
from any_argument import OURS, arguments, blocks, cells, errors_in
from hypothesis import given
from hypothesis import strategies as st

from addin.calling import call
from addin.catalogue import catalogue
from addin.errors import CellError


def is_documented(answer: object, given_errors: set[str]) -> bool:
    if isinstance(answer, CellError):
        return answer.code in OURS | given_errors
    if isinstance(answer, list):
        widths = {len(row) for row in answer}
        return (
            len(widths) == 1
            and widths != {0}
            and all(is_documented(cell, given_errors) for row in answer for cell in row)
        )
    return isinstance(answer, (bool, str)) or (isinstance(answer, float) and math.isfinite(answer))


@pytest.mark.parametrize("name", catalogue())
@given(data=st.data())
def test_any_argument_gives_an_answer_or_a_documented_error(name, data):
    metric = catalogue()[name]
    raw = data.draw(st.lists(arguments, max_size=len(metric.params) + 1))
    answer = call(metric, raw)
    assert is_documented(answer, errors_in(raw))
    if isinstance(answer, CellError) and answer.code in OURS - errors_in(raw):
        assert answer.reason.startswith(f"{name}: ")


@pytest.mark.parametrize("name", catalogue())
@given(data=st.data())
def test_the_same_arguments_give_the_same_answer_as_lists_and_as_tuples(name, data):
    raw = data.draw(st.lists(st.one_of(cells, blocks), max_size=len(catalogue()[name].params)))
    as_tuples = [tuple(map(tuple, argument)) if isinstance(argument, list) else argument for argument in raw]
    assert call(catalogue()[name], raw) == call(catalogue()[name], as_tuples)

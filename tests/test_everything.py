"""Every function against arguments of every kind and shape: a documented answer, never a crash."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import addin.metrics  # noqa: F401  # declares the metrics
from addin.calling import call
from addin.errors import CellError
from addin.registry import METRICS

OURS = {"#N/A", "#VALUE!", "#DIV/0!", "#NUM!"}
GIVEN = {"#REF!", "#NAME?", "#NULL!", "#SPILL!"}

numbers = st.one_of(
    st.integers(-3, 12).map(float),
    st.floats(),
    st.sampled_from(
        [0.0, -0.0, 5e-324, 1e308, -1e308, 0.02, 0.5, 1.0, 60.0, 46000.0, 2958466.0, 1e15, math.nan, math.inf]
    ),
    st.integers(-(10**30), 10**30),
)
texts = st.one_of(
    st.sampled_from(
        ["", " ", "abc", "0-10", "1-10", "LINEAR", "years", "2026-01-31", "31.1.2026", "9", "#N/A", "TRUE"]
    ),
    st.text(max_size=8),
)
errors = st.sampled_from(sorted(OURS | GIVEN)).map(CellError)
cells = st.one_of(st.none(), numbers, numbers, texts, st.booleans(), errors)
blocks = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6)
)
columns_of_numbers = st.lists(numbers.map(lambda number: [number]), min_size=1, max_size=20)
ragged = st.lists(st.lists(cells, max_size=3), max_size=4)
arguments = st.one_of(
    cells, cells, columns_of_numbers, blocks, ragged, blocks.map(lambda rows: tuple(map(tuple, rows)))
)


def is_documented(answer: object, given_errors: set[str]) -> bool:
    if isinstance(answer, CellError):
        return answer.code in OURS | given_errors
    if isinstance(answer, list):
        widths = {len(row) for row in answer}
        return len(widths) == 1 and all(is_documented(cell, given_errors) for row in answer for cell in row)
    return isinstance(answer, (bool, str)) or (isinstance(answer, float) and math.isfinite(answer))


def errors_in(raw: object) -> set[str]:
    if isinstance(raw, (list, tuple)):
        return set().union(*map(errors_in, raw)) if raw else set()
    return {raw.code} if isinstance(raw, CellError) else set()


@pytest.mark.parametrize("name", METRICS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_argument_gives_an_answer_or_a_documented_error(name, data):
    metric = METRICS[name]
    raw = data.draw(st.lists(arguments, max_size=len(metric.params) + 1))
    answer = call(metric, raw)
    assert is_documented(answer, errors_in(raw))
    if isinstance(answer, CellError) and answer.code in OURS - errors_in(raw):
        assert answer.reason.startswith(f"{name}: ")


@pytest.mark.parametrize("name", METRICS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_same_arguments_give_the_same_answer_as_lists_and_as_tuples(name, data):
    raw = data.draw(st.lists(st.one_of(cells, blocks), max_size=len(METRICS[name].params)))
    as_tuples = [tuple(map(tuple, argument)) if isinstance(argument, list) else argument for argument in raw]
    assert call(METRICS[name], raw) == call(METRICS[name], as_tuples)

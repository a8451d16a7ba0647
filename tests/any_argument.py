"""Arguments of every kind and shape, as hypothesis makes them up."""

import math

from hypothesis import strategies as st

from addin.errors import CellError

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


def errors_in(raw: object) -> set[str]:
    if isinstance(raw, (list, tuple)):
        return set().union(*map(errors_in, raw)) if raw else set()
    return {raw.code} if isinstance(raw, CellError) else set()

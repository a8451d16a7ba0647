"""An answer as it is written, in a cell or in a file, and the number that it is."""

import pytest

from addin.scores import number_in


@pytest.mark.parametrize(
    ("answer", "number"),
    [("9", 9), ("9/10", 9), ("10 / 10", 10), ("8,0", 8), ("8.5", 8.5), ("9 - very likely", 9), ("Very likely - 9", 9),
     ("Very likely (9)", 9), ("7 points", 7), ("11", 11)],
)  # fmt: skip
def test_an_answer(answer, number):
    assert number_in(answer) == number


@pytest.mark.parametrize("answer", ["very likely", "9 of 10", "How likely is it, from 0 to 10?", "9?", "-1", ""])
def test_what_is_no_answer(answer):
    assert number_in(answer) is None

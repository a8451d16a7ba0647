"""An answer as it is written, in a cell or in a file, and the score that it is."""

import pytest

from addin.errors import OffScale, WrongKind
from addin.scores import score_of


@pytest.mark.parametrize(
    ("answer", "score"),
    [(0.0, 0), (10.0, 10), ("9", 9), ("9/10", 9), ("10 / 10", 10), ("8,0", 8), ("9 - very likely", 9), ("7 points", 7)],
)
def test_an_answer(answer, score):
    assert score_of(answer) == score


@pytest.mark.parametrize(("answer", "lowest"), [(8.5, 0), ("8,5", 0), (11.0, 0), (-1.0, 0), (0.0, 1), ("0/10", 1)])
def test_an_answer_off_the_scale(answer, lowest):
    with pytest.raises(OffScale, match=f"from {lowest} to 10 is needed"):
        score_of(answer, lowest)


@pytest.mark.parametrize("answer", ["very likely", "9 of 10", "How likely is it, from 0 to 10?", "9?", ""])
def test_what_is_no_answer(answer):
    with pytest.raises(WrongKind, match="write it as 9"):
        score_of(answer)

"""What counts as an answer to 'how likely are you to recommend us', in a cell and in a file."""

from __future__ import annotations

import re

_POINTS = "points?|pts?|punkte?|puntos?|pont|pistettä|баллов|балла?"
_NUMBER = "([0-9]+(?:[.,][0-9]+)?)"
_ANSWER = re.compile(
    rf"{_NUMBER}\s*(?:/\s*10|[-–—:=.)]\s*[^\W\d].*|\([^\W\d][^0-9]*\)|{_POINTS})?|[^\W\d][^0-9]*[-–—:=(]\s*{_NUMBER}\)?",
    re.IGNORECASE | re.DOTALL,
)


def number_in(answer: str) -> float | None:
    """The number in an answer such as 9, 9/10, "9 - very likely", "Very likely - 9" or "9 points"; else nothing.

    What ends in a question mark is the question, whatever its number.
    """
    found = None if answer.rstrip().endswith("?") else _ANSWER.fullmatch(answer.strip())
    return float((found[1] or found[2]).replace(",", ".")) if found else None


def off_scale_sentence(found: float, lowest: int) -> str:
    """What is said of a number that is no answer, here and in the reader of files."""
    return (
        f"a whole answer from {lowest} to 10 is needed, {found:g} was found; correct it or name the scale that was "
        "asked"
    )

"""What counts as an answer to 'how likely are you to recommend us', in a cell and in a file."""

from __future__ import annotations

import re

MOST_POINTS, MOST_STARS = 10, 5
"""The best answer to the question of recommendation, and of those who give stars instead."""
_POINTS = "points?|pts?|punkte?|puntos?|pont|pistettä|баллов|балла?"
_NUMBER = "([0-9]+(?:[.,][0-9]+)?)"
_SCALE = re.compile(r"\b([01])\s*(?:[-–—]|to|bis|a|à|до)\s*([3-9]|10|100)\b", re.IGNORECASE)
_ANSWER = re.compile(
    rf"{_NUMBER}\s*(?:(?:/|out of)\s*10|[-–—:=.)]\s*[^\W\d].*|\([^\W\d][^0-9]*\)|{_POINTS})?|"
    rf"[^\W\d][^0-9]*[-–—:=(]\s*{_NUMBER}\)?",
    re.IGNORECASE | re.DOTALL,
)


def number_in(answer: str) -> float | None:
    """The number in an answer such as 9, 9/10, "9 out of 10", "9 - very likely" or "Very likely - 9"; else nothing.

    What ends in a question mark is the question, whatever its number.
    """
    found = None if answer.rstrip().endswith("?") else _ANSWER.fullmatch(answer.strip())
    return float((found[1] or found[2]).replace(",", ".")) if found else None


def scale_named(question: str) -> tuple[int, int] | None:
    """The lowest and the highest answer that a question names, as (1 to 5) does; nothing where it names none."""
    found = _SCALE.search(question)
    return (int(found[1]), int(found[2])) if found else None


def off_scale_sentence(found: float, lowest: int) -> str:
    """What is said of a number that is no answer, here and in the reader of files."""
    return (
        f"a whole answer from {lowest} to 10 is needed, {found:g} was found; correct it or name the scale that was "
        "asked"
    )

"""How wide a text is in the book's font, and how many lines it takes."""

from __future__ import annotations

import unicodedata
from functools import cache
from math import ceil

COUNTED_SIZE, BOLD = 10, 1.08
"""The size in which letters are counted, and how much wider bold ones are."""
UNIT, PADDING, INDENT = 7, 5, 9
"""Pixels of a unit of a column's width, beside a text, and of a step of its indent."""


def text_width(text: str, size: float = COUNTED_SIZE, *, bold: bool = False) -> float:
    """How many pixels a text is wide."""
    return _letters(text) * size / COUNTED_SIZE * (BOLD if bold else 1)


def lines_needed(text: str, room: float, size: float = COUNTED_SIZE, *, bold: bool = False) -> int:
    """How many lines a text takes in so many pixels; a word that is too long for one goes on in the next."""
    lines, space = 0, text_width(" ", size, bold=bold)
    for paragraph in text.splitlines():
        lines, end = lines + 1, 0.0
        for word in paragraph.split():
            wide = text_width(word, size, bold=bold)
            if end and end + wide > room:
                lines, end = lines + 1, 0.0
            further = ceil(wide / room) - 1
            lines, end = lines + further, end + wide - further * room + space
    return lines


@cache
def _letters(text: str) -> int:
    """The width in the counted size, accents left out: Arial of 10 points is as wide as Calibri of 11."""
    from xlsxwriter.utility import xl_pixel_width

    letters = (each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    return int(xl_pixel_width("".join(letters)))

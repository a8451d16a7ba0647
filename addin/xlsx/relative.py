"""Formulas in relative form: each reference says how far it is from the formula's own cell.

All cells of a column or row that was filled with one formula have the same, so what is true of it is found out once.
"""

from __future__ import annotations

import re
from functools import lru_cache

from addin.values import LAST_COLUMN, LAST_ROW, column_letters, column_number

MARK = "\x01"
"""Around a reference in relative form; it cannot stand in a formula, since XML does not hold it."""
_REFERENCE = re.compile(
    r""""[^"]*"|'[^']*'|\[(?:[^\[\]]|\[[^\[\]]*\])*\]|(?<![\w.$\\])(?:"""
    r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})(?![\w.(!\[])"
    r"|(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})(?![\w.(!\[])"
    r"|(\$?)([0-9]{1,7}):(\$?)([0-9]{1,7})(?![\w.(!\[]))"
)
"""Also matches texts, quoted names and brackets, which only look as if they held references."""


def relative(formula: str, row: int, column: int) -> str:
    """The relative form of the formula of a cell."""

    def step(fixed: str, to: int, here: int) -> str:
        return f"${to}" if fixed else str(to - here)

    def moved(match: re.Match[str]) -> str:
        fixed, letters, fixed_row, digits = match.group(1, 2, 3, 4)
        if letters:
            across, down = column_number(letters), int(digits)
            if across > LAST_COLUMN or not 0 < down <= LAST_ROW:
                return match[0]
            return f"{MARK}{step(fixed, across, column)},{step(fixed_row, down, row)}{MARK}"
        if match[6]:
            first, last = (step(match[i], column_number(match[i + 1]), column) for i in (5, 7))
            return f"{MARK}{first},{MARK}:{MARK}{last},{MARK}"
        if match[10]:
            first, last = (step(match[i], int(match[i + 1]), row) for i in (9, 11))
            return f"{MARK},{first}{MARK}:{MARK},{last}{MARK}"
        return match[0]

    return _REFERENCE.sub(moved, formula)


def written(form: str, row: int, column: int) -> str:
    """A formula in relative form as the cell in a row and column has it."""
    template, steps, highest, lowest = _in_column(form, column)
    if row + highest < 1 or row + lowest > LAST_ROW:
        return "".join(_beyond(form, row, column))
    return template % tuple([row + step for step in steps])


@lru_cache(4096)
def _in_column(form: str, column: int) -> tuple[str, list[int], int, int]:
    """A form in one column: a template with a %d for each row that moves, and how far away these are: each, the
    highest and the lowest."""
    texts = form.replace("%", "%%").split(MARK)
    steps = []
    for place in range(1, len(texts), 2):
        across, _, down = texts[place].partition(",")
        letters = _letters(across, column)
        if letters is None:
            texts[place] = "#REF!"
        elif not down or down[0] == "$":
            texts[place] = letters + down
        else:
            texts[place] = letters + "%d"
            steps.append(int(down))
    return "".join(texts), steps, min(steps, default=0), max(steps, default=0)


def _beyond(form: str, row: int, column: int) -> list[str]:
    """The parts of a formula of which a reference leads out of the sheet."""
    texts = form.split(MARK)
    for place in range(1, len(texts), 2):
        across, _, down = texts[place].partition(",")
        letters = _letters(across, column)
        if down and down[0] != "$":
            down = str(row + int(down))
        lost = letters is None or (down and not 0 < int(down.lstrip("$")) <= LAST_ROW)
        texts[place] = "#REF!" if lost else f"{letters}{down}"
    return texts


def _letters(across: str, column: int) -> str | None:
    if not across:
        return ""
    if across[0] == "$":
        return "$" + column_letters(int(across[1:]))
    number = column + int(across)
    return column_letters(number) if 0 < number <= LAST_COLUMN else None

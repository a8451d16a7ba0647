"""Ranges as the macros pack them: a few arrays, since COM takes its time over each value that it hands over."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeGuard

import numpy as np

from addin.arguments import ARRAY_KINDS
from addin.catalogue import Kind

SEPARATOR = "\0"
"""Stands between joined texts; no cell can hold it."""
Places: TypeAlias = tuple[int, ...]
Packed: TypeAlias = tuple[int, tuple[float, ...] | str, Places, Places, tuple[object, ...]]
"""Columns, the numbers or the joined texts, the places of blanks and of all other cells, and what the last hold."""


def unpacked(raw: object, kind: Kind) -> object:
    """An argument as rows of cells, or as an array of numbers where the parameter takes one; others as they are."""
    if not _is_packed(raw):
        return raw
    columns, content, blanks, places, others = raw
    if isinstance(content, str):
        cells: list[Any] = content.split(SEPARATOR)
    elif not places and kind in ARRAY_KINDS:
        numbers = np.array(content, dtype=np.float64)
        numbers[list(blanks)] = np.nan
        return numbers
    else:
        cells = list(content)
    for place in blanks:
        cells[place] = None
    for place, value in zip(places, others, strict=False):  # others has room to spare
        cells[place] = value
    return list(zip(*[iter(cells)] * columns, strict=True))


def _is_packed(raw: object) -> TypeGuard[Packed]:
    """Whether an argument is a packed range: one flat row that holds rows itself, as no row of cells does."""
    return isinstance(raw, tuple) and len(raw) == 5 and isinstance(raw[2], tuple) and not isinstance(raw[0], tuple)

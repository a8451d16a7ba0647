"""One cell's XML: found, and written with another value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from addin.values import column_letters, column_number
from addin.xlsx.addresses import address, area_text
from addin.xlsx.cells import NewValue, encoded
from addin.xlsx.plain_xml import FORMULA_AND_VALUE
from addin.xlsx.scanner import (
    cell_text,
    element,
    escaped_cell_text,
    with_attribute,
    with_attributes,
    without_attribute,
)

FORMULA, VALUE, INLINE, TEXT, _PHONETIC = element("f"), element("v"), element("is"), element("t"), element("rPh")
CELL = element("c", rb"(?:\s+r=\"(?P<letters>[A-Z]{1,3})(?P<digits>[0-9]{1,7})\")?+")
"""A cell's place, where it comes first, as all known programs write it, is found with the cell."""


@cache
def column_of(letters: bytes) -> int:
    """The number of a column."""
    return column_number(letters.decode())


def rich_text(content: bytes) -> str:
    """The text of an inline string or of an entry in the list of texts, without its phonetic guides."""
    return "".join(cell_text(match["inside"] or b"") for match in TEXT.finditer(_PHONETIC.sub(b"", content)))


def edited(row: bytes, number: int, new: Mapping[int, NewValue]) -> bytes | None:
    """The row with cells replaced, or added behind its last one; None where it is not written as most programs do."""
    for column, value in sorted(new.items()) if len(new) > 1 else new.items():
        at = row.find(b'<c r="%s%d"' % (column_letters(column).encode(), number))
        cell = CELL.match(row, at if at >= 0 else max(row.rfind(b"<c "), 0))
        if cell is None or cell["letters"] is None or (at < 0 and column_of(cell["letters"]) > column):
            return None
        now = replaced(cell, "", value) if at >= 0 else cell[0] + new_cell("", number, column, value)
        row = row[: cell.start()] + now + row[cell.end() :]
    return row


def replaced(cell: re.Match[bytes], prefix: str, new: NewValue) -> bytes:
    """A cell with another value; its formula stays, and what else it holds."""
    inside, more = cell["inside"] or b"", cell["more"]
    place = cell[1][: len(cell[1]) - len(more)]
    if new.keeps_formula and new.area is None and not prefix and FORMULA_AND_VALUE.fullmatch(inside):
        kind, content = encoded(new.value)
        kept = inside[: inside.index(b"</f>") + 4]
        return b"<c%s%s%s>%s%s</c>" % (place, _without_kind(more), kind, kept, content)
    formula = FORMULA.search(inside)
    kept = formula[0] if formula and new.keeps_formula else b""
    if new.formula:
        kept = f"<{prefix}f>{escaped_cell_text(new.formula)}</{prefix}f>".encode()
    if new.area is not None and (now := FORMULA.search(kept)):
        kept = _with_area(now, area_text(new.area).encode())
    constant = not new.keeps_formula and not new.formula
    kind, content = encoded(new.value, prefix, constant=constant)
    said = place + _without_kind(more)
    if constant:
        said = without_attribute(without_attribute(said, b"cm"), b"vm")
    before, after = (inside[: formula.start()], inside[formula.end() :]) if formula else (b"", inside)
    after, values = VALUE.subn(lambda _: content, INLINE.sub(b"", after), count=1)
    tag = f"{prefix}c".encode()
    return b"".join((b"<", tag, said, kind, b">", before, kept, after if values else content + after, b"</", tag, b">"))


@lru_cache(4096)
def _without_kind(attributes: bytes) -> bytes:
    return without_attribute(attributes, b"t")


def _with_area(formula: re.Match[bytes], area: bytes) -> bytes:
    """The formula as an array formula over an area."""
    return with_attributes(formula, with_attribute(with_attribute(formula[1], b"t", b"array"), b"ref", area))


def new_cell(prefix: str, row: int, column: int, new: NewValue) -> bytes:
    """A cell that the row did not have."""
    place = address(row, column)
    if new.keeps_formula and new.area is None and not new.formula:
        kind, content = encoded(new.value, prefix)
        return f'<{prefix}c r="{place}"'.encode() + kind + b">" + content + f"</{prefix}c>".encode()
    blank = CELL.match(f'<{prefix}c r="{place}"/>'.encode())
    assert blank is not None
    return replaced(blank, prefix, new)

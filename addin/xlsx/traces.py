"""Where in a workbook file somebody is still named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from addin.errors import BookError
from addin.values import LAST_COLUMN, customer_key
from addin.xlsx.addresses import address
from addin.xlsx.package import Package
from addin.xlsx.scanner import cell_text, normal

MOST = 20
"""Cells of a sheet that are named one by one."""


def traces(package: Package, person: str) -> list[str]:
    """The cells that show an id or mention it, and the other parts that do; a number is looked for in cells alone."""
    key, has_letters = customer_key(person), re.search(r"[^\W\d_]", person) is not None
    mention = re.compile(rf"(?<!\w){re.escape(person.strip())}(?!\w)", re.IGNORECASE)
    found: list[str] = []
    for sheet in package.sheets:
        cells = [
            at
            for at, value in _cells(package, sheet)
            if customer_key(value) == key or (has_letters and isinstance(value, str) and mention.search(value))
        ]
        found += [f"{sheet}!{at}" for at in cells[:MOST]]
        found += [f"{len(cells) - MOST:,} more cells of {sheet}"] if len(cells) > MOST else []
    if has_letters:
        parts = set(package.parts) - set(package.sheets.values())
        found += [f"the part {part}" for part in sorted(parts) if _mentions(package.part(part), part, mention)]
    return found


def _cells(package: Package, sheet: str) -> Iterator[tuple[str, object]]:
    """The cells of a sheet that show something."""
    xml = package.sheet(sheet)
    for row in xml.rows:
        (shown,) = xml.values((row, 1, row, LAST_COLUMN), package.texts)
        yield from ((address(row, column), value) for column, value in enumerate(shown, 1) if value is not None)


def _mentions(data: bytes, part: str, mention: re.Pattern[str]) -> bool:
    """Whether a part mentions somebody, in whatever letters it is written."""
    try:
        texts = [cell_text(normal(data, part))]
    except BookError:  # no XML
        texts = [data.decode(encoding, "replace") for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    return any(mention.search(text) for text in texts)

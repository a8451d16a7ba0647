"""The currency of a table's amounts: one, which the book remembers."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from addin.actions.book import Book, value_of
from addin.errors import BookError
from addin.schema import schemas

if TYPE_CHECKING:
    from addin.actions.load_plan import Preview

NOTE = "currency "
"""What the note begins with that remembers in which currency a table's amounts are."""
LABEL = "in_Currency"
"""The cell by which the sheets call amounts."""
CODE = re.compile("[A-Z]{3}")
COMPARED = {"tblTransactions": "tblCampaigns", "tblCampaigns": "tblTransactions"}
"""Tables of which one's amounts are divided by those of the other."""


def refuse_several(path: Path, heading: str, currencies: Counter[str]) -> None:
    """A BookError where a file's amounts are in several currencies."""
    if len(currencies) > 1:
        counted = " and ".join(f"{name} ({count:,})" for name, count in currencies.most_common())
        (name, _), *_ = currencies.most_common()
        raise BookError(f"{path}: {heading} is in {counted}, which cannot be added up; load "
                        f"one currency at a time, such as --where Currency={name}")  # fmt: skip


def check_currency(book: Book, found: Preview) -> None:
    """Refuse files in several currencies, or in another one than the rows that stay or that they are compared with."""
    there = book.notes().get(f"{NOTE}{found.table}", "") if found.append and found.there > found.sample else ""
    others = [name for name in found.currencies if name != there] if there else list(found.currencies)[1:]
    if others:
        both = f"{there or next(iter(found.currencies))} and in {others[0]}"
        way = "replace the rows there" if found.remembers is None else f"empty {schemas()[found.table].sheet} first"
        raise BookError(f"{found.table} would hold amounts in {both}, which cannot be added up; load one currency "
                        f"alone, or {way}")  # fmt: skip
    other = COMPARED.get(found.table, "")
    against = book.notes().get(f"{NOTE}{other}", "")
    if against and found.currencies and against not in found.currencies and _has_own_rows(book, other):
        raise BookError(f"{schemas()[other].sheet} holds amounts in {against}, and these are in "
                        f"{next(iter(found.currencies))}, so that no return could be told; convert them into {against} "
                        f"first, or empty {schemas()[other].sheet}")  # fmt: skip


def label_amounts(book: Book, found: Preview) -> None:
    """Let the book call its amounts by the currency that the files name, and not by the code of another one."""
    label, name = value_of(book, LABEL), next(iter(found.currencies), "")
    if name and isinstance(label, str) and CODE.fullmatch(label) and label != name:
        found.cells[LABEL] = name
        found.notes.append(f"Inputs says that amounts are in {label}; it will say {name}")


def _has_own_rows(book: Book, name: str) -> bool:
    table = book.table(name)
    return any(not schemas()[name].is_sample(table.columns, index) for index in table.rows)

"""Which rows of a file are right, and which are in the table or in another file already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from addin.actions.book import Book, Table, Value, text_of
from addin.actions.pick_lists import campaigns_by_name, pick_lists
from addin.schema import Column, ColumnKind, OneOf, schemas
from addin.tabular import NotRead
from addin.values import customer_key, is_day, moment

SEEN = 10_000
"""So many values are kept in mind with what was found of them."""
ANOTHER = " with another "
"""What stands before a column in which a row differs from the one that it repeats."""
Row = Mapping[str, Value | NotRead]


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that is not loaded: where it stands, the column at fault, and why."""

    place: str
    column: str
    reason: str
    change: str = ""
    """What the file says of a row that is there with other values: order 1 Price 100 → 70."""


class Checker:
    """Tells new rows from those that are there already, and from wrong ones."""

    def __init__(self, book: Book, table: Table, wanted: Mapping[str, Column], append: bool) -> None:
        self.wanted = wanted
        self.lists = pick_lists(book, table.name)
        self.campaigns = campaigns_by_name(book) if "Campaign" in wanted and table.name != "tblCampaigns" else {}
        self.key = [name for name in schemas()[table.name].key if name in wanted] if table.name in schemas() else []
        self._keyed: dict[tuple[str, ...], tuple[str, Row]] = {}
        self._others: list[tuple[str, Row]] = []
        self._names: Collection[str] = wanted
        self._alike: dict[tuple[str, ...], list[str]] = {}
        kept = lru_cache(SEEN, typed=True)  # since most values stand in many rows
        self._fault_of = kept(lambda name, value: self.wanted[name].fault(value, self.lists))
        self._in_words_of = kept(lambda name, value: self.wanted[name].in_words_of(value, self.lists))
        self._worded = {name for name, column in wanted.items() if column.is_id or isinstance(column.rule, OneOf)}
        for index in table.rows if append else ():
            row = {name: table.columns[name][index] for name in wanted}
            self.accept(row, table.place(self.key[0] if self.key else next(iter(wanted)), index))
        self._in_table = frozenset(self._keyed)

    def begin_file(self, names: Collection[str]) -> None:
        """From here on rows come of a file that has these columns; those before them may be repeated in it."""
        self._names, self._alike = names, {}
        for place, row in self._others:
            self._alike.setdefault(_texts(row, names), []).append(place)

    def accept(self, row: Row, place: str) -> None:
        """Remember a row that is there, or is new."""
        key = _texts(row, self.key)
        if any(key):
            self._keyed.setdefault(key, (place, row))
        else:
            self._others.append((place, row))

    def fault(self, row: Row) -> tuple[str, str]:
        """The column at fault and the reason; nothing for a right row."""
        for name in self.wanted:
            value = row.get(name)
            if isinstance(value, NotRead):
                return name, f"{name} must be {value.wanted}, and '{value.text}' was found"
            if reason := self._fault_of(name, value):
                return name, reason
        return "", ""

    def in_words_of(self, row: Row) -> dict[str, Value]:
        """What can be read of a row, as the pick lists of the book call it."""
        return {
            name: self._in_words_of(name, value) if name in self._worded else value
            for name, value in row.items()
            if not isinstance(value, NotRead)
        }

    def repeats(self, row: Row) -> tuple[str, str]:
        """What is the same and where it stands, in the table or in a file before, and what the row would change in the
        table; nothing for a new row. What is blank in the row changes nothing.

        Rows without what tells rows apart are the same where all their cells are, each as often as it is there.
        """
        key = _texts(row, self.key)
        if any(key):
            if key not in self._keyed:
                return "", ""
            place, before = self._keyed[key]
            others = [name for name in self._names if _text(row.get(name)) not in ("", _text(before.get(name)))]
            told = f"{ANOTHER}{others[0]}" if others else ""
            changes = ", ".join(f"{name} {self._shown(before, name)} → {self._shown(row, name)}" for name in others)
            named = " ".join(self._shown(row, name) for name in self.key)
            return (
                f"the same {' and '.join(self.key)} stands in {place}{told}",
                f"{self.key[0].lower()} {named} {changes}" if changes and key in self._in_table else "",
            )
        alike = self._alike.get(_texts(row, self._names))
        return (f"the same row stands in {alike.pop(0)}", "") if alike else ("", "")

    def _shown(self, row: Row, name: str) -> str:
        value = row.get(name)
        if isinstance(value, float) and self.wanted[name].kind is ColumnKind.DATE and is_day(value):
            return moment(value).date().isoformat()
        return "" if isinstance(value, NotRead) else text_of(value)

    def is_known(self, row: Row) -> bool:
        """Whether a row with the same id is there."""
        return _texts(row, self.key) in self._keyed


def _text(value: Value | NotRead) -> str:
    return "" if isinstance(value, NotRead) else customer_key(value) or ""


def _texts(row: Row, names: Collection[str]) -> tuple[str, ...]:
    return tuple(_text(row.get(name)) for name in names)

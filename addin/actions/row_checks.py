"""Which rows of a file are right, and which are in the table or in another file already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from addin.actions.book import Book, Table, Value, text_of
from addin.actions.pick_lists import pick_lists
from addin.schema import Column, schemas
from addin.tabular import NotRead

Row = Mapping[str, Value | NotRead]


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that is not loaded: where it stands, the column at fault, and why."""

    place: str
    column: str
    reason: str


class Checker:
    """Tells new rows from those that are there already, and from wrong ones."""

    def __init__(self, book: Book, table: Table, wanted: Mapping[str, Column], append: bool) -> None:
        self.wanted = wanted
        self.lists = pick_lists(book, table.name)
        self.key = [name for name in schemas()[table.name].key if name in wanted] if table.name in schemas() else []
        self._keyed: dict[tuple[str, ...], tuple[str, Row]] = {}
        self._others: list[tuple[str, Row]] = []
        self._names: Collection[str] = wanted
        self._alike: dict[tuple[str, ...], list[str]] = {}
        for index in table.rows if append else ():
            row = {name: table.columns[name][index] for name in wanted}
            self.accept(row, table.place(self.key[0] if self.key else next(iter(wanted)), index))

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
        for name, rule in self.wanted.items():
            value = row.get(name)
            if isinstance(value, NotRead):
                return name, f"{name} must be {value.wanted}, and '{value.text}' was found"
            if reason := rule.fault(value, self.lists):
                return name, reason
        return "", ""

    def repeats(self, row: Row) -> str:
        """What is the same and where it stands, in the table or in a file before; nothing for a new row.

        Rows without what tells rows apart are the same where all their cells are, each as often as it is there.
        """
        key = _texts(row, self.key)
        if any(key):
            if key not in self._keyed:
                return ""
            place, before = self._keyed[key]
            other = next((name for name in self._names if _text(row.get(name)) != _text(before.get(name))), "")
            return f"the same {' and '.join(self.key)} stands in {place}{f' with another {other}' if other else ''}"
        alike = self._alike.get(_texts(row, self._names))
        return f"the same row stands in {alike.pop(0)}" if alike else ""

    def is_known(self, row: Row) -> bool:
        """Whether a row with the same id is there."""
        return _texts(row, self.key) in self._keyed


def _text(value: Value | NotRead) -> str:
    return "" if isinstance(value, NotRead) else text_of(value).casefold()


def _texts(row: Row, names: Collection[str]) -> tuple[str, ...]:
    return tuple(_text(row.get(name)) for name in names)

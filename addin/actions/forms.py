"""The forms in which a user types one row: what they ask for, and what was typed as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from addin.actions.book import Book, Value, text_of, value_of
from addin.actions.cell_kinds import as_kind
from addin.actions.entries import (
    AddedCampaign,
    Introduced,
    Logged,
    WrongRow,
    log_follow_up,
    log_introduction,
    new_campaign,
)  # fmt: skip
from addin.actions.pick_lists import pick_lists
from addin.schema import Column, ColumnKind, typed_columns
from addin.tabular import Habits, NotRead

NOT_KNOWN = Habits()
"""Where nobody says how the user writes numbers and dates: what can be read two ways is asked about."""
Entered: TypeAlias = AddedCampaign | Logged | Introduced
"""What came of a row."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its title, the table that the row goes to, and what enters it."""

    title: str
    table: str
    enter: Callable[[Book, Mapping[str, Value]], Entered]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it asks for, as the table declares them."""
        return tuple(name for name, column in typed_columns(self.table).items() if column.asked)


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form."""

    name: str
    required: bool
    choices: list[str]
    value: str
    """What stands in it at first."""


def form_fields(book: Book, form: Form) -> list[FormField]:
    """The fields of a form, as they first show; a BookError where the book has no such table."""
    book.table(form.table)
    lists, columns = pick_lists(book, form.table), typed_columns(form.table)
    found = []
    for name in form.columns:
        column = columns[name]
        value = date.today().isoformat() if column.kind is ColumnKind.DATE and column.required else ""
        if name == "Campaign":
            value = text_of(value_of(book, "in_Campaign"))
        items = sorted(lists.get(column.list_name, ()))
        choices = ["", *items] if items and not column.required else items
        found.append(FormField(name, column.required, choices, value))
    return found


def enter(book: Book, form: Form, texts: Mapping[str, str], habits: Habits = NOT_KNOWN) -> Entered:
    """Enter what was typed, and give what came of it; WrongRow says by column what cannot be.

    `habits` is how the user writes numbers and dates: 2.125 is two and an eighth in English and 2125 in German.
    """
    columns, there = typed_columns(form.table), book.table(form.table).columns
    row: dict[str, Value] = {}
    unclear: dict[str, str] = {}
    for name in form.columns:
        row[name], other = _read(columns[name], texts.get(name, ""), habits)
        if other is not None and _disagrees(row[name], other, there.get(name, [])):
            unclear[name] = _both(columns[name], texts[name], row[name], other)
    if unclear:
        raise WrongRow(unclear)
    return form.enter(book, row)


def _read(column: Column, text: str, habits: Habits) -> tuple[Value, Value]:
    """What was typed as its column holds it, and what else it could be, if it can be read two ways.

    A text that is no such thing stays as it is, for the column to refuse. Where the user's habit is not known, what it
    could be stands on both sides.
    """
    typed = text.strip() or None
    (value,) = as_kind([typed], column.kind, habits).values
    unclear = as_kind([typed], column.kind).unclear
    if isinstance(value, NotRead) or unclear is None:
        return (value.text if isinstance(value, NotRead) else value), None
    both = [one for way in unclear.ways for one in as_kind([typed], column.kind, way=way).values]
    (other,) = [one for one in both if one != value]
    unknown = habits.month_first is None if column.kind is ColumnKind.DATE else not habits.decimal and "." in text
    return (None if unknown else value), (other if not isinstance(other, NotRead) else None)


def _disagrees(value: Value, other: Value, there: Sequence[Value]) -> bool:
    """Whether a reading is not known, or lies outside what its column holds where the other one lies inside."""
    numbers = [cell for cell in there if isinstance(cell, float)]
    inside = [
        isinstance(one, float) and bool(numbers) and min(numbers) <= one <= max(numbers) for one in (value, other)
    ]
    return value is None or inside == [False, True]


def _both(column: Column, text: str, value: Value, other: Value) -> str:
    """What to write instead of a text that can be read two ways."""
    if value is None:
        unclear = as_kind([text.strip()], column.kind).unclear
        both = " or ".join(unclear.ways.values()) if unclear else ""
        day = column.kind is ColumnKind.DATE
        clearly = (
            "as year-month-day, such as 2026-12-31" if day else "without the point, or with more or fewer decimals"
        )
        return f"{column.name}: {text} could be {both}; write it {clearly}"
    return (f"{column.name}: {text} is {value:.15g} as you write numbers, and the others in {column.name} are more "
            f"like {other:.15g}; write it without a mark between thousands")  # fmt: skip


FORMS = {
    "new_campaign": Form("New campaign", "tblCampaigns", new_campaign),
    "log_follow_up": Form("Log follow-up", "tblFollowUps", log_follow_up),
    "log_introduction": Form("Log introduction", "tblIntros", log_introduction),
}
"""The forms by the names of their buttons."""

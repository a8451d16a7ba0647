"""The forms in which a user types one row: what they ask for, and what was typed as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from addin.actions.book import Book, Value, text_of, value_of
from addin.actions.entries import AddedCampaign, Introduced, Logged, log_follow_up, log_introduction, new_campaign
from addin.actions.pick_lists import pick_lists
from addin.actions.reading import as_kind
from addin.schema import Column, ColumnKind, typed_columns
from addin.tabular import NotRead

Entered: TypeAlias = AddedCampaign | Logged | Introduced
"""What came of a row."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its title, the table that the row goes to, the columns that it asks for, and what enters them."""

    title: str
    table: str
    columns: tuple[str, ...]
    enter: Callable[[Book, Mapping[str, Value]], Entered]


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
        value = date.today().isoformat() if column.kind is ColumnKind.DATE else ""
        if name == "Campaign":
            value = text_of(value_of(book, "in_Campaign"))
        items = sorted(lists.get(column.list_name, ()))
        choices = ["", *items] if items and not column.required else items
        found.append(FormField(name, column.required, choices, value))
    return found


def enter(book: Book, form: Form, texts: Mapping[str, str]) -> Entered:
    """Enter what was typed, and give what came of it; WrongRow says by column what cannot be."""
    columns = typed_columns(form.table)
    return form.enter(book, {name: _value(columns[name], texts[name]) for name in form.columns})


def _value(column: Column, text: str) -> Value:
    """What was typed as its column holds it; a text that is no such thing stays as it is, for the column to refuse."""
    typed = text.strip() or None
    (value,) = as_kind([typed], column.kind).values
    return value.text if isinstance(value, NotRead) else value


FORMS = {
    "new_campaign": Form(
        "New campaign", "tblCampaigns", ("Name", "Start", "Budget", "Reach", "Price", "Channel"), new_campaign
    ),
    "log_follow_up": Form(
        "Log follow-up", "tblFollowUps",
        ("Campaign", "Date", "Type", "Contacted", "Orders", "Price", "Cost", "Note"), log_follow_up,
    ),
    "log_introduction": Form(
        "Log introduction", "tblIntros",
        ("Date", "Partner", "PartyA", "PartyB", "Minutes", "Background", "Outcome", "Value", "CameBack", "Note"),
        log_introduction,
    ),
}  # fmt: skip
"""The forms by the names of their buttons."""

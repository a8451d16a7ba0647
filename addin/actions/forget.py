"""Forget: one person's rows, answers and names are taken out of a book for good, their totals only where wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from addin.actions.book import Book, Cancelled, Change, Question, Rows, Table, Value, text_of
from addin.actions.calculated_columns import fill_long_tables
from addin.actions.forecast import forecast
from addin.actions.source_refresh import SOURCES
from addin.errors import BookError
from addin.files import settings_folder
from addin.schema import Column, ColumnKind, schemas
from addin.values import customer_key

DELETED = "deleted"
"""Who has the orders and answers of a person whose totals are kept; the next one is deleted 2."""
PERSONS = ("Customer", "Partner", "Partner name")
"""What columns number that say whose row it is."""


class ErasableBook(Book, Protocol):
    """A book that can lose something for good."""

    def erasing(self) -> AbstractContextManager[object]:
        """An action of which nothing stays: no way back, no text that no cell shows, none of what a killed one left."""

    def traces(self, person: str) -> list[str]:
        """Where in the file somebody is still named."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was taken out, and where somebody may still be named."""

    person: str
    rows: dict[str, int]
    """Table to how many of its rows went, or name nobody any more."""
    mentions: int
    """Cells that were cleared since they mention the person."""
    kept_as: str
    """The name under which the totals stay; empty where they went."""
    traces: list[str]
    sources: list[str]
    """Where the rows came from, and would come from again."""


def forget(book: ErasableBook, person: str, *, keep_totals: bool = False) -> Forgotten:
    """Take a customer, partner or party out of every table; with `keep_totals` their rows stay without their name.

    A BookError where the book holds nothing of them, Cancelled where the user does not agree.
    """
    key = customer_key(person)
    if key is None:
        raise BookError("name the person by the id that the book has for them")
    tables = [book.table(name) for name in book.tables()]
    kept_as = _free_name(tables) if keep_totals else ""
    change, rows, mentions = Change(), dict[str, int](), 0
    for table in tables:
        theirs = [i for i in table.rows if any(customer_key(table.columns[c][i]) == key for c in _persons(table))]
        columns, cleared = _without(table, set(theirs), person, kept_as)
        if theirs:
            rows[table.name] = len(theirs)
        mentions += cleared
        if theirs or cleared:
            change.rows[table.name] = Rows(columns)
    if not rows and not mentions and not book.traces(person):
        raise BookError(f"{book.title} holds nothing of {person}; see how the column Customer spells them")
    question = Question(f"forget {key}", _asked(book.title, person, rows, mentions, kept_as))
    if not book.ask(question):
        raise Cancelled(f"{question.text} {Cancelled()}")
    with book.erasing():
        fill_long_tables(book, change)
        book.write(change)
        book.write(forecast(book))
        book.calculate()
    traces = [*book.traces(person), *_settings_that_name(person)]
    return Forgotten(person, rows, mentions, kept_as, traces, _sources(tables))


def _asked(title: str, person: str, rows: dict[str, int], mentions: int, kept_as: str) -> str:
    found = [f"{count:,} rows of {name}" for name, count in rows.items()]
    found += [f"{mentions:,} cells that mention them"] if mentions else []
    what = f"take out {', '.join(found)}" if found else "delete what Undo keeps"
    how = f", and keep the amounts as those of '{kept_as}'" if kept_as and rows else ""
    return f"{title}: {what}{how}, so that {person} is forgotten? Undo cannot bring it back."


def _persons(table: Table) -> list[str]:
    """The columns that say whose row it is, in a table of the template or in another by their headings."""
    schema = schemas().get(table.name)
    if schema is not None:
        return [name for name, column in schema.typed.items() if column.numbered in PERSONS and name in table.columns]
    headings = {"customer", *(alias.casefold() for alias in schemas()["tblTransactions"].typed["Customer"].aliases)}
    return [name for name in table.typed if name.casefold() in headings]


def _without(table: Table, theirs: set[int], person: str, kept_as: str) -> tuple[dict[str, list[Value]], int]:
    """The typed columns of a table without a person, and how many cells of others mentioned them."""
    schema = schemas().get(table.name)
    mention = _mention(person)
    columns: dict[str, list[Value]] = {}
    cleared = 0
    for name in table.typed:
        column = schema.typed.get(name) if schema else None
        values: list[Value] = []
        for index in table.rows:
            value = table.columns[name][index]
            if index in theirs:
                if kept_as:
                    values.append(_kept(name, column, value, name in _persons(table), kept_as))
            elif isinstance(value, str) and (column is None or _is_free(column)) and mention and mention.search(value):
                values.append(None)
                cleared += 1
            else:
                values.append(value)
        columns[name] = values
    return columns, cleared


def _kept(name: str, column: Column | None, value: Value, says_whose: bool, kept_as: str) -> Value:
    """What stays of a cell in the row of somebody whose totals are kept."""
    if says_whose:
        return kept_as
    if column is None:
        return None if isinstance(value, str) else value
    return None if column.numbered or _is_free(column) else value


def _is_free(column: Column) -> bool:
    """Whether a column holds whatever somebody typed, and so can name anybody."""
    return column.kind is ColumnKind.TEXT and not column.impersonal and column.rule is None and not column.numbered


def _mention(person: str) -> re.Pattern[str] | None:
    """Finds somebody in a text; nothing where the id is a number, which could be any."""
    if not re.search(r"[^\W\d_]", person):
        return None
    return re.compile(rf"(?<!\w){re.escape(person.strip())}(?!\w)", re.IGNORECASE)


def _free_name(tables: Iterable[Table]) -> str:
    taken = {text_of(value) for table in tables for name in _persons(table) for value in table.columns[name]}
    number = 1
    while (name := f"{DELETED} {number}" if number > 1 else DELETED) in taken:
        number += 1
    return name


def _settings_that_name(person: str) -> list[str]:
    """The user's own settings files in which somebody is named, such as an export that keeps one customer alone."""
    mention, folder = _mention(person), settings_folder()
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if mention and folder.is_dir() else []
    return [str(path) for path in files if mention and mention.search(path.read_text("utf-8", "replace"))]


def _sources(tables: Sequence[Table]) -> list[str]:
    found = next((table for table in tables if table.name == SOURCES), None)
    return [] if found is None else [text_of(found.columns["Name"][index]) for index in found.rows]

"""What the Sources table of a book brings back: aggregates of orders and answers that live elsewhere.

A table named as in TABLES, with the columns of its question and one called `source`, receives the answers of every
source that can give them. Columns it lacks are left out. A source that fails keeps the rows it brought last and its
stamp, and its Status says what happened and what to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from addin.actions.book import Book, Cancelled, Change, Question, Rows, Table, Value, text_of
from addin.errors import BookError
from addin.exports import GENERAL, found_in
from addin.values import serial

if TYPE_CHECKING:
    from addin.sources import NotTrusted

SOURCES = "tblSources"
STATUS, AS_OF, SOURCE = "Status", "As of", "source"
TABLES = {
    "totals": "tblTotals",
    "cohorts": "tblCohortCounts",
    "movement": "tblMovement",
    "concentration": "tblConcentration",
    "rfm": "tblRFM",
    "weekly": "tblWeekly",
    "nps": "tblAnswerCounts",
}
"""Question to the table that receives its answers."""
SHOWN_CURRENCIES = 3


def named_sources(book: Book) -> list[str]:
    """The names of the sources that the book's Sources table lists."""
    if SOURCES not in book.tables():
        return []
    table = book.table(SOURCES)
    return [text_of(table.columns["Name"][index]) for index in table.rows]


def permissions(book: Book) -> dict[int, NotTrusted]:
    """Ask the user about sources that nobody has agreed to yet; gives those that may not be read, by row."""
    if SOURCES not in book.tables():
        return {}
    from addin.sources import NotTrusted, SourceError, permit, read_sources

    table = book.table(SOURCES)
    refused: dict[int, NotTrusted] = {}
    for index in table.rows:
        try:
            (source,) = read_sources([{heading: values[index] for heading, values in table.columns.items()}])
        except SourceError:
            continue  # asking the source says what is wrong with it
        try:
            permit(source, book.title, lambda key, text: book.ask(Question(key, text)))
        except NotTrusted as error:
            refused[index] = error
    return refused


def ask_sources(book: Book, change: Change, now: datetime, refused: Mapping[int, NotTrusted]) -> tuple[list[str], int]:
    """Ask every source that may be read, add what came of it to a change.

    Gives a sentence for each, and how many failed.
    """
    if SOURCES not in book.tables():
        return [], 0
    from addin.sources import read_sources

    table = book.table(SOURCES)
    receivers = {question: book.table(name) for question, name in TABLES.items() if name in book.tables()}
    brought: dict[str, list[dict[str, Value]]] = {question: [] for question in receivers}
    sentences, failed = [], 0
    for index in table.rows:
        row = {heading: values[index] for heading, values in table.columns.items()}
        name = text_of(row.get("Name"))
        try:
            (source,) = read_sources([row])
            if index in refused:
                raise refused[index]
            answers, notes = _answers(book, source, receivers)
        except BookError as error:
            status, failed = f"failed: {error}", failed + 1
            answers = {question: _rows_of(receiver, name) for question, receiver in receivers.items()}
        else:
            status = "; ".join(["OK", *notes])
            if AS_OF in table.columns:
                change.cells[table.place(AS_OF, index)] = now.isoformat(" ", "minutes")
        for question, rows in answers.items():
            brought[question] += rows
        if STATUS in table.columns:
            change.cells[table.place(STATUS, index)] = status
        sentences.append(f"{name}: {status}")
    for question, receiver in receivers.items() if sentences else ():
        columns = {name: [row.get(name) for row in brought[question]] for name in receiver.typed}
        change.rows[receiver.name] = Rows(columns)
    return sentences, failed


def _answers(
    book: Book, source: Any, receivers: Mapping[str, Table]
) -> tuple[dict[str, list[dict[str, Value]]], Sequence[str]]:
    from addin.sources import SourceCancelled, book_folder, connect

    def cancelled() -> bool:
        try:
            book.status(f"Asking {source.name}")
        except Cancelled:
            return True
        return False

    found: dict[str, list[dict[str, Value]]] = {}
    try:
        with connect(source, cancelled=cancelled, folder=book_folder(book.title)) as data:
            if source.amount:
                _refuse_currencies(source.name, data)
            for question in receivers:
                if (question == "nps") == bool(source.score):
                    answer = data.ask(question)
                    found[question] = [_row(source.name, answer.columns, cells) for cells in answer.rows]
            notes = data.notes
    except SourceCancelled as error:
        raise Cancelled(str(error)) from error
    return found, notes


def _refuse_currencies(name: str, data: Any) -> None:
    """Refuse a source of which a column names several currencies in the rows that count."""
    heading = found_in(list(data.columns), GENERAL.currency)
    found = Counter[str]()
    for text, count in (data.texts(heading) if heading else {}).items():
        found[text.upper()] += count
    if len(found) > 1:
        counted = " and ".join(f"{text} ({count:,})" for text, count in found.most_common(SHOWN_CURRENCIES))
        raise BookError(f"{name}: {heading} holds {counted}, whose amounts cannot be added up; set a filter that keeps "
                        "one currency")  # fmt: skip


def _row(source: str, columns: Sequence[str], cells: Sequence[Any]) -> dict[str, Value]:
    return {SOURCE: source} | {name: _value(cell) for name, cell in zip(columns, cells, strict=True)}


def _value(cell: Any) -> Value:
    if isinstance(cell, date):
        return serial(cell)
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def _rows_of(table: Table, source: str) -> list[dict[str, Value]]:
    """The rows that a source brought before."""
    names = table.columns.get(SOURCE, ())
    return [{name: table.columns[name][i] for name in table.typed} for i in table.rows if names[i] == source]

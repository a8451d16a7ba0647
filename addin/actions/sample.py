"""Sample on or off: the made-up rows that the template comes with."""

from __future__ import annotations

from addin.actions.book import Book, Change, Rows, text_of, value_of
from addin.actions.forecast import forecast
from addin.actions.pick_lists import pick_lists
from addin.actions.rows_beneath import complete
from addin.errors import BookError
from addin.schema import TableSchema, schemas
from addin.schema.preset_samples import RETAIL, sample_rows
from addin.template.presets import PRESET
from addin.template.texts import ENGLISH, LANGUAGE, texts


def sample_off(book: Book) -> int:
    """Take the sample rows out of every table, leave all others, and say how many went."""
    change = Change()
    gone = 0
    for schema in _with_sample(book):
        table = book.table(schema.name)
        kept = [index for index in table.rows if not schema.is_sample(table.columns, index)]
        if len(kept) < len(table.rows):
            gone += len(table.rows) - len(kept)
            change.rows[schema.name] = Rows({c: [table.columns[c][index] for index in kept] for c in table.typed})
    if not gone:
        raise BookError(f"{book.title} holds no sample rows")
    _write(book, "Sample off", change)
    return gone


def sample_on(book: Book) -> int:
    """Put the sample rows into empty tables, and say how many; a BookError where a table holds rows of the user's."""
    change = Change()
    preset = text_of(value_of(book, PRESET)) or RETAIL
    words = texts(text_of(value_of(book, LANGUAGE)) or ENGLISH)
    for schema in _with_sample(book):
        table = book.table(schema.name)
        own = sum(not schema.is_sample(table.columns, index) for index in table.rows)
        if own:
            raise BookError(f"{schema.name} holds {own:,} rows of your own, and a sample would mix with them; "
                            "use a new copy of the template")  # fmt: skip
        lists = pick_lists(book, schema.name)
        cells = schema.as_cells(words.of_sample(sample_rows(schema, preset)))
        columns = zip(schema.typed.values(), zip(*cells, strict=True), strict=True)
        typed = book.table(schema.name).typed
        change.rows[schema.name] = Rows({
            c.name: [c.in_words_of(v, lists) for v in values] for c, values in columns if c.name in typed
        })  # fmt: skip
    [first, *_] = change.rows["tblCampaigns"].columns["Campaign"]
    change.cells["in_Campaign"] = first
    _write(book, "Sample on", change)
    return sum(rows.count for rows in change.rows.values())


def _with_sample(book: Book) -> list[TableSchema]:
    """The tables of the book that have a sample."""
    there = set(book.tables())
    found = [schema for name, schema in schemas().items() if name in there and schema.sample()]
    if not found:
        raise BookError(f"{book.title} is not a copy of the template: it has none of its tables")
    return found


def _write(book: Book, title: str, change: Change) -> None:
    with book.action(title):
        complete(book, change)
        book.write(change)
        book.write(forecast(book))
        book.status("Calculating")

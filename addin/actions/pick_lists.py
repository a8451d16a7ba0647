"""The pick lists of a book, as it has them now."""

from __future__ import annotations

from addin.actions.book import Book
from addin.schema import entered_tables, typed_columns


def pick_lists(book: Book, table: str) -> dict[str, frozenset[str]]:
    """The lists that a table's columns name, by name; ids are looked up in their own table."""
    owners = {schema.ids.name: schema for schema in entered_tables().values() if schema.ids}
    names, tables = book.names(), book.tables()
    found = {}
    for name in {column.list_name for column in typed_columns(table).values()} - {""}:
        owner = owners.get(name)
        if owner and owner.name in tables:
            items = book.table(owner.name).columns[owner.key[0]]
        elif name in names:
            items = [value for row in book.cells(name) for value in row]
        else:
            continue
        found[name] = frozenset(str(value) for value in items if value is not None)
    return found

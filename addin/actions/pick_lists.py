"""The pick lists of a book, as it has them now."""

from __future__ import annotations

from addin.actions.book import Book, text_of
from addin.schema import TableSchema, entered_tables, typed_columns

CAMPAIGNS = "tblCampaigns"


def owners() -> dict[str, TableSchema]:
    """The tables whose ids are a pick list, by the list's name."""
    return {schema.ids.name: schema for schema in entered_tables().values() if schema.ids}


def pick_lists(book: Book, table: str) -> dict[str, frozenset[str]]:
    """The lists that a table's columns name, by name; ids are looked up in their own table."""
    of_tables, names, tables = owners(), book.names(), book.tables()
    found = {}
    for name in {column.list_name for column in typed_columns(table).values()} - {""}:
        owner = of_tables.get(name)
        if owner and owner.name in tables:
            items = book.table(owner.name).columns[owner.key[0]]
        elif name in names:
            items = [value for row in book.cells(name) for value in row]
        else:
            continue
        found[name] = frozenset(text_of(value) for value in items if value is not None)
    return found


def campaigns_by_name(book: Book) -> dict[str, str]:
    """The ids of the campaigns by their names without case, where a name is that of one campaign and no id itself."""
    if CAMPAIGNS not in book.tables():
        return {}
    columns = book.table(CAMPAIGNS).columns
    pairs = [
        (text_of(name).casefold(), text_of(key)) for name, key in zip(columns["Name"], columns["Campaign"], strict=True)
    ]
    names = [name for name, _ in pairs]
    ids = {key.casefold() for _, key in pairs}
    return {name: key for name, key in pairs if name and key and name not in ids and names.count(name) == 1}

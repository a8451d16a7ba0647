"""Each table of the template, declared once, in addin/schema/tables: sheet, columns, rules, key, aliases, sample."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from addin.schema import tables as declared
from addin.schema.declaration import (
    SAMPLE_MARK,
    Between,
    Column,
    ColumnKind,
    IdList,
    OneOf,
    Rule,
    TableSchema,
    ValidDate,
    Value,
)

__all__ = [
    "SAMPLE_MARK",
    "Between",
    "Column",
    "ColumnKind",
    "IdList",
    "OneOf",
    "Rule",
    "TableSchema",
    "ValidDate",
    "Value",
    "aliases",
    "entered_tables",
    "schemas",
    "typed_columns",
]


@cache
def schemas() -> dict[str, TableSchema]:
    """Every table that a module of addin/schema/tables declares, by name and in the order of their sheets."""
    modules = [import_module(f"{declared.__name__}.{module.name}") for module in iter_modules(declared.__path__)]
    found = [table for module in modules for table in module.TABLES]
    return {table.name: table for table in sorted(found, key=lambda table: table.position)}


def entered_tables() -> dict[str, TableSchema]:
    """The tables whose rows users type or load."""
    return {name: table for name, table in schemas().items() if not table.written_by_refresh}


def typed_columns(table: str) -> dict[str, Column]:
    """The columns that users type or load into a table of the template; none for a table of their own."""
    schema = entered_tables().get(table)
    return schema.typed if schema else {}


@cache
def aliases(column: str) -> tuple[str, ...]:
    """Other headings that files use for columns of this name, in whichever table."""
    return tuple(alias for table in schemas().values() for found in table.columns
                 if found.name == column for alias in found.aliases)  # fmt: skip

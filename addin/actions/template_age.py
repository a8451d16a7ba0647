"""Whether a book is a copy of an earlier template: it then lacks columns that this one has."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from addin.schema import schemas


def earlier(title: str, tables: Mapping[str, Collection[str]]) -> str:
    """A sentence that says so, from the book's tables and their columns; nothing where it is of this template."""
    for name, schema in schemas().items():
        if name in tables:
            for column in schema.columns:
                if column.name not in tables[name]:
                    return (
                        f"{title} is a copy of an earlier template and counts by its rules: {schema.sheet} has no "
                        f"column {column.name}; roc upgrade brings its rows and inputs to a copy of this template"
                    )
    return ""

"""A CSV file as DuckDB reads it: by the form that the one reader sees, with its rows that cannot be read counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from addin.sources.text_columns import quoted
from addin.tabular import Habits
from addin.tabular.columns import habits
from addin.tabular.text_files import TextFormat, never_closed


@dataclass(slots=True)
class CsvFile:
    """A CSV file: how it is written, and where DuckDB reads it, which is a copy where that is not plain."""

    form: TextFormat
    path: Path
    seen: dict[str, Counter[str]] = field(default_factory=dict)
    """What its columns show of how dates and numbers are written."""
    unread: int = 0
    """How many of its rows cannot be read."""

    @property
    def columns(self) -> list[str]:
        """The headings, with a name for each column that has none."""
        names = [*self.form.headings, *[""] * (self.form.width - len(self.form.headings))]
        return [name or f"Column {number}" for number, name in enumerate(names, start=1)]

    @property
    def habits(self) -> Habits:
        """What all its columns show together."""
        return habits(self.form.separator, self.form.first_rows)

    def read(self, connection: duckdb.DuckDBPyConnection, table: str, columns: str) -> None:
        """Read its texts into a table, those of shorter rows ending in blanks; rows that cannot be read are counted.

        A BookError where a quotation mark that is never closed takes rows with it.
        """
        extra = "more cells"
        while extra in self.columns:
            extra += "+"
        types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in [*self.columns, extra])
        connection.execute(
            f'CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns}, "{extra}" FROM read_csv('  # noqa: S608  # quoted
            f"{quoted(str(self.path))}, auto_detect = false, header = true, delim = {quoted(self.form.separator)}, "
            f"quote = '\"', escape = '\"', columns = {{{types}}}, null_padding = true, parallel = false, "
            "ignore_errors = true, store_rejects = true, rejects_table = 'roc_unread', rejects_scan = 'roc_scans')"
        )
        longer = connection.execute(f"DELETE FROM {table} WHERE \"{extra}\" <> ''").fetchone()  # noqa: S608
        lines = connection.execute("SELECT DISTINCT line, csv_line FROM roc_unread ORDER BY line").fetchall()
        connection.execute(f'ALTER TABLE {table} DROP "{extra}"; DROP TABLE roc_unread; DROP TABLE roc_scans')
        if torn := next((line for line, text in lines if "\n" in text.strip()), 0):
            raise never_closed(self.form.path, torn + self.form.heading_row - 1)
        self.unread = (longer[0] if longer else 0) + len(lines)

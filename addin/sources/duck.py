"""DuckDB: CSV and Parquet files, and databases of its own, read only and shut off from everything else."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from sqlframe.duckdb import DuckDBSession, Window, functions
from sqlglot import exp

from addin.errors import SourceError
from addin.sources import texts
from addin.sources.aggregates import Dialect, Frame
from addin.sources.csv_files import MOST_COLUMNS, CsvFile, csv_file
from addin.sources.query_engine import Engine, Part, Wanted
from addin.sources.source import Kind, Source

CSV_ENDINGS = (".csv", ".tsv", ".txt")
DATABASE = "roc_file"
"""What an attached database is called."""
MEMORY = "1500MB"
"""More goes to a temporary folder."""
SAMPLE = 10_000
"""Rows by which dates and numbers in text are judged."""

KINDS: Mapping[str, Kind] = {
    "VARCHAR": "text", "UUID": "text", "ENUM": "text", "BOOLEAN": "flag", "DATE": "date", "TIMESTAMP": "date",
    "DECIMAL": "number", "DOUBLE": "number", "FLOAT": "number", "TINYINT": "number", "SMALLINT": "number",
    "INTEGER": "number", "BIGINT": "number", "HUGEINT": "number", "UTINYINT": "number", "USMALLINT": "number",
    "UINTEGER": "number", "UBIGINT": "number", "UHUGEINT": "number",
}  # fmt: skip


class DuckDB(Engine):
    """A connection with no extension to load, no file but the named ones, and a locked configuration."""

    errors = (duckdb.Error,)

    def __init__(self, source: Source, folder: Path, stopped: Callable[[], bool]) -> None:
        self.notes = []
        self.dialect = Dialect(functions, Window)
        self._reading: Path | None = None
        self._padding: dict[str, bool] = {}
        self._temporary = Path(tempfile.mkdtemp(prefix="roc-"))
        try:
            self._open(source, folder, stopped)
        except BaseException:
            self.close()
            raise

    def _open(self, source: Source, folder: Path, stopped: Callable[[], bool]) -> None:
        self._csv: list[CsvFile] = []
        if source.engine == "duckdb":
            path = folder / source.location.removeprefix("duckdb:")
            if not path.is_file():
                raise SourceError(f"{path} is not there; give a DuckDB database file")
            self._connection = self._connect([], path)
            self._raw = self._table(source.table)
        else:
            files = find_files(source.location, folder)
            if files[0].suffix.lower() in CSV_ENDINGS:
                self._csv = [csv_file(path, self._temporary, stopped) for path in files]
                for other in self._csv[1:]:
                    if other.columns != self._csv[0].columns:
                        raise SourceError(
                            f"{other.named} has the columns {', '.join(other.columns)}, but {self._csv[0].named} has "
                            f"{', '.join(self._csv[0].columns)}; give files with the same heading"
                        )
                self._connection = self._connect([file.path for file in self._csv])
                self._raw = _read_csv(self._csv)
            else:
                self._connection = self._connect(files)
                self._raw = f"read_parquet({_list(files)})"
        types = self._connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM {self._raw})").fetchall()  # noqa: S608  # quoted above
        if len(types) > MOST_COLUMNS:
            raise SourceError(f"there are {len(types):,} columns; a sheet has {MOST_COLUMNS:,}, so leave some out")
        self.columns = {name: _kind(of_type) for name, of_type in types}
        self._texts = {name for name, of_type in types if of_type == "VARCHAR"}
        # not through the constructor, which would hand out one session for all connections
        self._session = object.__new__(DuckDBSession)
        DuckDBSession.__init__(self._session, self._connection)

    def _connect(self, files: Sequence[Path], database: Path | None = None) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "memory_limit": MEMORY,
                "temp_directory": str(self._temporary),
            }
        )
        if database is not None:
            connection.execute(f"ATTACH {_text(str(database))} AS {DATABASE} (TYPE duckdb, READ_ONLY)")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"SET allowed_paths = {_list(files)}")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection

    def _table(self, name: str) -> str:
        schema, _, table = name.rpartition(".")
        tables = self._connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = ? ORDER BY ALL",
            [DATABASE],
        ).fetchall()
        if (schema or "main", table) not in tables:
            there = ", ".join(table if schema == "main" else f"{schema}.{table}" for schema, table in tables)
            raise SourceError(f"there is no table {name!r}; there are: {there or 'none'}")
        return f"{DATABASE}.{_name(schema or 'main')}.{_name(table)}"

    def frame(self, wanted: Mapping[str, Wanted]) -> Frame:
        """See Engine; text is read as dates and numbers where these are wanted."""
        columns = [f"{self._typed(column, kind)} AS {_name(name)}" for name, (column, kind) in wanted.items()]
        return self._view(columns, self._raw)

    def parts(self, wanted: Mapping[str, Wanted]) -> Iterator[Part]:
        """Each file by itself, with the number of each row as a spreadsheet would show it."""
        columns = ["row_number() OVER () + 1 AS row"]
        columns += [f"{_name(column)} AS {_name(f'raw_{name}')}" for name, (column, _) in wanted.items()]
        columns += [f"{self._typed(column, kind)} AS {_name(name)}" for name, (column, kind) in wanted.items()]
        if not self._csv:
            yield Part("", self._view(columns, self._raw))
        for file in self._csv:
            self._reading = file.path
            yield Part(file.named.name if len(self._csv) > 1 else "", self._view(columns, _read_csv([file], "true")))

    def malformed(self) -> list[tuple[int, str]]:
        """The rows that have more cells than the heading; rows with fewer end in blanks."""
        if self._reading is None:
            return []
        return self._connection.execute(
            "SELECT DISTINCT line, 'more cells than the heading has' FROM reject_errors JOIN reject_scans "
            "USING (scan_id, file_id) WHERE file_path = ? ORDER BY line",
            [str(self._reading)],
        ).fetchall()

    def _view(self, columns: Sequence[str], source: str) -> Frame:
        view = f"CREATE OR REPLACE TEMP VIEW roc_rows AS SELECT {', '.join(columns)} FROM {source}"  # noqa: S608  # quoted
        self._connection.execute(view)
        rows = exp.select("*").from_("roc_rows")
        return self._session.__copy__().sql(rows, dialect="duckdb", qualify=False)  # a copy is the active session

    def _typed(self, column: str, kind: Kind) -> str:
        """The SQL of a column, read from text where it must be."""
        name = _name(column)
        if self.columns[column] != "text":
            return name
        if column not in self._texts:
            return f"{name}::VARCHAR"
        if kind not in ("date", "number"):
            return f"nullif(trim({name}), '')" if self._padded(name) else f"nullif({name}, '')"
        sample = self._connection.execute(
            f"SELECT trim({name}) FROM {self._raw} WHERE trim({name}) <> '' LIMIT {SAMPLE}"  # noqa: S608  # quoted
        ).fetchall()
        found = [text for (text,) in sample]
        if kind == "number":
            decimal, thousands = texts.marks(found)
            if decimal == ",":
                self._note(f"{column}: the comma is read as the decimal mark")
            return texts.number_sql(name, decimal, thousands)

        formats = texts.date_formats(found)
        if len(formats) > 1:  # the day before the month, unless more of the whole column reads the other way
            counts = ", ".join(f"count({texts.date_sql(name, written)})" for written in formats)
            ((day_first, month_first),) = self._connection.execute(f"SELECT {counts} FROM {self._raw}").fetchall()  # noqa: S608  # quoted
            formats = formats[month_first > day_first :]
        if not formats:
            return texts.date_sql(name, None)
        self._note(f"{column}: dates are read as {texts.in_words(formats[0])}")
        return texts.date_sql(name, formats[0])

    def _padded(self, name: str) -> bool:
        """Whether a text has blanks around it; without them Parquet's own coding stays, which halves the time."""
        if name not in self._padding:
            sql = f"SELECT 1 FROM {self._raw} WHERE {name} <> trim({name}) LIMIT 1"  # noqa: S608  # quoted
            self._padding[name] = bool(self._csv or self._connection.execute(sql).fetchall())
        return self._padding[name]

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def collect(self, frame: Frame) -> list[tuple[Any, ...]]:
        """See Engine."""
        return self._connection.execute(frame.sql(dialect="duckdb", optimize=False, pretty=False)).fetchall()

    def interrupt(self) -> None:
        """See Engine."""
        self._connection.interrupt()

    def close(self) -> None:
        """Forget the connection and all temporary files."""
        if hasattr(self, "_connection"):
            self._connection.close()
        shutil.rmtree(self._temporary, ignore_errors=True)

    @staticmethod
    def explain(error: Exception) -> str:
        """See Engine."""
        said = str(error).splitlines()[0]
        if isinstance(error, duckdb.OutOfMemoryException) or "No space left" in said:
            return f"the disk is full or the memory is; make room in {tempfile.gettempdir()}, or set a filter"
        if isinstance(error, (duckdb.IOException, duckdb.PermissionException)):
            return f"it cannot be read any more ({said}); see that it is there, whole, and not open elsewhere"
        return f"DuckDB cannot answer ({said}); see that the columns hold what the Sources table says"


def _kind(of_type: str) -> Kind:
    base = re.match(r"[A-Z]+", of_type)
    return "other" if base is None or of_type.endswith("]") else KINDS.get(base[0], "other")


def find_files(location: str, folder: Path) -> list[Path]:
    """The CSV or Parquet files of a location: a file, a glob, or a folder."""
    path = folder / location
    if path.is_dir():
        found = sorted(file for file in path.iterdir() if file.suffix.lower() in (*CSV_ENDINGS, ".parquet"))
    elif path.is_file():
        found = [path]
    else:
        anchor = Path(path.anchor)
        found = sorted(file for file in anchor.glob(str(path.relative_to(anchor))) if file.is_file())
    if not found:
        raise SourceError(f"{path} is not there; see that the drive is connected and the name is right")
    parquet = {file.suffix.lower() == ".parquet" for file in found}
    wrong = [file.name for file in found if file.suffix.lower() not in (*CSV_ENDINGS, ".parquet")]
    if wrong or len(parquet) > 1:
        raise SourceError(
            f"{path} holds {', '.join(wrong) or 'both CSV and Parquet'}; give files of one kind, .csv or .parquet"
        )
    return found


def _read_csv(files: Sequence[CsvFile], rejects: str = "false") -> str:
    first = files[0]
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in first.columns)
    return (
        f"read_csv({_list([file.path for file in files])}, auto_detect = false, header = true, "
        f"delim = {_text(first.separator)}, quote = '\"', escape = '\"', columns = {{{columns}}}, null_padding = true, "
        f"parallel = false, ignore_errors = true, store_rejects = {rejects})"
    )


def _name(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(dialect="duckdb")


def _text(text: str) -> str:
    return exp.Literal.string(text).sql(dialect="duckdb")


def _list(paths: Sequence[Path]) -> str:
    return f"[{', '.join(_text(str(path)) for path in paths)}]"

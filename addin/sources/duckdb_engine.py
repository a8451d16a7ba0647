"""DuckDB: CSV and Parquet files, and databases of its own, read only and shut off from everything else."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from sqlframe.duckdb import DuckDBSession, Window, functions
from sqlglot import exp

import addin.sources.sqlframe_dialects  # noqa: F401  # before sqlframe names one
from addin.errors import SourceError
from addin.sources.aggregates import Dialect, Frame
from addin.sources.csv_file import CsvFile
from addin.sources.query_engine import AMOUNT, DATE, ID, Engine, Wanted, cannot_answer
from addin.sources.source import Kind, Source
from addin.sources.text_columns import day_sql, id_sql, listed, number_sql, quoted, shape_sql, text_sql
from addin.tabular import Habits, Unclear, dates, numbers
from addin.tabular.columns import two_dates, two_numbers
from addin.tabular.encodings import CHUNK
from addin.tabular.headings import MOST_COLUMNS, repeated_heading
from addin.tabular.numbers import GROUP, PLAIN
from addin.tabular.text_files import ENDINGS, text_format
from addin.values import FIRST_SERIAL, serial

DATABASE = "roc_file"
"""What an attached database is called."""
LEAST_MEMORY, MOST_MEMORY = 700, 4_000
"""Megabytes that DuckDB may take: between these, six times as many as its files have, since ids are numbered in memory,
and days counted. More goes to a temporary folder. The rest of the process takes some 200.
"""
MOST_TEXTS = 200_000
"""A column of more different days, or ways to write a number, holds none."""
TYPES = {"text": "VARCHAR", "number": "DOUBLE", "date": "DATE", "flag": "VARCHAR", "other": "VARCHAR"}

KINDS: Mapping[str, Kind] = {
    "VARCHAR": "text", "UUID": "text", "ENUM": "text", "BOOLEAN": "flag", "DATE": "date",
    "TIMESTAMP": "date", "TIMESTAMPTZ": "date",
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
        self._files: list[CsvFile] = []
        self._currencies = Counter[str]()
        self._filtered = bool(source.filter_column)
        self._loaded: Mapping[str, Wanted] | None = None
        self._prepared = set[str]()
        self._tables = 0
        self._temporary = Path(tempfile.mkdtemp(prefix="roc-"))
        try:
            self._open(source, folder, stopped)
        except BaseException:
            self.close()
            raise

    def _open(self, source: Source, folder: Path, stopped: Callable[[], bool]) -> None:
        if source.engine == "duckdb":
            path = folder / source.location.removeprefix("duckdb:")
            if not path.is_file():
                raise SourceError(f"{path} is not there; give a DuckDB database file")
            self._connection = self._connect([], path)
            self._raw = self._table(source.table)
        else:
            files = find_files(source.location, folder)
            if files[0].suffix.lower() in ENDINGS:
                for file in files:
                    self._files.append(self._csv_file(file, stopped))
                self._connection = self._connect([file.path for file in self._files])
            else:
                self._connection = self._connect(files)
                self._raw = f"read_parquet([{listed(list(map(str, files)))}])"
        self.columns = dict.fromkeys(self._files[0].columns, "text") if self._files else self._described()
        # not through the constructor, which would hand out one session for all connections
        self._session = object.__new__(DuckDBSession)
        self._session.eager_validation = False
        super(DuckDBSession, self._session).__init__(self._connection)  # its own loads numpy for a function of Python

    def _csv_file(self, path: Path, stopped: Callable[[], bool]) -> CsvFile:
        file = CsvFile(text_format(path, stopped=stopped), path)
        if twice := repeated_heading(file.form.headings):
            raise SourceError(f"{path}: two columns are headed {twice!r}; give each its own heading")
        first = self._files[0] if self._files else file
        if file.columns != first.columns:
            raise SourceError(
                f"{path} has the columns {', '.join(file.columns)}, but {first.form.path} has "
                f"{', '.join(first.columns)}; give files with the same headings"
            )
        form = file.form
        if not form.encoding.startswith("utf-8") or form.named_separator or form.heading_row > 1:
            with (
                form.open() as stream,
                tempfile.NamedTemporaryFile(
                    "w", encoding="utf-8", newline="", dir=self._temporary, suffix=".csv", delete=False
                ) as copy,
            ):
                while part := stream.read(CHUNK):
                    if stopped():
                        raise SourceError("stopped")
                    copy.write(part)
            file.path = Path(copy.name)
        return file

    def _described(self) -> dict[str, Kind]:
        types = self._connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM {self._raw})").fetchall()  # noqa: S608  # quoted above
        if len(types) > MOST_COLUMNS:
            raise SourceError(f"there are {len(types):,} columns; a sheet has {MOST_COLUMNS:,}, so leave some out")
        self._texts = {name for name, of_type in types if of_type == "VARCHAR"}
        return {name: _kind(of_type) for name, of_type in types}

    def _connect(self, files: Sequence[Path], database: Path | None = None) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "memory_limit": _memory([*files, *filter(None, [database])]),
                "temp_directory": str(self._temporary),
            }
        )
        if database is not None:
            connection.execute(f"ATTACH {quoted(str(database))} AS {DATABASE} (TYPE duckdb, READ_ONLY)")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"SET allowed_paths = [{listed(list(map(str, files)))}]")
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
        if self._loaded != wanted:
            (self._load if self._files else self._copy)(wanted)
            self._loaded = dict(wanted)
        return self._rows_of("roc_rows")

    def _rows_of(self, table: str) -> Frame:
        rows = exp.select("*").from_(table)
        return self._session.__copy__().sql(rows, dialect="duckdb", qualify=False)  # a copy is the active session

    def prepared(self, name: str, make: Callable[[], Frame], of: str = "") -> Frame:
        """See Engine."""
        if name not in self._prepared:
            made = _sql(make())
            if not of:
                for old in self._prepared:
                    self._connection.execute(f"DROP TABLE roc_{old}")
                self._prepared.clear()
            self._connection.execute(f"CREATE TEMP TABLE roc_{name} AS {made}")
            self._prepared.add(name)
            if not of:
                self._connection.execute("DROP TABLE roc_rows")
                self._loaded = None
        return self._rows_of(f"roc_{name}")

    def _copy(self, wanted: Mapping[str, Wanted]) -> None:
        """Read the wanted columns of a database or of Parquet into a table, once for all questions.

        Ids are numbers there: a question only asks which rows have the same.
        """
        texts = {
            name: text_sql(_name(column))
            for name, (column, kind) in wanted.items()
            if column in self._texts and kind in ("date", "number")
        }
        seen = {name: self._seen(self._raw, text, wanted[name]) for name, text in texts.items()}
        plain = {name: self._plain(column) for name, (column, _) in wanted.items() if name != ID}
        rows = self._raw
        if ID in wanted:
            plain[ID] = _name(wanted[ID].column)
            if wanted[ID].column in self._texts:
                self._number_ids(plain[ID])
                rows += f" LEFT JOIN roc_ids ON roc_ids.roc_text = {plain[ID]}"
                plain[ID] = "roc_ids.roc_number"
        select = self._select(rows, wanted, plain | texts, Habits(), seen, {})
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE roc_rows AS {select}")
        self._connection.execute("DROP TABLE IF EXISTS roc_ids")

    def _number_ids(self, text: str) -> None:
        """Number the ids that the texts of a column are, all spellings of one alike, and no text that is blank."""
        texts = f"SELECT DISTINCT {text} AS roc_text FROM {self._raw}"  # noqa: S608  # quoted
        ids = f"SELECT roc_text, {id_sql('trim(roc_text)')} AS roc_id FROM ({texts})"  # noqa: S608
        numbered = f"SELECT roc_text, dense_rank() OVER (ORDER BY roc_id) AS roc_number FROM ({ids}) WHERE roc_id <> ''"  # noqa: S608
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE roc_ids AS {numbered}")

    def _load(self, wanted: Mapping[str, Wanted]) -> None:
        """Read the wanted columns of all CSV files into a table, once for all questions."""
        self.notes.clear()
        texts = {name: _name(name) for name in wanted}
        cells = {name: text_sql(_name(column)) for name, (column, _) in wanted.items()}
        if ID in cells:
            cells[ID] = id_sql(cells[ID])
        columns = ", ".join(f"{text} AS {_name(name)}" for name, text in cells.items())
        folder: dict[str, Counter[str]] = {}
        for number, file in enumerate(self._files):
            file.read(self._connection, f"roc_texts_{number}", columns)
            self._note_unread(file)
            for name, column in wanted.items():
                if column.kind in ("date", "number"):
                    file.seen[name] = self._seen(f"roc_texts_{number}", texts[name], column)
                    folder.setdefault(name, Counter()).update(file.seen[name])
        types = ", ".join(f"{_name(name)} {TYPES[kind]}" for name, (_, kind) in wanted.items())
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE roc_rows ({types})")
        for number, file in enumerate(self._files):
            select = self._select(f"roc_texts_{number}", wanted, texts, file.habits, file.seen, folder)
            self._connection.execute(f"INSERT INTO roc_rows {select}")
            self._connection.execute(f"DROP TABLE roc_texts_{number}")

    def _note_unread(self, file: CsvFile) -> None:
        if file.unread:
            rows = "1 row" if file.unread == 1 else f"{file.unread:,} rows"
            self._note(f"{rows} of {file.form.path.name} with more cells than there are headings, or quotation marks "
                       "that are not doubled; left out")  # fmt: skip

    def _seen(self, source: str, text: str, wanted: Wanted) -> Counter[str]:
        """What a column shows of how its dates or numbers are written."""
        if wanted.kind == "date":
            shown, where, group = day_sql(text), f"{text} IS NOT NULL", day_sql(text)
        else:
            shown, where, group = f"min({text})", f"regexp_matches({text}, '[.,．，]')", shape_sql(text)
        query = f"SELECT {shown}, count(*) FROM {source} WHERE {where} GROUP BY {group} LIMIT {MOST_TEXTS + 1}"  # noqa: S608  # quoted
        found = Counter(dict(self._connection.execute(query).fetchall()))
        if len(found) > MOST_TEXTS:
            raise SourceError(f"the column {wanted.column!r} holds more than {MOST_TEXTS:,} different texts, and no "
                              f"{wanted.kind}s; name another column")  # fmt: skip
        return found

    def _select(
        self, source: str, wanted: Mapping[str, Wanted], columns: Mapping[str, str], habits: Habits,
        seen: Mapping[str, Counter[str]], folder: Mapping[str, Counter[str]],
    ) -> str:  # fmt: skip
        """The query that reads the wanted columns of a source as `addin.tabular` decides."""
        read, joins = [], []
        for name, (column, kind) in wanted.items():
            unclear: Unclear | None = None
            if name not in seen:
                found = columns[name]
            elif kind == "date":
                month_first, example = dates.decide(seen[name], habits.month_first, folder.get(name))
                unclear = two_dates(example, month_first)
                days = _name(f"days of {name}")
                told = () if dates.year_seems_first(seen[name]) else seen[name]
                joins.append(f" LEFT JOIN {self._days(told, month_first)} AS {days} "
                             f"ON {days}.roc_text = {day_sql(columns[name])}")  # fmt: skip
                found = f"{days}.roc_day"
                if name == DATE:
                    found = f"CASE WHEN {columns[name]} IS NOT NULL THEN coalesce({found}, DATE '{date.min}') END"
            else:
                decimal, example = numbers.decide(seen[name], habits.separator, habits.decimal, folder.get(name))
                unclear = two_numbers(example, decimal)
                found = number_sql(columns[name], decimal)
                if name == AMOUNT:
                    found = f"CASE WHEN {columns[name]} IS NOT NULL THEN coalesce({found}, 'NaN'::DOUBLE) END"
                    self._refuse_mixed_currencies(source, columns[name], column)
            read.append(f"{found} AS {_name(name)}")
            if unclear:
                self._note(f"{column}: {unclear.note}")
        return f"SELECT {', '.join(read)} FROM {source}{''.join(joins)}"  # noqa: S608  # quoted

    def _refuse_mixed_currencies(self, source: str, text: str, column: str) -> None:
        """A SourceError where amounts name more than one currency, as their sum would be none of them.

        With a filter, which may keep one of them, it is a note.
        """
        signs = "".join(("0123456789.,+-()", GROUP, *PLAIN))
        plain = f"translate(lower({text}), {quoted(signs)}, '')"
        query = f"SELECT min({text}), count(*) FROM {source} WHERE {plain} <> '' GROUP BY {plain} LIMIT {MOST_TEXTS}"  # noqa: S608  # quoted
        for example, count in self._connection.execute(query).fetchall():
            if named := numbers.currency(example):
                self._currencies[named] += count
        if len(self._currencies) < 2:
            return
        found = " and ".join(f"{name} ({count:,})" for name, count in self._currencies.most_common())
        if self._filtered:
            self._note(f"{column}: amounts name {found}; see that the filter keeps one currency")
        else:
            raise SourceError(
                f"the amount column {column!r} names {found}, which cannot be added up; set a filter that keeps one "
                "currency, or keep them in files of their own"
            )

    def _days(self, texts: Iterable[str], month_first: bool) -> str:
        """A table of the days that texts write, none before the first that a sheet shows right."""
        read = {text: day for text in texts if (day := dates.day(text, month_first)) and serial(day) >= FIRST_SERIAL}
        self._tables += 1
        self._connection.execute(
            f"CREATE TEMP TABLE roc_days_{self._tables} AS "
            "SELECT unnest($1::VARCHAR[]) AS roc_text, unnest($2::DATE[]) AS roc_day",
            [list(read), list(read.values())],
        )
        return f"roc_days_{self._tables}"

    def _plain(self, column: str) -> str:
        """The SQL of a column of a database or of Parquet as it is, its text as `frame` must give it."""
        name = _name(column)
        if self.columns[column] != "text":
            return name
        if column not in self._texts:
            return f"{name}::VARCHAR"
        return f"nullif(trim({name}), '')"

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def collect(self, frame: Frame) -> list[tuple[Any, ...]]:
        """See Engine."""
        return self._connection.execute(_sql(frame)).fetchall()

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
        return cannot_answer("DuckDB", said)


def _memory(files: Iterable[Path]) -> str:
    size = sum(file.stat().st_size for file in files) // 1_000_000
    return f"{min(max(LEAST_MEMORY, 6 * size), MOST_MEMORY)}MB"


def _sql(frame: Frame) -> str:
    return str(frame.sql(dialect="duckdb", optimize=False, pretty=False))


def _kind(of_type: str) -> Kind:
    base = re.match(r"[A-Z]+", of_type)
    return "other" if base is None or of_type.endswith("]") else KINDS.get(base[0], "other")


def find_files(location: str, folder: Path) -> list[Path]:
    """The CSV or Parquet files of a location: a file, a glob, or a folder."""
    path = folder / location
    if path.is_dir():
        endings = (*ENDINGS, ".parquet")
        found = sorted(file for file in path.iterdir() if file.suffix.lower() in endings and file.is_file())
    elif path.is_file():
        found = [path]
    else:
        anchor = Path(path.anchor)
        found = sorted(file for file in anchor.glob(str(path.relative_to(anchor))) if file.is_file())
    if not found:
        raise SourceError(f"{path} is not there; see that the drive is connected and the name is right")
    parquet = {file.suffix.lower() == ".parquet" for file in found}
    wrong = [file.name for file in found if file.suffix.lower() not in (*ENDINGS, ".parquet")]
    if wrong or len(parquet) > 1:
        raise SourceError(
            f"{path} holds {', '.join(wrong) or 'both CSV and Parquet'}; give files of one kind, .csv or .parquet"
        )
    return found


def _name(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(dialect="duckdb")

"""PostgreSQL, through a connection that cannot write."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import psycopg2
from psycopg2.errors import QueryCanceled
from sqlframe.base.session import _BaseSession
from sqlframe.postgres import PostgresSession, Window, functions
from sqlglot import exp

import addin.sources.sqlframe_dialects  # noqa: F401  # before sqlframe names one
from addin.errors import SourceError
from addin.sources.aggregates import Dialect, Frame
from addin.sources.credentials import password
from addin.sources.query_engine import Engine, Wanted, cannot_answer
from addin.sources.source import Kind, Source
from addin.sources.trust import ssl_mode

SECONDS_TO_CONNECT = 10
KINDS: Mapping[str, Kind] = {
    "D": "date", "N": "number", "S": "text", "B": "flag", "E": "text", "U": "text",
}  # fmt: skip
"""PostgreSQL's category of a type to what it is here."""


@contextmanager
def _without_password_of_the_environment() -> Iterator[None]:
    """PGPASSWORD belongs to no server, and PostgreSQL's library would send it to any."""
    found = os.environ.pop("PGPASSWORD", None)
    try:
        yield
    finally:
        if found is not None:
            os.environ["PGPASSWORD"] = found


class Postgres(Engine):
    """A read-only connection, whose server ends each statement at the time limit too."""

    errors = (psycopg2.Error,)

    def __init__(self, source: Source, folder: Path, stopped: Callable[[], bool]) -> None:
        self.notes = []
        self.dialect = Dialect(functions, Window)
        url = source.url
        mode = ssl_mode(parse_qs(url.query).get("sslmode", ["prefer"])[0], url.hostname)
        with _without_password_of_the_environment():
            self._connection = psycopg2.connect(
                host=url.hostname,
                port=url.port or 5432,
                dbname=unquote(url.path.lstrip("/")) or None,
                user=unquote(url.username) if url.username else None,
                password=password(source.credential),
                sslmode=mode,
                connect_timeout=SECONDS_TO_CONNECT,
                options=f"-c statement_timeout={int(source.seconds * 1000)} -c timezone=UTC",
            )
        self._connection.set_session(readonly=True, autocommit=True)
        schema, _, table = source.table.rpartition(".")
        self._table = exp.table_(table, db=schema or "public", quoted=True)
        self.columns = self._columns(schema or "public", table)
        # its own constructor creates an extension and a function, which a reader may not
        self._session = object.__new__(PostgresSession)
        _BaseSession.__init__(self._session, self._connection)

    def _columns(self, schema: str, table: str) -> Mapping[str, Kind]:
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.attname, t.typcategory, t.typname = 'money' FROM pg_attribute a "
                "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
                "JOIN pg_type t ON t.oid = a.atttypid "
                "WHERE n.nspname = %s AND c.relname = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
                (schema, table),
            )
            columns = cursor.fetchall()
            if not columns:
                cursor.execute(
                    "SELECT table_schema || '.' || table_name FROM information_schema.tables "
                    "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
                )
                there = ", ".join(name for (name,) in cursor.fetchall())
                raise SourceError(f"there is no table {schema}.{table}; there are: {there or 'none'}")
        self._money = {name for name, _, is_money in columns if is_money}
        return {name: KINDS.get(category, "other") for name, category, _ in columns}

    def frame(self, wanted: Mapping[str, Wanted]) -> Frame:
        """See Engine."""
        columns = [self._read(column).as_(name, quoted=True) for name, (column, _) in wanted.items()]
        self._rows = exp.select(*columns).from_(self._table).sql(dialect="postgres")
        frame = self._session.__copy__().sql(exp.select("*").from_("roc_rows"), dialect="postgres", qualify=False)
        return frame.select(*self.trimmed(wanted, {name: functions.col(name) for name in wanted}))

    def _read(self, column: str) -> exp.Expression:
        """A column; money, which is compared with no number, as numbers."""
        found = exp.column(column, quoted=True)
        return exp.cast(found, "numeric") if column in self._money else found

    def collect(self, frame: Frame) -> list[tuple[Any, ...]]:
        """See Engine; the columns are named outside of the DataFrame, which would forget capital letters."""
        answer = frame.sql(dialect="postgres", optimize=False, pretty=False)
        with self._connection.cursor() as cursor:
            cursor.execute(f"WITH roc_rows AS NOT MATERIALIZED ({self._rows}) SELECT * FROM ({answer}) AS answer")  # noqa: S608  # quoted
            return list(cursor.fetchall())

    def interrupt(self) -> None:
        """See Engine."""
        self._connection.cancel()

    def close(self) -> None:
        """See Engine."""
        self._connection.close()

    @staticmethod
    def explain(error: Exception) -> str:
        """See Engine."""
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        if isinstance(error, QueryCanceled):
            return "the server stopped at the time limit; set a filter, or a higher Time limit in the Sources table"
        if "password authentication failed" in said or "no password supplied" in said:
            return (
                "the server refuses the user or the password; see the user in Location, and what Credential refers to"
            )
        if isinstance(error, psycopg2.OperationalError):
            return f"the server cannot be reached ({said}); see that it runs and that Location is right"
        return cannot_answer("PostgreSQL", said)

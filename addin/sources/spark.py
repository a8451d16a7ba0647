"""Spark: a cluster, Spark Connect, or a session on this machine."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession, Window, functions
from pyspark.sql.types import BooleanType, DataType, DateType, NumericType, StringType, TimestampNTZType, TimestampType

from addin.errors import SourceError
from addin.sources.aggregates import Dialect, Frame
from addin.sources.query_engine import Engine, Wanted
from addin.sources.source import Kind, Source

APPLICATION = "Return on Customer"
PORTS = {"spark": 7077, "sc": 15002}
SECONDS_TO_CONNECT = 10
KINDS: tuple[tuple[type[DataType], Kind], ...] = (
    (StringType, "text"), (NumericType, "number"), (BooleanType, "flag"),
    (DateType, "date"), (TimestampType, "date"), (TimestampNTZType, "date"),
)  # fmt: skip


class Spark(Engine):
    """A session of its own, or the one that is active. The table is one of the catalogue, or the path of Parquet."""

    errors = (PySparkException, Py4JError)
    open_now: ClassVar[int] = 0

    def __init__(self, source: Source, folder: Path, stopped: Callable[[], bool]) -> None:
        self.notes = []
        self.dialect = Dialect(functions, Window)
        self._connect = source.location.startswith("sc://")
        self._group = f"roc-{uuid.uuid4().hex}"
        url = source.url
        if url.scheme in PORTS:
            address = (url.hostname or "", url.port or PORTS[url.scheme])
            try:
                socket.create_connection(address, SECONDS_TO_CONNECT).close()
            except OSError as error:
                raise SourceError(
                    f"the cluster cannot be reached ({error}); see that it runs and Location is right"
                ) from error
        builder = SparkSession.builder.appName(APPLICATION)
        builder = builder.remote(source.location) if self._connect else builder.master(source.location)
        settings = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
        self._session = builder.config(map={**settings, "spark.ui.showConsoleProgress": "false"}).getOrCreate()
        Spark.open_now += 1
        try:
            self._table = self._find(source.table)
        except BaseException:
            self.close()
            raise
        self.columns = {
            field.name: next((kind for of, kind in KINDS if isinstance(field.dataType, of)), "other")
            for field in self._table.schema.fields
        }

    def _find(self, table: str) -> Frame:
        if "/" in table or table.endswith(".parquet"):
            return self._session.read.parquet(table)
        if self._session.catalog.tableExists(table):
            return self._session.table(table)
        there = ", ".join(table.name for table in self._session.catalog.listTables())
        raise SourceError(f"there is no table {table!r}; there are: {there or 'none'}")

    def frame(self, wanted: Mapping[str, Wanted]) -> Frame:
        """See Engine."""
        columns = {name: functions.col(_name(column)) for name, (column, _) in wanted.items()}
        return self._table.select(*self.trimmed(wanted, columns))

    def collect(self, frame: Frame) -> list[tuple[Any, ...]]:
        """See Engine."""
        if self._connect:
            self._session.addTag(self._group)
        else:  # tags end no job of a classic session, groups do
            self._session.sparkContext.setJobGroup(self._group, APPLICATION, interruptOnCancel=True)
        return [tuple(row) for row in frame.collect()]

    def interrupt(self) -> None:
        """See Engine."""
        if self._connect:
            self._session.interruptTag(self._group)
        else:
            self._session.sparkContext.cancelJobGroup(self._group)

    def close(self) -> None:
        """End the session that was started here, with the last source that uses it."""
        Spark.open_now -= 1
        if not Spark.open_now and (self._connect or self._session.sparkContext.appName == APPLICATION):
            self._session.stop()

    @staticmethod
    def explain(error: Exception) -> str:
        """See Engine."""
        said = str(error).strip().splitlines()[0]
        return f"Spark cannot answer ({said}); see that the table and its columns hold what the Sources table says"


def _name(column: str) -> str:
    return "`" + column.replace("`", "``") + "`"

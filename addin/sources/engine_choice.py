"""Which engine a source needs."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

from addin.errors import SourceError
from addin.sources.query_engine import Engine
from addin.sources.source import Source


def open_engine(source: Source, folder: Path, stopped: Callable[[], bool]) -> Engine:
    """The engine of a source, open; its packages are loaded now and not before."""
    name, packages, extra = {
        "files": ("duckdb_engine.DuckDB", "duckdb and sqlframe", "sources"),
        "duckdb": ("duckdb_engine.DuckDB", "duckdb and sqlframe", "sources"),
        "postgresql": ("postgres.Postgres", "sqlframe and psycopg2", "postgres"),
        "spark": ("spark.Spark", "pyspark", "spark"),
    }[source.engine]
    module, _, kind = name.partition(".")
    try:
        engine: type[Engine] = getattr(importlib.import_module(f"addin.sources.{module}"), kind)
    except ImportError as error:
        raise SourceError(
            f"{source.location} needs {packages} ({error}); pip install 'return-on-customer[{extra}]'"
        ) from error
    try:
        return engine(source, folder, stopped)
    except engine.errors as error:
        raise SourceError(engine.explain(error)) from error

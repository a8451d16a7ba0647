"""One row of the Sources table: where orders or answers live, and which columns hold them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args
from urllib.parse import SplitResult, urlsplit

from addin.errors import SourceError

Kind = Literal["text", "number", "date", "flag", "other"]
Engine = Literal["files", "duckdb", "postgresql", "spark"]
Operator = Literal["=", "<>", "<", "<=", ">", ">=", "in"]

MOST_SECONDS = 3600.0

HEADINGS = {
    "Name": "name",
    "Location": "location",
    "Table": "table",
    "Id column": "id",
    "Date column": "date",
    "Amount column": "amount",
    "Score column": "score",
    "Segment column": "segment",
    "Filter column": "filter_column",
    "Operator": "operator",
    "Value": "value",
    "Credential": "credential",
    "Time limit": "seconds",
}
"""Heading of the Sources table to the field of a Source."""

CREDENTIAL = re.compile(r"env:\w+|keyring:[^/]+/.+")
PASSWORD = re.compile(r"(?!duckdb:)(\w+://.*:.*@|[^/\\:]{2,}:[^/\\]+@|.*[?&]password=)", re.IGNORECASE)
SPARK = re.compile(r"(spark|sc)://|local(\[[\d*]+\])?$")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table of orders or answers is, and how to ask for it. It never holds a password."""

    name: str
    location: str
    """A .csv or .parquet file, a glob, a folder, duckdb:path, postgresql://user@host:port/database, spark:// or sc://"""
    table: str = ""
    id: str = ""
    date: str = ""
    amount: str = ""
    score: str = ""
    segment: str = ""
    filter_column: str = ""
    operator: Operator = "="
    value: Any = None
    """Text, a number, a flag or a date; for `in`, text with semicolons between the values."""
    credential: str = ""
    """env:NAME or keyring:SERVICE/NAME, from where the password is read when it is needed"""
    seconds: float = 60.0
    """Time limit of each question."""

    def __post_init__(self) -> None:
        for field in ("name", "location"):
            if not getattr(self, field):
                raise _wrong(field, "is blank", "give the source a name and a location")
        if PASSWORD.match(self.location):
            raise _wrong("location", "holds a password", "write user@host and name the password in Credential")
        if self.engine == "files" and "://" in self.location:
            raise _wrong("location", "is of no known kind", "give a file, a folder, duckdb:, postgresql:// or spark://")
        _ = self.url
        if self.engine in ("duckdb", "postgresql", "spark") and not self.table:
            raise _wrong("table", "is blank", "name the table that holds the rows")
        if self.operator not in get_args(Operator):
            raise _wrong("operator", f"is {self.operator!r}", f"use one of {' '.join(get_args(Operator))}")
        if (self.value is None) != (not self.filter_column):
            raise _wrong("value", "and Filter column go together", "fill both, or leave both blank")
        if self.credential and not CREDENTIAL.fullmatch(self.credential):
            raise _wrong("credential", "is no reference", "write env:NAME or keyring:SERVICE/NAME, never the password")
        if not 0 < self.seconds <= MOST_SECONDS:
            raise _wrong("seconds", f"is {self.seconds:g}", f"give seconds, more than 0 and up to {MOST_SECONDS:g}")

    @property
    def engine(self) -> Engine:
        """Which kind of place the location is."""
        if self.location.startswith("duckdb:"):
            return "duckdb"
        if self.location.startswith(("postgresql://", "postgres://")):
            return "postgresql"
        return "spark" if SPARK.match(self.location) else "files"

    @property
    def url(self) -> SplitResult:
        """The location in its parts."""
        try:
            parts = urlsplit(self.location)
            _ = parts.port
        except ValueError:
            raise _wrong("location", "has no readable port", "write postgresql://user@host:5432/database") from None
        return parts

    @classmethod
    def from_row(cls, row: Mapping[str, Any], number: int) -> Source:
        """Read a row of the Sources table; `number` is what an error calls it. Columns of other names are ignored."""
        values: dict[str, Any] = {}
        for heading, field in HEADINGS.items():
            cell = row.get(heading)
            if cell is None or (isinstance(cell, str) and not cell.strip()):
                continue
            try:
                values[field] = READ.get(field, _text)(cell)
            except ValueError as error:
                raise SourceError(f"Sources, row {number}, {heading}: {error}") from None
        try:
            return cls(**{"name": "", "location": ""} | values)
        except SourceError as error:
            raise SourceError(f"Sources, row {number}, {error}") from None


def read_sources(rows: Iterable[Mapping[str, Any]]) -> list[Source]:
    """Read the Sources table, one mapping of heading to cell a row; rows that are all blank are passed over."""
    sources: list[Source] = []
    for number, row in enumerate(rows, start=1):
        if all(cell is None or not str(cell).strip() for cell in row.values()):
            continue
        source = Source.from_row(row, number)
        if source.name.casefold() in {other.name.casefold() for other in sources}:
            raise SourceError(f"Sources, row {number}, Name: {source.name!r} is there twice; give each its own name")
        sources.append(source)
    return sources


def _wrong(field: str, found: str, do: str) -> SourceError:
    heading = next(heading for heading, name in HEADINGS.items() if name == field)
    return SourceError(f"{heading}: it {found}; {do}" if field != "value" else f"{heading} {found}; {do}")


def _text(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell).strip()


def _number(cell: object) -> float:
    if isinstance(cell, bool) or not isinstance(cell, (int, float)) or not math.isfinite(cell):
        raise ValueError(f"a number is needed, {cell!r} was found")
    return float(cell)


def _value(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if isinstance(cell, (bool, int, float, date)) else str(cell).strip()


READ = {"seconds": _number, "value": _value}
"""How a cell of the table is read where it is not text."""

"""CSV files as spreadsheets and shops write them: their encoding, their separator, their heading."""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from addin.errors import SourceError

LOOK_AHEAD = 1 << 20
"""Bytes in which the heading of a CSV file must end."""
MOST_COLUMNS = 16_384
"""As many as a sheet has."""
SEPARATORS = ",;\t|"
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file that DuckDB can read: in UTF-8, with a known heading."""

    path: Path
    named: Path
    """The file as the user knows it; `path` is a copy of it where it was not in UTF-8."""
    separator: str
    columns: tuple[str, ...]


def csv_file(path: Path, copies: Path, stopped: Callable[[], bool]) -> CsvFile:
    """Look at a CSV file; one that is not in UTF-8 is copied to the folder of copies, a part at a time."""
    encoding = _encoding(path, stopped)
    readable = path if encoding == "utf-8" else _copy(path, encoding, copies, stopped)
    with readable.open("rb") as stream:
        start = stream.read(LOOK_AHEAD)
    text = codecs.getincrementaldecoder("utf-8-sig")().decode(start)
    if not text.strip():
        raise SourceError(f"{path} is empty; a heading and rows are needed")
    if "\n" not in text and "\r" not in text and len(start) == LOOK_AHEAD:
        raise SourceError(f"{path}: the first line is longer than {LOOK_AHEAD:,} bytes; give a CSV file with a heading")
    if "\0" in text:
        raise SourceError(f"{path} is no text; give a CSV or Parquet file")
    headings = {mark: _heading(text, mark) for mark in SEPARATORS}
    separator = max(SEPARATORS, key=lambda mark: len(headings[mark]))
    names = headings[separator]
    if len(names) > MOST_COLUMNS:
        raise SourceError(f"{path} has {len(names):,} columns; a sheet has {MOST_COLUMNS:,}, so leave some out")
    columns = tuple(name.strip() or f"Column {number}" for number, name in enumerate(names, start=1))
    folded = [name.casefold() for name in columns]
    for name in columns:
        if folded.count(name.casefold()) > 1:
            raise SourceError(f"{path}: two columns are called {name!r}; give each its own name")
    return CsvFile(readable, path, separator, columns)


def _heading(text: str, separator: str) -> list[str]:
    try:
        return next((row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row), [""])
    except csv.Error:
        return [""]


def _parts(path: Path, stopped: Callable[[], bool]) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while part := stream.read(LOOK_AHEAD):
            if stopped():
                raise SourceError("stopped")
            yield part


def _encoding(path: Path, stopped: Callable[[], bool]) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding
    try:
        for part in _parts(path, stopped):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _copy(path: Path, encoding: str, copies: Path, stopped: Callable[[], bool]) -> Path:
    """Windows' Western letters, which hold Latin-1's, unless the file says that it is UTF-16."""
    decoder = codecs.getincrementaldecoder(encoding)("strict" if encoding == "utf-16" else "replace")
    with tempfile.NamedTemporaryFile("wb", dir=copies, suffix=".csv", delete=False) as copy:
        for part in _parts(path, stopped):
            copy.write(decoder.decode(part).encode())
        copy.write(decoder.decode(b"", final=True).encode())
    return Path(copy.name)

"""Text files of rows (CSV): what they are written in, and their rows read by pandas."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from addin.errors import BookError, empty_file
from addin.tabular.encodings import CHUNK, encoding_of
from addin.tabular.headings import ROWS_SEEN, heading_names, heading_row

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".csv", ".tsv", ".txt")
SEPARATORS = ",;\t|"
ROWS_AT_ONCE = 100_000
ONE_COLUMN = 0.99
"""What a separator that parts nothing explains less, so that one that parts the headings goes first."""

_NAMED_SEPARATOR = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_TOO_LONG = re.compile(r"line (\d+): expected")
_NEVER_CLOSED = re.compile(r"inside string starting at row (\d+)")


@dataclass(frozen=True, slots=True)
class TextFormat:
    """How a text file is written."""

    path: Path
    encoding: str
    errors: str
    """What `open` does with bytes that the encoding does not have."""
    separator: str
    named_separator: bool
    """Whether the first line is sep=; which no spreadsheet shows."""
    headings: list[str]
    width: int
    """How many cells the row of the headings has, with blank ones at its end."""
    heading_row: int
    """The row of the headings as a spreadsheet numbers it, from 1."""
    first_rows: list[list[str]]
    """Rows below the headings, by which the file is judged."""
    titles: list[str]
    """The lines above the headings."""

    def is_torn(self, text: str) -> bool:
        """Whether a cell holds whole rows, since a quotation mark before it was never closed."""
        return text.count('"') % 2 == 1 and text.count(self.separator) >= text.count("\n") * (self.width - 1) > 0

    def open(self) -> TextIO:
        """The file as text, from the row of its headings."""
        stream = self.path.open(encoding=self.encoding, errors=self.errors, newline="")
        if self.named_separator:
            stream.readline()
        above = csv.reader(stream, delimiter=self.separator)
        for _ in range(self.heading_row - 1):
            next(above)
        return stream


def text_format(path: Path, heading: int = 0, stopped: Callable[[], bool] = lambda: False) -> TextFormat:
    """Look at a text file; `heading` is the row of its headings where the user names it."""
    encoding, errors = encoding_of(path, stopped)
    with path.open(encoding=encoding, errors=errors, newline="") as stream:
        start = stream.read(CHUNK)
    if not start.strip(" \t\r\n,;|"):
        raise empty_file(path)
    if "\0" in start:
        raise BookError(f"{path} is not text; give a CSV file in UTF-8, Latin-1 or UTF-16")
    if len(start) == CHUNK:
        start = start[: max(start.rfind("\n"), start.rfind("\r")) + 1]
        if not start:
            raise BookError(f"{path}: the first line is longer than {CHUNK:,} letters; give a CSV file with headings")
    declared = _NAMED_SEPARATOR.fullmatch(start.splitlines()[0])
    if declared:
        start = start.split("\n", 1)[-1]
    separator = declared[1] if declared else max(SEPARATORS, key=lambda mark: _fit(start, mark))
    rows = _rows(start, separator)
    at = heading - 1 if heading else heading_row(rows)
    if at >= len(rows):
        raise BookError(f"{path} has no row {heading} for the headings; it has {len(rows):,} rows")
    return TextFormat(
        path=path, encoding=encoding, errors=errors, separator=separator, named_separator=bool(declared),
        headings=heading_names(str(path), rows[at]), width=len(rows[at]), heading_row=at + 1,
        first_rows=rows[at + 1 :], titles=[separator.join(row).strip(f" {separator}") for row in rows[:at]],
    )  # fmt: skip


def _rows(text: str, separator: str) -> list[list[str]]:
    """The first rows of a text."""
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a cell of more than 128 KiB
        rows.extend(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), ROWS_SEEN))
    return rows or [[]]


def _fit(text: str, separator: str) -> float:
    """How well a separator explains a file: the columns of its headings, by the share of rows that are as wide."""
    rows = _rows(text, separator)
    wide = [len(row) for row in rows if row]
    headings = len(rows[heading_row(rows)])
    return (headings - ONE_COLUMN) * wide.count(headings) / max(1, len(wide))


def text_rows(found: TextFormat, too_long: list[int]) -> Iterator[pd.DataFrame]:
    """The rows below the headings, some at a time, by their number; rows with too many cells are numbered apart.

    A column more than there are headings catches what a row has too much.
    """
    import pandas as pd

    width = found.width
    before: list[int] = []
    with found.open() as stream, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", pd.errors.ParserWarning)
        parts = pd.read_csv(
            stream, sep=found.separator, header=None, names=range(width + 1), index_col=False, dtype=str,
            na_filter=False, skip_blank_lines=False, on_bad_lines="warn", chunksize=ROWS_AT_ONCE,
        )  # fmt: skip
        for part in _parsed(found, parts):
            before += [int(row) for warning in said for row in _TOO_LONG.findall(str(warning.message))]
            said.clear()
            part = part.set_axis(_numbered(part.index + 1, before) + found.heading_row - 1)
            extra = part[width] != ""
            too_long += part.index[extra].tolist()
            yield part.loc[~extra & (part.index > found.heading_row), range(len(found.headings))]
    too_long += [row + found.heading_row - 1 for row in before]
    too_long.sort()


def _parsed(found: TextFormat, parts: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """What pandas parses, with its errors in a sentence."""
    import pandas as pd

    try:
        yield from parts
    except pd.errors.ParserError as error:
        if row := _NEVER_CLOSED.search(str(error)):
            raise never_closed(found.path, int(row[1]) + found.heading_row) from None
        raise BookError(f"{found.path} cannot be read as CSV ({error}); save it again as CSV") from None


def never_closed(path: Path, row: int) -> BookError:
    """A file of which rows are lost in a cell."""
    return BookError(f"{path}, row {row}: a quotation mark is never closed; close it, or double those that belong to "
                     "the text")  # fmt: skip


def _numbered(index: pd.Index, left_out: list[int]) -> pd.Index:
    """The numbers of rows once those that were left out before them are counted too."""
    for row in sorted(left_out):
        index = index.where(index < row, index + 1)
    return index

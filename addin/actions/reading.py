"""Rows of a CSV or Excel file, with each column read as what it shall be."""

from __future__ import annotations

import codecs
import csv
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from addin.actions.book import Value
from addin.errors import BookError
from addin.schema import ColumnKind
from addin.values import DAY_ZERO

MOST_ROWS = 1_048_000
"""More do not fit on a sheet."""
TEXT_FILES, EXCEL_FILES = {".csv", ".txt", ".tsv"}, {".xlsx", ".xlsm"}
SEPARATORS = ",;\t|"
LOOK_AHEAD = 1 << 20
BYTE_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
Told = Callable[[int], object]
"""Told how many rows have been read."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """A cell that is not what its column shall be."""

    text: str
    wanted: str


@dataclass(slots=True)
class File:
    """A file's headings and rows; `numbers` are the rows as a spreadsheet or an editor numbers them."""

    path: Path
    headings: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def column(self, heading: str) -> list[Any]:
        """The cells under a heading."""
        at = self.headings.index(heading)
        return [row[at] if at < len(row) else None for row in self.rows]


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files that are named, and those in the folders that are named."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in TEXT_FILES | EXCEL_FILES)
            inside = [p for p in inside if not p.name.startswith((".", "~$"))]
            if not inside:
                raise BookError(f"{path} holds no .csv or .xlsx file; name another folder or a file")
            found += inside
        else:
            found.append(path)
    return found


def read(path: Path, told: Told = lambda rows: None) -> File:
    """Read a file: its first row that is not blank holds the headings."""
    suffix = path.suffix.lower()
    if suffix not in TEXT_FILES | EXCEL_FILES:
        raise BookError(f"{path} is neither a CSV nor an Excel file (.csv, .txt, .tsv, .xlsx, .xlsm)")
    try:
        rows = _text_rows(path) if suffix in TEXT_FILES else _excel_rows(path)
        found = _file(path, rows, told)
    except FileNotFoundError:
        raise BookError(f"{path} is not there; check the name and the folder") from None
    except OSError as error:
        raise BookError(f"{path} cannot be read: {error.strerror or error}") from error
    except (UnicodeError, csv.Error) as error:
        raise BookError(f"{path} cannot be read as text: {error}; save it as CSV UTF-8") from error
    if not found.headings:
        raise BookError(f"{path} is empty; a row of headings and rows beneath it are needed")
    return found


def _file(path: Path, rows: Iterator[tuple[int, list[Any]]], told: Told) -> File:
    found = File(path, [])
    for number, row in rows:
        if all(cell is None or cell == "" for cell in row):
            continue
        if not found.headings:
            found.headings = _headings(path, row)
            continue
        if len(found.rows) >= MOST_ROWS:
            raise BookError(f"{path} has more than {MOST_ROWS:,} rows, and a sheet holds no more; split it, or "
                            "name the file in the Sources table, which brings totals, not rows")  # fmt: skip
        found.rows.append(row)
        found.numbers.append(number)
        if len(found.rows) % 1000 == 0:
            told(len(found.rows))
    return found


def _headings(path: Path, row: Sequence[Any]) -> list[str]:
    names = [" ".join(str(cell).split()) if cell is not None else "" for cell in row]
    for name in filter(None, names):
        if names.count(name) > 1:
            raise BookError(f"{path}: two columns are headed {name!r}; give each its own heading")
    return names


# --- text


def _text_rows(path: Path) -> Iterator[tuple[int, list[Any]]]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        start = stream.read(LOOK_AHEAD)
        if "\0" in start:
            raise BookError(f"{path} is not text; give a CSV file in UTF-8, Latin-1 or UTF-16")
        stream.seek(0)
        first = start.splitlines()[0] if start.strip() else ""
        bare = re.sub(r'"[^"]*"', "", first)
        rows = csv.reader(stream, delimiter=max(SEPARATORS, key=bare.count))
        number = 1
        for row in rows:
            yield number, [cell.strip() or None for cell in row]
            number = rows.line_num + 1


def _encoding(path: Path) -> str:
    """The encoding a file says or shows; text that is not UTF-8 has Windows' Western letters, as Latin-1's."""
    with path.open("rb") as stream:
        start = stream.read(4)
        for mark, encoding in BYTE_MARKS:
            if start.startswith(mark):
                return encoding
        decoder = codecs.getincrementaldecoder("utf-8")()
        stream.seek(0)
        try:
            while part := stream.read(LOOK_AHEAD):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            pass
        else:
            return "utf-8"
        stream.seek(0)
        undefined = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
        return (
            "latin-1"
            if any(undefined.search(part) for part in iter(lambda: stream.read(LOOK_AHEAD), b""))
            else "cp1252"
        )


# --- Excel


def _excel_rows(path: Path) -> Iterator[tuple[int, list[Any]]]:
    """The first sheet's rows, formulas as their saved values."""
    import zipfile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(path, read_only=True, data_only=True)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
            raise BookError(f"{path} is not a workbook that can be read ({error}); save it as .xlsx") from None
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_excel_value(cell) for cell in row]
        book.close()


def _excel_value(cell: Any) -> Any:
    match cell:
        case bool() | None:
            return cell
        case int():
            return float(cell)
        case datetime():
            return (cell - DAY_ZERO) / timedelta(days=1)
        case date():
            return float(cell.toordinal() - DAY_ZERO.toordinal())
        case time():
            return (cell.hour * 60 + cell.minute) / 1440 + cell.second / 86400
        case str():
            return cell.strip() or None
    return cell


# --- what the text means

_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?.*)?")
_YEAR = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?:[ T]\d{1,2}:\d{2}.*)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SIGNS = re.compile(r"[\s\u00a0\u202f'€$£¥]")
_SWAPPED = str.maketrans(".,", ",.")
_NUMBER = re.compile(r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?")
_THREE = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


def as_kind(cells: Sequence[Any], kind: ColumnKind, comma: bool) -> tuple[list[Value | NotRead], str]:
    """A column's cells as what they shall be, and a note where that was not plain."""
    match kind:
        case ColumnKind.TEXT:
            return [_text(cell) for cell in cells], ""
        case ColumnKind.DATE:
            texts = [cell for cell in cells if isinstance(cell, str)]
            month_first, unclear = _order(texts)
            note = "dates such as 3/4/2026 are read as 3 April" if unclear else ""
            return [_date(cell, month_first) for cell in cells], note
        case ColumnKind.NUMBER:
            return [_number(cell, comma) for cell in cells], ""
    return [cell if not isinstance(cell, str) or isinstance(_number(cell, comma), NotRead) else _number(cell, comma)
            for cell in cells], ""  # fmt: skip


def _text(cell: Any) -> Value | NotRead:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return None if cell is None else str(cell)


def has_decimal_comma(texts: Iterable[Any]) -> bool:
    """Whether numbers are written 1.234,50; one comma or point before three digits alone does not tell."""
    votes: Counter[str] = Counter()
    thousands: Counter[str] = Counter()
    for text in texts:
        digits = _SIGNS.sub("", text) if isinstance(text, str) else ""
        marks = re.sub(r"[\d+-]", "", digits)
        if not marks or set(marks) - {".", ","}:
            continue
        last, other = marks[-1], "," if marks[-1] == "." else "."
        if other in marks or (len(marks) == 1 and not _THREE.fullmatch(digits)):
            votes[last] += 1
        elif len(marks) > 1:
            votes[other] += 1
        else:
            thousands[last] += 1
    return votes[","] > votes["."] if votes else thousands["."] > thousands[","]


def _number(cell: Any, comma: bool) -> Value | NotRead:
    if not isinstance(cell, str):
        return cell if isinstance(cell, float) or cell is None else NotRead(str(cell), ColumnKind.NUMBER.value)
    digits = _SIGNS.sub("", cell)
    if comma:
        digits = digits.translate(_SWAPPED)
    return float(digits.replace(",", "")) if _NUMBER.fullmatch(digits) else NotRead(cell, ColumnKind.NUMBER.value)


def _order(texts: Sequence[str]) -> tuple[bool, bool]:
    """Whether the month comes first, and whether that could not be told."""
    pairs = [(int(m[1]), int(m[3]), m[2]) for text in texts if (m := _DAY.fullmatch(text))]
    month_first = any(second > 12 for _, second, _ in pairs) and all(first <= 12 for first, _, _ in pairs)
    unclear = bool(pairs) and not any(max(a, b) > 12 for a, b, _ in pairs) and any(mark == "/" for *_, mark in pairs)
    return month_first, unclear


def _date(cell: Any, month_first: bool) -> Value | NotRead:
    if not isinstance(cell, str):
        return cell if isinstance(cell, float) or cell is None else NotRead(str(cell), ColumnKind.DATE.value)
    try:
        if found := _YEAR.fullmatch(cell):
            day = date(int(found[1]), int(found[3]), int(found[4]))
        elif found := _COMPACT.fullmatch(cell):
            day = date(int(found[1]), int(found[2]), int(found[3]))
        elif found := _DAY.fullmatch(cell):
            year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
            one, two = int(found[1]), int(found[3])
            day = date(year, one, two) if month_first else date(year, two, one)
        else:
            return NotRead(cell, ColumnKind.DATE.value)
    except ValueError:
        return NotRead(cell, ColumnKind.DATE.value)
    return float(day.toordinal() - DAY_ZERO.toordinal())

"""Read a CSV or Excel file: its headings and its rows, numbered as a spreadsheet shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain, compress, islice
from pathlib import Path

from addin.errors import BookError, empty_file, not_there
from addin.files import refuse_other_kinds
from addin.tabular import excel_files, text_files
from addin.tabular.cells import Cell, text_cell
from addin.tabular.columns import Habits, habits
from addin.tabular.encodings import NAMES
from addin.tabular.headings import ROWS_SEEN, heading_names, heading_row, told_apart
from addin.values import LAST_ROW

ENDINGS = text_files.ENDINGS + excel_files.ENDINGS
"""What the names of files end with that can be read."""
MOST_ROWS = 1_048_000
"""More do not fit on a sheet."""
_RULE = re.compile("[-=_+]{3,}")
"""What is drawn between rows of text, as SAP draws it."""
Progress = Callable[[int], object]
"""Called with the number of rows that have been read."""


@dataclass(slots=True)
class DataFile:
    """A file's headings and rows."""

    path: Path
    headings: list[str]
    habits: Habits
    columns: list[list[Cell]]
    """The cells below each heading."""
    numbers: list[int] = field(default_factory=list)
    """The number of each row as a spreadsheet shows it."""
    too_long: list[int] = field(default_factory=list)
    """The numbers of rows that have more cells than there are headings; they are not among the rows."""
    notes: list[str] = field(default_factory=list)
    """Where the rows were found and how they are written, where that is not plain."""
    titles: list[str] = field(default_factory=list)
    """The lines above the headings."""
    doubled: list[str] = field(default_factory=list)
    """Headings that stand over several columns which are not the same."""

    def column(self, heading: str) -> list[Cell]:
        """The cells under a heading; a BookError where another column has the same one and other cells."""
        if heading in self.doubled:
            raise BookError(f"{self.path}: two columns are headed {heading!r}; give each its own heading, or take the "
                            f"other one, such as --map \"COLUMN={heading} (2)\"")  # fmt: skip
        return self.columns[self.headings.index(heading)]

    def tell_apart(self) -> None:
        """Give each column a heading of its own, and keep in mind those that tell no column."""
        first: dict[str, int] = {}
        for index, heading in enumerate(self.headings):
            before = first.setdefault(heading.casefold(), index)
            if heading and self.columns[before] != self.columns[index]:
                self.doubled.append(self.headings[before])
        self.headings = told_apart(self.headings)


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files that are named, and those in the folders that are named."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in ENDINGS and p.is_file())
            inside = [p for p in inside if not p.name.startswith((".", "~$"))]
            if not inside:
                raise BookError(f"{path} holds no .csv or .xlsx file; name another folder or a file")
            found += inside
        else:
            found.append(path)
    return found


def read_file(path: Path, progress: Progress = lambda rows: None, *, sheet: str = "", heading: int = 0) -> DataFile:
    """Read a file; `sheet` and `heading`, the row of the headings, go before what the file looks like."""
    suffix = path.suffix.lower()
    try:
        refuse_other_kinds(path, "a CSV or Excel file")
        if suffix in text_files.ENDINGS:
            found = _text_file(path, progress, heading)
        elif suffix in excel_files.ENDINGS:
            found = _excel_file(path, progress, sheet, heading)
        else:
            raise BookError(f"{path} is neither a CSV nor an Excel file (.csv, .txt, .tsv, .xlsx, .xlsm)")
    except FileNotFoundError:
        raise not_there(path) from None
    except OSError as error:
        raise BookError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeError as error:
        raise BookError(f"{path} cannot be read as text: {error}; save it as CSV UTF-8") from error
    if not found.headings:
        raise empty_file(path)
    found.tell_apart()
    return found


def _text_file(path: Path, progress: Progress, heading: int) -> DataFile:
    form = text_files.text_format(path, heading)
    found = DataFile(path, form.headings, habits(form.separator, form.first_rows), [[] for _ in form.headings])
    for part in text_files.text_rows(form, found.too_long):
        texts = [part[name].tolist() for name in part.columns]
        for column in texts:
            if torn := next(filter(form.is_torn, {*column}), ""):
                raise text_files.never_closed(path, part.index[column.index(torn)])
        read = list(map(_cells, texts))
        filled = [any(map(_says_something, row)) for row in zip(*read, strict=True)]
        found.numbers += compress(part.index.tolist(), filled)
        for column, cells in zip(found.columns, read, strict=True):
            column += compress(cells, filled)
        _check_length(found, progress)
    found.titles += form.titles
    if form.encoding in NAMES:
        found.notes.append(f"it is not in UTF-8; its letters are read as {NAMES[form.encoding]} ({form.encoding})")
    _note_heading(found, form.heading_row)
    return found


def _says_something(cell: Cell) -> bool:
    """Whether a cell is filled, and not with a rule between rows."""
    return cell is not None and not (isinstance(cell, str) and _RULE.fullmatch(cell))


def _cells(texts: list[str]) -> list[Cell]:
    cells = {text: text_cell(text) for text in set(texts)}
    return [cells[text] for text in texts]


def _excel_file(path: Path, progress: Progress, sheet: str, heading: int) -> DataFile:
    with excel_files.excel_sheet(path, sheet) as (chosen, others):
        rows = excel_files.excel_rows(chosen)
        first = list(islice(rows, max(ROWS_SEEN, heading)))
        at = heading - 1 if heading else heading_row(first)
        if heading > len(first):
            raise BookError(f"{path} has no row {heading} with headings; name another row or sheet")
        headings = heading_names(str(path), first[at]) if first else []
        titles = [", ".join(cell for cell in row if isinstance(cell, str)) for row in first[:at]]
        found = DataFile(path, headings, habits("", first[at + 1 :]), [[] for _ in headings], titles=titles)
        for number, row in enumerate(chain(first, rows), start=1):
            if number > LAST_ROW:
                raise BookError(
                    f"{path} is damaged: it numbers a row beyond {LAST_ROW:,}; save it in its program again"
                )
            if number > at + 1 and any(cell is not None for cell in row):
                found.numbers.append(number)
                for index, cells in enumerate(found.columns):
                    cells.append(row[index] if index < len(row) else None)
                if len(found.numbers) % 1000 == 0:
                    _check_length(found, progress)
    if others and not sheet:
        found.notes.append(f"the sheet {chosen.title} is read, not {', '.join(others)}")
    _note_heading(found, at + 1)
    return found


def _check_length(found: DataFile, progress: Progress) -> None:
    if len(found.numbers) > MOST_ROWS:
        raise BookError(f"{found.path} has more than {MOST_ROWS:,} rows, and a sheet holds no more; split it, or name "
                        "the file in the Sources table, which brings totals, not rows")  # fmt: skip
    progress(len(found.numbers))


def _note_heading(found: DataFile, row: int) -> None:
    if row > 1:
        found.notes.append(f"the headings stand in row {row}")

"""Load data: rows of files into a table of the book, seen before they are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from addin.actions.book import Book, Cancelled, Change, OurCell, Question, Rows, Table, Value, text_of
from addin.actions.calculated_columns import fill_long_tables
from addin.actions.pick_lists import pick_lists
from addin.actions.reading import as_kind
from addin.errors import BookError
from addin.schema import Column, ColumnKind, aliases, schemas, typed_columns
from addin.tabular import DataFile, NotRead, Unclear, files_in, read_file, texts_of

MANY_REJECTED = 0.2
"""With a larger share of rows rejected, loading asks."""
NOTE = "load "
"""What the notes that remember headings begin with."""
CONSTANT = "="
"""A heading that begins so is no heading, but what the column shall hold in every row."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that is not loaded: where it stands, the column at fault, and why."""

    place: str
    column: str
    reason: str


@dataclass(slots=True)
class Preview:
    """What loading files would do."""

    table: str
    mapping: dict[str, str]
    """Column of the table to heading of the file."""
    append: bool
    there: int
    """How many rows the table has now."""
    sample: int
    """How many of them are made up."""
    rows: dict[str, list[Value]] = field(default_factory=dict)
    """The new rows, column by column."""
    duplicates: list[Problem] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """How the files were understood, where that was not plain."""
    dates: frozenset[str] = frozenset()
    """The columns whose numbers are dates."""
    unclear: dict[str, Unclear] = field(default_factory=dict)
    """Column to a text of it that can be read two ways; `preview` takes the names of the ways that are wanted."""

    @property
    def new(self) -> int:
        """How many rows would be loaded."""
        return max(map(len, self.rows.values()), default=0)

    @property
    def question(self) -> Question:
        """What to ask before loading."""
        kind = "sample " if self.sample and self.sample == self.there else ""
        if self.append:
            text = f"Append {self.new:,} rows to the {self.there:,} {kind}rows of {self.table}?"
        else:
            text = f"Replace the {self.there:,} {kind}rows of {self.table} with {self.new:,} rows?"
        return Question(f"{'append' if self.append else 'replace'}/{self.table}/{self.there}/{self.new}", text)


def preview(
    book: Book,
    paths: Sequence[Path],
    *,
    table: str = "",
    mapping: Mapping[str, str] | None = None,
    append: bool = False,
    sheet: str = "",
    heading: int = 0,
    ways: Mapping[str, str] | None = None,
) -> Preview:
    """Read files and folders, and say what loading them would do; the book stays as it is.

    `mapping` (column to heading, or to =TEXT for the same in every row) goes before what the book remembers, and
    that before equal and usual headings. Without a `table` the one is taken that the headings fit best. `sheet` and
    `heading` (the row of the headings) say where the rows are, `ways` (column to the name of a way) how texts are
    read that a preview showed as unclear.
    """
    files = [
        read_file(
            path,
            lambda rows, name=path.name: book.status(f"Reading {name}, {rows:,} rows"),  # type: ignore[misc]
            sheet=sheet,
            heading=heading,
        )
        for path in files_in(paths)
    ]
    chosen = book.table(table or _best_table(book, files[0]))
    found = Preview(chosen.name, {}, append, len(chosen.rows), 0)
    schema = schemas().get(chosen.name)
    found.sample = sum(schema.is_sample(chosen.columns, index) for index in chosen.rows) if schema else 0
    wanted = typed_columns(chosen.name) or {name: Column(name, 0, ColumnKind.ANY) for name in chosen.typed}
    wanted = {name: wanted[name] for name in chosen.typed if name in wanted}
    found.dates = frozenset(name for name, rule in wanted.items() if rule.kind is ColumnKind.DATE)
    checker = _Checker(book, chosen, wanted, append)
    mappings = [_mapping(book, chosen, file, dict(mapping or {})) for file in files]
    folder = {
        name: texts_of(cell for file, where in zip(files, mappings, strict=True)
                       if (found_in := where.get(name, CONSTANT)) in file.headings for cell in file.column(found_in))
        for name in wanted
    }  # fmt: skip
    for file, found.mapping in zip(files, mappings, strict=True):
        _add(found, checker, _columns(found, file, wanted, folder, ways or {}), file)
    return found


def load(book: Book, plan: Preview) -> list[OurCell]:
    """Write what a preview found, recalculate, and remember the headings.

    Asks before rows are replaced, and where more than a fifth of the rows is rejected; Cancelled where the user does
    not agree, a BookError where there is nothing to load.
    """
    read_rows = plan.new + len(plan.rejected)
    if not plan.new:
        reason = f", the first one {plan.rejected[0].place}: {plan.rejected[0].reason}" if plan.rejected else ""
        raise BookError(f"no row can be loaded into {plan.table}: {len(plan.rejected):,} rejected{reason}; "
                        f"{len(plan.duplicates):,} are there already")  # fmt: skip
    if len(plan.rejected) > MANY_REJECTED * read_rows:
        first = plan.rejected[0]
        share = f"{len(plan.rejected):,} of {read_rows:,} rows are rejected, the first one ({first.place}) because"
        key = f"rejected/{plan.table}/{len(plan.rejected)}/{read_rows}"
        _confirm(book, Question(key, f"{share} {first.reason}. Load the others all the same?"))
    if plan.there and not plan.append:
        _confirm(book, plan.question)
    with book.action("Load data"):
        change = Change(rows={plan.table: Rows(plan.rows, plan.append)})
        for column, heading in plan.mapping.items():
            if heading != column and not heading.startswith(CONSTANT):
                change.notes[f"{NOTE}{plan.table}.{column}"] = _remembered(book, plan.table, column, heading)
        fill_long_tables(book, change)
        book.status(f"Writing {plan.new:,} rows")
        book.write(change)
        book.status("Calculating")
        return book.calculate()


def _confirm(book: Book, question: Question) -> None:
    if not book.ask(question):
        raise Cancelled(f"{question.text} {Cancelled()}")


# --- which column is which


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _names(column: str) -> list[str]:
    return [_plain(name) for name in (column, *aliases(column))]


def _best_table(book: Book, file: DataFile) -> str:
    headings = {_plain(heading) for heading in file.headings}
    fits: dict[str, int] = {}
    for name in book.tables():
        known = [set(_names(column)) for column in typed_columns(name) if column not in ("Note",)]
        needed = [set(_names(column)) for column, rule in typed_columns(name).items() if rule.expected_in_files]
        if needed and all(names & headings for names in needed):
            fits[name] = sum(bool(names & headings) for names in known)
    if not fits:
        raise BookError(f"{file.path}: its headings ({', '.join(filter(None, file.headings))}) fit no table of "
                        f"{book.title}; name the table, and which heading is which column")  # fmt: skip
    return max(fits, key=lambda name: fits[name])


def _mapping(book: Book, table: Table, file: DataFile, given: dict[str, str]) -> dict[str, str]:
    for column, heading in given.items():
        if column not in table.typed:
            raise BookError(f"{table.name} has no column {column} to load into; it has {', '.join(table.typed)}")
        if not heading.startswith(CONSTANT) and heading not in file.headings:
            raise BookError(f"{file.path} has no column {heading}; it has {', '.join(filter(None, file.headings))}")
    notes = book.notes()
    found = {}
    taken = set(given.values())
    by_plain = {_plain(heading): heading for heading in reversed(file.headings) if heading}
    for column in table.typed:
        remembered = notes.get(f"{NOTE}{table.name}.{column}", "").split("\n")
        usual = [by_plain[name] for name in _names(column) if name in by_plain]
        candidates = [given[column]] if column in given else [*remembered, *usual]
        for heading in candidates:
            if column in given or (heading in file.headings and heading and heading not in taken):
                found[column] = heading
                taken.add(heading)
                break
    return found


def _remembered(book: Book, table: str, column: str, heading: str) -> str:
    before = book.notes().get(f"{NOTE}{table}.{column}", "").split("\n")
    headings = [heading, *(other for other in before if other and other != heading)]
    while len("\n".join(headings)) > 255 and len(headings) > 1:
        headings.pop()
    return "\n".join(headings)


# --- which rows are right


class _Checker:
    """Tells new rows from those that are there already, and from wrong ones."""

    def __init__(self, book: Book, table: Table, wanted: Mapping[str, Column], append: bool) -> None:
        self.table, self.wanted = table, wanted
        self.lists = pick_lists(book, table.name)
        self.key = [name for name in schemas()[table.name].key if name in wanted] if table.name in schemas() else []
        self.seen: dict[tuple[str, ...], str] = {}
        for index in table.rows if append else ():
            key = self._key({name: table.columns[name][index] for name in self.key})
            if any(key):
                self.seen[key] = table.place(self.key[0], index)

    def _key(self, row: Mapping[str, Value | NotRead]) -> tuple[str, ...]:
        return tuple(text_of(v).casefold() if not isinstance(v := row.get(name), NotRead) else "" for name in self.key)

    def fault(self, row: Mapping[str, Value | NotRead]) -> tuple[str, str]:
        """The column at fault and the reason; nothing for a right row."""
        for name, rule in self.wanted.items():
            value = row.get(name)
            if isinstance(value, NotRead):
                return name, f"{name} must be {value.wanted}, and '{value.text}' was found"
            if reason := rule.fault(value, self.lists):
                return name, reason
        return "", ""

    def repeats(self, row: Mapping[str, Value | NotRead], place: str) -> str:
        """Where a row with the same key stands, if there is one; else the row is remembered."""
        key = self._key(row)
        if not any(key):
            return ""
        before = self.seen.setdefault(key, place)
        return before if before != place else ""


def _columns(
    found: Preview, file: DataFile, wanted: Mapping[str, Column], folder: Mapping[str, Mapping[str, int]],
    ways: Mapping[str, str],
) -> dict[str, Sequence[Value | NotRead]]:  # fmt: skip
    """A file's columns as the table's, read as what they shall be; how that was done is noted."""
    missing = [name for name, rule in wanted.items() if rule.expected_in_files and name not in found.mapping]
    if missing:
        raise BookError(f"{file.path} has no column for {', '.join(missing)} of {found.table}; it has "
                        f"{', '.join(filter(None, file.headings))}. Say which heading it is")  # fmt: skip
    found.notes += [f"{file.path.name}: {note}" for note in file.notes]
    columns: dict[str, Sequence[Value | NotRead]] = {}
    for name, rule in wanted.items():
        heading = found.mapping.get(name, "")
        if heading and not heading.startswith(CONSTANT):
            column = as_kind(file.column(heading), rule.kind, file.habits, folder[name], ways.get(name, ""))
            _check_currency(file, heading, column.currencies)
            if column.unclear:
                found.unclear[name] = column.unclear
                found.notes.append(f"{file.path.name}, {heading}: {column.unclear.note}")
            columns[name] = column.values
        else:
            constant = heading.removeprefix(CONSTANT) or None
            (value,) = as_kind([constant if heading else rule.default], rule.kind).values
            columns[name] = [value] * len(file.numbers)
            if not heading and rule.default is not None:
                found.notes.append(f"{file.path.name} has no {name}: {text_of(rule.default)} is taken")
    return columns


def _check_currency(file: DataFile, heading: str, currencies: Counter[str]) -> None:
    if len(currencies) > 1:
        counted = " and ".join(f"{name} ({count:,})" for name, count in currencies.most_common())
        raise BookError(f"{file.path}: {heading} holds amounts in {counted}; keep the rows of one currency in a file")


def _add(found: Preview, checker: _Checker, columns: Mapping[str, Sequence[Value | NotRead]], file: DataFile) -> None:
    """Sort a file's rows into new, repeated and rejected ones."""
    found.rejected += [
        Problem(f"{file.path.name}, row {number}", "", "it has more cells than there are headings; see its separators "
                "and quotation marks")
        for number in file.too_long
    ]  # fmt: skip
    for index, number in enumerate(file.numbers):
        row = {name: cells[index] for name, cells in columns.items()}
        place = f"{file.path.name}, row {number}"
        column, reason = checker.fault(row)
        if reason:
            found.rejected.append(Problem(place, column, reason))
        elif before := checker.repeats(row, place):
            found.duplicates.append(
                Problem(place, checker.key[0], f"the same {' and '.join(checker.key)} stands in {before}")
            )
        else:
            for name, value in row.items():
                assert not isinstance(value, NotRead)
                found.rows.setdefault(name, []).append(checker.wanted[name].in_words_of(value, checker.lists))

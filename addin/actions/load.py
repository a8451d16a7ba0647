"""Load data: rows of files into a table of the book, seen before they are written."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from addin.actions.answers import answered, checked, remember
from addin.actions.book import Book, Cancelled, Change, OurCell, Question, Rows, Value, text_of
from addin.actions.calculated_columns import fill_long_tables
from addin.actions.mapping import (
    CONSTANT,
    NOTE,
    best_table,
    mapping_of,
    missing_columns,
    remembered,
    table_named,
)
from addin.actions.order_rows import kept_rows, orders_of
from addin.actions.own_exports import keep, own_export, own_exports
from addin.actions.reading import as_kind
from addin.actions.row_checks import Checker, Problem
from addin.actions.subscriptions import subscriptions_of
from addin.errors import BookError
from addin.exports import GENERAL, Export, fits, found_in, plain, recognised
from addin.schema import Column, ColumnKind, OneOf, aliases, schemas, typed_columns
from addin.tabular import Cell, DataFile, NotRead, Unclear, files_in, read_file, texts_of

MANY_REJECTED = 0.2
"""With a larger share of rows rejected, loading asks."""
ORDERS = "tblTransactions"
TAX = {
    (
        "gross*",
        "*brutto*",
        "*bruto*",
        "*incl*tax*",
        "*incl*vat*",
        "*inkl*",
        "*bruttó*",
        "*с ндс*",
    ): "with tax, as its name says",
    (
        "net",
        "net *",
        "net amount*",
        "*netto*",
        "*neto*",
        "*excl*",
        "*nettó*",
        "*без ндс*",
    ): "without tax, as its name says",
}
"""What the heading of an amount says of tax."""
FIRST_ROWS = 3
"""So many rows are shown as the file has them."""
Columns = dict[str, Sequence[Value | NotRead]]


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
    asked: list[str] = field(default_factory=list)
    """Those of them that nobody has answered yet."""
    ways: dict[str, str] = field(default_factory=dict)
    """What was answered."""
    headings: list[str] = field(default_factory=list)
    """Those of the first file, by which the answers are remembered."""
    export: Export | None = None
    """What the first file was recognised as."""
    before: dict[str, list[Cell]] = field(default_factory=dict)
    """The first rows of the first file, by the headings that are read."""
    rejected_cells: list[dict[str, Cell]] = field(default_factory=list)
    """What stands in each rejected row, by heading."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Why rows are none of this table, such as refunded, and how many they are."""
    states: Counter[str] = field(default_factory=Counter)
    """What the file says became of its orders."""
    currencies: Counter[str] = field(default_factory=Counter)

    @property
    def new(self) -> int:
        """How many rows would be loaded."""
        return max(map(len, self.rows.values()), default=0)

    @property
    def questions(self) -> list[Question]:
        """What to ask about readings that nobody has answered yet, each in the order of `asked`."""
        return [
            Question(f"read/{column}/{self.unclear[column].text}", f"{self.unclear[column].note}. Is that right?")
            for column in self.asked
        ]

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
    where: Mapping[str, str] | None = None,
) -> Preview:
    """Read files and folders, and say what loading them would do; the book stays as it is.

    `mapping` (column to heading, or to =TEXT for the same in every row) goes before what the book remembers, and
    that before equal and usual headings. Without a `table` the one is taken that the headings fit best. `sheet` and
    `heading` (the row of the headings) say where the rows are, `ways` (column to the name of a way) how texts are
    read that a preview showed as unclear. Only rows are kept whose cells are as `where` says (heading to text).
    """
    given = dict(mapping or {})
    files = [
        read_file(
            path,
            lambda rows, name=path.name: book.status(f"Reading {name}, {rows:,} rows"),  # type: ignore[misc]
            sheet=sheet,
            heading=heading,
        )
        for path in files_in(paths)
    ]
    chosen = table_named(book, table) if table else None
    own = own_exports(book)
    exports = [_export(file, own, chosen.name if chosen else "") for file in files]
    if not chosen:
        chosen = book.table(exports[0].table if exports[0] else best_table(book, files[0], given))
    found = Preview(chosen.name, {}, append, len(chosen.rows), 0)
    schema = schemas().get(chosen.name)
    found.sample = sum(schema.is_sample(chosen.columns, index) for index in chosen.rows) if schema else 0
    wanted = typed_columns(chosen.name) or {name: Column(name, 0, ColumnKind.ANY) for name in chosen.typed}
    wanted = {name: wanted[name] for name in chosen.typed if name in wanted}
    found.dates = frozenset(name for name, rule in wanted.items() if rule.kind is ColumnKind.DATE)
    found.headings, found.export = files[0].headings, exports[0]
    found.ways = {**answered(chosen.name, found.headings), **checked(ways or {}, wanted)}
    loader = _Loader(found, Checker(book, chosen, wanted, append), given, dict(where or {}))
    mappings = [
        {} if export and export.periods else mapping_of(book, chosen, file, export, given)
        for file, export in zip(files, exports, strict=True)
    ]
    folder = {
        name: texts_of(cell for file, where_found in zip(files, mappings, strict=True)
                       if (found_in := where_found.get(name, CONSTANT)) in file.headings
                       for cell in file.column(found_in))
        for name in wanted
    }  # fmt: skip
    for file, export, found.mapping in zip(files, exports, mappings, strict=True):
        loader.add(file, export, folder)
    return found


def _export(file: DataFile, own: Sequence[Export], table: str) -> Export | None:
    """The export that a file is, unless it is for another table than the one that was named."""
    export = recognised(file.headings, own)
    return export if export and table in ("", export.table) else None


def load(book: Book, plan: Preview, *, save_as: str = "") -> list[OurCell]:
    """Write what a preview found, recalculate, and remember the headings; `save_as` names an export of one's own.

    Asks before rows are replaced, where more than a fifth of the rows is rejected, and where something can be read two
    ways; Cancelled where the user does not agree, a BookError where there is nothing to load.
    """
    read_rows = plan.new + len(plan.rejected)
    if not plan.new:
        reason = f", the first one {plan.rejected[0].place}: {plan.rejected[0].reason}" if plan.rejected else ""
        left_out = f"; {plan.left_out.total():,} are left out" if plan.left_out else ""
        raise BookError(f"no row can be loaded into {plan.table}: {len(plan.rejected):,} rejected{reason}; "
                        f"{len(plan.duplicates):,} are there already{left_out}")  # fmt: skip
    if len(plan.rejected) > MANY_REJECTED * read_rows:
        first = plan.rejected[0]
        share = f"{len(plan.rejected):,} of {read_rows:,} rows are rejected, the first one ({first.place}) because"
        key = f"rejected/{plan.table}/{len(plan.rejected)}/{read_rows}"
        _confirm(book, Question(key, f"{share} {first.reason}. Load the others all the same?"))
    for column in plan.asked:
        _confirm(
            book, Question(f"read/{column}/{plan.unclear[column].text}", f"{plan.unclear[column].note}. Is that right?")
        )
        plan.ways[column] = next(iter(plan.unclear[column].ways))
    if plan.there and not plan.append:
        _confirm(book, plan.question)
    remember(plan.table, plan.headings, plan.ways)
    with book.action("Load data"):
        change = Change(rows={plan.table: Rows(plan.rows, plan.append)})
        if save_as:
            change.notes |= keep(own_export(save_as, plan.table, plan.headings, plan.mapping, plan.export))
        for column, heading in plan.mapping.items():
            if heading != column and not heading.startswith(CONSTANT):
                change.notes[f"{NOTE}{plan.table}.{column}"] = remembered(book, plan.table, column, heading)
        fill_long_tables(book, change)
        book.status(f"Writing {plan.new:,} rows")
        book.write(change)
        book.status("Calculating")
        return book.calculate()


def _confirm(book: Book, question: Question) -> None:
    if not book.ask(question):
        raise Cancelled(f"{question.text} {Cancelled()}")


class _Loader:
    """Adds files to a preview."""

    def __init__(self, found: Preview, checker: Checker, given: Mapping[str, str], where: Mapping[str, str]) -> None:
        self.found, self.checker, self.wanted = found, checker, checker.wanted
        self.given, self.ways, self.where = given, found.ways, where

    def add(self, file: DataFile, export: Export | None, folder: Mapping[str, Mapping[str, int]]) -> None:
        """Sort a file's rows into new, repeated, rejected and left out."""
        found, name = self.found, file.path.name
        if export:
            found.notes.append(f"{name} is read as {export.name}")
        found.notes += [f"{name}: {note}" for note in file.notes]
        if not found.before:
            found.before = {heading: file.column(heading)[:FIRST_ROWS] for heading in found.mapping.values()
                            if heading in file.headings}  # fmt: skip
        found.rejected_cells += [{} for _ in file.too_long]
        found.rejected += [
            Problem(f"{name}, row {number}", "", "it has more cells than there are headings; see its separators and "
                    "quotation marks")
            for number in file.too_long
        ]  # fmt: skip
        rows, left_out = kept_rows(file, export, found.mapping, self.where)
        found.left_out += left_out
        wrong: dict[int, tuple[str, str]] = {}
        numbers = [file.numbers[row] for row in rows]
        if export and export.periods:
            columns, numbers = self._periods(file, export, rows)
        else:
            columns = self._columns(file, folder)
            if found.table == ORDERS:
                orders = orders_of(file, export, found.mapping, columns, rows, self.ways)
                self._describe_amount(file, export, orders.less)
                columns, numbers, wrong = dict(orders.columns), orders.numbers, orders.wrong
                found.left_out += orders.left_out
                found.states += orders.states
                found.currencies += orders.currencies
                found.notes += [f"{name}: {note}" for note in orders.notes]
                if orders.joined:
                    found.notes.append(f"{name}: {orders.joined:,} orders have several lines, and count once each")
                for key, unclear in orders.unclear.items():
                    self._unclear(f"{name}", key, unclear)
            else:
                columns = {column: [values[row] for row in rows] for column, values in columns.items()}
        self._check(file, columns, numbers, wrong)

    def _unclear(self, named: str, key: str, unclear: Unclear) -> None:
        self.found.unclear[key] = unclear
        if key in self.ways:
            self.found.notes.append(
                f"{named}: {unclear.text} is read as {unclear.ways[self.ways[key]]}, as was answered"
            )
        else:
            self.found.asked.append(key)
            self.found.notes.append(f"{named}: {unclear.note}")

    def _reject(self, file: DataFile, number: int, column: str, reason: str) -> None:
        row = bisect_left(file.numbers, number)
        self.found.rejected.append(Problem(f"{file.path.name}, row {number}", column, reason))
        self.found.rejected_cells.append(
            {heading: cells[row] for heading, cells in zip(file.headings, file.columns, strict=True)}
        )

    def _columns(self, file: DataFile, folder: Mapping[str, Mapping[str, int]]) -> Columns:
        """A file's columns as the table's, read as what they shall be; how that was done is noted."""
        found, name = self.found, file.path.name
        missing = [column for column, rule in self.wanted.items()
                   if rule.expected_in_files and column not in found.mapping]  # fmt: skip
        if missing:
            raise missing_columns(file, found.table, found.mapping, missing)
        columns: Columns = {}
        for column, rule in self.wanted.items():
            heading = found.mapping.get(column, "")
            if heading and not heading.startswith(CONSTANT):
                read = as_kind(file.column(heading), rule.kind, file.habits, folder[column], self.ways.get(column, ""),
                               labelled=rule.labelled)  # fmt: skip
                if self._strange(column, rule, read.values):
                    found.notes.append(f"{name}: {heading} holds nothing that {column} can be, and is left out")
                    del found.mapping[column]
                    read.values = [None] * len(file.numbers)
                if read.unclear:
                    self._unclear(f"{name}, {heading}", column, read.unclear)
                elif way := self.ways.get(column):
                    found.notes.append(f"{name}, {heading}: {way}, as was answered")
                columns[column] = read.values
            else:
                constant = heading.removeprefix(CONSTANT) or None
                (value,) = as_kind([constant if heading else rule.default], rule.kind).values
                columns[column] = [value] * len(file.numbers)
                if not heading and rule.default is not None and found.table != ORDERS:
                    found.notes.append(f"{name} has no {column}: {text_of(rule.default)} is taken")
        return columns

    def _strange(self, column: str, rule: Column, values: Sequence[Value | NotRead]) -> bool:
        """Whether a column that only happens to be called so holds other things than the items of its pick list."""
        if column in self.given or rule.required or not isinstance(rule.rule, OneOf) or column == "Campaign":
            return False
        there = {value for value in values if isinstance(value, str)}
        return bool(there) and all(rule.fault(value, self.checker.lists) for value in there)

    def _describe_amount(self, file: DataFile, export: Export | None, less: str) -> None:
        """Note which amount the price is, and which others there are."""
        price = self.found.mapping.get("Price", "")
        if price.startswith(CONSTANT):
            return
        known = {plain(heading): text for heading, text in (export or GENERAL).amounts.items()}
        told = known.get(plain(price)) or next(
            (text for words, text in TAX.items() if fits(price, words)),
            "the file does not say whether tax, shipping and discounts are in it",
        )
        words = tuple(export.amounts) if export and export.amounts else ("Price", *aliases("Price"))
        others = [f"Price={name}" for name in file.headings if name not in (price, less) and found_in([name], words)]
        instead = f"; instead of it: {', '.join(others)}" if others else ""
        off = f" less {less}" if less else ""
        self.found.notes.append(f"{file.path.name}: the price is {price}{off}: {told}{instead}")

    def _periods(self, file: DataFile, export: Export, rows: Sequence[int]) -> tuple[Columns, list[int]]:
        """The months of a file of subscriptions; rows that cannot be one are rejected."""
        counted = subscriptions_of(file, export, rows, self.ways, date.today())
        for key, (heading, unclear) in counted.unclear.items():
            self._unclear(f"{file.path.name}, {heading}", key, unclear)
        for number, fault in counted.rejected.items():
            self._reject(file, number, *fault)
        self.found.notes.append(f"{file.path.name}: {counted.count:,} subscriptions are counted by month")
        return dict(counted.months), [file.numbers[0]] * len(counted.months["Month"])

    def _check(
        self, file: DataFile, columns: Columns, numbers: Sequence[int], wrong: Mapping[int, tuple[str, str]]
    ) -> None:
        """Keep what is right and new."""
        found, checker = self.found, self.checker
        checker.begin_file([column for column in self.wanted if column in found.mapping] or list(self.wanted))
        for index, number in enumerate(numbers):
            row = {column: cells[index] for column, cells in columns.items()}
            place = f"{file.path.name}, row {number}"
            column, reason = wrong.get(number) or checker.fault(row)
            amount = row.get("Price")
            if found.table == ORDERS and isinstance(amount, float) and amount < 0 and checker.is_known(row):
                row["Order"] = f"{text_of(row['Order'])} refund"  # type: ignore[arg-type]  # read as a text
            if reason:
                self._reject(file, number, column, reason)
            elif before := checker.repeats(row):
                found.duplicates.append(Problem(place, checker.key[0] if checker.key else "", before))
            else:
                checker.accept(row, place)
                for column, value in row.items():
                    assert not isinstance(value, NotRead)
                    found.rows.setdefault(column, []).append(self.wanted[column].in_words_of(value, checker.lists))

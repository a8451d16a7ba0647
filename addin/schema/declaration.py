"""What a table of the template declares: its columns, the rules that their values keep to, its key and its sample."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import Enum
from typing import TypeAlias

from addin.errors import CellError
from addin.schema import formats
from addin.scores import off_scale_sentence
from addin.values import FIRST_SERIAL, LAST_SERIAL, LONGEST_TEXT, Scalar, customer_key, id_text, serial, too_long

Value: TypeAlias = Scalar | None
SampleRow: TypeAlias = Sequence[str | float | date | None]

SAMPLE_MARK = "sample"
"""The word by which a row says that it is made up."""
SHOWN_CHOICES = 6
WRITTEN_SHEET = "d_Refreshed"
"""The sheet of all tables that Refresh writes."""


class ColumnKind(Enum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "a number"
    DATE = "a date"
    ANY = "anything"


NUMBER_FORMATS = {ColumnKind.TEXT: formats.TEXT, ColumnKind.NUMBER: formats.WHOLE, ColumnKind.DATE: formats.DATE}


@dataclass(frozen=True)
class OneOf:
    """The value is an item of a pick list: one that the book names, or the items themselves."""

    items: str | tuple[str, ...]
    help: str
    former: Mapping[str, str] = field(default_factory=dict)
    """Items by their former names, which older books and files hold."""

    def names_of(self, item: Value) -> list[str]:
        """What an item is and was called."""
        text = str(item)
        pairs = [pair for pair in self.former.items() if text.casefold() in (name.casefold() for name in pair)]
        return [text, *(name for pair in pairs for name in pair if name.casefold() != text.casefold())]


@dataclass(frozen=True)
class Between:
    """The value is a number between two limits."""

    help: str
    high: float = 1e9
    low: float = 0
    whole: bool = False
    """Whether it is an answer on a scale, which has no halves."""


@dataclass(frozen=True)
class ValidDate:
    """The value is a date that all spreadsheets agree on: from March 1900 on."""

    help: str


Rule: TypeAlias = OneOf | Between | ValidDate


@dataclass(frozen=True)
class Column:
    """One column of a table; with a formula it is calculated, and [@Other] is another cell of the same row."""

    name: str
    width: float
    kind: ColumnKind = ColumnKind.TEXT
    number_format: str = ""
    """How its cells show; by default as the kind shows."""
    formula: str = ""
    rule: Rule | None = None
    required: bool = False
    """Whether a row is worth nothing without it."""
    default: Value = None
    """What stands in it where a file has no such column."""
    heading_required: bool = False
    """Whether a file must have such a column although its cells may be blank."""
    aliases: tuple[str, ...] = ()
    """Other headings that files use for it."""
    labelled: bool = False
    """Whether a number may have words beside it, such as 10 - very likely."""
    impersonal: bool = False
    """Whether its text names nobody, and so stays in a copy without personal data, as a choice from a list does."""
    numbered: str = ""
    """The word before the running numbers that stand for its text in such a copy, as in Customer 1."""
    is_id: bool = False
    """Whether it holds ids, by which rows of other tables are looked up."""
    asked: bool = True
    """Whether the window in which a row is typed asks for it."""

    @property
    def shown_as(self) -> str:
        """The number format of its cells."""
        return self.number_format or NUMBER_FORMATS[self.kind]

    @property
    def expected_in_files(self) -> bool:
        """Whether a file without it cannot be loaded."""
        return self.heading_required or (self.required and self.default is None)

    @property
    def list_name(self) -> str:
        """The name of the book's pick list that a value must be on, if there is one."""
        return self.rule.items if isinstance(self.rule, OneOf) and isinstance(self.rule.items, str) else ""

    def _choices(self, lists: Mapping[str, Collection[str]]) -> Collection[str]:
        """The items of its pick list, in a book with these lists."""
        if not isinstance(self.rule, OneOf):
            return ()
        return lists.get(self.rule.items, ()) if isinstance(self.rule.items, str) else self.rule.items

    def in_words_of(self, value: Value, lists: Mapping[str, Collection[str]]) -> Value:
        """A value as the book's pick list calls it, where that knows it, in any case, by its former or present name; an
        id as ids are written.
        """
        choices = self._choices(lists)
        if self.is_id and isinstance(value, (str, float)):
            key, value = customer_key(value), id_text(value)
            return next((choice for choice in choices if customer_key(choice) == key), value)
        if value is None or not choices or not isinstance(self.rule, OneOf):
            return value
        names = self.rule.names_of(value)
        folded = {choice.casefold(): choice for choice in choices}
        there = (name if name in choices else folded.get(name.casefold()) for name in names)
        return next(filter(None, there), value)

    def fault(self, value: Value, lists: Mapping[str, Collection[str]]) -> str:
        """What is wrong with a value in a book with these pick lists, in a sentence; nothing for a right one."""
        if isinstance(value, CellError):
            return f"{self.name} holds the error {value.code}"
        if value is None or value == "":
            return f"{self.name} is blank" if self.required else ""
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            return f"{self.name} has {too_long(len(value))}"
        if self.kind in (ColumnKind.NUMBER, ColumnKind.DATE) and isinstance(value, (str, bool)):
            return f"{self.name} must be {self.kind.value}, and '{value}' was found"
        match self.rule:
            case Between(whole=True, low=low, high=high) if isinstance(value, float) and not (
                low <= value <= high and value.is_integer()
            ):
                return f"{self.name}: {off_scale_sentence(value, int(low))}"
            case Between(low=low, high=high) if isinstance(value, float) and not low <= value <= high:
                return f"{self.name} must be a number from {low:,g} to {high:,g}, and {value:,g} was found"
            case ValidDate() if isinstance(value, float) and not FIRST_SERIAL <= value < LAST_SERIAL + 1:
                return f"{self.name} must be a date from March 1900 on, and {value:,g} was found"
            case OneOf():
                choices = self._choices(lists)
                if choices and str(self.in_words_of(value, lists)) not in choices:
                    found = f"'{value}' was found{_nearest(value, choices)}"
                    return f"{self.name} must be one of {_some(choices)}, and {found}"
        if isinstance(value, float) and not math.isfinite(value):
            return f"{self.name} must be a number, and {value:g} was found"
        return ""


def _nearest(value: Value, choices: Collection[str]) -> str:
    """The item that was meant, where one is much like it."""
    folded = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(str(value).casefold(), folded, n=1)
    return f"; the nearest is {folded[near[0]]}" if near else ""


def _some(choices: Collection[str]) -> str:
    shown = sorted(choices)[:SHOWN_CHOICES]
    return ", ".join(shown) + (", …" if len(choices) > len(shown) else "")


@dataclass(frozen=True)
class IdList:
    """A pick list of a table's ids: its name in the book, and the last row of the sheet that it reaches."""

    name: str
    last_row: int


def no_rows() -> Sequence[SampleRow]:
    """The sample of a table that the template leaves empty."""
    return []


@dataclass(frozen=True)
class TableSchema:
    """A table of the template, with the sheet that it stands on."""

    name: str
    sheet: str
    title: str
    question: str
    """What stands under the sheet's title, or beside the table's where several share a sheet."""
    purpose: str
    """What Start says of the sheet; of one that several tables share, the sheet itself says it."""
    position: float
    """Where its sheet stands among the data sheets."""
    columns: Sequence[Column]
    key: Sequence[str] = ()
    """The columns that identify a row; a row in which all are blank equals no other."""
    sample: Callable[[], Sequence[SampleRow]] = no_rows
    """The made-up rows that the template comes with: values for the typed columns, in their order."""
    sample_mark: str = "Note"
    """The column in which a sample row says that it is made up."""
    ids: IdList | None = None
    written_by_refresh: bool = False
    """Whether nobody types or loads its rows."""
    preset: str = ""
    """The preset whose books alone have it; blank for every book."""

    @property
    def typed(self) -> dict[str, Column]:
        """The columns that hold what users type or load."""
        return {column.name: column for column in self.columns if not column.formula}

    @property
    def needed(self) -> list[str]:
        """The columns without which nothing can be loaded; none where rows are not loaded."""
        return [] if self.written_by_refresh else [name for name, rule in self.typed.items() if rule.expected_in_files]

    @property
    def telling(self) -> str:
        """The column whose filled cells tell that a row stands there: one that each row needs, if possible an id."""
        needed = [column for column in self.typed.values() if column.expected_in_files] or [self.columns[0]]
        return max(needed, key=lambda column: column.kind is ColumnKind.TEXT).name

    @property
    def formulas(self) -> dict[str, str]:
        """The calculated columns with their formulas."""
        return {column.name: column.formula for column in self.columns if column.formula}

    def as_cells(self, rows: Sequence[SampleRow]) -> list[list[Value]]:
        """Sample rows as cells hold them; the last columns may be left out."""
        return [[_cell(value) for value in row] + [None] * (len(self.typed) - len(row)) for row in rows]

    def is_sample(self, columns: Mapping[str, Sequence[Value]], index: int) -> bool:
        """Whether a row of these columns says that it is made up."""
        marks = columns.get(self.sample_mark, ())
        return index < len(marks) and SAMPLE_MARK in str(marks[index]).casefold()


def _cell(value: str | float | date | None) -> Value:
    return serial(value) if isinstance(value, date) else float(value) if isinstance(value, int) else value

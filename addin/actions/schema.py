"""What the template's tables hold: the kind, limits and key of each typed column, as their declarations say."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import cast

from addin.actions.book import Book, Value
from addin.errors import CellError
from addin.template import (
    campaigns,
    customers,
    follow_ups,
    introductions,
    partners,
    periods,
    segments,
    survey,
    terms,
    theme,
    transactions,
)
from addin.template.data_sheet import Column
from addin.template.sheet import Sheet
from addin.values import FIRST_SERIAL, LAST_SERIAL


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "a number"
    DATE = "a date"
    ANY = "anything"


@dataclass(slots=True)
class Field:
    """A typed column: what it holds, and what a value has to keep to."""

    name: str
    kind: Kind
    low: float = -math.inf
    high: float = math.inf
    choices: str = ""
    """The name of the list that a value must be on."""
    needed: bool = False
    otherwise: Value = None
    """What stands in it where a file has no such column."""
    told: bool = False
    """Whether a file must have such a column, though its cells may be blank."""

    @property
    def must_be_told(self) -> bool:
        """Whether a file without this column cannot be loaded."""
        return self.told or (self.needed and self.otherwise is None)

    # what a column's declaration calls, in place of a sheet that is being written

    def allow_list(self, cells: str, source: str, message: str) -> None:
        """The value is one of a list."""
        self.choices = source.removeprefix("=")

    def allow_between(self, cells: str, low: float, high: float, message: str, *, whole: bool = False) -> None:
        """The value lies between two limits."""
        self.low, self.high = low, high

    def allow_date(self, cells: str, message: str) -> None:
        """The value is a date."""
        self.low, self.high = FIRST_SERIAL, LAST_SERIAL + 0.99999

    def fault(self, value: Value, lists: Mapping[str, frozenset[str]]) -> str:
        """What is wrong with a value, or nothing."""
        if isinstance(value, CellError):
            return f"{self.name} holds the error {value.code}"
        if value is None or value == "":
            return f"{self.name} is blank" if self.needed else ""
        if self.kind in (Kind.NUMBER, Kind.DATE) and (isinstance(value, (str, bool))):
            return f"{self.name} must be {self.kind.value}, and '{value}' was found"
        if isinstance(value, float) and not self.low <= value <= self.high:
            if self.kind is Kind.DATE:
                return f"{self.name} must be a date from March 1900 on, and {value:,g} was found"
            return f"{self.name} must be a number from {self.low:,g} to {self.high:,g}, and {value:,g} was found"
        known = lists.get(self.choices, frozenset())
        if known and str(value) not in known:
            return f"{self.name} must be one of {_some(known)}, and '{value}' was found"
        return ""


def _some(known: frozenset[str]) -> str:
    shown = sorted(known)[:6]
    return ", ".join(shown) + (", …" if len(known) > len(shown) else "")


COLUMNS: dict[str, Sequence[Column]] = {
    "tblCampaigns": campaigns.COLUMNS,
    "tblCustomers": customers.COLUMNS,
    "tblTransactions": transactions.COLUMNS,
    "tblFollowUps": follow_ups.COLUMNS,
    "tblSurvey": survey.COLUMNS,
    "tblPeriods": periods.COLUMNS,
    "tblSegments": segments.COLUMNS,
    "tblPartners": partners.COLUMNS,
    "tblIntros": introductions.COLUMNS,
}
KEYS = {
    "tblCampaigns": ["Campaign"],
    "tblCustomers": ["Customer"],
    "tblTransactions": ["Order"],
    "tblFollowUps": ["Event"],
    "tblSurvey": ["Answer"],
    "tblPeriods": ["Month"],
    "tblSegments": ["Segment"],
    "tblPartners": ["Partner"],
    "tblIntros": ["Date", "Partner", "PartyA", "PartyB"],
}
"""What tells the rows of a table apart; a row that has none of it is its own."""
NEEDED = {
    "tblCampaigns": ["Campaign", "Name", "Start", "Budget"],
    "tblCustomers": ["Customer"],
    "tblTransactions": ["Date", "Customer", "Units", "Price"],
    "tblFollowUps": ["Campaign", "Date", "Type", "Orders", "Price"],
    "tblSurvey": ["Scale"],
    "tblPeriods": ["Month", "StartCustomers", "New", "Lost"],
    "tblSegments": ["Segment"],
    "tblPartners": ["Partner"],
    "tblIntros": ["Date", "Partner"],
}
"""What a row is worth nothing without."""
OTHERWISE: dict[tuple[str, str], Value] = {("tblTransactions", "Units"): 1.0, ("tblSurvey", "Scale"): terms.SCALES[0]}
TOLD = ("tblSurvey", "Score")
"""A survey without scores is none, though an answer may be blank."""
SAMPLE_MARK = "sample"
MARKED = {
    "tblCampaigns": "Name",
    "tblTransactions": "Order",
    "tblSurvey": "Answer",
}
"""Where a sample row says so; in the other tables, in Note."""
PERSONAL = {"tblIntros": ["PartyA", "PartyB"]}
"""Columns that may name a person."""


@cache
def fields(table: str) -> dict[str, Field]:
    """The typed columns of a table of the template; none for a table that is not the template's."""
    found = {}
    for column in COLUMNS.get(table, ()):
        if not column.formula:
            dated = column.number in (theme.DATE, theme.YEAR_MONTH)
            kind = Kind.DATE if dated else Kind.TEXT if column.number == theme.TEXT else Kind.NUMBER
            field = Field(column.name, kind, needed=column.name in NEEDED[table])
            field.told = (table, column.name) == TOLD
            field.otherwise = OTHERWISE.get((table, column.name))
            if column.allow:
                column.allow(cast(Sheet, field), "")
            found[column.name] = field
    return found


def lists(book: Book, table: str) -> dict[str, frozenset[str]]:
    """The pick lists that a table's columns name, as the book has them now; ids are looked up in their table."""
    found = {}
    names = book.names()
    for name in {field.choices for field in fields(table).values()} - {""}:
        owner = {"lst_Campaigns": "tblCampaigns", "lst_Partners": "tblPartners", "lst_Segments": "tblSegments"}.get(
            name
        )
        if owner in book.tables():
            there = book.table(str(owner)).columns[KEYS[str(owner)][0]]
        elif name in names:
            there = [value for row in book.cells(name) for value in row]
        else:
            continue
        found[name] = frozenset(str(value) for value in there if value is not None)
    return found


def is_sample(table: str, column: Mapping[str, Sequence[Value]], index: int) -> bool:
    """Whether a row says that it is made up."""
    marks = column.get(MARKED.get(table, "Note"), ())
    return index < len(marks) and SAMPLE_MARK in str(marks[index]).casefold()

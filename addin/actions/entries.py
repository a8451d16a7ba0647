"""New campaign, log follow-up, log introduction: one row each, checked before it is written.

A row is a mapping of columns to values as cells hold them: a date is its serial. Columns that are left out are blank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from addin.actions.book import Book, Change, Rows, Table, Value, number_of, text_of, value_of
from addin.actions.pick_lists import owners, pick_lists
from addin.actions.rows_beneath import complete
from addin.errors import BookError
from addin.schema import schemas, typed_columns
from addin.values import moment

Row: TypeAlias = Mapping[str, Value]


class WrongRow(BookError):
    """What is wrong with a row, by column."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class AddedCampaign:
    """A campaign that was added, and that the book shows."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Logged:
    """A follow-up that was logged, and what it did to the selected campaign."""

    event: str
    campaign: str
    before: float | None
    """Return on customer at the last campaign stage; None without data."""
    after: float | None
    shown: bool
    """Whether the book shows this campaign, so that the two numbers are about it."""


@dataclass(frozen=True, slots=True)
class Introduced:
    """An introduction that was logged, and how many there are in its week."""

    in_week: int
    aim: int | None


def new_campaign(book: Book, row: Row) -> AddedCampaign:
    """Add a campaign and let the book show it; WrongRow also for a name that is there, or a budget of nothing."""
    table = book.table("tblCampaigns")
    key, name = _next_id(table, "C"), text_of(row.get("Name")).strip()
    checked = _checked(book, table.name, {**row, "Campaign": key, "Name": name})
    if name.casefold() in {text_of(value).casefold() for value in table.columns["Name"]}:
        raise WrongRow({"Name": f"a campaign called {name!r} is there already; give this one another name"})
    if checked["Budget"] == 0:
        raise WrongRow({"Budget": "Budget must be more than 0, and 0 was found: a return needs a spend"})
    change = _appended(table, checked)
    if "in_Campaign" in book.names():
        change.cells["in_Campaign"] = key
    _write(book, "New campaign", change)
    return AddedCampaign(key, name)


def log_follow_up(book: Book, row: Row) -> Logged:
    """Add a follow-up to the log, by default of the selected campaign; WrongRow also for a day before its start."""
    table, campaigns = book.table("tblFollowUps"), book.table("tblCampaigns")
    shown, key = text_of(value_of(book, "in_Campaign")), _next_id(table, "E")
    campaign = text_of(row.get("Campaign")) or shown
    checked = _checked(book, table.name, {**row, "Event": key, "Campaign": campaign})
    start = dict(zip(campaigns.columns["Campaign"], campaigns.columns["Start"], strict=True)).get(campaign)
    day = checked["Date"]
    if isinstance(start, float) and isinstance(day, float) and day < start:
        began = f"before the campaign {campaign} began on {moment(start).date()}; give a later day"
        raise WrongRow({"Date": f"Date is {moment(day).date()}, {began}"})
    before = number_of(book, "out_Gross3")
    _write(book, "Log follow-up", _appended(table, checked))
    return Logged(key, campaign, before, number_of(book, "out_Gross3"), campaign == shown)


def log_introduction(book: Book, row: Row) -> Introduced:
    """Add an introduction, and count those of its week, from Monday on."""
    table = book.table("tblIntros")
    checked = _checked(book, table.name, row)
    _write(book, "Log introduction", _appended(table, checked))
    week = _week(checked["Date"])
    days = book.table(table.name).columns["Date"]
    aim = number_of(book, "in_IntroTarget")
    return Introduced(sum(_week(day) == week for day in days), None if aim is None else int(aim))


def _week(day: Value) -> int | None:
    """The number of a day's week; weeks begin on Monday, as serial 2 does."""
    return int((day - 2) // 7) if isinstance(day, float) else None


def _next_id(table: Table, letter: str) -> str:
    """The id after the highest one, as wide as those before."""
    pattern = re.compile(r"(\D*)([0-9]{1,15})")
    found = [m for value in table.columns[schemas()[table.name].key[0]] if (m := pattern.fullmatch(text_of(value)))]
    if not found:
        return f"{letter}01"
    last = max(found, key=lambda match: int(match[2]))
    return f"{last[1]}{int(last[2]) + 1:0{len(last[2])}}"


def _checked(book: Book, table: str, row: Row) -> dict[str, Value]:
    """A row in the words of the book's pick lists, with every column; WrongRow where values cannot be."""
    lists, columns = pick_lists(book, table), typed_columns(table)
    checked = {name: column.in_words_of(row.get(name), lists) for name, column in columns.items()}
    faults = {name: column.fault(checked[name], lists) for name, column in columns.items()}
    for name, column in columns.items():
        owner = owners().get(column.list_name)
        if owner and checked[name] is not None and lists.get(column.list_name) == frozenset():
            faults[name] = f"{name}: {owner.sheet} has no rows yet; add '{checked[name]}' there first"
    if problems := {name: fault for name, fault in faults.items() if fault}:
        raise WrongRow(problems)
    return {name: None if value == "" else value for name, value in checked.items()}


def _appended(table: Table, row: Row) -> Change:
    """A change that adds a row."""
    return Change(rows={table.name: Rows({name: [row.get(name)] for name in table.typed}, append=True)})


def _write(book: Book, title: str, change: Change) -> None:
    with book.action(title):
        complete(book, change)
        book.write(change)
        book.status("Calculating")

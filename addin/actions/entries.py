"""New campaign, log follow-up, log introduction: one row each, checked before it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from addin.actions.book import Book, Change, Rows, Table, Value, number_of, text_of, value_of
from addin.actions.calculated_columns import fill_long_tables
from addin.actions.pick_lists import pick_lists
from addin.errors import BookError
from addin.schema import schemas, typed_columns
from addin.values import DAY_ZERO, serial


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


def new_campaign(
    book: Book, *, name: str, start: date, budget: float, reach: float | None = None, price: float | None = None,
    channel: str = "",
) -> str:  # fmt: skip
    """Add a campaign, let the book show it, and give its id.

    A BookError for a name that is there, a budget of nothing, or a number out of its limits.
    """
    table = book.table("tblCampaigns")
    if not name.strip():
        raise BookError("Name is blank; give the campaign a name")
    if name.strip().casefold() in {text_of(value).casefold() for value in table.columns["Name"]}:
        raise BookError(f"a campaign called {name.strip()!r} is there already; give this one another name")
    if not budget > 0:
        raise BookError(f"Budget must be more than 0, and {budget:g} was found: a return needs a spend")
    key = _next_id(table, "C")
    row: dict[str, Value] = {
        "Campaign": key, "Name": name.strip(), "Start": float(serial(start)), "Budget": float(budget),
        "Reach": _float(reach), "Price": _float(price), "Channel": channel or None,
    }  # fmt: skip
    change = _appended(book, table, row)
    if "in_Campaign" in book.names():
        change.cells["in_Campaign"] = key
    _write(book, "New campaign", change)
    return key


def log_follow_up(
    book: Book, *, kind: str, orders: float, price: float, day: date, campaign: str = "",
    contacted: float | None = None, cost: float | None = None, note: str = "",
) -> Logged:  # fmt: skip
    """Add a follow-up to the log, by default of the selected campaign."""
    table, campaigns = book.table("tblFollowUps"), book.table("tblCampaigns")
    shown = text_of(value_of(book, "in_Campaign"))
    campaign = campaign or shown
    key = _next_id(table, "E")
    row: dict[str, Value] = {
        "Event": key, "Campaign": campaign, "Date": float(serial(day)), "Type": kind, "Contacted": _float(contacted),
        "Orders": float(orders), "Price": float(price), "Cost": _float(cost), "Note": note or None,
    }  # fmt: skip
    change = _appended(book, table, row)
    start = dict(zip(campaigns.columns["Campaign"], campaigns.columns["Start"], strict=True)).get(campaign)
    if isinstance(start, float) and serial(day) < start:
        begin = date.fromordinal(DAY_ZERO.toordinal() + int(start))
        raise BookError(f"Date is {day}, before the campaign {campaign} began on {begin}; give a later day")
    before = number_of(book, "out_Gross3")
    _write(book, "Log follow-up", change)
    return Logged(key, campaign, before, number_of(book, "out_Gross3"), campaign == shown)


def log_introduction(
    book: Book, *, partner: str, day: date, party_a: str = "", party_b: str = "", minutes: float | None = None,
    background: str = "", outcome: str = "", value: float | None = None, came_back: str = "", note: str = "",
) -> Introduced:  # fmt: skip
    """Add an introduction, and count those of its week, from Monday on."""
    table = book.table("tblIntros")
    row: dict[str, Value] = {
        "Date": float(serial(day)), "Partner": partner, "PartyA": party_a or None, "PartyB": party_b or None,
        "Minutes": _float(minutes), "Background": background or None, "Outcome": outcome or None,
        "Value": _float(value), "CameBack": came_back or None, "Note": note or None,
    }  # fmt: skip
    _write(book, "Log introduction", _appended(book, table, row))
    monday = serial(day) - day.weekday()
    days = (value for value in book.table("tblIntros").columns["Date"] if isinstance(value, float))
    aim = number_of(book, "in_IntroTarget")
    return Introduced(sum(monday <= found < monday + 7 for found in days), None if aim is None else int(aim))


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _next_id(table: Table, letter: str) -> str:
    """The id after the highest one, as wide as those before."""
    pattern = re.compile(r"(\D*)(\d+)")
    found = [m for value in table.columns[schemas()[table.name].key[0]] if (m := pattern.fullmatch(text_of(value)))]
    if not found:
        return f"{letter}01"
    last = max(found, key=lambda match: int(match[2]))
    return f"{last[1]}{int(last[2]) + 1:0{len(last[2])}}"


def _appended(book: Book, table: Table, row: Mapping[str, Value]) -> Change:
    """A change that adds a row, once all its values are right."""
    lists = pick_lists(book, table.name)
    for name, column in typed_columns(table.name).items():
        if reason := column.fault(row.get(name), lists):
            raise BookError(reason)
    columns = {name: [row.get(name)] for name in table.typed}
    return Change(rows={table.name: Rows(columns, append=True)})


def _write(book: Book, title: str, change: Change) -> None:
    with book.action(title):
        fill_long_tables(book, change)
        book.write(change)
        book.status("Calculating")
        book.calculate()

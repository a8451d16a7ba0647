"""The forms in which a user types one row: what they ask for, what is wrong with it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from addin.actions.book import Book, Cancelled, text_of, value_of
from addin.actions.entries import AddedCampaign, Introduced, Logged, log_follow_up, log_introduction, new_campaign
from addin.actions.pick_lists import pick_lists
from addin.actions.reading import as_kind
from addin.errors import BookError
from addin.schema import ColumnKind, typed_columns
from addin.tabular import NotRead
from addin.values import DAY_ZERO

Entered: TypeAlias = AddedCampaign | Logged | Introduced
"""What came of a row."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its title, the table that the row goes to, the columns that it asks for, and what enters them."""

    title: str
    table: str
    columns: tuple[str, ...]
    enter: Callable[[Book, dict[str, Any]], Entered]


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a form."""

    name: str
    needed: bool
    choices: list[str]
    value: str
    """What stands in it at first."""


class WrongFields(BookError):
    """What is wrong, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


def asked(book: Book, form: Form) -> list[Asked]:
    """The fields of a form, as they first show; a BookError where the book has no such table."""
    book.table(form.table)
    known, rules = pick_lists(book, form.table), typed_columns(form.table)
    found = []
    for name in form.columns:
        rule = rules[name]
        value = date.today().isoformat() if rule.kind is ColumnKind.DATE else ""
        if name == "Campaign":
            value = text_of(value_of(book, "in_Campaign"))
        there = sorted(known.get(rule.list_name, ()))
        choices = ["", *there] if there and not rule.required else there
        found.append(Asked(name, rule.required, choices, value))
    return found


def entered(book: Book, form: Form, texts: Mapping[str, str]) -> Entered:
    """Enter what was typed, and give what came of it; WrongFields where some of it cannot be."""
    row = _read(book, form, texts)
    try:
        return form.enter(book, row)
    except Cancelled:
        raise
    except BookError as error:
        for name in form.columns:
            if str(error).startswith(f"{name} "):
                raise WrongFields({name: str(error)}) from error
        raise


def _read(book: Book, form: Form, texts: Mapping[str, str]) -> dict[str, Any]:
    """What was typed as values, dates among them."""
    known, rules = pick_lists(book, form.table), typed_columns(form.table)
    row: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name in form.columns:
        typed = texts[name].strip() or None
        (value,) = as_kind([typed], rules[name].kind).values
        if isinstance(value, NotRead):
            problems[name] = f"{name} must be {value.wanted}, and '{value.text}' was found"
        elif reason := rules[name].fault(value, known):
            problems[name] = reason
        elif rules[name].kind is ColumnKind.DATE and isinstance(value, float):
            row[name] = date.fromordinal(DAY_ZERO.toordinal() + int(value))
        else:
            row[name] = value
    if problems:
        raise WrongFields(problems)
    return row


def _campaign(book: Book, row: dict[str, Any]) -> AddedCampaign:
    key = new_campaign(
        book, name=row["Name"], start=row["Start"], budget=row["Budget"], reach=row["Reach"], price=row["Price"],
        channel=row["Channel"] or "",
    )  # fmt: skip
    return AddedCampaign(key, row["Name"])


def _follow_up(book: Book, row: dict[str, Any]) -> Logged:
    return log_follow_up(
        book, kind=row["Type"], orders=row["Orders"], price=row["Price"], day=row["Date"], campaign=row["Campaign"],
        contacted=row["Contacted"], cost=row["Cost"], note=row["Note"] or "",
    )  # fmt: skip


def _introduction(book: Book, row: dict[str, Any]) -> Introduced:
    return log_introduction(
        book, partner=row["Partner"], day=row["Date"], party_a=row["PartyA"] or "", party_b=row["PartyB"] or "",
        minutes=row["Minutes"], background=row["Background"] or "", outcome=row["Outcome"] or "", value=row["Value"],
        came_back=row["CameBack"] or "", note=row["Note"] or "",
    )  # fmt: skip


FORMS = {
    "new_campaign": Form(
        "New campaign", "tblCampaigns", ("Name", "Start", "Budget", "Reach", "Price", "Channel"), _campaign
    ),
    "log_follow_up": Form(
        "Log follow-up", "tblFollowUps",
        ("Campaign", "Date", "Type", "Contacted", "Orders", "Price", "Cost", "Note"), _follow_up,
    ),
    "log_introduction": Form(
        "Log introduction", "tblIntros",
        ("Date", "Partner", "PartyA", "PartyB", "Minutes", "Background", "Outcome", "Value", "CameBack", "Note"),
        _introduction,
    ),
}  # fmt: skip
"""The forms by the names of their buttons."""

"""What a file of an export declares, and how its words are compared with those of a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from addin.errors import BookError

Headings = tuple[str, ...]
"""Headings of which the first one counts that a file has; * stands for any letters, (EUR) for any currency."""
LISTS = {
    "less", "quantity", "currency", "cancelled", "paid", "refunded_to", "partly", "needs", "unless", "other",
    "days", "since", "until", "levels",
}  # fmt: skip
"""What may be one heading or several."""

OF_CURRENCIES = ("Currency", "Currency code", "*currency*", "*währung*", "*moneda*", "*devise*", "*valuta*", "*moeda*")
"""Headings under which reports of what campaigns cost have their currency."""


@dataclass(frozen=True, slots=True)
class Movements:
    """Columns whose texts say what became of a row: sold, left out, or paid back. They are words like the headings."""

    headings: Headings
    counted: Headings = ()
    """What is a sale; where it is given, all else is left out."""
    left_out: Headings = ()
    """What is none: refunded, cancelled, failed, pending."""
    refunds: Headings = ()
    """What takes an earlier sale back, whichever sign its amount has; but see `only_income`."""
    no_refunds: Headings = ()
    """What is no refund, though its text fits one of those."""
    paid_out: Headings = ()
    """What says that an amount without a sign went out: it is left out, unless another column calls it a refund."""
    sold: Headings = ()
    """What is a sale beyond doubt; where it is given, what is on no list is asked about."""
    always: bool = False
    """Whether it is asked about even where a column has no text that is on a list."""


@dataclass(frozen=True, slots=True)
class Export:
    """What the headings of an export mean."""

    name: str
    table: str
    recognised_by: tuple[Headings, ...] = ()
    """Headings that it always has: of each of these, one. In a file [Score] stands for all headings of that column,
    and [other] for those under `other`."""
    unless: Headings = ()
    """Headings with which a file is something else."""
    columns: Mapping[str, Headings] = field(default_factory=dict)
    """Column of the table to its headings, or to =TEXT for the same in every row."""
    amounts: Mapping[str, str] = field(default_factory=dict)
    """Headings of what an order came to, and what is in it; the first that a file has is the price."""
    movements: tuple[Movements, ...] = ()
    less: Headings = ()
    """What was paid back of the amount, or what else it is lessened by."""
    quantity: Headings = ()
    """How many items a line has, where the amount is that of one."""
    currency: Headings = ()
    cancelled: Headings = ()
    """Columns that hold something other than no where the order was cancelled."""
    paid: Headings = ()
    """Columns that say no where the order was not paid."""
    refunded_to: Headings = ()
    """The customer of a refund, where it is another column than that of a sale."""
    other: Headings = ()
    """The amounts that are no sales, where sales have a column of their own; all but the price is headed as usual."""
    only_income: bool = False
    """Whether the sign says which way money went. What was paid out and is no refund was bought, not sold; a refund
    that came in is of something bought. Both are left out."""
    partly: Headings = ()
    """What says that an order was paid back in part."""
    needs: Headings = ()
    """A column without which a row is no row of the table, such as a second row of headings."""
    like: str = ""
    """The file, among those of the add-in, whose words hold beside these."""
    file: str = ""
    """The name of its own file."""
    periods: bool = False
    """Whether its rows are subscriptions, with a start and an end, that are counted by month."""
    days: Headings = ()
    """The day of which a row of a report tells what campaigns cost."""
    since: Headings = ()
    """The first day of a row that is of several, or whose last day only `until` tells."""
    until: Headings = ()
    """The last day of such a row."""
    levels: Headings = ()
    """A column that says whether a row is a campaign's, or of a part of one that the campaign's row has too."""

    def is_of(self, headings: Sequence[str]) -> bool:
        """Whether a file with these headings is one."""
        return (
            bool(self.recognised_by)
            and all(found_in(headings, words) for words in self.recognised_by)
            and not found_in(headings, self.unless)
        )

    @property
    def is_report(self) -> bool:
        """Whether its rows tell what campaigns cost, and those of one campaign are added up."""
        return bool(self.days or self.since)


_CURRENCY = re.compile(r"(?<=[^\W_])\s*\([A-Z]{3}\)$")
ANY_CURRENCY = "¤"


@cache
def plain(text: str) -> str:
    """A word without capitals, spaces and points, and without the * of headings that must be filled."""
    return re.sub(r"\W+|_+", "", text).casefold() or text


@cache
def _in_any_currency(text: str) -> str:
    """A word as `plain` gives it, with one sign for the currency behind it."""
    words = _CURRENCY.sub("", text)
    return plain(words) + ANY_CURRENCY if words != text else plain(text)


@cache
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(_in_any_currency(part)) for part in word.split("*")), re.DOTALL)


def fits(text: str, words: Iterable[str]) -> bool:
    """Whether a text is one of these words; one with a currency behind it, as Cost (EUR), is so in any other too."""
    forms = {plain(text), _in_any_currency(text)}
    return any(_pattern(word).fullmatch(form) for word in words for form in forms)


def found_in(headings: Sequence[str], words: Iterable[str]) -> str:
    """The heading of a file that the first of these words fits; nothing where none does."""
    return next((name for word in words for name in headings if name and fits(name, (word,))), "")


def export_of_text(text: str, source: str) -> Export:
    """The export that a TOML text declares; a BookError that names what is wrong in it."""
    try:
        return _export(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, TypeError, KeyError, AttributeError) as error:
        raise BookError(f"{source} does not declare an export: {error}; write it as docs/own-data.md says") from None


def _export(document: dict[str, Any]) -> Export:
    document["columns"] = {name: _words(words) for name, words in document.get("columns", {}).items()}
    named = {**document["columns"], "other": _words(document.get("other", ()))}
    document["recognised_by"] = tuple(
        named.get(words[0].strip("[]"), words) if words[0].startswith("[") else words
        for words in map(_words, document.get("recognised_by", ()))
    )
    document["movements"] = tuple(
        Movements(always=movement.pop("always", False), **{name: _words(words) for name, words in movement.items()})
        for movement in document.get("movements", ())
    )
    for name in LISTS & document.keys():
        document[name] = _words(document[name])
    if "Budget" in document["columns"]:
        begins = (document.get(name, ()) for name in ("days", "since"))
        document["columns"]["Start"] = sum(begins, document["columns"].get("Start", ()))
        document.setdefault("currency", OF_CURRENCIES)
    return Export(**document)


def _words(value: str | Iterable[str]) -> Headings:
    return (value,) if isinstance(value, str) else tuple(value)


def written(export: Export) -> str:
    """An export as the text of its file, for one that is like another."""
    by = "".join(f"  {_quoted(words[0])},\n" for words in export.recognised_by)
    lines = [f"name = {_quoted(export.name)}", f"table = {_quoted(export.table)}", f"like = {_quoted(export.like)}",
             f"recognised_by = [\n{by}]", "", "[columns]",
             *(f"{_quoted(column)} = {_quoted(words[0])}" for column, words in export.columns.items()), ""]  # fmt: skip
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'

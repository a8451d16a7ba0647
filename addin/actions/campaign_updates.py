"""Campaigns of reports beside those of the book: which are the same, and what they cost by all reports together.

The book remembers of each campaign that a report told of, in which days its Budget was spent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from addin.actions.book import Book, Table, Value, text_of, value_of
from addin.actions.load_plan import Preview
from addin.actions.long_notes import in_parts, put_together
from addin.actions.mapping import CONSTANT
from addin.actions.report_days import Period, day_told, days_told
from addin.actions.report_rows import Spend
from addin.exports import known_exports
from addin.tabular import NotRead
from addin.values import customer_key

NOTE = "campaign spend"
CAMPAIGNS, SHOWN = "tblCampaigns", "in_Campaign"
PLATFORMS = {customer_key(word.removeprefix(CONSTANT)) or "" for export in known_exports() if export.is_report
             for word in export.columns["Channel"] if word.startswith(CONSTANT)}  # fmt: skip
"""Channels that reports of their own name."""


class NotTold(Exception):
    """Why a report does not tell what a campaign cost."""


@dataclass(slots=True)
class _Known:
    """A campaign of the book, or of a report that was read before."""

    values: dict[str, Value]
    index: int
    """Its row in the book, or among those of the reports."""
    in_book: bool
    key: tuple[str, str] = ("", "")
    """How reports call it; blank where none told of it."""
    days: tuple[Period, ...] = ()
    """The days on which its Budget was spent, as far as reports told them; they do not touch each other."""
    spent: float = 0.0
    """What it cost on these days by the reports."""
    changed: list[str] = field(default_factory=list)
    """How reports that are read now change it."""

    @property
    def channel(self) -> str:
        """Where it ran: as reports call it, else the platform that was typed."""
        typed = customer_key(self.values["Channel"]) or ""
        return self.key[0] or (typed if typed in PLATFORMS else "")

    @property
    def typed(self) -> bool:
        """Whether its Budget was typed over what reports told."""
        return bool(self.days) and self.values["Budget"] != self.spent

    @property
    def name(self) -> str:
        return customer_key(self.values["Name"]) or ""


@dataclass(frozen=True, slots=True)
class _Together:
    """What a campaign cost by what is there and by a report, and in which days."""

    amount: float
    spent: float
    """By the reports alone."""
    days: tuple[Period, ...]
    how: str
    replaces: bool
    """Whether the report tells it alone."""


class Campaigns:
    """Takes in what reports say, one campaign after the other."""

    def __init__(self, book: Book, table: Table, found: Preview) -> None:
        self.table, self.found = table, found
        self._known = [
            _Known({name: table.columns[name][index] for name in table.typed}, index, in_book=True)
            for index in (table.rows if found.append else ())
        ]
        self._by_key: dict[tuple[str, str], _Known] = {}
        self._of_file: set[int] = set()
        """Those of which the file told already, by identity."""
        self._gone: dict[tuple[str, str], tuple[str, tuple[Period, ...], float]] = {}
        """What the book remembers of campaigns whose ids are not there: deleted ones, or with an id typed over."""
        by_id = {customer_key(known.values["Campaign"]): known for known in self._known}
        for (channel, key, campaign), (days, spent) in _remembered(book).items():
            if known := by_id.get(customer_key(campaign)):
                known.key, known.days, known.spent = (channel, key), days, spent
                self._by_key[known.key] = known
            else:
                self._gone[channel, key] = campaign, days, spent

    def begin_file(self) -> None:
        """From here on another report tells."""
        self._of_file.clear()

    def has_days_of(self, spend: Spend) -> bool:
        """Whether reports told of a campaign on which days its Budget was spent."""
        known = self._by_key.get(spend.key)
        return bool(known and known.days)

    def budget(self, spend: Spend, period: Period | None) -> Value | NotRead:
        """What a campaign's Budget would be; NotTold as in `take`."""
        known, budget = self._find(spend), spend.values["Budget"]
        return (
            budget if known is None or isinstance(budget, NotRead) else _brought_together(known, spend, period).amount
        )

    def take(self, spend: Spend, row: Mapping[str, Value], period: Period | None) -> str:
        """Add a campaign, or change the one that it is; gives where that stands if nothing changes.

        NotTold where the report cannot be brought together with what is there.
        """
        known = self._find(spend)
        if known is None:
            self._add(spend, {**row, "Campaign": self._free_id(spend, row)}, period)
            return ""
        if id(known) in self._of_file:
            raise NotTold(f"rows before it are of {text_of(known.values['Campaign'])} too, under another id or "
                          "channel; give all of them the same one")  # fmt: skip
        self._of_file.add(id(known))
        together = _brought_together(known, spend, period)
        new = {name: value for name, value in row.items() if _blank(known.values[name])}
        new["Budget"] = together.amount
        if _begins_before(known.values["Start"], row["Start"], spend):
            new["Start"] = row["Start"]
        if not together.replaces:
            new.pop("Reach", None)
        elif row.get("Reach") is not None:
            new["Reach"] = row["Reach"]
        known.key, known.days, known.spent = spend.key, together.days, together.spent
        self._by_key[spend.key] = known
        changes = {name: value for name, value in new.items() if value is not None and value != known.values[name]}
        if not changes:
            return self.table.place("Campaign", known.index) if known.in_book else "a file before"
        self._change(known, changes, together.how)
        return ""

    @property
    def remembers(self) -> str:
        """What the book is to remember: of each campaign how reports call it, its id and the days of its Budget."""
        there = {
            key: (text_of(known.values["Campaign"]), known.days, known.spent) for key, known in self._by_key.items()
        }
        kept = [[*key, campaign, [[int(day) for day in one] for one in days], spent]
                for key, (campaign, days, spent) in {**self._gone, **there}.items() if days]  # fmt: skip
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    def _find(self, spend: Spend) -> _Known | None:
        """The campaign that a report means: the one it meant before, else that of this id, else that of this name."""
        channel, key = spend.key
        called = text_of(spend.values["Name"])  # type: ignore[arg-type]  # read as a text
        name = customer_key(called) or ""
        by_id = key != name
        of_channel = [known for known in self._known if not (channel and known.channel) or known.channel == channel]
        same = [known for known in of_channel if customer_key(known.values["Campaign"]) == key]
        before = self._by_key.get(spend.key) or next(iter(same), None)
        others = [known for known in of_channel if known.name == name and known is not before
                  and known.key[0] == channel and known.key[1] != key]  # fmt: skip
        if before and (by_id or not others):
            return before
        named = [before, *others] if before else [
            known for known in of_channel if known.name == name and not (by_id and known.key[1] not in ("", name))
        ]  # fmt: skip
        named = [known for known in named if known.channel == channel] or named
        if len(named) > 1:
            apart = "give them different names" if by_id else "take a report with the campaigns' ids"
            raise NotTold(f"{len(named)} campaigns of {self.table.sheet} are called {called}; {apart}")
        if named and (gone := self._gone.pop(spend.key, None)):
            known = self._by_key[spend.key] = named[0]
            known.key, (_, known.days, known.spent) = spend.key, gone
        return named[0] if named else None

    def _free_id(self, spend: Spend, row: Mapping[str, Value]) -> str:
        """The campaign's own id or name, with its channel where another campaign is called so."""
        taken = {customer_key(known.values["Campaign"]) for known in self._known}
        name = text_of(row["Campaign"])
        free = [text for text in (name, f"{name} ({text_of(row.get('Channel'))})") if customer_key(text) not in taken]
        if not free:
            raise NotTold(f"another campaign has the id {name}; give one of them another")
        return free[0]

    def _add(self, spend: Spend, row: dict[str, Value], period: Period | None) -> None:
        budget = row["Budget"]
        spent = budget if isinstance(budget, float) else 0.0
        known = _Known(row, self.found.new, False, spend.key, (period,) if period else (), spent)
        self._known.append(known)
        self._of_file.add(id(known))
        self._by_key[spend.key] = known
        for column, value in row.items():
            self.found.rows.setdefault(column, []).append(value)

    def _change(self, known: _Known, changes: Mapping[str, Value], how: str) -> None:
        known.values |= changes
        if not known.in_book:
            for name, value in changes.items():
                self.found.rows[name][known.index] = value
            return
        self.found.cells |= {self.table.place(name, known.index): value for name, value in changes.items()}
        before = {name: self.table.columns[name][known.index] for name in self.table.typed}
        told = ", ".join(f"{name} {_shown(name, before[name])} → {_shown(name, value)}"
                         for name, value in known.values.items() if value != before[name])  # fmt: skip
        campaign, called = (text_of(known.values[name]) for name in ("Campaign", "Name"))
        named = campaign if campaign == called else f"{campaign} {called}"
        known.changed.append(how)
        self.found.updated[campaign] = f"{named}: {told}, {' and '.join(known.changed)}"


def _brought_together(known: _Known, spend: Spend, period: Period | None) -> _Together:
    """What a report's spend and what is there come to."""
    there, whole = known.values["Budget"], round(sum(amount for _, amount in spend.parts), 9)
    typed = "an amount that was typed since the last report" if known.typed else ""
    if not isinstance(there, float) or not known.days or period is None:
        instead = typed or ("" if known.days or _blank(there) else "an amount whose days are not known")
        told = days_told(period) if period else "on days that the report does not name"
        return _replaced(whole, (period,) if period else (), told, instead)
    first, last = known.days[0][0], known.days[-1][1]
    if period[0] <= first and period[1] >= last:
        return _replaced(whole, (period,), days_told(period), typed)
    dated = [(days, amount) for days, amount in spend.parts if days]
    new = [(days, amount) for days, amount in dated if not any(map(partial(_touch, days), known.days))]
    again = [days for days, _ in dated if any(one[0] <= days[0] and days[1] <= one[1] for one in known.days)]
    if len(new) + len(again) < len(dated):
        raise NotTold(f"its Budget was spent {_told(known.days)}, and the report has what was spent "
                      f"{days_told(period)}: take one by day, or one that begins on {day_told(first)} or on "
                      f"{day_told(last + 1)}")  # fmt: skip
    days = _joined((*known.days, period))
    if not new:
        return _Together(there, known.spent, days, "as its days are there already", replaces=False)
    added = min(days[0] for days, _ in new), max(days[1] for days, _ in new)
    more = round(sum(amount for _, amount in new), 9)
    if there + more < 0:
        raise NotTold(f"{more:,.2f} {days_told(added)} would bring its Budget of {there:,.2f} below 0; load the "
                      "reports of the days before first")  # fmt: skip
    gaps = tuple((one[1] + 1, other[0] - 1) for one, other in pairwise(days))
    how = f"with what was spent {days_told(added)}"
    how += f", on top of {typed}" if typed else ""
    how += f"; no report had it {_told(gaps)}" if gaps else ""
    return _Together(round(there + more, 9), round(known.spent + more, 9), days, how, replaces=False)


def _replaced(amount: float, days: tuple[Period, ...], told: str, instead: str) -> _Together:
    how = f"spent {told}, in place of {instead}" if instead else f"spent {told}"
    return _Together(amount, amount, days, how, replaces=True)


def _begins_before(known: Value, told: Value, spend: Spend) -> bool:
    """Whether a report has a campaign begin before the day that is there, which may be any of its first row."""
    if not (isinstance(known, float) and isinstance(told, float) and told < known):
        return False
    first, last = min((days for days, amount in spend.parts if days and amount), default=(told, told))
    return told < first or known > last


def _touch(one: Period, other: Period) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _joined(days: Iterable[Period]) -> tuple[Period, ...]:
    """The same days in as few periods as they are."""
    found: list[Period] = []
    for first, last in sorted(days):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return tuple(found)


def _told(days: Iterable[Period]) -> str:
    return " and ".join(map(days_told, days))


def shown_campaign(book: Book, plan: Preview) -> dict[str, Value]:
    """What the book shows where the campaign that it picks is not there any more: the new one that cost most."""
    there = book.table(CAMPAIGNS).columns["Campaign"] if plan.append else ()
    if SHOWN not in book.names() or value_of(book, SHOWN) in {*there, *plan.rows.get("Campaign", ())}:
        return {}
    pairs = zip(plan.rows.get("Budget", ()), plan.rows.get("Campaign", ()), strict=True)
    costs = {key: cost for cost, key in pairs if isinstance(cost, float)}
    return {SHOWN: max(costs, key=costs.__getitem__)} if costs else {}


def notes_of(book: Book, remembers: str) -> dict[str, str]:
    """The notes by which a book remembers it, in place of those there."""
    return {name: "" for name in book.notes() if name.startswith(NOTE)} | in_parts(NOTE, remembers)


def _remembered(book: Book) -> dict[tuple[str, str, str], tuple[tuple[Period, ...], float]]:
    """By channel, key and campaign its days, and what it cost on them."""
    with suppress(ValueError, TypeError):
        text = put_together(book.notes(), NOTE).get("", "[]")
        return {
            (str(channel), str(key), str(campaign)): (
                _joined((float(first), float(last)) for first, last in days), float(spent)
            )
            for channel, key, campaign, days, spent in json.loads(text)
        }  # fmt: skip
    return {}


def _blank(value: Value) -> bool:
    return value is None or value == ""


def _shown(column: str, value: Value) -> str:
    if not isinstance(value, float):
        return text_of(value) or "blank"
    return day_told(value) if column == "Start" else f"{value:,.2f}" if column == "Budget" else f"{value:,.10g}"

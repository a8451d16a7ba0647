"""Reports of what campaigns cost: rows of days, ad sets or ads, put together to one for each campaign."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from typing import TypeAlias

from addin.actions.book import Value, text_of
from addin.actions.currencies import refuse_several
from addin.actions.report_days import Days, Period, days_told
from addin.actions.total_lines import CENT, without_levels, without_named_totals
from addin.errors import BookError
from addin.exports import Export, found_in
from addin.tabular import DataFile, NotRead, Unclear, currency
from addin.values import customer_key

Columns: TypeAlias = Mapping[str, Sequence[Value | NotRead]]
NAMED = ("Campaign", "Name")
_DIGIT = re.compile("[0-9]")
_IN_HEADING = re.compile(r"\(([A-Z]{3})\)")


@dataclass(slots=True)
class Spend:
    """What a report says of one campaign."""

    key: tuple[str, str]
    """The channel, and the campaign's id or else its name there."""
    values: dict[str, Value | NotRead]
    """The row of tblCampaigns that it is."""
    numbers: list[int]
    """The rows of the file that it is put together from."""
    parts: list[tuple[Period | None, float]]
    """What each of them came to, and in which days."""


@dataclass(slots=True)
class Report:
    """What a report comes to."""

    campaigns: list[Spend] = field(default_factory=list)
    period: Period | None = None
    """The days that it tells of; None where it does not say."""
    currencies: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    unclear: dict[str, Unclear] = field(default_factory=dict)
    """Headings of days to one that can be read two ways."""
    read: set[str] = field(default_factory=set)
    """The headings that were read beside the columns."""
    notes: list[str] = field(default_factory=list)


def report_of(
    file: DataFile, export: Export, mapping: Mapping[str, str], columns: Columns, rows: Sequence[int],
    ways: Mapping[str, str],
) -> Report:  # fmt: skip
    """The campaigns of a report; a BookError where it has several currencies, or rows that are parts of others."""
    found = Report()
    if mapping["Campaign"] != mapping["Name"] and any(isinstance(key, NotRead) for key in columns["Campaign"]):
        columns = {**columns, "Campaign": columns["Name"]}
        found.notes.append(f"{mapping['Campaign']} has lost digits to a spreadsheet; campaigns are told apart by "
                           f"{mapping['Name']}")  # fmt: skip
    keys = _keys(columns, range(len(file.numbers)))
    named = _named_rows(file, columns, rows, keys, mapping["Budget"], found)
    _note_alike(file, named, columns, found)
    _refuse_levels(file, export, named, found)
    days = Days(file, export, named, ways.get("Start", ""))
    found.unclear, found.period = days.unclear, days.whole
    found.read |= {*days.headings}
    groups: dict[tuple[str, str], list[int]] = {}
    for row in named:
        groups.setdefault(keys[row], []).append(row)
    found.campaigns = [_spend(file, key, columns, lines, days) for key, lines in groups.items()]
    found.notes.append(f"{_several(named, 'row')} added up to {_several(groups, 'campaign')}, with spend "
                       + (days_told(found.period) if found.period else "on days that it does not name"))  # fmt: skip
    if found.period and found.period[0] < found.period[1] and found_in([mapping["Start"]], export.since):
        found.notes.append("it does not say when its campaigns began: Start is the first day that it covers for each; "
                           "type the right one over it")  # fmt: skip
    reach = columns.get("Reach", [None] * len(file.numbers))
    several = sum(len(lines) > 1 and any(reach[row] is not None for row in lines) for lines in groups.values())
    if several:
        found.notes.append(f"Reach is not taken for {several:,} of them: rows of several days or parts of a campaign "
                           "count the same people again; type it in, or load a report with a row for each")  # fmt: skip
    _count_currencies(file, export, mapping["Budget"], filter(columns["Budget"].__getitem__, named), found)
    refuse_several(file.path, mapping["Budget"], found.currencies)
    return found


def _named_rows(
    file: DataFile, columns: Columns, rows: Sequence[int], keys: Sequence[tuple[str, str]], budget: str, found: Report
) -> list[int]:
    """The rows of campaigns; those of totals and those that name none are counted, and their money is told."""
    kept = without_named_totals(file, rows, columns["Budget"])
    nameless = [row for row in kept if not keys[row][1]]
    named, unclear = without_levels(file, [row for row in kept if keys[row][1]], columns["Budget"], keys)
    counts = {"a line of totals": len(rows) - len(named) - len(nameless), "without a campaign": len(nameless)}
    found.left_out = +Counter(counts)
    found.notes += [f"{heading} is All or Total in some rows, which come to something else than the other rows of "
                    "their campaigns; each row counts, so delete those rows if they add up the others"
                    for heading in unclear]  # fmt: skip
    lost = _spent(columns, nameless)
    if lost and abs(lost - _spent(columns, named)) > CENT * len(named):
        found.notes.append(f"rows without a campaign have {lost:,.2f} under {budget}, which is in no Budget")
    return named


def _several(things: Sized, name: str) -> str:
    return f"{len(things):,} {name}{'s' if len(things) != 1 else ''}"


def _spent(columns: Columns, rows: Iterable[int]) -> float:
    """What rows cost together."""
    return round(sum(amount for row in rows if isinstance(amount := columns["Budget"][row], float)), 9)


def _note_alike(file: DataFile, rows: Sequence[int], columns: Columns, found: Report) -> None:
    """Say that rows which cost something stand there twice, as where files were put together."""
    first: dict[tuple[Value, ...], int] = {}
    alike = [(row, before) for row in rows if columns["Budget"][row]
             and (before := first.setdefault(tuple(cells[row] for cells in file.columns), row)) != row]  # fmt: skip
    if alike:
        row, before = (file.numbers[index] for index in alike[0])
        more = f", and {len(alike) - 1:,} more repeat one before them" if len(alike) > 1 else ""
        found.notes.append(f"row {row} is the same as row {before}{more}; each counts, so delete what the file holds "
                           "twice")  # fmt: skip


def _keys(columns: Columns, rows: Iterable[int]) -> list[tuple[str, str]]:
    """The channel of each row, and its campaign's id; its name where it has none, and no other row of that name one."""
    texts = [tuple(_text(columns[column][row]) if column in columns else "" for column in ("Channel", *NAMED))
             for row in rows]  # fmt: skip
    ids: dict[tuple[str, str], set[str]] = {}
    for channel, key, name in texts:
        if key and name:
            ids.setdefault((channel, name), set()).add(key)
    only = {named: next(iter(keys)) for named, keys in ids.items() if len(keys) == 1}
    return [(channel, key or only.get((channel, name), name)) for channel, key, name in texts]


def _text(value: Value | NotRead) -> str:
    return value.text if isinstance(value, NotRead) else customer_key(value) or ""


def _spend(file: DataFile, key: tuple[str, str], columns: Columns, lines: list[int], days: Days) -> Spend:
    """One row for a campaign: what was spent is added up, its first day is its start, and people reached on several
    days or by several ad sets may be the same ones.
    """
    values = {name: _first(cells, lines) for name, cells in columns.items()}
    paid = [row for row in lines if columns["Budget"][row]] or lines
    for name, together, told in (("Start", min, paid), ("Budget", sum, lines)):
        amounts = [value for row in told if isinstance(value := columns[name][row], float)]
        if amounts and not isinstance(values[name], NotRead):
            values[name] = round(together(amounts), 9)
    if undated := next(filter(None, map(days.missing, lines)), None):
        values["Start"] = undated
    if len(lines) > 1:
        values["Reach"] = None
    for name, other in (NAMED, NAMED[::-1]):
        values[name] = values[name] or values[other]
    spent = [columns["Budget"][row] for row in lines]
    parts = [(days.of(row), amount) for row, amount in zip(lines, spent, strict=True) if isinstance(amount, float)]
    return Spend(key, values, [file.numbers[row] for row in lines], parts)


def _first(cells: Sequence[Value | NotRead], lines: list[int]) -> Value | NotRead:
    wrong = next((cells[row] for row in lines if isinstance(cells[row], NotRead)), None)
    return wrong or next((cells[row] for row in lines if cells[row] is not None), None)


def _refuse_levels(file: DataFile, export: Export, rows: Sequence[int], found: Report) -> None:
    """Refuse rows of campaigns beside those of their parts, which would be added up twice."""
    if not (heading := found_in(file.headings, export.levels)):
        return
    found.read.add(heading)
    levels = Counter(text_of(file.column(heading)[row]) for row in rows)
    if len(levels) > 1:
        counted = " and ".join(f"{name} ({count:,})" for name, count in levels.most_common())
        raise BookError(f"{file.path}: {heading} is {counted}, and what was spent on a campaign is in both; keep the "
                        f"rows of one, such as --where \"{heading}={next(iter(levels))}\"")  # fmt: skip


def _count_currencies(file: DataFile, export: Export, budget: str, rows: Iterable[int], found: Report) -> None:
    """Count which currencies are named beside the amounts, in their heading, or in them."""
    heading = found_in(file.headings, export.currency)
    found.read.add(heading)
    in_heading = _IN_HEADING.search(budget)
    for row in rows if budget in file.headings else ():
        beside, amount = file.column(heading)[row] if heading else None, file.column(budget)[row]
        names = [beside.upper()] if isinstance(beside, str) and not _DIGIT.search(beside) else []
        names += [in_heading[1]] if in_heading else []
        names += [currency(amount)] if isinstance(amount, str) else []
        if name := next(filter(None, names), ""):
            found.currencies[name] += 1

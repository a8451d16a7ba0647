"""Subscriptions, a row each with its start and its end, counted as d_Periods needs them: customers by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from addin.actions.book import Value, text_of
from addin.actions.cell_kinds import as_kind
from addin.actions.order_states import LEFT_OUT, States
from addin.exports import GENERAL, Export, found_in
from addin.schema import ColumnKind
from addin.tabular import DataFile, NotRead, Unclear
from addin.values import moment, serial

Span = tuple[date, date | None]
KINDS = {"Customer": ColumnKind.TEXT, "Start": ColumnKind.DATE, "End": ColumnKind.DATE}


@dataclass(slots=True)
class Subscriptions:
    """What a file of subscriptions comes to."""

    months: dict[str, list[Value]]
    """Customers at the start of each month, won and lost, as columns of tblPeriods."""
    count: int = 0
    rejected: dict[int, tuple[str, str]] = field(default_factory=dict)
    """The row of one that cannot be: the column at fault and why."""
    unclear: dict[str, tuple[str, Unclear]] = field(default_factory=dict)
    """Column to its heading and a text of it that can be read two ways."""


def subscriptions_of(
    file: DataFile, export: Export, rows: Sequence[int], ways: Mapping[str, str], today: date
) -> Subscriptions:
    """The rows of a file counted by month; those that cannot be a subscription are rejected."""
    headings = {column: found_in(file.headings, words) for column, words in export.columns.items()}
    read = {column: as_kind(file.column(headings[column]), kind, file.habits, None, ways.get(column, ""))
            for column, kind in KINDS.items()}  # fmt: skip
    found = Subscriptions({})
    found.unclear = {column: (headings[column], one.unclear) for column, one in read.items() if one.unclear}
    states = States(file, GENERAL, "", "", ways)
    right = []
    for row in rows:
        customer, start, end = (read[column].values[row] for column in KINDS)
        verdict, state = states.of(row)
        if fault := _fault(customer, start, end):
            found.rejected[file.numbers[row]] = fault
        elif verdict == LEFT_OUT and end is None:
            fault = "End", f"End is blank, though it is {state}"
            found.rejected[file.numbers[row]] = fault
        elif isinstance(start, float) and not isinstance(customer, NotRead):
            right.append((text_of(customer).casefold(), _day(start), _day(end) if isinstance(end, float) else None))
    found.count, found.months = len(right), months_of(right, today)
    return found


def _fault(customer: Value | NotRead, start: Value | NotRead, end: Value | NotRead) -> tuple[str, str] | None:
    """The column at fault and the reason; nothing for a right row."""
    for column, value in (("Start", start), ("End", end)):
        if isinstance(value, NotRead):
            return column, f"{column} must be a date, and '{value.text}' was found"
    for column, value in (("Customer", customer), ("Start", start)):
        if value is None:
            return column, f"{column} is blank"
    if isinstance(end, float) and isinstance(start, float) and end < start:
        return "End", "End is before Start"
    return None


def months_of(subscriptions: Iterable[tuple[str, date, date | None]], today: date) -> dict[str, list[Value]]:
    """The months from the first start on, of subscriptions as customer, start and end.

    A customer is there while one of their subscriptions runs; one that begins on the day after another ends goes on.
    What ends after today has not ended. The last month is the last in which a customer came or left.
    """
    spans: dict[str, list[Span]] = {}
    for customer, start, end in subscriptions:
        spans.setdefault(customer, []).append((start, end if end and end <= today else None))
    joined = [span for own in spans.values() for span in _joined(own) if span[0] <= today]
    came = Counter(start.replace(day=1) for start, _ in joined)
    left = Counter(end.replace(day=1) for _, end in joined if end)
    columns: dict[str, list[Value]] = {"Month": [], "StartCustomers": [], "New": [], "Lost": []}
    month, there, last = min(came, default=today), 0, max((*came, *left), default=date.min)
    while month <= last:
        new, lost = came[month], left[month]
        for column, value in zip(columns.values(), (serial(month), there, new, lost), strict=True):
            column.append(float(value))
        there += new - lost
        month = (month + timedelta(days=31)).replace(day=1)
    return columns


def _day(value: float) -> date:
    return moment(int(value)).date()


def _joined(spans: list[Span]) -> list[Span]:
    """Spans of one customer without overlaps and without gaps of no day."""
    found: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        if found and (found[-1][1] is None or start <= found[-1][1] + timedelta(days=1)):
            before = found[-1]
            latest = None if end is None or before[1] is None else max(end, before[1])
            found[-1] = (before[0], latest)
        else:
            found.append((start, end))
    return found

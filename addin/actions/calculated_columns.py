"""Calculated columns of long tables as values, where their formulas would take a spreadsheet minutes.

Each column here means what its formula in the template means, and VLOOKUP and SUMIFS tell no upper from lower case.
Row numbers, which cost nothing, and a column that an input switches (tblSurvey[Shown]) stay formulas.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from addin.actions.book import Book, Change, Rows, Value
from addin.errors import CellError
from addin.schema.terms import ACTIVE, LEVELS, SCALES, STAGES, YES
from addin.values import DAY_ZERO

MANY_ROWS = 2_000
"""When one of these tables has more rows, the calculated columns of all three hold values; Refresh renews them."""
LONG = ("tblTransactions", "tblCustomers", "tblSurvey")
NEEDED = {*LONG, "tblCampaigns", "tblSegments"}
NOTE = "columns"
"""The note that says so."""

Columns = Mapping[str, Sequence[Value]]


def fill_long_tables(book: Book, change: Change) -> None:
    """Add to a change what the calculated columns then come to, or their formulas where no table is long any more."""
    if not NEEDED.issubset(book.tables()) or (change.rows and not change.rows.keys() & NEEDED):
        return
    tables = {name: _after(book, name, change.rows.get(name)) for name in NEEDED}
    long = any(len(next(iter(tables[name].values()))) > MANY_ROWS for name in LONG)
    if long:
        book.status("Calculating the columns of long tables")
        noted = NOTE in book.notes()
        channels = [value for row in book.cells("lst_Channels") for value in row]
        for name, columns in calculated(tables, channels).items():
            filled = {c: [None if v == "" else v for v in values] for c, values in columns.items()}
            shown = book.table(name).columns
            if not noted or name in change.rows or any(values != shown[c] for c, values in filled.items()):
                change.filled[name] = dict(filled)
        if not noted:
            change.notes[NOTE] = "values"
    elif NOTE in book.notes():
        change.notes[NOTE] = ""
        change.filled.update({name: dict.fromkeys(columns) for name, columns in calculated(tables, []).items()})


def _after(book: Book, name: str, rows: Rows | None) -> dict[str, list[Value]]:
    """The typed columns of a table once its new rows are there, with at least one row."""
    table = book.table(name)
    there = max(table.rows, default=-1) + 1
    if rows is None:
        return {column: list(table.columns[column]) for column in table.typed}
    blank: list[Value] = [None] * rows.count
    return {
        column: (list(table.columns[column][:there]) if rows.append else []) + list(rows.columns.get(column, blank))
        or [None]
        for column in table.typed
    }


def calculated(tables: Mapping[str, Columns], channels: Sequence[Value]) -> dict[str, dict[str, Sequence[Value]]]:
    """The calculated columns of the long tables, from the typed columns of all tables and the list of channels."""
    orders, customers, survey = (tables[name] for name in LONG)
    cohorts = [_first_of_month(first) for first in customers["First"]]
    customer_rows = _first_rows(customers["Customer"])
    found_orders, spent = _orders(orders, tables["tblCampaigns"], cohorts, customer_rows)
    units = _sums(orders["Customer"], orders["Units"])
    ids = customers["Customer"]
    counts = [units.get(_key(customer), 0.0) for customer in ids]
    steps = [
        _steps(*cells)
        for cells in zip(counts, *(customers[n] for n in ("Referrals", "Feedback", "State")), strict=True)
    ]
    scored = list(zip(survey["Scale"], survey["Score"], strict=True))
    by_scale = [[score if scale == asked and not _blank(score) else "" for scale, score in scored] for asked in SCALES]
    return {
        "tblTransactions": found_orders,
        "tblCustomers": {
            "Orders": _where(ids, counts),
            "Revenue": _where(ids, [spent.get(_key(customer), 0.0) for customer in ids]),
            "Level": _where(ids, [LEVELS[level] for level, _ in steps]),
            "Stage": _where(ids, [STAGES[stage] for _, stage in steps]),
            "Cohort": cohorts,
            "SourceKnown": _known(customers["Source"], channels),
            "SegmentKnown": _known(customers["Segment"], tables["tblSegments"]["Segment"]),
            "Repeated": _repeated(ids),
        },
        "tblSurvey": {
            "Asked0to10": by_scale[0],
            "Asked1to10": by_scale[1],
            "Segment": [_at(customers["Segment"], customer_rows.get(_key(c)), "") or "" for c in survey["Customer"]],
        },
    }


def _orders(
    orders: Columns, campaigns: Columns, cohorts: Sequence[Value], customer_rows: Mapping[Value, float]
) -> tuple[dict[str, Sequence[Value]], dict[Value, float]]:
    """The calculated columns of tblTransactions, and what each customer spent."""
    ids, days = orders["Customer"], orders["Date"]
    revenue = [_product(units, price) for units, price in zip(orders["Units"], orders["Price"], strict=True)]
    spent = _sums(ids, revenue)
    first_rows = _first_rows(ids)
    numbers = [first_rows.get(_key(customer), "") for customer in ids]
    begins = _first_rows(campaigns["Campaign"])
    starts = [_at(campaigns["Start"], begins.get(_key(campaign)), "") for campaign in orders["Campaign"]]
    cohort_of = [_at(cohorts, customer_rows.get(_key(customer)), "") for customer in ids]
    ages = [_months_between(cohort, day) for cohort, day in zip(cohort_of, days, strict=True)]
    visits: list[Value] = [
        number * 1200 + age if isinstance(number, float) and isinstance(age, float) else ""
        for number, age in zip(numbers, ages, strict=True)
    ]
    first_visits = _first_rows(visits)
    rows = range(1, len(ids) + 1)
    return {
        "Revenue": revenue,
        "Start": [0.0 if start is None else start for start in starts],
        "Month": [_months_between(start, day) for start, day in zip(starts, days, strict=True)],
        "CustomerNo": numbers,
        "CustomerTotal": [spent[_key(c)] if n == row else "" for row, n, c in zip(rows, numbers, ids, strict=True)],
        "Repeated": _repeated(orders["Order"]),
        "Cohort": cohort_of,
        "Age": ages,
        "Visit": visits,
        "FirstInMonth": [
            "" if visit == "" else float(first_visits[visit] == row) for row, visit in zip(rows, visits, strict=True)
        ],
    }, spent  # fmt: skip


def _steps(orders: float, referrals: Value, feedback: Value, state: Value) -> tuple[int, int]:
    """How many levels and stages below the top a customer stands."""
    sends = not (_blank(referrals) or referrals == 0)
    gave_feedback, active = _key(feedback) == _key(YES), _key(state) == _key(ACTIVE)
    level = [sends, gave_feedback, orders > 1, orders > 0, True].index(True)
    stage = [sends, orders > 1 and active, orders > 1 or gave_feedback, orders > 0, True].index(True)
    return level, stage


def _where(ids: Sequence[Value], values: Sequence[Value]) -> list[Value]:
    """Values where a row names a customer."""
    return ["" if _blank(customer) else value for customer, value in zip(ids, values, strict=True)]


def _key(value: Value) -> Value:
    return value.casefold() if isinstance(value, str) else value


def _blank(value: Value) -> bool:
    return value is None or value == ""


def _first_rows(values: Iterable[Value]) -> dict[Value, float]:
    """Each value with the number of the first row that holds it."""
    found: dict[Value, float] = {}
    for row, value in enumerate(values, start=1):
        if not _blank(value):
            found.setdefault(_key(value), float(row))
    return found


def _sums(keys: Sequence[Value], values: Sequence[Value]) -> dict[Value, float]:
    found: defaultdict[Value, float] = defaultdict(float)
    for key, value in zip(keys, values, strict=True):
        found[_key(key)] += value if isinstance(value, float) else 0.0
    return found


def _product(one: Value, other: Value) -> Value:
    factors = [0.0 if factor is None else factor for factor in (one, other)]
    if all(isinstance(factor, float) for factor in factors):
        return factors[0] * factors[1]  # type: ignore[operator]  # both are floats
    return CellError("#VALUE!")


def _at(values: Sequence[Value], row: float | None, otherwise: Value) -> Value:
    return otherwise if row is None else values[int(row) - 1]


def _day(value: Value) -> date | None:
    return date.fromordinal(DAY_ZERO.toordinal() + int(value)) if isinstance(value, float) and value > 0 else None


def _first_of_month(value: Value) -> Value:
    day = _day(value)
    return "" if day is None else float(day.replace(day=1).toordinal() - DAY_ZERO.toordinal())


def _months_between(cohort: Value, value: Value) -> Value:
    first, day = _day(cohort), _day(value)
    if first is None or day is None:
        return ""
    return float((day.year - first.year) * 12 + day.month - first.month)


def _repeated(values: Sequence[Value]) -> list[Value]:
    first = _first_rows(values)
    return [0.0 if _blank(v) else float(first[_key(v)] != row) for row, v in enumerate(values, start=1)]


def _known(values: Sequence[Value], where: Sequence[Value]) -> list[Value]:
    there = {_key(value) for value in where}
    return [float(not _blank(value) and _key(value) in there) for value in values]

"""What the formulas of the calculated columns come to, by pandas; loaded only where a table is long.

VLOOKUP and SUMIFS tell no upper from lower case, and a blank id belongs to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from addin.actions.book import Value
from addin.actions.cell_columns import (
    blank,
    cells,
    first_of_month,
    keys,
    known,
    looked_up,
    months_between,
    numbers,
    repeated,
)
from addin.actions.order_kinds import OrderRules, is_refund, order_kinds
from addin.schema import typed_columns
from addin.schema.terms import GONE, LEVELS, SCALES, STAGES, YES
from addin.values import moment, serial

Columns = Mapping[str, Sequence[Value]]


def calculated(
    tables: Mapping[str, Columns], channels: Sequence[Value], rules: OrderRules
) -> dict[str, dict[str, list[Value]]]:
    """The calculated columns of the long tables, from the typed columns of all tables, the book's list of channels
    and what it says of orders.
    """
    frames = {name: _frame(name, columns) for name, columns in tables.items()}
    customers, survey = frames["tblCustomers"], frames["tblSurvey"]
    ids, buyers = keys(customers["Customer"]), keys(frames["tblTransactions"]["Customer"])
    cohorts = first_of_month(customers["First"])
    orders, spent = _orders(frames["tblTransactions"], buyers, ids, cohorts)
    counted = numbers(pd.Series(orders["Orders"], dtype=object))
    orders |= order_kinds(frames, counted, rules)
    counts = ids.map(counted.groupby(buyers).sum()).fillna(0.0)
    sends = ~blank(customers["Referrals"]) & (customers["Referrals"] != 0)
    scored = numbers(survey["Score"]).mask(blank(survey["Score"]), -1.0) >= 0
    answered = ids.isin(keys(survey["Customer"])[scored])
    told = (keys(customers["Feedback"]) == YES.casefold()).where(~blank(customers["Feedback"]), answered)
    dates = numbers(frames["tblTransactions"]["Date"])
    bought = ids.isin(buyers[(counted > 0) & (dates >= _active_from(dates.max(), rules.active_months))])
    active = (keys(customers["State"]) != GONE.casefold()).where(~blank(customers["State"]), bought)
    levels = np.select([sends, told, counts > 1, counts > 0], LEVELS[:4], LEVELS[4])
    stages = np.select([sends, (counts > 1) & active, (counts > 1) | told, counts > 0], STAGES[:4], STAGES[4])
    return {
        "tblTransactions": orders,
        "tblCustomers": {
            "Orders": cells(counts.where(ids.notna())),
            "Revenue": cells(ids.map(spent).fillna(0.0).where(ids.notna())),
            "Told": cells(told.astype(float).where(ids.notna())),
            "Active": cells(active.astype(float).where(ids.notna())),
            "Level": cells(pd.Series(levels).where(ids.notna())),
            "Stage": cells(pd.Series(stages).where(ids.notna())),
            "Cohort": cells(cohorts),
            "SourceKnown": known(customers["Source"], pd.Series(channels, dtype=object)),
            "SegmentKnown": known(customers["Segment"], frames["tblSegments"]["Segment"]),
            "Repeated": repeated(ids),
        },
        "tblSurvey": {
            "Asked0to10": cells(survey["Score"].where(survey["Scale"] == SCALES[0])),
            "Asked1to10": cells(survey["Score"].where(survey["Scale"] == SCALES[1])),
            "Segment": cells(looked_up(keys(survey["Customer"]), ids, customers["Segment"])),
        },
    }


def _active_from(last: float, months: float) -> float:
    """The day from which on an order keeps a customer active, as EDATE counts it from the last order of all."""
    return float(serial(moment(int(last)) - pd.DateOffset(months=int(months)))) if last > 0 else 0.0


def _frame(name: str, columns: Columns) -> pd.DataFrame:
    """A table with each column that the template has, those that an older book lacks blank."""
    frame = pd.DataFrame(dict(columns), dtype=object)
    return frame.reindex(columns=[*frame, *(c for c in typed_columns(name) if c not in frame)]).astype(object)


def _orders(
    orders: pd.DataFrame, buyers: pd.Series, ids: pd.Series, cohorts: pd.Series
) -> tuple[dict[str, list[Value]], pd.Series]:
    """The calculated columns of tblTransactions that say nothing of campaigns, and what each customer spent."""
    units, refund = numbers(orders["Units"]), is_refund(orders)
    sold = units * numbers(orders["Price"])
    revenue = sold.mask(refund, -sold.abs())
    spent = revenue.groupby(buyers).sum()
    rows = pd.Series(np.arange(1.0, len(orders) + 1))
    first = rows.groupby(buyers).transform("min")
    cohort = looked_up(buyers, ids, cohorts)
    ages = months_between(cohort, orders["Date"])
    visits = (first * 1200 + ages).mask(refund)
    return {
        "Revenue": cells(revenue),
        "IsRefund": cells(refund.astype(float)),
        "Orders": cells((~refund & (units > 0)).astype(float)),
        "CustomerNo": cells(first),
        "CustomerTotal": cells(buyers.map(spent).where(first == rows)),
        "Repeated": repeated(keys(orders["Order"])),
        "Cohort": cells(cohort),
        "Age": cells(ages),
        "Visit": cells(visits),
        "FirstInMonth": cells((~visits.duplicated()).astype(float).where(visits.notna())),
    }, spent  # fmt: skip

"""What the formulas of the calculated columns come to, by pandas; loaded only where a table is long.

VLOOKUP and SUMIFS tell no upper from lower case, and a blank id belongs to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from addin.actions.book import Value
from addin.schema.terms import ACTIVE, LEVELS, SCALES, STAGES, YES
from addin.values import numpy_days, numpy_serials

Columns = Mapping[str, Sequence[Value]]


def calculated(tables: Mapping[str, Columns], channels: Sequence[Value]) -> dict[str, dict[str, list[Value]]]:
    """The calculated columns of the long tables, from the typed columns of all tables and the list of channels."""
    frames = {name: pd.DataFrame(dict(columns), dtype=object) for name, columns in tables.items()}
    customers, survey = frames["tblCustomers"], frames["tblSurvey"]
    ids, buyers = _keys(customers["Customer"]), _keys(frames["tblTransactions"]["Customer"])
    cohorts = _first_of_month(customers["First"])
    orders, spent = _orders(frames["tblTransactions"], frames["tblCampaigns"], buyers, ids, cohorts)
    ordered = _numbers(frames["tblTransactions"]["Units"]) > 0
    counts = ids.map(ordered.astype(float).groupby(buyers).sum()).fillna(0.0)
    sends = ~_blank(customers["Referrals"]) & (customers["Referrals"] != 0)
    feedback, active = _keys(customers["Feedback"]) == YES.casefold(), _keys(customers["State"]) == ACTIVE.casefold()
    levels = np.select([sends, feedback, counts > 1, counts > 0], LEVELS[:4], LEVELS[4])
    stages = np.select([sends, (counts > 1) & active, (counts > 1) | feedback, counts > 0], STAGES[:4], STAGES[4])
    return {
        "tblTransactions": orders,
        "tblCustomers": {
            "Orders": _cells(counts.where(ids.notna())),
            "Revenue": _cells(ids.map(spent).fillna(0.0).where(ids.notna())),
            "Level": _cells(pd.Series(levels).where(ids.notna())),
            "Stage": _cells(pd.Series(stages).where(ids.notna())),
            "Cohort": _cells(cohorts),
            "SourceKnown": _known(customers["Source"], pd.Series(channels, dtype=object)),
            "SegmentKnown": _known(customers["Segment"], frames["tblSegments"]["Segment"]),
            "Repeated": _repeated(ids),
        },
        "tblSurvey": {
            "Asked0to10": _cells(survey["Score"].where(survey["Scale"] == SCALES[0])),
            "Asked1to10": _cells(survey["Score"].where(survey["Scale"] == SCALES[1])),
            "Segment": _cells(_looked_up(_keys(survey["Customer"]), ids, customers["Segment"])),
        },
    }


def _orders(
    orders: pd.DataFrame, campaigns: pd.DataFrame, buyers: pd.Series, ids: pd.Series, cohorts: pd.Series
) -> tuple[dict[str, list[Value]], pd.Series]:
    """The calculated columns of tblTransactions, and what each customer spent."""
    revenue = _numbers(orders["Units"]) * _numbers(orders["Price"])
    spent = revenue.groupby(buyers).sum()
    starts = campaigns["Start"].mask(_blank(campaigns["Start"]), 0.0)
    start = _looked_up(_keys(orders["Campaign"]), _keys(campaigns["Campaign"]), starts)
    rows = pd.Series(np.arange(1.0, len(orders) + 1))
    numbers = rows.groupby(buyers).transform("min")
    cohort = _looked_up(buyers, ids, cohorts)
    ages = _months_between(cohort, orders["Date"])
    visits = numbers * 1200 + ages
    return {
        "Revenue": _cells(revenue),
        "Start": _cells(start),
        "Month": _cells(_months_between(start, orders["Date"])),
        "CustomerNo": _cells(numbers),
        "CustomerTotal": _cells(buyers.map(spent).where(numbers == rows)),
        "Repeated": _repeated(_keys(orders["Order"])),
        "Cohort": _cells(cohort),
        "Age": _cells(ages),
        "Visit": _cells(visits),
        "FirstInMonth": _cells((~visits.duplicated()).astype(float).where(visits.notna())),
    }, spent  # fmt: skip


def _blank(cells: pd.Series) -> Any:
    return cells.isna() | (cells == "")


def _keys(cells: pd.Series) -> Any:
    """Ids by which rows are looked up; NaN where there is none."""
    folded = pd.Series([cell.casefold() if isinstance(cell, str) else cell for cell in cells], dtype=object)
    return folded.mask(_blank(folded), np.nan)


def _numbers(cells: pd.Series) -> Any:
    """The numbers of a column, all else as 0."""
    return pd.Series([cell if isinstance(cell, float) else 0.0 for cell in cells], dtype=float)


def _looked_up(keys: pd.Series, ids: pd.Series, values: pd.Series) -> Any:
    """The value of the first row with the same id, as VLOOKUP finds it; NaN where there is none."""
    there = pd.DataFrame({"key": ids, "value": values}).dropna(subset="key").drop_duplicates("key")
    return pd.DataFrame({"key": keys}).merge(there, on="key", how="left")["value"]


def _days(cells: pd.Series) -> Any:
    """Serials as days; NaT where a cell holds none."""
    serials = _numbers(cells).to_numpy()
    return np.where(serials > 0, numpy_days(serials), np.datetime64("NaT", "D"))


def _first_of_month(cells: pd.Series) -> Any:
    months = _days(cells).astype("datetime64[M]").astype("datetime64[D]")
    return pd.Series(numpy_serials(months))


def _months_between(first: pd.Series, last: pd.Series) -> Any:
    months = _days(last).astype("datetime64[M]") - _days(first).astype("datetime64[M]")
    return pd.Series(np.where(np.isnat(months), np.nan, months.astype(float)))


def _repeated(keys: pd.Series) -> list[Value]:
    return _cells((keys.duplicated() & keys.notna()).astype(float))


def _known(cells: pd.Series, there: pd.Series) -> list[Value]:
    keys = _keys(cells)
    return _cells((keys.isin(_keys(there)) & keys.notna()).astype(float))


def _cells(values: Any) -> list[Value]:
    """A column as cells hold it, None where it is blank."""
    return [None if value is None or value != value or value == "" else value for value in values.tolist()]

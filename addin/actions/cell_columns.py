"""Columns of cells as the template's formulas read them, by pandas: blanks, ids, numbers, days, what is looked up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from addin.actions.book import Value
from addin.values import numpy_days, numpy_serials


def blank(column: pd.Series) -> Any:
    """Where nothing stands."""
    return column.isna() | (column == "")


def keys(cells: pd.Series) -> Any:
    """Ids by which rows are looked up; NaN where there is none."""
    folded = pd.Series([cell.casefold() if isinstance(cell, str) else cell for cell in cells], dtype=object)
    return folded.mask(blank(folded), np.nan)


def numbers(cells: pd.Series) -> Any:
    """The numbers of a column, all else as 0."""
    return pd.Series([cell if isinstance(cell, float) else 0.0 for cell in cells], dtype=float)


def looked_up(wanted: pd.Series, ids: pd.Series, values: pd.Series) -> Any:
    """The value of the first row with the same id, as VLOOKUP finds it; NaN where there is none."""
    there = pd.DataFrame({"key": ids, "value": values}).dropna(subset="key").drop_duplicates("key")
    return pd.DataFrame({"key": wanted}).merge(there, on="key", how="left")["value"]


def days(cells: pd.Series) -> Any:
    """Serials as days; NaT where a cell holds none."""
    serials = numbers(cells).to_numpy()
    return np.where(serials > 0, numpy_days(serials), np.datetime64("NaT", "D"))


def first_of_month(cells: pd.Series) -> Any:
    """The first days of the months in which serials lie."""
    months = days(cells).astype("datetime64[M]").astype("datetime64[D]")
    return pd.Series(numpy_serials(months))


def months_between(first: pd.Series, last: pd.Series) -> Any:
    """Months from one day's to another's; NaN where one is missing."""
    months = days(last).astype("datetime64[M]") - days(first).astype("datetime64[M]")
    return pd.Series(np.where(np.isnat(months), np.nan, months.astype(float)))


def repeated(ids: pd.Series) -> list[Value]:
    """1 where an id stands further up."""
    return cells((ids.duplicated() & ids.notna()).astype(float))


def known(column: pd.Series, there: pd.Series) -> list[Value]:
    """1 where what stands in a column is found in another one."""
    ids = keys(column)
    return cells((ids.isin(keys(there)) & ids.notna()).astype(float))


def cells(values: Any) -> list[Value]:
    """A column as cells hold it, None where it is blank."""
    return [None if value is None or value != value or value == "" else value for value in values.tolist()]

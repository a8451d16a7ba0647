"""What the formulas say of an order's campaign and type come to, by pandas; loaded only where a table is long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from addin.actions.book import Value
from addin.actions.cell_columns import blank, cells, days, keys, looked_up, months_between, numbers
from addin.schema.terms import NO_CAMPAIGN, TYPES
from addin.values import numpy_serials


def is_refund(orders: pd.DataFrame) -> pd.Series:
    """Where units or price are negative."""
    return (numbers(orders["Units"]) < 0) | (numbers(orders["Price"]) < 0)


@dataclass(frozen=True, slots=True)
class OrderRules:
    """What a book says of the campaigns and types of orders."""

    types: Sequence[Value]
    """The book's list of order types."""
    at_once: float
    """The month up to which orders are sold at once."""
    until: float
    """The month in which follow-up ends."""
    last_campaign: bool
    """Whether an order that tells no campaign counts for the last one that reached its customer."""
    active_months: float
    """So long a customer is active after an order."""


def order_kinds(frames: Mapping[str, pd.DataFrame], counted: pd.Series, rules: OrderRules) -> dict[str, list[Value]]:
    """The calculated columns of tblTransactions from ByDate to Mark; `counted` is its column Orders."""
    orders, campaigns, log = frames["tblTransactions"], frames["tblCampaigns"], frames["tblFollowUps"]
    day = np.floor(numbers(orders["Date"]))
    by_date = _by_date(campaigns, day).where(day > 0)
    coupons = looked_up(keys(orders["Coupon"]), keys(campaigns["Coupon"]), campaigns["Campaign"])
    told = orders["Campaign"].where(~blank(orders["Campaign"]), coupons.where(coupons.notna(), by_date))
    named = (numbers(orders["Date"]) * 1e6 + np.arange(1, len(orders) + 1)).mask(blank(told) | (day == 0), 0.0)
    latest = _latest(orders, told, named) if rules.last_campaign else pd.Series(0.0, index=orders.index)
    rows_by_number = pd.Series(told.to_numpy(), index=named).loc[lambda row: row.index > 0]
    reached = latest.map(rows_by_number).astype(object)
    ends = looked_up(keys(reached), keys(campaigns["Campaign"]), _last_days(campaigns["Start"], rules.until))
    in_time = numbers(orders["Date"]) < 1 + ends.astype(float).fillna(0.0)
    campaign = told.where(~blank(told), reached.where(in_time, NO_CAMPAIGN))
    starts = campaigns["Start"].mask(blank(campaigns["Start"]), 0.0)
    start = looked_up(keys(campaign), keys(campaigns["Campaign"]), starts)
    month = months_between(start, orders["Date"])
    rows = pd.DataFrame({
        "customer": keys(orders["Customer"]), "campaign": keys(campaign), "date": numbers(orders["Date"]),
        "start": numbers(start), "order": counted > 0, "month": month,
    })  # fmt: skip
    given = ~blank(orders["Type"])
    before = _before(rows).where(month.notna() & (not given.all()))
    since = _since(rows, before)
    followed = _followed(rows, since, log)
    refund = is_refund(orders)
    later = before > refund.astype(float)
    number = np.where(later, np.where(followed == 0, 3, 1), np.where(month > rules.at_once, 2, 0))
    names = [*rules.types, *[None] * 4][:4]
    derived = pd.Series([names[n] for n in number.tolist()], dtype=object).where(month >= 0)
    kind = orders["Type"].where(given, derived)
    outside = campaign == NO_CAMPAIGN
    marks = zip(blank(orders["Date"]), refund, ~given & kind.notna(), outside, blank(start), strict=True)
    won = kind.isin([TYPES[0], TYPES[2]])
    return {
        "ByDate": cells(by_date), "RowCampaign": cells(told), "Named": cells(named), "Latest": cells(latest),
        "Reached": cells(reached), "Counted": cells(campaign), "Start": cells(start), "Month": cells(month),
        "Before": cells(before), "Since": cells(since), "Followed": cells(followed), "Kind": cells(kind),
        "Won": cells(((counted > 0) & won).astype(float)),
        "Mark": [_mark(*mark) for mark in marks],
    }  # fmt: skip


def _mark(no_date: bool, refund: bool, derived: bool, outside: bool, unknown: bool) -> str | None:
    said = {"Refund.": refund, "Type derived.": derived, f"{NO_CAMPAIGN}.": outside,
            "Unknown campaign.": unknown and not outside}  # fmt: skip
    return None if no_date else " ".join(text for text, true in said.items() if true) or None


def _by_date(campaigns: pd.DataFrame, day: pd.Series) -> pd.Series:
    """The campaign in whose days an order lies, where that is one."""
    first, last = numbers(campaigns["Start"]), numbers(campaigns["End"])
    open_days = (first > 0) & (last > 0)
    inside = pd.DataFrame({
        index: (day >= first[index]) & (day <= last[index]) for index in campaigns.index[open_days]
    }, index=day.index)  # fmt: skip
    only = inside.sum(axis=1) == 1
    found = pd.Series(None, index=day.index, dtype=object)
    for index in inside.columns:
        found = found.mask(only & inside[index], campaigns["Campaign"][index])
    return found


def _latest(orders: pd.DataFrame, told: pd.Series, named: pd.Series) -> pd.Series:
    """The number of each customer's latest row up to that day which tells its campaign, for rows that tell none."""
    rows = pd.DataFrame({"buyer": keys(orders["Customer"]), "day": numbers(orders["Date"]), "named": named})
    there = rows["buyer"].notna()
    wanted = rows[blank(told) & there & (rows["day"] > 0)].sort_values("day", kind="stable")
    known = rows[(named > 0) & there].sort_values("named")
    found = pd.Series(0.0, index=orders.index)
    if not wanted.empty and not known.empty:
        by_day = pd.merge_asof(wanted[["buyer", "day"]], known, on="day", by="buyer")
        found[wanted.index] = by_day["named"].fillna(0.0).to_numpy()
    return found


def _last_days(starts: pd.Series, until: float) -> pd.Series:
    """The last days of the months in which follow-up ends; NaN where a campaign has no start."""
    months = days(starts).astype("datetime64[M]") + np.timedelta64(int(until) + 1, "M")
    return pd.Series(numpy_serials(months.astype("datetime64[D]") - np.timedelta64(1, "D")))


def _before(rows: pd.DataFrame) -> pd.Series:
    """How many orders of the same customer lie on days from the campaign's start to the one before."""
    placed = (rows["order"] & rows["customer"].notna()).to_numpy()
    dates = np.unique(rows["date"][placed])
    customers = pd.factorize(rows["customer"])[0]

    def places(days: pd.Series) -> NDArray[np.int64]:
        """Places in the order of customers, and of each one's days."""
        found: NDArray[np.int64] = customers * (len(dates) + 1) + np.searchsorted(dates, days)
        return found

    in_order = np.sort(places(rows["date"])[placed])
    until, since = (np.searchsorted(in_order, places(days)) for days in (np.floor(rows["date"]), rows["start"]))
    return pd.Series(np.maximum(until - since, 0.0), index=rows.index)


def _since(rows: pd.DataFrame, before: pd.Series) -> pd.Series:
    """The day of the customer's first order in the campaign, for later ones; its start where that was outside."""
    first = rows[rows["order"] & (before == 0) & (rows["month"] >= 0)].groupby(["customer", "campaign"])["date"].mean()
    wanted = pd.MultiIndex.from_frame(rows[["customer", "campaign"]])
    return pd.Series(first.reindex(wanted).to_numpy(), index=rows.index).fillna(rows["start"]).where(before > 0)


def _followed(rows: pd.DataFrame, since: pd.Series, log: pd.DataFrame) -> pd.Series:
    """How many follow-ups went to the customer before the order."""
    sold, to_all = keys(log["Type"]) == TYPES[0].casefold(), blank(log["Customer"])
    nobody = sold | (to_all & (numbers(log["Contacted"]) == 0))
    found = pd.Series(0.0, index=rows.index)
    when, campaigns, customers = numbers(log["Date"]), keys(log["Campaign"]), keys(log["Customer"])
    for index in log.index[~nobody & (when > 0)]:
        whom = since <= when[index] if to_all[index] else rows["customer"] == customers[index]
        found += whom & (rows["campaign"] == campaigns[index]) & (rows["date"] >= when[index]) & since.notna()
    return found

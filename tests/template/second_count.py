"""The model counted a second time, with pandas, from what docs/model.md says and not from the formulas."""

import math
from statistics import NormalDist

import pandas as pd

BLANK = ""
AT_ONCE, REORDER, NEW, REPEAT = "Immediate sale", "Follow-up reorder", "New order", "Repeat order"
NONE = "No campaign"
YEAR = 12


def number(cell):
    """A text or a blank counts as nothing."""
    return float(cell) if isinstance(cell, (int, float)) else 0.0


def day(cell):
    return pd.Timestamp(cell) if hasattr(cell, "year") else pd.NaT


def frame(rows, numbers, days, texts):
    table = pd.DataFrame(index=range(len(rows)))
    for names, read in ((numbers, number), (days, day), (texts, lambda cell: cell)):
        for name in names:
            table[name] = pd.Series([read(row.get(name)) for row in rows], dtype=object if names is texts else None)
    return table


def months(first, last):
    """Calendar months from a day to another; none where one is not known."""
    if pd.isna(first) or pd.isna(last):
        return None
    return (last.year - first.year) * 12 + last.month - first.month


def ratio(amount, of):
    return amount / of if of else BLANK


class SecondCount:
    def __init__(self, inputs, campaigns, log, orders, segments, refreshed=None):
        self.inputs = inputs
        self.margin, self.by_log = inputs["in_Margin"], inputs["in_Source"] == "Log"
        self.campaigns = frame(campaigns, ["Budget", "Reach", "Control", "ControlRevenue", "ControlBuyers"],
                               ["Start", "End", "LikeFrom"], ["Campaign", "Coupon"])  # fmt: skip
        self.given = campaigns
        self.log = frame(log, ["Contacted", "Orders", "Price", "Cost", "Minutes"], ["Date"],
                         ["Campaign", "Type", "Customer", "Segment", "Positive"])  # fmt: skip
        self.orders = frame(orders, ["Units", "Price"], ["Date"], ["Customer", "Campaign", "Type", "Coupon"])
        self.segments = frame(segments, ["Ticket"], [], ["Segment"])
        self.starts = dict(zip(self.campaigns.Campaign, self.campaigns.Start, strict=True))
        self.budgets = dict(zip(self.campaigns.Campaign, self.campaigns.Budget, strict=True))
        self.refreshed = refreshed
        self.until = self._until()
        self.known = {name: self._known(start) for name, start in self.starts.items()}
        self._price_rows()
        self._whose()
        for table, column in ((self.log, "Campaign"), (self.orders, "counted")):
            dated = zip(table[column], table.Date, strict=True)
            since = [months(self.starts.get(name, pd.NaT), when) for name, when in dated]
            table["month"] = pd.Series(since, dtype=float)
        self._kinds()
        self._months = {}

    # --- what the data say

    def _until(self):
        if self.inputs.get("in_Until"):
            return pd.Timestamp(self.inputs["in_Until"])
        dates = {name: table.Date.dropna().sort_values(ascending=False).reset_index(drop=True)
                 for name, table in (("log", self.log), ("orders", self.orders))}  # fmt: skip
        starts = self.campaigns.Start.dropna().sort_values(ascending=False).reset_index(drop=True)
        nearly = [starts[min(1, len(starts) - 1)]] if len(starts) else []
        for found in dates.values():
            if len(found):
                nearly.append(found[min(math.ceil(len(found) / 20), len(found) - 1)])
        if self.refreshed is not None:
            nearly.append(self.refreshed)
        mine = dates["log" if self.by_log else "orders"]
        near = mine[mine <= max(nearly).normalize() + pd.DateOffset(months=12)] if nearly else mine
        return near.max() if len(near) else pd.NaT

    def _known(self, start):
        found = months(start, self.until)
        return -1 if found is None else found

    def _price_rows(self):
        log, orders = self.log, self.orders
        log["revenue"] = log.Orders * log.Price
        log["spent"] = log.Cost + log.Minutes * self.inputs["in_HourCost"] / 60
        back = (orders.Units < 0) | (orders.Price < 0)
        amount = orders.Units * orders.Price
        orders["revenue"] = amount.where(~back, -amount.abs())
        orders["refund"] = back
        orders["orders"] = (~back & (orders.Units > 0)).astype(int)

    # --- whose order is it

    def _own(self, row):
        """The campaign that the row itself tells."""
        if row.Campaign:
            return row.Campaign
        if row.Coupon:
            same = self.campaigns[self.campaigns.Coupon == row.Coupon]
            if len(same):
                return same.Campaign.iloc[0]
        if pd.isna(row.Date):
            return None
        on = row.Date.normalize()
        running = self.campaigns[(self.campaigns.Start <= on) & (self.campaigns.End >= on)]
        return running.Campaign.iloc[0] if len(running) == 1 else None

    def end_of_follow_up(self, campaign):
        start = self.starts.get(campaign, pd.NaT)
        if pd.isna(start):
            return pd.NaT
        return start.normalize().replace(day=1) + pd.DateOffset(months=self.inputs["in_M3"] + 1) - pd.DateOffset(days=1)

    def _reached(self, row, telling):
        if self.inputs["in_Whose"] == "Only its own" or not row.Customer or pd.isna(row.Date):
            return NONE if pd.notna(row.Date) else None
        before = telling[(telling.Customer == row.Customer) & (telling.Date <= row.Date)]
        if not len(before):
            return NONE
        last = before[before.Date == before.Date.max()].own.iloc[-1]
        end = self.end_of_follow_up(last)
        return last if pd.notna(end) and row.Date.normalize() <= end else NONE

    def _whose(self):
        orders = self.orders
        orders["own"] = pd.Series([self._own(row) for row in orders.itertuples()], dtype=object)
        telling = orders[orders.own.notna()]
        orders["counted"] = pd.Series(
            [row.own or self._reached(row, telling) for row in orders.itertuples()], dtype=object
        )

    # --- the kind of an order

    def _kinds(self):
        orders = self.orders
        orders["kind"] = pd.Series([row.Type or self._kind(row) for row in orders.itertuples()], dtype=object)
        first = orders.kind.isin([AT_ONCE, NEW]) & (orders.orders > 0)
        orders["won"] = first.astype(int)

    def _since(self, campaign, customer):
        """The customer's orders from the launch of the campaign on."""
        orders = self.orders
        start = self.starts.get(campaign, pd.NaT)
        return orders[(orders.Customer == customer) & (orders.Date >= start) & (orders.orders > 0)]

    def _kind(self, row):
        if pd.isna(row.month) or row.month < 0:
            return BLANK
        theirs = self._since(row.counted, row.Customer) if row.Customer else self.orders[:0]
        earlier = theirs[theirs.Date < row.Date.normalize()]
        if len(earlier) <= row.refund:  # a refund is of the order before it
            return NEW if row.month > self.inputs["in_M1"] else AT_ONCE
        of_campaign = theirs[theirs.counted == row.counted].Date
        first = of_campaign.min() if len(of_campaign) and of_campaign.min() == theirs.Date.min() else None
        log = self.log[(self.log.Campaign == row.counted) & (self.log.Type != AT_ONCE) & (self.log.Date <= row.Date)]
        named = log[log.Customer == row.Customer]
        since = first if first is not None else self.starts[row.counted]
        to_all = log[log.Customer.isna() & (log.Contacted > 0) & (log.Date >= since)]
        return REORDER if len(named) + len(to_all) else REPEAT

    # --- what a campaign comes to

    def rows(self, campaign, until, log=None):
        """Its rows of the log, or of the orders, in its months up to one."""
        log = self.by_log if log is None else log
        if (campaign, log) not in self._months:
            table = self.log if log else self.orders
            mine = table[(table["Campaign" if log else "counted"] == campaign) & (table.month >= 0)]
            self._months[campaign, log] = mine
        mine = self._months[campaign, log]
        return mine[mine.month <= until]

    def spent(self, campaign, until):
        return self.budgets[campaign] + self.rows(campaign, until, log=True).spent.sum()

    def sold(self, campaign, until):
        return self.rows(campaign, until).revenue.sum()

    def won(self, campaign, until):
        rows = self.rows(campaign, until)
        if not self.by_log:
            return rows.won.sum()
        first = rows.Type.isin([AT_ONCE, NEW]) | (rows.month <= self.inputs["in_M1"])
        return rows[first].Orders.sum()

    def end(self, campaign, milestone="in_M3"):
        return min(self.inputs[milestone], self.known[campaign])

    def campaign(self, campaign):
        """The columns of d_Campaigns."""
        at_once, end = self.end(campaign, "in_M1"), self.end(campaign)
        spent, sold, won = self.spent(campaign, end), self.sold(campaign, end), self.won(campaign, end)
        cac = ratio(spent, won)
        base = self.base(campaign)["revenue"]
        for_life = self.inputs["in_Years"] * self.inputs["in_Purchases"] * self.inputs["in_AverageOrder"]
        counts = self.orders[self.orders.counted == campaign].revenue.sum()
        return {
            "Spent": spent, "Sold": sold, "Won": won, "CAC": cac, "Counts": counts,
            "SoldAtOnce": self.sold(campaign, at_once),
            "ROI": ratio(self.sold(campaign, at_once), self.spent(campaign, at_once)),
            "ROC": ratio(sold, spent), "Net": ratio(sold * self.margin - spent, spent),
            "CLVtoCAC": ratio(for_life * self.margin, cac) if cac else BLANK,
            "BaseRevenue": base, "CausedROC": BLANK if base == BLANK else ratio(sold - base, spent),
        }  # fmt: skip

    def back(self, campaign, horizon=YEAR):
        """The first month in which the revenue after margin covers the spend so far."""
        last = min(horizon, self.known[campaign])
        sold, costs = self.rows(campaign, last), self.rows(campaign, last, log=True)
        for month in range(last + 1):
            spent = self.budgets[campaign] + costs.spent[costs.month <= month].sum()
            if 0 < spent <= sold.revenue[sold.month <= month].sum() * self.margin:
                return month
        return "not in 12" if horizon == YEAR < self.known[campaign] else "not yet"

    # --- would they have come anyway

    def base(self, campaign):
        row = self.campaigns.set_index("Campaign").loc[campaign]
        given = next(each for each in self.given if each["Campaign"] == campaign)
        if row.Control > 0 and row.Reach > 0:
            k = row.Reach / row.Control
            blank = given.get("ControlRevenue") is None
            return {"method": 1, "revenue": BLANK if blank else k * row.ControlRevenue,
                    "compared": k**2 * row.ControlRevenue}  # fmt: skip
        if pd.isna(row.LikeFrom) or pd.isna(row.Start):
            return {"method": 0, "revenue": BLANK, "compared": 0}
        if pd.isna(self.until):
            return {"method": 2, "revenue": 0.0, "compared": 0}
        length = min(self.end_of_follow_up(campaign), self.until.normalize()) - row.Start
        usual = self.orders[self.orders.counted == NONE]
        like, own = (
            usual[(usual.Date >= first) & (usual.Date < first + length + pd.DateOffset(days=1))].revenue.sum()
            for first in (row.LikeFrom, row.Start)
        )
        return {"method": 2, "revenue": like - own, "compared": like + own}

    def caused(self):
        """ROC beyond the baseline of the campaign shown, with its limits."""
        campaign = self.inputs["in_Campaign"]
        end = self.end(campaign)
        rows, base = self.rows(campaign, end), self.base(campaign)
        sold, spent = rows.revenue.sum(), self.spent(campaign, end)
        if base["revenue"] == BLANK or not spent:
            return [BLANK] * 3
        caused = sold - base["revenue"]
        squares = (rows.revenue * (rows.Price if self.by_log else rows.revenue)).sum()
        inside = squares / sold * (sold + base["compared"]) if sold else -1
        if inside < 0:
            return [caused / spent, BLANK, BLANK]
        half = NormalDist().inv_cdf((1 + self.inputs["in_Confidence"]) / 2) * math.sqrt(inside)
        return [caused / spent, (caused - half) / spent, (caused + half) / spent]

    # --- the campaign shown

    def shown(self):
        name = self.inputs["in_Campaign"]
        found = {}
        for step in (1, 2, 3):
            until = self.end(name, f"in_M{step}")
            sold, spent = self.sold(name, until), self.spent(name, until)
            found[f"out_Gross{step}"] = ratio(sold, spent)
            found[f"out_Net{step}"] = ratio(sold * self.margin - spent, spent)
        back = self.back(name, self.inputs["in_Horizon"])
        found["out_Breakeven"] = back if isinstance(back, int) else "not yet"
        horizon = min(self.inputs["in_Horizon"], self.known[name])
        sold, spent = self.sold(name, horizon), self.spent(name, horizon)
        found["out_ROCSoFar"] = BLANK if not spent else sold * self.margin / spent - (self.margin < 1)
        found["out_MonthsAhead"] = 0 if self.known[name] < 0 else max(0, self.inputs["in_Horizon"] - self.known[name])
        return found

    # --- what follow-up is worth

    def follow_up(self):
        log = self.log[(self.log.Type != AT_ONCE) & ((self.log.Contacted > 0) | self.log.Customer.notna())].copy()
        log["contacts"] = log.Contacted.where(log.Contacted > 0, 1.0)
        answered = [row.Orders if row.Positive is None else number(row.Positive) for row in log.itertuples()]
        n, r, revenue, spent = (log[name].sum() for name in ("contacts", "Orders", "revenue", "spent"))
        rate, value = ratio(r, n), ratio(revenue, r)
        most = BLANK if rate == BLANK else rate * (value or 0) * self.margin
        cost = spent / n if spent > 0 and n else self.inputs["in_ContactCost"]
        alone = {"contacts": n, "orders": r, "revenue": revenue, "spent": spent, "rate": rate, "value": value,
                 "return": ratio(revenue * self.margin, spent), "most": most, "cost": cost,
                 "worth": BLANK if most == BLANK else most - cost,
                 "positive": sum(answered), "response": ratio(n * cost, sum(answered))}  # fmt: skip
        return alone, [self._leaves(log[log.Segment == row.Segment], row.Ticket, rate or 0, value or 0, cost)
                       for row in self.segments.itertuples()]  # fmt: skip

    def _leaves(self, own, ticket, rate, value, cost, k=20):
        contacts, orders = own.contacts.sum(), own.Orders.sum()
        drawn = (orders + k * rate) / (contacts + k)
        worth = own.revenue.sum() / orders if orders else ticket if ticket > 0 else value
        each = own.spent.sum() / contacts if own.spent.sum() > 0 else cost
        return drawn * worth * self.margin - each

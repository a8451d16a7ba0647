"""Campaigns, and whose order it is, against the same counted in Python from random orders, costs and margins."""

import datetime as dt
import random
from collections import defaultdict

import pytest

from addin.schema.terms import TYPES, WHOSE
from addin.template import campaigns

MODELS = 30
"""Each campaign of a book is a model of its own."""
START, END = dt.datetime(2025, 1, 1), dt.datetime(2026, 3, 20)


def months(first, last):
    return (last.year - first.year) * 12 + last.month - first.month


def whose(orders, starts, horizon=12):
    """The campaign of each order, and the months since its launch: the row's own, else the last before."""
    found = []
    for day, customer, campaign, *_ in orders:
        counted = campaign
        if counted is None:
            before = [(d, row, c) for row, (d, who, c, *_) in enumerate(orders) if who == customer and c and d <= day]
            counted = max(before)[2] if before else None
            if counted and months(starts[counted], day) > horizon:
                counted = None
        found.append((counted, months(starts[counted], day) if counted else None))
    return found


def expected(campaign, orders, counted, costs):
    """What a campaign comes to; money in units of the book."""
    _, start, budget = campaign
    never = "not in 12" if months(start, max(day for day, *_ in orders)) > 12 else "not yet"
    sold = defaultdict(float)
    won = 0
    for (_, _, _, kind, units, price), (name, month) in zip(orders, counted, strict=True):
        if name == campaign[0]:
            sold[month] += units * price
            won += month <= 12 and kind in (TYPES[0], TYPES[2])
    spent = {
        m: budget + sum(c for name, d, c in costs if name == campaign[0] and months(start, d) <= m) for m in range(13)
    }
    revenue = {m: sum(r for month, r in sold.items() if month <= m) for m in range(13)}
    return {
        "spent": spent[12], "ROI": revenue[1] / spent[1], "ROC": revenue[12] / spent[12], "won": won,
        "net": lambda margin: revenue[12] * margin / spent[12] - 1,
        "back": lambda margin: next((m for m in range(13) if revenue[m] * margin >= spent[m]), never),
    }  # fmt: skip


def random_book(book, seed):
    """Rows of the sample's tables overwritten by random ones; the table of campaigns grows."""
    rng = random.Random(seed)
    day = lambda start, end: start + dt.timedelta(days=rng.randrange((end - start).days))  # noqa: E731  # twice, here
    rows = [(f"R{k:02}", day(START, dt.datetime(2026, 2, 1)), rng.randrange(50, 900)) for k in range(MODELS)]
    starts = {name: start for name, start, _ in rows}
    sheet = book["d_Campaigns"]
    table = sheet.tables["tblCampaigns"]
    for at, (name, start, budget) in enumerate(rows, start=5):
        for column in range(2, sheet.max_column + 1):
            sheet.cell(at, column).value = sheet.cell(5, column).value
        for column, value in zip("BCDEF", (name, f"Campaign {name}", start, budget, 1_000), strict=True):
            sheet[f"{column}{at}"].value = value
    table.ref = f"{table.ref.rstrip('0123456789')}{4 + MODELS}"
    orders = []
    for at in range(5, 5 + 425):
        campaign = rng.choice([None, *starts])
        when = day(starts[campaign] if campaign else START, END)
        kind, units = rng.choice(TYPES), rng.randrange(1, 4)
        order = (when, f"K{rng.randrange(60)}", campaign, kind, units, rng.randrange(1, 9_000) / 100)
        for column, value in zip("CDEFGH", order, strict=True):
            book["d_Transactions"][f"{column}{at}"].value = value
        orders.append(order)
    costs = []
    for at in range(5, 23):
        name = rng.choice(list(starts))
        cost = (name, day(starts[name], END), rng.randrange(1, 200))
        for column, value in zip("CDI", cost, strict=True):
            book["d_FollowUps"][f"{column}{at}"].value = value
        costs.append(cost)
    return rows, starts, orders, costs


@pytest.mark.thorough
def test_random_campaigns_come_to_what_python_counts(opened, calculate, set_input):
    rows, starts, orders, costs = random_book(opened, 1)
    margin = random.Random(1).uniform(0.2, 1)
    set_input(opened, "in_Source", "Transactions")
    set_input(opened, "in_Margin", margin)
    set_input(opened, "in_Campaign", "R07")
    result = calculate(opened)
    counted = whose(orders, starts)
    columns = {cell.value: cell.column_letter for cell in opened["d_Campaigns"][4]}
    orders_at = {cell.value: cell.column_letter for cell in opened["d_Transactions"][4]}
    names = [result[f"d_Transactions!{orders_at['Counted']}{at}"] for at in range(5, 430)]
    assert names == [name or "No campaign" for name, _ in counted]
    wanted = {row[0]: expected(row, orders, counted, costs) for row in rows}
    for at, (name, _, _) in enumerate(rows, start=5):
        found = [result[f"d_Campaigns!{columns[c]}{at}"] for c in ("Spent", "ROI", "ROC", "Net", "Won", "CAC")]
        w = wanted[name]
        cac = w["spent"] / w["won"] if w["won"] else ""
        assert found == pytest.approx([w["spent"], w["ROI"], w["ROC"], w["net"](margin), w["won"], cac], rel=1e-9), name
    best = sorted(wanted, key=lambda name: -wanted[name]["net"](margin))
    shown = range(campaigns.FIRST_ROW, campaigns.FIRST_ROW + MODELS)
    assert [result[f"Campaigns!{campaigns.ID}{row}"] for row in shown] == best
    assert [result[f"Campaigns!K{row}"] for row in shown] == [wanted[name]["back"](margin) for name in best]
    assert result["out_Gross1"] == pytest.approx(wanted["R07"]["ROI"], rel=1e-9)
    assert result["out_Gross3"] == pytest.approx(wanted["R07"]["ROC"], rel=1e-9)
    assert result["out_Net3"] == pytest.approx(wanted["R07"]["net"](margin), rel=1e-9)
    assert result["out_Breakeven"] == wanted["R07"]["back"](margin)
    outcome = {opened["Checks"][f"C{row}"].value: result[f"Checks!G{row}"] for row in range(6, 40)}
    assert outcome['The sum over the campaigns and "No campaign" is all revenue'] == "OK"


@pytest.mark.thorough
def test_the_rule_whose_order_it_is_is_switched_on_inputs(opened, calculate, set_input):
    """K001 bought under C01 in month 1; a later order without a campaign counts for it, or for none."""
    orders = opened["d_Transactions"]
    late = next(row for row in range(300, 430) if orders[f"F{row}"].value == TYPES[3])
    orders[f"D{late}"].value, orders[f"E{late}"].value = "K001", None
    set_input(opened, "in_Source", "Transactions")
    assert calculate(opened)["out_Gross3"] == pytest.approx(1.275)
    set_input(opened, "in_Whose", WHOSE[1])
    result = calculate(opened)
    assert result["out_Gross3"] == pytest.approx((12_750 - 30) / 10_000)
    assert result["chk_All"] == "OK"


def test_the_sample_ranks_the_florist_and_leaves_out_what_has_not_begun(as_shipped):
    first = campaigns.FIRST_ROW
    row = [as_shipped[f"Campaigns!{column}{first}"] for column in "EFGHIJKLO"]
    assert row == pytest.approx([10_000, 20_000, 330, 0.6, 1.275, 0.275, 9, 10_000 / 330, 30])
    assert as_shipped[f"Campaigns!B{first + 1}"] == ""

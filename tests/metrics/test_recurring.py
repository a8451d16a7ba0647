"""Recurring revenue: its movements by month against pandas on the whole table of customers and months."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import addin
from addin.errors import NotEnoughData, ZeroDenominator

FUNCTIONS = ("MRR", "NRR", "GRR", "QUICK_RATIO")
RATIOS = FUNCTIONS[1:]
IDS = [["A"], ["B"], ["A"]]
DAYS = [[46023], [46024], [46054]]
AMOUNTS = [[10], [20], [30]]
BLANK = [[None], [None], [None]]
WRONG = [
    ([BLANK, DAYS, AMOUNTS], "#N/A", "no row has all that an order needs"),
    ([IDS, DAYS, [[0], [0], [0]]], "#N/A", "nobody paid"),
    ([IDS, DAYS[:2], AMOUNTS], "#VALUE!", "ranges of equal size"),
    ([IDS, DAYS, [[10], ["ten"], [30]]], "#VALUE!", "amounts, row 2: a number is needed"),
    ([IDS, [[46023], ["soon"], [46054]], AMOUNTS], "#VALUE!", "dates, row 2: a date is needed"),
    ([IDS, [[5], [46023], [46054]], AMOUNTS], "#NUM!", "1 March 1900"),
    ([IDS, [[100], [2000000], [46030]], AMOUNTS], "#NUM!", "look for a wrong date"),
]
ERRORS = [
    *((name, *wrong) for name, wrong in product(FUNCTIONS, WRONG)),
    *((name, [IDS, DAYS, AMOUNTS, 12], "#N/A", "give fewer months") for name in RATIOS),
    *((name, [IDS, DAYS, AMOUNTS, 0], "#NUM!", "months must be a whole number from 1") for name in RATIOS),
    *((name, [IDS, DAYS, AMOUNTS, 1.5], "#NUM!", "months must be a whole number from 1") for name in RATIOS),
    *((name, [IDS, DAYS, [[0], [0], [30]], 1], "#DIV/0!", "nobody paid 1 months before") for name in ("NRR", "GRR")),
    ("QUICK_RATIO", [IDS, DAYS, [[10], [0], [30]]], "#DIV/0!", "no revenue was lost"),
]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)


def rows(table):
    """The movements of each month by the names of the columns, without those that are 0."""
    heading, *body = table
    return [{name: value for name, value in zip(heading[1:], row[1:], strict=True) if value} for row in body]


def test_a_customer_back_after_months_in_which_nobody_paid(answer):
    table = answer("MRR", [["a"], ["A "], ["b"]], [["2026-01-31"], ["2026-04-01"], ["2026-04-30"]], [[50], [60], [5]])
    assert [row[0] for row in table[1:]] == [46023, 46054, 46082, 46113]
    assert rows(table) == [
        {"New": 50, "MRR": 50, "Customers": 1},
        {"Start": 50, "Churned": 50},
        {},
        {"New": 5, "Reactivated": 60, "MRR": 65, "Customers": 2},
    ]


def test_the_month_of_as_of_is_the_last(answer):
    charges = [[["a"], ["a"], ["b"]], [["2026-01-10"], ["2026-02-10"], ["2026-02-11"]], [[50], [50], [70]]]
    assert len(answer("MRR", *charges, "2026-01-31")) == 2
    assert rows(answer("MRR", *charges, "2026-03-01"))[2] == {"Start": 120, "Churned": 120}
    assert answer("NRR", *charges, 1, "2026-03-31") == 0
    assert answer("NRR", *charges, 1) == 1


def test_a_refund_is_a_smaller_charge_and_one_in_full_is_none(answer):
    ids, days, amounts = [["a"], ["a"], ["b"]], [[46030], [46060], [46061]], [[50], [50], [70]]
    refunded = [*ids, ["A"]], [*days, [46062]]
    table = answer("MRR", *refunded, [*amounts, [-20]])
    assert table == answer("MRR", ids, days, [[50], [30], [70]])
    assert rows(table)[1]["Contraction"] == 20
    table = answer("MRR", *refunded, [*amounts, [-50]])
    assert rows(table)[1] == {"Start": 50, "New": 70, "Churned": 50, "MRR": 70, "Customers": 1}
    assert answer("GRR", *refunded, [*amounts, [-50]], 1) == 0


def test_amounts_that_differ_by_rounding_alone_are_the_same(answer):
    """0.1 + 0.2 is not 0.3 to a computer."""
    table = answer("MRR", [["a"], ["a"], ["a"]], [[46030], [46031], [46060]], [[0.1], [0.2], [0.3]])
    assert rows(table)[1].keys() == {"Start", "MRR", "Customers"}


def test_a_heading_and_rows_of_false_are_passed_over(answer):
    plain = answer("MRR", IDS, DAYS, AMOUNTS)
    headed = (("Customer", IDS), ("Date", DAYS), ("Amount", AMOUNTS))
    assert answer("MRR", *([[word], column[0], [False], *column[1:]] for word, column in headed)) == plain


def test_the_published_months(answer):
    """ChurnZero's month: 27,000 at its start, 30,000 of the same customers at its end; with losses of 5,000."""
    ids = [["stays"], ["leaves"], ["stays"], ["new"]]
    days = [[46030], [46030], [46060], [46060]]
    amounts = [[22000], [5000], [30000], [4000]]
    assert answer("NRR", ids, days, amounts, 1) == pytest.approx(30_000 / 27_000)
    assert answer("GRR", ids, days, amounts, 1) == pytest.approx(22_000 / 27_000)
    assert answer("QUICK_RATIO", ids, days, amounts) == pytest.approx((4000 + 8000) / 5000)


CHARGES = st.lists(
    st.tuples(st.sampled_from("aAbBcdef"), st.integers(46000, 46500), st.integers(0, 9).map(lambda n: n * 2.5)),
    min_size=1, max_size=60,
).filter(lambda charges: any(amount for *_, amount in charges))  # fmt: skip


def by_pandas(charges):
    """Customers by months, from the first charge to the last, also of those who never paid."""
    frame = pd.DataFrame(charges, columns=["id", "day", "amount"])
    frame["month"] = (pd.Timestamp("1899-12-30") + pd.to_timedelta(frame["day"], unit="D")).dt.to_period("M")
    months = pd.period_range(frame["month"].min(), frame["month"].max(), freq="M")
    paid = frame.groupby([frame["id"].str.lower(), "month"])["amount"].sum().unstack().reindex(columns=months).fillna(0)
    before = paid.shift(axis=1).fillna(0)
    ever = paid.gt(0).cumsum(axis=1).shift(axis=1).fillna(0) > 0
    change = paid - before
    both = (paid > 0) & (before > 0)
    return paid, pd.DataFrame({
        "Start": before.sum(),
        "New": paid[~ever].sum(),
        "Expansion": change[both].clip(lower=0).sum(),
        "Reactivated": paid[ever & (before == 0)].sum(),
        "Contraction": -change[both].clip(upper=0).sum(),
        "Churned": before[paid == 0].sum(),
        "MRR": paid.sum(),
        "Customers": (paid > 0).sum(),
    })  # fmt: skip


@given(CHARGES)
def test_movements_agree_with_pandas(charges):
    ours = addin.mrr(*zip(*charges, strict=True))
    _, theirs = by_pandas(charges)
    assert ours["Month"].tolist() == theirs.index.to_timestamp().tolist()
    np.testing.assert_allclose(ours.drop(columns="Month").astype(float), theirs, atol=1e-9)
    ends = ours["Start"] + ours["New"] + ours["Expansion"] + ours["Reactivated"] - ours["Contraction"] - ours["Churned"]
    np.testing.assert_allclose(ends, ours["MRR"], atol=1e-9)


def ratio(above, below):
    return pytest.approx(above / below) if below else None


def given_or_none(function, *arguments):
    try:
        return function(*arguments)
    except ZeroDenominator:
        return None


@given(CHARGES, st.integers(1, 16))
def test_ratios_agree_with_pandas(charges, months):
    paid, movements = by_pandas(charges)
    columns = [*zip(*charges, strict=True)]
    if months >= paid.shape[1]:
        with pytest.raises(NotEnoughData, match="give fewer months"):
            addin.nrr(*columns, months)
        return
    base, last = paid.iloc[:, -1 - months], paid.iloc[:, -1]
    assert given_or_none(addin.nrr, *columns, months) == ratio(last[base > 0].sum(), base.sum())
    assert given_or_none(addin.grr, *columns, months) == ratio(np.minimum(base, last).sum(), base.sum())
    summed = movements.iloc[-months:].sum()
    won, lost = summed["New"] + summed["Expansion"] + summed["Reactivated"], summed["Contraction"] + summed["Churned"]
    assert given_or_none(addin.quick_ratio, *columns, months) == ratio(won, lost)
    if months == 1 and base.sum():
        moved = summed["Start"] + summed["Expansion"] - summed["Contraction"] - summed["Churned"]
        assert addin.nrr(*columns, 1) == pytest.approx(moved / summed["Start"])

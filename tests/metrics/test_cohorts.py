"""Cohorts and RFM from order rows as they stand in a sheet."""

import random
from datetime import date, datetime
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin import models
from addin.metrics.cohorts import cohort, rfm
from addin.values import serial

IDS = [["Ann"], ["Bob"], ["Ann"], ["Cid"]]
DATES = [["2026-01-05"], ["2026-01-20"], ["2026-03-11"], ["2026-03-14"]]
AMOUNTS = [[30], [20], [45], [90]]
JANUARY, MARCH = float(serial(date(2026, 1, 1))), float(serial(date(2026, 3, 1)))

TEXT_DATE = [["2026-01-05"], ["20 January"], ["2026-03-11"], ["2026-03-14"]]

ERRORS = [
    ("COHORT", [[[None]], [[None]]], "#N/A", "no row has all that an order needs"),
    ("COHORT", [IDS, DATES, None, "amount"], "#N/A", "amounts is missing"),
    ("COHORT", [IDS, TEXT_DATE], "#VALUE!", "dates, row 2: a date is needed, the text '20 January' was found"),
    ("COHORT", [IDS, DATES[:3]], "#VALUE!", "ids has 4 cells, dates has 3 cells"),
    ("COHORT", [IDS, DATES, "day"], "#VALUE!", 'period: "week" or "month"'),
    ("COHORT", [IDS, DATES, None, "churn"], "#VALUE!", "show:"),
    ("COHORT", [IDS, DATES, None, "amount", [[-1], [-2], [-3], [-4]]], "#N/A", "no row has all that an order needs"),
    ("COHORT", [IDS, [[5], *DATES[1:]]], "#NUM!", "dates, row 1: a date from 1 March 1900"),
    ("COHORT", [IDS, [[3e6], *DATES[1:]]], "#NUM!", "to the end of 9999"),
    ("COHORT", [IDS, [["2099-01-05"], *DATES[1:]], "week"], "#NUM!", "look for a wrong date"),
    ("RFM", [[[None]], [[46000]], [[5]]], "#N/A", "no row has all that an order needs"),
    ("RFM", [IDS, DATES, AMOUNTS, "2025-12-31"], "#N/A", "as_of lies before the first order"),
    ("RFM", [IDS, TEXT_DATE, AMOUNTS], "#VALUE!", "dates, row 2"),
    ("RFM", [IDS, DATES, [[1], [2], ["free"], [3]]], "#VALUE!", "amounts, row 3: a number is needed"),
    ("RFM", [IDS, DATES, AMOUNTS[:2]], "#VALUE!", "dates has 4 cells, amounts has 2 cells"),
    ("RFM", [IDS, DATES, AMOUNTS, "soon"], "#VALUE!", "as_of: a date is needed"),
    ("RFM", [IDS, DATES, AMOUNTS, 12], "#NUM!", "as_of: a date from 1 March 1900"),
    ("RFM", [IDS, DATES, AMOUNTS, None, 10], "#NUM!", "bins must be a whole number from 2 to 9"),
    ("RFM", [IDS, DATES, AMOUNTS, None, 2.5], "#NUM!", "2.5 was found"),
    ("RFM", [IDS, DATES, [[-1], [-2], [-3], [-4]]], "#N/A", "no row has all that an order needs"),
]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)


@pytest.mark.parametrize(
    ("show", "rows"),
    [
        ("retention", [[JANUARY, 2, 1, 0, 0.5], [MARCH, 1, 1, "", ""]]),
        ("customers", [[JANUARY, 2, 2, 0, 1], [MARCH, 1, 1, "", ""]]),
        ("amount", [[JANUARY, 2, 50, 0, 45], [MARCH, 1, 90, "", ""]]),
    ],
)
def test_a_month_without_orders_is_0_and_one_to_come_is_blank(answer, show, rows):
    """February brought nobody: it is an age of the January cohort, but no row."""
    table = answer("COHORT", IDS, DATES, "month", show, AMOUNTS)
    assert table == [["Cohort", "Customers", "Month 0", "Month 1", "Month 2"], *rows]


@pytest.mark.parametrize(
    ("period", "day", "start"),
    [
        ("week", date(2026, 3, 15), date(2026, 3, 9)),  # a Sunday belongs to the Monday before
        ("week", date(2026, 3, 16), date(2026, 3, 16)),
        ("month", date(2024, 2, 29), date(2024, 2, 1)),
        ("quarter", date(2026, 6, 30), date(2026, 4, 1)),
        ("year", date(2026, 12, 31), date(2026, 1, 1)),
        ("month", date(1950, 5, 5), date(1950, 5, 1)),
    ],
)
def test_a_period_starts_on_its_first_day(period, day, start):
    assert cohort(["a"], [day], period)[1] == [serial(start), 1, 1]


def test_rows_as_they_are_kept_in_sheets(answer):
    """Ids as number and as text, times of day, ISO text and serials, blanks; an incomplete row counts for nothing."""
    ids = [[101], ["101"], [" 101 "], ["007"], [None], ["x"], ["y"]]
    dates = [[46027.75], ["2026-01-05"], ["2026-01-06T23:59"], [46028], [46028], [None], [46028]]
    amounts = [[1], [2], [3], [4], [5], [6], [None]]
    assert answer("RFM", ids, dates, amounts)[1:] == [
        ["101", 46028, 0, 3, 6, 5, 5, 5, 555],
        ["007", 46028, 0, 1, 4, 5, 1, 1, 511],
    ]


@pytest.mark.parametrize(
    ("ids", "shown"),
    [
        ([[7], ["12"], [3.5]], [7, 12, 3.5]),
        ([["007"], ["012"], ["100"]], ["007", "012", "100"]),
        ([[7], ["A12"], [3]], ["7", "A12", "3"]),
        ([["12345678901234567"], ["1e5"], ["inf"]], ["12345678901234567", "1e5", "inf"]),
    ],
)
def test_ids_come_back_as_numbers_where_all_are(answer, ids, shown):
    """So that a lookup from the sheet finds them, and a column is of one kind."""
    table = answer("RFM", ids, [[46000]] * 3, [[1]] * 3)
    assert [row[0] for row in table[1:]] == shown
    assert len({type(row[0]) for row in table[1:]}) == 1


def test_an_order_after_as_of_has_not_come_yet(answer):
    table = answer("RFM", IDS, DATES, AMOUNTS, "2026-02-01")
    assert [row[:5] for row in table[1:]] == [
        ["Ann", serial(date(2026, 1, 5)), 27, 1, 30],
        ["Bob", serial(date(2026, 1, 20)), 12, 1, 20],
    ]


def test_equal_customers_get_equal_scores():
    """Of ten customers seven ordered once: 1; then two twice: those seven did worse, 1 + 5 * 7/10 = 4; the best 5."""
    ids = [*"abcdefghij", "h", "i", "j", "j"]
    table = rfm(ids, [46000] * len(ids), [10] * len(ids))
    assert [row[6] for row in table[1:]] == [1] * 7 + [4, 4, 5]
    assert [row[5] for row in table[1:]] == [5] * 10


def test_a_sum_that_differs_by_rounding_alone_is_the_same_sum():
    table = rfm(["a", "b", "a", "b", "a"], [46000] * 5, [0.1, 0.3, 0.1, 0.3, 0.4])
    assert [row[7] for row in table[1:]] == [5, 5]


@pytest.mark.parametrize("customers", [1, 2, 3, 4])
def test_the_best_has_the_top_score_where_customers_are_fewer_than_scores(customers):
    ids = [f"c{i}" for i in range(customers)]
    table = rfm(ids, list(range(46000, 46000 + customers)), list(range(10, 10 + customers)))
    assert table[-1][5:] == [5, 5, 5, 555]


def test_ids_that_differ_in_case_and_blanks_alone_are_one_customer(answer):
    """The mail addresses of one Ann: 3 orders and 60 in all; she is shown as she is first written."""
    ids = [["Ann@example.org"], ["ann@example.org "], ["ANN@EXAMPLE.ORG"], ["bob"]]
    table = answer("RFM", ids, [[45658], [45690], [45720], [45660]], [[10], [20], [30], [5]])
    assert [(row[0], row[3], row[4]) for row in table[1:]] == [("Ann@example.org", 3, 60), ("bob", 1, 5)]
    assert answer("COHORT", ids, [[45658], [45690], [45720], [45660]])[1][:3] == [45658, 2, 1]
    assert answer("CHURN_LIST", ids[:1], ids[1:3]) == 0


def test_a_number_its_text_and_its_decimal_text_are_one_id(answer):
    ids = [[17001], ["17001"], ["17001.0"], [" 17001.00"], ["017001"]]
    table = answer("RFM", ids, [[45658]] * 5, [[1]] * 5)
    assert [(row[0], row[3]) for row in table[1:]] == [("17001", 4), ("017001", 1)]
    assert answer("RFM", ids[2:0:-1], [[45658]] * 2, [[1]] * 2)[1][0] == 17001
    assert answer("CHURN_LIST", ids[:1], ids[2:3]) == 0


def test_a_refund_is_no_order_and_is_taken_off_the_money(answer):
    """Ann buys for 100 in January and gets 30 back in February, after which she buys no more."""
    ids, dates = [["Ann"], ["Ann"], ["Bob"]], [["2026-01-05"], ["2026-02-10"], ["2026-02-03"]]
    amounts = [[100], [-30], [40]]
    assert answer("RFM", ids, dates, amounts)[1][:5] == ["Ann", serial(date(2026, 1, 5)), 29, 1, 70]
    assert answer("COHORT", ids, dates, "month", "amount", amounts)[1][2:] == [100, -30]
    assert answer("COHORT", ids, dates, "month", "customers", amounts)[1][2:] == [1, 0]


def test_what_is_given_back_to_somebody_who_never_ordered_is_left_out(answer):
    table = answer("RFM", [["Ann"], ["Bob"]], [[46000], [46001]], [[-30], [40]])
    assert [row[0] for row in table[1:]] == ["Bob"]
    table = answer("RFM", [["Ann"], ["Bob"], ["Bob"]], [[46000], [46001], [46009]], [[-30], [40], [-5]], 46005)
    assert [row[:5] for row in table[1:]] == [["Bob", 46001, 4, 1, 40]]  # the refund came after that day


@pytest.mark.parametrize(
    "dates",
    [
        [datetime(2026, 1, 5, 14, 30), date(2026, 1, 20), datetime(2026, 3, 11), date(2026, 3, 14)],
        np.array([row[0] for row in DATES], dtype="M8[D]"),
        pd.Series(pd.to_datetime([row[0] for row in DATES])),
        pd.Series(pd.to_datetime([row[0] for row in DATES])).dt.tz_localize("Europe/Madrid"),
        [46027, 46042, 46092, 46095],
        pd.Series([46027, 46042, 46092, 46095]),
    ],
)
@pytest.mark.parametrize("as_of", ["2026-03-20", date(2026, 3, 20), datetime(2026, 3, 20, 9), 46101])
def test_python_takes_dates_of_every_kind(answer, dates, as_of):
    ids, amounts = [row[0] for row in IDS], [row[0] for row in AMOUNTS]
    assert rfm(ids, dates, amounts, as_of) == answer("RFM", IDS, DATES, AMOUNTS, "2026-03-20")


@pytest.mark.parametrize(
    "ids",
    [
        [7, 3, 7, 10**12],
        np.array([7, 3, 7, 10**12]),
        np.array([7, 3, 7, 5], dtype=np.int8),
        np.array([7.0, 3.0, 7.0, 5.0]),
        pd.Series(["7", "3", "7", "5"]),
        pd.Series([7, 3, 7, 5], dtype="Int64"),
    ],
)
def test_python_takes_ids_of_every_kind(ids):
    """Customers come in the sequence of their first row."""
    table = rfm(ids, [46027, 46042, 46092, 46095], [30, 20, 45, 90])
    assert [row[0] for row in table[1:]] == [7, 3, int(list(ids)[3])]
    assert [row[3] for row in table[1:]] == [2, 1, 1]


@pytest.mark.parametrize("ids", [[120, -120, 120, 1], [2**63 + 2, 2**63, 2**63 + 2, 2**63 + 1]])
def test_whole_numbers_of_numpy_stay_what_they_are(ids):
    array = np.array(ids, dtype=np.int8 if min(ids) < 0 else np.uint64)
    table = rfm(array, [46027, 46042, 46092, 46095], [30, 20, 45, 90])
    assert [row[0] for row in table[1:]] == [ids[0], ids[1], ids[3]]


def test_blank_dates_of_pandas_are_blank():
    dates = pd.Series(pd.to_datetime(["2026-01-05", None, "2026-03-11"]))
    assert [row[:4] for row in rfm(["a", "b", None], dates, [1, 2, 3])[1:]] == [["a", 46027, 0, 1]]


ORDERS = st.lists(st.tuples(st.integers(1, 8), st.integers(45000, 45400), st.integers(0, 500)), min_size=1, max_size=40)


@given(ORDERS, st.sampled_from(["W", "M", "Q", "Y"]), st.sampled_from([20, models.orders.MARKED]))
def test_cohorts_agree_with_pandas(orders, code, marked):
    """Counted by pandas' own calendar periods and groups; also where customers are too many to take at once."""
    period = {"W": "week", "M": "month", "Q": "quarter", "Y": "year"}[code]
    frame = pd.DataFrame(orders, columns=["id", "day", "amount"])
    when = (pd.Timestamp("1899-12-30") + pd.to_timedelta(frame.day, "D")).dt.to_period(code)
    number = when.apply(lambda p: p.ordinal)
    first = number.groupby(frame.id).transform("min")
    groups = frame.groupby([first, number - first])
    ids, day, amount = frame.id.tolist(), frame.day.tolist(), frame.amount.tolist()
    with mock.patch.object(models.orders, "MARKED", marked):
        tables = {show: cohort(ids, day, period, show, amount) for show in ("customers", "amount", "retention")}
    starts = sorted(first.unique())
    assert [row[0] for row in tables["customers"][1:]] == [
        serial(when[first == start].min().start_time) for start in starts
    ]
    for i, start in enumerate(starts):
        for age in range(len(tables["customers"][0]) - 2):
            shown = {show: table[i + 1][age + 2] for show, table in tables.items()}
            if start + age > number.max():
                assert set(shown.values()) == {None}
            else:
                group = groups.get_group((start, age)) if (start, age) in groups.groups else frame[:0]
                assert shown["customers"] == group.id.nunique()
                assert shown["amount"] == group.amount.sum()
                assert shown["retention"] == pytest.approx(shown["customers"] / tables["customers"][i + 1][1])


@given(ORDERS, st.lists(st.tuples(st.integers(1, 8), st.integers(45000, 45400), st.integers(-500, -1)), max_size=15))
def test_refunds_agree_with_pandas(orders, refunds):
    """Money in the month when it moved, from the customer's first order to the last order of all."""
    rows = [*refunds, *orders]
    frame = pd.DataFrame(rows, columns=["id", "day", "amount"])
    frame = frame[frame.id.isin({order[0] for order in orders})]
    bought = frame[frame.amount >= 0]
    month = (pd.Timestamp("1899-12-30") + pd.to_timedelta(frame.day, "D")).dt.to_period("M").apply(lambda p: p.ordinal)
    first = frame.id.map(month[bought.index].groupby(bought.id).min())
    age = month.clip(upper=month[bought.index].max()).clip(lower=first) - first
    theirs = frame.amount.groupby([first, age]).sum()
    columns = list(map(list, zip(*rows, strict=True)))
    table = cohort(*columns[:2], "month", "amount", columns[2])
    ours = {(i, j): cell for i, row in enumerate(table[1:]) for j, cell in enumerate(row[2:]) if cell}
    starts = sorted(set(first))
    assert ours == {(starts.index(s), a): total for (s, a), total in theirs.items() if total}
    spent = frame.groupby("id").amount.sum()
    assert {row[0]: row[4] for row in rfm(*columns)[1:]} == spent.to_dict()
    assert {row[0]: row[3] for row in rfm(*columns)[1:]} == bought.groupby("id").size().to_dict()


@given(ORDERS, st.integers(2, 9))
def test_rfm_agrees_with_pandas(orders, bins):
    frame = pd.DataFrame(orders, columns=["id", "day", "amount"])
    theirs = frame.groupby("id", sort=False).agg(last=("day", "max"), n=("day", "size"), spent=("amount", "sum"))
    scores = 1 + (bins * (theirs.rank(method="min") - 1) / len(theirs)).astype(float).apply(lambda s: s + 1e-9) // 1
    scores = scores.where(theirs != theirs.max(), bins)
    expected = theirs.assign(days=theirs["last"].max() - theirs["last"])[["last", "days", "n", "spent"]].join(
        scores.astype(int), rsuffix="_score"
    )
    table = rfm(frame.id.tolist(), frame.day.tolist(), frame.amount.tolist(), bins=bins)
    assert [row[:8] for row in table[1:]] == [list(row) for row in expected.itertuples()]
    assert [row[8] for row in table[1:]] == [100 * row[5] + 10 * row[6] + row[7] for row in table[1:]]


@given(ORDERS, st.integers(), st.sampled_from([0.01, 7, 1000]))
def test_sequence_and_currency_do_not_matter(orders, seed, rate):
    shuffled = random.Random(seed).sample(orders, len(orders))
    tables = [rfm(*map(list, zip(*rows, strict=True))) for rows in (orders, shuffled)]
    assert sorted(tables[0][1:]) == sorted(tables[1][1:])
    exchanged = rfm([o[0] for o in orders], [o[1] for o in orders], [o[2] * rate for o in orders])
    assert [row[5:] for row in exchanged[1:]] == [row[5:] for row in tables[0][1:]]
    assert cohort(*map(list, zip(*(o[:2] for o in orders), strict=True))) == cohort(
        *map(list, zip(*(o[:2] for o in shuffled), strict=True))
    )

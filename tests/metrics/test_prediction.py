"""Predictions from the raw orders of CDNOW's customers, as a sheet holds them."""

import math
import random
import time
import tracemalloc
import warnings

import mpmath
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shops import CALIBRATION_END, EQUAL, MONTHS, SHOP, as_columns, cdnow_like, explained, read

from addin.calling import call
from addin.catalogue import catalogue
from addin.errors import CellError
from addin.metrics.prediction import clv_predict


def test_cdnow_predicted_over_39_weeks(answer, cdnow):
    """The sums over all 2,357 customers are those of the rounded data (1653.42 and 1917.28) but for the rounding."""
    table = answer("CLV_PREDICT", *cdnow, MONTHS, None, CALIBRATION_END)
    frame = pd.DataFrame(table[1:], columns=table[0])
    assert len(frame) == 2_357
    assert frame[f"Orders in {MONTHS:g} months"].sum() == pytest.approx(1653.42, rel=1e-3)
    assert frame["P(alive)"].sum() == pytest.approx(1917.28, rel=1e-3)
    first = frame.iloc[0]
    assert (first["Customer"], first["Repeat orders"]) == ("0001", 2)
    assert (first["Recency (weeks)"], first["Age (weeks)"]) == pytest.approx((30.43, 38.86), abs=5e-3)
    assert first.iloc[5] == pytest.approx(1.226, abs=1e-3)  # customer 1 of Hardie's note
    assert first["CLV"] == pytest.approx(first.iloc[5] * first["Spend an order"])


def test_predictions_hold_what_came_next(answer, cdnow):
    """The 39 weeks held out had 1,882 days with a repeat order: the model falls 12% short and knows its customers."""
    table = answer("CLV_PREDICT", *cdnow, MONTHS, None, CALIBRATION_END)
    orders = pd.DataFrame({"id": [c[0] for c in cdnow[0]], "date": [c[0] for c in cdnow[1]]}).drop_duplicates()
    came = orders[orders.date > "1997-09-30"].groupby("id").size()
    expected = pd.Series({row[0]: row[5] for row in table[1:]})
    actual = came.reindex(expected.index, fill_value=0)
    assert actual.sum() == 1_882
    assert expected.sum() / actual.sum() == pytest.approx(0.88, abs=0.005)
    assert expected.corr(actual) > 0.6


def test_months_are_discounted_one_by_one(answer, cdnow):
    """By the same function for each month's end: what a month adds, over (1 + rate)^(month/12)."""
    raw = [*cdnow]
    until = [0.0, *(np.array([row[5] for row in answer("CLV_PREDICT", *raw, m)[1:]]) for m in (1, 2, 2.5))]
    table = answer("CLV_PREDICT", *raw, 2.5, 0.2)
    spend = np.array([row[6] for row in table[1:]])
    by_month = [(until[i + 1] - until[i]) / 1.2 ** (m / 12) for i, m in enumerate((1, 2, 2.5))]
    assert np.array([row[7] for row in table[1:]]) == pytest.approx(sum(by_month) * spend)
    assert [row[5] for row in table[1:]] == pytest.approx(until[-1])


def test_lifetimes_predicts_the_same(cdnow):
    """Its own summary, fits and predictions of the same orders."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes
        from lifetimes.utils import summary_data_from_transaction_data

        frame = pd.DataFrame(
            {name: [c[0] for c in cells] for name, cells in zip(["id", "date", "v"], cdnow, strict=True)}
        )
        frame.date = pd.to_datetime(frame.date)
        summary = summary_data_from_transaction_data(frame, "id", "date", "v", observation_period_end="1997-09-30")
        x, t_x, age = summary.frequency, summary.recency / 7, summary["T"] / 7
        fitter = lifetimes.BetaGeoFitter().fit(x, t_x, age)
        expected = fitter.conditional_expected_number_of_purchases_up_to_time(26, x, t_x, age)
        again = summary[(x > 0) & (summary.monetary_value > 0)]
        spend = lifetimes.GammaGammaFitter().fit(again.frequency, again.monetary_value)
        spent = spend.conditional_expected_average_profit(x, summary.monetary_value)
    table = clv_predict(frame.id, frame.date, frame.v, 26 * 7 / (365.25 / 12), as_of="1997-09-30")
    ours = pd.DataFrame(table[1:], columns=table[0]).set_index("Customer").reindex(summary.index)
    assert ours["Repeat orders"].tolist() == x.tolist()
    assert ours.iloc[:, 4].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-3)
    assert ours["Spend an order"].to_numpy() == pytest.approx(spent.to_numpy(), rel=1e-3)


@settings(max_examples=10)
@given(st.integers(), st.floats(0.01, 1000))
def test_sequence_and_currency_do_not_matter(answer, seed, rate):
    rows = list(zip(*SHOP, strict=True))
    shuffled = random.Random(seed).sample(rows, len(rows))
    ids, dates, amounts = (list(cells) for cells in zip(*shuffled, strict=True))
    here = {row[0]: row[1:] for row in answer("CLV_PREDICT", *SHOP, 12, 0.1)[1:]}
    there = answer("CLV_PREDICT", ids, dates, [[amount * rate] for [amount] in amounts], 12, 0.1)[1:]
    for name, *values in there:
        assert values[:5] == pytest.approx(here[name][:5], rel=1e-7)
        assert values[5:] == pytest.approx([value * rate for value in here[name][5:]], rel=1e-6)


def test_an_order_split_in_two_on_one_day_is_one_order(answer):
    ids, dates, amounts = SHOP
    split = [[*ids, ids[4]], [*dates, [dates[4][0] + 0.5]], [*amounts[:4], [50], *amounts[5:], [25]]]
    assert amounts[4] == [75]
    assert answer("CLV_PREDICT", *split, 12) == answer("CLV_PREDICT", *SHOP, 12)


def test_incomplete_rows_count_for_nothing(answer):
    ids, dates, amounts = SHOP
    more = [[*ids, ["A"], [None], ["F"]], [*dates, [None], [46100], [46100]], [*amounts, [5], [5], [""]]]
    assert answer("CLV_PREDICT", *more, 12) == answer("CLV_PREDICT", *SHOP, 12)


@given(st.lists(st.tuples(st.sampled_from("ABCDEFGH"), st.integers(46000, 46100), st.floats(0, 1e4)), max_size=30))
def test_any_orders_give_a_table_or_an_error_soon(answer, orders):
    ids, dates, amounts = ([[row[i]] for row in orders] or [[None]] for i in range(3))
    for name, raw in (("BGNBD_FIT", [ids, dates]), ("GAMMAGAMMA_FIT", [ids, dates, amounts]),
                      ("CLV_PREDICT", [ids, dates, amounts, 24, 0.1])):  # fmt: skip
        started = time.perf_counter()
        result = answer(name, *raw)
        assert time.perf_counter() - started < 5
        assert isinstance(result, CellError) or len(result) > 1


@pytest.mark.thorough
def test_all_23570_customers_of_cdnow(answer):
    """69,659 raw orders in, a row for each customer out, in bounded time and memory; r as lifetimes fits it."""
    columns = as_columns(read("CDNOW_master.txt", ["id", "date", "cds", "value"]))
    assert len(columns[0]) == 69_659
    tracemalloc.start()
    started = time.perf_counter()
    table = answer("CLV_PREDICT", *columns, 12, 0.1)
    elapsed = time.perf_counter() - started
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    print(f"{elapsed:.2f} s traced, peak {peak:.0f} MiB")  # noqa: T201
    assert len(table) == 23_571
    assert elapsed < 30
    assert peak < 200


def test_equal_amounts_are_what_the_next_order_brings(answer):
    table = answer("CLV_PREDICT", *EQUAL, 12)
    assert {row[6] for row in table[1:]} == {50.0}
    assert [row[7] for row in table[1:]] == pytest.approx([50 * row[5] for row in table[1:]], rel=1e-12)


@pytest.mark.parametrize(("model", "orders"), [("MBG/NBD", 1576.74), ("pareto/nbd", 1665.53)])
def test_cdnow_predicted_by_other_models(answer, cdnow, model, orders):
    """The sums of lifetimes over 39 weeks; who bought once may be gone, and TRACKING ends where the sum does."""
    table = answer("CLV_PREDICT", *cdnow, MONTHS, None, CALIBRATION_END, model)
    assert sum(row[5] for row in table[1:]) == pytest.approx(orders, rel=1e-3)
    assert max(row[4] for row in table[1:] if row[1] == 0) < 1
    weeks = answer("TRACKING", *cdnow[:2], 39, CALIBRATION_END, model)
    assert weeks[-1][2] - weeks[-40][1] == pytest.approx(sum(row[5] for row in table[1:]))


def test_amounts_without_a_mean_leave_the_orders_standing():
    """One customer paid a thousand times what the next did: q is below 1, and the mean has no end."""
    amounts = [[a] for a in (1, 80, 120, 1, 90000, 45, 1, 1, 1, 0.5, 0.5, 0.5, 0.5)]
    table, notes = explained("CLV_PREDICT", *SHOP[:2], amounts, 12)
    standing = call(catalogue()["CLV_PREDICT"], [*SHOP, 12])
    assert [row[:6] for row in table] == [row[:6] for row in standing]
    assert {row[6].code for row in table[1:]} == {row[7].code for row in table[1:]} == {"#NUM!"}
    assert "at 1 or less the mean order has no end" in table[1][6].reason
    assert "no money" in notes[0]


def test_without_months_all_the_time_to_come_counts(answer, cdnow):
    """The closed form of Fader, Hardie and Lee 2005 for Pareto/NBD, with Tricomi's function by mpmath."""
    fitted = [row[1] for row in answer("PARETONBD_FIT", *cdnow[:2], CALIBRATION_END)[1:5]]
    r, alpha, s, beta = fitted
    table = answer("CLV_PREDICT", *cdnow, None, 0.15, CALIBRATION_END, "Pareto/NBD")
    assert table[0][5] == "Orders, discounted"
    rate = math.log(1.15) / (365.25 / 7)
    for _, x, _, age, alive, orders, spend, clv in table[1:100]:
        tricomi = float(mpmath.hyperu(s, s, rate * (beta + age)))
        ours = alive * rate ** (s - 1) * (beta + age) ** s * (r + x) / (alpha + age) * tricomi
        assert orders == pytest.approx(ours, rel=1e-8)
        assert clv == pytest.approx(orders * spend)


@pytest.mark.parametrize("model", ["BG/NBD", "MBG/NBD", "Pareto/NBD"])
def test_without_months_comes_near_to_fifty_years(answer, model):
    """600 months leave nothing of note at 20% a year; they discount from the month's end, half a month later."""
    shop = cdnow_like(model)
    endless = answer("CLV_PREDICT", *shop, None, 0.2, None, model)
    long = answer("CLV_PREDICT", *shop, 600, 0.2, None, model)
    assert [row[7] for row in endless[1:]] == pytest.approx([row[7] * 1.2 ** (1 / 24) for row in long[1:]], rel=3e-3)

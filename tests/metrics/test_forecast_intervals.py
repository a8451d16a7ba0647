"""Low and high of forecasts, of each customer and of all."""

from datetime import date

import pytest
from shops import CALIBRATION_END, MONTHS, cdnow_shop

from addin.values import serial


@pytest.mark.parametrize("model", ["BG/NBD", "MBG/NBD", "Pareto/NBD"])
def test_intervals_on_request(answer, cdnow, model):
    """Low and high stand beside each customer's orders and beside the weeks to come; more certainty is wider."""
    shop = cdnow_shop(cdnow, 1, 300)
    plain = answer("CLV_PREDICT", *shop, 6, 0.1, CALIBRATION_END, model)
    table = answer("CLV_PREDICT", *shop, 6, 0.1, CALIBRATION_END, model, 0.95)
    assert [row[:8] for row in table] == plain
    assert table[0][8:] == ["Orders low", "Orders high", "CLV low", "CLV high"]
    assert all(0 <= row[8] <= row[9] and 0 <= row[10] <= row[11] for row in table[1:])
    narrow = answer("CLV_PREDICT", *shop, 6, 0.1, CALIBRATION_END, model, 0.5)
    assert all(row[8] <= other[8] and other[9] <= row[9] for row, other in zip(table[1:], narrow[1:], strict=True))
    weeks = answer("TRACKING", *shop[:2], 3, CALIBRATION_END, model, 0.95)
    assert weeks[0] == ["Week ending", "Actual", "Expected", "Low", "High"]
    assert weeks[-4][1:] == [weeks[-4][1], weeks[-4][2], "", ""]
    assert all(weeks[-4][1] <= low < expected < high for _, _, expected, low, high in weeks[-3:])
    assert weeks[-1][4] - weeks[-1][3] > weeks[-3][4] - weeks[-3][3]


def test_the_interval_of_the_total_is_that_of_holdout(answer, cdnow):
    low, high = answer("HOLDOUT", *cdnow, CALIBRATION_END)[1][4:]
    last = answer("TRACKING", *cdnow[:2], 39, float(serial(date(1997, 9, 30))), None, 0.95)[-1]
    past = [row[1] for row in answer("TRACKING", *cdnow[:2], 0, CALIBRATION_END)][-1]
    assert [last[3] - past, last[4] - past] == pytest.approx([low, high], rel=1e-6)


@pytest.mark.parametrize("model", ["BG/NBD", "MBG/NBD", "Pareto/NBD"])
def test_customer_equity_is_the_sum_with_low_and_high(answer, cdnow, model):
    shop = cdnow_shop(cdnow, 2, 300)
    given = [*shop, MONTHS, 0.1, CALIBRATION_END, model]
    heading, alive, orders, clv = answer("CUSTOMER_EQUITY", *given)
    rows = answer("CLV_PREDICT", *given)[1:]
    assert heading == ["Measure", "Expected", "Low", "High"]
    assert (alive[0], alive[2:]) == ("Customers still there", ["", ""])
    assert [alive[1], orders[1], clv[1]] == pytest.approx([sum(row[i] for row in rows) for i in (4, 5, 7)])
    assert orders[2] < orders[1] < orders[3]
    assert clv[2] < clv[1] < clv[3]
    assert clv[3] / clv[2] > orders[3] / orders[2]
    undiscounted = answer("CUSTOMER_EQUITY", *shop, MONTHS, None, CALIBRATION_END, model)[3]
    assert undiscounted[3] / undiscounted[1] == pytest.approx(clv[3] / clv[1], rel=0.02)
    assert answer("CUSTOMER_EQUITY", *given, 0)[2] == [*orders[:2], "", ""]


def test_cdnow_spent_what_customer_equity_holds(answer, cdnow):
    """The money of the orders that followed, with its interval in HOLDOUT and in CUSTOMER_EQUITY."""
    money = answer("HOLDOUT", *cdnow, CALIBRATION_END, None, "Pareto/NBD")[3]
    _, expected, low, high = answer("CUSTOMER_EQUITY", *cdnow, MONTHS, None, CALIBRATION_END, "Pareto/NBD")[3]
    assert money[3:] == pytest.approx([expected, low, high], rel=1e-3)

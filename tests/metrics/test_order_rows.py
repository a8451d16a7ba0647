"""Order rows with refunds among them, as the forecast takes them."""

import pytest

from addin.metrics.order_rows import order_rows

IDS = ["A", "A", "A", "B", "A", "B"]
DAYS = [46000, 46010, 46020, 46000, 46015, 45990]
AMOUNTS = [100.0, 50.0, 80.0, 30.0, -20.0, -10.0]


def test_a_refund_is_taken_off_the_last_order_before_it():
    """A's 20 come back on day 46015, off the order of 46010; B's came back for an order that is not listed."""
    assert order_rows(IDS, DAYS, AMOUNTS).net_amount().tolist() == [100, 30, 80, 30]


@pytest.mark.parametrize(
    ("refund", "day", "net"),
    [
        (-60, 46015, [90, 0, 80]),  # 50 of the second, the rest of the first
        (-500, 46015, [0, 0, 80]),
        (-30, 46010, [100, 20, 80]),  # the same day
        (-30, 46099, [100, 50, 50]),
    ],
)
def test_what_is_more_than_the_order_comes_off_those_before(refund, day, net):
    rows = order_rows(["a", "A", "a", " a "], [*DAYS[:3], day], [*AMOUNTS[:3], refund])
    assert rows.net_amount().tolist() == net
    assert rows.as_of == 46020  # the last order; a refund is none
    assert rows.spent().tolist() == [230 + refund]


def test_a_forecast_with_a_refund_is_that_of_the_smaller_order(answer):
    ids = [[name] for name in "AAABBCDDEEEEE"]
    days = [
        [day] for day in (46034, 46048, 46055, 46055, 46230, 46041, 46027, 46034, 46048, 46104, 46174, 46209, 46251)
    ]
    amounts = [[amount] for amount in (80, 80, 120, 50, 75, 45, 20, 10, 30, 20, 30, 20, 20)]
    smaller = [*amounts[:4], [60], *amounts[5:]]
    refunded = [[*ids, ["b"]], [*days, [46235]], [*amounts, [-15]]]
    assert answer("CLV_PREDICT", *refunded, 12) == answer("CLV_PREDICT", ids, days, smaller, 12)
    assert answer("GAMMAGAMMA_FIT", *refunded) == answer("GAMMAGAMMA_FIT", ids, days, smaller)

"""Order rows with refunds among them, as the forecast takes them."""

import pytest

from addin.catalogue import Kind, catalogue
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


def test_refunds_in_any_sequence_of_rows_come_off_alike():
    """Day 3's 10 are taken off day 1; then day 7's 15 find 10 on day 5 and nothing before it."""
    ids, days, amounts = ["a"] * 4, [46001, 46005, 46007, 46003], [10.0, 10.0, -15.0, -10.0]
    for rows in ((0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)):
        shuffled = [[cells[row] for row in rows] for cells in (ids, days, amounts)]
        assert order_rows(*shuffled).net_amount().tolist() == [0, 0]


def test_a_customer_with_tens_of_thousands_of_orders_and_refunds():
    """As the guests of a shop who are all called guest: each order of 3 loses 1 by a refund of its day."""
    orders, days = 30_000, [46000.0 + day // 100 for day in range(30_000)]
    net = order_rows(["guest"] * 2 * orders, days * 2, [3.0] * orders + [-1.0] * orders).net_amount()
    assert net.sum() == 2 * orders
    assert net.min() >= 0


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


SHOP = (
    [[name] for name in "ABBBCCDEEEEEEEEEFGGG"],
    [[day] for day in (46037, 46044, 46115, 46137, 46030, 46034, 46051, 46044, 46049, 46114,
                       46122, 46137, 46197, 46224, 46285, 46292, 46044, 46051, 46286, 46301)],
    [[float(amount)] for amount in range(10, 30)],
)  # fmt: skip
"""A shop in which each of the models has a fit."""


@pytest.mark.parametrize(
    ("name", "options"),
    [("BGNBD_FIT", []), ("MBGNBD_FIT", []), ("PARETONBD_FIT", []), ("TRACKING", [None, None])],
)
def test_a_refund_is_no_order_where_amounts_can_be_left_out(answer, name, options):
    """Refunds between two orders, on the day of one, and after the last: all three rows count for nothing."""
    ids, days, amounts = SHOP
    refunded = ([*ids, ["C"], ["B"], ["e"]], [*days, [46100], [46115], [46305]], [*amounts, [-3], [-10], [-22]])
    before = [*[3.0][: len(options)], 46310]
    wanted = answer(name, ids, days, *before, *options)
    assert isinstance(wanted, list)
    assert answer(name, *refunded[:2], *before, *options, refunded[2]) == wanted
    assert answer(name, *refunded[:2], *before, *options) != wanted  # without amounts every row is an order


@pytest.mark.parametrize(
    "metric", [m for m in catalogue().values() if {p.kind for p in m.params} >= {Kind.LABELS, Kind.DATES}]
)
def test_every_function_on_order_rows_can_tell_a_refund(metric):
    assert "amounts" in [param.name for param in metric.params]

"""A forecast beside what came: CDNOW cut at 39 weeks, as the published figures have it."""

import pytest
from shops import CALIBRATION_END, OLD_DATES, ONCE, ONE, SHOP, TEXT_DATES

ERRORS = [
    ("HOLDOUT", [[[None]], [[None]], [[None]], 46000], "#N/A", "no row has all that an order needs"),
    ("HOLDOUT", [*SHOP, 45000], "#N/A", "no complete row up to the cut"),
    ("HOLDOUT", [*SHOP, 47000], "#N/A", "no day after the cut"),
    ("HOLDOUT", [*ONCE, 46050], "#N/A", "no customer has ordered again"),
    ("HOLDOUT", [*TEXT_DATES, 46180], "#VALUE!", "dates, row"),
    ("HOLDOUT", [*SHOP, 46180, None, "NBD"], "#VALUE!", "model:"),
    ("HOLDOUT", [*OLD_DATES, 46180], "#NUM!", "dates, row 1"),
    ("HOLDOUT", [*SHOP, 46180, None, None, 95], "#NUM!", "confidence must lie between 0 and 1"),
    ("HOLDOUT", [*ONE, 46050, 46060], "#NUM!", "no best fit was found"),
]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)


ACTUAL = [0.2367, 0.6970, 1.3925, 1.5600, 2.5323, 2.9474, 3.8621, 6.3594]
PARETO = [0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403]
"""Mean orders in weeks 40 to 78 by past frequency: counted by pandas, and expected by lifetimes' ParetoNBDFitter."""


def test_cdnow_by_pareto_nbd(answer, cdnow):
    table = answer("HOLDOUT", *cdnow, CALIBRATION_END, None, "Pareto/NBD")
    orders, within = table[1:3]
    assert orders[:3] == ["Orders", 2357, 1882]
    assert orders[3] == pytest.approx(1665.5, abs=0.1)
    assert orders[4] < 1882 < orders[5]
    assert within[2] is True
    assert [row[2] for row in table[7:]] == pytest.approx(ACTUAL, abs=5e-5)
    assert [row[3] for row in table[7:]] == pytest.approx(PARETO, abs=1e-3)
    assert [row[1] for row in table[7:]] == [1411, 439, 214, 100, 62, 38, 29, 64]


def test_cdnow_by_bg_nbd(answer, cdnow):
    """1,653 of 1,882 orders; the errors as the table of CLV_PREDICT gives them with what came."""
    table = answer("HOLDOUT", *cdnow, CALIBRATION_END)
    assert table[1][2:4] == [1882, pytest.approx(1653.42, rel=1e-4)]
    weeks = 39 * 7 / (365.25 / 12)
    forecast = {row[0]: row for row in answer("CLV_PREDICT", *cdnow, weeks, None, CALIBRATION_END)[1:]}
    came = dict.fromkeys(forecast, 0)
    for name, _ in {(i, d) for [i], [d] in zip(*cdnow[:2], strict=True) if d > "1997-09-30"}:
        came[name] += 1
    off = [row[5] - came[name] for name, row in forecast.items()]
    assert table[4][3] == pytest.approx(sum(map(abs, off)) / len(off))
    assert table[5][3] == pytest.approx((sum(error**2 for error in off) / len(off)) ** 0.5)
    assert table[6][3] == pytest.approx(0.6256, abs=1e-4)
    spent = sum(v for [i], [d], [v] in zip(*cdnow, strict=True) if d > "1997-09-30")
    assert table[3][2] == pytest.approx(spent)
    assert table[3][3] == pytest.approx(sum(row[5] * row[6] for row in forecast.values()))


def test_customers_who_come_after_the_cut_do_not_count(answer, cdnow):
    with_new = [[*cells, [value], [value]] for cells, value in zip(cdnow, ("new", "1998-06-01", 50.0), strict=True)]
    assert answer("HOLDOUT", *with_new, CALIBRATION_END) == answer("HOLDOUT", *cdnow, CALIBRATION_END)


def test_a_refund_is_no_order(answer):
    table = answer("HOLDOUT", *SHOP, 46180)
    refunded = [[*SHOP[0], ["E"]], [*SHOP[1], [46240]], [*SHOP[2], [-5]]]
    other = answer("HOLDOUT", *refunded, 46180)
    assert other[1] == table[1]
    assert other[3][2] == table[3][2] - 5

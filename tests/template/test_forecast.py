"""The forecast on Value and the two tables beneath it, which Refresh writes."""

from collections import Counter
from datetime import datetime

import pytest

from addin.metrics.fits import bgnbd_fit
from addin.metrics.prediction import clv_predict
from addin.models import BGNBD
from addin.schema import sample
from addin.template import forecast, loyalty, predictions

IDS = [row[2] for row in sample.orders()]
DATES = [row[1] for row in sample.orders()]
AMOUNTS = [row[5] * row[6] for row in sample.orders()]
FIRST = forecast.RANK_ROW + 2
STATE = f"Value!C{forecast.STATE_ROW}"


def serial(day):
    return (datetime(day.year, day.month, day.day) - datetime(1899, 12, 30)).days


def test_the_customers_stand_by_what_they_should_bring(as_shipped):
    wanted = sorted(clv_predict(IDS, DATES, AMOUNTS, 12.0, 0.1)[1:], key=lambda row: -round(row[7], 6))
    first = wanted[: forecast.CUSTOMERS_SHOWN]
    rows = range(FIRST, FIRST + forecast.CUSTOMERS_SHOWN)
    assert [as_shipped[f"Value!H{row}"] for row in rows] == pytest.approx([row[7] for row in first], abs=1e-6)
    orders = Counter(IDS)
    for row in rows:
        assert as_shipped[f"Value!C{row}"] == orders[as_shipped[f"Value!B{row}"]] - 1
        last = max(day for day, who in zip(DATES, IDS, strict=True) if who == as_shipped[f"Value!B{row}"])
        assert as_shipped[f"Value!D{row}"] == pytest.approx((max(DATES) - last).days / 7, abs=1e-5)
    assert as_shipped[f"Value!J{rows[-1]}"] == pytest.approx(
        sum(row[7] for row in first) / sum(row[7] for row in wanted), abs=1e-6
    )


def test_the_model_reaches_the_orders_there_were(as_shipped):
    """A fit by maximum likelihood stays within a tenth of the sample's 95 repeat orders; actual counts them all."""
    state = [as_shipped[f"Value!C{row}"] for row in range(forecast.STATE_ROW, forecast.STATE_ROW + 9)]
    assert state[0] == "up to date"
    assert state[2] == 52
    assert state[3:5] == [serial(max(DATES)), 95]
    assert state[5] == pytest.approx(95, rel=0.1)
    r, alpha, a, b = (row[1] for row in bgnbd_fit(IDS, DATES)[1:5])
    firsts = {}
    for who, day in zip(IDS, DATES, strict=True):
        firsts[who] = min(day, firsts.get(who, day))
    model = BGNBD(r, alpha, a, b)
    expected = sum(model.expected_orders_new((max(DATES) - day).days / 7) for day in firsts.values())
    assert state[5] == pytest.approx(expected, abs=1e-6)


def test_the_periods_ahead_add_up_to_the_year(as_shipped):
    periods = [
        as_shipped[f"Value!I{row}"]
        for row in range(forecast.FIRST_POINT + 1, forecast.FIRST_POINT + forecast.PERIODS + 1)
    ]
    assert len(periods) == 13
    year = sum(row[5] for row in clv_predict(IDS, DATES, AMOUNTS, 52 * 7 / (365.25 / 12))[1:])
    assert sum(periods) == pytest.approx(year, abs=1e-5)
    assert periods == sorted(periods, reverse=True)


@pytest.mark.thorough
def test_a_new_order_makes_it_stale(calculate, opened):
    sheet = opened["d_Transactions"]
    row = sheet.max_row
    sheet[f"C{row}"].value = datetime(2026, 2, 28)
    assert calculate(opened)[STATE] == "stale: Refresh all"


@pytest.mark.thorough
def test_sorting_the_written_rows_changes_nothing(calculate, opened):
    before = calculate(opened)
    sheet = opened["d_Refreshed"]
    for name in ("tblForecast", "tblTracking"):
        cells = sheet[sheet.tables[name].ref][1:]
        for row, values in zip(cells, [[cell.value for cell in row] for row in reversed(cells)], strict=True):
            for cell, value in zip(row, values, strict=True):
                cell.value = value
    after = calculate(opened)
    for row in range(forecast.STATE_ROW, forecast.LAST_POINT + 1):
        for column in "BCDEFGHIJ":
            was = before[f"Value!{column}{row}"]
            assert after[f"Value!{column}{row}"] == (pytest.approx(was) if isinstance(was, float) else was)


def test_the_score_of_each_month_is_that_of_its_answers(as_shipped):
    answers = {}
    for _, day, _, scale, score in sample.answers():
        if scale == "0 to 10":
            answers.setdefault((day.year, day.month), []).append(score)
    last = max(answers)
    for back, row in enumerate(range(loyalty.SEGMENT_ROW + 13, loyalty.SEGMENT_ROW + 1, -1)):
        year, month = divmod(last[0] * 12 + last[1] - 1 - back, 12)
        scores = answers.get((year, month + 1), [])
        assert as_shipped[f"Loyalty!F{row}"] == serial(datetime(year, month + 1, 1))
        assert as_shipped[f"Loyalty!G{row}"] == len(scores)
        nps = 100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)) / len(scores) if scores else ""
        assert as_shipped[f"Loyalty!H{row}"] == (pytest.approx(nps) if scores else "")


def test_written_rows_are_rounded_so_that_every_machine_writes_the_same():
    rows = predictions.ranked(IDS, DATES, AMOUNTS, 0.1)
    assert [row[0] for row in rows] == list(range(1, 331))
    assert all(round(value, predictions.DECIMALS) == value for row in rows for value in row[2:])

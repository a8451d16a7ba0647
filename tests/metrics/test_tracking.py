"""Repeat orders week by week, beside what the model expects."""

import warnings
from datetime import date

import pandas as pd
import pytest
from shops import CALIBRATION_END

from addin.values import serial


class TestTracking:
    def test_the_past_is_what_lifetimes_says(self, answer, cdnow):
        """The second library takes our parameters; each week ends a whole number of weeks after the first day."""
        end = date(1997, 10, 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from lifetimes import BetaGeoFitter
            from lifetimes.utils import expected_cumulative_transactions

            model = BetaGeoFitter()
            fitted = answer("BGNBD_FIT", *cdnow[:2], float(serial(end)))
            model.params_ = pd.Series(
                {name: row[1] for name, row in zip(("r", "alpha", "a", "b"), fitted[1:5], strict=True)}
            )
            orders = pd.DataFrame({"id": [c[0] for c in cdnow[0]], "date": pd.to_datetime([c[0] for c in cdnow[1]])})
            theirs = expected_cumulative_transactions(model, orders, "date", "id", 39 * 7, freq_multiplier=7)
        ours = answer("TRACKING", *cdnow[:2], 0, float(serial(end)))
        assert ours[0] == ["Week ending", "Actual", "Expected"]
        assert [row[2] for row in ours[1:]] == pytest.approx(theirs.predicted.tolist(), rel=1e-9)
        days = orders[orders.date <= pd.Timestamp(end)].drop_duplicates()
        repeats = days[days.duplicated("id")].date
        weeks = pd.date_range("1997-01-08", "1997-10-01", freq="7D")
        assert [row[1] for row in ours[1:]] == [int((repeats <= week).sum()) for week in weeks]
        assert [row[0] for row in ours[1:]] == [serial(week.date()) for week in weeks]

    def test_the_first_week_may_end_a_day_after_the_first_order(self, answer, cdnow):
        """The first order is of 1 January, and weeks end on 2 October, so one ends on 2 January."""
        table = answer("TRACKING", *cdnow[:2], 0, float(serial(date(1997, 10, 2))))
        assert table[1][0] == serial(date(1997, 1, 2))
        assert len(table) == 1 + 40

    def test_the_weeks_to_come_add_what_is_published(self, answer, cdnow):
        """1,653.42 orders of the 2,357 customers in the 39 weeks after September."""
        table = answer("TRACKING", *cdnow[:2], 39, CALIBRATION_END)
        *past, last = [row for row in table[1:] if row[1] != ""]
        assert last[0] == CALIBRATION_END
        ahead = [row for row in table[1:] if row[1] == ""]
        assert [row[0] for row in ahead] == [CALIBRATION_END + 7 * week for week in range(1, 40)]
        assert ahead[-1][2] - last[1] == pytest.approx(1653.42, rel=1e-4)
        assert past[0][1] <= last[1]

"""Recurring revenue by month, in books of subscriptions: by pandas, by hand, and as the sheets show it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from addin.schema import schemas
from addin.schema.preset_samples import sample_rows
from addin.schema.tables.recurring import RECURRING
from addin.template.predictions import recurring, rows_of_sample

LATER = date(2030, 1, 1)
COLUMNS = [column.name for column in RECURRING.columns]


def paid_by_month():
    """What each subscriber of the sample pays in each month: a row a subscriber, a column a month."""
    payments = pd.DataFrame([(row[2], row[1], row[5] * row[6]) for row in
                             sample_rows(schemas()["tblTransactions"], "subscription")],
                            columns=["who", "day", "amount"])  # fmt: skip
    payments["month"] = pd.to_datetime(payments["day"]).dt.to_period("M")
    return payments.pivot_table("amount", "who", "month", aggfunc="sum", fill_value=0.0).astype(float)


def test_the_sample_is_moved_as_pandas_counts_it():
    rows = pd.DataFrame(rows_of_sample("subscription")["tblRecurring"], columns=COLUMNS)
    paid = paid_by_month()
    assert list(pd.to_datetime(rows["Month"]).dt.to_period("M")) == list(paid.columns)
    for place, (_, row) in enumerate(rows.iterrows()):
        now = paid.iloc[:, place]
        before = paid.iloc[:, place - 1] if place else now * 0
        ever = paid.iloc[:, :place].sum(axis=1) > 0
        more = now - before
        stayed = (now > 0) & (before > 0)
        assert row["Start"] == before.sum()
        assert row["New"] == now[~ever].sum()
        assert row["Reactivated"] == now[ever & (before == 0)].sum()
        assert row["Expansion"] == more[stayed & (more > 0)].sum()
        assert row["Contraction"] == -more[stayed & (more < 0)].sum()
        assert row["Churned"] == before[now == 0].sum()
        assert (row["MRR"], row["Customers"]) == (now.sum(), (now > 0).sum())
        if len(rows) - place <= 12:
            then = paid.iloc[:, place - 12]
            assert row["NRR"] == pytest.approx(now[then > 0].sum() / then.sum(), abs=1e-6)
            assert row["GRR"] == pytest.approx(np.minimum(now, then).sum() / then.sum(), abs=1e-6)
        else:
            assert row[["NRR", "GRR"]].isna().all()
    for moved in ("New", "Expansion", "Reactivated", "Contraction", "Churned"):
        assert rows[moved].sum() > 0, moved


IDS = ["A", "B", "A", "C", "A", "C"]
DATES = [date(2026, 9, 3), date(2026, 9, 5), date(2026, 10, 3), date(2026, 10, 9), date(2026, 11, 3), date(2026, 11, 9)]
AMOUNTS = [30.0, 20.0, 50.0, 10.0, 40.0, 10.0]
SEPTEMBER = (date(2026, 9, 1), [0.0, 50.0, 0.0, 0.0, 0.0, 0.0, 50.0, 2.0, None, None])
OCTOBER = (date(2026, 10, 1), [50.0, 10.0, 20.0, 0.0, 0.0, 20.0, 60.0, 2.0, None, None])
NOVEMBER = (date(2026, 11, 1), [60.0, 0.0, 0.0, 0.0, 10.0, 0.0, 50.0, 2.0, None, None])


@pytest.mark.parametrize(
    ("until", "today", "months"),
    [
        (None, LATER, [SEPTEMBER, OCTOBER, NOVEMBER]),
        (None, date(2026, 11, 12), [SEPTEMBER, OCTOBER]),
        (date(2026, 11, 30), date(2026, 11, 12), [SEPTEMBER, OCTOBER, NOVEMBER]),
        (date(2026, 10, 15), LATER, [SEPTEMBER, OCTOBER]),
        (date(2029, 1, 1), LATER, [SEPTEMBER, OCTOBER, NOVEMBER]),
    ],
    ids=["over", "not over", "typed, so whole", "typed earlier", "typed far off"],
)
def test_a_month_that_is_not_over_shows_nobody_as_churned(until, today, months):
    assert recurring(IDS, DATES, AMOUNTS, until, today) == months


def test_a_retail_book_has_no_such_table():
    assert "tblRecurring" not in rows_of_sample()
    assert RECURRING.preset == "subscription"

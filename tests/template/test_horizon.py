"""Beyond the first year: cohorts that go on, and what a campaign's customers should still bring."""

import datetime as dt
import re
import shutil

import pytest

from addin.actions.book import Change, Rows
from addin.actions.refresh import refresh_all
from addin.metrics.prediction import clv_predict
from addin.schema import sample
from addin.template import campaigns, cohorts, inputs, roi_roc
from addin.values import serial
from addin.xlsx.file_book import FileBook

LATE = ("late", dt.date(2026, 3, 10), sample.orders()[0][2], "C01", "Repeat order", 1, 30)
"""An order more of the first customer, in month 14 of the campaign."""


@pytest.fixture(scope="module")
def looking_ahead(project, tmp_path_factory):
    """The sample with an order more, of which 24 months are looked at, refreshed."""
    path = tmp_path_factory.mktemp("book") / "plan.xlsm"
    shutil.copy(project / "workbook_template.xlsm", path)
    book = FileBook(path)
    late = dict(zip(["Order", "Date", "Customer", "Campaign", "Type", "Units", "Price"], LATE, strict=True))
    late |= {"Date": float(serial(LATE[1])), "Units": 1.0, "Price": 30.0}
    change = Change(rows={"tblTransactions": Rows({name: [value] for name, value in late.items()}, append=True)})
    change.cells |= {f"Inputs!E{inputs.ROW['in_Horizon']}": 24.0, "in_Source": "Transactions"}
    with book.action("An order more"):
        book.write(change)
    refresh_all(book)
    return book


def value(book, place):
    return book.cells(place)[0][0]


@pytest.mark.thorough
def test_what_should_still_come_is_that_of_the_model_discounted(looking_ahead):
    """Ten months are left of 24; the sum over the customers, as a share of the 10,000 that were spent."""
    orders = [*sample.orders(), LATE]
    rows = clv_predict([row[2] for row in orders], [row[1] for row in orders], [row[5] * row[6] for row in orders],
                       10, sample.DISCOUNT)[1:]  # fmt: skip
    assert value(looking_ahead, "out_MonthsAhead") == 10
    assert value(looking_ahead, "out_ROCSoFar") == pytest.approx((12_750 + 30) / 10_000)
    expected = value(looking_ahead, "out_ROCExpected")
    assert expected == pytest.approx(sum(row[7] for row in rows) / 10_000, rel=1e-6)
    assert 0 < value(looking_ahead, "out_ROCLow") < expected < value(looking_ahead, "out_ROCHigh")
    assert value(looking_ahead, "out_ROCHorizon") == pytest.approx(1.278 + expected)


def test_one_sentence_says_so_far_expected_and_interval(looking_ahead):
    said = value(looking_ahead, "out_Lifetime")
    number = r"(\d+(?:\.\d)?)%"
    found = re.fullmatch(
        rf"So far 127\.8%; until month 24 these customers should bring {number} more \({number} to {number}, "
        rf"discounted\), {number} in all\.", said)  # fmt: skip
    assert found, said
    expected, low, high, whole = map(float, found.groups())
    assert low < expected < high
    assert whole == pytest.approx(127.8 + expected, abs=0.11)
    assert value(looking_ahead, "Dashboard!B6") == said
    assert value(looking_ahead, "out_Gross3") == pytest.approx(1.275)  # the article's year stays as it is


def test_cohorts_go_on_after_the_first_year(looking_ahead):
    first = next(day for customer, _, _, day, *_ in sample.customers() if customer == LATE[2])
    since_first = (LATE[1].year - first.year) * 12 + LATE[1].month - first.month
    assert since_first > 12
    row = next(r for r in range(cohorts.FIRST_ROW, cohorts.LAST_ROW + 1)
               if value(looking_ahead, f"Cohorts!B{r}") == float(serial(first.replace(day=1))))  # fmt: skip
    share = value(looking_ahead, f"Cohorts!{cohorts.AGES[since_first]}{row}")
    assert share == pytest.approx(1 / value(looking_ahead, f"Cohorts!C{row}"))
    ages = [value(looking_ahead, f"Cohorts!{column}{cohorts.POINT_ROW}") for column in cohorts.POINTS]
    assert ages == [2.0 * place for place in range(1, 13)]


@pytest.mark.parametrize(
    ("horizon", "points"), [(24, [*range(0, 24, 2), 24]), (60, [0, 5, 10, 15, 20, 22, *range(30, 61, 5)])]
)
def test_the_months_of_a_campaign_go_on_to_the_horizon(opened, calculate, set_input, horizon, points):
    """60 orders of month 22, in place of 9 of month 12, bring back what was left of 14,000."""
    opened["d_Campaigns"]["E5"].value = 14_000
    log = opened["d_FollowUps"]
    last = next(row for row in range(5, 40) if log[f"B{row}"].value is None)
    for column, value in zip(
        "BCDEGHJ", ("E99", "C01", dt.datetime(2026, 11, 5), "Repeat order", 60, 30, "own"), strict=True
    ):
        log[f"{column}{last - 1}"].value = value
    set_input(opened, "in_Horizon", horizon)
    set_input(opened, "in_M3", 24)
    result = calculate(opened)
    assert result["out_Breakeven"] == 22
    assert result["Dashboard!F8"] == 22
    revenue = 12_750 - 9 * 30 + 60 * 30
    assert result["out_Gross3"] == pytest.approx(revenue / 14_000)
    assert result[f"ROI_ROC!D{roi_roc.PARTS_TOTAL_ROW}"] == revenue
    assert result[f"Campaigns!K{campaigns.FIRST_ROW}"] == "not in 12"
    drawn = {row: [result[f"ROI_ROC!{column}{row}"] for column in roi_roc.POINTS]
             for row in (roi_roc.POINT_ROW, roi_roc.DRAWN_ROW["ROC"])}  # fmt: skip
    months, returns = drawn.values()
    assert months == points
    assert returns[points.index(22)] == result["out_Gross3"]
    assert set(returns[points.index(22) + 1 :]) == {"#N/A"}
    assert result["chk_All"] == "OK"


def test_without_a_longer_horizon_nothing_is_said_of_it(as_shipped):
    assert (as_shipped["out_MonthsAhead"], as_shipped["out_Lifetime"]) == (0, "")
    assert as_shipped["out_ROCSoFar"] == as_shipped["out_ROCHorizon"] == 1.275

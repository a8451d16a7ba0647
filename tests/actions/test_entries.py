"""New campaign, follow-up, introduction: the row, what it does, and what is refused."""

from datetime import date

import pytest
from memory_book import MemoryBook

from addin.actions.entries import (
    AddedCampaign,
    Introduced,
    Logged,
    WrongRow,
    log_follow_up,
    log_introduction,
    new_campaign,
)
from addin.actions.forms import FORMS, enter, form_fields
from addin.tabular import Habits
from addin.values import serial


def day(*parts):
    return float(serial(date(*parts)))


SPRING = {"Name": "Spring", "Start": day(2026, 3, 1), "Budget": 500.0}
FLORIST = {"Campaign": "C01", "Name": "Bouquets (sample)", "Start": day(2025, 1, 2), "Budget": 10_000.0}
TULIPS = {"Campaign": "C02", "Name": "Tulips", "Start": day(2026, 3, 1), "Budget": 4_000.0}
PARTNERS = [{"Partner": f"P{number}", "Name": "Someone"} for number in range(1, 5)]


@pytest.fixture
def small():
    """Two campaigns, four partners, no follow-up yet."""
    rows = {"tblCampaigns": [FLORIST, TULIPS], "tblPartners": PARTNERS}
    return MemoryBook(rows=rows, names={"in_Campaign": "C01", "in_IntroTarget": 5.0})


def test_a_campaign_gets_the_next_id_and_is_selected(book, path, shown, rows_of):
    done = new_campaign(book, SPRING | {"Reach": 100.0, "Price": 12.5, "Channel": "Mail"})
    assert done == AddedCampaign("C03", "Spring")
    added = rows_of(path, "tblCampaigns")[-1]
    typed = {
        "Campaign": "C03", "Name": "Spring", "Budget": 500, "Reach": 100, "Price": 12.5, "Channel": "Mail",
        "Coupon": None, "End": None,
    }  # fmt: skip
    assert {name: added[name] for name in typed} == typed
    assert added["Start"].date() == date(2026, 3, 1)
    assert (shown(path, "in_Campaign"), shown(path, "out_CampaignName"), shown(path, "out_Budget")) == (
        "C03",
        "Spring",
        500,
    )


CAMPAIGNS = [
    ({"Name": "  "}, "Name", "Name is blank"),
    ({"Name": "bouquets (Sample)"}, "Name", "is there already"),
    ({"Budget": 0.0}, "Budget", "Budget must be more than 0, and 0 was found"),
    ({"Budget": float("nan")}, "Budget", "Budget must be a number from 0"),
    ({"Budget": 2e9}, "Budget", "Budget must be a number from 0 to 1e"),
    ({"Reach": -1.0}, "Reach", "Reach must be a number from 0"),
    ({"Start": None}, "Start", "Start is blank"),
    ({"Start": day(1850, 1, 1)}, "Start", "Start must be a date from March 1900 on"),
    ({"Start": 2_958_466.0}, "Start", "Start must be a date from March 1900 on"),
]


@pytest.mark.parametrize(("wrong", "column", "sentence"), CAMPAIGNS)
def test_a_wrong_campaign_is_refused(small, wrong, column, sentence):
    with pytest.raises(WrongRow, match=sentence) as refused:
        new_campaign(small, SPRING | wrong)
    assert list(refused.value.problems) == [column]
    assert (len(small.rows("tblCampaigns")), small.named["in_Campaign"]) == (2, "C01")


def test_the_last_day_that_a_sheet_knows_is_a_date(small):
    new_campaign(small, SPRING | {"Start": day(9999, 12, 31)})
    assert small.rows("tblCampaigns")[-1]["Start"] == 2_958_465


def test_a_follow_up_moves_the_return_and_former_names_of_types_are_understood(book, path, shown, rows_of):
    row = {"Type": "Return order", "Orders": 10.0, "Price": 30.0, "Date": day(2025, 12, 1), "Cost": 50.0}
    done = log_follow_up(book, row)
    assert done == Logged("E19", "C01", pytest.approx(1.275), pytest.approx((12_750 + 300) / (10_000 + 50)), shown=True)
    assert shown(path, "out_Gross3") == done.after
    row = rows_of(path, "tblFollowUps")[-1]
    assert (row["Event"], row["Type"], row["Month"], row["Revenue"], row["Contacted"]) == (
        "E19", "Repeat order", 11, 300, None,
    )  # fmt: skip


def test_a_book_with_the_former_names_of_types_keeps_them(small):
    small.lists["lst_Types"] = ["Immediate sale", "Return order"]
    log_follow_up(small, FOLLOW_UP | {"Type": "Repeat order"})
    assert small.rows("tblFollowUps")[-1]["Type"] == "Return order"


def test_a_follow_up_of_another_campaign(small):
    done = log_follow_up(small, FOLLOW_UP | {"Campaign": "C02", "Date": day(2026, 3, 5)})
    assert (done.event, done.campaign, done.shown) == ("E01", "C02", False)


def test_a_follow_up_of_a_campaign_without_a_start_is_logged():
    book = MemoryBook(rows={"tblCampaigns": [FLORIST | {"Start": None}]}, names={"in_Campaign": "C01"})
    log_follow_up(book, FOLLOW_UP)
    assert [row["Campaign"] for row in book.rows("tblFollowUps")] == ["C01"]


FOLLOW_UP = {"Type": "New order", "Orders": 1.0, "Price": 30.0, "Date": day(2025, 6, 1)}
FOLLOW_UPS = [
    ({"Type": "Gift"}, "Type", "Type must be one of .*Immediate sale.*and 'Gift' was found"),
    ({"Campaign": "C77"}, "Campaign", "Campaign must be one of C01, C02, and 'C77' was found"),
    ({"Orders": -1.0}, "Orders", "Orders must be a number from 0"),
    ({"Price": float("inf")}, "Price", "Price must be a number"),
    ({"Date": day(2025, 1, 1)}, "Date", "Date is 2025-01-01, before the campaign C01 began on 2025-01-02"),
]


@pytest.mark.parametrize(("wrong", "column", "sentence"), FOLLOW_UPS)
def test_a_wrong_follow_up_is_refused(small, wrong, column, sentence):
    with pytest.raises(WrongRow, match=sentence) as refused:
        log_follow_up(small, FOLLOW_UP | wrong)
    assert list(refused.value.problems) == [column]
    assert small.rows("tblFollowUps") == []


def test_introductions_of_a_week_are_counted(small):
    wednesday, sunday, monday = day(2025, 12, 3), day(2025, 12, 7), day(2025, 12, 8)
    row = {"Partner": "P2", "Date": wednesday, "Minutes": 5.0, "Outcome": "Meeting"}
    assert log_introduction(small, row) == Introduced(1, 5)
    assert log_introduction(small, {"Partner": "P1", "Date": sunday, "PartyA": "=A"}) == Introduced(2, 5)
    assert log_introduction(small, {"Partner": "P1", "Date": monday}) == Introduced(1, 5)
    assert log_introduction(small, {"Partner": "P1", "Date": wednesday}) == Introduced(3, 5)
    assert small.rows("tblIntros")[1]["PartyA"] == "=A"


def test_an_introduction_in_a_file(book, path, rows_of):
    log_introduction(book, {"Partner": "P1", "Date": day(2025, 12, 7), "PartyA": "=A"})
    row = rows_of(path, "tblIntros")[-1]
    assert (row["Week"].date(), row["PartnerKnown"], row["PartyA"]) == (date(2025, 12, 1), 1, "=A")


@pytest.mark.parametrize(
    ("wrong", "column", "sentence"),
    [
        ({"Partner": "P9"}, "Partner", "Partner must be one of P1, P2, P3, P4, and 'P9'"),
        ({"Outcome": "Fun"}, "Outcome", "Outcome must be one of"),
    ],
)
def test_a_wrong_introduction_is_refused(small, wrong, column, sentence):
    with pytest.raises(WrongRow, match=sentence) as refused:
        log_introduction(small, {"Partner": "P1", "Date": day(2025, 12, 3)} | wrong)
    assert list(refused.value.problems) == [column]


def test_an_id_of_a_table_without_rows_is_refused():
    empty = MemoryBook(rows={"tblCampaigns": [FLORIST]}, names={"in_Campaign": "C01"})
    with pytest.raises(WrongRow) as refused:
        log_introduction(empty, {"Partner": "P1", "Date": day(2025, 12, 3)})
    assert refused.value.problems == {"Partner": "Partner: d_Partners has no rows yet; add 'P1' there first"}


def test_a_follow_up_is_asked_for_all_that_the_log_holds_but_its_number(small):
    fields = {field.name: field for field in form_fields(small, FORMS["log_follow_up"])}
    assert {"Minutes", "Segment", "Next", "Customer"} < fields.keys()
    assert "Event" not in fields
    assert (fields["Date"].value, fields["Next"].value) == (date.today().isoformat(), "")
    enter(
        small,
        FORMS["log_follow_up"],
        TYPED | {"Date": "2026-03-04", "Price": "2", "Minutes": "12", "Next": "2026-04-01", "Customer": ""},
    )
    (row,) = small.rows("tblFollowUps")
    assert (row["Minutes"], row["Next"]) == (12, day(2026, 4, 1))


def test_a_form_says_by_field_all_that_is_wrong(small):
    texts = {"Campaign": "C01", "Date": "soon", "Type": "", "Contacted": "", "Orders": "ten", "Price": "30",
             "Cost": "-1", "Note": ""}  # fmt: skip
    with pytest.raises(WrongRow) as refused:
        enter(small, FORMS["log_follow_up"], texts)
    assert refused.value.problems == {
        "Date": "Date must be a date, and 'soon' was found",
        "Type": "Type is blank",
        "Orders": "Orders must be a number, and 'ten' was found",
        "Cost": "Cost must be a number from 0 to 1e+09, and -1 was found",
    }
    texts |= {"Date": "2025-06-01", "Type": "New order", "Orders": "1,000", "Cost": ""}
    enter(small, FORMS["log_follow_up"], texts)
    (row,) = small.rows("tblFollowUps")
    assert (row["Date"], row["Orders"], row["Cost"]) == (day(2025, 6, 1), 1000, None)


ENGLISH, GERMAN = Habits(decimal=".", month_first=True), Habits(decimal=",", month_first=False)
TYPED = {"Campaign": "c01", "Date": "3/4/2026", "Type": "new ORDER", "Orders": "1", "Price": "2.125"}


@pytest.mark.parametrize(("habits", "price", "when"), [
    (ENGLISH, 2.125, (2026, 3, 4)), (GERMAN, 2125, (2026, 4, 3)),
])  # fmt: skip
def test_what_was_typed_is_read_as_the_user_writes(small, habits, price, when):
    enter(small, FORMS["log_follow_up"], TYPED, habits)
    (row,) = small.rows("tblFollowUps")
    assert (row["Price"], row["Date"]) == (price, day(*when))
    assert (row["Campaign"], row["Type"]) == ("C01", "New order")


def test_a_day_of_unknown_order_and_a_price_unlike_the_others_are_asked_about(small):
    texts = TYPED | {"Date": "2026-03-04", "Price": "2.10"}
    enter(small, FORMS["log_follow_up"], texts)
    enter(small, FORMS["log_follow_up"], texts | {"Price": "3.20"})
    with pytest.raises(WrongRow) as refused:
        enter(small, FORMS["log_follow_up"], TYPED, Habits(decimal=","))
    assert refused.value.problems == {
        "Date": "Date: 3/4/2026 could be 3 April 2026 or 4 March 2026; write it as year-month-day, such as 2026-12-31",
        "Price": "Price: 2.125 is 2125 as you write numbers, and the others in Price are more like 2.125; write it "
                 "without a mark between thousands",
    }  # fmt: skip


@pytest.mark.parametrize(("typed", "entered"), [("2500", 2500), ("2,500", 2500), ("2.5000", 2.5), ("2.50", 2.5)])
def test_a_point_before_three_digits_is_asked_about_where_nobody_says_how_the_user_writes(small, typed, entered):
    texts = {"Name": "Spring", "Start": "2026-03-04", "Budget": "2.500"}
    with pytest.raises(WrongRow) as refused:
        enter(small, FORMS["new_campaign"], texts)
    assert refused.value.problems == {
        "Budget": "Budget: 2.500 could be 2500 or 2.5; write it without the point, or with more or fewer decimals"
    }
    enter(small, FORMS["new_campaign"], texts | {"Budget": typed})
    assert small.rows("tblCampaigns")[-1]["Budget"] == entered


def test_the_nearest_id_is_named(small):
    with pytest.raises(WrongRow, match="and 'C1' was found; the nearest is C01"):
        enter(small, FORMS["log_follow_up"], TYPED | {"Campaign": "C1"}, ENGLISH)

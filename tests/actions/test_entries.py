"""New campaign, follow-up, introduction: the row, what it does, and what is refused."""

from datetime import date

import pytest

from addin.actions.entries import Introduced, Logged, log_follow_up, log_introduction, new_campaign
from addin.errors import BookError

SPRING = {"name": "Spring", "start": date(2026, 3, 1), "budget": 500}


def test_a_campaign_gets_the_next_id_and_is_on_show(book, path, shown, rows_of):
    assert new_campaign(book, **SPRING, reach=100, price=12.5, channel="Mail") == "C03"
    assert rows_of(path, "tblCampaigns")[-1] | {"Start": None} == {
        "Campaign": "C03", "Name": "Spring", "Start": None, "Budget": 500, "Reach": 100, "Price": 12.5,
        "Channel": "Mail",
    }  # fmt: skip
    assert rows_of(path, "tblCampaigns")[-1]["Start"].date() == date(2026, 3, 1)
    assert (shown(path, "in_Campaign"), shown(path, "out_CampaignName"), shown(path, "out_Budget")) == (
        "C03",
        "Spring",
        500,
    )


CAMPAIGNS = [
    ({"name": "  "}, "Name is blank"),
    ({"name": "beautiful bouquets at 30 (Sample)"}, "is there already"),
    ({"budget": 0}, "Budget must be more than 0, and 0 was found"),
    ({"budget": float("nan")}, "Budget must be more than 0"),
    ({"budget": 2e9}, "Budget must be a number from 0 to 1e"),
    ({"reach": -1}, "Reach must be a number from 0"),
    ({"start": date(1850, 1, 1)}, "Start must be a date from March 1900 on"),
]


@pytest.mark.parametrize(("wrong", "sentence"), CAMPAIGNS)
def test_a_wrong_campaign_is_refused(book, path, wrong, sentence):
    before = path.read_bytes()
    with pytest.raises(BookError, match=sentence):
        new_campaign(book, **SPRING | wrong)
    assert path.read_bytes() == before


def test_a_follow_up_moves_the_return(book, path, shown, rows_of):
    done = log_follow_up(book, kind="Return order", orders=10, price=30, day=date(2025, 12, 1), cost=50)
    assert done == Logged("E19", "C01", pytest.approx(1.275), pytest.approx((12_750 + 300) / (10_000 + 50)), shown=True)
    assert shown(path, "out_Gross3") == done.after
    row = rows_of(path, "tblFollowUps")[-1]
    assert (row["Event"], row["Month"], row["Revenue"], row["Contacted"]) == ("E19", 11, 300, None)


def test_a_follow_up_of_another_campaign(book):
    done = log_follow_up(book, kind="New order", orders=10, price=30, day=date(2026, 3, 5), campaign="C02")
    assert (done.campaign, done.shown, done.before) == ("C02", False, done.after)


FOLLOW_UP = {"kind": "New order", "orders": 1, "price": 30, "day": date(2025, 6, 1)}
FOLLOW_UPS = [
    ({"kind": "Gift"}, "Type must be one of .*Immediate sale.*and 'Gift' was found"),
    ({"campaign": "C77"}, "Campaign must be one of C01, C02, and 'C77' was found"),
    ({"orders": -1}, "Orders must be a number from 0"),
    ({"price": float("inf")}, "Price must be a number"),
    ({"day": date(2024, 6, 1)}, "Date is 2024-06-01, before the campaign C01 began on 2025-01-02"),
]


@pytest.mark.parametrize(("wrong", "sentence"), FOLLOW_UPS)
def test_a_wrong_follow_up_is_refused(book, path, wrong, sentence):
    before = path.read_bytes()
    with pytest.raises(BookError, match=sentence):
        log_follow_up(book, **FOLLOW_UP | wrong)
    assert path.read_bytes() == before


def test_introductions_of_a_week_are_counted(book, path, rows_of):
    wednesday, monday = date(2025, 12, 3), date(2025, 12, 8)
    assert log_introduction(book, partner="P2", day=wednesday, minutes=5, outcome="Meeting") == Introduced(1, 5)
    assert log_introduction(book, partner="P1", day=date(2025, 12, 7), party_a="=A") == Introduced(2, 5)
    assert log_introduction(book, partner="P1", day=monday) == Introduced(1, 5)
    assert log_introduction(book, partner="P1", day=wednesday) == Introduced(3, 5)
    rows = rows_of(path, "tblIntros")[-4:-1]
    assert [row["Week"].date() for row in rows] == [date(2025, 12, 1), date(2025, 12, 1), monday]
    assert [row["PartnerKnown"] for row in rows] == [1, 1, 1]
    assert rows[1]["PartyA"] == "=A"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"partner": "P9"}, "Partner must be one of P1, P2, P3, P4, and 'P9'"),
        ({"outcome": "Fun"}, "Outcome must be one of"),
    ],
)
def test_a_wrong_introduction_is_refused(book, wrong, sentence):
    with pytest.raises(BookError, match=sentence):
        log_introduction(book, **{"partner": "P1", "day": date(2025, 12, 3)} | wrong)

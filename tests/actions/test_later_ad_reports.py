"""What a later report of ads makes of the campaigns that are there."""

from datetime import timedelta

import openpyxl
import pytest
from ad_reports import DAY, GOOGLE, META, by_day, campaigns, day, loaded
from hypothesis import given
from hypothesis import strategies as st
from memory_book import MemoryBook

from addin import present
from addin.actions.load import load, preview
from addin.errors import BookError
from addin.values import serial


@pytest.fixture
def book():
    return MemoryBook()


def test_the_same_report_again_brings_nothing(book, file):
    loaded(book, file(META))
    plan = preview(book, [file(META)])
    assert (plan.new, plan.updated, len(plan.duplicates)) == (0, {}, 2)
    with pytest.raises(BookError, match="2 are there already"):
        load(book, plan)


def test_a_longer_report_changes_the_budget_and_keeps_what_was_typed(book, file):
    loaded(book, file(by_day("2026-09-03,Spring,100", "2026-09-03,Old,7")))
    typed = {"Control": 500.0, "Coupon": "MAIL", "Price": 30.0, "LikeFrom": day("2025-09-01"), "Name": "My spring"}
    for column, value in typed.items():
        book.data["tblCampaigns"][column][0] = value
    plan = loaded(book, file(by_day("2026-09-02,Spring,10", "2026-09-03,Spring,110", "2026-09-09,New,5")))
    spring, old, new = book.rows("tblCampaigns")
    assert {name: spring[name] for name in typed} == typed
    assert (spring["Budget"], spring["Start"]) == (120, day("2026-09-02"))
    assert (old["Budget"], new["Budget"]) == (7, 5)
    assert list(plan.updated.values()) == [
        "Spring My spring: Start 2026-09-03 → 2026-09-02, Budget 100.00 → 120.00, spent from 2026-09-02 to 2026-09-09"
    ]
    assert book.asked[-1] == "Change 1 of the 2 rows of tblCampaigns and append 1?"
    assert present.loaded(plan) == (
        f"1 rows added to tblCampaigns and 1 changed; Undo takes that back. {plan.updated['Spring']}"
    )
    assert "1 new rows, 0 there already, 1 changed" in present.row_counts(plan)


def test_nothing_changes_where_the_user_does_not_agree(book, file):
    loaded(book, file(by_day("2026-09-01,Spring,100")))
    book.agrees = False
    with pytest.raises(BookError, match="nothing was changed"):
        loaded(book, file(by_day("2026-09-01,Spring,100", "2026-09-02,Spring,1")))
    assert campaigns(book) == {"Spring": 100}


def test_undo_takes_back_the_budget_and_its_days(book, file):
    loaded(book, file(by_day("2026-09-01,Spring,100")))
    later = file(by_day("2026-09-02,Spring,11"))
    for _ in range(2):
        loaded(book, later)
        assert campaigns(book) == {"Spring": 111}
        book.undo()
        assert campaigns(book) == {"Spring": 100}


def test_a_report_of_the_last_week_adds_the_days_that_are_new(book, file):
    loaded(book, file(by_day("2026-09-01,Spring,100", "2026-09-07,Spring,50")))
    plan = loaded(book, file(by_day("2026-09-06,Spring,3", "2026-09-07,Spring,55", "2026-09-08,Spring,20")))
    assert campaigns(book) == {"Spring": 170}
    assert list(plan.updated.values()) == ["Spring: Budget 150.00 → 170.00, with what was spent on 2026-09-08"]
    loaded(book, file(by_day("2026-09-09,Spring,1")))
    plan = loaded(book, file(by_day("2026-09-12,Spring,1")))
    assert campaigns(book) == {"Spring": 172}
    assert plan.updates.endswith("; no report had it from 2026-09-10 to 2026-09-11")
    plan = loaded(book, file(by_day("2026-09-10,Spring,4", "2026-09-11,Spring,4", "2026-09-12,Spring,1")))
    assert campaigns(book) == {"Spring": 180}
    assert "no report" not in plan.updates
    assert preview(book, [file(by_day("2026-09-07,Spring,55", "2026-09-08,Spring,20"))]).updated == {}


def test_a_report_of_days_that_are_there_leaves_the_others_known(book, file):
    loaded(book, file(by_day("2026-09-01,Spring,1", "2026-09-05,Spring,2", "2026-09-09,Spring,4")))
    loaded(book, file(by_day("2026-09-05,Spring,2", "2026-09-05,New,8")))
    loaded(book, file(by_day("2026-09-09,Spring,4", "2026-09-10,Spring,16")))
    assert campaigns(book) == {"Spring": 23, "New": 8}


@given(windows=st.lists(st.tuples(st.integers(0, 25), st.integers(1, 9)), min_size=1, max_size=6))
def test_each_day_counts_once_whichever_reports_there_were(tmp_path_factory, windows):
    book, path = MemoryBook(), tmp_path_factory.mktemp("reports") / "export.csv"
    spent = {n: round(1.1 + n * 0.37, 2) for n in range(40)}
    for first, count in windows:
        rows = [f"{DAY + timedelta(n)},Spring,{spent[n]}" for n in range(first, first + count)]
        path.write_text(by_day(*rows))
        plan = preview(book, [path])
        if plan.new or plan.updated:
            load(book, plan)
    told = {n for first, count in windows for n in range(first, first + count)}
    assert campaigns(book) == {"Spring": pytest.approx(sum(spent[n] for n in told))}
    assert book.rows("tblCampaigns")[0]["Start"] == serial(DAY + timedelta(min(told)))


def test_reach_of_a_part_of_the_days_is_not_that_of_all(book, file):
    loaded(book, file(by_day("2026-09-01,Spring,100")))
    loaded(book, file(by_day("2026-09-02,Spring,9").replace(",100", ",40")))
    assert book.rows("tblCampaigns")[0]["Reach"] == 100
    loaded(book, file("Reporting starts,Reporting ends,Campaign name,Amount spent (EUR),Reach\n"
                      "2026-09-01,2026-09-02,Spring,109.5,120\n"))  # fmt: skip
    assert book.rows("tblCampaigns")[0]["Reach"] == 120


def test_days_that_cannot_be_told_apart_are_refused(book, file):
    def spent(first, last, amount):
        return file(f"Reporting starts,Reporting ends,Campaign name,Amount spent (EUR)\n{first},{last},Spring,{amount}")

    loaded(book, spent("2026-09-01", "2026-09-14", 100))
    plan = preview(book, [spent("2026-09-08", "2026-09-21", 120)])
    assert [problem.reason for problem in plan.rejected] == [
        "its Budget was spent from 2026-09-01 to 2026-09-14, and the report has what was spent from 2026-09-08 to "
        "2026-09-21: take one by day, or one that begins on 2026-09-01 or on 2026-09-15"
    ]
    with pytest.raises(BookError, match="no row can be loaded"):
        load(book, plan)
    loaded(book, spent("2026-09-15", "2026-09-21", 40))
    assert campaigns(book) == {"Spring": 140}
    loaded(book, spent("2026-08-25", "2026-09-30", 130))
    assert campaigns(book) == {"Spring": 130}


def test_a_typed_campaign_gets_what_was_spent(file):
    typed = {"Campaign": "C01", "Name": "spring ", "Start": day("2026-08-01"), "Budget": 1500.0, "Channel": "Facebook"}
    book = MemoryBook(rows={"tblCampaigns": [typed]}, names={"in_Campaign": "C01"})
    plan = loaded(book, file(META))
    assert campaigns(book) == {"C01": 251.50, "Autumn": 50}
    assert book.rows("tblCampaigns")[0]["Channel"] == "Facebook"
    assert "Budget 1,500.00 → 251.50, spent from 2026-09-01 to 2026-09-02, in place of an amount" in plan.updates
    assert book.named["in_Campaign"] == "C01"
    book.data["tblCampaigns"]["Name"][0] = "Renamed since"
    loaded(book, file(by_day("2026-09-03,Spring,9")))
    assert campaigns(book) == {"C01": 260.50, "Autumn": 50}


def test_what_was_typed_over_a_report_is_not_replaced_without_a_word(book, file):
    loaded(book, file(by_day("2026-09-01,Spring,100")))
    book.data["tblCampaigns"]["Budget"][0] = 999.0
    plan = loaded(book, file(by_day("2026-09-02,Spring,5")))
    assert plan.updates == ("Spring: Budget 999.00 → 1,004.00, with what was spent on 2026-09-02, on top of an amount "
                            "that was typed since the last report")  # fmt: skip
    plan = loaded(book, file(by_day("2026-09-01,Spring,100", "2026-09-02,Spring,5")))
    assert plan.updates == ("Spring: Budget 1,004.00 → 105.00, spent from 2026-09-01 to 2026-09-02, in place of an "
                            "amount that was typed since the last report")  # fmt: skip
    assert "typed" not in loaded(book, file(by_day("2026-09-03,Spring,1"))).updates


def test_a_correction_lessens_what_was_spent(book, file):
    loaded(book, file(by_day("2026-09-01,Spring,100")))
    loaded(book, file(by_day("2026-09-02,Spring,-30")))
    assert campaigns(book) == {"Spring": 70}
    plan = preview(book, [file(by_day("2026-09-03,Spring,-300"))])
    assert plan.rejected[0].reason.startswith("-300.00 on 2026-09-03 would bring its Budget of 70.00 below 0")
    assert preview(book, [file(by_day("2026-09-03,New,-300"))]).rejected[0].column == "Budget"


def test_days_without_spend_are_days_that_a_report_had(book, file):
    loaded(book, file(by_day("2026-09-01,Spring,100")))
    loaded(book, file(by_day("2026-09-02,Spring,0", "2026-09-02,New,1")))
    plan = loaded(book, file(by_day("2026-09-03,Spring,5")))
    assert plan.updates == "Spring: Budget 100.00 → 105.00, with what was spent on 2026-09-03"
    typed = {"Campaign": "C01", "Name": "Typed", "Start": day("2026-08-01"), "Budget": 1500.0}
    plan = preview(MemoryBook(rows={"tblCampaigns": [typed]}), [file(by_day("2026-09-01,Typed,0"))])
    assert (plan.updated, plan.left_out) == ({}, {"without spend": 1})


def test_a_campaign_whose_id_was_typed_over_keeps_its_days(book, file):
    loaded(book, file(by_day("2026-09-01,Spring,100", "2026-09-01,Gone,9")))
    book.data["tblCampaigns"]["Campaign"][:] = ["C01", "C02"]
    book.data["tblCampaigns"]["Name"][1] = "Of another name"
    loaded(book, file(GOOGLE))
    loaded(book, file(by_day("2026-09-02,Spring,5", "2026-09-02,Gone,1")))
    assert [campaigns(book)[key] for key in ("C01", "C02", "Gone")] == [105, 9, 1]


def test_the_day_on_which_a_campaign_began_is_not_that_of_a_report_around_it(book, file):
    def spent(first, last, amount):
        return file(f"Reporting starts,Reporting ends,Campaign name,Amount spent (EUR)\n{first},{last},Spring,{amount}")

    began = "it does not say when its campaigns began: Start is the first day that it covers for each"
    plan = loaded(book, file(by_day("2026-09-09,Spring,0", "2026-09-10,Spring,10")))
    assert began not in " ".join(plan.notes)
    assert book.rows("tblCampaigns")[0]["Start"] == day("2026-09-10")
    plan = loaded(book, spent("2026-01-01", "2026-12-31", 50))
    assert began in " ".join(plan.notes)
    assert plan.updates == "Spring: Budget 10.00 → 50.00, spent from 2026-01-01 to 2026-12-31"
    loaded(book, spent("2025-12-01", "2025-12-31", 4))
    assert book.rows("tblCampaigns")[0]["Start"] == day("2025-12-01")


def test_several_reports_at_once_change_a_campaign_by_all_of_them(book, file):
    loaded(book, file(by_day("2026-09-01,Spring,100")))
    later = [file(by_day(f"2026-09-0{day},Spring,1"), f"{day}.csv") for day in (2, 3)]
    plan = loaded(book, *later)
    assert plan.updates == ("Spring: Budget 100.00 → 102.00, with what was spent on 2026-09-02 and with what was spent "
                            "on 2026-09-03")  # fmt: skip


@pytest.mark.parametrize(("channels", "costs"), [
    (["Google", "Meta"], {"C00": 1500, "C01": 9}),
    (["Flyers", "meta"], {"C00": 1500, "C01": 9}),
    (["Google"], {"C00": 1500, "Spring": 9}),
    (["Facebook"], {"C00": 9}),
])  # fmt: skip
def test_a_typed_campaign_of_another_platform_is_another(file, channels, costs):
    typed = [{"Campaign": f"C0{n}", "Name": "Spring", "Start": day("2026-08-01"), "Budget": 1500.0, "Channel": channel}
             for n, channel in enumerate(channels)]  # fmt: skip
    book = MemoryBook(rows={"tblCampaigns": typed})
    loaded(book, file(by_day("2026-09-01,Spring,9")))
    assert campaigns(book) == costs


def test_campaigns_of_one_name_stay_apart(book, file):
    text = "Campaign name,Campaign ID,Day,Amount spent (EUR)\nSale,11,2026-09-01,5\nSale,12,2026-09-01,6\n"
    loaded(book, file(text))
    assert campaigns(book) == {"11": 5, "12": 6}
    loaded(book, file(text.replace(",5\n", ",5\nSale,11,2026-09-02,1\n")))
    assert campaigns(book) == {"11": 6, "12": 6}
    plan = preview(book, [file("Campaign name,Day,Amount spent (EUR)\nSale,2026-09-03,5\n")])
    assert (
        "2 campaigns of d_Campaigns are called Sale; take a report with the campaigns' ids" in plan.rejected[0].reason
    )


def test_campaigns_of_two_channels_stay_apart(book, file):
    loaded(book, file(META))
    plan = loaded(book, file(GOOGLE.replace("21456789012", "--").replace("Brand", "Spring")))
    assert plan.updated == {}
    assert campaigns(book) == {"Spring": 251.50, "Autumn": 50, "Spring (Google)": 1234.50, "21456789013": 99.95}


def test_ids_that_a_spreadsheet_has_cut_leave_the_names(book, tmp_path):
    workbook = openpyxl.Workbook()
    for row in (["Campaign name", "Campaign ID", "Day", "Amount spent (EUR)"], ["Spring", 1.202100000000001e17, DAY, 5],
                ["Autumn", 1.202100000000001e17, DAY, 6]):  # fmt: skip
        workbook.active.append(row)
    workbook.save(tmp_path / "report.xlsx")
    plan = loaded(book, tmp_path / "report.xlsx")
    assert campaigns(book) == {"Spring": 5, "Autumn": 6}
    assert "Campaign ID has lost digits to a spreadsheet; campaigns are told apart by Campaign name" in plan.notes[-2]


def test_rows_of_one_campaign_with_and_without_its_id(book, file):
    text = "Campaign name,Campaign ID,Day,Amount spent (EUR)\nSale,11,2026-09-01,5\nSale,,2026-09-02,6\n"
    assert preview(book, [file(text)]).rows["Budget"] == [11]
    lists = "Campaign,Channel,Date,Cost\nSale,Radio,2026-09-01,5\nSale,,2026-09-02,6\nSale,TV,2026-09-02,7\n"
    plan = preview(book, [file(lists)])
    assert dict(zip(plan.rows["Campaign"], plan.rows["Budget"], strict=True)) == {"Sale": 5, "Sale (TV)": 7}
    assert plan.rejected[0].reason == ("rows before it are of Sale too, under another id or channel; give all of them "
                                       "the same one")  # fmt: skip


def test_a_name_that_two_campaigns_have_by_now_is_that_of_neither(book, file):
    with_ids = "Campaign name,Campaign ID,Day,Amount spent (EUR)\nSale,11,{0},5\nSale,12,{0},7\n"
    loaded(book, file("Campaign name,Day,Amount spent (EUR)\nSale,2026-09-01,5\n"))
    loaded(book, file(with_ids.format("2026-09-02")))
    assert campaigns(book) == {"Sale": 10, "12": 7}
    plan = preview(book, [file("Campaign name,Day,Amount spent (EUR)\nSale,2026-09-03,5\n")])
    assert (
        plan.rejected[0].reason == "2 campaigns of d_Campaigns are called Sale; take a report with the campaigns' ids"
    )
    loaded(book, file(with_ids.format("2026-09-03")))
    assert campaigns(book) == {"Sale": 15, "12": 14}


def test_a_report_with_ids_after_one_without(book, file):
    loaded(book, file("Campaign name,Day,Amount spent (EUR)\nSale,2026-09-01,5\n"))
    with_ids = "Campaign name,Campaign ID,Day,Amount spent (EUR)\nSale,11,2026-09-01,5\nSale,11,2026-09-02,5\n"
    loaded(book, file(with_ids))
    loaded(book, file(with_ids + "Sale,11,2026-09-03,5\n"))
    assert campaigns(book) == {"Sale": 15}


def test_reports_of_several_months_at_once_are_added_up(book, file):
    paths = [file(by_day(f"2026-{month}-01,Spring,{spent}", f"2026-{month}-30,Spring,1"), f"{name}.csv")
             for name, month, spent in (("april", "04", 10), ("january", "01", 20))]  # fmt: skip
    loaded(book, *paths)
    assert campaigns(book) == {"Spring": 32}
    assert book.rows("tblCampaigns")[0]["Start"] == day("2026-01-01")


def test_campaigns_replaced_by_a_list_are_not_of_a_report_any_more(book, file):
    loaded(book, file(by_day("2026-09-01,Spring,100")))
    loaded(book, file("Campaign,Name,Start,Budget\nSpring,Spring,2026-09-01,9\n"))
    loaded(book, file(by_day("2026-09-02,Spring,50")))
    assert campaigns(book) == {"Spring": 50}

"""Reports of advertising platforms as campaigns: what each cost, and what is refused."""

import csv
import io
import re

import openpyxl
import pandas as pd
import pytest
from ad_reports import GOOGLE, GOOGLE_DE, META, META_DE, by_day, campaigns, day, loaded
from memory_book import MemoryBook

from addin import present
from addin.actions.load import load, preview
from addin.actions.own_exports import own_exports
from addin.errors import BookError
from addin.windows import load_window


@pytest.fixture
def book():
    return MemoryBook()


def test_rows_of_days_and_ad_sets_are_one_campaign(book, file):
    plan = preview(book, [file(META)])
    rows = pd.read_csv(io.StringIO(META)).dropna(subset="Campaign name")
    spent = rows.groupby("Campaign name", sort=False)["Amount spent (EUR)"].sum()
    assert dict(zip(plan.rows["Campaign"], plan.rows["Budget"], strict=True)) == spent[spent > 0].to_dict()
    assert plan.rows["Name"] == ["Spring", "Autumn"]
    assert plan.rows["Start"] == [day("2026-09-01"), day("2026-09-02")]
    assert plan.rows["Channel"] == ["Meta", "Meta"]
    assert plan.rows["End"] == plan.rows["Coupon"] == [None, None]
    assert plan.left_out == {"without a campaign": 1, "without spend": 1}
    assert plan.not_read == ["Ad set name", "Impressions", "Results"]
    assert plan.currencies == {"EUR": 4}
    assert "export.csv: 5 rows added up to 3 campaigns, with spend from 2026-09-01 to 2026-09-02" in plan.notes


def test_people_reached_on_several_days_are_not_added_up(book, file):
    plan = preview(book, [file(META)])
    assert plan.rows["Reach"] == [None, 777]
    assert [note for note in plan.notes if "Reach is not taken for 1 of them" in note]


def test_a_german_report(book, file):
    plan = preview(book, [file(META_DE)])
    assert plan.rows["Budget"] == [1334.40]
    assert plan.rows["Start"] == [day("2026-09-01")]


def test_a_report_with_title_lines_and_totals(book, file):
    plan = preview(book, [file(GOOGLE)])
    assert plan.rows["Campaign"] == ["21456789012", "21456789013"]
    assert plan.rows["Name"] == ["Brand", "Shopping: all"]
    assert plan.rows["Budget"] == [1234.50, 99.95]
    assert plan.rows["Start"] == [day("2026-09-01")] * 2
    assert plan.rows["Channel"] == ["Google"] * 2
    assert plan.left_out == {"a line of totals": 2, "without spend": 1}
    assert "Budget" in plan.not_read
    german = preview(book, [file(GOOGLE_DE)])
    assert (german.rows["Campaign"], german.rows["Budget"]) == (["Dach"], [1334.46])


def test_a_campaign_that_is_called_like_a_total_is_one(book, file):
    text = "Campaign name,Day,Amount spent (EUR)\nTotal look,2026-09-01,5\nSum 41,2026-09-01,5\n"
    assert preview(book, [file(text)]).rows["Name"] == ["Total look", "Sum 41"]
    plan = preview(book, [file(f"{text}Brand,2026-09-01,9\nTotal,2026-09-01,19\n")])
    assert (plan.rows["Name"], plan.left_out) == (["Total look", "Sum 41", "Brand"], {"a line of totals": 1})


def test_the_excel_downloads_of_a_report_come_to_the_same(book, file, tmp_path):
    rows = list(csv.reader(io.StringIO(GOOGLE.strip("\n"))))
    tabs = file("\r\n".join("\t".join(row) for row in rows), encoding="utf-16")
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in row])
    workbook.save(tmp_path / "report.xlsx")
    plans = [preview(book, [path]) for path in (file(GOOGLE, "plain.csv"), tabs, tmp_path / "report.xlsx")]
    assert plans[1].rows == plans[0].rows
    for column in ("Campaign", "Name", "Start", "Budget"):
        assert plans[2].rows[column] == plans[0].rows[column]


def test_the_campaigns_own_start_goes_before_the_days_of_the_report(book, file):
    text = GOOGLE.replace("Campaign status", "Start date").replace("Enabled", "2025-03-04").replace("Paused", "--")
    plan = preview(book, [file(text)])
    assert plan.rows["Start"] == [day("2025-03-04")] * 2


@pytest.mark.parametrize(
    ("text", "channel", "cost"),
    [
        ('Campaign Performance Report (in UTC)\n"Report Start: 9/1/2026, Report End: 9/20/2026"\n\n'
         "Start Date (in UTC),Account Name,Campaign Group Name,Campaign Name,Campaign ID,Currency,Total Spent,Clicks\n"
         "9/1/2026,Shop,Default,Spring,312,USD,33.33,4\n9/20/2026,Shop,Default,Spring,312,USD,33.34,5\n",
         "LinkedIn", 66.67),
        ('"Report Name: campaigns"\n"Report Time: 9/1/2026 - 9/20/2026"\n\n'
         "Gregorian date,Campaign name,Campaign ID,Impressions,Clicks,Spend\n9/1/2026,Spring,312,900,22,31.5\n"
         '9/20/2026,Spring,312,900,22,1.5\n"©2026 Microsoft Corporation. All rights reserved. "\n',
         "Microsoft", 33.0),
        ("By Day,Campaign name,Ad group name,Campaign ID,Cost,Impressions,Clicks (destination)\n"
         '2026-09-01,Spring,Interest,312,"1,234.50",5000,70\n2026-09-02,Spring,Interest,312,0.50,500,7\n',
         "TikTok", 1235.0),
        ("Campaign name,Campaign ID,By Day,Cost,Clicks (destination)\nSpring,312,2026-09-01,5.5,70\n"
         "Spring,312,2026-09-02,2,7\nTotal of 2 results,-,2026-09-01,7.5,77\n", "TikTok", 7.5),
        ("Campaign ID,Campaign name,Channel,Start date,Cost\n312,Spring,Radio,2026-09-01,500\n", "Radio", 500.0),
        ("Date,Channel,Campaign,Cost\n2026-09-01,Radio,312,500\n2026-09-02,Radio,312,20\n", "Radio", 520.0),
    ],
)  # fmt: skip
def test_other_platforms_and_a_list_of_ones_own(book, file, text, channel, cost):
    plan = preview(book, [file(text)])
    assert (plan.rows["Campaign"], plan.rows["Channel"]) == (["312"], [channel])
    assert plan.rows["Budget"] == [pytest.approx(cost)]
    assert plan.rows["Start"] == [day("2026-09-01")]
    assert plan.asked == []


PIVOT = """
Ad set name,Campaign name,Age,Amount spent (EUR),Reporting starts,Reporting ends
All,All,All,30.01,2026-09-01,2026-09-30
All,Spring,All,22.01,2026-09-01,2026-09-30
Women,Spring,All,22.01,2026-09-01,2026-09-30
Women,Spring,18-24,10,2026-09-01,2026-09-30
Women,Spring,25-34,12.01,2026-09-01,2026-09-30
All,Autumn,All,8,2026-09-01,2026-09-30
Men,Autumn,All,8,2026-09-01,2026-09-30
Men,Autumn,18-24,8,2026-09-01,2026-09-30
"""


@pytest.mark.parametrize("word", ["All", "Alle", "Todos", "Total"])
def test_the_subtotals_of_a_pivot_table_are_not_added_to_what_they_add_up(book, file, word):
    plan = preview(book, [file(PIVOT.replace("All", word))])
    assert dict(zip(plan.rows["Name"], plan.rows["Budget"], strict=True)) == {"Spring": 22.01, "Autumn": 8}
    assert plan.left_out == {"a line of totals": 5}


def test_rows_called_all_that_add_nothing_up_count(book, file):
    text = "Campaign name,Ad set name,Day,Amount spent (EUR)\nSpring,All,2026-09-01,9\nSpring,Men,2026-09-01,5\n"
    plan = preview(book, [file(text)])
    assert plan.rows["Budget"] == [14]
    assert "Ad set name is All or Total in some rows, which come to something else" in " ".join(plan.notes)
    apart = preview(book, [file(text.replace("Spring,All", "Autumn,All"))])
    assert apart.rows["Budget"] == [9, 5]
    assert "All or Total" not in " ".join(apart.notes)


def test_a_total_of_one_campaign(book, file):
    text = "Campaign name,By Day,Cost,Clicks (destination)\nSpring,2026-09-01,7.5,70\nTotal of 1 result,-,7.5,70\n"
    plan = preview(book, [file(text)])
    assert (plan.rows["Name"], plan.left_out) == (["Spring"], {"a line of totals": 1})


@pytest.mark.parametrize("other", ["Amount spent per result (EUR)", "Amount spent percentage", "Cost per result",
                                   "CPM (EUR)", "Campaign daily budget", "Purchases conversion value"])  # fmt: skip
def test_another_amount_is_never_what_a_campaign_cost(book, file, other):
    text = f"Campaign name,Day,Reach,{other},Amount spent\nSpring,2026-09-01,9,3,50\n"
    plan = preview(book, [file(text)])
    assert (plan.rows["Budget"], plan.not_read) == ([50], [other])
    with pytest.raises(BookError, match="fit no table"):
        preview(book, [file(text.replace(",Amount spent", "").replace(",50", ""))])


def test_the_currency_of_a_heading_may_be_any(book, file):
    plan = preview(book, [file("Campaign;Day;Impr.;Cost (SEK)\nSpring;2026-09-01;9;1 234,50\n")])
    assert (plan.rows["Budget"], plan.currencies) == ([1234.5], {"SEK": 1})


def test_money_without_a_campaign_and_rows_that_stand_twice_are_said(book, file):
    rows = ["2026-09-01,Spring,40", "2026-09-01,Spring,40", "2026-09-02,,7.5"]
    plan = preview(book, [file(by_day(*rows))])
    assert plan.rows["Budget"] == [80]
    notes = " ".join(plan.notes)
    assert "rows without a campaign have 7.50 under Amount spent (EUR), which is in no Budget" in notes
    assert "row 3 is the same as row 2; each counts" in notes
    assert "without a campaign have" not in " ".join(preview(book, [file(META)]).notes)


def test_a_row_without_its_day_is_no_reason_to_forget_the_days_of_others(book, file):
    rows = ["2026-09-01,Spring,10", ",Spring,10", "2026-09-01,New,5"]
    plan = loaded(book, file(by_day(*rows)))
    assert [(problem.place, problem.reason) for problem in plan.rejected] == [
        ("export.csv, row 2", "Start must be a date under Day, and 'nothing' was found"),
        ("export.csv, row 3", "Start must be a date under Day, and 'nothing' was found"),
    ]
    loaded(book, file(by_day("2026-09-02,New,6")))
    assert campaigns(book) == {"New": 11}


def test_the_days_of_the_title_tell_how_all_days_are_written(book, file):
    text = "Report Time: 9/1/2026 - 9/20/2026\nTimePeriod,CampaignName,CurrencyCode,Spend\n9/1/2026,Spring,USD,5\n"
    plan = preview(book, [file(text)])
    assert (plan.asked, plan.rows["Start"]) == ([], [day("2026-09-01")])
    plan = preview(book, [file(text.replace("9/20", "9/2"))])
    assert plan.asked == ["Start"]
    assert preview(book, [file(text.replace("9/20", "9/2"))], ways={"Start": "month first"}).rows["Start"] == [
        day("2026-09-01")
    ]


def test_a_report_of_one_day(book, file):
    loaded(book, file(GOOGLE.replace("September 1, 2026 - September 30, 2026", "September 1, 2026")))
    loaded(book, file(GOOGLE.replace("September 1, 2026 - September 30, 2026", "September 2, 2026")))
    assert campaigns(book) == {"21456789012": 2469, "21456789013": 199.9}


def test_a_spanish_report(book, file):
    text = ("Informe de campañas\n1 de septiembre de 2026 - 30 de septiembre de 2026\n"
            "Estado de la campaña,Campaña,Código de moneda,Coste,Impr.\n"
            'Habilitada,Primavera,EUR,"1.234,50",5\nTotal: campañas,--,EUR,"1.234,50",5\n')  # fmt: skip
    plan = preview(book, [file(text)])
    assert (plan.rows["Name"], plan.rows["Budget"], plan.rows["Channel"]) == (["Primavera"], [1234.5], ["Google"])


def test_a_list_by_the_words_of_links(book, file):
    plan = preview(book, [file("date,utm_source,utm_campaign,cost\n2026-09-01,radio,spring,5\n")])
    assert (plan.rows["Name"], plan.rows["Budget"], plan.rows["Channel"]) == (["spring"], [5], ["radio"])


def test_days_under_headings_that_are_not_known_are_not_lost_without_a_word(book, file):
    path = file("Kamp,Wann,Bezahlt\nSpring,2026-09-01,5\nSpring,2026-09-02,6\n")
    plan = preview(book, [path], mapping={"Campaign": "Kamp", "Name": "Kamp", "Start": "Wann", "Budget": "Bezahlt"})
    assert plan.rejected[0].reason.endswith("rows of one campaign are added up in a report, whose headings are "
                                            "Campaign, Day and Cost")  # fmt: skip


def test_days_that_can_be_read_two_ways_are_asked_about(book, file):
    path = file("Start Date (in UTC),Campaign Name,Total Spent,Campaign Start Date\n9/1/2026,Spring,5,2026-01-31\n")
    plan = preview(book, [path])
    assert plan.asked == ["Start"]
    assert "Start Date (in UTC): 9/1/2026 is read as 9 January 2026" in " ".join(plan.notes)
    assert preview(book, [path], ways={"Start": "month first"}).asked == []


def test_orders_that_name_campaigns_and_costs_stay_orders(book, file):
    plan = preview(book, [file("Order,Date,Customer,Campaign,Cost,Total\nA1,2026-09-01,Ann,Spring,4,30\n")])
    assert plan.table == "tblTransactions"


# --- what is refused


def test_two_currencies_are_refused(book, file):
    text = GOOGLE.replace("75.00,EUR", "75.00,USD")
    with pytest.raises(BookError, match=r"Cost is in EUR \(1\) and USD \(1\).*--where Currency=EUR"):
        preview(book, [file(text)])
    assert preview(book, [file(text)], where={"Currency": "USD"}).rows["Name"] == ["Shopping: all"]
    loaded(book, file(META))
    with pytest.raises(
        BookError, match="in EUR and in USD, which cannot be added up; load one currency alone, or empty d_C"
    ):
        preview(book, [file(META.replace("EUR", "USD"))])


def test_a_currency_is_seen_wherever_it_stands(book, file):
    columns = "Campaign name,Day,{},Amount spent,Reach\nSpring,2026-09-01,{},5,9\nAutumn,2026-09-01,{},6,9\n"
    for heading in ("Account currency", "Währung", "Currency"):
        with pytest.raises(BookError, match=r"USD \(1\) and EUR \(1\)"):
            preview(book, [file(columns.format(heading, "USD", "EUR"))])
    assert preview(book, [file(columns.format("Currency rate", "1.1", "1.2"))]).currencies == {}
    nothing = columns.format("Currency", "USD", "EUR").replace(",5,", ",0,")
    assert preview(book, [file(nothing)]).currencies == {"EUR": 1}
    signs = file("Campaign name,Day,Amount spent\nSpring,2026-09-01,$5.00\nAutumn,2026-09-01,€6.00\n")
    with pytest.raises(BookError, match="--where Currency=USD"):
        preview(book, [signs])
    assert preview(book, [signs], where={"Currency": "USD"}).rows["Budget"] == [5]


def test_reports_and_orders_are_loaded_one_after_the_other(book, file):
    orders = file("Order,Date,Customer,Total\nA1,2026-09-01,Ann,30\n", "orders.csv")
    with pytest.raises(BookError, match=r"orders.csv goes to tblTransactions, and meta.csv is read as Meta ads report, "
                                        r"which goes to tblCampaigns; load them one after the other"):  # fmt: skip
        preview(book, [orders, file(META, "meta.csv")])


def test_the_currency_of_the_orders_is_that_of_the_campaigns(book, file):
    orders = "Order,Date,Customer,Total,Currency\nA1,2026-09-01,Ann,30,{}\n"
    loaded(book, file(orders.format("EUR")))
    with pytest.raises(BookError, match="d_Transactions holds amounts in EUR, and these are in USD"):
        preview(book, [file(META.replace("EUR", "USD"))])
    loaded(book, file(META))
    with pytest.raises(BookError, match="d_Campaigns holds amounts in EUR, and these are in USD"):
        preview(book, [file(orders.format("USD"))])


def test_rows_of_campaigns_beside_those_of_their_ad_sets_are_refused(book, file):
    text = ("Campaign name,Delivery level,Amount spent (EUR),Starts,Ends,Reporting starts,Reporting ends\n"
            "Spring,campaign,30,2026-08-28,Ongoing,2026-09-01,2026-09-30\n"
            "Spring,adset,10,2026-08-28,Ongoing,2026-09-01,2026-09-30\n"
            "Spring,adset,20,2026-08-29,Ongoing,2026-09-01,2026-09-30\n")  # fmt: skip
    with pytest.raises(BookError, match=r"Delivery level is adset \(2\) and campaign \(1\)"):
        preview(book, [file(text)])
    for level in ("campaign", "adset"):
        plan = preview(book, [file(text)], where={"Delivery level": level})
        assert (plan.rows["Budget"], plan.rows["Start"]) == ([30], [day("2026-08-28")])


def test_a_campaign_with_an_amount_that_cannot_be_read_is_rejected(book, file):
    plan = preview(book, [file(by_day("2026-09-01,Spring,10", "2026-09-02,Spring,ten", "2026-09-02,New,5"))])
    assert plan.rows["Name"] == ["New"]
    assert [(problem.place, problem.reason) for problem in plan.rejected] == [
        ("export.csv, row 2", "Budget must be a number, and 'ten' was found"),
        ("export.csv, row 3", "Budget must be a number, and 'ten' was found"),
    ]


def test_a_report_that_does_not_name_its_days(book, file):
    text = GOOGLE.replace('"September 1, 2026 - September 30, 2026"', "All time")
    with pytest.raises(
        BookError, match=r'download the report by day, or say when the campaigns began, such as --map "Start==2026'
    ):
        preview(book, [file(text)])
    _, problem, rows = load_window(book, [file(text)], {})
    assert problem.endswith("such as Start from =2026-09-01")
    assert {row["name"]: row["value"] for row in rows}["Budget"] == "Cost"
    plan = loaded(book, file(text), mapping={"Start": "=2026-09-01"})
    assert any("with spend on days that it does not name" in note for note in plan.notes)
    plan = loaded(book, file(GOOGLE.replace("99.95", "80")))
    assert "Budget 99.95 → 80.00" in plan.updates


def test_reports_of_search_terms_are_no_campaigns(book, file):
    text = "Search term,Campaign,Currency code,Cost,Day\nflowers,Brand,EUR,5,2026-09-01\n"
    with pytest.raises(BookError, match="fit no table"):
        preview(book, [file(text)])


# --- windows and names


def test_the_window_shows_what_the_command_does(book, file):
    path = file(GOOGLE)
    plan, problem, rows = load_window(book, [path], {})
    values = {row["name"]: row["value"] for row in rows}
    assert (problem, values["Table"], values["Start"]) == ("", "tblCampaigns", "first day of the report")
    again, problem, _ = load_window(book, [path], values)
    assert (problem, again.rows) == ("", plan.rows)
    load(book, again)
    plan, _, _ = load_window(book, [file(GOOGLE.replace("99.95", "80"))], {})
    assert present.preview_notes(plan, 3)[0] == "Change 1 of the 2 rows of tblCampaigns?"
    assert "21456789013 Shopping: all: Budget 99.95 → 80.00, spent from 2026-09-01 to 2026-09-30" in (
        present.preview_notes(plan, 3)
    )


def test_a_name_for_ones_own_report(book, file):
    path = file(by_day("2026-09-01,Spring,100", "2026-09-02,Spring,1"))
    load(book, preview(book, [path]), save_as="Our report")
    [export] = own_exports(book)
    assert export.name == "Our report"
    other = MemoryBook()
    assert preview(other, [path]).rows["Budget"] == [101]
    assert preview(other, [path]).notes[0] == "export.csv is read as Our report"


def test_the_pages_example_of_an_own_report_is_read(book, file, project):
    page = (project / "docs" / "own-data.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```toml\n(.+?)```", page, re.DOTALL)
    book.kept_notes["export agency"] = example
    plan = preview(book, [file("Project;Booked on;Booked (USD)\nSpring;2026-09-01;5\nSpring;2026-09-02;6\n")])
    assert (plan.notes[0], plan.currencies) == ("export.csv is read as Agency report", {"USD": 2})
    assert (plan.rows["Campaign"], plan.rows["Budget"], plan.rows["Channel"]) == (["Spring"], [11], ["Radio"])


def test_orders_whose_link_names_the_campaign_are_of_it(book, file):
    loaded(book, file(GOOGLE))
    orders = "Order,Date,Customer,Total,utm_campaign\nA1,2026-09-05,Ann,30,brand\nA2,2026-09-05,Bo,9,21456789013\n"
    plan = preview(book, [file(orders + "A3,2026-09-05,Cy,9,newsletter\n")])
    assert plan.rows["Campaign"] == ["21456789012", "21456789013", None]
    assert any("2 orders have a campaign's name as their Coupon" in note for note in plan.notes)
    book.data["tblCampaigns"]["Coupon"][1] = "brand"
    assert preview(book, [file(orders)]).rows["Campaign"] == [None, "21456789013"]
    book.data["tblCampaigns"]["Coupon"][1] = None
    book.data["tblCampaigns"]["Name"][0] = book.data["tblCampaigns"]["Name"][1] = "Brand"
    assert preview(book, [file(orders)]).rows["Campaign"] == [None, "21456789013"]

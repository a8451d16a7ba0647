"""Contacts, customers who came and left, awareness, partners, complaints and ideas, against values by hand."""

import datetime as dt
from io import BytesIO

import openpyxl
import pytest

from addin.template import follow_up, lifecycle, loyalty, relations, scenarios
from addin.template.rules.book_reader import emptied

pytestmark = pytest.mark.thorough


def fill(book, sheet, *rows):
    """Type rows by the names of their columns."""
    at = {cell.value: cell.column for cell in book[sheet][4]}
    for number, row in enumerate(rows, start=5):
        for name, value in row.items():
            book[sheet].cell(number, at[name]).value = value


def in_row(result, sheet, row, columns):
    return [result[f"{sheet}!{column}{row}"] for column in columns]


def of_follow_up(result, key):
    return result[f"FollowUp!{follow_up.AT[key].replace('$', '')}"]


LOG = [
    {"Type": "Follow-up reorder", "Contacted": 40, "Orders": 3, "Positive": 10, "Cost": 30, "Level": "Just looking"},
    {"Type": "Response", "Contacted": 20, "Orders": 0, "Positive": 6, "Minutes": 60, "Level": "Just looking"},
    {"Type": "Follow-up reorder", "Customer": "K1", "Orders": 1, "Cost": 5, "Level": "Buying again"},
    {"Type": "Follow-up reorder", "Contacted": 10, "Orders": 0, "Cost": 2},
    {"Type": "Immediate sale", "Contacted": 500, "Orders": 9, "Cost": 99, "Level": "Total market"},
]
"""The last is what the campaign itself sold, and no contact; an hour costs 24."""
CAMPAIGNS = [("C01", dt.datetime(2026, 1, 1), 3_000), ("C02", dt.datetime(2026, 2, 1), 1_000),
             ("C03", dt.datetime(2026, 9, 1), 5_000)]  # fmt: skip
"""The last has not begun when the data end."""
MONTHS = [
    {"Month": dt.datetime(2026, 1, 1), "StartCustomers": 100, "New": 30, "Lost": 4},
    {"Month": dt.datetime(2026, 2, 1), "StartCustomers": 126, "New": 5, "Lost": 9},
]
SEGMENTS = [
    {"Segment": "Shop", "Purchases": 4, "Ticket": 25, "Years": 2},
    {"Segment": "Office", "Purchases": 10, "Ticket": 50, "Years": 3},
]
SINCE = [dt.datetime(2025, 12, 31)] * 3 + [dt.datetime(2026, 3, 2)]
CAME = [("P0", "Business", "Yes"), ("P1", "Meeting", "Yes"), ("P1", "None", "Yes"), ("P2", "Meeting", "No"),
        ("P3", "Business", "No")]  # fmt: skip
"""What came of the introductions for each partner, and whether one came back."""


COMPLAINTS = [(1, 4), (2, None), (3, 11), (9, None)]
"""Days of a month on which they came and were answered."""
IDEAS = [("Call", 6, 2, 3), ("Card", 8, 4, 1), ("Shop", None, 2, 2), ("Gift", 6, 1, 4), (None, 9, 1, 1)]
"""Usefulness, cost, difficulty; the first and the fourth come to the same."""


@pytest.fixture(scope="module")
def own(built):
    """A book with rows of its own in place of the sample's."""

    def book(log, months, segments):
        made = openpyxl.load_workbook(BytesIO(emptied(built)))
        fill(made, "d_Campaigns", *(
            {"Campaign": key, "Name": key, "Start": start, "Budget": 1, "Reach": reach}
            for key, start, reach in CAMPAIGNS
        ))  # fmt: skip
        day = dt.datetime(2026, 2, 1)
        fill(made, "d_FollowUps", *({"Campaign": "C01", "Date": day, "Price": 9, **row} for row in log))
        fill(made, "d_Periods", *months)
        fill(made, "d_Segments", *segments)
        fill(made, "d_Customers", *({"Customer": f"K{n}", "Segment": "Shop" if n else "Office"} for n in range(4)))
        fill(made, "d_Partners", *({"Partner": f"P{n}", "Name": f"P{n}", "Since": day} for n, day in enumerate(SINCE)))
        fill(made, "d_Introductions", *(
            {"Date": dt.datetime(2026, 5, 1), "Partner": partner, "Outcome": outcome, "CameBack": back}
            for partner, outcome, back in CAME
        ))  # fmt: skip
        return made

    return book


INPUTS = {"in_HourCost": 24, "in_Margin": 0.5, "in_Audience": 16_000, "in_Until": dt.datetime(2026, 3, 1),
          "in_TellBad": 7}  # fmt: skip


@pytest.fixture(scope="module")
def result(own, calculate):
    book = own(LOG, MONTHS, SEGMENTS)
    type_in(book, INPUTS)
    book["Pyramid"][f"F{lifecycle.FIRST_ROW}"].value = 0.4
    for row, (opened, answered) in enumerate(COMPLAINTS, start=loyalty.COMPLAINTS_ROW + 2):
        for column, day in (("C", opened), ("D", answered)):
            book["Loyalty"][f"{column}{row}"].value = dt.datetime(2026, 2, day) if day else None
    for row, idea in enumerate(IDEAS, start=scenarios.IDEAS_ROW + 2):
        for column, value in zip("BCDE", idea, strict=True):
            book["Scenarios"][f"{column}{row}"].value = value
    return calculate(book)


@pytest.fixture(scope="module")
def bare(own, calculate):
    """The same with a log without cost, no segments, no audience, and partners judged after a month."""
    log = [{name: value for name, value in row.items() if name not in ("Cost", "Minutes")} for row in LOG]
    book = own(log, MONTHS[:1], [])
    worth = {"in_Years": 2, "in_Purchases": 3, "in_AverageOrder": 10}
    type_in(book, INPUTS | worth | {"in_Audience": None, "in_ContactCost": 3, "in_JudgeMonths": 1})
    return calculate(book)


def type_in(book, inputs):
    for name, value in inputs.items():
        sheet, _, address = book.defined_names[name].attr_text.replace("$", "").partition("!")
        cell = book[sheet][address]
        (book[sheet][f"E{cell.row}"] if cell.data_type == "f" else cell).value = value


def test_a_positive_response_costs_what_the_contacts_cost(result):
    found = [of_follow_up(result, key) for key in ("contacts", "positive", "response")]
    assert found == pytest.approx([71, 10 + 6 + 1, (30 + 24 + 5 + 2) / 17])


def test_contacts_are_counted_by_the_level_that_the_log_notes(result):
    levels = {result[f"Pyramid!B{row}"]: in_row(result, "Pyramid", row, "CDEFGH")
              for row in range(lifecycle.LOG_FIRST, lifecycle.LOG_TOTAL + 1)}  # fmt: skip
    assert levels.pop("Just looking") == pytest.approx([60, 60 / 71, 3, 16, 54, 54 / 16])
    assert levels.pop("Buying again") == pytest.approx([1, 1 / 71, 1, 1, 5, 5])
    assert levels.pop("No level noted") == [10, pytest.approx(10 / 71), 0, 0, 2, ""]
    assert levels.pop("All contacts of the log") == pytest.approx([71, 1, 4, 17, 61, 61 / 17])
    assert list(levels.values()) == [[0, 0, 0, 0, 0, ""]] * 4


def test_contacts_without_a_cost_cost_what_inputs_say(bare):
    assert of_follow_up(bare, "response") == pytest.approx(71 * 3 / 17)
    assert in_row(bare, "Pyramid", lifecycle.LOG_TOTAL, "GH") == pytest.approx([213, 213 / 17])


def test_the_last_month_says_who_came_who_left_and_the_value_that_left(result):
    worth = (3 * 200 + 1500) / 4 * 0.5
    found = [result[f"Loyalty!M{row}"] for row in range(loyalty.LAST_MONTH_ROW, loyalty.LAST_MONTH_ROW + 7)]
    assert found == pytest.approx([5, 9, -4, worth, 5 * worth, 9 * worth, -4 * worth])
    assert result["Dashboard!H21"].startswith("5 came, 9 left: -4")


def test_without_segments_a_customer_is_worth_what_inputs_say(bare):
    assert (bare["out_NetLast"], bare["out_ValueLost"]) == (26, 4 * 30)


def test_awareness_is_the_share_of_the_target_audience_that_was_reached(result, bare):
    assert in_row(result, "Pyramid", lifecycle.FIRST_ROW, "CDFG") == pytest.approx([4_000, 0.25, 0.4, -0.15])
    assert in_row(bare, "Pyramid", lifecycle.FIRST_ROW, "CDG") == [4_000, "", ""]


def test_a_partner_is_judged_two_months_after_the_start_by_what_came(result, bare):
    day = dt.datetime(2026, 2, 28)
    assert [in_row(result, "Relations", relations.FIRST_ROW + n, "KLMN") for n in range(4)] == [
        [1, 1, day, "keep: business came"],
        [2, 0, day, "keep: introductions came"],
        [0, 0, day, "let go: nothing came"],
        [0, 1, dt.datetime(2026, 5, 2), "too early"],
    ]
    assert in_row(bare, "Relations", relations.FIRST_ROW + 3, "MN") == [dt.datetime(2026, 4, 2), "keep: business came"]


def test_complaints_are_open_until_they_are_answered(result):
    rows = [result[f"Loyalty!M{row}"] for row in range(loyalty.COMPLAINTS_ROW + 2, loyalty.COMPLAINTS_ROW + 8)]
    assert rows == pytest.approx([4, 2, 2, (3 + 8) / 2, 2 * 7, 4 * 7])


def test_ideas_are_ranked_by_usefulness_over_cost_and_difficulty(result):
    first = scenarios.IDEAS_ROW + 2
    assert [result[f"Scenarios!G{first + n}"] for n in range(5)] == [2, 1, "", 3, ""]
    assert [result[f"Scenarios!J{first + n}"] for n in range(4)] == ["Card", "Call", "Gift", ""]
    assert [result[f"Scenarios!K{first + n}"] for n in range(3)] == pytest.approx([8 / 5, 6 / 5, 6 / 5])


def test_neither_shows_anything_while_there_is_none(bare):
    assert [bare[f"Loyalty!M{loyalty.COMPLAINTS_ROW + 2 + n}"] for n in range(6)] == [0, 0, 0, "", 0, 0]
    assert [bare[f"Scenarios!J{scenarios.IDEAS_ROW + 2 + n}"] for n in range(3)] == ["", "", ""]

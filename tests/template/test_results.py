"""What the native formulas come to, in two engines that know nothing of the add-in."""

from io import BytesIO
from math import comb, sqrt

import openpyxl
import pytest

from addin.build import template_workbook
from addin.template import sample
from addin.template.metrics import MEASURES, NO_TWIN

LADDER = {
    "out_Gross1": 0.6, "out_Gross2": 0.69, "out_Gross3": 1.275,
    "out_Net1": -0.4, "out_Net2": -0.31, "out_Net3": 0.275, "out_Breakeven": 9,
}  # fmt: skip
"""The florist article's returns, and the same net of the spend; month 9 is the first with 10,000 back."""


@pytest.mark.parametrize("source", ["Log", "Transactions"])
def test_the_ladder_is_the_florists_from_either_source(opened, calculate, set_input, source):
    set_input(opened, "in_Source", source)
    result = calculate(opened)
    assert {name: result[name] for name in LADDER} == pytest.approx(LADDER, abs=1e-12)
    assert result["chk_All"] == "OK"
    assert result["Start!B5"] == (
        "The campaign brought back 60% of its spend at once, 69% by the first follow-up, 127.5% in all."
    )


def test_libreoffice_agrees(opened, convert, set_input):
    set_input(opened, "in_Source", "Transactions")
    values = convert(opened)
    found = {name: value_of(values, name) for name in LADDER}
    assert found == pytest.approx(LADDER, abs=1e-12)
    assert value_of(values, "chk_All") == "OK"


def value_of(values, name):
    sheet, _, address = values.defined_names[name].attr_text.replace("$", "").partition("!")
    return values[sheet][address].value


def test_margin_and_cost_of_follow_up_count_in_the_net_return(opened, calculate, set_input):
    """Half of 12,750 is left, 10,000 and 500 for calls are spent."""
    set_input(opened, "in_Margin", 0.5)
    opened["d_FollowUps"]["I6"].value = 500
    result = calculate(opened)
    assert result["out_Net3"] == pytest.approx((12_750 * 0.5 - 10_500) / 10_500)
    assert result["out_Gross3"] == pytest.approx(12_750 / 10_500)
    assert result["out_Gross1"] == 0.6  # the call came later
    assert result["out_Breakeven"] == "not yet"


def test_a_row_counts_its_month_from_its_own_campaign(opened, calculate, set_input):
    sheet = opened["d_FollowUps"]
    sheet["C6"].value, sheet["D6"].value = "C02", sheet["D6"].value.replace(year=2026, month=4)
    set_input(opened, "in_Campaign", "C02")
    result = calculate(opened)
    assert result["d_FollowUps!L6"] == 1
    assert result["out_Gross3"] == pytest.approx(900 / 4_000)


FAULTS = [
    ("d_Transactions", "B6", "sample-001", "No order id stands twice"),
    ("d_Transactions", "E9", "C99", "Every order names a known campaign"),
    ("d_FollowUps", "C8", "C99", "Every row of the log names a known campaign"),
    ("d_FollowUps", "G7", 13, "Log and order rows: as many orders"),
    ("d_FollowUps", "H7", 31, "Log and order rows: the same revenue"),
    ("d_FollowUps", "E6", "Gift", "ROI_ROC catches every order of the campaign"),
    ("d_FollowUps", "E6", "Gift", "ROI_ROC catches all revenue of the campaign"),
    ("d_Survey", "F8", "nine", "Every answer is a number on its scale"),
    ("d_Periods", "C9", 400, "A month starts with the customers of the month before"),
    ("Inputs", "G15", 5, "Milestones are in order"),
]


def test_a_fault_in_the_data_turns_its_check_red(opened, calculate, set_input):
    for sheet, cell, value, _ in FAULTS:
        opened[sheet][cell].value = value
    set_input(opened, "in_Scenario", "Ambitious")
    result = calculate(opened)
    rows = range(6, opened["Checks"].max_row + 1)
    outcome = {opened["Checks"].cell(row, 3).value: result[f"Checks!G{row}"] for row in rows}
    assert {test: outcome[test] for *_, test in FAULTS} == {test: "CHECK" for *_, test in FAULTS}
    assert outcome["Parts add up to the gross return"] == "OK"
    assert result["out_Status"] == "Checks: LOOK"


def native(result):
    """The native twins by their label."""
    sheet = result.book["Metrics"]
    return {sheet.cell(row, 2).value: result.at(sheet.cell(row, 5)) for row in range(5, sheet.max_row + 1)}


def test_native_twins_come_to_what_the_sample_says(opened, calculate):
    twins = native(calculate(opened))
    scores = {scale: [s for *_, sc, s in sample.answers() if sc == scale] for scale in ("0 to 10", "1 to 10")}
    for scale, given in scores.items():
        score = 100 * (sum(s >= 9 for s in given) - sum(s <= 6 for s in given)) / len(given)
        assert twins[f"NPS, asked on {scale}"] == pytest.approx(score)
    p, d = (38 + 0.75) / 83, (16 + 0.75) / 83  # Rocks 2016, of 80 answers
    half = 1.959963984540054 * sqrt((p + d - (p - d) ** 2) / 83)
    assert twins["NPS 0 to 10, low end of the interval"] == pytest.approx(100 * (p - d - half))
    churn = sum(sample.LOST) / sum(start for _, start, *_ in sample.periods())
    assert twins["Lifespan, months"] == pytest.approx(1 / churn)
    assert twins["Churn a year"] == pytest.approx(sum((-1) ** (k + 1) * comb(12, k) * churn**k for k in range(1, 13)))
    spent = {}
    for _, _, customer, _, _, units, price in sample.orders():
        spent[customer] = spent.get(customer, 0) + units * price
    best = sorted(spent.values(), reverse=True)[: len(spent) // 5]
    assert twins["What the best customers bring"] == pytest.approx(sum(best) / 12_750)
    assert twins["A customer for life"] == 50_000  # the article's 5 x 20 x 500
    assert twins["A customer for life, discounted"] == pytest.approx(sum(10_000 / 1.1**year for year in range(1, 6)))


def test_the_order_of_the_rows_does_not_matter(opened, calculate):
    """Calculated columns look at no row above them, so that a table can be sorted."""
    sheet = opened["d_Transactions"]
    typed = [[sheet.cell(row, column).value for column in range(2, 9)] for row in range(5, 430)]
    for row, values in enumerate(reversed(typed), start=5):
        for column, value in enumerate(values, start=2):
            sheet.cell(row, column).value = value
    twins = native(calculate(opened))
    assert twins["What the best customers bring"] == pytest.approx(0.3788235294117647)
    assert twins["Customers with orders"] == 330


def test_the_add_ins_functions_agree_with_their_twins():
    values = openpyxl.load_workbook(BytesIO(template_workbook()), data_only=True)["Metrics"]
    measures = {m.label: m for _, group in MEASURES for m in group}
    found = {
        values.cell(row, 2).value: values.cell(row, 7).value
        for row in range(5, values.max_row + 1)
        if values.cell(row, 7).value
    }
    assert found == {label: "–" if measure.twin == NO_TWIN else "OK" for label, measure in measures.items()}

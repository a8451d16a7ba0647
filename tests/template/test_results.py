"""What the native formulas come to, in two engines that know nothing of the add-in."""

import datetime as dt
from io import BytesIO
from math import comb, sqrt

import openpyxl
import pytest
from openpyxl.utils.datetime import to_excel

from addin.schema import sample
from addin.template import inputs, roi_roc
from addin.template.metrics import MEASURES, NO_TWIN
from addin.template.rules.book_reader import value_of

STAGES = {
    "out_Gross1": 0.6, "out_Gross2": 0.69, "out_Gross3": 1.275,
    "out_Net1": -0.4, "out_Net2": -0.31, "out_Net3": 0.275, "out_Breakeven": 9,
}  # fmt: skip
"""The florist article's returns, and the same net of the spend; month 9 is the first with 10,000 back."""


@pytest.mark.parametrize("source", ["Log", "Transactions"])
def test_the_stages_are_the_florists_from_either_source(opened, calculate, set_input, source):
    set_input(opened, "in_Source", source)
    result = calculate(opened)
    assert {name: result[name] for name in STAGES} == pytest.approx(STAGES, abs=1e-12)
    assert result["chk_All"] == "OK"
    assert result["Start!B5"] == (
        "The campaign brought back 60% of its spend at once, 69% by the first follow-up, 127.5% in all; "
        "not compared with a baseline."
    )


@pytest.mark.thorough
def test_three_engines_agree_on_every_native_formula(opened, built, by_formulon, in_libreoffice):
    """Where the add-in is asked they differ: two of them have none."""
    headless = openpyxl.load_workbook(BytesIO(built), data_only=True)
    formulon = by_formulon(opened)
    compared, differ = 0, {}
    for sheet in opened.worksheets:
        if sheet.title in ("Metrics", "Functions"):
            continue
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            asked = sheet.title == "Checks" and "Metrics!" in str(sheet[f"D{cell.row}"].value)
            if asked or "out_AddinState" in cell.value:
                continue
            place = sheet.title, cell.coordinate
            found = [plain(formulon.at(cell)), *(plain(book[place[0]][place[1]].value)
                                                   for book in (headless, in_libreoffice))]  # fmt: skip
            compared += 1
            if not all(same(found[0], other) for other in found[1:]):
                differ[place] = found
    assert differ == {}
    assert compared > 8_000


def plain(value):
    if isinstance(value, (dt.date, dt.time)):  # openpyxl reads a 0 that shows as a date as a time
        return to_excel(value)
    return {None: "", "error 6": "#N/A"}.get(value, value)  # 6 is formulon's number of it


def same(one, other):
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= 1e-9 * max(1, abs(one))
    return one == other


@pytest.mark.thorough
def test_libreoffice_finds_the_florist_too(in_libreoffice):
    found = {name: value_of(in_libreoffice, name) for name in STAGES}
    assert found == pytest.approx(STAGES, abs=1e-12)
    assert value_of(in_libreoffice, "chk_All") == "OK"


def test_the_parts_follow_the_source_of_the_orders(opened, calculate, set_input):
    """An order more in the log changes nothing where orders come from single rows."""
    opened["d_FollowUps"]["G6"].value = 31
    set_input(opened, "in_Source", "Transactions")
    result = calculate(opened)
    row = roi_roc.PART_ROWS[1]
    assert (result[f"ROI_ROC!C{row}"], result[f"ROI_ROC!D{row}"]) == (30, 900)
    assert result["out_Gross2"] == result["out_FromOrders2"] == pytest.approx(0.69)
    assert result["out_FromLog2"] == pytest.approx(0.693)


def test_margin_and_cost_of_follow_up_count_in_the_net_return(opened, calculate, set_input):
    """Half of 12,750 is left, 10,000 and 500 for calls are spent."""
    set_input(opened, "in_Margin", 0.5)
    opened["d_FollowUps"]["I6"].value = 500
    result = calculate(opened)
    assert result["out_Net3"] == pytest.approx((12_750 * 0.5 - 10_500) / 10_500)
    assert result["out_Gross3"] == pytest.approx(12_750 / 10_500)
    assert result["out_Gross1"] == 0.6  # the call came later
    assert result["out_Breakeven"] == "not yet"


@pytest.mark.thorough
def test_a_row_counts_its_month_from_its_own_campaign(opened, calculate, set_input):
    sheet = opened["d_FollowUps"]
    sheet["C6"].value, sheet["D6"].value = "C02", sheet["D6"].value.replace(year=2026, month=4)
    set_input(opened, "in_Campaign", "C02")
    result = calculate(opened)
    assert result["d_FollowUps!R6"] == 1
    assert result["out_Gross3"] == pytest.approx(900 / 4_000)


FAULTS = [
    ("d_Transactions", "B6", "sample-001", "No order id stands twice"),
    ("d_Transactions", "E9", "C99", "Every order names a known campaign"),
    ("d_FollowUps", "C8", "C99", "Every row of the log names a known campaign"),
    ("d_FollowUps", "G7", 13, "Sample only: log and order rows have as many orders"),
    ("d_FollowUps", "H7", 31, "Sample only: log and order rows have the same revenue"),
    ("d_FollowUps", "E6", "Gift", "ROI_ROC catches every order of the campaign"),
    ("d_FollowUps", "E6", "Gift", "ROI_ROC catches all revenue of the campaign"),
    ("d_Survey", "F8", "nine", "Every answer is a number on its scale"),
    ("d_Periods", "C9", 400, "A month starts with the customers of the month before"),
    ("Inputs", f"E{inputs.ROW['in_M1']}", 5, "Milestones are in order"),
    ("d_Customers", "B6", "K003", "No customer id stands twice"),
    ("d_Customers", "E9", dt.datetime(2027, 1, 1), "No order is older than its customer"),
    ("d_Customers", "D7", "Fax", "Every source of a customer is on the list"),
    ("d_Customers", "C8", "Nobody", "Every segment of a customer is in d_Segments"),
    ("d_Transactions", "D10", "K999", "Every order names a known customer"),
    ("d_Transactions", "D10", "K999", "Revenue of customers and of orders is the same"),
    ("d_Partners", "B6", "P1", "No partner id stands twice"),
    ("d_Introductions", "C7", "P9", "Every introduction names a known partner"),
    ("d_FollowUps", "D12", dt.datetime(2052, 1, 5), "No date lies a year after the last refresh and nearly all others"),
    ("d_Periods", "E8", 900, "No month loses more customers than it began with"),
    ("Pyramid", "I6", 1.4, "Every number typed on a sheet lies within its limits"),
]


@pytest.mark.thorough
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
    look_at = {opened["Checks"].cell(row, 3).value: result[f"Checks!H{row}"] for row in rows}
    assert look_at["No date lies a year after the last refresh and nearly all others"] == "d_FollowUps!D12"
    assert look_at["Every number typed on a sheet lies within its limits"] == "Pyramid!I6"
    assert plain(result["out_DataUntil"]) == to_excel(
        max(day for _, _, day, *_ in sample.follow_ups() if day.year < 2052)
    )


def native(result):
    """The native twins by their label."""
    sheet = result.book["Metrics"]
    return {sheet.cell(row, 2).value: result.at(sheet.cell(row, 5)) for row in range(5, sheet.max_row + 1)}


def test_native_twins_come_to_what_the_sample_says(as_shipped):
    twins = native(as_shipped)
    scores = {scale: [s for *_, sc, s in sample.answers() if sc == scale] for scale in ("0 to 10", "1 to 10")}
    for scale, given in scores.items():
        score = 100 * (sum(s >= 9 for s in given) - sum(s <= 6 for s in given)) / len(given)
        assert twins[f"NPS, asked on {scale}"] == pytest.approx(score)
    p, d = (38 + 0.75) / 83, (16 + 0.75) / 83  # Rocks 2016, of 80 answers
    half = 1.959963984540054 * sqrt((p + d - (p - d) ** 2) / 83)
    assert twins["NPS 0 to 10, low end of the interval"] == pytest.approx(100 * (p - d - half))
    churn = sum(sample.LOST) / sum(start for _, start, *_ in sample.periods())
    assert twins["Lifespan, months"] == pytest.approx(1 / churn)
    yearly = sum((-1) ** (k + 1) * comb(12, k) * churn**k for k in range(1, 13))
    assert twins["Churn used, a year"] == pytest.approx(yearly)
    spent = {}
    for _, _, customer, _, _, units, price in sample.orders():
        spent[customer] = spent.get(customer, 0) + units * price
    best = sorted(spent.values(), reverse=True)[: len(spent) // 5]
    assert twins["What the best customers bring"] == pytest.approx(sum(best) / 12_750)
    assert twins["A customer for life"] == 50_000  # the article's 5 x 20 x 500
    assert twins["A customer for life, discounted"] == pytest.approx(sum(10_000 / 1.1**year for year in range(1, 6)))


@pytest.mark.thorough
def test_the_order_of_the_rows_does_not_matter(opened, calculate, as_shipped):
    """Calculated columns look at no row above them, so that a table can be sorted."""
    for sheet, table in ((s, table) for s in opened.worksheets for table in s.tables.values()):
        rows = [[cell for cell in row if cell.data_type != "f"] for row in sheet[table.ref][1:]]
        for row, values in zip(rows, [[cell.value for cell in row] for row in reversed(rows)], strict=True):
            for cell, value in zip(row, values, strict=True):
                cell.value = value
    result = calculate(opened)
    results = [name for name in opened.defined_names if name.startswith("out_") and "Addin" not in name]
    results = [name for name in results if name not in ("out_NoAnswer", "out_Difference")]
    assert len(results) > 30
    assert {n: plain(result[n]) for n in results} == pytest.approx({n: plain(as_shipped[n]) for n in results})
    for sheet, row in (("Cohorts", 7), ("Pyramid", 47), ("Value", 12)):
        for column in "CDEFGH":
            place = f"{sheet}!{column}{row}"
            assert plain(result[place]) == pytest.approx(plain(as_shipped[place]))


def test_the_add_ins_functions_agree_with_their_twins(built):
    values = openpyxl.load_workbook(BytesIO(built), data_only=True)["Metrics"]
    measures = {m.label: m for _, group in MEASURES for m in group}
    found = {
        values.cell(row, 2).value: values.cell(row, 7).value
        for row in range(5, values.max_row + 1)
        if values.cell(row, 7).value
    }
    assert found == {label: "–" if measure.twin == NO_TWIN else "OK" for label, measure in measures.items()}

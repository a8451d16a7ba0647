"""What the book says of margin, of a running campaign, of a sale at once, and of cells that hold no number."""

import datetime as dt

import pytest
from openpyxl.utils import get_column_letter

from addin.schema import entered_tables, sample
from addin.schema.declaration import ColumnKind
from addin.template import checks, inputs, loyalty, pyramid, roi_roc, scenarios
from addin.template.rules.book_reader import cells

LOG = [(row, *values) for row, values in enumerate(sample.follow_ups(), start=5)]


def shares(result, column):
    return [result[f"ROI_ROC!{column}{row}"] for row in (*roi_roc.PART_ROWS, roi_roc.PARTS_TOTAL_ROW)]


@pytest.mark.thorough
def test_at_a_margin_below_one_net_leads_everywhere(opened, calculate, set_input):
    """12,750 at 40% leaves 5,100 of the 10,000 spent."""
    set_input(opened, "in_Margin", 0.4)
    result = calculate(opened)
    assert [result[f"Dashboard!{c}"] for c in ("H8", "H12", "B8", "D8")] == pytest.approx([-0.76, -0.724, -0.49, 1.275])
    assert [result[f"Dashboard!{c}7"] for c in "BDF"] == ["Not paid back: ROC, net", "Gross return", "Money back"]
    assert (result["Dashboard!D9"], result["Dashboard!F8"]) == ("USD 5,100 back of 10,000, after margin", "not yet")
    assert result["Dashboard!H9"] == "net; gross 60%"
    assert result["Start!B5"] == (
        "At a margin of 40% the net return is -76% at once, -72.4% by the first follow-up, -49% in all; "
        "not compared with a baseline."
    )
    assert result["Start!B6"] == "Gross: 60%, 69%, 127.5% of the spend. Spend recovered: not yet."
    assert result[f"ROI_ROC!H{roi_roc.ROW['break-even']}"] == pytest.approx(2.5)
    assert shares(result, "H")[-1] == pytest.approx(0.51)
    assert sum(shares(result, "G")[:-1]) == pytest.approx(0.51)
    assert result["out_PlanNet"] == pytest.approx(-0.49)
    plan = scenarios.TABLE_ROW + 2 + scenarios.DOWN.index(0.15)
    assert result[f"Scenarios!F{plan}"] == pytest.approx(-0.49)


def test_colours_follow_the_sign_of_the_net_return(opened):
    conditions = opened["Dashboard"].conditional_formatting
    rules = [(str(cells.sqref), rule.formula[0]) for cells in conditions for rule in cells.rules]
    assert {("H8", "N(out_Net1)<0"), ("H12", "N(out_Net2)<0"), ("B7:B9", "N(out_Net3)<0")} <= set(rules)


@pytest.mark.thorough
def test_a_running_campaign_is_blank_after_the_last_data(opened, calculate):
    """Month 7 is August; what came until then is all there is."""
    for (
        row,
        *_,
    ) in LOG:
        if opened["d_FollowUps"][f"D{row}"].value >= dt.datetime(2025, 9, 1):
            for column in "BCDEFGHIJ":
                opened["d_FollowUps"][f"{column}{row}"].value = None
    result = calculate(opened)
    so_far = sum(orders for _, _, _, _, _, orders, *_ in sample.follow_ups()[:8]) * 30 / 10_000
    assert result["out_Gross3"] == pytest.approx(so_far)
    assert result["Start!B5"].endswith(f"{round(so_far * 100, 1):g}% so far, month 7; not compared with a baseline.")
    assert result["Dashboard!B9"] == "gross, with all follow-up; so far, month 7"
    drawn = [result[f"ROI_ROC!{column}{roi_roc.DRAWN_ROW['ROC']}"] for column in roi_roc.POINTS]
    assert drawn[7] == pytest.approx(so_far)
    assert drawn[8:] == ["#N/A"] * 5
    assert [result[f"ROI_ROC!{column}{roi_roc.ROW['ROC']}"] for column in roi_roc.POINTS[8:]] == [""] * 5


@pytest.mark.thorough
def test_a_day_typed_on_inputs_ends_the_data(opened, calculate, set_input):
    set_input(opened, "in_Until", dt.datetime(2025, 5, 31))
    result = calculate(opened)
    assert (result["out_MonthsKnown"], result["out_SoFar2"], result["out_SoFar3"]) == (4, "", "so far, month 4")
    assert result["out_Gross3"] == pytest.approx(0.69)


@pytest.mark.thorough
def test_sold_at_once_is_the_same_in_tile_and_waterfall(opened, calculate):
    """By date, whatever the type: a reorder of month 1 counts, a first sale of month 6 does not."""
    log = opened["d_FollowUps"]
    log["E5"].value = "Repeat order"
    log["E6"].value, log["D6"].value = "Immediate sale", dt.datetime(2025, 7, 1)
    result = calculate(opened)
    assert result["Dashboard!H8"] == result["out_Gross1"] == 0.6
    assert shares(result, "E")[0] == 0.6
    assert sum(shares(result, "E")[:-1]) == pytest.approx(result["out_Gross3"])
    assert result[f"ROI_ROC!C{roi_roc.PART_ROWS[2]}"] == 130 + 30


@pytest.mark.thorough
def test_many_units_make_no_repeat_buyer(opened, calculate, set_input):
    """K002 ordered once, five pieces at 0.49."""
    orders = opened["d_Transactions"]
    orders["G6"].value, orders["H6"].value = 5, 0.49
    set_input(opened, "in_Source", "Transactions")
    result = calculate(opened)
    assert orders["D6"].value == opened["d_Customers"]["B6"].value == "K002"
    columns = {cell.value: cell.column_letter for cell in opened["d_Customers"][4]}
    assert result[f"d_Customers!{columns['Orders']}6"] == 1
    assert result[f"d_Customers!{columns['Level']}6"] == "Just buying"
    assert result[f"d_Customers!{columns['Revenue']}6"] == pytest.approx(2.45)
    assert result[f"ROI_ROC!D{roi_roc.ROW['orders']}"] == 425
    assert result["out_Gross1"] == pytest.approx((199 * 30 + 2.45) / 10_000)


def test_prices_show_their_decimals(opened):
    for table in entered_tables().values():
        for place, column in enumerate(table.columns, start=2):
            if column.name in ("Price", "Cost", "Ticket", "CustomerTotal"):
                assert "0.00" in opened[table.sheet].cell(5, place).number_format, (table.name, column.name)


@pytest.mark.thorough
def test_a_budget_of_nothing_is_named(opened, calculate):
    opened["d_Campaigns"]["E5"].value = 0
    result = calculate(opened)
    assert result["Start!B5"] == "No return yet, since nothing was spent: put the Budget of C01 into d_Campaigns."
    assert (result["Start!B6"], result["Dashboard!H8"]) == ("", "no data")


@pytest.mark.thorough
def test_scenarios_change_what_is_to_come_and_not_what_was(opened, calculate, set_input, as_shipped):
    set_input(opened, "in_Scenario", "Cautious")
    result = calculate(opened)
    assert [result[f"out_Net{step}"] for step in (1, 2, 3)] == pytest.approx([-0.4, -0.31, 0.275])
    assert result["out_PlanNet"] < 0 < as_shipped["out_PlanNet"]
    single = {name: row for name, row in inputs.ROW.items() if opened["Inputs"][f"D{row}"].value == f"=E{row}"}
    assert {"in_Margin", "in_M1", "in_Confidence"} <= single.keys()
    assert all(opened["Inputs"][f"F{row}"].value is None for row in single.values())


@pytest.mark.thorough
def test_a_blank_plan_takes_what_the_campaign_measured(opened, calculate):
    """The florist's plan is the campaign itself, so the plan's return must be the campaign's."""
    for name in inputs.ROW:
        if name.startswith("in_Plan"):
            opened["Inputs"][f"E{inputs.ROW[name]}"].value = None
    opened["d_FollowUps"]["I6"].value = 100
    result = calculate(opened)
    assert result["out_PlanROC"] == pytest.approx(12_750 / 10_100)
    assert result["out_PlanNet"] == pytest.approx(result["out_Net3"])


def test_shares_add_up_as_shown(as_shipped):
    for row in (loyalty.SHOWN_ROW, *loyalty.SCALE_ROWS.values()):
        shown = [as_shipped[f"Loyalty!{column}{row}"] for column in "GHI"]
        assert [round(share, 2) for share in shown] == pytest.approx(shown)
        assert sum(shown) == pytest.approx(1)


@pytest.mark.thorough
def test_a_channel_keeps_its_mark_in_any_order(opened, calculate, as_shipped):
    sheet, _, cells = opened.defined_names["lst_Channels"].attr_text.replace("$", "").partition("!")
    rows = [row[0].row for row in opened[sheet][cells]]
    column = opened[sheet][cells][0][0].column
    for place in (column, column + 1):
        for row, value in zip(rows, [opened[sheet].cell(r, place).value for r in reversed(rows)], strict=True):
            opened[sheet].cell(row, place).value = value
    assert calculate(opened)["out_ReferralShare"] == as_shipped["out_ReferralShare"] > 0.1


@pytest.mark.thorough
def test_on_own_data_the_pyramid_says_where_it_differs_from_the_article(opened, calculate):
    opened["Pyramid"][f"H{pyramid.FIRST_ROW + 1}"].value = 20
    assert calculate(opened)[f"Pyramid!B{pyramid.TOTAL_ROW + pyramid.TOTALS}"] == (
        "Unlike in the article, the step to Telling others is not larger than the one before it."
    )


@pytest.mark.thorough
def test_a_text_in_a_column_of_numbers_is_named_and_the_rest_is_kept(opened, calculate, set_input):
    places = {}
    for table in entered_tables().values():
        last = opened[table.sheet].tables[table.name].ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        for place, column in enumerate(table.columns, start=2):
            if not column.formula and column.kind in (ColumnKind.NUMBER, ColumnKind.DATE):
                cell = f"{get_column_letter(place)}{last}"
                opened[table.sheet][cell].value = "to be told"
                places[f"{table.name}[{column.name}]"] = f"{table.sheet}!{cell}"
    result = calculate(opened)
    errors = [place for place, cell in cells(result.values) if cell.data_type == "e" and cell.value != "#N/A"]
    assert [place for place in errors if not place.startswith(("Checks", "Functions"))] == []
    first = checks.TEXTS_ROW + 1
    rows = range(first, first + len(checks.NUMBER_COLUMNS))
    assert {opened["Checks"][f"C{row}"].value: result[f"Checks!H{row}"] for row in rows} == places
    assert result["Checks!H4"] == next(iter(places.values()))
    assert result["Start!B5"].startswith("The campaign brought back 60% of its spend at once, 69%")


@pytest.mark.thorough
def test_own_rows_in_only_one_of_log_and_orders_raise_no_alarm(opened, calculate):
    """One own row beside the log of the sample: what holds for the sample alone is no longer asked."""
    opened["d_FollowUps"]["G6"].value, opened["d_FollowUps"]["J6"].value = 44, "our own call"
    result = calculate(opened)
    assert result["chk_SampleOnly"] == "No"
    assert result["chk_All"] == "OK"

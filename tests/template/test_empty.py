"""With every row of the user cleared the template stands still: no error, no false alarm."""

import datetime as dt

import pytest

from addin.template import campaigns, forecast, roi_roc
from addin.template.rules.book_reader import cells, emptied, sheet_of, with_values


@pytest.mark.thorough
def test_no_cell_shows_an_error_and_no_check_fails(empty, by_formulon):
    result = by_formulon(empty)
    shown = {
        f"{sheet.title}!{cell.coordinate}": result.at(cell)
        for sheet in empty.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and "NA()" not in cell.value
    }
    assert {place: value for place, value in shown.items() if str(value).startswith("error")} == {}
    assert result["chk_All"] == "OK"
    assert result["out_Headline"] == "No result yet: fill d_Campaigns and d_FollowUps."
    assert [result[f"out_{kind}{step}"] for kind in ("Gross", "Net") for step in (1, 2, 3)] == [""] * 6
    shown = [result[f"Dashboard!{cell}"] for cell in ("B8", "D8", "F8", "H8", "H12", "H16", "H20", "H24")]
    assert shown == ["no data", "no data", "not yet", "no data", "no data", "no answers", "no data", "no partners"]


@pytest.mark.thorough
def test_libreoffice_shows_none_either(built, by_libreoffice):
    values = with_values(emptied(built), by_libreoffice)
    shown = {place: cell for place, cell in cells(values) if cell.data_type == "e" and sheet_of(cell).title != "Checks"}
    assert {cell.value for cell in shown.values()} == {"#N/A"}
    assert {(sheet_of(cell).title, cell.row) for cell in shown.values()} == {
        *(("ROI_ROC", row) for row in (*roi_roc.DRAWN_ROW.values(), *roi_roc.ENDS_ROW.values())),
        *(("Campaigns", campaigns.FEED_ROW + pick) for pick in range(1, campaigns.PICKS + 1)),
    }
    assert values["Checks"]["G4"].value == "OK"


@pytest.mark.thorough
def test_the_sample_is_announced_while_a_row_of_it_is_left(empty, calculate):
    left = [("d_Survey", "B9"), ("d_Customers", "I7"), ("d_Segments", "F5"), ("d_Partners", "H5"),
            ("d_Introductions", "K9"), ("d_Periods", "F6")]  # fmt: skip
    for sheet, cell in left:
        empty[sheet][cell].value = "sample"
    result = calculate(empty)
    assert result["Start!B7"] == f"SAMPLE DATA: {len(left)} rows of the tables are a made-up example."
    assert result["Dashboard!C3"] == "SAMPLE DATA"
    for name in ("Campaigns", "ROI_ROC", "Loyalty", "Value", "Relations"):
        assert result[f"{name}!B2"].endswith("?"), name


def test_customers_who_are_missing_are_asked_for_where_they_count(empty, calculate):
    for column, value in zip("BCDGH", ["A1", dt.datetime(2026, 1, 5), "X1", 1, 30], strict=True):
        empty["d_Transactions"][f"{column}5"].value = value
    result = calculate(empty)
    for name in ("Pyramid", "Cohorts"):
        assert result[f"{name}!B2"].startswith("Orders are there, and d_Customers is empty")
    assert result[f"Value!C{forecast.STATE_ROW}"] == "none: no customer has bought twice yet"

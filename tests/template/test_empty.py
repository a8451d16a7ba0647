"""With every row of the user cleared the template stands still: no error, no false alarm."""

import pytest

from addin.template import roi_roc
from addin.template.rules.book_reader import cells, emptied, sheet_of, with_values


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
    assert result["out_Banner"] == result["Start!B7"] == ""
    assert [result[f"out_{kind}{step}"] for kind in ("Gross", "Net") for step in (1, 2, 3)] == [""] * 6
    assert [result[f"Dashboard!{column}5"] for column in "BDFHJL"] == [
        "no data", "no data", "no data", "no answers", "no data", "no partners",
    ]  # fmt: skip


@pytest.mark.thorough
def test_libreoffice_shows_none_either(built, by_libreoffice):
    values = with_values(emptied(built), by_libreoffice)
    shown = {place: cell for place, cell in cells(values) if cell.data_type == "e" and sheet_of(cell).title != "Checks"}
    assert {cell.value for cell in shown.values()} == {"#N/A"}
    assert {(sheet_of(cell).title, cell.row) for cell in shown.values()} == {
        ("ROI_ROC", row) for row in roi_roc.DRAWN_ROW.values()
    }
    assert values["Checks"]["G4"].value == "OK"


def test_the_sample_is_announced_while_a_row_of_it_is_left(empty, calculate):
    left = [("d_Survey", "B9"), ("d_Customers", "I7"), ("d_Segments", "F5"), ("d_Partners", "H5"),
            ("d_Introductions", "K9"), ("d_Periods", "F6")]  # fmt: skip
    for sheet, cell in left:
        empty[sheet][cell].value = "sample"
    result = calculate(empty)
    assert result["Start!B7"] == f"SAMPLE DATA: {len(left)} rows of the tables are a made-up example."
    assert result["Dashboard!L2"] == "SAMPLE DATA"

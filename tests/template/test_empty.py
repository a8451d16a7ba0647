"""With every row of the user cleared the template stands still: no error, no false alarm."""

from addin.template.rules import VALUE_RULES, broken


def test_no_cell_shows_an_error_and_no_check_fails(empty, calculate):
    result = calculate(empty)
    shown = {
        f"{sheet.title}!{cell.coordinate}": result.at(cell)
        for sheet in empty.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert {place: value for place, value in shown.items() if str(value).startswith("error")} == {}
    assert result["chk_All"] == "OK"
    assert result["out_Headline"] == "No result yet: fill d_Campaigns and d_FollowUps."
    assert result["Start!B7"] == ""
    assert [result[f"out_{kind}{step}"] for kind in ("Gross", "Net") for step in (1, 2, 3)] == [""] * 6


def test_libreoffice_shows_none_either(empty, convert):
    assert broken(convert(empty), VALUE_RULES) == []


def test_the_sample_is_announced_while_one_row_of_it_is_left(opened, empty, calculate):
    empty["d_Survey"]["B9"].value = "sample-005"
    assert calculate(empty)["Start!B7"] == "SAMPLE DATA: 1 rows of the tables are a made-up example."

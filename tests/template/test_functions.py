"""The Functions sheet shows the whole catalogue."""

from openpyxl.utils import range_boundaries
from openpyxl.worksheet.formula import ArrayFormula

from addin.catalogue import catalogue


def rows_by_name(sheet):
    return {
        sheet.cell(row, 2).value: row for row in range(5, sheet.max_row + 1) if sheet.cell(row, 2).value in catalogue()
    }


def test_every_function_of_the_catalogue_is_there(opened):
    sheet = opened["Functions"]
    rows = rows_by_name(sheet)
    assert rows.keys() == catalogue().keys()
    for name, row in rows.items():
        metric = catalogue()[name]
        shown = [sheet.cell(row, column).value for column in (3, 4, 5, 6)]
        assert shown == [metric.signature, metric.summary, metric.example.formula, metric.returns]


def test_each_example_is_live_and_shown_as_text(opened):
    sheet = opened["Functions"]
    for name, row in rows_by_name(sheet).items():
        shown, live = sheet.cell(row, 5), sheet.cell(row, 7)
        formula = live.value.text if isinstance(live.value, ArrayFormula) else live.value
        assert shown.data_type == "s"
        assert shown.quotePrefix
        assert formula == f'=IFERROR({catalogue()[name].example.formula[1:]},"add-in needed")'


def test_a_table_has_as_many_cells_as_its_example_gives(opened):
    sheet = opened["Functions"]
    for name, row in rows_by_name(sheet).items():
        value, gives = sheet.cell(row, 7).value, catalogue()[name].example.gives
        assert isinstance(value, ArrayFormula) == catalogue()[name].gives_table
        if isinstance(value, ArrayFormula):
            left, top, right, bottom = range_boundaries(value.ref)
            assert (bottom - top + 1, right - left + 1) == (len(gives), len(gives[0]))

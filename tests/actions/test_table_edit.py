"""Where new rows of a table go, where it then ends, and what is refused; counted by hand."""

import pytest

from addin.actions.book import Rows, Table
from addin.actions.table_edit import table_edit
from addin.errors import BookError

TOP = 5


def table(rows, **options):
    """A table from row 5 on, with a typed column of these values and a calculated one."""
    columns = {"Typed": rows, "Sum": [1.0] * len(rows)}
    return Table("tblMine", "Sheet", TOP, 2, len(rows), columns, frozenset({"Sum"}), **options)


@pytest.mark.parametrize(("there", "rows", "start", "last", "formulas"), [
    (["a", "b"], Rows({"Typed": ["x", "y", "z"]}), 5, 7, {"Sum": 5}),
    (["a", "b"], Rows({"Typed": ["x"]}), 5, 5, {"Sum": 5}),
    (["a", "b"], Rows({}), 5, 5, {"Sum": 5}),
    (["a", "b"], Rows({"Typed": ["x"]}, append=True), 7, 7, {"Sum": 7}),
    (["a", None, None], Rows({"Typed": ["x"]}, append=True), 6, 6, {"Sum": 6}),
    (["a", None, "c", ""], Rows({"Typed": ["x", "y"]}, append=True), 8, 9, {"Sum": 8}),
    ([None], Rows({"Typed": ["x"]}, append=True), 5, 5, {"Sum": 5}),
    (["a", "b"], Rows({}, append=True), 7, 6, {}),
    (["a", "b"], None, 7, 6, {}),
])  # fmt: skip
def test_where_rows_go_and_where_the_table_ends(there, rows, start, last, formulas):
    edit = table_edit("book", table(there), rows, {})
    assert (edit.start, edit.last, edit.formulas) == (start, last, formulas)


def test_typed_columns_that_are_not_named_stay_blank_in_new_rows():
    assert table_edit("book", table(["a", "b"]), Rows({}), {}).values == {"Typed": (5, [None])}
    two = Table("t", "s", TOP, 2, 1, {"A": ["a"], "B": ["b"]}, frozenset())
    edit = table_edit("book", two, Rows({"B": ["x", "y"]}, append=True), {})
    assert edit.values == {"A": (6, [None, None]), "B": (6, ["x", "y"])}


def test_a_calculated_column_is_filled_whole_with_values_or_with_its_formula():
    edit = table_edit("book", table(["a", "b"]), None, {"Sum": [7.0, 8.0]})
    assert (edit.values, edit.formulas) == ({"Sum": (5, [7.0, 8.0])}, {})
    edit = table_edit("book", table(["a", "b"]), Rows({"Typed": ["x"]}, append=True), {"Sum": None})
    assert (edit.last, edit.formulas) == (7, {"Sum": 5})


LAST = 1_048_576


def test_a_sheet_ends_in_its_last_row():
    fits = Rows({"Typed": ["x"] * (LAST - TOP + 1)})
    assert table_edit("book", table(["a"]), fits, {}).last == LAST
    with pytest.raises(BookError, match="book: tblMine would end in row 1,048,577, and a sheet ends in row 1,048,576"):
        table_edit("book", table(["a"]), Rows({"Typed": ["x"] * (LAST - TOP + 2)}), {})


@pytest.mark.parametrize(("there", "rows", "sentence"), [
    (table(["a"], has_totals=True), Rows({"Typed": ["x"]}), "book, sheet Sheet: tblMine has a total row"),
    (table(["a"]), Rows({"Sum": [1.0]}), "book: tblMine has no column Sum to type into"),
    (table(["a"]), Rows({"Nothing": ["x"]}, append=True), "book: tblMine has no column Nothing to type into"),
])  # fmt: skip
def test_what_is_refused(there, rows, sentence):
    with pytest.raises(BookError, match=sentence):
        table_edit("book", there, rows, {})

"""What a cell means, whichever host it comes from."""

import math
from typing import Annotated

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import addin
from addin.arguments import dates, labels, numbers
from addin.calling import call
from addin.catalogue import Example, Flag, Metric, Number, Numbers, catalogue, metric
from addin.errors import CellError, MetricError, NotEnoughData, OutOfRange, WrongKind, ZeroDenominator
from addin.values import drop_blank_labels, drop_blanks


def declared(function) -> Metric:
    """A metric of a test, which does not stay in the catalogue."""
    name = function.__name__.upper()
    metric(name, family="Test", returns="number", example=Example(f"={name}()", 0.0))(function)
    return catalogue().pop(name)


def ratio_of(
    gain: Annotated[Number, "the gain"], cost: Annotated[Number, "the cost"], scale: Annotated[Number, "a scale"] = 1.0
) -> float:
    """A ratio.

    Formula: gain / cost * scale
    Errors: #DIV/0! cost is 0
    Source: none
    """
    if cost == 0:
        raise ZeroDenominator("cost is 0")
    return gain / cost * scale


def mean_of(values: Annotated[Numbers, "the values"]) -> float:
    """A mean.

    Formula: sum / count
    Errors: #N/A no values
    Source: none
    """
    there = drop_blanks(values)
    if not there.size:
        raise NotEnoughData("values is empty")
    return float(there.mean())


RATIO, MEAN = declared(ratio_of), declared(mean_of)


class TestNumbers:
    """A range as numbers."""

    @pytest.mark.parametrize(
        ("raw", "expected"),
        [
            (5.0, [5.0]),
            (((1.0,), (2.0,)), [1.0, 2.0]),
            ([[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0, 3.0, 4.0]),
            ([[1.0], [None], [""], [3.0]], [1.0, math.nan, math.nan, 3.0]),
            ([[True], [5.0], [False]], [math.nan, 5.0, math.nan]),
            (True, [1.0]),
            ([[7]], [7.0]),
            ([], []),
        ],
    )
    def test_blank_is_missing_not_zero(self, raw, expected):
        np.testing.assert_array_equal(numbers(raw, "x"), np.array(expected))

    def test_text_is_refused_with_its_place(self):
        with pytest.raises(WrongKind, match=r"scores, row 2: a number is needed, the text '9' was found"):
            numbers([[10.0], ["9"]], "scores")

    def test_the_column_is_named_in_a_wide_range(self):
        with pytest.raises(WrongKind, match=r"row 2, column 1"):
            numbers([[1.0, 2.0], ["x", 4.0]], "scores")

    @pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
    def test_what_is_no_number_is_refused(self, bad):
        with pytest.raises(OutOfRange, match="finite"):
            numbers([[1.0], [bad]], "x")

    def test_an_error_cell_is_given_back(self):
        with pytest.raises(MetricError) as caught:
            numbers([[1.0], [CellError("#DIV/0!")]], "x")
        assert caught.value.cell.code == "#DIV/0!"

    def test_a_hosts_own_error_type_is_translated(self):
        with pytest.raises(MetricError) as caught:
            numbers([[1.0], [-2146826246]], "x", {int: lambda code: CellError("#N/A")})
        assert caught.value.cell.code == "#N/A"

    def test_an_amount_as_large_as_an_error_code_stays_an_amount(self):
        assert numbers([[-2146826246.0]], "x", {int: lambda code: CellError("#N/A")}).tolist() == [-2146826246.0]

    def test_blanks_among_many_numbers(self):
        column = [[1.0], [None], [math.nan]]
        with pytest.raises(OutOfRange, match="row 3"):
            numbers(column, "x")
        np.testing.assert_array_equal(numbers(column[:2], "x"), [1.0, math.nan])

    def test_a_huge_integer_is_refused(self):
        with pytest.raises(OutOfRange):
            numbers([[10**400]], "x")

    @given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
    def test_every_finite_number_survives(self, values):
        assert numbers([[value] for value in values], "x").tolist() == values


class TestLabels:
    """A range as names or ids."""

    def test_a_number_and_its_text_are_the_same_id(self):
        assert labels([[101.0], ["101"], [" 101 "], [None], [""], [1.5], [False]]) == [
            "101", "101", " 101 ", None, "", "1.5", None,
        ]  # fmt: skip
        assert addin.rfm([101.0, "101", " 101 ", "", " ", None, False], [46000] * 7, [1] * 7)["Orders"].tolist() == [3]

    def test_names_from_plain_python(self):
        assert drop_blank_labels(["a", None, math.nan, 3, ""]) == ["a", "3"]

    def test_names_from_numpy_and_pandas(self):
        assert drop_blank_labels([np.float32(101), np.int64(7), pd.NA, pd.NaT, np.True_]) == ["101", "7"]


class TestDates:
    """A range as date serials."""

    def test_iso_text_is_a_date(self):
        # 46053 is 31 January 2026 in the 1900 system
        np.testing.assert_array_equal(dates([[46053.0], ["2026-01-31"], [None]], "d"), [46053, 46053, math.nan])

    def test_text_that_is_no_date(self):
        with pytest.raises(WrongKind, match=r"days, row 1: a date is needed, the text '31/1/26' was found"):
            dates([["31/1/26"]], "days")

    @pytest.mark.parametrize("early", [-1.0, 0.0, 60.0, "1899-12-31"])
    def test_serials_before_march_1900_are_a_day_off(self, early):
        with pytest.raises(OutOfRange, match="1 March 1900"):
            dates([[early]], "d")

    def test_the_last_moment_of_9999_is_a_date_and_the_next_is_none(self):
        assert dates([[2958465.0], [2958465.999]], "d").tolist() == [2958465.0, 2958465.999]
        with pytest.raises(OutOfRange, match="the end of 9999"):
            dates([[2958466.0]], "d")


class TestLifting:
    """A range where one value is wanted."""

    def test_a_column_answers_for_every_row(self):
        assert call(RATIO, [[[6.0], [9.0]], [[2.0], [3.0]]]) == [[3.0], [3.0]]

    def test_a_column_against_a_row_gives_a_block(self):
        assert call(RATIO, [[[6.0], [12.0]], [[1.0, 2.0, 3.0]]]) == [[6.0, 3.0, 2.0], [12.0, 6.0, 4.0]]

    def test_one_cell_goes_with_every_row(self):
        assert call(RATIO, [[[6.0], [12.0]], 2.0]) == [[3.0], [6.0]]

    def test_a_failing_element_holds_its_own_error(self):
        answer = call(RATIO, [[[6.0], ["x"], [None], [8.0]], [[2.0], [2.0], [2.0], [0.0]]])
        assert [getattr(row[0], "code", row[0]) for row in answer] == [3.0, "#VALUE!", "#N/A", "#DIV/0!"]

    def test_an_element_without_a_partner_is_not_available(self):
        answer = call(RATIO, [[[6.0], [8.0], [9.0]], [[2.0], [2.0]]])
        assert [getattr(row[0], "code", row[0]) for row in answer] == [3.0, 4.0, "#N/A"]

    def test_a_single_cell_range_is_one_value(self):
        assert call(RATIO, [[[6.0]], ((2.0,),)]) == 3.0


class TestCall:
    """An answer, or an error with its reason."""

    @pytest.mark.parametrize(
        ("arguments", "code", "reason"),
        [
            ([6.0, 0.0], "#DIV/0!", "RATIO_OF: cost is 0"),
            ([6.0], "#N/A", "RATIO_OF: cost is blank: a number is needed"),
            ([6.0, None], "#N/A", "cost is blank"),
            ([6.0, "x"], "#VALUE!", "cost: a number is needed, 'x' was found"),
            ([6.0, math.nan], "#NUM!", "finite"),
            ([1.0, 2.0, 3.0, 4.0], "#VALUE!", "at most 3 arguments, 4 were given"),
            ([1e308, 1e-308], "#NUM!", "not a finite number"),
            ([6.0, CellError("#REF!")], "#REF!", ""),
        ],
    )
    def test_errors(self, arguments, code, reason):
        error = call(RATIO, arguments)
        assert isinstance(error, CellError)
        assert error.code == code
        assert reason in error.reason

    def test_a_blank_option_takes_its_default(self):
        assert call(RATIO, [6.0, 2.0, None]) == call(RATIO, [6.0, 2.0, ""]) == 3.0

    def test_an_error_in_a_range_is_given_back_unchanged(self):
        assert call(MEAN, [[[1.0], [CellError("#NAME?")]]]) == CellError("#NAME?")

    def test_ragged_rows_are_refused(self):
        assert call(MEAN, [[[1.0], [1.0, 2.0]]]).code == "#VALUE!"


@pytest.mark.parametrize(("cell", "value"), [(True, 150.0), (1.0, 150.0), (False, 50.0), (0.0, 50.0), (None, 50.0)])
def test_a_switch_is_true_false_one_or_zero(cell, value):
    def switched(active: Annotated[Flag, "the switch"] = False) -> float:
        """A switch.

        Formula: 150 or 50
        Errors: none
        Source: none
        """
        return 150.0 if active else 50.0

    assert call(declared(switched), [cell]) == value


@pytest.mark.parametrize("cell", [2.0, -1.0, 0.5, "yes"])
def test_another_value_is_no_switch(cell):
    def wanted(active: Annotated[Flag, "the switch"]) -> float:
        """A switch.

        Formula: 1
        Errors: none
        Source: none
        """
        return float(active)

    failed = call(declared(wanted), [cell])
    assert isinstance(failed, CellError)
    assert "active: TRUE or FALSE" in failed.reason


@pytest.mark.parametrize("day", [61.0, 61.5, 2958465.0, 2958465.99])
def test_days_that_both_excel_and_libreoffice_count_alike(day):
    assert dates([[day]], "dates").tolist() == [day]


@pytest.mark.parametrize("day", [60.99, 0.0, -1.0, 2958466.0])
def test_days_that_no_sheet_counts(day):
    with pytest.raises(OutOfRange, match="1 March 1900 to the end of 9999"):
        dates([[day]], "dates")

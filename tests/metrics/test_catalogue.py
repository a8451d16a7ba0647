"""What holds for every function of the catalogue."""

import importlib
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import addin
from addin.calling import call
from addin.catalogue import HELP_LIMIT, Kind, catalogue
from addin.errors import CellError

NAMES = sorted(catalogue())
RANGES = (Kind.NUMBERS, Kind.LABELS, Kind.DATES)
MODULES = [path.stem for path in sorted(Path(__file__).parent.glob("test_*.py")) if path.name != Path(__file__).name]
TESTED_ERRORS = [row for module in MODULES for row in getattr(importlib.import_module(module), "ERRORS", [])]
EXTREMES = [1e308, -1e308, 1e-308, 5e-324, 1e16, 0.0, -1.0, None]


def literal(text):
    """A literal of a formula as raw cells: {1;2} is a column, {1,2} a row."""
    if text.startswith("{"):
        return [[literal(cell) for cell in re.findall(r'"[^"]*"|[^,]+', row)] for row in text[1:-1].split(";")]
    if text.startswith('"'):
        return text[1:-1]
    return {"TRUE": True, "FALSE": False}[text] if text in ("TRUE", "FALSE") else float(text)


def example(name):
    """The function's name and raw arguments, as its example has them."""
    function, arguments = re.fullmatch(r"=(\w+)\((.*)\)", catalogue()[name].example.formula).groups()
    return function, [literal(argument) for argument in re.findall(r'\{[^}]*\}|"[^"]*"|[^,]+', arguments)]


def approximately(expected):
    if isinstance(expected, list):
        return [[approximately(cell) for cell in row] for row in expected]
    return pytest.approx(expected, rel=1e-9) if isinstance(expected, float) else expected


def cells_of(result):
    return [cell for row in result for cell in row] if isinstance(result, list) else [result]


@pytest.mark.parametrize("name", NAMES)
def test_the_example_gives_what_it_says(name):
    function, arguments = example(name)
    assert function == name
    assert call(catalogue()[name], arguments) == approximately(catalogue()[name].example.gives)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_whether_it_gives_a_table(name):
    assert catalogue()[name].gives_table == isinstance(catalogue()[name].example.gives, list)


@pytest.mark.parametrize("name", NAMES)
def test_the_help_names_exactly_the_errors_that_the_tests_have_seen(name):
    """So that no error value surprises, and none is described that never comes."""
    documented = set(re.findall(r"#[A-Z/0]+[!A]", catalogue()[name].errors))
    assert documented == {code for function, _, code, _ in TESTED_ERRORS if function == name}


@pytest.mark.parametrize("name", NAMES)
def test_help_fits_the_function_wizard_and_every_number_has_a_unit(name):
    metric = catalogue()[name]
    assert len(metric.summary) <= HELP_LIMIT
    assert metric.returns
    for param in metric.params:
        assert param.unit or param.kind not in (Kind.NUMBER, Kind.NUMBERS), param.name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ROI", '6,000 from 10,000 is then "60%". That is ROAS'),
        ("ROC", '"return orders" are repeat orders'),
        ("CHURN_CONVERT", "is false: it loses 31%"),
        ("RETENTION_PROFIT", '125% more profit" is no constant'),
    ],
)
def test_help_states_what_the_guides_get_wrong(name, words):
    assert words in catalogue()[name].notes


@pytest.mark.parametrize("name", NAMES)
def test_python_has_the_function_under_its_lower_case_name(name):
    assert getattr(addin, name.lower()).__wrapped__ is catalogue()[name].function
    assert catalogue()[name].function.__name__ == name.lower()


@pytest.mark.parametrize("name", [name for name in NAMES if any(p.kind in RANGES for p in catalogue()[name].params)])
@pytest.mark.parametrize("container", [list, tuple, np.array, pd.Series])
def test_python_takes_lists_arrays_and_series_alike(name, container):
    metric = catalogue()[name]
    arguments = example(name)[1]
    values = [
        container([row[0] for row in raw]) if isinstance(raw, list) else raw
        for raw, _ in zip(arguments, metric.params, strict=False)
    ]
    result = metric.function(*values)
    expected = call(metric, arguments)
    if isinstance(result, list):
        result = [["" if cell is None else cell for cell in row] for row in result]
    assert (list(result) if isinstance(result, tuple) else result) == (
        expected[0] if isinstance(result, tuple) else expected
    )


ONE_NUMBER = [(name, i) for name in NAMES for i, p in enumerate(catalogue()[name].params) if p.kind is Kind.NUMBER]


@pytest.mark.parametrize(("name", "position"), ONE_NUMBER)
def test_text_in_place_of_a_number_is_a_value_error_that_names_the_argument(name, position, refuses):
    param, arguments = catalogue()[name].params[position], example(name)[1]
    arguments += [None] * (position + 1 - len(arguments))
    arguments[position] = "abc"
    refuses(name, arguments, "#VALUE!", f"{param.name}: a number is needed, 'abc' was found")


@pytest.mark.parametrize(("name", "position"), ONE_NUMBER)
def test_a_blank_number_is_not_available_where_it_is_needed_and_else_the_default(name, position, refuses):
    metric, arguments = catalogue()[name], example(name)[1]
    param = metric.params[position]
    arguments += [None] * (position + 1 - len(arguments))
    if param.required:
        arguments[position] = None
        refuses(name, arguments, "#N/A", f"{param.name} is blank")
    else:
        default = None if param.default != param.default else param.default
        blank, given = ([*arguments[:position], cell, *arguments[position + 1 :]] for cell in ("", default))
        assert call(metric, blank) == call(metric, given)


@pytest.mark.parametrize("name", NAMES)
def test_an_error_in_an_argument_comes_back_unchanged(name):
    arguments = example(name)[1]
    for position, argument in enumerate(arguments):
        bad = CellError("#REF!")
        given = [[bad, *argument[0][1:]], *argument[1:]] if isinstance(argument, list) else bad
        assert call(catalogue()[name], [*arguments[:position], given, *arguments[position + 1 :]]) == bad


@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("name", NAMES)
def test_extreme_numbers_give_a_finite_number_or_an_error_value(name, extreme):
    """In one argument, in all, or in one cell of a range: never infinity, an exception or a warning."""
    metric, arguments = catalogue()[name], example(name)[1]

    def replaced(argument):
        return [[extreme] + [1.0] * (len(row) - 1) for row in argument] if isinstance(argument, list) else extreme

    calls = [[*arguments[:i], replaced(a), *arguments[i + 1 :]] for i, a in enumerate(arguments)]
    for raw in [*calls, [replaced(a) for a in arguments]]:
        for cell in cells_of(call(metric, raw)):
            assert isinstance(cell, (str, CellError)) or math.isfinite(cell)

"""Formulas on Windows' own code: our VBA, xlwings' DLL, COM between two processes, CPython for Windows, and back.

Excel alone is stood for: its VBA by an interpreter, its cells by that interpreter's workbook.
"""

import pytest
from chain_cases import FORMULAS, expected_of_everything
from windows_machine import PROFILE, PYTHON

from addin.catalogue import catalogue
from addin.errors import CellError

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(1200)]

EXAMPLES = [metric.example.formula for metric in catalogue().values()]
ROWS = 1_048_576


def same(value):
    if isinstance(value, list):
        return [[same(cell) for cell in row] for row in value]
    return ("error", value.code) if isinstance(value, CellError) else value


@pytest.fixture(scope="module")
def expected():
    return {formula: same(value) for formula, value in expected_of_everything().items()}


@pytest.fixture(scope="module")
def answers(excel):
    before = excel.counts()[0]
    found = dict(zip(FORMULAS, excel.formulas(FORMULAS), strict=True))
    found |= dict(zip(EXAMPLES, excel.formulas(EXAMPLES), strict=True))
    return found, excel.counts()[0] - before


@pytest.mark.parametrize("formula", [*FORMULAS, *EXAMPLES])
def test_formulas_come_to_what_the_headless_host_says(formula, answers, expected):
    found, wanted = ([cell for row in value for cell in row] if isinstance(value, list) else [value]
                     for value in (answers[0][formula], expected[formula]))  # fmt: skip
    assert found == [pytest.approx(cell, rel=1e-9) if isinstance(cell, float) else cell for cell in wanted]


def test_each_formula_is_one_call(answers):
    assert answers[1] == len(FORMULAS) + len(EXAMPLES)


def test_the_command_is_of_the_users_configuration_alone(excel, windows):
    excel.formulas(["=NPS(10)"])
    command = excel.started_with()
    assert f'""{PYTHON}" -P -B -c ' in command
    assert "book" not in command.lower()
    config = windows.path(PROFILE + r"\.customer_value\customer_value.conf").read_bytes().decode("cp1252")
    assert PYTHON in config


@pytest.mark.parametrize("kind", ["numbers", "blanks", "texts"])
def test_a_column_of_all_rows_of_a_sheet(excel, kind):
    packed, _ = excel.column(kind, ROWS, "packed")
    cell_by_cell, _ = excel.column(kind, ROWS, "cells")
    theirs, _ = excel.column(kind, ROWS, "theirs")
    assert packed == cell_by_cell == theirs


class TestAPythonThatDies:
    def test_between_two_calls(self, excel):
        excel.formulas(["=NPS(10)"])
        excel.let_python_die()
        starts = excel.counts()[1]
        assert excel.formulas(["=NPS(1)", "=NPS(10)"]) == [-100.0, 100.0]
        assert excel.counts()[1] == starts + 1

    def test_in_a_call(self, excel):
        assert excel.probe("die") in (-2147023170, -2147023174)  # RPC_S_CALL_FAILED, RPC_S_SERVER_UNAVAILABLE
        assert excel.formulas(["=CLV(5,20,500)"]) == [50000.0]


def test_a_second_workbook_asks_the_same_python(excel):
    first = excel.probe("process_id")
    assert first > 0
    answers, second = excel.of_a_second_workbook(["=NPS({10;9;1})"])
    assert answers == [pytest.approx(100 / 3)]
    assert second == first


def test_modules_in_the_folder_that_excel_is_in_are_not_imported(windows, tmp_path):
    for name in ("addin", "xlwings", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('planted')")
    planted = windows.excel("planted", folder=tmp_path)
    assert planted.formulas(["=NPS(10)"]) == [100.0]
    planted.close()


def test_doctor_finds_all_in_its_place(excel):
    report = excel.run("Diagnosis")
    assert "OK: Python answers: NPS(10) is 100" in report
    assert "fail" not in report
    assert PYTHON in report


def test_explain_has_its_answer_without_loading_anything_more(excel):
    excel.let_python_die()
    assert excel.formulas(["=ROI(1,0)"]) == [("error", "#DIV/0!")]
    said, seconds = excel.failures()
    assert "#DIV/0! ROI" in said
    assert seconds < 1


def test_roc_finds_excel_in_the_registry_and_takes_the_add_in_out_again(windows):
    doctor = windows.python("-m", "addin", "doctor")
    assert "EXCEL.EXE, 64 bit" in doctor
    add_in = windows.path(PROFILE + r"\AppData\Roaming\Microsoft\Excel\XLSTART\customer_value.xlam")
    assert add_in.exists()
    try:
        assert "removed" in windows.python("-m", "addin", "uninstall", "excel")
        assert not add_in.exists()
    finally:
        assert "written, Excel asks" in windows.python("-m", "addin", "install", "excel")

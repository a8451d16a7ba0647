"""Formulas from VBA through xlwings to the metrics and back, against the headless host on the same formulas."""

import io
import re

import pytest
import xlsxwriter
from pyopenvba.apps.excel import Application
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import VBAArray, VBACurrency, VBADate
from pyopenvba.interpreter._objects import MemberSpec

from addin.catalogue import catalogue
from addin.errors import CellError
from addin.hosts.excel.workbook_files import vba_sources
from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package

CELLS = {
    "A1": 10, "A2": 9, "A3": 8, "A5": 3, "A6": 10,
    "B1": "a friend", "B2": "search", "B4": "recommended", "B5": "",
    "C1": 5, "C2": 6, "C3": "text", "C4": 0.5,
    "D1": 20, "E1": 500, "F1": 600,
    "G1": True, "G2": False,
    "H1": 100, "H2": 200,
}  # fmt: skip
FAILURES = "addin.hosts.excel.failures"
ERROR_CELLS = {"J1": "#DIV/0!", "J2": "#N/A"}
DATES = {"K1": 46053.25, "K2": 46054.0}
CURRENCY = {"L1": 1234.5, "L2": 10000.0}

FORMULAS = [
    "=NPS(A1)", "=NPS(A1:A6)", "=NPS(A:A)", "=NPS(A1:C1)", "=NPS(1:1)", "=NPS(A1:A3)", "=NPS(Z1:Z9)", "=NPS(Z1)",
    "=NPS(Z:Z)", "=NPS(A1:A1048576)", '=NPS(A1:A6,"1-10")', '=NPS(A1:A6,"2-5")', "=NPS({10,9,8})", "=NPS({10,9;8,1})",
    '=NPS({10;"";8})', "=NPS(B1:B5)", "=NPS(J1)", "=NPS(J1:J2)", "=NPS(#REF!)", "=NPS(A1:A6,J2)", "=NPS()",
    "=CLV(C1,D1,E1)", "=CLV(C1:C4,D1,E1)", "=CLV(C1:C2,D1:F1,500)", "=CLV(5,,500)", "=CLV(5,20,500,,0.1)",
    "=CLV(5,20,500,0.5)", "=CLV(C1:C2,A1:A3,1)", "=CLV(TRUE,1,1)", '=CLV("5",20,500)',
    "=CLV_MARGIN(100,0.8,0.1,G1)", "=CLV_MARGIN(100,0.8,0.1,G1:G2)", "=CLV_MARGIN(100,0.8,0.1,TRUE)",
    "=CLV_MARGIN(100,0.8,0.1,1)",
    "=REFERRAL_RATE(B1:B5)", '=REFERRAL_RATE(B:B,"search")', "=REFERRAL_RATE(B1:B5,{\"friend\",\"search\"})",
    "=ROAS(L1,L2)", "=ROAS(L1:L2,L2)", "=GINI(K1:K2)", "=GINI(L1:L2)", "=ROAS(K1,2)",
    "=ROI(1,0)", "=ROI(1,\"x\")", "=CHURN_LIST(B1:B4,B1:B2)", "=ATTRIBUTION(100,B1:B2,C1:C2)",
    "=ATTRIBUTION(100,B:B,C:C)", "=ENGAGEMENT_LEVEL(12,2,0,0)", "=LIFECYCLE_STAGE(A1:A6,90)", "=NPS_CI(A1:A6)",
    "=ROAS(1E+308,1E-308)", "=ROI(Z1,1)", "=ROI(D2,1)",
]  # fmt: skip


def headless(formulas):
    """What the headless host makes of each formula, beside the same cells."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        for at, value in {**CELLS, **DATES, **CURRENCY}.items():
            sheet.write(at, value)
        for at, code in ERROR_CELLS.items():
            sheet.write_formula(at, {"#DIV/0!": "=1/0", "#N/A": "=NA()"}[code], None, code)
        place = {}
        for number, formula in enumerate(formulas):
            own = book.add_worksheet(f"F{number}")
            there = re.sub(r"(?<![\w\"!#])(\$?[A-Z]{0,3}\$?\d+:\$?[A-Z]{0,3}\$?\d+|[A-Z]:[A-Z]|[A-Z]\d+)(?!\w)",
                           r"Data!\1", formula)  # fmt: skip
            own.write_dynamic_array_formula("A1", there)
            place[f"F{number}"] = formula
    done = calculate(Package(stream.getvalue(), "book.xlsx"), everything=True)
    assert not [kept for kept in done.kept if kept.sheet in place]
    return {place[cell.sheet]: cell.value for cell in done.cells if cell.sheet in place}


def without_reasons(value):
    if isinstance(value, list):
        return [[without_reasons(cell) for cell in row] for row in value]
    return CellError(value.code) if isinstance(value, CellError) else value


@pytest.fixture(scope="module")
def expected():
    examples = [metric.example.formula for metric in catalogue().values()]
    return {formula: without_reasons(value) for formula, value in headless([*FORMULAS, *examples]).items()}


@pytest.fixture
def filled(chain):
    chain.put(CELLS)
    chain.put({at: f"={'1/0' if code == '#DIV/0!' else 'NA()'}" for at, code in ERROR_CELLS.items()})
    chain.put({at: VBADate(serial) for at, serial in DATES.items()})
    chain.put({at: VBACurrency(amount) for at, amount in CURRENCY.items()})
    return chain


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_come_to_what_the_headless_host_says(formula, filled, expected):
    assert filled.formula(formula) == expected[formula]


@pytest.mark.parametrize("metric", catalogue().values(), ids=lambda metric: metric.name)
def test_every_example_comes_to_what_it_promises(metric, chain, expected):
    answer = chain.formula(metric.example.formula)
    assert answer == expected[metric.example.formula]
    assert chain.calls[-1][0] == metric.name


def test_dates_and_currency_leave_excel_as_plain_numbers(filled):
    filled.formula("=GINI(K1:L2)")
    (cells,) = filled.calls[-1][1]
    assert cells == ((46053.25, 1234.5), (46054.0, 10000.0))


def test_a_whole_column_is_clipped_to_the_used_range(filled):
    filled.formula("=NPS(A:A)")
    assert len(filled.calls[-1][1][0]) == 6


def test_columns_of_two_sheets_are_clipped_alike(chain):
    chain.app.application.active_book.vba_get("Sheets").vba_get("Add")
    chain.app.sheet(1).set_value("A1", "Search")
    second = chain.app.sheet(2)
    for row, customers in enumerate((40, None, 25), 1):
        if customers:
            second.set_value(f"B{row}", customers)
    chain.formula(f"=ATTRIBUTION(100,{chain.app.sheet(1).name}!A:A,{second.name}!B:B)")
    _, channels, customers = chain.calls[-1][1]
    assert len(channels) == len(customers) == 3


def test_several_areas_are_refused_with_the_reason(chain):
    both = chain.app.sheet(1).sheet.vba_get("Range", ["A1:A2,C1:C2"])
    answer = chain.app.interpreter.run("NPS", [both])
    assert repr(answer) == "Error 2015"
    assert "give them as one block" in failures(chain)
    assert [name for name, _ in chain.calls] == ["note_failure", "take_failures"]


@pytest.mark.parametrize("text", ["#N/A", "\u2060#N/A", "\u2060", "\u2060\u2060x", "#VALUE! is what I call it"])
def test_text_that_looks_like_an_error_stays_text(chain, text):
    assert chain.formula(f'=ATTRIBUTION(100,"{text}",40)')[1] == [text, 40.0, 0.4]


class TestADyingPython:
    def test_it_is_started_again_once_and_answers(self, chain):
        assert chain.formula("=NPS(10)") == 100.0
        chain.dies = 1
        assert chain.formula("=NPS(1)") == -100.0
        assert chain.starts == 2

    def test_it_is_started_once_for_many_calls(self, chain):
        for _ in range(3):
            chain.formula("=NPS(10)")
        assert chain.starts == 1

    def test_one_that_stays_dead_is_an_error_value_with_a_reason(self, chain):
        chain.dies = 2
        assert chain.formula("=NPS(10)") == CellError("#N/A")
        with pytest.raises(VBARuntimeError, match="did not start a moment ago; press Doctor"):
            failures(chain)

    def test_one_that_does_not_start_is_tried_once_until_doctor_asks_for_it(self, chain):
        chain.refuses = True
        for _ in range(5):
            assert chain.formula("=NPS(10)") == CellError("#N/A")
        assert chain.starts == 1
        chain.refuses = False
        assert chain.formula("=NPS(10)") == CellError("#N/A")
        chain.app.run("Reconnect")
        assert chain.formula("=NPS(10)") == 100.0

    def test_the_reason_why_it_does_not_start_is_said_to_whoever_asks(self, chain):
        chain.refuses = True
        with pytest.raises(VBARuntimeError, match=r"Could not load xlwings64\.dll\); press Doctor"):
            failures(chain)


MACHINE = """Public Const XLWINGS_VERSION As String = "0"
Public Const TITLE As String = "Customer Value"
Public Function GetConfig(ByVal key As String, ByVal otherwise As String) As String
  GetConfig = "C:\\Python\\python.exe"
End Function
Public Function GetConfigFilePath() As String
  GetConfigFilePath = "C:\\x.conf"
End Function
Public Function FileExists(ByVal path As String) As Boolean
  FileExists = True
End Function
Public Function ParentFolder(ByVal path As String) As String
  ParentFolder = "C:\\Python"
End Function
"""
"""Stands for what xlwings' module finds on a machine where all is in its place."""


def test_doctor_asks_python_and_says_what_it_answers(chain, monkeypatch):
    system = MemberSpec("OperatingSystem", "property", getter=lambda application: "Windows")
    monkeypatch.setitem(Application._vba_members, "operatingsystem", system)
    chain.app.add_module(MACHINE, name="Machine")
    chain.app.add_module(vba_sources()["Doctor"], name="Doctor")
    assert "OK: Python answers: NPS(10) is 100" in chain.app.run("Diagnosis")
    chain.refuses = True
    assert "fail: Python does not answer" in chain.app.run("Diagnosis")


def failures(chain):
    """What Explain would say."""
    return chain.app.run("Called", FAILURES, "take_failures", VBAArray([(0, -1)], items=[]))


def test_a_metric_that_fails_inside_is_an_error_value_with_a_reason(chain, monkeypatch):
    from addin.hosts.excel import udfs

    def broken(*args):
        raise KeyError("scores")

    monkeypatch.setattr(udfs, "call", broken)
    udfs.failures.clear()
    assert chain.formula("=NPS(10)") == CellError("#VALUE!")
    assert list(udfs.failures) == ["#VALUE! NPS failed with KeyError: 'scores'; please report it"]
    assert chain.starts == 1

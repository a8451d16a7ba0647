"""Formulas from VBA through xlwings to the metrics and back, against the headless host on the same formulas."""

import pytest
from chain_cases import FORMULAS, expected_of_everything, fill
from pyopenvba.apps.excel import Application
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import VBAArray
from pyopenvba.interpreter._objects import MemberSpec

from addin.catalogue import Kind, catalogue
from addin.errors import CellError
from addin.hosts.excel.packed_range import unpacked
from addin.hosts.excel.workbook_files import vba_sources

FAILURES = "addin.hosts.excel.failures"


@pytest.fixture(scope="module")
def expected():
    return expected_of_everything()


@pytest.fixture
def filled(chain):
    fill(chain)
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
    assert unpacked(cells, Kind.LABELS) == [(46053.25, 1234.5), (46054.0, 10000.0)]


def test_a_whole_column_is_clipped_to_the_used_range(filled):
    filled.formula("=NPS(A:A)")
    (cells, _) = filled.calls[-1][1]
    assert len(unpacked(cells, Kind.LABELS)) == 6


def test_columns_of_two_sheets_are_clipped_alike(chain):
    chain.app.application.active_book.vba_get("Sheets").vba_get("Add")
    chain.app.sheet(1).set_value("A1", "Search")
    second = chain.app.sheet(2)
    for row, customers in enumerate((40, None, 25), 1):
        if customers:
            second.set_value(f"B{row}", customers)
    chain.formula(f"=ATTRIBUTION(100,{chain.app.sheet(1).name}!A:A,{second.name}!B:B)")
    _, channels, customers = (unpacked(cells, Kind.LABELS) for cells in chain.calls[-1][1])
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

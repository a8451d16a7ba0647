"""The buttons' VBA, run in pyOpenVBA's interpreter; what that interpreter lacks is a test of its own."""

import pyopenvba.apps.excel._bridge as bridge
import pytest
from pyopenvba.apps.excel import Application, ExcelApplication, Range
from pyopenvba.exceptions import VBAError, VBAUnsupportedError
from pyopenvba.interpreter import NOTHING, VBAArray, VBAObject, method
from pyopenvba.interpreter._objects import MemberSpec
from vba_chain import Chain

from addin.catalogue import catalogue


class Window(VBAObject):
    """Stands for the forms, since the interpreter shows none."""

    shown = ""

    @method(name="ShowText")
    def show_text(self, heading, text):
        self.shown = text

    @method(name="Show")
    def show(self):
        self.shown = "form"


@pytest.fixture
def excel(monkeypatch):
    chain = Chain(monkeypatch, "Actions", "Buttons", "Forms", "Ribbon")
    chain.window, known = Window(), bridge.ExcelBridge.global_object
    monkeypatch.setattr(
        bridge.ExcelBridge,
        "global_object",
        lambda host, name: chain.window if name in ("report", "insertfunction") else known(host, name),
    )
    chain.app.add_module('Public Function Diagnosis() As String\nDiagnosis = "well"\nEnd Function', name="Doctor")
    version = 'Public Const XLWINGS_VERSION As String = "0"\n'
    chain.app.add_module(version, name="Versions")

    def calculate(cell):
        chain.formula(cell.vba_get("Formula"))

    monkeypatch.setitem(Range._vba_members, "calculate", MemberSpec("Calculate", "method", getter=calculate))
    return chain


def run(excel, macro, *arguments):
    return excel.app.interpreter.run(macro, list(arguments))


def cell(excel, at):
    return excel.app.sheet(1).sheet.vba_get("Range", [at])


@pytest.mark.parametrize(("formula", "without"), [
    (r"='C:\add-ins\customer_value.xlam'!NPS(A1)", "=NPS(A1)"),
    (r"='C:\Ann''s files\customer_value.xlam'!NPS(A1)+1", "=NPS(A1)+1"),
    ("=[1]!CLV(1,2,3)+customer_value.xlam!nps(A1)", "=CLV(1,2,3)+nps(A1)"),
    ("='My Sheet'!A1+book.xlsm!NPS('My Sheet'!B1)", "='My Sheet'!A1+NPS('My Sheet'!B1)"),
    ('="write a!NPS(x)" & [2]!NPS(A1)', '="write a!NPS(x)" & NPS(A1)'),
    ("=[1]!OTHER(A1)", "=[1]!OTHER(A1)"),
    ("='My Sheet'!A1", "='My Sheet'!A1"),
])  # fmt: skip
def test_repair_takes_paths_off_our_functions_alone(excel, formula, without):
    assert run(excel, "WithoutPath", formula) == without


def test_repair_goes_through_every_formula(excel):
    excel.put({"A1": "=customer_value.xlam!NPS(C1)", "B2": "=SUM(C1:C2)", "C1": "text [1]!NPS(1)"})
    assert run(excel, "RepairLinks") == "1 formula repaired"
    assert cell(excel, "A1").vba_get("Formula") == "=NPS(C1)"
    assert cell(excel, "C1").vba_get("Value") == "text [1]!NPS(1)"


def test_repair_says_that_a_link_to_the_add_in_is_left(excel):
    excel.links = VBAArray([(1, 2)], items=[r"C:\books\other.xlsx", r"C:\add-ins\Customer_Value.xlam"])
    assert run(excel, "RepairLinks").endswith("a link to customer_value.xlam is left: Data, Edit Links, Break Link")


@pytest.mark.parametrize(("formula", "ours"), [
    ("=NPS(A1)", True), ("=sum(nps(a1))", True), ("=IFERROR(1+CLV(1,2,3),0)", True), ("=XNPS(A1)", False),
    ('="NPS(" & A1', False), ("NPS(A1)", False), ("=A1", False), ("", False), ("=A.NPS(1)", False),
])  # fmt: skip
def test_our_functions_are_recognised_in_a_formula(excel, formula, ours):
    assert bool(run(excel, "CallsUs", formula)) is ours


class TestExplain:
    def test_it_says_why_a_cell_shows_an_error(self, excel):
        excel.put({"A1": "=ROI(1,0)"})
        assert run(excel, "Explanation", cell(excel, "A1")).splitlines()[0] == "A1   =ROI(1,0)"
        assert "cost is 0" in run(excel, "Explanation", cell(excel, "A1"))

    def test_it_forgets_what_other_cells_said(self, excel):
        excel.formula("=ROI(1,0)")
        excel.put({"A1": '=NPS("x")'})
        told = run(excel, "Explanation", cell(excel, "A1"))
        assert "'x'" in told
        assert "ROI" not in told

    def test_it_says_when_nothing_failed(self, excel):
        excel.put({"A1": "=NPS(10)"})
        assert "answered without an error" in run(excel, "Explanation", cell(excel, "A1"))

    def test_it_leaves_foreign_cells_alone(self, excel):
        excel.put({"A1": "=1/0"})
        assert "none of our functions" in run(excel, "Explanation", cell(excel, "A1"))
        assert not excel.calls

    def test_without_a_workbook_it_asks_for_one(self, excel, monkeypatch):
        monkeypatch.setitem(Application._vba_members, "activecell", NO_CELL)
        for button in ("Explain", "InsertFunction"):
            run(excel, "Perform", button)
            assert excel.window.shown == "Open a workbook and select a cell first"


NO_CELL = MemberSpec("ActiveCell", "property", getter=lambda application: NOTHING)
GERMAN = {3: ",", 5: ";", 14: ".", 15: ";"}
"""What Application.International gives where a comma is the decimal mark."""


@pytest.fixture
def german(excel, monkeypatch):
    spec = MemberSpec("International", "method", getter=lambda app, index: GERMAN[int(index)], varargs=True)
    monkeypatch.setitem(Application._vba_members, "international", spec)
    return excel


@pytest.mark.parametrize(("own", "typed"), [
    ("=CHURN(2.5,100)", "=CHURN(2,5;100)"),
    ("=NPS({10,9.5;8,1})", "=NPS({10.9,5;8.1})"),
    ('=ATTRIBUTION(100,"a,b.5",{1,2})', '=ATTRIBUTION(100;"a,b.5";{1.2})'),
    ("=NPS('a,b.5'!A1,1)", "=NPS('a,b.5'!A1;1)"),
    ("=NORM.DIST(.5,0,1,1)", "=NORM.DIST(,5;0;1;1)"),
])  # fmt: skip
def test_formulas_are_shown_and_read_as_the_user_types_them(german, own, typed):
    assert run(german, "AsTyped", own) == typed
    assert run(german, "AsOwn", typed) == own


@pytest.mark.parametrize("metric", catalogue().values(), ids=lambda metric: metric.name)
def test_every_example_survives_both_ways(german, metric):
    assert run(german, "AsOwn", run(german, "AsTyped", metric.example.formula)) == metric.example.formula


class TestButtons:
    def state(self, excel):
        application = excel.app.application
        return [application.vba_get(name) for name in ("ScreenUpdating", "Calculation", "StatusBar", "EnableEvents")]

    def test_every_button_leaves_excel_as_it_was(self, excel):
        before = self.state(excel)
        for action in ("Explain", "Doctor", "Help", "About", "InsertFunction"):
            run(excel, "Perform", action)
            assert self.state(excel) == before, action

    def test_what_was_done_is_in_the_status_bar(self, excel):
        excel.put({"A1": "=customer_value.xlam!NPS(C1)"})
        run(excel, "Perform", "RepairLinks")
        assert self.state(excel)[2] == "Customer Value: 1 formula repaired"

    def test_manual_calculation_stays_manual(self, excel):
        excel.app.application.vba_set("Calculation", -4135, [], {})
        run(excel, "Perform", "RepairLinks")
        assert self.state(excel)[1] == -4135

    def test_a_failure_is_shown_and_leaves_excel_as_it_was(self, excel):
        before = self.state(excel)
        excel.refuses = True
        run(excel, "Perform", "RefreshAll")
        assert self.state(excel) == before
        assert "Python does not answer" in excel.window.shown
        run(excel, "Perform", "Help")
        assert "=NPS(B2:B500)" in excel.window.shown

    def test_refresh_selection_counts_our_cells(self, excel):
        excel.put({"A1": "=NPS(10)", "A2": "=1", "A3": "=ROI(2,1)"})
        cell(excel, "A1:A3").vba_get("Select")
        assert run(excel, "RefreshSelection") == "2 cells refreshed"
        assert [name for name, _ in excel.calls][:2] == ["NPS", "ROI"]

    def test_refresh_selection_says_that_python_is_missing(self, excel):
        excel.refuses = True
        excel.put({"A1": "=NPS(10)"})
        cell(excel, "A1").vba_get("Select")
        run(excel, "Perform", "RefreshSelection")
        assert "Python did not start a moment ago; press Doctor" in excel.window.shown

    def test_the_list_holds_every_function(self, excel):
        assert run(excel, "ListFunctions") == f"{len(catalogue())} functions"


@pytest.mark.parametrize("member", ["MacroOptions", "OnKey"])
def test_the_interpreter_lacks_what_these_buttons_ask_of_excel(monkeypatch, member):
    """Once it has one of them, the stand-in above goes."""
    chain = Chain(monkeypatch)
    chain.app.add_module(f"Public Sub Try()\nApplication.{member}\nEnd Sub", name="Trial")
    with pytest.raises(VBAUnsupportedError):
        chain.app.run("Try")


def test_the_interpreter_lacks_functions_of_vba_in_cells(monkeypatch):
    """So formulas are handed to the VBA functions by vba_chain."""
    chain = Chain(monkeypatch)
    chain.put({"A1": "=NPS(10)"})
    assert repr(cell(chain, "A1").vba_get("Value")) == "Error 2029"


def test_the_interpreter_lacks_attributes_of_procedures(monkeypatch):
    """So vba_chain takes VB_Description out."""
    chain = Chain(monkeypatch)
    chain.app.add_module('Public Sub Try()\nAttribute Try.VB_Description = "x"\nEnd Sub', name="Trial")
    with pytest.raises(VBAUnsupportedError, match="procedure attribute"):
        chain.app.run("Try")


def test_the_interpreter_lacks_blank_cells_at_the_end_of_a_range():
    """So vba_chain lets Value2 read every cell, as Excel does."""
    plain = ExcelApplication()
    plain.add_workbook()
    plain.sheet(1).set_value("A1", 1)
    assert plain.sheet(1).sheet.vba_get("Range", ["A1:A3"]).vba_get("Value2").bounds == [(1, 1), (1, 1)]


def test_the_interpreter_lacks_com_servers():
    """So vba_chain hands xlwings' server in where CreateObject is called."""
    plain = ExcelApplication()
    plain.add_workbook()
    plain.add_module('Public Sub Try()\nDim x As Object\nSet x = CreateObject("Test.XLPython")\nEnd Sub', name="Trial")
    with pytest.raises(VBAUnsupportedError, match="real COM server"):
        plain.run("Try")


def test_the_interpreter_lacks_forms(monkeypatch):
    """So a stand-in takes the text that a window would show."""
    chain = Chain(monkeypatch, "Actions", "Forms", "Ribbon")
    with pytest.raises(VBAError):
        chain.app.run("Perform", "InsertFunction")

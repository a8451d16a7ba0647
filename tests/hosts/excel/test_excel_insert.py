"""Insert function, and the help of functions in Excel's own window: VBA in pyOpenVBA's interpreter."""

import pytest
from pyopenvba.apps.excel import Application, Range, Workbook
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import NOTHING, VBAObject
from pyopenvba.interpreter._objects import MemberSpec
from vba_chain import Chain
from vba_forms import add_forms

from addin.catalogue import catalogue
from addin.hosts.excel.workbook_files import vba_sources

YES, NO = 6, 7


class Wizard(VBAObject):
    """Excel's function window, which the user leaves with OK or Cancel."""

    def __init__(self, agrees):
        self.agrees = agrees

    def vba_get(self, name, args=(), named=None):
        assert name.lower() == "show"
        return self.agrees


def member(monkeypatch, owner, name, answer, kind="method", **more):
    monkeypatch.setitem(owner._vba_members, name.lower(), MemberSpec(name, kind, getter=answer, **more))


@pytest.fixture
def excel(monkeypatch):
    chain = Chain(monkeypatch, "Actions", "Buttons", "Forms", "Ribbon")
    chain.wizard = True
    marks = {3: ".", 5: ",", 14: ",", 15: ";"}
    member(monkeypatch, Application, "International", lambda app, index: marks[int(index)], varargs=True)
    member(monkeypatch, Application, "Dialogs", lambda app, which: Wizard(chain.wizard), varargs=True)
    member(
        monkeypatch, Range, "FormulaLocal", lambda cell: cell.vba_get("Formula"), "property",
        setter=lambda cell, text: cell.vba_set("Formula", text),
    )  # fmt: skip
    chain.forms = add_forms(chain, monkeypatch)
    chain.app.add_module("Public Function Diagnosis() As String\nEnd Function", name="Doctor")
    chain.app.add_module('Public Const XLWINGS_VERSION As String = "0"\n', name="Versions")
    cell(chain, "A1").vba_get("Select")
    return chain


def cell(chain, at):
    return chain.app.sheet(1).sheet.vba_get("Range", [at])


@pytest.fixture
def window(excel):
    excel.app.interpreter.run("Perform", ["InsertFunction"])
    form = excel.forms["InsertFunction"]
    assert form.shown
    return form


def test_a_function_is_found_by_a_word_and_inserted(excel, window):
    window.type("Search", "churn")
    found = window.controls["functions"].choices
    assert "CHURN" in found
    assert "ROAS" not in found
    window.controls["functions"].vba_set("ListIndex", found.index("CHURN"))
    assert catalogue()["CHURN"].params[0].help in window.caption("Arguments")
    window.press("InsertButton_Click")
    assert not window.shown
    assert cell(excel, "A1").vba_get("Formula") == catalogue()["CHURN"].example.formula


def test_a_cell_that_holds_something_is_asked_about_before_it_is_replaced(excel, window):
    excel.put({"A1": "mine"})
    excel.app.answer_dialogs(NO)
    window.press("InsertButton_Click")
    assert "A1 is not empty" in excel.app.dialogs[0][1]
    assert cell(excel, "A1").vba_get("Value") == "mine"
    excel.app.answer_dialogs(YES)
    window.press("InsertButton_Click")
    assert cell(excel, "A1").vba_get("HasFormula")


@pytest.mark.parametrize("before", ["=1+1", "00123", 45000.0, True, None])
def test_choosing_cells_and_cancelling_leaves_the_cell_as_it_was(excel, window, before):
    if before is not None:
        excel.put({"A1": before})
        excel.app.answer_dialogs(YES)
    was = cell(excel, "A1").vba_get("Formula"), cell(excel, "A1").vba_get("Value2")
    excel.wizard = False
    window.press("WizardButton_Click")
    assert (cell(excel, "A1").vba_get("Formula"), cell(excel, "A1").vba_get("Value2")) == was


def test_what_excel_refuses_is_said_in_the_window(excel, window, monkeypatch):
    def refuse(cell, text):
        raise VBARuntimeError(1004, "the sheet is protected")

    for name in ("Formula", "FormulaLocal", "Formula2", "Formula2Local"):
        member(monkeypatch, Range, name, lambda cell: "", "property", setter=refuse)
    for button in ("InsertButton_Click", "WizardButton_Click"):
        window.press(button)
        assert "the sheet is protected" in window.caption("Preview")
        assert window.shown


class TestDescriptions:
    """The help of the functions in Excel's own window, which Excel takes from a workbook that shows."""

    @pytest.fixture
    def described(self, excel, monkeypatch):
        state = {"IsAddin": True, "Saved": True}
        excel.described, excel.later, excel.state = [], [], state

        def describe(app, *given):
            if state["IsAddin"]:
                raise VBARuntimeError(1004, "Cannot edit a macro on a hidden workbook")
            excel.described.append(given)
            state["Saved"] = False

        for name in state:
            member(
                monkeypatch, Workbook, name, lambda book, name=name: state[name], "property",
                setter=lambda book, value, name=name: state.update({name: value}),
            )  # fmt: skip
        member(monkeypatch, Application, "OnTime", lambda app, *given: excel.later.append(given), varargs=True)
        named = ("Macro", "Description", "Category", "ArgumentDescriptions")
        member(monkeypatch, Application, "MacroOptions", describe, parameters=named)
        return excel

    def test_every_function_is_described_and_the_add_in_is_one_again(self, described):
        described.app.interpreter.run("DescribeFunctions", [])
        assert len(described.described) == len(catalogue())
        assert described.state == {"IsAddin": True, "Saved": True}

    def test_without_a_workbook_it_waits_for_one(self, described, monkeypatch):
        member(monkeypatch, Application, "ActiveWorkbook", lambda app: NOTHING, "property")
        described.app.interpreter.run("DescribeFunctions", [])
        assert not described.described
        (later,) = described.later
        assert later[1].endswith("'!Actions.DescribeFunctions")


def test_every_button_of_a_window_that_writes_has_a_handler():
    source = vba_sources()["InsertFunction"]
    for name in ("PreviewButton_Click", "InsertButton_Click", "WizardButton_Click"):
        body = source.partition(f"Private Sub {name}()")[2].partition("End Sub")[0]
        assert "On Error GoTo refused" in body

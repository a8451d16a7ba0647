"""The data buttons: VBA in pyOpenVBA's interpreter, xlwings' server, the actions, a stand-in for Excel, and back."""

import re
from datetime import datetime
from xml.etree import ElementTree

import openpyxl
import pyopenvba.apps.excel._bridge as bridge
import pytest
from openpyxl.utils.datetime import to_excel
from pyopenvba.apps.excel import Application
from pyopenvba.exceptions import VBAUnsupportedError
from pyopenvba.interpreter import VBAObject, method
from pyopenvba.interpreter._objects import MemberSpec
from vba_chain import Chain
from vba_forms import add_forms

from addin import buttons as table_of_buttons
from addin.buttons import Button
from addin.hosts.excel.forms import ENTRIES, FORMS
from addin.hosts.excel.ribbon_xml import ribbon
from addin.schema import typed_columns

YES, NO, CANCEL = 6, 7, 2
RIBBON = "{http://schemas.microsoft.com/office/2009/07/customui}"


class Window(VBAObject):
    """Stands for the window that reports."""

    shown = ""

    @method(name="ShowText")
    def show_text(self, heading, text):
        self.shown = text


@pytest.fixture
def buttons(monkeypatch, opened):
    from addin.hosts.excel import ribbon

    ribbon.steps.clear()
    chain = Chain(monkeypatch, "Actions", "Buttons", "Forms", "Ribbon")
    chain.workbook, chain.window, chain.chosen = opened, Window(), False
    known = bridge.ExcelBridge.global_object
    monkeypatch.setattr(
        bridge.ExcelBridge, "global_object", lambda host, name: chain.window if name == "report" else known(host, name)
    )
    chain.forms = add_forms(chain, monkeypatch)
    chain.app.add_module("Public Function Diagnosis() As String\nEnd Function", name="Doctor")
    chain.app.add_module('Public Const XLWINGS_VERSION As String = "0"\n', name="Versions")
    for name in ("GetOpenFilename", "GetSaveAsFilename"):
        spec = MemberSpec(name, "method", getter=lambda application, *given: chain.chosen, varargs=True)
        monkeypatch.setitem(Application._vba_members, name.lower(), spec)
    return chain


def press(buttons, action):
    """What a button says at the end, in the status bar or in a window."""
    buttons.window.shown = ""
    buttons.app.interpreter.run("Perform", [action])
    said = buttons.app.application.vba_get("StatusBar")
    return buttons.window.shown or (said if isinstance(said, str) else "").removeprefix("Customer Value: ")


def as_excel(value):
    return to_excel(value) if isinstance(value, datetime) else value


def rows(opened, table):
    for sheet in opened.inside.worksheets:
        if table in sheet.tables:
            return [[as_excel(cell.value) for cell in row] for row in sheet[sheet.tables[table].ref]][1:]
    raise KeyError(table)


def state(buttons):
    return [buttons.app.application.vba_get(n) for n in ("ScreenUpdating", "Calculation", "EnableEvents")]


class TestRibbon:
    @pytest.fixture
    def tab(self):
        return ElementTree.fromstring(ribbon()).find(f".//{RIBBON}tab")

    def test_every_button_has_a_key_an_icon_and_tips(self, tab):
        keys = [element.get("keytip") for group in tab for element in group]
        assert len(set(keys)) == len(keys)
        assert all(len(key) == 1 for key in keys)
        assert all(
            not {"label", "screentip", "supertip", "imageMso"} - b.attrib.keys() for b in tab.iter(f"{RIBBON}button")
        )


@pytest.mark.thorough
@pytest.mark.usefixtures("calculating")
def test_refresh_all_writes_results_and_says_how_the_checks_are(buttons, opened):
    assert re.fullmatch(r"\d+ cells refreshed\. Checks: OK, \d+\.\d s", press(buttons, "RefreshAll"))
    assert isinstance(opened.inside["Metrics"]["F6"].value, float)
    assert state(buttons) == [True, -4105, True]


@pytest.mark.parametrize("name", ENTRIES)
def test_a_window_has_the_labels_and_choices_of_its_table(buttons, name):
    press(buttons, name)
    entry, form = ENTRIES[name], buttons.forms[name]
    assert form.shown
    for number, column in enumerate(entry.columns):
        assert form.caption(f"Label{number}") == column
        assert column in typed_columns(entry.table)
        key = form.controls[f"label{number}"].given["accelerator"]
        assert key == "" or key in column.upper()
        assert bool(form.controls[f"input{number}"].choices) is bool(typed_columns(entry.table)[column].list_name)
    keys = [form.controls[f"label{n}"].given["accelerator"] for n in range(len(entry.columns))]
    assert len({*keys, "O", "C"} - {""}) == len([k for k in keys if k]) + 2
    assert form.controls["okbutton"].given["default"] is True
    assert form.controls["cancelbutton"].given["cancel"] is True
    form.press("CancelButton_Click")
    assert not form.shown


@pytest.mark.thorough
def test_a_campaign_is_added_and_taken_back(buttons, opened):
    before = rows(opened, "tblCampaigns")
    press(buttons, "NewCampaign")
    form = buttons.forms["NewCampaign"]
    for number, text in enumerate(("Spring", "2026-03-01", "500", "", "12,5", "")):
        form.type(f"Input{number}", text)
    form.press("OkButton_Click")
    assert not form.shown, form.caption("Message")
    assert buttons.app.application.vba_get("StatusBar") == "Customer Value: Campaign C03, Spring, added and selected"
    assert rows(opened, "tblCampaigns")[-1][:4] == ["C03", "Spring", 46082.0, 500.0]
    assert rows(opened, "tblCampaigns")[-1][5] == 12.5
    assert press(buttons, "Undo") == "As it was before New campaign"
    assert rows(opened, "tblCampaigns") == before
    assert "has no action to undo" in press(buttons, "Undo")


@pytest.mark.thorough
@pytest.mark.parametrize(("field", "text", "said"), [
    (2, "0", "Budget must be more than 0"), (2, "much", "Budget must be a number, and 'much' was found"),
    (2, "", "Budget is blank"), (0, " ", "Name is blank"), (1, "soon", "Start must be a date"),
    (3, "-1", "Reach must be a number from 0"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(buttons, opened, field, text, said):
    before = rows(opened, "tblCampaigns")
    press(buttons, "NewCampaign")
    form = buttons.forms["NewCampaign"]
    for number, right in enumerate(("Spring", "2026-03-01", "500", "", "", "")):
        form.type(f"Input{number}", text if number == field else right)
    form.press("OkButton_Click")
    assert form.shown
    assert said in form.caption(f"Error{field}")
    assert form.controls[f"input{field}"].focused == 1
    assert rows(opened, "tblCampaigns") == before


@pytest.mark.usefixtures("calculating")
def test_a_follow_up_says_what_it_does_to_the_return(buttons, opened):
    press(buttons, "LogFollowUp")
    form = buttons.forms["LogFollowUp"]
    assert form.text("Input0") == "C01"
    for number, text in enumerate(("C01", "2025-12-01", "Repeat order", "", "10", "30", "50", "=note")):
        form.type(f"Input{number}", text)
    form.press("OkButton_Click")
    said = buttons.app.application.vba_get("StatusBar")
    assert said == "Customer Value: Follow-up E19 logged. ROC 127.5% → 129.9%"
    assert rows(opened, "tblFollowUps")[-1][8] == "=note"


@pytest.mark.usefixtures("calculating")
@pytest.mark.thorough
def test_an_introduction_counts_its_week(buttons):
    press(buttons, "LogIntroduction")
    form = buttons.forms["LogIntroduction"]
    for number, text in enumerate(("2026-03-04", "P1")):
        form.type(f"Input{number}", text)
    form.press("OkButton_Click")
    assert buttons.app.application.vba_get("StatusBar") == "Customer Value: Introduction logged: 1 of 5 in its week"


class TestLoad:
    @pytest.fixture
    def orders(self, buttons, tmp_path):
        path = tmp_path / "orders.csv"
        path.write_text(
            "Order,Date,Customer,Campaign,Type,Units,Price\nA1,2025-03-01,=1+1,C01,New order,1,30\n"
            "A2,2025-03-02,K002,C01,New order,1,30\nA3,2025-03-02,K002,C01,New order,many,30\n"
            "A4,2025-03-02,K002,C01,New order,1,30\nA5,2025-03-02,K002,C01,New order,1,30\n",
            encoding="utf-8",
        )
        buttons.chosen = str(path)
        return path

    def test_what_would_be_loaded_is_shown_first(self, buttons, orders, opened):
        before = rows(opened, "tblTransactions")
        press(buttons, "LoadData")
        form = buttons.forms["LoadData"]
        assert form.shown
        assert "4 new rows, 0 there already, 1 rejected" in form.text("Preview")
        assert "orders.csv, row 4: Units must be a number, and 'many' was found" in form.text("Preview")
        assert form.caption("Message") == "Replace the 425 sample rows of tblTransactions with 4 rows?"
        assert (form.text("Tables"), form.text("Mapping").splitlines()[0]) == ("tblTransactions", "Order=Order")
        assert "tblSurvey" in form.controls["tables"].choices
        assert rows(opened, "tblTransactions") == before

    @pytest.mark.thorough
    @pytest.mark.parametrize(("answer", "source"), [(NO, "Log"), (YES, "Transactions")])
    def test_loading_replaces_the_rows(self, buttons, orders, opened, answer, source):
        buttons.app.answer_dialogs(answer)
        press(buttons, "LoadData")
        form = buttons.forms["LoadData"]
        form.press("LoadButton_Click")
        assert not form.shown, form.caption("Message")
        assert [row[0] for row in rows(opened, "tblTransactions")] == ["A1", "A2", "A4", "A5"]
        assert rows(opened, "tblTransactions")[0][2] == "=1+1"
        ((_, asked, *_),) = buttons.app.dialogs
        assert asked.endswith("Count these order rows instead, from now on?")
        ((sheet, cell),) = opened.inside.defined_names["in_Source"].destinations
        assert opened.inside[sheet][cell].value == source

    @pytest.mark.thorough
    def test_a_change_is_looked_at_before_it_is_loaded(self, buttons, orders, opened):
        buttons.app.answer_dialogs(NO)
        press(buttons, "LoadData")
        form = buttons.forms["LoadData"]
        form.controls["appendrows"].given["value"] = True
        form.press("LoadButton_Click")
        assert form.shown
        assert form.caption("Message") == "Append 4 rows to the 425 sample rows of tblTransactions?"
        form.press("LoadButton_Click")
        assert not form.shown
        assert len(rows(opened, "tblTransactions")) == 429

    @pytest.mark.thorough
    def test_many_wrong_rows_are_asked_about(self, buttons, orders, opened):
        orders.write_text("Order,Date,Customer,Units,Price\nA1,2025-03-01,K1,1,30\nA2,soon,K1,1,3\n", encoding="utf-8")
        before = rows(opened, "tblTransactions")
        buttons.app.answer_dialogs(NO)
        press(buttons, "LoadData")
        form = buttons.forms["LoadData"]
        form.press("LoadButton_Click")
        assert form.caption("Message") == "Cancelled; nothing was changed"
        assert "1 of 2 rows are rejected" in buttons.app.dialogs[0][1]
        assert rows(opened, "tblTransactions") == before
        buttons.app.answer_dialogs(YES)
        form.press("LoadButton_Click")
        assert len(rows(opened, "tblTransactions")) == 1

    def test_a_file_that_fits_no_table_leaves_the_window_open(self, buttons, orders):
        orders.write_text("Fruit,Weight\nApple,3\n", encoding="utf-8")
        press(buttons, "LoadData")
        form = buttons.forms["LoadData"]
        assert form.shown
        assert "fit no table" in form.text("Preview")
        assert "such as Date=HEADING" in form.text("Preview")

    def test_the_line_that_is_missing_is_typed_as_it_is_named(self, buttons, orders, opened):
        orders.write_text("Order ID,Ordered on,Customer ID,Amount\n1,2025-01-05,A,10\n", encoding="utf-8")
        press(buttons, "LoadData")
        form = buttons.forms["LoadData"]
        assert "such as Date=Ordered on." in form.text("Preview")
        form.type("Mapping", "Date=Ordered on")
        form.press("PreviewButton_Click")
        assert form.text("Tables") == "tblTransactions"
        assert "1 new rows" in form.text("Preview")

    def test_no_file_chosen_is_no_window(self, buttons):
        press(buttons, "LoadData")
        assert not buttons.forms["LoadData"].shown


class TestOthers:
    def test_check_inputs_names_what_is_wrong(self, buttons, opened):
        assert press(buttons, "CheckInputs").startswith("All is right")
        opened.inside["d_Survey"]["F5"].value = 11
        assert "d_Survey!F5: Score: a whole answer from 0 to 10 is needed, 11 was found" in press(
            buttons, "CheckInputs"
        )

    @pytest.mark.thorough
    def test_share_saves_a_copy_that_needs_nothing(self, buttons, opened, tmp_path):
        target = tmp_path / "for others.xlsx"
        buttons.chosen = str(target)
        buttons.app.answer_dialogs(YES)
        said = press(buttons, "Share")
        assert said.startswith(f"Saved {target}: ")
        assert "tblIntros[PartyA]" in said
        copy = openpyxl.load_workbook(target)
        assert copy["Metrics"]["D6"].data_type == "n"
        assert opened.inside["Metrics"]["D6"].data_type == "f"
        assert opened.app.books == [opened]
        assert opened.app.DisplayAlerts is True

    def test_share_overwrites_nothing(self, buttons, tmp_path):
        target = tmp_path / "there.xlsx"
        target.write_text("mine")
        buttons.chosen = str(target)
        buttons.app.answer_dialogs(NO)
        assert press(buttons, "Share") == f"{target} is there already; name a file that is not"
        assert target.read_text() == "mine"

    def test_share_can_be_cancelled(self, buttons, tmp_path):
        assert press(buttons, "Share") == ""
        buttons.chosen = str(tmp_path / "x.xlsx")
        buttons.app.answer_dialogs(CANCEL)
        assert press(buttons, "Share") == ""
        assert not buttons.calls

    @pytest.mark.thorough
    def test_sample_off_and_undo(self, buttons, opened):
        before = {name: rows(opened, name) for name in ("tblTransactions", "tblCustomers", "tblSurvey")}
        assert "sample rows taken out" in press(buttons, "SampleOff")
        assert len(rows(opened, "tblTransactions")) == 1
        assert press(buttons, "Undo") == "As it was before Sample off"
        assert {name: rows(opened, name) for name in before} == before

    def test_sample_on_is_refused_over_rows_of_ones_own(self, buttons, opened):
        opened.inside["d_Campaigns"]["C5"].value = "Mine"
        assert "holds 1 rows of your own" in press(buttons, "SampleOn")

    def test_unfreeze_without_frozen_cells(self, buttons):
        assert "holds no frozen cells" in press(buttons, "Unfreeze")

    @pytest.mark.thorough
    def test_undo_is_refused_where_it_would_lose_something(self, buttons, opened):
        press(buttons, "SampleOff")
        opened.inside["d_Customers"]["B5"].value = "Mine"
        assert "was changed since, and undo would lose that" in press(buttons, "Undo")
        assert opened.inside["d_Customers"]["B5"].value == "Mine"


def test_a_button_that_is_added_to_the_table_works_without_a_macro_of_its_own(buttons, monkeypatch):
    added = Button("count_tables", "Count tables", "Check", "X", "", act=lambda book: f"{len(book.tables())} tables")
    monkeypatch.setattr(table_of_buttons, "BUTTONS", (*table_of_buttons.BUTTONS, added))
    assert re.fullmatch(r"\d+ tables", press(buttons, "CountTables"))
    assert "has no button Nothing" in press(buttons, "Nothing")


@pytest.mark.thorough
def test_macros_of_version_0_1_find_what_they_call(buttons, opened):
    """They call each button by its name in another module, and agree to a question by its text."""
    from addin.hosts.excel import service

    (answer,) = service.sample_off(opened, "", ())
    assert re.fullmatch(r"\d+ sample rows taken out", answer[1])
    assert service.undo(opened, "", ())[0][1] == "As it was before Sample off"
    named = ("check_inputs", "enter", "form", "load", "preview", "refresh_all", "sample_on", "share", "unfreeze")
    assert set(named) <= vars(service).keys()


@pytest.mark.thorough
def test_a_question_is_agreed_to_by_its_key_or_as_version_0_1_does_by_its_text(buttons, opened, tmp_path):
    from addin.hosts.excel import ribbon as excel

    path = tmp_path / "orders.csv"
    path.write_text("Order,Date,Customer,Campaign,Price\nA1,2025-03-01,K1,C01,30\n", encoding="utf-8")
    values = (str(path), "", "replace", "")
    (asked,) = excel.load(opened, "", values)
    assert asked[:2] == ["ask", "Replace the 425 sample rows of tblTransactions with 1 rows?"]
    assert excel.load(opened, f"another\n{asked[2]}x", values)[0][0] == "ask"
    for agreed in (asked[1], asked[2]):
        assert excel.load(opened, f"\n{agreed}", values)[0][3] == "optional"
        assert excel.load(opened, f"\n{agreed}\nno source/Transactions", values)[0][0] == "done"
        assert excel.press(opened, "", ("Undo",))[0][0] == "done"
    assert "Replace" not in asked[2]


ACTIONS = ["RefreshAll", "CheckInputs", "Unfreeze", "Undo", "SampleOn", "SampleOff", "NewCampaign", "LogFollowUp",
           "LogIntroduction"]  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("action", ACTIONS)
def test_without_python_a_button_says_so(buttons, action):
    buttons.refuses = True
    assert "Python does not answer" in press(buttons, action)
    assert state(buttons) == [True, -4105, True]


@pytest.mark.thorough
def test_a_python_that_dies_on_the_way_is_not_asked_twice(buttons):
    buttons.dies_on = "press"
    assert "Python stopped on the way (The RPC server is unavailable.)" in press(buttons, "SampleOff")
    assert [name for name, _ in buttons.calls].count("press") == 1
    buttons.dies_on = ""
    assert "sample rows taken out" in press(buttons, "SampleOff")


@pytest.mark.parametrize("member", ["GetOpenFilename", "GetSaveAsFilename"])
def test_the_interpreter_lacks_what_these_buttons_ask_of_excel(monkeypatch, member):
    """Once it has one of them, the stand-in above goes."""
    chain = Chain(monkeypatch)
    chain.app.add_module(f"Public Sub Try()\nDim x\nx = Application.{member}()\nEnd Sub", name="Trial")
    with pytest.raises(VBAUnsupportedError):
        chain.app.run("Try")


def test_every_form_is_reached_by_keys():
    for form in FORMS:
        kinds = [control.kind for control in form.controls]
        assert kinds[-1] == "CommandButton", form.name
        for before, control in zip(form.controls, form.controls[1:], strict=False):
            if control.name.startswith("Input"):
                assert before.kind == "Label", "the label's key leads to what follows it"

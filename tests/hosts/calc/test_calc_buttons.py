"""The buttons: pressed by name, and clicked with a mouse on a screen."""

import contextlib
import os
import subprocess
from pathlib import Path

import pytest
from libreoffice import named_items, within

from addin.buttons import CALC, buttons_of

WAIT, CLICKED = 90, 5
LARGEST_ICON = 26


@pytest.fixture
def press(office, document):
    def pressed(button, address="A1"):
        cell = document.Sheets.getByIndex(0).getCellRangeByName(address)
        document.getCurrentController().select(cell)
        return office.press(document, button)

    return pressed


def test_explain_gives_the_reason(sheet, press):
    sheet.typed("=NPS({10;11})", "C1")
    assert press("explain", "C1").startswith("C1 shows #VALUE!. NPS: ")
    assert "11" in press("explain", "C1")
    assert sheet.shown(sheet.cells.getCellRangeByName("C1")) == "#VALUE!"


def test_explain_names_the_cell_that_holds_an_error(sheet, press):
    sheet.put("A1", [[10], ["=1/0"]])
    sheet.typed("=NPS(A1:A2)", "C1")
    assert press("explain", "C1") == "C1 shows Err:504 because it reads A2, which shows #DIV/0!; fix that cell first."


def test_explain_where_there_is_nothing_to_explain(sheet, press):
    sheet.typed("=NPS({10;9})", "C1")
    assert press("explain", "C1") == "C1 shows no error."
    sheet.typed("=1/0", "C1")
    assert "calls no function of Customer Value" in press("explain", "C1")


def test_explain_changes_nothing(document, sheet, press):
    sheet.typed("=NPS({10;11})", "C1")
    document.setModified(False)
    steps = document.getUndoManager().getAllUndoActionTitles()
    press("explain", "C1")
    assert not document.isModified()
    assert document.getUndoManager().getAllUndoActionTitles() == steps


def test_resize_table(document, sheet, press):
    sheet.typed('=ATTRIBUTION(100,{"Search";"Ads"},{40;25})', "C1")
    assert press("resize_table", "C1") == ""
    assert sheet.cells.getCellRangeByName("E4").Value == 0.35
    assert sheet.cells.getCellRangeByName("C1").getFormula().startswith("{=")
    assert press("resize_table", "C1") == ""
    document.getUndoManager().undo()
    document.getUndoManager().undo()
    assert sheet.cells.getCellRangeByName("E4").String == ""


def test_a_table_entered_by_enter_says_so_and_resize_formats_it(sheet, press):
    sheet.typed('=COHORT({"Ann";"Bob";"Ann"},{46027;46042;46064})', "C1")
    assert press("explain", "C1") == (
        "C1 shows a part of a table of 2 rows and 4 columns: press Resize table to see it all."
    )
    assert press("resize_table", "C1") == ""
    shown = [sheet.cells.getCellRangeByName(cell).String for cell in ("C2", "D2", "E2", "F2")]
    assert shown == ["2026-01-01", "2", "100.0%", "50.0%"]
    assert press("explain", "C1") == "C1 shows no error."


def test_resize_table_spares_other_cells(sheet, press):
    sheet.typed('=ATTRIBUTION(100,{"Search";"Ads"},{40;25})', "C1")
    sheet.put("D3", [["mine"]])
    assert press("resize_table", "C1") == "The table needs 4 rows and 3 columns from C1; clear those cells."
    assert sheet.cells.getCellRangeByName("D3").String == "mine"


def test_refresh(document, sheet, press):
    sheet.typed("=NPS({10;9})", "C1")
    assert press("refresh_all") == ""
    steps = len(document.getUndoManager().getAllUndoActionTitles())
    assert press("refresh_selection", "C1") == ""
    assert len(document.getUndoManager().getAllUndoActionTitles()) == steps + 1
    assert press("refresh_selection", "A1").startswith("No selected cell uses")


def test_texts(sheet, press):
    sheet.typed("=NPS({10;9})", "C1")
    assert press("functions", "C1").startswith("NPS(scores, [scale])\n")
    assert "Churn" in press("functions", "A1")
    assert press("doctor").startswith("OK  return-on-customer")
    assert "fail" not in press("doctor")
    assert "=NPS(" in press("help")
    assert "MIT" in press("about")


# --- on a screen


def test_clicked_on_a_screen(start_office, prepare, screen, tmp_path):
    variables = {"DISPLAY": screen, "SAL_USE_VCLPLUGIN": "gen"}
    office = start_office(prepare(tmp_path), variables=variables)
    run = {"env": {**os.environ, **variables}, "capture_output": True, "text": True, "timeout": 60}

    def x(*command):
        return subprocess.run(["xdotool", *command], check=False, **run).stdout

    def buttons():
        with contextlib.suppress(office.uno.getClass("com.sun.star.uno.Exception")):  # while the window is being built
            found = named_items(window.getAccessibleContext(), {})
            return found if titles <= found.keys() else None

    def message():
        if not x("search", "--name", "^Explain$"):
            explain = buttons()["Explain"]
            place, size = explain.getLocationOnScreen(), explain.getSize()
            x("mousemove", str(place.X + size.Width // 2), str(place.Y + size.Height // 2), "click", "1")
        return within(CLICKED, lambda: x("search", "--name", "^Explain$").strip())

    def closed():
        x("windowfocus", shown, "key", "Return")
        return not x("search", "--name", "^Explain$")

    titles = {button.title for button in buttons_of(CALC)}
    try:
        document = office.open(Hidden=False)
        window = document.getCurrentController().getFrame().getContainerWindow()
        window.setPosSize(0, 0, 1390, 860, 15)
        cell = document.Sheets.getByIndex(0).getCellRangeByName("A1")
        cell.setFormula("=NPS({10|11})")
        document.getCurrentController().select(cell)
        assert within(WAIT, buttons), "the toolbar lacks buttons"
        assert buttons()["Explain"].getSize().Width > 2 * LARGEST_ICON, "it shows its icon without its name"
        shown = within(WAIT, message)
        folder = Path(os.environ.get("PYTEST_ARTEFACTS", tmp_path))
        subprocess.run(["import", "-window", "root", folder / "calc_toolbar.png"], check=True, **run)
        assert shown, "no message came"
        assert within(WAIT, closed), "the message stayed"
        document.close(True)
    finally:
        office.stop()

"""The data buttons' windows, by mouse and keys on a screen: forms, file dialogs, messages."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from libreoffice import named_items, within

from addin.files import template
from addin.windows import OF_THE_FILE

WAIT, CLOSES = 60, 10
LEDGER = Path(__file__).parents[2] / "actions" / "exports" / "ledger_de.csv"


@pytest.fixture
def desk(start_office, prepare, screen, tmp_path):
    """A copy of the template in a window, and hands on its buttons and keys."""
    variables = {"DISPLAY": screen, "SAL_USE_VCLPLUGIN": "gen"}
    office = start_office(prepare(tmp_path), variables=variables)
    run = {"env": {**os.environ, **variables}, "capture_output": True, "text": True, "timeout": 60}

    def x(*command):
        return subprocess.run(["xdotool", *command], check=False, **run).stdout

    def windows(title):
        return x("search", "--onlyvisible", "--name", f"^{title}$").split()

    def place(button):
        with contextlib.suppress(office.uno.getClass("com.sun.star.uno.Exception")):  # while the window is being built
            found = named_items(window.getAccessibleContext(), {}).get(button)
            return found and (found.getLocationOnScreen(), found.getSize())

    def opened(title, seen=()):
        """The window of a title that is none of those seen."""
        found = within(WAIT, lambda: [each for each in windows(title) if each not in seen])
        picture(f"{title} {len(seen) + 1}")
        assert found, f"no window {title} came"
        x("windowfocus", "--sync", found[0])
        return found[0]

    def click(button, title=""):
        corner, size = within(WAIT, lambda: place(button))
        x("mousemove", str(corner.X + size.Width // 2), str(corner.Y + size.Height // 2), "click", "1")
        return opened(title or button)

    def press(*keys):
        for key in keys:
            x("key", "--delay", "50", key)

    def write(text):
        x("type", "--delay", "20", text)

    def closed(title):
        return within(CLOSES, lambda: not windows(title))

    def picture(name):
        folder = Path(os.environ.get("PYTEST_ARTEFACTS", tmp_path))
        subprocess.run(["import", "-window", "root", folder / f"calc {name}.png"], check=True, **run)

    access = office.service("com.sun.star.configuration.ConfigurationProvider").createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationUpdateAccess",
        office.properties(nodepath="/org.openoffice.Office.Common/Misc"),
    )
    access.UseSystemFileDialog = False
    access.commitChanges()
    document = office.open(shutil.copy(template(), tmp_path / "plan.xlsm"), Hidden=False, MacroExecutionMode=0)
    window = document.getCurrentController().getFrame().getContainerWindow()
    window.setPosSize(0, 0, 1390, 860, 15)
    yield SimpleNamespace(
        document=document, click=click, opened=opened, press=press, write=write, closed=closed, folder=tmp_path
    )
    with contextlib.suppress(Exception):  # a window that is still open keeps the document
        document.close(True)
    office.stop()


def rows(document, table):
    """A table's rows, each as column to value."""
    heads, *found = document.DatabaseRanges.getByName(table).getReferredCells().getDataArray()
    return [dict(zip(heads, row, strict=True)) for row in found]


@pytest.mark.thorough
def test_load_data(desk):
    lines = [f"n{i},2026-01-{1 + i % 28:02d},K{1 + i % 300:03d},{1 + i % 3},{10 + i % 7}" for i in range(5_000)]
    file = desk.folder / "orders.csv"
    file.write_text("Invoice,Date,Customer,Units,Price\n" + "\n".join(lines) + "\n")
    chooser = desk.click("Load data")
    desk.write(str(file))
    desk.press("Return")
    form = desk.opened("Load data", [chooser])
    desk.press("Return")
    desk.opened("Customer Value")  # whether the sheets shall count these orders
    desk.press("Return")
    assert desk.closed("Customer Value")
    desk.opened("Load data", [chooser, form])  # what came of it
    desk.press("Return")
    assert desk.closed("Load data")
    loaded = [
        f"{row['Order']},{row['Customer']},{row['Units']:g},{row['Price']:g}"
        for row in rows(desk.document, "tblTransactions")
    ]
    assert loaded == [",".join(part for at, part in enumerate(line.split(",")) if at != 1) for line in lines]
    assert desk.document.getUndoManager().getAllUndoActionTitles() == ("Load data",)


@pytest.mark.thorough
def test_an_export_comes_to_the_return_in_six_clicks(desk):
    """From the button to the Dashboard, with the choice that the orders are the selected campaign's."""
    seen, to_campaign = [], 2 + len(OF_THE_FILE)
    clicks = [
        lambda: seen.append(desk.click("Load data")),
        lambda: (desk.write(str(LEDGER)), desk.press("Return"), seen.append(desk.opened("Load data", seen))),
        lambda: desk.press(*["Tab"] * to_campaign, "Down"),
        lambda: (desk.press("Return"), seen.append(desk.opened("Load data", seen))),  # what the choice changes
        lambda: (desk.press("Return"), desk.opened("Customer Value")),
        lambda: (desk.press("Return"), desk.opened("Load data", seen)),
    ]
    for click in clicks[:6]:
        click()
    cells = {name: desk.document.NamedRanges.getByName(name).getReferredCells() for name in ("out_Lead3", "out_Budget")}
    revenue = 1234.56 - 19.9 - 10 - 50 - 7
    assert cells["out_Lead3"].Value == pytest.approx(revenue / cells["out_Budget"].Value)
    desk.press("Return")
    assert desk.closed("Load data")
    desk.document.getUndoManager().undo()
    assert cells["out_Lead3"].Value == pytest.approx(1.275)


@pytest.mark.thorough
def test_a_form_tells_what_is_wrong_and_keeps_what_was_typed(desk):
    before = rows(desk.document, "tblCampaigns")
    form = desk.click("New campaign")
    desk.press("Tab", "Tab")
    desk.write("lots")
    desk.press("Return")
    again = desk.opened("New campaign", [form])
    assert rows(desk.document, "tblCampaigns") == before
    desk.write("Spring")
    desk.press("Tab", "Tab", "ctrl+a")
    desk.write("1500")
    desk.press("Return")
    desk.opened("New campaign", [form, again])
    desk.press("Return")
    assert desk.closed("New campaign")
    added = rows(desk.document, "tblCampaigns")[-1]
    assert (added["Name"], added["Budget"]) == ("Spring", 1500)


@pytest.mark.thorough
def test_escape_closes_every_window_and_changes_nothing(desk):
    for button in ("Load data", "New campaign", "Log follow-up", "Log introduction", "Share"):
        desk.click(button)
        desk.press("Escape")
        assert desk.closed(button), button
    assert desk.document.getUndoManager().getAllUndoActionTitles() == ()
    assert not desk.document.isModified()


@pytest.mark.thorough
def test_share(desk):
    form = desk.click("Share")
    desk.press("space", "Return")
    chooser = desk.opened("Share", [form])
    desk.press("Return")
    desk.opened("Share", [form, chooser])
    desk.press("Return")
    assert desk.closed("Share")
    assert (desk.folder / "plan_shared.xlsx").is_file()
    assert not desk.document.isModified()


@pytest.mark.thorough
def test_a_question_is_answered_by_keys(desk):
    cell = desk.document.Sheets.getByName("Inputs").getCellRangeByName("Z1")
    cell.setString("new")
    desk.click("Share", "Customer Value")
    desk.press("Escape")
    desk.opened("Share")
    desk.press("Return")
    assert desk.closed("Share")
    assert desk.document.isModified()
    seen = desk.click("Share", "Customer Value")
    desk.press("Return")
    assert desk.opened("Share", [seen])
    assert not desk.document.isModified()
    desk.press("Escape")
    assert desk.closed("Share")
    assert "new" in openpyxl.load_workbook(desk.folder / "plan.xlsm")["Inputs"]["Z1"].value

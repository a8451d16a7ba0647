"""Every button pressed in Chromium, on a stand-in for Excel that holds the template: tables as `roc` leaves them."""

import base64

import pytest
from filled import filled, held_by_file
from openpyxl.worksheet.formula import ArrayFormula
from read_books import read_book
from web_pane import CHOOSE, STAND_IN, Pane

from addin.actions.forms import FORMS, enter
from addin.actions.load import load, preview
from addin.actions.refresh import refresh_all
from addin.actions.sample import sample_off, sample_on
from addin.actions.share import share
from addin.xlsx.file_book import FileBook

NO_SAMPLE_ROWS = """
    const [, sheet, column, row] = workbook.names.out_SampleRows.match(/=(.*)!\\$(.*)\\$(.*)/);
    workbook.sheets[sheet].cells[`${row},${column.charCodeAt(0) - 64}`].value = 0;
"""
OTHER_NUMBERS = """
    for (const [at, cell] of Object.entries(workbook.sheets[args[0]].cells)) {
        if (!cell.formula && typeof cell.value === "number" && Number(at.split(",")[0]) > 4) cell.value = 1;
    }
"""


def by_roc(path, act, ask=lambda question: True):
    """What the tables hold after an action on the file."""
    act(FileBook(path, ask=ask))
    return held_by_file(path)


def differences(ours, theirs):
    """Where they are not the same; numbers that a fit gives may differ in the tenth digit."""
    return {where: (ours.get(where), there) for where, there in theirs.items() if not same(ours.get(where), there)}


def same(here, there):
    if isinstance(there, list):
        return len(here) == len(there) and all(map(same, here, there))
    return here == there or (isinstance(there, float) and here == pytest.approx(there, rel=1e-9))


SENT = """
    window.sent = [];
    const post = python.worker.postMessage;
    python.worker.postMessage = function (message, ...others) {
        if (message.texts) sent.push(Object.keys(message.texts).length);
        return post.call(this, message, ...others);
    };
"""
LAST_ROW = """
    const { sheet, bottom, left, right } = workbook.tables.find(({ name }) => name === "tblFollowUps");
    const { cells } = workbook.sheets[sheet];
    const columns = Array.from({ length: right - left + 1 }, (_, i) => left + i);
    return [bottom, columns.map((column) => cells[`${bottom},${column}`]?.format ?? "General")];
"""
BUSY = """
    const calls = ([, { formula, value }]) => formula?.match(ours) && typeof value === "number";
    const [at, cell] = Object.entries(workbook.sheets.Metrics.cells).find(calls);
    const { value } = cell;
    cell.value = "#BUSY!";
    part("doing").textContent = "";
    (async () => {
        while (part("doing").textContent !== "Calculating …") await pause(10);
        await pause(700);
        cell.value = value;
    })();
    return [at.split(",")[0], value];
"""
OPENING = """
    const { createWorkbook } = Excel;
    Excel.createWorkbook = (text) => {
        window.isBusy = document.getElementById("buttons").inert;
        return createWorkbook(text);
    };
"""
SAME = {}
ROWS = {
    "New campaign": ("new_campaign", {"Name": "007", "Start": "2026-09-01", "Budget": "1200.5", "Reach": "3000",
                                      "Price": "20", "Channel": "Email"}),
    "Log follow-up": ("log_follow_up", {"Campaign": "C01", "Date": "2026-09-01", "Type": "New order", "Orders": "3",
                                        "Price": "40", "Cost": "5", "Note": "=1+1"}),
    "Log introduction": ("log_introduction", {"Date": "2026-09-01", "Partner": "P1", "PartyA": "Anna",
                                              "PartyB": "Ben"}),
}  # fmt: skip
ORDERS = """Order ID,Order date,Client,Qty,Amount,Campaign ID,Type
A1,2025-02-03,K001,1,30,C01,Immediate sale
A2,2025-05-04,K001,2,40.5,C01,New order
0003,2025-06-05,K002,1,20,,
A4,someday,K002,1,20,,
"""


@pytest.mark.thorough
@pytest.mark.parametrize("title", ROWS)
def test_a_row_is_entered_and_taken_back(pane, path, title):
    form, values = ROWS[title]
    before = pane.contents()
    assert pane.press(title)[0] == "window"
    assert pane.type(**values)[0] == "result"
    assert differences(pane.contents(), by_roc(path, lambda book: enter(book, FORMS[form], values))) == SAME
    assert pane.press("Undo last action") == ("result", f"As it was before {title}")
    assert pane.contents() == before


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("language", "start", "budget"), [("en-US", "3/4/2025", "1200.5"), ("de-DE", "4.3.2025", "1200,5"),
                                      ("en-GB", "04/03/2025", "1200.5")],
)  # fmt: skip
def test_days_and_numbers_are_read_as_the_user_writes_them(pane, path, language, start, budget):
    form, values = "new_campaign", ROWS["New campaign"][1] | {"Start": "2025-03-04"}
    pane.run("Office.context.contentLanguage = args[0]", language)
    pane.press("New campaign")
    assert pane.type(**values | {"Start": start, "Budget": budget})[0] == "result"
    assert differences(pane.contents(), by_roc(path, lambda book: enter(book, FORMS[form], values))) == SAME


@pytest.mark.thorough
def test_a_row_that_a_table_grows_by_has_the_formats_of_the_one_above(pane):
    row, formats = pane.run(LAST_ROW)
    pane.press("Log follow-up")
    pane.type(**ROWS["Log follow-up"][1])
    assert pane.run(LAST_ROW) == [row + 1, formats]


def test_what_cannot_be_is_said_beside_its_field(pane):
    before = pane.contents()
    pane.press("New campaign")
    shown, _ = pane.type(Name="Autumn", Start="2026-09-01", Budget="0")
    assert shown == "window"
    field = "const field = document.getElementById('field-Budget');"
    assert "0 was found" in pane.run(
        f"{field} return document.getElementById(field.getAttribute('aria-describedby')).innerText"
    )
    assert pane.run(f"{field} return [document.activeElement === field, field.value]") == [True, "0"]
    assert pane.contents() == before


@pytest.mark.thorough
@pytest.mark.parametrize("counts", ["yes", "no"])
def test_files_are_looked_at_then_loaded(pane, path, tmp_path, counts):
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS)
    before = pane.contents()
    pane.press("Load data")
    pane.run(CHOOSE, [file.name, ORDERS])
    shown, said = pane.click("ok")
    assert shown == "window"
    assert "Replace the 425 sample rows of tblTransactions with 3 rows?" in said
    assert "row 5: Date" in said
    assert "A1\t2025-02-03\tK001" in said
    assert "1 of 4 rows are rejected" in pane.click("ok")[1]
    assert "Count these order rows instead" in pane.click("yes")[1]
    shown, said = pane.click(counts)
    assert (shown, said.partition(";")[0]) == ("result", "3 rows loaded into tblTransactions, 425 rows replaced")
    theirs = by_roc(
        path, lambda book: load(book, preview(book, [file])), lambda question: counts == "yes" or not question.optional
    )
    assert differences(pane.contents(), theirs) == SAME
    pane.press("Undo last action")
    assert pane.contents() == before


@pytest.mark.thorough
def test_another_mapping_is_shown_before_it_is_loaded(pane):
    pane.press("Load data")
    pane.run(CHOOSE, ["answers.csv", "Who,Points\nK1,9\nK2,10\n"])
    assert pane.click("ok")[0] == "window"
    assert "no column for Score" in pane.type(Table="tblSurvey")[1]
    shown, said = pane.type(Customer="Who", Score="Points")
    assert shown == "window"
    assert "2 new rows" in said
    assert pane.click("ok") == ("result", "2 rows loaded into tblSurvey, 120 rows replaced; Undo takes them out again")


@pytest.mark.thorough
def test_the_sample_is_taken_out_and_put_in(pane, path):
    before = pane.contents()
    assert pane.press("Sample") == ("question", "Take the sample rows out?")
    assert pane.click("no") == ("result", "Cancelled; nothing was changed")
    assert pane.contents() == before
    pane.press("Sample")
    assert "sample rows taken out" in pane.click("yes")[1]
    assert differences(pane.contents(), by_roc(path, sample_off)) == SAME
    pane.run(NO_SAMPLE_ROWS)
    assert pane.press("Sample") == ("question", "Put the sample rows in?")
    assert "sample rows put in" in pane.click("yes")[1]
    assert differences(pane.contents(), by_roc(path, sample_on)) == SAME


def test_refresh_renews_what_the_workbook_holds(pane, path):
    for name in ("Metrics", "d_Refreshed"):
        pane.run(OTHER_NUMBERS, name)
    said = pane.press("Refresh all")[1]
    assert "cells refreshed" in said
    theirs = by_roc(path, refresh_all)
    ours = pane.contents()
    theirs.pop("out_lastrefresh")
    assert differences(ours, theirs) == SAME
    assert pane.run("return workbook.calculated") == "Full"


@pytest.mark.thorough
def test_what_excel_still_calculates_is_waited_for(pane):
    row, result = pane.run(BUSY)
    pane.press("Refresh all")
    assert pane.run(f"return workbook.sheets.Metrics.cells['{row},6'].value") == result


@pytest.mark.thorough
def test_sources_beyond_the_workbook_are_named(pane):
    pane.run(
        "Object.assign(workbook.sheets.d_Sources.cells, { '5,2': { value: 'Shop' }, '5,3': { value: 'orders.csv' } })"
    )
    assert "Not asked from here: Shop; run roc refresh on a computer" in pane.press("Refresh all")[1]


def test_inputs_are_checked_as_by_roc(pane, path):
    pane.run("workbook.sheets.d_Survey.cells['7,6'].value = 99")
    said = pane.press("Check inputs")[1]
    assert "1 finding\nd_Survey!F7: Score" in said


@pytest.mark.thorough
def test_a_copy_is_shared_as_by_roc(page, path, tmp_path):
    pane = Pane(page, filled(path) | {"file": base64.b64encode(path.read_bytes()).decode()})
    before = pane.contents()
    pane.run(OPENING)
    said = pane.press("Share")[1]
    assert "cells frozen" in said
    assert "open as a new workbook" in said
    assert pane.run("return isBusy")
    assert pane.contents() == before
    ours, theirs = tmp_path / "ours.xlsx", tmp_path / "theirs.xlsx"
    ours.write_bytes(base64.b64decode(pane.run("return workbook.created")))
    share(FileBook(path, ask=lambda question: True), theirs)
    cells = [
        {f"{sheet.title}!{cell.coordinate}": plain(cell.value) for sheet in read_book(file, data_only=False).worksheets
         for row in sheet.iter_rows() for cell in row}
        for file in (ours, theirs)
    ]  # fmt: skip
    assert {at: (cells[0].get(at), value) for at, value in cells[1].items()
            if cells[0].get(at) != value and cells[0].get(at) != pytest.approx(value)} == {}  # fmt: skip
    assert FileBook(ours).notes() == FileBook(theirs).notes()
    pane.run("Excel.createWorkbook = async () => { throw new Error('there is no room'); }")
    assert "Excel does not open the copy: there is no room" in pane.press("Share")[1]


def plain(value):
    return value.text if isinstance(value, ArrayFormula) else value


def test_where_excel_fails_nothing_is_changed(pane):
    before = pane.contents()
    pane.press("Log follow-up")
    pane.run("workbook.failsIn = 3")
    said = pane.type(**ROWS["Log follow-up"][1])[1]
    assert said == "Nothing was changed: Excel has failed"
    assert pane.contents() == before


def test_a_sheet_with_a_password_is_named(pane):
    before = pane.contents()
    pane.run("workbook.sheets.Inputs.password = 'x'")
    pane.press("New campaign")
    _, said = pane.type(**ROWS["New campaign"][1])
    assert "the sheet Inputs has a password" in said
    assert pane.contents() == before


@pytest.mark.thorough
def test_sheets_are_protected_again_as_they_were(pane):
    pane.press("New campaign")
    pane.type(**ROWS["New campaign"][1])
    assert pane.run("return [workbook.sheets.Inputs.isProtected, workbook.sheets.Inputs.options]") == [
        True, {"allowSort": True},
    ]  # fmt: skip


@pytest.mark.thorough
def test_a_sheet_that_is_as_it_was_is_not_sent_again(pane):
    def sent():
        pane.press("Log follow-up")
        return pane.run("return sent.pop()")

    pane.run(SENT)
    sent()
    assert sent() == 0
    pane.run("workbook.sheets.d_Survey.cells['7,6'].value = 3")
    assert sent() == 1
    pane.run("python.restart()")
    pane.page.wait("ready")
    pane.run(SENT)
    assert sent() > 20


@pytest.mark.thorough
def test_undo_is_there_after_a_reload_and_refuses_to_lose_what_was_typed_since(pane):
    before = pane.contents()
    pane.press("New campaign")
    pane.type(**ROWS["New campaign"][1])
    held = pane.text()
    pane.page.load()
    pane.run(STAND_IN)
    pane.fill(held)
    pane.run("workbook.sheets.d_Campaigns.cells['7,3'].value = 'Winter'")
    assert "was changed since" in pane.press("Undo last action")[1]
    pane.run("workbook.sheets.d_Campaigns.cells['7,3'].value = '007'")
    assert pane.press("Undo last action")[1] == "As it was before New campaign"
    assert pane.contents() == before
    assert "no action to undo" in pane.press("Undo last action")[1]

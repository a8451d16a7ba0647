"""The pane by keys alone, which chromedriver presses, and by axe, which finds what a screen reader would miss."""

import pytest

from addin.buttons import WEB, buttons_of

MOST = 80
"""Presses of Tab within which all must be reached."""
FOCUS = """
    const at = document.activeElement, { outlineStyle, outlineWidth } = getComputedStyle(at);
    const { top, bottom, left, right } = at.getBoundingClientRect();
    const isInView = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
    return [at !== document.body, outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, isInView];
"""
EXCEL_WAITS = "window.running = Excel.run; Excel.run = () => new Promise((resolve) => { window.goOn = resolve; })"
WRITING_WAITS = """
    window.running = Excel.run;
    let times = 0;
    Excel.run = (act) => (times++ ? new Promise((resolve) => { window.goOn = resolve; }) : Promise.resolve())
        .then(() => running(act));
"""
WRITING = """
    while (part("doing").textContent !== "Writing …") await new Promise((resolve) => setTimeout(resolve, 20));
    return [part("stop").hidden, document.activeElement.id];
"""
LINES = """
    const at = document.activeElement;
    return at.tagName === "INPUT" || at.tagName === "SELECT" ? at.value : at.textContent;
"""


class Keys:
    """A person who has keys alone, and sees where the focus is."""

    def __init__(self, pane, browser):
        self.pane, self.browser = pane, browser
        self.press, self.focused = browser.press, browser.focused

    def visible(self):
        assert self.pane.run(FOCUS) == [True, True, True], self.focused()

    def reach(self, name, key="Tab"):
        """Press Tab until what has this name has the focus; gives the names that were passed."""
        passed = []
        for _ in range(MOST):
            self.press(key)
            passed.append(self.focused()[1])
            if passed[-1] == name:
                self.visible()
                return passed
        raise AssertionError(f"{name} is not among {passed}")

    def opening(self, title):
        self.reach(title)
        self.press("Enter")

    def opens(self, title):
        self.opening(title)
        at, said = self.pane.settled()
        self.visible()
        return at, said

    def settles(self, key):
        self.press(key)
        return self.pane.settled()

    def content(self):
        return self.pane.run(LINES)


@pytest.fixture
def keys(pane, page):
    page.browser.asked("POST", "/actions", {"actions": []})
    pane.run("document.activeElement.blur(); open(BUTTONS.find(({ name }) => name === 'functions'));")
    return Keys(pane, page.browser)


def test_every_button_is_reached_in_its_order(keys):
    titles = [button.title for button in buttons_of(WEB)]
    passed = keys.reach(titles[-1])
    assert [name for name in passed if name in titles] == titles
    assert keys.focused() == ("button", titles[-1])
    assert [name for name in reversed(keys.reach(titles[0], "Shift+Tab")) if name in titles] == titles[:-1]


def test_a_row_is_entered_and_taken_back(keys):
    before = keys.pane.contents()
    assert keys.opens("New campaign")[0] == "window"
    assert keys.focused() == ("textbox", "Name *")
    keys.press("Autumn")
    keys.reach("Budget *")
    keys.press("12")
    assert keys.settles("Enter")[0] == "result"
    keys.visible()
    assert "Autumn, added" in keys.content()
    assert keys.opens("Undo last action") == ("result", "As it was before New campaign")
    assert keys.pane.contents() == before


def test_what_is_wrong_takes_the_focus_and_has_its_reason(keys):
    keys.opens("New campaign")
    keys.press("Autumn")
    keys.reach("Budget *")
    keys.press("none")
    assert keys.settles("Enter")[0] == "window"
    assert keys.focused() == ("textbox", "Budget *")
    keys.visible()
    assert "was found" in keys.pane.run(
        "return document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent"
    )


def test_a_choice_is_made_by_the_arrow_keys(keys):
    keys.opens("Log follow-up")
    keys.reach("Type *")
    chosen = {keys.content()}
    for _ in range(2):
        keys.press("Down")
        chosen.add(keys.content())
    assert len(chosen) == 3


def test_a_window_is_left_by_escape_to_the_button_that_opened_it(keys):
    keys.opens("Log introduction")
    keys.press("Escape")
    assert keys.pane.settled() == ("result", "")
    keys.visible()
    assert keys.focused() == ("button", "Log introduction")


def test_a_question_is_answered(keys):
    before = keys.pane.contents()
    assert keys.opens("Sample") == ("question", "Take the sample rows out?")
    assert keys.content() == "Take the sample rows out?"
    assert keys.settles("Escape") == ("result", "Cancelled; nothing was changed")
    keys.visible()
    assert keys.pane.contents() == before
    keys.opens("Sample")
    assert keys.reach("Yes") == ["Yes"]
    assert "sample rows taken out" in keys.settles("Enter")[1]
    keys.visible()


def test_files_are_mapped_and_loaded(keys, page, tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text("Order ID,Ordered on,Customer ID,Amount\n1,2025-01-05,A,10\n")
    keys.opens("Load data")
    assert keys.focused()[1].startswith("Files")
    page.browser.put_file("#files", file)
    keys.reach("Look")
    assert keys.settles("Enter")[0] == "window"
    keys.visible()
    assert "such as Date from Ordered on" in keys.content()
    keys.reach("Date from, or =TEXT")
    assert "Ordered on" in keys.pane.run("return Array.from(document.activeElement.list.options, ({ value }) => value)")
    keys.pane.run("document.activeElement.select()")
    keys.press("Ordered on", "Enter")
    assert "1 new rows" in keys.pane.settled()[1]
    keys.reach("In tblTransactions")
    keys.press("Right", "Right", "Right")
    assert keys.pane.run(
        "const at = document.activeElement;"
        "for (let i = 0; i < 50 && !at.scrollLeft; i++) await new Promise((resolve) => setTimeout(resolve, 20));"
        "return at.scrollLeft > 0"
    )
    keys.reach("Load", "Shift+Tab")
    assert keys.settles("Enter")[0] == "question"
    keys.reach("Yes")
    assert "1 rows loaded" in keys.settles("Enter")[1]
    keys.visible()


def test_work_that_ends_leaves_the_focus_where_one_has_gone(keys):
    keys.pane.run(EXCEL_WAITS)
    keys.opening("Recalculate")
    keys.pane.run("showState('failed', 'its files cannot be fetched')")
    keys.reach("Try again", "Shift+Tab")
    keys.pane.run("Excel.run = running; goOn();")
    assert keys.pane.settled() == ("result", "Calculated")
    assert keys.focused() == ("button", "Try again")
    keys.pane.run("showState(python.state, python.reason)")


def test_what_is_being_done_is_stopped(keys):
    before = keys.pane.contents()
    keys.pane.run(EXCEL_WAITS)
    keys.opening("Check inputs")
    assert keys.focused() == ("heading", "Check inputs")
    keys.visible()
    assert keys.reach("Stop") == ["Stop"]
    keys.press("Escape")
    keys.pane.run("Excel.run = running; goOn(await Excel.run(snapshot));")
    assert keys.pane.settled() == ("result", "Check inputs was stopped; nothing was changed")
    keys.visible()
    assert keys.pane.contents() == before


def test_once_excel_writes_it_is_not_stopped(keys):
    keys.opens("New campaign")
    keys.press("Autumn")
    keys.reach("Budget *")
    keys.press("12")
    keys.pane.run(WRITING_WAITS)
    keys.press("Enter")
    assert keys.pane.run(WRITING) == [True, "action-title"]
    keys.visible()
    keys.press("Escape")
    keys.pane.run("Excel.run = running; goOn();")
    assert "Autumn, added" in keys.pane.settled()[1]


def test_a_function_is_found_and_its_help_is_left_again(keys):
    keys.reach("Search by name or word")
    keys.press("promoter", "Down")
    keys.visible()
    first = keys.content()
    keys.press("Down", "Up")
    assert keys.content() == first
    keys.press("Enter")
    assert keys.focused()[0] == "heading"
    keys.visible()
    keys.reach("Insert")
    keys.press("Escape")
    assert keys.content() == first
    keys.visible()
    keys.press("Up")
    assert keys.focused() == ("searchbox", "Search by name or word")
    keys.press("Escape")
    assert keys.content() == ""


def test_to_look_at_no_file_is_said(keys):
    keys.opens("Load data")
    keys.reach("Look")
    keys.press("Enter")
    keys.visible()
    assert "No file is chosen" in keys.pane.settled()[1]

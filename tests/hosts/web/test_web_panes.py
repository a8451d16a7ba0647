"""Two workbooks, each with its pane, in two tabs of one browser: neither has the other's Python or Undo."""

import pytest
from filled import filled
from test_web_buttons import ROWS, SAME, by_roc, differences
from web_pane import CLICK, PRESS, TYPE, Pane

from addin.actions.forms import FORMS, enter

pytestmark = pytest.mark.thorough
TITLE = "New campaign"
FORM, VALUES = ROWS[TITLE]
URLS = {"unsaved": ("", ""), "saved": ("https://a.example/plan.xlsx", "https://b.example/plan.xlsx")}


@pytest.fixture(scope="module")
def names(page):
    """What the browser calls the two tabs."""
    first, second = page.browser.new_tab()
    page.load()
    yield first, second
    page.browser.go_to(second)
    page.browser.close_tab(first)


class Tabs:
    """The two panes, and a way to go to one of them."""

    def __init__(self, page, names, book, urls):
        self.browser, self.panes = page.browser, {}
        self.first, self.second = names
        for name, url in zip(names, urls, strict=True):
            self.browser.go_to(name)
            self.panes[name] = Pane(page, book | {"url": url})

    def __call__(self, name):
        self.browser.go_to(name)
        return self.panes[name]


@pytest.fixture(params=URLS)
def tabs(page, names, path, request):
    return Tabs(page, names, filled(path), URLS[request.param])


def test_undo_is_never_applied_to_the_other_workbook(tabs):
    pane = tabs(tabs.second)
    before = pane.contents()
    pane.press(TITLE)
    pane.type(**VALUES)
    entered = pane.contents()
    assert "no action to undo" in tabs(tabs.first).press("Undo last action")[1]
    assert tabs(tabs.first).contents() == before
    assert tabs(tabs.second).contents() == entered
    assert pane.press("Undo last action")[1] == f"As it was before {TITLE}"
    assert pane.contents() == before


def test_both_press_a_button_at_once(tabs, path):
    for name in tabs.panes:
        pane = tabs(name)
        pane.press(TITLE)
        pane.run(TYPE, VALUES)
    for name in tabs.panes:
        tabs(name).run(CLICK, "ok")
    wanted = by_roc(path, lambda book: enter(book, FORMS[FORM], VALUES))
    for name in tabs.panes:
        assert tabs(name).settled()[0] == "result"
        assert differences(tabs(name).contents(), wanted) == SAME
    for name in tabs.panes:
        tabs(name).run(PRESS, "Undo last action")
    for name in tabs.panes:
        assert tabs(name).settled()[1] == f"As it was before {TITLE}"


def test_the_end_of_ones_python_is_not_the_others(tabs, page):
    tabs(tabs.second).run("python.worker.terminate()")
    tabs(tabs.first)
    assert page.call([["NPS", [[[10]]]]]) == [[[100]]]
    tabs(tabs.second).run("python.restart()")
    page.wait("ready")

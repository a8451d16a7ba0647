"""Each view of the pane, 320 pixels wide, as axe looks at it: names, roles, contrast and order, WCAG 2.2 AA."""

import base64
import json
import os
from pathlib import Path

import pytest
from downloads import axe
from web_pane import CHOOSE

pytestmark = pytest.mark.thorough
LOOK = """
    const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const looked = await axe.run(document, { runOnly: rules });
    const told = ({ id, help, nodes }) => [id, help, nodes.map(({ html }) => html.slice(0, 200))];
    return [looked.violations.map(told), looked.passes.map(({ id }) => id), looked.incomplete.map(told),
        document.documentElement.scrollWidth];
"""
UNMAPPED = "Order ID,Ordered on,Customer ID,Amount\n1,2025-01-05,A,10\n"


def first_load(pane, mapped=False):
    pane.press("Load data")
    pane.run(CHOOSE, ["orders.csv", UNMAPPED])
    pane.click("ok")
    if mapped:
        pane.type(Date="Ordered on")


def wrong_row(pane):
    pane.press("New campaign")
    pane.type(Budget="none")


def at_work(pane):
    pane.run("""
        open(BUTTONS[0]);
        part("action-title").textContent = BUTTONS[0].title;
        part("buttons").inert = true;
        part("working").hidden = false;
        tell("Reading", 1, 3);
    """)


VIEWS = {
    "functions": lambda pane: pane.press("Functions"),
    "help": lambda pane: (pane.press("Functions"), pane.run("document.querySelector('#list button').click()")),
    "explain": lambda pane: pane.press("Explain"),
    "about": lambda pane: pane.press("About"),
    "form": lambda pane: pane.press("New campaign"),
    "what is wrong in a form": wrong_row,
    "files": lambda pane: pane.press("Load data"),
    "a heading that is missing": first_load,
    "preview": lambda pane: first_load(pane, mapped=True),
    "question": lambda pane: pane.press("Sample"),
    "result": lambda pane: pane.press("Check inputs"),
    "work": at_work,
    "failed": lambda pane: pane.run("showState('failed', 'its files cannot be fetched')"),
}


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    return axe(tmp_path_factory.mktemp("axe"))


@pytest.fixture
def narrow(pane):
    pane.page.browser.wide(320)
    yield pane
    pane.page.load()
    pane.page.browser.wide(360)


@pytest.mark.parametrize("view", VIEWS)
def test_nobody_is_left_out(narrow, script, tmp_path, view):
    VIEWS[view](narrow)
    narrow.run(f"{script}; window.axe ??= axe")
    violations, passed, unsure, width = narrow.run(LOOK)
    folder = Path(os.environ.get("PYTEST_ARTEFACTS", tmp_path))
    (folder / f"web {view}.png").write_bytes(base64.b64decode(narrow.page.browser.picture()))
    assert violations == [], json.dumps(violations, indent=1)
    assert {"color-contrast", "button-name"} <= {*passed}
    contrasts = [html for rule, _, found in unsure if rule == "color-contrast" for html in found]
    assert [html for html in contrasts if not html.startswith(("<th", "<td"))] == []  # axe sees no scrolled cells
    assert width <= 320

"""The pane with a workbook behind it: the stand-in for Excel, filled, and its buttons pressed."""

import json
from pathlib import Path

from filled import held_by

STAND_IN = (Path(__file__).parent / "workbook.js").read_text(encoding="utf-8")
PRESS = """
    const [title] = args;
    [...document.querySelectorAll("#buttons button")].find((button) => button.textContent === title).click();
"""
SETTLED = """
    const shown = (id) => !document.getElementById(id).hidden;
    while (shown("working")) await new Promise((resolve) => setTimeout(resolve, 20));
    const at = ["window", "question"].find(shown) ?? "result";
    return [at, document.getElementById(at === "question" ? "question-text" : at).innerText];
"""
TYPE = """
    for (const [name, value] of Object.entries(args[0])) {
        const input = document.getElementById(`field-${name}`);
        input.value = value;
        if (input.value !== value) throw new Error(`${name} cannot be ${value}`);
    }
"""
CLICK = "document.getElementById(args[0]).click();"
CHOOSE = """
    const chosen = new DataTransfer();
    for (const [name, text] of args) chosen.items.add(new File([text], name));
    document.getElementById("files").files = chosen.files;
"""


class Pane:
    """The pane and the workbook behind it."""

    def __init__(self, page, book):
        self.run = page.browser.run
        self.page = page
        self.run(STAND_IN)
        self.fill(json.dumps(book))
        self.run("await caches.delete('undo')")

    def fill(self, text):
        """Put a workbook behind the pane, as one text: WebKit's driver takes minutes for a tree of cells."""
        self.run("fill(JSON.parse(args[0]))", text)

    def text(self):
        return self.run("return JSON.stringify(workbook)")

    def press(self, title):
        self.run(PRESS, title)
        return self.settled()

    def settled(self):
        return tuple(self.run(SETTLED))

    def click(self, what):
        self.run(CLICK, what)
        return self.settled()

    def type(self, **values):
        self.run(TYPE, values)
        return self.click("ok")

    def contents(self):
        return held_by(json.loads(self.text()))

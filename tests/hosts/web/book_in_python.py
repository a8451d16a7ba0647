"""The page in Python: it reads a workbook, presses a button and carries the steps out, as its scripts do."""

import copy
import json

from filled import NOTE

from addin.errors import CellError
from addin.hosts.web.press import press


class BookInPython:
    """A workbook as the stand-in for Excel holds it, and what was sent of it."""

    def __init__(self, book):
        self.book = copy.deepcopy(book)
        self.known, self.sent, self.count = {}, {}, 0

    def cells(self, sheet):
        return self.book["sheets"][sheet]["cells"]

    def press(self, button, **given):
        """What comes of a button; every question is answered with yes."""
        request = {"values": {}, "seen": None, "files": [], "kept": None} | given
        request |= {"button": button, "title": button, "habits": {"decimal": ".", "month_first": True}, "refused": []}
        agreed, snapshots = [], [self.snapshot()]
        while True:
            numbered = [self._numbered(snapshots), {number: text for text, number in self.sent.items()}]
            text = json.dumps(request | {"agreed": agreed, "snapshots": numbered[0]})
            said = json.loads(press(text, numbered[1], lambda *told: None))
            if "steps" in said:
                self.carry_out(said["steps"])
                snapshots.append(self.snapshot())
            elif "ask" in said:
                agreed.append(said["key"])
                snapshots = [self.snapshot()]
            else:
                return said

    def _numbered(self, snapshots):
        texts = {text for snapshot in snapshots for text in snapshot["sheets"].values()}
        self.sent = {text: str(self.count + at) for at, text in enumerate(texts - self.known.keys())}
        self.count += len(self.sent)
        self.known = {text: number for text, number in (self.known | self.sent).items() if text in texts}
        return [{**each, "sheets": {name: self.known[text] for name, text in each["sheets"].items()}}
                for each in snapshots]  # fmt: skip

    def snapshot(self):
        notes = self.book["notes"].items()
        return {
            "title": "plan.xlsx", "spills": {},
            "sheets": {name: json.dumps(self._read(name)) for name in self.book["sheets"]},
            "tables": [{"totals": False} | table for table in self.book["tables"]],
            "names": {name: text.removeprefix("=") for name, text in self.book["names"].items()},
            "notes": {name.removeprefix(NOTE): text for name, text in notes if name.startswith(NOTE)},
        }  # fmt: skip

    def _read(self, sheet):
        cells = {tuple(map(int, at.split(","))): cell for at, cell in self.cells(sheet).items()}
        filled = [place for place, cell in cells.items() if cell.get("value") is not None]
        height, width = (max((place[index] for place in filled), default=0) for index in (0, 1))
        columns, formulas = [[""] * height for _ in range(width)], []
        for (row, column), cell in cells.items():
            if row <= height and column <= width:
                value = cell.get("value")
                shown = value.code if isinstance(value, CellError) else value
                columns[column - 1][row - 1] = "" if shown is None else shown
                formulas += [[row, column, cell["formula"]]] if cell.get("formula") else []
        return {"columns": columns, "formulas": formulas}

    def carry_out(self, steps):
        for step in steps:
            getattr(self, f"_{step['do']}")(step)

    def _put(self, step):
        top, left, bottom, right = step["area"]
        assert [len(contents) for contents in step["columns"]] == [bottom - top + 1] * (right - left + 1)
        for column, contents in enumerate(step["columns"], start=left):
            for row, content in enumerate(contents, start=top):
                self._write(step["sheet"], row, column, content)

    def _fill(self, step):
        top, left, bottom, right = step["area"]
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self._write(step["sheet"], row, column, step["formula"])

    def _write(self, sheet, row, column, content):
        text = content if isinstance(content, str) else ""
        value = 0 if text[:1] == "=" else text[1:] if text[:1] == "'" else None if content == "" else content
        cell = self.cells(sheet).setdefault(f"{row},{column}", {})
        cell.pop("formula", None)
        cell |= {"value": value, **({"formula": text} if text[:1] == "=" else {})}

    def _resize(self, step):
        cells, columns = self.cells(step["sheet"]), range(step["left"], step["right"] + 1)
        [table] = [table for table in self.book["tables"] if table["name"] == step["table"]]
        table["bottom"] = step["to"]
        for column in columns:
            for row in range(step["from"] + 1, step["to"] + 1):
                cells[f"{row},{column}"] = dict(cells.get(f"{step['from']},{column}", {}))
            for row in range(step["to"] + 1, step["clear"] + 1):
                cells.pop(f"{row},{column}", None)

    def _name(self, step):
        self.book["names"][step["name"]] = f"={step['formula']}"

    def _note(self, step):
        self.book["notes"].pop(NOTE + step["name"], None)
        self.book["notes"] |= {NOTE + step["name"]: step["text"]} if step["text"] else {}

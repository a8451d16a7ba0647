"""Every command of roc: what it writes, and how it is tried."""

import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from addin.files import template

ORDERS = "Order,Date,Customer,Price\nA1,2025-02-03,K001,30\nA2,2025-02-04,K002,40\n"
FILL_DOWN = re.compile(rb"<calculatedColumnFormula>.*?</calculatedColumnFormula>")
NOW = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d")
LEFT = re.compile(r"\..+\.(?:tmp|undo|lock)")
"""Files that a command which was ended may leave: hidden, and in nobody's way."""


@dataclass(frozen=True)
class Writing:
    """A command that writes."""

    arguments: tuple[str, ...]
    writes: str
    """The file whose old state is whole before, and whose new state is whole after."""
    before: tuple[tuple[str, ...], ...] = ()
    """The commands that make the files ready."""
    done_already: str = ""
    """What it says where it has been done."""
    undo: bool = False
    """Whether undo takes it back."""


def _act(*arguments: str, **more) -> Writing:
    return Writing(arguments, "book.xlsm", undo=True, **more)


FOLLOW_UP = ("follow-up", "book.xlsm", "Immediate sale", "10", "25", "--date", "2026-03-10")
SHARE = ("share", "book.xlsm", "copy.xlsx")
WRITING = {
    "calc": Writing(("calc", "survey.xlsx"), "survey.xlsx"),
    "demo": Writing(("demo", "--no-open"), "return_on_customer_demo.xlsm"),
    "new": Writing(("new", "fresh.xlsm"), "fresh.xlsm", done_already="is there already"),
    "refresh": _act("refresh", "book.xlsm"),
    "load": _act("load", "book.xlsm", "orders.csv", "--append", done_already="are there already"),
    "share": Writing(SHARE, "copy.xlsx", done_already="is there already"),
    "unfreeze": Writing(
        ("unfreeze", "copy.xlsx"), "copy.xlsx", before=(SHARE,), undo=True, done_already="holds no frozen cells"
    ),
    "campaign": _act(
        "campaign", "book.xlsm", "Spring", "500", "--start", "2026-03-01", done_already="is there already"
    ),
    "follow-up": _act(*FOLLOW_UP),
    "introduction": _act("introduction", "book.xlsm", "P1", "--date", "2026-03-10"),
    "sample": _act("sample", "book.xlsm", "off", done_already="holds no sample rows"),
    "forget": Writing(("forget", "book.xlsm", "K001", "--yes"), "book.xlsm", done_already="holds nothing of"),
    "upgrade": Writing(("upgrade", "book.xlsm", "new.xlsm"), "new.xlsm", done_already="is there already"),
    "repair": Writing(("repair", "lost.xlsm"), "lost.xlsm"),
    "undo": Writing(("undo", "book.xlsm"), "book.xlsm", before=(FOLLOW_UP,), done_already="has no action to undo"),
}
READING = {
    "functions": ("functions",),
    "check": ("check", "book.xlsm"),
    "doctor": ("doctor",),
    "trust": ("trust",),
}
ELSEWHERE = {
    "install": "tests/hosts/excel/test_excel_install.py and tests/hosts/calc/test_calc_install.py",
    "uninstall": "the same",
    "web": "tests/hosts/web/test_web_site.py",
    "build": "test_one_function_replaces_files, and tests/test_cli.py",
}
"""Commands that write no user's workbook, and what tries them."""


def prepare(folder: Path, do: Callable, writing: Writing) -> None:
    """Put the files into a folder that a command is tried on."""
    shutil.copy(template(), folder / "book.xlsm")
    (folder / "orders.csv").write_text(ORDERS)
    with zipfile.ZipFile(template()) as whole, zipfile.ZipFile(folder / "lost.xlsm", "w") as lost:
        for name in whole.namelist():
            lost.writestr(name, FILL_DOWN.sub(b"", whole.read(name)))
    survey = openpyxl.Workbook()
    for row in range(1, 301):
        survey.active.append([row % 11, f"=NPS(A{row}:A{row})"])
    survey.save(folder / "survey.xlsx")
    for arguments in writing.before:
        done = do(folder, *arguments)
        assert done.code == 0, done.err


def state(path: Path) -> object:
    """What a file holds, whole, but for the minute in which it was refreshed; None where there is none."""
    if not path.exists():
        return None
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: NOW.sub(b"NOW", package.read(name)) for name in package.namelist()}

"""The buttons of every host: their names, order and help, and what those do that need only the workbook.

The ribbon, its macros and LibreOffice's toolbar are made from BUTTONS. A button without `act` is carried out by each
host, which has a window or a cell to show for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from addin import present
from addin.actions.book import Book
from addin.actions.checking import check_inputs
from addin.actions.rows_beneath import take_in
from addin.actions.sample import sample_off, sample_on
from addin.actions.share import unfreeze

EXCEL, CALC, WEB = EVERYWHERE = "excel", "calc", "web"


@dataclass(frozen=True, slots=True)
class Button:
    """A button."""

    name: str
    title: str
    group: str
    key: str
    """The letter that presses it once the ribbon shows its keys."""
    help: str
    icon: str = ""
    """Which picture of the hosts' it shows; by default that of its name."""
    act: Callable[[Book], str] | None = None
    """What it does to a workbook, and what it then says."""
    in_window: bool = False
    """Whether what it says is for a window, as it may be long, and not for the status bar."""
    hosts: tuple[str, ...] = (EXCEL, CALC)

    @property
    def tag(self) -> str:
        """Its name as VBA spells it."""
        return self.name.title().replace("_", "")


def _check(book: Book) -> str:
    joined = take_in(book)
    findings = present.findings(check_inputs(book))
    taken = [present.rows_joined(joined)] if joined else []
    return "\n".join([*taken, present.checked(len(findings)), *present.limited(findings, 200)])


BUTTONS = (
    Button("refresh_all", "Refresh all", "Refresh", "R",
           "Ask the sources again, calculate models and results, and run the checks; Escape cancels."),
    Button("refresh_selection", "Refresh selection", "Refresh", "S",
           "Calculate the selected cells that use our functions again."),
    Button("refresh_book", "Refresh all", "Refresh", "R",
           "Calculate models and results again, and run the checks; roc refresh on a computer asks sources too.",
           "refresh_all", hosts=(WEB,)),
    Button("recalculate", "Recalculate", "Refresh", "C",
           "Calculate every formula again, and enter those anew that show #NAME?.", "refresh_selection", hosts=(WEB,)),
    Button("undo", "Undo last action", "Refresh", "B",
           "Put back what the last Customer Value action wrote in this workbook.",
           act=lambda book: present.undone(book.undo()), hosts=(EXCEL, WEB)),
    Button("load_data", "Load data", "Data", "L",
           "Load rows of a CSV or Excel file into a table; you see what would be loaded first.", hosts=EVERYWHERE),
    Button("new_campaign", "New campaign", "Data", "N", "Add a campaign and select it.", hosts=EVERYWHERE),
    Button("log_follow_up", "Log follow-up", "Data", "F",
           "Log what a follow-up brought, and see what it does to the return.", hosts=EVERYWHERE),
    Button("log_introduction", "Log introduction", "Data", "I",
           "Log an introduction, and see how many there are this week.", hosts=EVERYWHERE),
    Button("check_inputs", "Check inputs", "Check", "K", "Say which checks fail and which typed cells cannot be right.",
           act=_check, in_window=True, hosts=EVERYWHERE),
    Button("insert_function", "Insert function", "Insert", "U",
           "Find a function by family or word, read its help, try it, insert it.", hosts=(EXCEL,)),
    Button("explain", "Explain", "Insert", "E", "Say why the active cell shows an error, and what to do.",
           hosts=EVERYWHERE),
    Button("functions", "Functions", "Insert", "T", "List every function.", hosts=EVERYWHERE),
    Button("resize_table", "Resize table", "Insert", "M",
           "Let the selected array formula fill as many cells as its result has.", hosts=(CALC,)),
    Button("share", "Share", "Share", "Z",
           "Save a copy without macros in which our cells are values; the workbook stays as it is.", hosts=EVERYWHERE),
    Button("unfreeze", "Unfreeze", "Share", "G", "Put the formulas back that such a copy holds as values.",
           act=lambda book: present.unfrozen(unfreeze(book))),
    Button("help", "Help", "Help", "H", "How to use the functions and the buttons."),
    Button("doctor", "Doctor", "Help", "D", "Say what works on this machine, and how to fix what does not."),
    Button("sample", "Sample", "Help", "Y", "Take the made-up rows of the template out, or put them in.",
           hosts=(CALC, WEB)),
    Button("sample_on", "Sample on", "Help", "Y", "Put the made-up rows of the template into empty tables.", "sample",
           act=lambda book: present.sample(sample_on(book), put_in=True), hosts=(EXCEL,)),
    Button("sample_off", "Sample off", "Help", "O", "Take the made-up rows out, and leave all others.",
           act=lambda book: present.sample(sample_off(book), put_in=False), hosts=(EXCEL,)),
    Button("repair_links", "Repair links", "Help", "P",
           "Take the path of another book out of formulas that use our functions.", hosts=(EXCEL,)),
    Button("about", "About", "Help", "A", "Version and licences.", hosts=EVERYWHERE),
)  # fmt: skip


INTRODUCTION = (
    "Type a function into a cell, such as =NPS(B2:B500).",
    "Blank cells are skipped; they never count as zero. Rates are fractions: 2% is 0.02.",
    "All cells show #N/A: press Doctor.",
    "In a terminal, roc functions NPS tells all about one function, with its source.",
)


def help_text(host: str) -> list[str]:
    """What Help shows: how to begin, and what each button does."""
    return [*INTRODUCTION, "", *(f"{button.title}: {button.help}" for button in buttons_of(host))]


def buttons_of(host: str) -> list[Button]:
    """The buttons of one host, in their order."""
    return [button for button in BUTTONS if host in button.hosts]

"""Ctrl-C ends every command within a second, says whether anything was changed, and the book is as that says."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

import openpyxl
import pytest
from commands import LEFT, WRITING, prepare, state

from addin import files
from addin.cli.main import main
from addin.cli.stopping import Stopped
from addin.files import held
from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package

pytestmark = [
    pytest.mark.attack("Ctrl-C at any moment"),
    pytest.mark.skipif(os.name != "posix", reason="signals of processes are POSIX's"),
]
A_SECOND = 1.0 + 0.7
"""And what a machine with other work needs to end a process."""
BUSY = """
import sys, time
sys.path[:] = sys.argv.pop(1).split("|")

from addin.cli.main import main

def working(real):
    def work(*arguments, **named):
        print("working", flush=True)
        return real(*arguments, **named)
    return work

place, name = sys.argv.pop(1).rsplit(".", 1)
module = __import__(place, fromlist=[name])
owner, _, method = name.partition(":")
holder = getattr(module, owner) if method else module
name = method or owner
setattr(holder, name, working(getattr(holder, name)))
main()
"""


def interrupted(folder, place, *arguments) -> tuple[int, str, float]:
    """Start a command, press Ctrl-C while a function works, and see how it ends and when."""
    command = [sys.executable, "-c", BUSY, "|".join(sys.path), place, *arguments]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "working\n", process.stderr.read()
    time.sleep(0.3)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    return process.returncode, said, time.monotonic() - began


@pytest.fixture(scope="module")
def long_book(tmp_path_factory):
    """A book that keeps the engine busy for half a minute, in one call."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["D1"] = "=NPS(A1:A9)"
    for row in range(1, 30_001):
        sheet.append([row % 11, f"=SUMIF(A$1:A{row},A{row})"])
    path = tmp_path_factory.mktemp("long") / "book.xlsx"
    workbook.save(path)
    return path


def test_while_the_engine_works(long_book):
    before = long_book.read_bytes()
    code, said, seconds = interrupted(
        long_book.parent, "addin.xlsx.engine.FormulaEngine:evaluate", "calc", "--all", "book.xlsx"
    )
    assert (code, said) == (130, "roc: Cancelled; nothing was changed\n")
    assert seconds < A_SECOND
    assert long_book.read_bytes() == before
    assert [path.name for path in long_book.parent.iterdir()] == ["book.xlsx"]


def test_what_a_call_was_stopped_by_is_told_and_not_what_came_of_it_in_the_next(tmp_path, monkeypatch):
    """A module whose loading is stopped is loaded again by the next call, and finds its functions declared."""
    book = openpyxl.Workbook()
    for row in range(1, 4):
        book.active.append([10, f"=NPS(A{row})"])
    book.save(tmp_path / "book.xlsx")
    ends = iter([Stopped(), *[ValueError("CHURN is declared already")] * 2])

    def answered(*call):
        raise next(ends)

    monkeypatch.setattr("addin.xlsx.engine_calls.answered", answered)
    with pytest.raises(Stopped):
        calculate(Package.read(tmp_path / "book.xlsx"))


def test_while_another_command_has_the_book(tmp_path):
    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    with held(tmp_path / "book.xlsx"):
        code, said, seconds = interrupted(tmp_path, "addin.files._wait", "calc", "book.xlsx")
    assert (code, said) == (130, "roc: Cancelled; nothing was changed\n")
    assert seconds < A_SECOND


MOMENTS = 3


@pytest.mark.parametrize("name", ["calc", "follow-up", pytest.param("refresh", marks=pytest.mark.thorough)])
def test_at_any_moment_what_is_said_is_true(name, do, ready, tmp_path):
    folder, clean, _ = ready(name)
    writing, draw, stopped = WRITING[name], random.Random(11), 0
    for number in range(MOMENTS):
        here = tmp_path / str(number)
        shutil.copytree(folder, here)
        before = state(here / writing.writes)
        run = do(here, *writing.arguments, interrupt_after=clean.seconds * draw.uniform(0.05, 1.05))
        changed = state(here / writing.writes) != before
        assert run.code in (0, 130), (run.code, run.err)
        if run.code == 130:
            stopped += 1
            told = "was written before, and stays so" if changed else "nothing was changed"
            assert run.err == f"roc: Cancelled; {f'{writing.writes} ' if changed else ''}{told}\n"
        left = {path.name for path in here.iterdir()} - {path.name for path in folder.iterdir()}
        assert all(name.endswith(".undo") and LEFT.fullmatch(name) for name in left), left
    assert stopped


class Stopping:
    """A tracing function that raises Stopped at one step of the code that it sees."""

    def __init__(self, at: int):
        self.left = at

    def __call__(self, frame, event, argument):
        frame.f_trace_opcodes = frame.f_code.co_filename == files.__file__
        self.left -= 1
        if not self.left:
            sys.settrace(None)
            raise Stopped
        return self


@pytest.mark.filterwarnings("ignore:.*:pytest.PytestUnraisableExceptionWarning")  # the system closes what was open
def test_at_every_step_of_writing_a_file_no_other_is_left(tmp_path, monkeypatch, capsys):
    book, ends, step = tmp_path / "book.xlsm", set(), 0
    monkeypatch.setattr("addin.files.written", [])

    def write():
        sys.settrace(Stopping(step))
        try:
            files.write_whole(book, b"new")
        finally:
            sys.settrace(None)

    monkeypatch.setattr(sys.modules["addin.cli.main"], "app", write)
    while (b"new", 0) not in ends:
        step += 1
        files.written.clear()
        monkeypatch.setattr("addin.files._going_on", threading.Lock())  # each is a process of its own
        book.write_bytes(b"old")
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        assert [path.name for path in tmp_path.iterdir()] == ["book.xlsm"], step
        said = capsys.readouterr().err
        assert ("nothing was changed" in said) == (code == 130 and book.read_bytes() == b"old"), step
        ends.add((book.read_bytes(), code))
    assert ends == {(b"old", 130), (b"new", 130), (b"new", 0)}


def test_after_the_change_it_says_that_the_change_stands(do, tmp_path, monkeypatch, capsys):
    """The book is in its place when the command is asked to stop."""
    prepare(tmp_path, do, WRITING["calc"])
    before = (tmp_path / "survey.xlsx").read_bytes()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("addin.cli.output.print_calculation", lambda *_: signal.raise_signal(signal.SIGINT))
    monkeypatch.setattr(sys, "argv", ["roc", "calc", "survey.xlsx"])
    monkeypatch.setattr("addin.files.written", [])
    with pytest.raises(SystemExit, match="130"):
        main()
    assert capsys.readouterr().err == "roc: Cancelled; survey.xlsx was written before, and stays so\n"
    assert (tmp_path / "survey.xlsx").read_bytes() != before

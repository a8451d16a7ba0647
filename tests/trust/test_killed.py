"""Ended at any moment, a command leaves its file as it was or as it should become, and can be given again."""

import os
import random
import re
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
import typer
from commands import ELSEWHERE, LEFT, READING, WRITING, prepare, state

from addin.cli.main import app

IN_A_TEMPORARY_FOLDER = {
    "hosts/calc/install.py", "hosts/calc/extension/excel_files.py", "hosts/excel/workbook_files.py",
    "xlsx/libreoffice.py",
    "template/pictures.py",
}  # fmt: skip
USUAL = ("calc", "follow-up")
"""The commands that are killed in every run of the tests."""
ROUNDS = int(os.environ.get("ROC_KILLS", "1"))
"""How often each command is ended, given again and undone; the first time where most could go wrong."""


def test_every_command_is_tried():
    """A new command is put into one of these tables, or this fails."""
    assert {*typer.main.get_command(app).commands} == {*WRITING, *READING, *ELSEWHERE}
    assert len(WRITING) + len(READING) + len(ELSEWHERE) == len({*WRITING, *READING, *ELSEWHERE})


usual_and_thorough = pytest.mark.parametrize(
    "tried",
    [name if name in USUAL else pytest.param(name, marks=pytest.mark.thorough) for name in WRITING],
    indirect=True,
)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.thorough) if name == "check" else name for name in READING]
)
def test_a_command_that_reads_changes_no_file(name, do, tmp_path):
    prepare(tmp_path, do, WRITING["new"])
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    run = do(tmp_path, *READING[name])
    assert run.steps == 0
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    temporary = os.path.realpath(tempfile.gettempdir())
    assert not [place for place in run.elsewhere if not place.startswith(temporary) or (
        place != temporary and Path(place).exists())]  # fmt: skip


@usual_and_thorough
def test_a_command_that_writes_changes_only_its_folder(tried):
    _, _, run, new, _ = tried
    assert run.elsewhere == []
    assert run.steps > 0
    assert new is not None


def moments(number, draw, steps, seconds, size):
    if number == 0:  # in the middle of a file, and between two
        return [{"file_size": size // 2}, {"at_step": 4 if steps > 4 else steps}]
    return [{"after": draw.uniform(0, seconds)}, {"file_size": draw.randrange(size)},
            {"at_step": draw.randint(1, steps)}]  # fmt: skip


@usual_and_thorough
def test_killed_it_is_the_old_file_or_the_new_one(tried, do, tmp_path):
    writing, folder, clean, new, size = tried
    draw = random.Random(7)
    killed = 0
    for number in range(ROUNDS):
        here = tmp_path / "round"
        shutil.copytree(folder, here)
        names, old = {path.name for path in here.iterdir()}, state(here / writing.writes)
        for moment in moments(number, draw, clean.steps, clean.seconds, size):
            run = do(here, *writing.arguments, **moment)
            killed += run.code in (-signal.SIGKILL, -signal.SIGXFSZ)
            found = state(here / writing.writes)
            assert found in (old, new), f"{moment}: neither the old file nor the new one"
            others = {path.name for path in here.iterdir()} - names - {writing.writes}
            assert all(map(LEFT.fullmatch, others)), f"{moment}: left {others}"
            if found != old:
                break
        again = do(here, *writing.arguments)
        if found == old or not writing.done_already:
            assert again.code == 0, again.err
            assert writing.undo or found != old or state(here / writing.writes) == new
        else:
            assert again.code == 1
            assert writing.done_already in again.sentence
        if writing.undo and again.code == 0 and again.steps:
            assert do(here, "undo", writing.writes).code == 0
            assert state(here / writing.writes) == found
        shutil.rmtree(here)
    assert killed >= ROUNDS


def test_one_function_replaces_files(project):
    """All else that opens a file for writing does so in a temporary folder of its own, or writes to a stream."""
    writes = re.compile(r"write_bytes\(|write_text\(|open\([^)\n]*[\"'][rwax]?[wax+]b?[\"']")
    found = {
        path.relative_to(project / "addin").as_posix()
        for path in (project / "addin").rglob("*.py")
        if writes.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"files.py", *IN_A_TEMPORARY_FOLDER}

"""A clock that is wrong, or goes back between two commands, confuses nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from read_books import read_book

from addin.files import template

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


@pytest.fixture
def roc(tmp_path):
    if LIBRARY is None:
        absent = pytest.fail if os.environ.get("REQUIRE_CLOCK") else pytest.skip
        absent("libfaketime, which shows a process another date, is not installed")

    def run(day, *arguments):
        clock = {
            **os.environ,
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME": f"@{day} 12:00:00",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-m", "addin", *map(str, arguments)]
        done = subprocess.run(command, env=clock, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return " ".join(done.stdout.split())

    return run


@pytest.fixture
def path(tmp_path):
    return Path(shutil.copy(template(), tmp_path / "book.xlsm"))


def stamp(path):
    workbook = read_book(path)
    ((sheet, cell),) = workbook.defined_names["out_LastRefresh"].destinations
    return workbook[sheet][cell.replace("$", "")].value


def logged(path):
    """The events of the log in its order, and their days."""
    sheet = read_book(path)["d_FollowUps"]
    head, *rows = sheet[sheet.tables["tblFollowUps"].ref]
    names = [cell.value for cell in head]
    return [(row[names.index("Event")].value, row[names.index("Date")].value.year) for row in rows]


@pytest.mark.parametrize("year", [pytest.param(1970, marks=pytest.mark.thorough), 2100])
def test_a_day_far_off(year, roc, path):
    assert "cells refreshed. Checks: OK" in roc(f"{year}-01-02", "refresh", path)
    assert stamp(path) == f"{year}-01-02 12:00"


def test_the_clock_goes_back_between_two_actions(roc, path):
    """What was done last is undone, whatever the dates of the files say, and the log keeps its order."""
    before = path.read_bytes()
    roc("2100-06-01", "follow-up", path, "Immediate sale", 10, 25)
    first, first_log = path.read_bytes(), logged(path)
    roc("2025-06-01", "follow-up", path, "Immediate sale", 5, 25)
    assert logged(path) == [*first_log, ("E20", 2025)]
    assert first_log[-1] == ("E19", 2100)
    assert "As it was before Log follow-up" in roc("2026-01-01", "undo", path)
    assert path.read_bytes() == first != before

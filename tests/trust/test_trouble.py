"""A full disk, a folder that cannot be written, a file that is open elsewhere: one sentence, and nothing is lost."""

import shutil
import subprocess
from pathlib import Path

import pytest
from commands import WRITING

ROOM = 40_000
"""Bytes left on the full disk: fewer than a book needs."""


@pytest.fixture
def disk(tried, small_disk):
    """A command, and its folder on a small disk of its own."""
    writing, folder, *_ = tried
    here = small_disk(sum(path.stat().st_size for path in folder.iterdir()) * 3) / "folder"
    shutil.copytree(folder, here)
    return writing, here


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(run, writing, *words):
    """One sentence that names the file, what is wrong with it, and what to do."""
    assert run.code == 1
    assert run.err.startswith("roc: ")
    assert run.err.count("\n") == 1
    for word in (Path(writing.writes).stem, *words):
        assert word in run.sentence


def test_a_full_disk(disk, do):
    writing, folder = disk
    free = shutil.disk_usage(folder).free
    (folder / "filler").write_bytes(bytes(free - ROOM if writing.arguments[0] != "calc" else free))
    before = files(folder)
    refused(do(folder, *writing.arguments), writing, "No space left on device", "make room")
    assert files(folder) == before


def test_a_folder_that_cannot_be_written(disk, do):
    writing, folder = disk
    before = files(folder)
    subprocess.run(["mount", "-o", "remount,ro", folder.parent], check=True, timeout=10)
    refused(do(folder, *writing.arguments), writing, "Read-only file system", "name another file")
    assert files(folder) == before


def test_a_file_that_is_open_elsewhere(tried, do):
    writing, folder, *_ = tried
    (folder / f"~${writing.writes}").write_bytes(b"somebody")
    before = files(folder)
    refused(do(folder, *writing.arguments), writing, "open in another program", "close it")
    assert files(folder) == before


def test_room_for_the_way_back_but_not_for_the_book(ready, do, small_disk):
    """The copy that undo needs is written first; where the book then finds no room, it goes again."""
    writing, (folder, _, new) = WRITING["follow-up"], ready("follow-up")
    here = small_disk(8 << 20) / "folder"
    shutil.copytree(folder, here)
    room = (folder / "book.xlsm").stat().st_size + new.stat().st_size // 2
    (here / "filler").write_bytes(bytes(shutil.disk_usage(here).free - room))
    before = files(here)
    refused(do(here, *writing.arguments), writing, "No space left on device")
    assert files(here) == before

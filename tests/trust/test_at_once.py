"""Every two commands that write, on one book at the same moment: nothing that was said to be done is lost."""

import itertools
import os
import random
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
from commands import WRITING, prepare
from doing import Doing

from addin.files import template

pytestmark = pytest.mark.attack("pairs of commands on one book at once")
MARKED = {
    "campaign": ("campaign", "book.xlsm", "{}", "500", "--start", "2026-03-01"),
    "follow-up": ("follow-up", "book.xlsm", "Immediate sale", "10", "25", "--date", "2026-03-10", "--note", "{}"),
    "introduction": ("introduction", "book.xlsm", "P1", "--date", "2026-03-10", "--note", "{}"),
    "load": ("load", "book.xlsm", "{}.csv", "--append", "--yes"),
}
"""Commands that leave a word of their own in the book."""
UNMARKED = {
    "calc": ("calc", "book.xlsm"),
    "refresh": ("refresh", "book.xlsm"),
    "share": ("share", "book.xlsm", "{}.xlsx"),
    "undo": ("undo", "book.xlsm"),
    "forget": ("forget", "book.xlsm", "K002", "--yes"),
    "sample": ("sample", "book.xlsm", "off"),
    "unfreeze": ("unfreeze", "book.xlsm"),
    "repair": ("repair", "book.xlsm"),
}
APART = {"demo", "new", "upgrade"}
"""They make a file of their own."""
BEFORE = "markbefore"


def test_every_command_that_writes_is_paired():
    assert {*MARKED, *UNMARKED, *APART} == set(WRITING)


@pytest.fixture(scope="module")
def two():
    with Doing() as one, Doing() as other:
        yield one, other


@pytest.fixture(scope="module")
def ready(two, tmp_path_factory):
    """A book with one entry that undo can take back."""
    folder = tmp_path_factory.mktemp("ready")
    shutil.copy(template(), folder / "book.xlsm")
    assert two[0](folder, *(text.format(BEFORE) for text in MARKED["follow-up"])).code == 0
    return folder


def words(path) -> set[str]:
    """Our words in a book, which is whole."""
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        parts = [package.read(name).decode("utf-8", "replace") for name in package.namelist() if "worksheets/" in name]
    return {word for word in ("markone", "marktwo", BEFORE) if any(word in part for part in parts)}


def together(two, folder, pair) -> list:
    lines = []
    for name, mark in zip(pair, ("markone", "marktwo"), strict=True):
        (folder / f"{mark}.csv").write_text(f"Order,Date,Customer,Price\n{mark},2025-02-03,K001,30\n")
        lines.append([text.format(mark) for text in (MARKED | UNMARKED)[name]])
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda do, line: do(folder, *line), two, lines))


def lost(pair, runs, found) -> str:
    """What is wrong with what a book holds after two commands; nothing where it is right."""
    said = [run for run in runs if run.code not in (0, 1) or (run.code == 1 and not run.err.startswith("roc: "))]
    if said:
        return f"ended badly: {said}"
    done = {mark for name, mark, run in zip(pair, ("markone", "marktwo"), runs, strict=True)
            if name in MARKED and run.code == 0}  # fmt: skip
    wanted = done | {BEFORE}
    taken_back = sum(name == "undo" and run.code == 0 for name, run in zip(pair, runs, strict=True))
    unseen = sum(name in ("refresh", "sample") and run.code == 0 for name, run in zip(pair, runs, strict=True))
    if len(wanted - found) not in (taken_back, taken_back - min(taken_back, unseen)) or found - wanted:
        return f"holds {sorted(found)} of {sorted(wanted)}, with {taken_back} taken back"
    return ""


@pytest.mark.parametrize("count", [2, pytest.param(int(os.environ.get("ROC_PAIRS", "50")), marks=pytest.mark.thorough)])
@pytest.mark.timeout(7200)
def test_pairs(two, ready, tmp_path, count, attacks):
    names = [*MARKED, *UNMARKED]
    pairs = list(itertools.product(names, names))
    random.Random(5).shuffle(pairs)
    wrong = []
    for number, pair in enumerate(itertools.islice(itertools.cycle(pairs), count)):
        here = tmp_path / str(number)
        shutil.copytree(ready, here)
        runs = together(two, here, pair)
        if fault := lost(pair, runs, words(here / "book.xlsm")):
            wrong.append(f"{pair}: {fault}; {[(run.code, run.sentence) for run in runs]}")
        kept = [path.name for path in here.iterdir() if path.name.startswith(".")]
        if len(kept) > 1 or not all(name.endswith(".undo") for name in kept):
            wrong.append(f"{pair}: left {kept}")
        shutil.rmtree(here)
    attacks(count, count - len(wrong))
    assert not wrong, "\n".join(wrong)


def test_the_same_new_file(two, tmp_path):
    prepare(tmp_path, two[0], WRITING["new"])
    runs = together_new(two, tmp_path)
    assert {run.code for run in runs} <= {0, 1}
    openpyxl.load_workbook(tmp_path / "fresh.xlsm")


def together_new(two, folder) -> list:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda do: do(folder, "new", "fresh.xlsm"), two))

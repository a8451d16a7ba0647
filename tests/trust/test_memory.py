"""Starved of memory, a command ends with one sentence or is ended by the system, and its file is as it was."""

import gc
import shutil
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from commands import LEFT, WRITING

from addin.cli.main import main
from addin.xlsx import engine, engine_calls
from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package


def contents(folder):
    """The files in a folder, but for what a command that was ended may leave."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not LEFT.fullmatch(path.name)}


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["calc", "load"])
def test_little_memory(name, ready, do, tmp_path):
    """More and more memory, until it is enough; what ends for the want of it has changed nothing, or says what."""
    writing = WRITING[name]
    folder, *_ = ready(name)
    here = tmp_path / "folder"
    shutil.copytree(folder, here)
    before = contents(here)
    codes = []
    while 0 not in codes and len(codes) < 5:
        run = do(here, *writing.arguments, memory=16 << 20 << 2 * len(codes))
        codes.append(run.code)
        assert run.code == 0 or contents(here) == before or "was written before, and stays so" in run.sentence
    assert len(codes) > 1
    assert codes[-1] == 0


def test_too_little_memory_is_one_sentence(ready, tmp_path, monkeypatch, capsys):
    def starved(*_, **__):
        raise MemoryError

    folder, *_ = ready("calc")
    monkeypatch.setattr(engine.FormulaEngine, "evaluate", starved)
    monkeypatch.setattr("sys.argv", ["roc", "calc", shutil.copy(folder / "survey.xlsx", tmp_path)])
    with pytest.raises(SystemExit, match="1"):
        main()
    said = capsys.readouterr().err
    assert said.startswith("roc: there is not enough memory for this, and nothing was changed")
    assert said.count("\n") == 1


def test_a_function_that_finds_no_memory_is_no_error_value(do, ready, monkeypatch):
    """The engine takes what a function raises for an error of the cell, which must not reach the book."""

    def starved(*_):
        raise MemoryError

    monkeypatch.setattr(engine_calls, "call", starved)
    folder, *_ = ready("calc")
    with pytest.raises(MemoryError):
        calculate(Package.read(folder / "survey.xlsx"))


@pytest.mark.timeout(60)
def test_a_library_that_would_wait_for_memory_is_not_loaded():
    """OpenBLAS, which scipy brings, neither loads nor fails where so little address space is left."""
    code = f"""
import resource
import numpy
from pathlib import Path
held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + ({64 << 20}),) * 2)
try:
    import addin.models.special
except MemoryError:
    print("refused")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30)
    assert done.stdout == "refused\n"


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the system does not list a process's threads")
def test_a_program_that_calculates_many_books_gathers_no_threads(ready):
    folder, *_ = ready("calc")
    made = Package.read(folder / "survey.xlsx")
    calculate(made)
    before = len(list(Path("/proc/self/task").iterdir()))
    for _ in range(5):
        calculate(made)
    assert len(list(Path("/proc/self/task").iterdir())) <= before


def test_a_calculated_book_leaves_the_memory_again(ready):
    """In a program that calculates many; the engine cannot find circles that go through itself."""
    folder, *_ = ready("calc")
    book = Package.read(folder / "survey.xlsx")
    read = weakref.ref(book)
    calculate(book)
    del book
    gc.collect()
    assert read() is None

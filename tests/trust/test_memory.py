"""Starved of memory, a command ends with one sentence or is ended by the system, and its file is as it was."""

import shutil
import signal

import pytest
from commands import WRITING

import addin.metrics  # noqa: F401  # declares the metrics
from addin.hosts.headless import engine
from addin.hosts.headless.calculation import calculate
from addin.hosts.headless.package import Package


@pytest.mark.parametrize("name", ["calc", "load"])
def test_little_memory(name, ready, do, tmp_path):
    """More and more memory, until it is enough.

    The engine, which is no Python, ends the whole process where it finds none; all else says what is missing.
    """
    writing = WRITING[name]
    folder, *_ = ready(name)
    here = tmp_path / "folder"
    shutil.copytree(folder, here)
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    starved, code = 0, None
    for megabytes in (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024):
        run = do(here, *writing.arguments, memory=megabytes << 20)
        code = run.code
        if code == 0:
            break
        starved += 1
        assert code in (1, -signal.SIGABRT), run.err
        assert {path.name: path.read_bytes() for path in here.iterdir()} == before
        if code == 1:
            assert run.err.count("\n") == 1
            assert "memory" in run.err
    assert starved
    assert code == 0


def test_a_function_that_finds_no_memory_is_no_error_value(do, ready, monkeypatch):
    """The engine takes what a function raises for an error of the cell, which must not reach the book."""

    def starved(*_):
        raise MemoryError

    monkeypatch.setattr(engine, "call", starved)
    folder, *_ = ready("calc")
    with pytest.raises(MemoryError):
        calculate(Package.read(folder / "survey.xlsx"))

"""Commands that run in processes of their own, on folders made ready."""

import shutil

import pytest

pytest.importorskip("resource", reason="forks and limits of processes are POSIX's")

from commands import WRITING, prepare, state
from doing import Doing


@pytest.fixture(scope="session")
def do():
    with Doing() as doing:
        yield doing


@pytest.fixture(scope="session")
def ready(do, tmp_path_factory):
    """A folder in which a command can be tried, and what that command makes of its file: steps, and the file."""
    made = {}

    def folder_for(name):
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            prepare(folder, do, WRITING[name])
            done = tmp_path_factory.mktemp(f"{name}-done") / "folder"
            shutil.copytree(folder, done)
            run = do(done, *WRITING[name].arguments)
            assert run.code == 0, run.err
            made[name] = folder, run, done / WRITING[name].writes
        return made[name]

    return folder_for


SHORT = ("calc", "load")
"""What is tried in every run; the others, which write by the same function, are thorough."""


@pytest.fixture(params=[name if name in SHORT else pytest.param(name, marks=pytest.mark.thorough) for name in WRITING])
def tried(request, ready, tmp_path):
    """A command by name, a copy of its folder, and its run there when nothing goes wrong."""
    folder, run, done = ready(request.param)
    copy = tmp_path / "folder"
    shutil.copytree(folder, copy)
    return WRITING[request.param], copy, run, state(done), done.stat().st_size

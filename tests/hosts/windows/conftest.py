"""One Windows for all tests."""

import sys
from pathlib import Path

import pytest
from windows_machine import built

sys.path.insert(0, str(Path(__file__).parents[1] / "excel"))


@pytest.fixture(scope="session")
def windows(project, tmp_path_factory):
    return built(project, tmp_path_factory)


@pytest.fixture(scope="module")
def excel(windows, request):
    """The stand-in for Excel, with the formulas' cells in it."""
    started = windows.excel(request.module.__name__)
    started.fill()
    yield started
    started.close()

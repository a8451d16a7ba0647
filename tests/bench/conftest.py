"""What the benches share."""

import pytest
from figures import Figures

FIGURES = pytest.StashKey[Figures]()


def pytest_configure(config):
    config.stash[FIGURES] = Figures()


@pytest.fixture(scope="session")
def figures(request):
    """The table that the run ends with."""
    return request.config.stash[FIGURES]


def pytest_terminal_summary(terminalreporter, config):
    figures = config.stash[FIGURES]
    if figures.lines:
        terminalreporter.section("seconds of the processor, as they would be on quiet cores, and their bars")
        for line in figures.table():
            terminalreporter.write_line(line)

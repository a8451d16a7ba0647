"""The function server: killed, too slow, gone, and without a trace."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

import addin
from addin.hosts.calc.extension.frames import ERROR_CODES, code_in
from addin.hosts.calc.extension.server_process import Link

KILLS = 200 if os.environ.get("ROC_LONG") else 20
"""ROC_LONG=1 makes it the whole series, which takes minutes."""
ROOT = str(Path(addin.__file__).parent.parent)
SCORES = tuple((score,) for score in (10.0, 9.0, 8.0, 6.0, 10.0))
LONG = tuple((float(i % 11),) for i in range(300_000))


@pytest.fixture
def link():
    made = Link(sys.executable, ROOT)
    yield made
    made.close()


def error(rows):
    return {code: name for name, code in ERROR_CODES.items()}[code_in(rows[0][0])]


def running(pid):
    """Whether a process works; one that ended and that nobody reaped is listed as Z."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def open_files():
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


def test_a_call(link):
    assert link.call("NPS", [SCORES]) == ((40.0,),)


def test_blanks_and_errors_and_text(link):
    assert link.call("NPS", [((10.0,), ("",), (9.0,), ("",))]) == ((100.0,),)
    assert error(link.call("NPS", [((10.0,), ("ten",))])) == "#VALUE!"
    assert "'ten'" in link.calls[-1].reason
    assert link.call("CHURN_LIST", [(("a",), ("b",), (3.0,)), (("b",), ("3",))]) == ((1 / 3,),)


def test_a_call_over_the_time_limit_gives_na_with_a_reason(link, monkeypatch, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import time; from addin.catalogue import catalogue\n"
        "from dataclasses import replace\n"
        "catalogue()['GINI'] = replace(catalogue()['GINI'], function=lambda values: time.sleep(60))\n"
    )
    link.path, link.limit = f"{tmp_path}{os.pathsep}{ROOT}", 0.3
    began = time.monotonic()
    assert error(link.call("GINI", [SCORES])) == "#N/A"
    assert time.monotonic() - began < 30
    assert link.calls[-1].reason.startswith("it took longer than 0.3 seconds")
    assert link.call("NPS", [SCORES]) == ((40.0,),)


def test_without_python_the_reason_says_what_to_do():
    link = Link("/nowhere/python")
    assert error(link.call("NPS", [SCORES])) == "#N/A"
    assert "/nowhere/python" in link.calls[-1].reason
    assert "run roc install calc" in link.calls[-1].reason


def test_it_ends_when_its_input_ends(link):
    link.call("NPS", [SCORES])
    process = link._process
    process.stdin.close()
    assert process.wait(30) == 0


@pytest.mark.thorough
def test_killed_in_the_middle_of_a_call_it_answers_the_next_time(link, monkeypatch, tmp_path):
    """Each call is answered although its server dies, and nothing is left of the dead."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    expected = link.call("NPS", [LONG])
    before, dead = open_files(), set()
    for number in range(KILLS):
        pid = link._process.pid
        killer = threading.Timer(0.005 * (number % 8), os.kill, (pid, signal.SIGKILL))
        killer.start()
        assert link.call("NPS", [LONG]) == expected
        killer.join(10)
        assert link.call("NPS", [SCORES]) == ((40.0,),)
        dead |= {pid} - {link._process.pid}
    assert len(dead) > KILLS / 2
    assert open_files() == before
    assert not list(tmp_path.iterdir())
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    assert str(link._process.pid) in children
    assert not {str(pid) for pid in dead} & set(children)


@pytest.mark.thorough
def test_killed_under_libreoffice_the_next_recalculation_answers(office, document):
    sheet = document.Sheets.getByIndex(0)
    sheet.getCellRangeByName("A1:A50000").setDataArray(tuple((float(i % 11),) for i in range(50_000)))
    cell = sheet.getCellRangeByName("C1")
    cell.setFormula("=NPS(A1:A50000)")
    expected, before, servers = cell.getValue(), office.left(), set()
    for number in range(KILLS):
        (server,) = office.children()
        servers.add(server)
        killer = threading.Timer(0.005 * (number % 8), os.kill, (server, signal.SIGKILL))
        killer.start()
        document.calculateAll()
        killer.join(10)
        document.calculateAll()
        assert (cell.getError(), cell.getValue()) == (0, expected)
    assert len(servers) > KILLS / 2
    after = office.left()
    assert list(office.children().values()) in (["S"], ["R"])
    assert after["temporary files"] == before["temporary files"]
    assert after["open files"] < before["open files"] + KILLS / 4


def test_when_libreoffice_dies_its_worker_ends(start_office, prepare, tmp_path):
    office = start_office(prepare(tmp_path), ["--headless"])
    try:
        cell = office.open().Sheets.getByIndex(0).getCellRangeByName("A1")
        cell.setFormula("=NPS({10|9})")
        assert cell.getValue() == 100.0
        (server,) = office.children()
    finally:
        os.kill(office.pid, signal.SIGKILL)
        office.process.wait(30)
    end = time.monotonic() + 30
    while running(server) and time.monotonic() < end:
        time.sleep(0.1)
    assert not running(server)

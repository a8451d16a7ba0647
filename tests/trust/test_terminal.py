"""What a terminal is, or is not, fails no command that changed a book, and no file commands the terminal."""

import json
import os
import subprocess
import sys

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

pytestmark = pytest.mark.attack("what the terminal is, and what files would tell it")
posix = pytest.mark.skipif(os.name != "posix", reason="streams are closed by POSIX's shells")
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m‮txt.exe"


def roc(folder, *arguments, **options):
    command = [sys.executable, "-m", "addin", *map(str, arguments)]
    given = {"cwd": folder, "capture_output": True, "check": False, "timeout": 120, "stdin": subprocess.DEVNULL}
    return subprocess.run(command, **(given | options))


@pytest.fixture
def book(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Опрос →"
    for row in (["Score", "Name"], [10, "x"], [3, "y"]):
        sheet.append(row)
    sheet.add_table(Table(displayName="mine", ref="A1:B3"))
    sheet["D1"], sheet["D2"] = "=NPS(A2:A3)", '=NPS(A2:A3,"1-5")'
    workbook.save(tmp_path / "book.xlsx")
    (tmp_path / "rows.csv").write_text("Score,Name\n7,Ann\n", encoding="utf-8")
    return tmp_path / "book.xlsx"


def value(book):
    return openpyxl.load_workbook(book, data_only=True).worksheets[0]["D1"].value


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "latin-1"])
def test_a_console_that_cannot_show_a_sign(book, encoding):
    done = roc(book.parent, "calc", book, env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"cells with our functions" in done.stdout
    assert value(book) == 0


def test_json_stays_json_on_such_a_console(book):
    done = roc(book.parent, "calc", book, "--json", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert {cell["sheet"] for cell in json.loads(done.stdout)["cells"]} == {"Опрос →"}


@posix
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(book, closed):
    line = f'exec "{sys.executable}" -m addin load book.xlsx rows.csv --table mine --append --yes {closed}'
    done = subprocess.run(["sh", "-c", line], cwd=book.parent, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert [cell.value for cell in openpyxl.load_workbook(book).worksheets[0]["A"]] == ["Score", 10, 3, 7]


@posix
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")  # noqa: PTH110  # a device
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_output_that_finds_no_room_says_that_the_change_stands(book, more):
    with open("/dev/full", "w") as full:  # noqa: PTH123  # a device
        done = roc(book.parent, "calc", "book.xlsx", *more, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr.decode() == (
        "roc: the output cannot be written: No space left on device; book.xlsx was written before, and stays so\n"
    )
    assert value(book) == 0


def test_a_reader_that_has_seen_enough(book):
    process = subprocess.Popen(
        [sys.executable, "-m", "addin", "functions"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    assert process.wait(60) in (0, 1)
    assert process.stderr.read() == b""
    process.stderr.close()


HOMELESS = """
import pwd, sys

def unknown(*_):
    raise KeyError

pwd.getpwuid = pwd.getpwnam = unknown
from addin.cli.main import main
main()
"""


@posix
@pytest.mark.parametrize("command", [
    "calc book.xlsx", "load book.xlsx rows.csv --table mine --append --yes", "trust", "trust here:1 env:ROC_X",
    "doctor", "check book.xlsx", "uninstall calc"])  # fmt: skip
def test_no_home(book, command):
    bare = {name: text for name, text in os.environ.items() if name not in ("HOME", "XDG_CONFIG_HOME")}
    line = [sys.executable, "-c", HOMELESS, *command.split()]
    done = subprocess.run(line, cwd=book.parent, env={**bare, "PATH": ""}, capture_output=True, check=False, timeout=60)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert done.returncode == (0 if command.split()[0] in ("calc", "load") or command == "trust" else 1)
    assert {path.name for path in book.parent.iterdir() if not path.name.startswith(".")} == {"book.xlsx", "rows.csv"}


def test_control_characters_of_a_file_are_shown_escaped(tmp_path):
    workbook = openpyxl.Workbook()
    for row in (["Score", "Name"], [10, "x"]):
        workbook.active.append(row)
    workbook.active.add_table(Table(displayName="mine", ref="A1:B2"))
    workbook.save(tmp_path / "book.xlsx")
    (tmp_path / "rows.csv").write_text(f'Score,Name,"{HOSTILE}"\n7,"{HOSTILE}",z\nbad{HOSTILE},q,w\n', encoding="utf-8")
    (tmp_path / f"{HOSTILE.replace('/', '')}.csv").write_text("Nothing\n1\n", encoding="utf-8")
    load = ["load", "book.xlsx", "rows.csv", "--table", "mine", "--append"]
    said = ""
    for arguments in ([*load, "--preview"], [*load, "--preview", "--json"], load, ["load", "book.xlsx", "."],
                      ["calc", f"{HOSTILE}.xlsx"], ["campaign", "book.xlsx", HOSTILE, "1"]):  # fmt: skip
        done = roc(tmp_path, *arguments)
        shown = (done.stdout + done.stderr).decode()
        said += shown
        for sign in "\x1b\x07\x9b\u202e":
            assert sign not in shown, (arguments, shown)
    assert said.count("\\x1b") > 5


@posix
def test_a_name_that_is_no_text(book):
    """Names of files are bytes; these are not UTF-8."""
    odd = os.fsencode(book.parent) + b"/b\xff\x9b31m.xlsx"
    os.rename(book, odd)  # noqa: PTH104  # bytes
    done = subprocess.run([sys.executable, "-m", "addin", "calc", odd], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\udcff\\udc9b31m.xlsx" in done.stdout
    line = [sys.executable, "-m", "addin", "calc", odd + b"x", "--json"]
    done = subprocess.run(line, capture_output=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1

"""Commands at the same moment, other programs, links and modes: no change is lost, none is half done."""

import os
import re
import stat
import subprocess
import sys
import threading
import time

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from addin.actions.book import Change, Rows
from addin.cli.main import main
from addin.errors import BookError
from addin.files import PATIENCE, held, read_whole, write_whole
from addin.xlsx.file_book import FileBook

pytestmark = pytest.mark.attack("lost updates, and odd kinds of files")
posix = pytest.mark.skipif(os.name != "posix", reason="forks, modes and pipes are POSIX's")
PAIRS = 12


@pytest.fixture
def path(tmp_path):
    workbook = openpyxl.Workbook()
    for row in (["Name", "Score"], ["first", 10]):
        workbook.active.append(row)
    workbook.active["D1"] = "=NPS(B2:B2)"
    workbook.active.add_table(Table(displayName="mine", ref="A1:B2"))
    workbook.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def append(path, name):
    with held(path):
        book = FileBook(path)
        with book.action("Append"):
            book.write(Change(rows={"mine": Rows({"Name": [name], "Score": [1.0]}, append=True)}))


def calc(path, _):
    sys.argv = ["roc", "calc", "--all", str(path)]
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  # for the rest of this process
    main()


def started(act, *arguments):
    child = os.fork()
    if child == 0:
        try:
            act(*arguments)
        except SystemExit as end:
            os._exit(int(bool(end.code)))
        except BaseException:
            os._exit(1)
        os._exit(0)
    return child


def names(path):
    return [cell.value for cell in openpyxl.load_workbook(path).active["A"]][1:]


@posix
def test_pairs_of_commands_at_once_lose_nothing(path):
    wanted = ["first"]
    for number in range(PAIRS):
        one = started(append, path, f"a{number}")
        other = started(*((calc, path, "") if number % 2 else (append, path, f"b{number}")))
        assert [os.waitpid(child, 0)[1] for child in (one, other)] == [0, 0]
        wanted += [f"a{number}"] if number % 2 else [f"a{number}", f"b{number}"]
    assert sorted(names(path)) == sorted(wanted)
    kept = [file.name for file in path.parent.iterdir() if file != path]
    assert len(kept) <= 1
    assert all(name.endswith(".undo") for name in kept)


def test_a_book_that_was_read_before_another_change_is_not_written(path):
    early = FileBook(path)
    append(path, "theirs")
    with pytest.raises(BookError, match="changed by another program meanwhile; nothing was written"), early.action("x"):
        early.write(Change(cells={"Sheet!F1": 1.0}))
    assert names(path) == ["first", "theirs"]


def test_undo_does_not_take_back_what_it_did_not_see(path):
    append(path, "ours")
    undoing = FileBook(path)
    append(path, "theirs")
    with pytest.raises(BookError, match="changed by another program meanwhile"):
        undoing.undo()
    assert names(path) == ["first", "ours", "theirs"]


def test_calc_does_not_write_over_what_was_saved_meanwhile(path, monkeypatch, capsys):
    from addin.xlsx import calculation

    def slow(package, **_):
        path.write_bytes(b"saved meanwhile")
        return calculation.Calculation(package.replaced({"x": b"y"}), [], [], 1)

    monkeypatch.setattr(calculation, "calculate", slow)
    monkeypatch.setattr(sys, "argv", ["roc", "calc", str(path)])
    with pytest.raises(SystemExit, match="1"):
        main()
    assert "changed by another program meanwhile" in capsys.readouterr().err
    assert path.read_bytes() == b"saved meanwhile"


HOLDER = """
import sys, time
from pathlib import Path
from addin.files import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@posix
def test_the_lock_of_a_killed_command_is_stale_at_once(path):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, path], stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"held\n"
    said = []

    def waiting(doing, done, of):
        said.append(doing)
        holder.kill()
        holder.wait(10)

    with held(path, waiting):
        assert said[0] == f"Waiting: {path} is being changed by another command"
    holder.stdout.close()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("lock", ["~$book.xlsx", ".~lock.book.xlsx#"])
def test_a_program_that_closes_the_book_is_waited_for(path, lock):
    other = path.with_name(lock)
    other.touch()
    threading.Timer(0.3, other.unlink).start()
    began = time.monotonic()
    with held(path):
        assert time.monotonic() - began >= 0.2
    assert not other.exists()


def test_waiting_ends_with_one_sentence(path, monkeypatch):
    monkeypatch.setitem(PATIENCE, "program", 0.1)
    path.with_name("~$book.xlsx").touch()
    FileBook(path)  # which a reader does not mind
    with pytest.raises(BookError, match=r"is open in another program \(~\$book.xlsx is there.*delete"), held(path):
        pass


@posix
def test_a_link_is_followed(path, tmp_path):
    link = tmp_path / "link.xlsx"
    link.symlink_to(path)
    append(link, "through the link")
    assert link.is_symlink()
    assert names(path) == ["first", "through the link"]


@posix
def test_a_file_of_several_names_is_refused(path, tmp_path):
    (tmp_path / "other.xlsx").hardlink_to(path)
    before = path.read_bytes()
    with pytest.raises(BookError, match="has several names"):
        append(path, "x")
    assert path.read_bytes() == before


@posix
def test_the_mode_is_the_books_also_of_the_way_back(path):
    path.chmod(0o640)
    append(path, "x")
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o640}


@posix
def test_attributes_are_kept(path):
    try:
        os.setxattr(path, "user.note", b"mine")
    except OSError:
        pytest.skip("this disk keeps no attributes")
    append(path, "x")
    assert os.getxattr(path, "user.note") == b"mine"


@posix
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "a name that is too long"])
def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path, kind):
    odd = tmp_path / ("x" * 300 if "long" in kind else "odd.xlsx")
    if kind == "pipe":
        os.mkfifo(odd)
    elif kind == "device":
        odd.symlink_to("/dev/zero")
    elif kind == "folder":
        odd.mkdir()
    for act in (lambda: read_whole(odd), lambda: write_whole(odd, b"new")):
        with pytest.raises(BookError, match=re.escape(str(odd)) + " (?:is a|cannot be)"):
            act()


@posix
def test_the_folder_learns_of_the_new_file(path, monkeypatch):
    synced = []
    real = os.fsync

    def fsync(handle):
        synced.append(stat.S_ISDIR(os.fstat(handle).st_mode))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    write_whole(path, b"new")
    assert synced == [False, True]


def test_a_text_that_no_cell_holds_is_refused(path):
    before = path.read_bytes()
    with pytest.raises(BookError, match=r"a text of mine\[Name\] has 32,768 characters, and a cell"):
        append(path, "x" * 32_768)
    assert path.read_bytes() == before
    append(path, "x" * 32_767)
    assert names(path)[1] == "x" * 32_767

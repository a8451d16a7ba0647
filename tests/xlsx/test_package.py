"""Files that are no workbook, damaged or hostile, and writing that never loses one."""

import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from addin.errors import BookError
from addin.files import write_whole
from addin.tabular import read_file
from addin.xlsx.package import Package

pytestmark = pytest.mark.attack("files that are no workbook, and killed writers")


def workbook() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def zipped(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as book,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for part in book.namelist():
            package.writestr(part, content if part == name else book.read(part))
    return stream.getvalue()


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><workbook>&a;</workbook>'
ENCRYPTED = bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le")

LINK = Package(workbook(), "book.xlsx").part("xl/_rels/workbook.xml.rels").replace(b"sheet1.xml", b"-" * 5000)
HOSTILE = {
    "empty": (b"", "is not a workbook"),
    "text": (b"ROI;ROC\n1;2\n", "is not a workbook"),
    "cut short": (workbook()[:2000], "is not a workbook"),
    "password": (ENCRYPTED, "protected by a password"),
    "old format": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "old .xls format"),
    "another zip": (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "not an Excel workbook"),
    "no workbook part": (zipped(**{"[Content_Types].xml": "<Types/>"}), "not an Excel workbook"),
    "entities": (with_part("xl/workbook.xml", DOCTYPE), "declares a document type"),
    "damaged xml": (with_part("xl/workbook.xml", b"<workbook><sheets>"), "is damaged"),
    "a part that is called a page long": (with_part("xl/_rels/workbook.xml.rels", LINK), "-…"),
    "damaged sheet": (with_part("xl/worksheets/sheet1.xml", b"<worksheet><f>"), "is damaged"),
    "bomb": (
        with_part("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (40 << 20)),
        "far more than a workbook holds",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_workbook_is_refused_in_one_sentence(kind, tmp_path):
    content, reason = HOSTILE[kind]
    book = tmp_path / "book.xlsx"
    book.write_bytes(content)
    process = roc("calc", str(book))
    assert process.returncode == 1
    assert reason in process.stderr
    assert str(book) in process.stderr
    assert process.stderr.count("\n") == 1
    assert process.stdout == ""
    assert book.read_bytes() == content


@pytest.mark.parametrize("kind", ["bomb", "entities", "password", "old format", "another zip", "cut short"])
def test_a_file_that_is_loaded_has_the_same_limits(kind, tmp_path):
    content, reason = HOSTILE[kind]
    (tmp_path / "data.xlsx").write_bytes(content)
    with pytest.raises(BookError, match=reason) as error:
        read_file(tmp_path / "data.xlsx")
    assert str(tmp_path / "data.xlsx") in str(error.value)


@pytest.mark.parametrize("reads", [Package.read, read_file])
def test_what_is_said_of_a_damaged_part_does_not_hold_the_whole_of_it(reads, tmp_path):
    """Two parts of 20 kB are one where the header says that the first one's name goes on to the end."""
    data = bytearray(workbook())
    first = data.index(b"[Content_Types].xml") - 30
    data[first + 26 : first + 28] = (20_000).to_bytes(2, "little")
    path = tmp_path / "book.xlsx"
    path.write_bytes(bytes(data) + bytes(20_000) if len(data) < 20_100 else bytes(data))
    with pytest.raises(BookError) as refused:
        reads(path).part("[Content_Types].xml")
    assert len(str(refused.value)) < 500


def test_a_part_that_is_not_where_the_archive_says_is_not_copied():
    data = bytearray(workbook())
    at = data.rfind(b"PK\x01\x02")  # the entry of the last part in the list
    data[at + 42 : at + 46] = (len(data) - 10).to_bytes(4, "little")
    package = Package(bytes(data), "book.xlsx")
    with pytest.raises(BookError, match=r"book.xlsx is damaged: its part .* is not where the archive says"):
        _ = package.replaced({"xl/workbook.xml": package.part("xl/workbook.xml") + b" "}).data


def test_a_part_with_a_path_outside_is_refused_and_written_nowhere(tmp_path):
    book = tmp_path / "deep" / "er" / "book.xlsx"
    book.parent.mkdir(parents=True)
    stream = io.BytesIO(workbook())
    with zipfile.ZipFile(stream, "a") as package:
        for name in ("../../outside.txt", "/tmp/roc-outside.txt", "..\\outside.txt"):
            package.writestr(name, "x")
    book.write_bytes(stream.getvalue())
    process = roc("calc", "--all", str(book))
    assert process.returncode == 1
    assert "part path" in process.stderr
    assert process.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["book.xlsx"]
    assert not Path("/tmp/roc-outside.txt").exists()


def roc(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "addin", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("name", ["missing.xlsx", "."])
def test_a_missing_file_and_a_folder(name, tmp_path):
    process = roc("calc", str(tmp_path / name))
    assert process.returncode == 1
    assert ("is not there" if name != "." else "is a folder") in process.stderr


@pytest.mark.parametrize("lock", ["~$book.xlsx", ".~lock.book.xlsx#"])
def test_a_book_that_is_open_elsewhere_is_left_alone(lock, tmp_path):
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"old")
    (tmp_path / lock).write_bytes(b"")
    with pytest.raises(BookError, match="open in another program"):
        write_whole(book, b"new")
    assert book.read_bytes() == b"old"


def test_an_unwritable_target_keeps_the_old_file(tmp_path):
    with pytest.raises(BookError, match="cannot be written"):
        write_whole(tmp_path / "no folder" / "book.xlsx", b"new")
    with pytest.raises(BookError, match="is a folder"):
        write_whole(tmp_path, b"new")


def test_a_full_disk_keeps_the_old_file(tmp_path, monkeypatch):
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BookError, match=r"No space left on device; nothing was changed"):
        write_whole(book, b"new")
    assert book.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [book]


def test_the_new_file_takes_the_old_ones_place_in_one_step(tmp_path, monkeypatch):
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"old")

    def refused(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(BookError, match="Permission denied; nothing was changed"):
        write_whole(book, b"new")
    assert book.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [book]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_the_file_keeps_its_mode(tmp_path):
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"old")
    book.chmod(0o640)
    write_whole(book, b"new")
    assert book.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
@pytest.mark.parametrize("kills", [4, pytest.param(12, marks=pytest.mark.thorough)])
def test_killed_at_any_moment_the_book_is_the_old_one_or_the_new_one(tmp_path, kills):
    """Kills spread over the time that the whole command takes."""
    book = openpyxl.Workbook()
    for row in range(1, 3001):
        book.active.cell(row, 1).value = row % 11
        book.active.cell(row, 2).value = f"=NPS(A{row}:A{row})"
    path = tmp_path / "book.xlsx"
    book.save(path)
    old = path.read_bytes()
    began = time.monotonic()
    assert roc("calc", str(path), "--out", str(tmp_path / "new.xlsx")).returncode == 0
    span = time.monotonic() - began
    new = (tmp_path / "new.xlsx").read_bytes()
    killed = 0
    for moment in range(kills):
        path.write_bytes(old)
        process = subprocess.Popen([sys.executable, "-m", "addin", "calc", str(path)], stdout=subprocess.DEVNULL)
        time.sleep(span * (0.3 + 0.72 * moment / kills) + random.uniform(0, 0.02))
        process.send_signal(signal.SIGKILL)
        killed += process.wait(10) == -signal.SIGKILL
        assert path.read_bytes() in (old, new)
    assert killed


def test_texts_follow_the_part_that_holds_them():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet().write_string("A1", "before")
    package = Package(stream.getvalue(), "book.xlsx")
    assert package.texts == ["before"]
    part = "xl/sharedStrings.xml"
    assert package.replaced({part: package.part(part).replace(b"before", b"after")}).texts == ["after"]
    assert package.replaced({"xl/other.xml": b"<x/>"}).texts == ["before"]

"""A copy of a book is made beside it, and a book whose writing is cut short is the old one or the new one."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from xml.etree import ElementTree as ET

import pytest
import xlsxwriter
from read_books import read_book
from writing_books import do, own_book, parts

from addin.actions.book import Change
from addin.errors import BookError
from addin.files import template
from addin.xlsx.file_book import FileBook
from addin.xlsx.package import Package

OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MACROS = (
    b'<Relationship Id="rId98" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
    b'Target="vbaProject.bin"/>'
)
LINK = b'<Relationship Id="rId99" Type="' + OFFICE + b'/externalLink" Target="externalLinks/externalLink1.xml"/>'
LINKED = b'<externalReferences><externalReference r:id="rId99" xmlns:r="' + OFFICE + b'"/></externalReferences>'
FAR = b'<definedNames><definedName name="far">[1]S!$A$1</definedName></definedNames>'


def with_macros_and_links(path):
    """The part of it that a copy must lose, put into a book by hand."""
    own_book(path)
    package = Package.read(path)
    types, rels = package.part("[Content_Types].xml"), package.part("xl/_rels/workbook.xml.rels")
    types = types.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    override = b'<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="l"/></Types>'
    workbook = re.sub(rb"<definedNames\s*/>", b"", package.part("xl/workbook.xml"))
    workbook = workbook.replace(b"</sheets>", b"</sheets>" + LINKED + FAR)
    sheet = re.sub(rb"<f>C2\*1.2</f><v\s*/>", b"<f>[1]S!A1+far</f><v>5</v>", package.part("xl/worksheets/sheet1.xml"))
    assert b"[1]S!A1" in sheet
    changed = {
        "[Content_Types].xml": types.replace(b"</Types>", override),
        "xl/_rels/workbook.xml.rels": rels.replace(b"</Relationships>", MACROS + LINK + b"</Relationships>"),
        "xl/workbook.xml": workbook,
        "xl/worksheets/sheet1.xml": sheet,
        "xl/vbaProject.bin": b"macros",
        "xl/externalLinks/externalLink1.xml": b"<l/>",
    }
    path.with_suffix(".xlsm").write_bytes(package.replaced(changed).data)


WAYS = {
    "single quotes": (rb't="s"', rb"t='s'"),
    "blanks around =": (rb't="s"', rb't = "s"'),
    "a larger-than sign in an attribute": (rb"<c r=", rb'<c note=">" r='),
    "line breaks in tags": (rb' t="s"', b'\n\tt="s"\n'),
    "a comment": (rb"<v>(\d+)</v>", rb"<!-- <v>0</v> </c> --><v>\1</v>"),
    "CDATA": (rb"<v>(\d+)</v>", rb"<v><![CDATA[\1]]></v>"),
    "a prefix": (rb"<(/?)(?=\w)(?!\?)", rb"<\1a.b:"),
}
"""What the other program writes, and another way to say it."""


class TestCopy:
    def test_macros_links_and_their_parts_are_left_out(self, tmp_path):
        with_macros_and_links(tmp_path / "own.xlsx")
        book = FileBook(tmp_path / "own.xlsm")
        with book.copy(tmp_path / "copy.xlsx") as copy:
            copy.write(Change(cells={"My data!K1": "for you"}))
        after = parts(tmp_path / "copy.xlsx")
        assert {"xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml"} & after.keys() == set()
        whole = after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"] + after["xl/workbook.xml"]
        assert [word for word in (b"macroEnabled", b"vbaProject.bin", b"externalLink", b"[1]") if word in whole] == []
        found = read_book(tmp_path / "copy.xlsx", data_only=False)["My data"]
        assert (found["D2"].value, found["D3"].value, found["K1"].value) == (5, "=C3*1.2", "for you")
        assert "xl/vbaProject.bin" in parts(tmp_path / "own.xlsm")

    @pytest.mark.parametrize("way", WAYS)
    def test_no_text_is_lost_whatever_way_the_sheet_is_written(self, tmp_path, way):
        with xlsxwriter.Workbook(tmp_path / "own.xlsx") as workbook:
            sheet = workbook.add_worksheet("My data")
            for row, line in enumerate((["note", "Name"], ["left", "Ann"], ["of it", "Bo"])):
                sheet.write_row(row, 0, line)
        package = Package.read(tmp_path / "own.xlsx")
        old, new = WAYS[way]
        sheet, changed = re.subn(old, new, package.part("xl/worksheets/sheet1.xml"))
        sheet = sheet.replace(b"xmlns=", b"xmlns:a.b=") if way == "a prefix" else sheet
        assert changed
        (tmp_path / "own.xlsx").write_bytes(package.replaced({"xl/worksheets/sheet1.xml": sheet}).data)
        book = FileBook(tmp_path / "own.xlsx")
        assert book.cells("My data!B2:B3") == [["Ann"], ["Bo"]]
        with book.copy(tmp_path / "copy.xlsx") as copy:
            copy.write(Change(cells={"My data!B2": None}))
        found = read_book(tmp_path / "copy.xlsx", data_only=False)["My data"]
        assert [found[cell].value for cell in ("A1", "B1", "B2", "B3")] == ["note", "Name", None, "Bo"]
        assert b"Ann" not in b"".join(parts(tmp_path / "copy.xlsx").values())

    def test_a_copy_that_fails_is_not_there(self, book, tmp_path):
        with pytest.raises(ValueError, match="no"), book.copy(tmp_path / "copy.xlsx"):
            raise ValueError("no")
        assert not (tmp_path / "copy.xlsx").exists()


# --- what no crash can break


WORKER = """
import sys
from datetime import datetime
from pathlib import Path
from addin.actions.book import Change
from addin.actions.refresh import refresh_all
from addin.actions.share import share
from addin.xlsx.file_book import FileBook
path, first = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
for number in range(first, first + 1000):
    book = FileBook(path)
    with book.action("Type"):
        book.write(Change(cells={"Inputs!E14": (number % 89 + 1) / 100}))
    refresh_all(book, datetime(2026, 1, 1))
    share(book, path.with_name("copy.xlsx"))
    print("round", flush=True)
"""
KILLS = int(os.environ.get("KILLS", "30"))


def whole(path):
    """A file that opens, with nothing missing; its numbers belong together."""
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(package.read(name))
    values = read_book(path)
    margin, net = values["Inputs"]["E14"].value, values["ROI_ROC"]["H34"].value
    assert net == pytest.approx(margin * 0.6 - 1)
    assert values["Metrics"]["D7"].value == pytest.approx(net)


def start(path, number):
    process = subprocess.Popen([sys.executable, "-c", WORKER, str(path), str(number)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    return process


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()


@pytest.mark.thorough
@pytest.mark.timeout(900)
@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a signal of POSIX systems")
def test_killed_at_any_moment_the_book_is_the_old_one_or_the_new_one(path):
    draw = random.Random(11)
    process = start(path, 0)
    try:
        began = time.monotonic()
        assert process.stdout.readline() == b"round\n"
        a_round = time.monotonic() - began
        kill(process)
        found = set()
        for number in range(KILLS):
            process = start(path, number)
            until = time.monotonic() + draw.uniform(0, a_round)
            while time.monotonic() < until:
                if number % 2 and list(path.parent.glob(".*.tmp")):  # half of them while a file is being written
                    break
                time.sleep(0.001)
            kill(process)
            for left in path.parent.glob(".*.tmp"):
                left.unlink()
            whole(path)
            whole(path.with_name("copy.xlsx"))
            found.add(read_book(path)["Inputs"]["E14"].value)
        assert len(found) > 2, "hardly any write was ever finished"
    finally:
        process.kill()
        process.wait(10)


def test_a_full_disk_leaves_the_book(small_disk):
    disk = small_disk(template().stat().st_size + 45 * 1024)
    path = shutil.copy(template(), disk / "book.xlsm")
    before = path.read_bytes()
    with pytest.raises(BookError, match="cannot be written: No space left on device; nothing was changed"):
        do(FileBook(path), cells={"Inputs!E14": 0.5})
    assert path.read_bytes() == before
    assert list(disk.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_leaves_the_book(small_disk):
    disk = small_disk(template().stat().st_size + 45 * 1024)
    path = shutil.copy(template(), disk / "book.xlsm")
    before = path.read_bytes()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True, timeout=10)
    with pytest.raises(BookError, match="cannot be written: Read-only file system; nothing was changed"):
        do(FileBook(path), cells={"Inputs!E14": 0.5})
    assert path.read_bytes() == before

"""A workbook's file as an archive: opened with care, since it may come from anyone."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress
from typing import IO
from xml.parsers import expat

from addin.errors import BookError

try:
    from lzma import LZMAError
except ImportError:  # in a browser, where nothing is unpacked that way
    LZMAError = zlib.error  # type: ignore[assignment, misc]

LIMITS = {"max_entries": 20_000, "max_expanded_bytes": 4 << 30, "max_part_bytes": 2 << 30}
"""What a real workbook of a million rows stays below."""
BOMB_BYTES, BOMB_RATIO = 32 << 20, 400
TYPES = "[Content_Types].xml"
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
DAMAGED = (zipfile.BadZipFile, zlib.error, LZMAError, OSError, ValueError, EOFError, RuntimeError, KeyError)
"""What unpacking raises, NotImplementedError among it."""
CHUNK = 1 << 16
LONGEST_REASON = 200
"""Characters of what unpacking says."""


def opened(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive of a workbook; a BookError where it is none, or could do harm."""
    if data.startswith(OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise BookError(f"{name} is protected by a password to open; remove it in Excel and save again")
        raise BookError(f"{name} is in the old .xls format; save it as .xlsx or .xlsm")
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED:
        raise BookError(
            f"{name} is not a workbook that can be read, or is cut off; save it as .xlsx or .xlsm again"
        ) from None
    entries = package.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise BookError(f"{name} is an encrypted zip; save the workbook again from Excel or LibreOffice")
    expanded = sum(entry.file_size for entry in entries)
    if (
        len(entries) > LIMITS["max_entries"]
        or expanded > LIMITS["max_expanded_bytes"]
        or any(entry.file_size > BOMB_BYTES and entry.file_size > BOMB_RATIO * entry.compress_size for entry in entries)
    ):
        raise BookError(f"{name} unpacks to {expanded >> 20:,} MiB, far more than a workbook holds; it is not opened")
    if len({entry.filename for entry in entries}) < len(entries):
        raise BookError(f"{name} is damaged: it holds a part twice")
    for entry in entries:
        if entry.filename.startswith("/") or "\\" in entry.filename or ".." in entry.filename.split("/"):
            raise BookError(f"{name} is damaged: the part path {entry.filename!r} leads out of the book")
    if TYPES not in package.namelist():
        raise BookError(f"{name} is not an Excel workbook; save it as .xlsx or .xlsm")
    return package


def not_unpacked(name: str, part: str, error: Exception) -> BookError:
    """A part that is damaged inside; what its reader says of it may hold the whole of it."""
    said = str(error)
    reason = said if len(said) <= LONGEST_REASON else f"{said[:LONGEST_REASON]}..."
    return BookError(f"{name} is damaged: its part {part} cannot be unpacked ({reason})")


def document_type(where: str) -> BookError:
    """A part that could define entities, which grow without end or name files."""
    return BookError(f"{where} declares a document type, which no workbook needs; it is not opened")


def refuse_document_types(package: zipfile.ZipFile, name: str) -> None:
    """A BookError where a part declares a document type, for readers that would follow it."""
    for entry in package.infolist():
        if entry.filename.casefold().endswith((".xml", ".rels", ".vml")):
            try:
                with package.open(entry) as stream:
                    found = _declares_one(stream)
            except DAMAGED as error:
                raise not_unpacked(name, entry.filename, error) from None
            if found:
                raise document_type(f"{name}, part {entry.filename}")


class _RootError(Exception):
    """The first element begins, before which a document type would have stood."""


def _declares_one(stream: IO[bytes]) -> bool:
    parser, found = expat.ParserCreate(), []

    def root(*_: object) -> None:
        raise _RootError

    parser.StartDoctypeDeclHandler = lambda *_: found.append(True)
    parser.StartElementHandler = root
    with suppress(_RootError, expat.ExpatError, LookupError, ValueError):  # what is no XML is told when it is read
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk)
    return bool(found)

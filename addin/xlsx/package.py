"""A workbook file: a zip of XML parts, read with care and written back whole."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers import expat

from addin.errors import BookError
from addin.xlsx.addresses import area_of

LIMITS = {"max_entries": 20_000, "max_expanded_bytes": 4 << 30, "max_part_bytes": 2 << 30}
"""What a real workbook of a million rows stays below."""
BOMB_BYTES, BOMB_RATIO = 32 << 20, 400

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True, slots=True)
class TableArea:
    """A table (ListObject): where it lies, 1-based and with its header row, and its columns."""

    name: str
    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    columns: tuple[str, ...]
    header_rows: int
    totals_rows: int
    part: str = ""
    formulas: tuple[str, ...] = ()
    """What a new row of each column begins with: a formula without its =, or nothing where values are typed."""


class Package:
    """An .xlsx or .xlsm file, its parts read on demand."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data = data
        self.name = name
        self._zip = _opened(data, name)

    @classmethod
    def read(cls, path: Path) -> Package:
        """Read a workbook from a file."""
        if path.is_dir():
            raise BookError(f"{path} is a folder; name a workbook in it")
        try:
            return cls(path.read_bytes(), str(path))
        except FileNotFoundError:
            raise BookError(f"{path} is not there; check the name and the folder") from None
        except OSError as error:
            raise BookError(f"{path} cannot be read: {error.strerror or error}") from error

    def part(self, name: str) -> bytes:
        """The bytes of one part."""
        try:
            return self._zip.read(name)
        except KeyError:
            raise BookError(f"{self.name} is damaged: its part {name} is missing") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise BookError(f"{self.name} is damaged: its part {name} cannot be unpacked ({error})") from error

    def tree(self, name: str) -> ET.Element:
        """One part as an XML tree."""
        builder = ET.TreeBuilder()
        parse(
            self.part(name),
            f"{self.name}, part {name}",
            start=lambda tag, attributes: builder.start(_clark(tag), {_clark(k): v for k, v in attributes.items()}),
            end=lambda tag: builder.end(_clark(tag)),
            text=builder.data,
            namespaces=True,
        )
        return builder.close()

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id to (kind, part) of what a part refers to inside the package."""
        folder, file = posixpath.split(part)
        rels = f"{folder}/_rels/{file}.rels".lstrip("/")
        if rels not in self._zip.namelist():
            return {}
        return {
            element.get("Id", ""): (
                element.get("Type", "").rsplit("/", 1)[-1],
                posixpath.normpath(posixpath.join("/" + folder, element.get("Target", ""))).lstrip("/"),
            )
            for element in self.tree(rels)
            if element.get("TargetMode") != "External"
        }

    @cached_property
    def main_part(self) -> str:
        """The workbook part."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument":
                if not target.endswith(".xml"):
                    raise BookError(f"{self.name} is a binary workbook (.xlsb); save it as .xlsx or .xlsm")
                return target
        raise BookError(f"{self.name} is not an Excel workbook; save it as .xlsx or .xlsm")

    @cached_property
    def workbook(self) -> ET.Element:
        """The workbook part as a tree."""
        root = self.tree(self.main_part)
        if root.tag != f"{MAIN}workbook":
            raise BookError(
                f"{self.name} is in another form of .xlsx (Strict Open XML, or a trial version's); "
                "save it in Excel as Excel Workbook or Excel Macro-Enabled Workbook"
            )
        return root

    @cached_property
    def date_system(self) -> str:
        """The system in which the book counts days: from 1900, or from 1904 as Excel on the Mac once did."""
        properties = next((child for child in self.workbook if child.tag.endswith("}workbookPr")), None)
        return "1904" if properties is not None and properties.get("date1904") in ("1", "true") else "1900"

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Sheet name to part, for the sheets that hold cells, in the book's order."""
        relations = self.relations(self.main_part)
        found = {}
        for sheet in _children(self.workbook, "sheets"):
            kind, part = relations.get(sheet.get(f"{OFFICE}id", ""), ("", ""))
            if kind == "worksheet":
                found[sheet.get("name", "")] = part
        return found

    @cached_property
    def names(self) -> dict[tuple[str | None, str], str]:
        """(sheet or None, lower-case name) to what a defined name refers to."""
        order = [sheet.get("name") for sheet in _children(self.workbook, "sheets")]
        return {
            (order[int(scope)] if (scope := name.get("localSheetId")) else None, str(name.get("name")).lower()): (
                name.text or ""
            )
            for name in _children(self.workbook, "definedNames")
        }

    @cached_property
    def tables(self) -> dict[str, TableArea]:
        """Lower-case table name to its area."""
        found = {}
        for sheet, part in self.sheets.items():
            for kind, target in self.relations(part).values():
                if kind != "table":
                    continue
                root = self.tree(target)
                area = area_of(root.get("ref", "A1"))
                elements = _children(root, "tableColumns")
                columns = tuple(column.get("name", "") for column in elements)
                fills = tuple(
                    "".join(e.text or "" for e in c if e.tag.endswith("}calculatedColumnFormula")) for c in elements
                )
                name = str(root.get("displayName") or root.get("name"))
                found[name.lower()] = TableArea(
                    name, sheet, *area, columns,
                    int(root.get("headerRowCount", "1")), int(root.get("totalsRowCount", "0")), target, fills,
                )  # fmt: skip
        return found

    @cache  # noqa: B019  # a package lives as long as its command
    def rows_hidden(self) -> bool:
        """Whether a row (or a column) of the book is hidden or filtered out."""
        return any(b"hidden=" in self.part(part) for part in self.sheets.values())

    @property
    def parts(self) -> list[str]:
        """The names of all parts."""
        return self._zip.namelist()

    def with_parts(self, changed: Mapping[str, bytes | None], *, compressed: bool = True) -> bytes:
        """The whole file with some parts replaced, added or, where None is given, left out.

        Every other part is byte for byte what it was.
        """
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as out:
            out.comment = self._zip.comment
            for info in self._zip.infolist():
                data = changed.get(info.filename, b"")
                method = info.compress_type if compressed else zipfile.ZIP_STORED
                if data is not None:
                    out.writestr(copy(info), data if info.filename in changed else self.part(info.filename), method)
            for name in changed.keys() - set(self.parts):
                if added := changed[name]:
                    out.writestr(zipfile.ZipInfo(name, ZIP_DATE), added, zipfile.ZIP_DEFLATED)
        return stream.getvalue()


def _children(root: ET.Element, name: str) -> list[ET.Element]:
    """The elements inside the first child of that local name."""
    return next((list(child) for child in root if child.tag.rsplit("}", 1)[-1] == name), [])


def _clark(name: str) -> str:
    return "{" + name if "}" in name else name


def _opened(data: bytes, name: str) -> zipfile.ZipFile:
    if data.startswith(OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise BookError(f"{name} is protected by a password to open; remove it in Excel and save again")
        raise BookError(f"{name} is in the old .xls format; save it as .xlsx or .xlsm")
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise BookError(f"{name} is not a workbook (.xlsx or .xlsm)") from None
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
    if "[Content_Types].xml" not in package.namelist():
        raise BookError(f"{name} is not an Excel workbook; save it as .xlsx or .xlsm")
    return package


def parse(
    data: bytes,
    where: str,
    *,
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object],
    text: Callable[[str], object] | None = None,
    namespaces: bool = False,
    parser_given: Callable[[expat.XMLParserType], object] = lambda parser: None,
) -> None:
    """Parse XML with handlers; a document type (and so an entity) is refused before it is read."""
    parser = expat.ParserCreate(namespace_separator="}" if namespaces else None)
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser_given(parser)

    def refuse(*_: object) -> None:
        raise BookError(f"{where} declares a document type, which no workbook needs; it is not opened")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BookError(f"{where} is damaged: {error}") from error

"""A workbook file: a zip of XML parts, read with care and written back whole."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree as ET

from addin.archive import DAMAGED, not_unpacked, opened
from addin.errors import BookError
from addin.files import read_whole
from addin.xlsx.addresses import area_of, on_sheet
from addin.xlsx.cell_xml import rich_text
from addin.xlsx.scanner import element, normal, parse, whole_number
from addin.xlsx.sheet_xml import SheetXml

LOCAL_HEADER, HEADER_MARK, SIZES_FOLLOW = 30, b"PK\x03\x04", 8
"""Of an entry of a zip: the length of its header, what it begins with, and the mark that its sizes stand after it."""
FAST = 2
"""How hard parts are packed: 6, the default, takes three times as long for an eighth less."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
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


Part: TypeAlias = bytes | SheetXml | None
"""A part's content; None where it is left out."""


class Package:
    """An .xlsx or .xlsm file, its parts read on demand, some of them perhaps exchanged in memory."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._file = data
        self._zip = opened(data, name)
        self._changed: dict[str, Part] = {}
        self._sheets: dict[str, SheetXml] = {}
        """The sheets that were taken apart."""

    @classmethod
    def read(cls, path: Path) -> Package:
        """Read a workbook from a file."""
        return cls(read_whole(path), str(path))

    def part(self, name: str) -> bytes:
        """The bytes of one part."""
        if (changed := self._changed.get(name)) is not None:
            return changed.data if isinstance(changed, SheetXml) else changed
        try:
            if name in self._changed:
                raise KeyError(name)
            return self._zip.read(name)
        except KeyError:
            raise BookError(f"{self.name} is damaged: its part {name} is missing") from None
        except DAMAGED as error:
            raise not_unpacked(self.name, name, error) from error

    def xml(self, name: str) -> bytes:
        """One part in normal form."""
        return normal(self.part(name), f"{self.name}, part {name}")

    def let_go_of_rows(self) -> None:
        """Forget the rows of large sheets until they are needed."""
        for name, sheet in self._sheets.items():
            if name not in self._changed:
                sheet.let_go(partial(self.part, name))

    def sheet(self, name: str) -> SheetXml:
        """A sheet's cells."""
        part = self.sheets[name]
        if part not in self._sheets:
            self._sheets[part] = SheetXml(self.part(part), f"{self.name}, sheet {name}")
        return self._sheets[part]

    def tree(self, name: str) -> ET.Element:
        """One part as an XML tree."""
        builder = ET.TreeBuilder()
        parse(
            self.part(name),
            f"{self.name}, part {name}",
            start=lambda tag, attributes: builder.start(_clark(tag), {_clark(k): v for k, v in attributes.items()}),
            end=lambda tag: builder.end(_clark(tag)),
            text=builder.data,
        )
        return builder.close()

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id to (kind, part) of what a part refers to inside the package."""
        folder, rels = posixpath.dirname(part), relations_of(part)
        if rels not in self.parts:
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
        for sheet in children(self.workbook, "sheets"):
            kind, part = relations.get(sheet.get(f"{OFFICE}id", ""), ("", ""))
            if kind == "worksheet":
                found[sheet.get("name", "")] = part
        return found

    @cached_property
    def names(self) -> dict[tuple[str | None, str], str]:
        """(sheet or None, lower-case name) to what a defined name refers to."""
        order = [sheet.get("name") for sheet in children(self.workbook, "sheets")]
        found = {}
        for name in children(self.workbook, "definedNames"):
            said, scope = name.get("localSheetId"), None
            if said is not None:
                number = whole_number(said)
                if number is None or number >= len(order):
                    where = f"sheet {said[:40]!r} of {len(order)}"
                    raise BookError(f"{self.name} is damaged: the name {name.get('name')!r} belongs to {where}")
                scope = order[number]
            found[scope, str(name.get("name")).lower()] = name.text or ""
        return found

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
                if not on_sheet(area):
                    raise BookError(f"{self.name} is damaged: the table in {target} lies in {root.get('ref')!r}")
                elements = children(root, "tableColumns")
                columns = tuple(column.get("name", "") for column in elements)
                fills = tuple(
                    "".join(e.text or "" for e in c if e.tag.endswith("}calculatedColumnFormula")) for c in elements
                )
                name = str(root.get("displayName") or root.get("name"))
                header = self._rows(root, target, "headerRowCount", "1")
                totals = self._rows(root, target, "totalsRowCount", "0")
                found[name.lower()] = TableArea(name, sheet, *area, columns, header, totals, target, fills)
        return found

    def _rows(self, table: ET.Element, part: str, attribute: str, usual: str) -> int:
        said = table.get(attribute, usual)
        if (number := whole_number(said)) is None:
            raise BookError(f"{self.name} is damaged: the table in {part} has {attribute} {said[:40]!r}")
        return number

    def rows_hidden(self) -> bool:
        """Whether a row (or a column) of the book is hidden or filtered out."""
        return any(self.sheet(name).hides_rows for name in self.sheets)

    @cached_property
    def _text_parts(self) -> list[str]:
        return [part for kind, part in self.relations(self.main_part).values() if kind == "sharedStrings"]

    @cached_property
    def texts(self) -> list[str]:
        """The list of texts that cells refer to by number."""
        found = (element("si").finditer(self.xml(part)) for part in self._text_parts)
        return [rich_text(match["inside"] or b"") for matches in found for match in matches]

    @cached_property
    def parts(self) -> list[str]:
        """The names of all parts."""
        there = [name for name in self._zip.namelist() if self._changed.get(name, b"") is not None]
        return there + [name for name in self._changed if name not in self._zip.NameToInfo and self._changed[name]]

    # --- changing

    def replaced(self, parts: Mapping[str, Part]) -> Package:
        """The book with some parts replaced, added or, where None is given, left out."""
        new = copy(self)
        new._changed = {**self._changed, **parts}
        new._sheets = {name: sheet for name, sheet in self._sheets.items() if name not in parts}
        new._sheets |= {name: part for name, part in parts.items() if isinstance(part, SheetXml)}
        new.__dict__.pop("data", None)
        if len(parts) > sum(isinstance(part, SheetXml) for part in parts.values()):
            for name in ("main_part", "workbook", "date_system", "sheets", "names", "tables", "_text_parts", "parts"):
                new.__dict__.pop(name, None)
            if not parts.keys().isdisjoint((*self._text_parts, *new._text_parts)):
                new.__dict__.pop("texts", None)
        return new

    @cached_property
    def data(self) -> bytes:
        """The whole file; what was not replaced is byte for byte what it was, and stays packed."""
        if not self._changed:
            return self._file
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as out:
            out.comment = self._zip.comment
            for info in self._zip.infolist():
                if info.filename not in self._changed:
                    self._copy_packed(info, out)
                elif self._changed[info.filename] is not None:
                    out.writestr(copy(info), self.part(info.filename), info.compress_type, FAST)
            for name in self.parts:
                if name not in self._zip.NameToInfo:
                    out.writestr(zipfile.ZipInfo(name, ZIP_DATE), self.part(name), zipfile.ZIP_DEFLATED, FAST)
        return stream.getvalue()

    def _copy_packed(self, info: zipfile.ZipInfo, out: zipfile.ZipFile) -> None:
        """Copy a part without unpacking it, which zipfile has no method for."""
        header = self._file[info.header_offset :][:LOCAL_HEADER]
        if len(header) < LOCAL_HEADER or not header.startswith(HEADER_MARK):
            raise BookError(f"{self.name} is damaged: its part {info.filename} is not where the archive says")
        begin = info.header_offset + LOCAL_HEADER + sum(struct.unpack("<HH", header[26:30]))
        assert out.fp is not None
        new = copy(info)
        new.flag_bits &= ~SIZES_FOLLOW
        new.header_offset = out.fp.tell()
        out.fp.write(new.FileHeader())
        out.fp.write(self._file[begin : begin + info.compress_size])
        out.filelist.append(new)
        out.NameToInfo[new.filename] = new
        out.start_dir = out.fp.tell()

    def unpacked(self, names: Iterable[str]) -> bytes:
        """A file of some of the parts, not packed, for a program that reads it at once."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as out:
            for name in names:
                out.writestr(zipfile.ZipInfo(name, ZIP_DATE), self.part(name))
        return stream.getvalue()


def relations_of(part: str) -> str:
    """The part that holds a part's relations."""
    folder, file = posixpath.split(part)
    return f"{folder}/_rels/{file}.rels".lstrip("/")


def children(root: ET.Element, name: str) -> list[ET.Element]:
    """The elements inside the first child of that local name."""
    return next((list(child) for child in root if child.tag.rsplit("}", 1)[-1] == name), [])


def _clark(name: str) -> str:
    return "{" + name if "}" in name else name

"""Excel files on their way in and out of LibreOffice."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from .function_names import LONG, Calls, repair

KINDS = (".xlsx", ".xlsm")
MACROS = "xl/vbaProject.bin"
RIBBON = re.compile(r"customUI/")
MACRO_TYPE = "application/vnd.ms-office.vbaProject"
MACRO_RELATION = {
    "Type": "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
    "Target": "vbaProject.bin",
}
TYPES = "[Content_Types].xml"
RELATIONS, BOOK_RELATIONS = "_rels/.rels", "xl/_rels/workbook.xml.rels"
RIBBON_RELATION = "/relationships/ui/extensibility"
# the patterns below are for what LibreOffice has just written, which is always of one form
FORMULA = re.compile(r"(<f(?:\s[^>]*)?>|<(?:\w+:)?formula\d?>|<xm:f>|<definedName\b[^>]*>)([^<]+)")


@dataclass
class Originals:
    """Of each open document that came from a workbook with macros: the parts that LibreOffice does not keep."""

    parts: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def keep(self, document: Any, path: Path) -> None:
        """Read the parts of the file that a document was loaded from."""
        with zipfile.ZipFile(path) as package:
            kept = {name: package.read(name) for name in package.namelist() if name == MACROS or RIBBON.match(name)}
            if kept:
                kept[RELATIONS] = package.read(RELATIONS)
                self.parts[document.RuntimeUID] = kept


def on_event(event: str, document: Any, calls: Calls, originals: Originals) -> None:
    """Act on a document that was loaded, saved or closed."""
    if event == "OnUnload":
        originals.parts.pop(document.RuntimeUID, None)
        return
    path = local_path(document.URL)
    if path is None or path.suffix.lower() not in KINDS or not path.is_file():
        return
    if event == "OnLoadFinished":
        repair(document, calls)
        originals.keep(document, path)
    else:
        restore_saved(path, originals.parts.get(document.RuntimeUID, {}), calls)


def is_excel(document: Any) -> bool:
    """Whether a document is an Excel file."""
    path = local_path(document.URL)
    return path is not None and path.suffix.lower() in KINDS


def local_path(url: str) -> Path | None:
    """The file that a URL names, if it names one."""
    parsed = urlparse(url)
    if parsed.scheme != "file":
        return None
    host = f"//{parsed.netloc}" if parsed.netloc not in ("", "localhost") else ""
    return Path(host + url2pathname(parsed.path)) if os.name == "nt" else Path(unquote(parsed.path))


def restore_saved(path: Path, kept: dict[str, bytes], calls: Calls) -> None:
    """Write the functions' bare names, and the macros and ribbon of the original, into a file just saved."""
    with zipfile.ZipFile(path) as package:
        old = {part.filename: package.read(part) for part in package.infolist()}
    new = {name: _with_short_names(data, calls) if _may_call(name) else data for name, data in old.items()}
    if kept and path.suffix.lower() == ".xlsm":
        new |= {name: data for name, data in kept.items() if name != RELATIONS}
        new[TYPES] = _with_types(new[TYPES])
        new[RELATIONS] = _with_relations(new[RELATIONS], _ribbon_relations(kept[RELATIONS]))
        new[BOOK_RELATIONS] = _with_relations(new[BOOK_RELATIONS], [MACRO_RELATION] if MACROS in kept else [])
    if new == old:
        return
    handle, temporary = tempfile.mkstemp(suffix=".tmp", prefix=".roc-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in new.items():
                package.writestr(name, data)
        Path(temporary).chmod(path.stat().st_mode)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _may_call(name: str) -> bool:
    return name.startswith("xl/") and name.endswith(".xml")


def _with_short_names(data: bytes, calls: Calls) -> bytes:
    if LONG.encode() not in data.lower():
        return data
    return FORMULA.sub(lambda found: found[1] + calls.short(found[2]), data.decode("utf-8")).encode()


def _ribbon_relations(relations: bytes) -> list[dict[str, str]]:
    """The relations of the original that lead to its ribbons."""
    root = ElementTree.fromstring(relations)  # noqa: S314  # of a document that LibreOffice has opened
    return [dict(relation.attrib) for relation in root if RIBBON_RELATION in relation.get("Type", "")]


def _with_relations(relations: bytes, wanted: list[dict[str, str]]) -> bytes:
    """Relations with those that are wanted and not there yet, under ids of their own."""
    text = relations.decode("utf-8")
    for number, relation in enumerate(wanted):
        if f'"{relation["Type"]}"' not in text:
            shown = " ".join(
                f"{name}={quoteattr(value)}" for name, value in (relation | {"Id": f"rocKept{number}"}).items()
            )
            text = text.replace("</Relationships>", f"<Relationship {shown}/></Relationships>")
    return text.encode()


def _with_types(types: bytes) -> bytes:
    """The package's content types with those of macros and ribbon pictures."""
    text = types.decode("utf-8")
    for extension, kind in (("bin", MACRO_TYPE), ("png", "image/png")):
        if f'Extension="{extension}"' not in text:
            text = re.sub(r"(<Types\b[^>]*>)", rf'\1<Default Extension="{extension}" ContentType="{kind}"/>', text)
    return text.encode()

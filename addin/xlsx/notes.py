"""The texts that the add-in keeps in a book: its custom document properties."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from addin.actions.book import NOTE_PREFIX
from addin.archive import TYPES as CONTENT_TYPES
from addin.xlsx.package import Package, relations_of
from addin.xlsx.scanner import attributes, element, plain_text, whole_number, with_child

PART = "docProps/custom.xml"
RELATIONS = relations_of("")
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
EMPTY = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" \
xmlns:vt="{TYPES}"></Properties>"""
_PROPERTY = element("property")


def notes(package: Package) -> dict[str, str]:
    """Our texts by name."""
    if PART not in package.parts:
        return {}
    found = {}
    for item in package.tree(PART):
        name = item.get("name", "")
        if name.startswith(NOTE_PREFIX):
            found[name.removeprefix(NOTE_PREFIX)] = "".join(item.itertext())
    return found


def with_notes(package: Package, changed: Mapping[str, str]) -> dict[str, bytes]:
    """The parts of the package that hold our texts once some have changed; an empty text goes."""
    parts: dict[str, bytes] = {}
    if PART in package.parts:
        properties = package.xml(PART)
    else:
        properties = EMPTY.encode()
        override = {"PartName": f"/{PART}", "ContentType": CONTENT_TYPE}
        parts[CONTENT_TYPES] = with_child(package.xml(CONTENT_TYPES), "Override", override)
        relation = {"Id": "rIdNotes", "Type": KIND, "Target": PART}
        parts[RELATIONS] = with_child(package.xml(RELATIONS), "Relationship", relation)
    properties = _PROPERTY.sub(lambda found: b"" if _note(found[1]) in changed else found[0], properties)
    used = [
        whole_number(attributes(found[1]).get(b"pid", b"").decode()) or 1 for found in _PROPERTY.finditer(properties)
    ]
    for number, (name, value) in enumerate(((n, v) for n, v in changed.items() if v), start=max(used, default=1) + 1):
        written = {"fmtid": FORMAT_ID, "pid": str(number), "name": NOTE_PREFIX + name}
        content = f'<vt:lpwstr xmlns:vt="{TYPES}">{escape(value, quote=False)}</vt:lpwstr>'
        properties = with_child(properties, "property", written, content)
    return {**parts, PART: properties}


def _note(written: bytes) -> str:
    """The name that our part of the program gave a property."""
    name = plain_text(attributes(written).get(b"name", b""))
    return name.removeprefix(NOTE_PREFIX) if name.startswith(NOTE_PREFIX) else ""

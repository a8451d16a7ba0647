"""The texts that the add-in keeps in a book: its custom document properties."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr, unescape

from addin.actions.book import NOTE_PREFIX
from addin.xlsx.package import Package

PART = "docProps/custom.xml"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
EMPTY = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" \
xmlns:vt="{TYPES}"></Properties>"""
_PROPERTY = re.compile(r"<(?:\w+:)?property\s[^>]*>.*?</(?:\w+:)?property\s*>", re.DOTALL)
_NAME = re.compile(r"""\sname=("[^"]*"|'[^']*')""")
_ID = re.compile(r'\spid="(\d+)"')


def notes(package: Package) -> dict[str, str]:
    """Our texts by name."""
    if PART not in package.parts:
        return {}
    found = {}
    for element in package.tree(PART):
        name = element.get("name", "")
        if name.startswith(NOTE_PREFIX):
            found[name.removeprefix(NOTE_PREFIX)] = "".join(element.itertext())
    return found


def with_notes(package: Package, changed: Mapping[str, str]) -> dict[str, bytes]:
    """The parts of the package that hold our texts once some have changed; an empty text goes."""
    parts: dict[str, bytes] = {}
    text = EMPTY
    if PART in package.parts:
        text = package.part(PART).decode()
    else:
        types, relations = package.part("[Content_Types].xml").decode(), package.part("_rels/.rels").decode()
        override = f'<Override PartName="/{PART}" ContentType="{CONTENT_TYPE}"/>'
        relation = f'<Relationship Id="rIdNotes" Type="{KIND}" Target="{PART}"/>'
        parts["[Content_Types].xml"] = types.replace("</Types>", f"{override}</Types>").encode()
        parts["_rels/.rels"] = relations.replace("</Relationships>", f"{relation}</Relationships>").encode()
    text = _PROPERTY.sub(lambda match: "" if _named(match.group()) in changed else match.group(), text)
    number = max(map(int, _ID.findall(text)), default=1)
    added = ""
    for name, value in changed.items():
        if value:
            number += 1
            added += (
                f'<property xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
                f'fmtid="{FORMAT_ID}" pid="{number}" name={quoteattr(NOTE_PREFIX + name)}>'
                f'<vt:lpwstr xmlns:vt="{TYPES}">{escape(value)}</vt:lpwstr></property>'
            )
    close = text.rindex("</")
    parts[PART] = (text[:close] + added + text[close:]).encode()
    return parts


def _named(element: str) -> str:
    """The name that our part of the program gave a property."""
    opening = element[: element.index(">") + 1]
    match = _NAME.search(opening)
    name = unescape(match.group(1)[1:-1], {"&quot;": '"', "&apos;": "'"}) if match else ""
    return name.removeprefix(NOTE_PREFIX) if name.startswith(NOTE_PREFIX) else ""

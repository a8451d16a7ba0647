"""The one scanner of a workbook's XML: parts in a normal form, and patterns that are exact in it.

In normal form a part is known to be well formed, stands in UTF-8, and holds no comments, CDATA sections or
instructions. So each < begins a tag, each tag's attributes are quoted, and an element that never holds one of its own
name (a row, a cell, a formula, a text) is found by a pattern, whatever prefix, quotes or blanks its writer used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from xml.parsers import expat

from addin.archive import document_type
from addin.errors import BookError

PREFIX = rb"(?:[^\s<>/:\"'=]+:)?"
ATTRIBUTES = rb"(?:(?:\s+[^\s=<>/]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*+)"
_ATTRIBUTE = re.compile(rb"\s+([^\s=<>/]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ROOT = re.compile(rb"<((" + PREFIX + rb")[^\s<>/:?]+)" + ATTRIBUTES + rb"\s*/?>")
_MARKUP = re.compile(rb"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\?(?!xml\s).*?\?>", re.DOTALL)
_DECLARATION = re.compile(r"""^<\?xml\s[^>]*?\sencoding\s*=\s*["']([^"']*)["'][^>]*\?>\s*""")
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+));")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def parse(
    data: bytes,
    where: str,
    *,
    start: Callable[[str, dict[str, str]], object] | None = None,
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    """Parse XML, with handlers that get namespace}name; a document type (and so an entity) is refused unread."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text

    def refuse(*_: object) -> None:
        raise document_type(where)

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BookError(f"{where} is damaged: {error}") from error


def normal(data: bytes, where: str) -> bytes:
    """A part in normal form; a BookError where it is no well-formed XML."""
    parse(data, where)
    data = _in_utf8(data, where)
    if b"<!" in data or data.count(b"<?") > data.startswith(b"<?xml"):
        data = _MARKUP.sub(lambda match: escape(match[1].decode(), quote=False).encode() if match[1] else b"", data)
    return data


def _in_utf8(data: bytes, where: str) -> bytes:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
    declared = _DECLARATION.match(data[:200].decode("latin-1"))
    encoding = "utf-16" if wide else declared[1].lower() if declared else "utf-8"
    if encoding in ("utf-8", "utf8", "us-ascii"):
        return data.removeprefix(b"\xef\xbb\xbf")
    try:
        return _DECLARATION.sub('<?xml version="1.0" encoding="UTF-8"?>\n', data.decode(encoding)).encode()
    except (LookupError, UnicodeError) as error:
        raise BookError(f"{where} is damaged: it is not in the encoding that it names ({error})") from error


@cache
def element(name: str, first: bytes = b"") -> re.Pattern[bytes]:
    """Finds an element by its local name; group 1 is its attributes, `inside` what it holds (None if it is empty).

    `first` is a pattern of what may stand before its other attributes, which are then the group `more`.
    """
    tag = PREFIX + name.encode()
    more = rb"(?P<more>%s)" % ATTRIBUTES if first else ATTRIBUTES
    return re.compile(rb"<%s(%s%s)\s*(?:/>|>(?P<inside>.*?)</%s\s*>)" % (tag, first, more, tag), re.DOTALL)


@cache
def _of_name(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(\s+" + name + rb"\s*=\s*)(\"[^\"]*\"|'[^']*')")


def attributes(text: bytes) -> dict[bytes, bytes]:
    """The attributes of a tag, their values as they are written."""
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(text)}


def without_attribute(text: bytes, name: bytes) -> bytes:
    """A tag's attributes without one of them."""
    return _of_name(name).sub(b"", text)


def with_attribute(text: bytes, name: bytes, value: bytes) -> bytes:
    """A tag's attributes with one of them set to a value that needs no escaping."""
    changed, found = _of_name(name).subn(lambda match: match[1] + b'"' + value + b'"', text)
    return changed if found else text + b" " + name + b'="' + value + b'"'


def with_attributes(match: re.Match[bytes], text: bytes) -> bytes:
    """A found element with other attributes."""
    began = match.start()
    return match[0][: match.start(1) - began] + text + match[0][match.end(1) - began :]


def with_child(part: bytes, name: str, values: Mapping[str, str], content: str = "") -> bytes:
    """A part in normal form with one element more at the end of its root, in the root's namespace."""
    root = _ROOT.search(part)
    assert root is not None
    tag, prefix = root[1], root[2].decode()
    written = "".join(f' {key}="{escape(value)}"' for key, value in values.items())
    child = f"<{prefix}{name}{written}>{content}</{prefix}{name}>".encode()
    if root[0].endswith(b"/>"):
        return part[: root.end() - 2] + b">" + child + b"</" + tag + b">"
    close = part.rindex(b"</")
    return part[:close] + child + part[close:]


def plain_text(content: bytes) -> str:
    """What character data says."""
    text = content.decode()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    return _ENTITIES[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))


def whole_number(text: str) -> int | None:
    """The count or index that an attribute or a cell gives; None where it is none that a file could need."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def cell_text(content: bytes) -> str:
    """The text of a cell, in which _x000D_ stands for a character that XML cannot hold."""
    text = plain_text(content)
    if "_x" not in text:
        return text
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # two units can make one character


def escaped_cell_text(text: str) -> str:
    """The text of a cell as the file holds it."""
    return escape(_CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", text), quote=False)

"""XML written anew from elements and attributes that are known; what is not known is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from addin.xlsx.impersonal.known_markup import ATTRIBUTES, DROPPED, ELEMENTS, FONTS, VALUES
from addin.xlsx.package import MAIN, OFFICE

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
ANCHORS = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
PREFIXES = {MAIN: "", CHART: "c:", DRAWING: "a:", ANCHORS: "xdr:", OFFICE: "r:"}
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_PLAIN = re.compile(
    r"[-+]?\d{1,12}(?:\.\d{1,20})?(?:[eE][-+]?\d+)?%?|true|false|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8}"
    r"|\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?(?: \$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?)*"
)
"""Numbers, truth values, colours and addresses."""


@dataclass
class Vocabulary:
    """The elements, attributes, values and texts of the template's own markup."""

    elements: set[str] = field(default_factory=lambda: set(ELEMENTS))
    attributes: set[str] = field(default_factory=lambda: set(ATTRIBUTES))
    values: set[str] = field(default_factory=lambda: set(VALUES | FONTS))
    texts: set[str] = field(default_factory=set)

    def learn(self, root: ET.Element) -> None:
        """Take in what a part of the template says."""
        for element in root.iter():
            self.elements.add(_local(element.tag))
            self.attributes.update(_local(name) for name in element.attrib)
            self.values.update(element.attrib.values())
            self.texts.add((element.text or "").strip())


@dataclass(frozen=True)
class Writer:
    """Writes an element anew."""

    vocabulary: Vocabulary
    texts: Mapping[str, Callable[[str], str | None]]
    """What becomes of the text in an element of that name; None where it cannot stay."""
    attributes: Mapping[str, Callable[[str], str | None]] = field(default_factory=dict)
    """What becomes of an attribute of that name; None where its element cannot stay."""
    without: frozenset[str] = frozenset()
    """Elements that are left out, whatever they hold."""

    def part(self, root: ET.Element) -> str:
        """A whole part; nothing where it cannot stay."""
        try:
            written = self.element(root)
        except _CannotStayError:
            return ""
        end = len(root.tag[root.tag.index("}") + 1 :]) + 1 + len(PREFIXES.get(_namespace(root.tag), ""))
        spaces = "".join(f' xmlns{":" + p[:-1] if p else ""}="{name[1:-1]}"' for name, p in PREFIXES.items()
                         if not p or p in written or name == OFFICE)  # fmt: skip
        return f"{HEAD}{written[:end]}{spaces}{written[end:]}" if written else ""

    def element(self, element: ET.Element) -> str:
        """An element with what stays of it; nothing where it does not stay."""
        if _local(element.tag) not in _BY_THEMSELVES:
            return self._element(element)
        try:
            return self._element(element)
        except _CannotStayError:
            return ""

    def _element(self, element: ET.Element) -> str:
        name, prefix = _local(element.tag), PREFIXES.get(_namespace(element.tag))
        if prefix is None or name in self.without or name not in self.vocabulary.elements:
            return ""
        said = self._attributes(element)
        if said is None:
            return ""
        inside = []
        text = (element.text or "") if not len(element) else ""
        if name in self.texts:
            kept = self.texts[name](text)
            if kept is None:
                raise _CannotStayError
            inside.append(escape(kept))
        elif text.strip():
            if not _PLAIN.fullmatch(text.strip()) and text.strip() not in self.vocabulary.texts:
                return ""
            inside.append(escape(text))
        children = [self.element(child) for child in element]
        if name in _EMPTY_WITHOUT and not any(children):
            return ""
        inside += children
        tag = f"{prefix}{name}"
        body = "".join(inside)
        return f"<{tag}{said}>{body}</{tag}>" if body else f"<{tag}{said}/>"

    def _attributes(self, element: ET.Element) -> str | None:
        said = []
        for name, value in element.attrib.items():
            prefix, local = PREFIXES.get(_namespace(name), "") if "}" in name else "", _local(name)
            if ("}" in name and _namespace(name) != OFFICE) or local not in self.vocabulary.attributes:
                continue
            if local in self.attributes:
                new = self.attributes[local](value)
                if new is None:
                    return None
                said.append(f" {prefix}{local}={quoteattr(new)}")
            elif not value or _PLAIN.fullmatch(value) or value in self.vocabulary.values:
                said.append(f" {prefix}{local}={quoteattr(value)}")
            elif local not in DROPPED:
                return None
        return "".join(said)


class _CannotStayError(Exception):
    """A text or a formula that is not known, without which what holds it means nothing."""


_BY_THEMSELVES = frozenset({"cfRule", "dataValidation", "hyperlink", "calculatedColumnFormula", "totalsRowFormula",
                            "headerFooter", "definedName"})  # fmt: skip
"""Elements that can be left out of what they stand in."""
_EMPTY_WITHOUT = frozenset({"conditionalFormatting", "dataValidations", "hyperlinks", "mergeCells", "cols",
                            "ignoredErrors", "numFmts"})  # fmt: skip
"""Elements that mean nothing, or may not stand, without one inside."""


@cache
def _local(name: str) -> str:
    return name.rpartition("}")[2]


@cache
def _namespace(name: str) -> str:
    return name[: name.index("}") + 1] if "}" in name else ""

"""The template as Excel on the Mac and on the web saves it: no macros, our functions by the names that bind there."""

from __future__ import annotations

import re

from addin.our_calls import with_browser_prefixes
from addin.xlsx.cell_xml import FORMULA
from addin.xlsx.macro_free import without_macros
from addin.xlsx.package import Package, Part


def for_browsers(package: Package) -> Package:
    """The template as an .xlsx whose formulas the add-in for browsers answers as soon as the book is opened.

    Excel also keeps a hidden name for each such function; with it LibreOffice takes the call for a name, and shows
    Err:508 in place of the saved value.
    """
    plain = without_macros(package)
    parts: dict[str, Part] = {part: FORMULA.sub(_bound, plain.xml(part)) for part in plain.sheets.values()}
    return plain.replaced(parts)


def _bound(formula: re.Match[bytes]) -> bytes:
    """A formula with the prefix before each of our functions."""
    if formula["inside"] is None:
        return formula[0]
    start, end = (at - formula.start() for at in formula.span("inside"))
    text = with_browser_prefixes(formula["inside"].decode())
    return formula[0][:start] + text.encode() + formula[0][end:]

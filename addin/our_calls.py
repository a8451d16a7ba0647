"""Calls of our functions in the text of a formula, whatever program wrote it.

A file may hold `[1]!NPS(A1)` or `'C:\\add-ins\\customer_value.xlam'!NPS(A1)` where Excel took the function for another
workbook's, `_xll.NPS(A1)` or `_xludf.NPS(A1)` where it knew none, and `_xldudf_NPS(A1)` from Excel on the web.
"""

from __future__ import annotations

import re
from functools import cache

from addin.function_names import FUNCTION_NAMES

BROWSER_PREFIX = "_xldudf_"
"""What Excel on the Mac and on the web saves before the name of an add-in's function."""
_PREFIX = r"(?:_xl\w+\.|_xldudf_|'(?:[^']|'')*'!|[\w.\[\]]+!)"
_TEXT = r'"(?:[^"]|"")*"'


@cache
def _calls() -> re.Pattern[str]:
    return re.compile(rf"{_TEXT}|(?<![\w.\[\]!']){_PREFIX}*(?P<name>{'|'.join(FUNCTION_NAMES)})(?=\()", re.IGNORECASE)


def calls_us(formula: str) -> bool:
    """Whether a formula calls one of our functions, outside its texts."""
    return any(found["name"] for found in _calls().finditer(formula))


def with_browser_prefixes(formula: str) -> str:
    """The formula with our functions as Excel on the Mac and on the web saves them, which it binds at opening."""
    return _calls().sub(lambda found: f"{BROWSER_PREFIX}{found['name']}" if found["name"] else found[0], formula)


def without_prefixes(formula: str) -> str:
    """The formula with our functions by their bare names, as they are typed."""
    return _calls().sub(lambda found: found["name"] or found[0], formula)

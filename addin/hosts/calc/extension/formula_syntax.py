"""A formula as an Excel file holds it, and as LibreOffice takes it."""

from __future__ import annotations

import re

SHEET = r"\$?(?:'(?:[^']|'')*'|[^\W\d]\w*)"
CELL = r"(?=\$?[A-Za-z]{1,3}\$?\d)"
TEXT = r'"(?:[^"]|"")*"'
OURS = re.compile(rf"{TEXT}|(?P<sheet>{SHEET})\.{CELL}|'[^']*'|[;|]")
EXCEL = re.compile(rf"{TEXT}|(?P<sheet>{SHEET})!{CELL}|'[^']*'|_xlfn\.|[,;]")


TRUTH = re.compile(r'\b(TRUE|FALSE)\(\)(?=(?:[^"]*"[^"]*")*[^"]*$)')
"""LibreOffice writes the constants of Excel as functions; not those inside a text."""


def to_excel(formula: str) -> str:
    """LibreOffice's formula as Excel writes it: commas between arguments, ! behind a sheet."""

    def written(found: re.Match[str]) -> str:
        return f"{found['sheet'].lstrip('$')}!" if found["sheet"] else {";": ",", "|": ";"}.get(found[0], found[0])

    return TRUTH.sub(r"\1", OURS.sub(written, formula))


def from_excel(formula: str) -> str:
    """Excel's formula as LibreOffice takes it: semicolons between arguments, a dot behind a sheet."""

    def written(found: re.Match[str]) -> str:
        sheet = found["sheet"]
        return f"${sheet.lstrip('$')}." if sheet else {",": ";", ";": "|", "_xlfn.": ""}.get(found[0], found[0])

    return EXCEL.sub(written, formula)

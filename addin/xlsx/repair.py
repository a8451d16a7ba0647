"""What LibreOffice loses when it saves a workbook, put back: the formulas by which a table's columns fill new rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from addin.xlsx.package import Package, TableArea
from addin.xlsx.scanner import attributes, element, plain_text

_COLUMN = element("tableColumn")


def without_fill_down(package: Package, declared: Mapping[str, Mapping[str, str]]) -> dict[TableArea, dict[str, str]]:
    """Tables to their columns that should fill down by the formula declared for them, and do not."""
    found = {}
    for table in package.tables.values():
        formulas = dict(zip(table.columns, table.formulas, strict=True))
        lost = {
            name: formula for name, formula in declared.get(table.name, {}).items()
            if name in formulas and not formulas[name]
        }  # fmt: skip
        if lost:
            found[table] = lost
    return found


def with_fill_down(package: Package, lost: Mapping[TableArea, Mapping[str, str]]) -> Package:
    """The book whose tables fill these columns down again."""
    return package.replaced({table.part: _with_formulas(package.part(table.part), lost[table]) for table in lost})


def _with_formulas(part: bytes, formulas: Mapping[str, str]) -> bytes:
    def column(match: re.Match[bytes]) -> bytes:
        name = plain_text(attributes(match[1]).get(b"name", b""))
        if name not in formulas:
            return match[0]
        p = match[0][1:].partition(b"tableColumn")[0]
        formula = escape(formulas[name].removeprefix("="), quote=False).encode()
        inside = b"<%scalculatedColumnFormula>%s</%scalculatedColumnFormula>" % (p, formula, p)
        return b"<%stableColumn%s>%s%s</%stableColumn>" % (p, match[1], inside, match[2] or b"", p)

    return _COLUMN.sub(column, part)

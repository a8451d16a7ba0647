"""The columns of months on ROI_ROC, and a line of figures over them."""

from __future__ import annotations

from dataclasses import dataclass

from addin.schema import formats
from addin.template import theme
from addin.template.sheet import Sheet
from addin.template.theme import Style
from addin.values import column_letters

MONTHS = [column_letters(6 + month) for month in range(61)]
"""Columns F to BN hold months 0 to 60, counted up to the horizon of Inputs; E is what stood at the start."""
FIRST, LAST = MONTHS[0], MONTHS[-1]
POINTS = MONTHS[:13]
"""The columns of a year, where the page ends; beneath them stands what the chart draws, spread over the horizon."""
PRINTED = POINTS[-1]
BOLD: Style = {"bold": True}


@dataclass(frozen=True)
class Line:
    """A row of months: one formula for all, {c} a month's column, {p} the one before; a label without key is stored."""

    key: str
    label: str
    unit: str
    formula: str
    total: str = "sum"
    number: str = formats.WHOLE
    look: Style | None = None


def write_line(sheet: Sheet, row: int, line: Line) -> None:
    """Write a line for all months, with its total."""
    look = line.look or {}
    (sheet.put if line.key else sheet.stored)(f"B{row}", line.label, theme.LABEL, {"bold": bool(line.look)})
    sheet.put(f"C{row}", line.unit, theme.UNIT)
    in_month_known = f"INDEX({FIRST}{row}:{LAST}{row},out_MonthsCounted+1)"
    totals = {
        "sum": f"=SUM({FIRST}{row}:{LAST}{row})",
        "last": f"={LAST}{row}",
        "known": f'=IF(out_MonthsKnown<0,"",{in_month_known})',
    }
    if line.total:
        sheet.put(f"D{row}", totals[line.total], theme.CALC, BOLD, look, number=line.number)
    for before, column in zip(["E", *MONTHS], MONTHS, strict=False):
        sheet.put(f"{column}{row}", line.formula.format(c=column, p=before), theme.CALC, look, number=line.number)

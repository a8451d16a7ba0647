"""What `roc calc` may change in a workbook: the values saved beside formulas, and not a byte else."""

import io
import re
import zipfile

from openpyxl.utils.cell import range_boundaries

CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>/])[^>]*?(?:/>|>.*?</(?:\w+:)?c\s*>)", re.DOTALL)
FORMULA = re.compile(rb"<(?:\w+:)?f(?=[\s>/])")
AREA = re.compile(rb"""<(?:\w+:)?f\s[^>]*?\bt\s*=\s*["']array["'][^>]*?\bref\s*=\s*["']([^"']*)["']""")
AT = re.compile(rb"""\sr\s*=\s*["']([A-Z]+)(\d+)["']""")
TYPE = re.compile(rb"""\s+t\s*=\s*("[^"]*"|'[^']*')""")
VALUE = re.compile(rb"<(?:\w+:)?v(?=[\s>/])[^>]*?(?:/>|>[^<]*</(?:\w+:)?v\s*>)")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed_outside_values(before: bytes, after: bytes, sheets: set[str]) -> list[str]:
    """The parts that differ in more than the values saved beside formulas (and in the cells that arrays fill)."""
    old, new = parts(before), parts(after)
    if list(old) != list(new):
        return ["the list of parts"]
    return [
        name
        for name in old
        if old[name] != new[name] and not (name in sheets and _without_values(old[name]) == _without_values(new[name]))
    ]


def _without_values(sheet: bytes) -> bytes:
    areas = [range_boundaries(area.decode()) for area in AREA.findall(sheet)]

    def stripped(match: re.Match[bytes]) -> bytes:
        cell = match.group()
        opening = cell[: cell.index(b">")]
        if not FORMULA.search(cell) and not _filled(opening, areas):
            return cell
        opening_end = len(opening)
        return TYPE.sub(b"", opening) + VALUE.sub(b"", cell[opening_end:])

    return CELL.sub(stripped, sheet)


def _filled(opening: bytes, areas: list[tuple[int, int, int, int]]) -> bool:
    """Whether an array formula of another cell fills this one."""
    at = AT.search(opening)
    if not at or not areas:
        return False
    column, row = range_boundaries((at.group(1) + at.group(2)).decode())[:2]
    return any(left <= column <= right and top <= row <= bottom for left, top, right, bottom in areas)

"""Example values: which inputs hold what the template came with, counted on Checks once the sample is out."""

from __future__ import annotations

from collections.abc import Sequence

from addin.template import theme
from addin.template.charts import absolute
from addin.template.sheet import Sheet, TemplateBook

HEADER_ROW = 5
PLACE, FIRST, LAST, COUNT = "J", "K", "O", "P"
WIDTHS = [3, 20, 11, 11, 11, 11, 11, 13]
"""Of the columns from before the block to its end."""
ONE = "example value"


def compare(sheet: Sheet, name: str, cells: str, values: Sequence[float | None]) -> str:
    """Have inputs of a row compared with their examples, and coloured while they hold them; where they are counted."""
    sheet.book.examples[name] = f"{sheet.name}!{cells}", values
    count = held(sheet.book, name)
    example = f"Checks!{FIRST}${_row(sheet.book, name)}"
    same = f'{example}<>"",{cells.split(":")[0]}={example}'
    sheet.when(cells, f"=AND({count}>0,{same})", theme.EXAMPLE)
    return count


def held(book: TemplateBook, name: str) -> str:
    """The cell that counts how many of the inputs of that name hold their example."""
    return f"Checks!${COUNT}${_row(book, name)}"


def _row(book: TemplateBook, name: str) -> int:
    """A sheet may ask for the inputs of a later one."""
    book.examples.setdefault(name, ("", []))
    return HEADER_ROW + 1 + list(book.examples).index(name)


def mark(count: str) -> str:
    """What stands beside inputs of which so many hold their example, in a formula."""
    return f'IF({count}>1,{count}&" {ONE}s",{mark_if(f"{count}=1")})'


def mark_if(condition: str) -> str:
    """What stands beside a figure that comes from an example where the condition holds, in a formula."""
    return f'IF({condition},"{ONE}","")'


def write(sheet: Sheet) -> None:
    """Write what each input came with, and how many still hold it."""
    last = HEADER_ROW + len(sheet.book.examples)
    sheet.put(f"{PLACE}{HEADER_ROW - 1}", "Inputs that hold their example, without the sample", theme.UNIT)
    sheet.result(f"{COUNT}{HEADER_ROW - 1}", "out_Examples", f"=SUM({COUNT}{HEADER_ROW + 1}:{COUNT}{last})")
    sheet.fill(f"{FIRST}{HEADER_ROW}", f"{LAST}{HEADER_ROW}", theme.HEADER)
    sheet.header(HEADER_ROW, {PLACE: "Inputs"}, {FIRST: "Examples", COUNT: "Still hold\nthem"})
    for row, (cells, values) in enumerate(sheet.book.examples.values(), start=HEADER_ROW + 1):
        sheet.stored(f"{PLACE}{row}", cells, theme.LABEL)
        for place, value in enumerate(values):
            if value is not None:
                sheet.put(f"{chr(ord(FIRST) + place)}{row}", value, theme.CALC)
        name, _, inputs = cells.partition("!")
        there = f"{name}!{absolute(inputs)}"
        examples = f"{FIRST}{row}:{chr(ord(FIRST) + len(values) - 1)}{row}"
        same = f'SUMPRODUCT(({examples}<>"")*({there}={examples}))'
        sheet.put(f"{COUNT}{row}", f"=IF(out_SampleRows>0,0,{same})", theme.CALC)

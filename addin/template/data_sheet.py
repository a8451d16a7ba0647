"""A data sheet: one table of typed columns, and calculated ones that fill down by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from addin.template import theme
from addin.template.sheet import Book, Sheet, Value
from addin.template.theme import Style

Allow: TypeAlias = Callable[[Sheet, str], None]
"""Limits what may be typed in some cells of a sheet."""

HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1


@dataclass(frozen=True)
class Column:
    """One column of a table; with a formula it is calculated, and [@Other] is another cell of the same row."""

    name: str
    width: float
    number: str = theme.TEXT
    formula: str = ""
    allow: Allow | None = None

    @property
    def stands_left(self) -> bool:
        """Texts and dates stand left, numbers right."""
        return self.number in (theme.DATE, theme.YEAR_MONTH, theme.TEXT)


def pick(source: str, message: str) -> Allow:
    """One of a list."""
    return lambda sheet, cells: sheet.allow_list(cells, f"={source}", message)


def amount(message: str, high: float = 1e9) -> Allow:
    """A number from 0."""
    return lambda sheet, cells: sheet.allow_between(cells, 0, high, message)


def day(message: str) -> Allow:
    """A date."""
    return lambda sheet, cells: sheet.allow_date(cells, message)


def looked_up(table: str, key: str, column: str) -> str:
    """What stands in a column, right of the key's, in the first row with this row's key.

    LibreOffice tries each text that MATCH passes as a pattern once a book holds macros; VLOOKUP is nine times as fast.
    """
    cells = f"{table}[[{key}]:[{column}]]"
    return f"VLOOKUP([@{key}],{cells},COLUMNS({cells}),0)"


ROW = Column("Row", 8, theme.MONTH, f"=ROW()-ROW($B${HEADER_ROW})")
"""Numbers the rows anew in any order of them; it stands before what looks it up, so that nothing goes in circles."""


def repeated(table: str, column: str) -> str:
    """1 where a row above has the same id, in any order of the rows."""
    return f"=IFERROR(IF({looked_up(table, column, ROW.name)}=[@{ROW.name}],0,1),0)"


def known(column: str, where: str) -> str:
    """1 where what stands in a column is found in a list or in another table."""
    return f'=IF([@{column}]="",0,IF(COUNTIF({where},[@{column}])>0,1,0))'


def write_table(
    book: Book, name: str, title: str, question: str, table: str, columns: Sequence[Column],
    rows: Sequence[Sequence[str | float | date | None]],
) -> None:  # fmt: skip
    """Write a data sheet.

    It has no protection, which would stop the table from growing, and no print area, which would not grow with it.
    """
    widths = [2, *(column.width for column in columns)]
    sheet = Sheet(
        book, name, title, question, tab=theme.TAB_DATA, widths=widths, freeze="C5", protected=False, one_page=False
    )
    last_row = HEADER_ROW + len(rows)
    letters = [chr(ord("B") + i) for i in range(len(columns))]
    formulas = [in_row(table, column.formula) for column in columns]
    sheet.height(HEADER_ROW, 22)
    sheet.ws.add_table(f"B{HEADER_ROW}:{letters[-1]}{last_row}", {
        "name": table, "style": "Table Style Light 1", "banded_rows": False, "autofilter": False,
        "columns": [
            {"header": column.name, "header_format": book.format(*_head(column)), "formula": formula,
             "format": book.format(*_look(column), {"num_format": column.number})}
            for column, formula in zip(columns, formulas, strict=True)
        ],
    })  # fmt: skip
    for row, values in enumerate(rows, start=FIRST_ROW):
        typed = iter(values)
        for letter, column, formula in zip(letters, columns, formulas, strict=True):
            value: Value = formula or next(typed)
            sheet.put(f"{letter}{row}", value, *_look(column), number=column.number)
    for letter, column in zip(letters, columns, strict=True):
        if column.allow:
            column.allow(sheet, f"{letter}{FIRST_ROW}:{letter}{last_row}")
    sheet.when(f"B{FIRST_ROW}:{letters[-1]}{last_row}", "=MOD(ROW(),2)=0", {"bg_color": theme.STRIPE})
    sheet.ws.repeat_rows(0, HEADER_ROW - 1)


def in_row(table: str, formula: str) -> str:
    """A column's formula as a file holds it."""
    return re.sub(r"\[@(\w+)\]", rf"{table}[[#This Row],[\1]]", formula)


def _look(column: Column) -> tuple[Style, ...]:
    kind = theme.FILLED if column.formula else theme.TYPED
    return (kind, theme.LEFT) if column.stands_left else (kind,)


def _head(column: Column) -> list[Style]:
    kind = [theme.HEADER, theme.CALCULATED_HEAD] if column.formula else [theme.HEADER]
    return [*kind, theme.LEFT] if column.stands_left else kind

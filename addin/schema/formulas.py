"""Formulas that the calculated columns of several tables share."""

from __future__ import annotations

import re

from addin.schema import formats
from addin.schema.declaration import Column, ColumnKind

HEADER_ROW = 4
"""Where each table's headings stand on its sheet."""


def looked_up(table: str, key: str, column: str) -> str:
    """What stands in a column, right of the key's, in the first row with this row's key.

    LibreOffice tries each text that MATCH passes as a pattern once a book holds macros; VLOOKUP is nine times as fast.
    """
    cells = f"{table}[[{key}]:[{column}]]"
    return f"VLOOKUP([@{key}],{cells},COLUMNS({cells}),0)"


ROW = Column("Row", 8, ColumnKind.NUMBER, formats.MONTH, f"=ROW()-ROW($B${HEADER_ROW})")
"""Numbers the rows in whatever order; it comes before what looks it up, so there is no circular reference."""


def multiplied(one: str, other: str) -> str:
    """The product of two columns, 0 where one of them holds no number: a text spoils only its own row."""
    return f"=N([@{one}])*N([@{other}])"


def repeated(table: str, column: str) -> str:
    """1 where a row above has the same id, in any order of the rows."""
    return f"=IFERROR(IF({looked_up(table, column, ROW.name)}=[@{ROW.name}],0,1),0)"


def listed(column: str, where: str) -> str:
    """1 where what stands in a column is found in a list or in another table."""
    return f'=IF([@{column}]="",0,IF(COUNTIF({where},[@{column}])>0,1,0))'


def start_of_campaign(column: str) -> str:
    """The day on which the campaign began whose id stands in a column."""
    return f'=IFERROR(INDEX(tblCampaigns[Start],MATCH([@{column}],tblCampaigns[Campaign],0)),"")'


_MONTHS = "(YEAR([@Date])-YEAR([@Start]))*12+MONTH([@Date])-MONTH([@Start])"
MONTHS_SINCE_START = f'=IF(OR(N([@Date])=0,N([@Start])=0),"",{_MONTHS})'
"""Each table counts a row's month from its own campaign, so that several campaigns can run at once. A text is no date,
though YEAR would read some."""
MONTHS_FROM_LAUNCH = f'=IF(OR(N([@Start])=0,N([@Date])<1+INT(N([@Start]))-DAY(N([@Start]))),"",{_MONTHS})'
"""The same, blank before the month of the launch."""


def in_row(table: str, formula: str) -> str:
    """A column's formula as a file holds it."""
    return re.sub(r"\[@(\w+)\]", rf"{table}[[#This Row],[\1]]", formula)

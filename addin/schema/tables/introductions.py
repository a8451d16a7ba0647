"""d_Introductions: one row per introduction that was made."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, OneOf, TableSchema, ValidDate
from addin.schema.declaration import ColumnKind as Kind
from addin.schema.formulas import listed

INTRODUCTIONS = TableSchema(
    "tblIntros", "d_Introductions", "Introductions",
    "One row per introduction you made; give both sides the background",
    "Data: introductions and what came of them", 9,
    [
        Column("Date", 13, Kind.DATE, required=True, rule=ValidDate("When you introduced the two.")),
        Column("Partner", 11, is_id=True, required=True, numbered="Partner",
               rule=OneOf("lst_Partners", "The id of a partner in d_Partners.")),
        Column("PartyA", 16),
        Column("PartyB", 16),
        Column("Minutes", 11, Kind.NUMBER, formats.MONTH, rule=Between("How long it took you.", 1e4)),
        Column("Background", 12, rule=OneOf("lst_YesNo", "Whether both sides were told about each other.")),
        Column("Outcome", 15, rule=OneOf("lst_Outcomes", "What came of it so far; judge after a month or two.")),
        Column("Value", 11, Kind.NUMBER, rule=Between("Money it brought back to you.")),
        Column("CameBack", 12, rule=OneOf("lst_YesNo", "Whether one of them introduced you in turn.")),
        Column("Note", 14),
        Column("PartnerKnown", 14, Kind.NUMBER, formats.MONTH, listed("Partner", "tblPartners[Partner]")),
        Column("Week", 13, Kind.DATE, formula='=IF(N([@Date])=0,"",[@Date]-WEEKDAY([@Date],2)+1)'),
    ],
    key=["Date", "Partner", "PartyA", "PartyB"], sample=sample.introductions,
)  # fmt: skip
TABLES = [INTRODUCTIONS]

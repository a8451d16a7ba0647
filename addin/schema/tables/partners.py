"""d_Partners: one row per partner, sponsorship, association or agent."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, IdList, OneOf, TableSchema, ValidDate
from addin.schema.declaration import ColumnKind as Kind
from addin.schema.formulas import ROW, repeated
from addin.schema.terms import OUTCOMES, YES


def _of_introductions(formula: str) -> str:
    return f'=IF([@Partner]="","",{formula})'


PARTNERS = TableSchema(
    "tblPartners", "d_Partners", "Partners",
    "One row per partner, sponsorship, association or agent: what you put in",
    "Data: partners and sponsorships", 8,
    [
        Column("Partner", 11, is_id=True, required=True, numbered="Partner"),
        Column("Name", 26, numbered="Partner name"),
        Column("Kind", 15, rule=OneOf("lst_Kinds", "Kind of relationship; rename the kinds on Lists.")),
        Column("Since", 13, Kind.DATE, rule=ValidDate("When the relationship began.")),
        Column("MoneyIn", 12, Kind.NUMBER, rule=Between("Money put in since then.")),
        Column("HoursIn", 12, Kind.NUMBER, formats.DECIMAL, rule=Between("Hours put in since then.", 1e6)),
        Column("Note", 14),
        ROW,
        Column("Investment", 13, Kind.NUMBER, formula="=N([@MoneyIn])+N([@HoursIn])*in_HourCost"),
        Column("Introductions", 14, Kind.NUMBER,
               formula=_of_introductions("COUNTIFS(tblIntros[Partner],[@Partner])")),
        Column("ValueBack", 12, Kind.NUMBER,
               formula=_of_introductions("SUMIFS(tblIntros[Value],tblIntros[Partner],[@Partner])")),
        Column("ROR", 10, Kind.NUMBER, formats.RATE, '=IF([@Investment]=0,"",N([@ValueBack])/[@Investment])'),
        Column("PerHour", 11, Kind.NUMBER, formula='=IF(N([@HoursIn])=0,"",N([@ValueBack])/[@HoursIn])'),
        Column("Repeated", 12, Kind.NUMBER, formats.MONTH, repeated("tblPartners", "Partner")),
        Column("CameBack", 11, Kind.NUMBER,
               formula=_of_introductions(f'COUNTIFS(tblIntros[Partner],[@Partner],tblIntros[CameBack],"{YES}")')),
        Column("Sales", 10, Kind.NUMBER,
               formula=_of_introductions(f'COUNTIFS(tblIntros[Partner],[@Partner],tblIntros[Outcome],"{OUTCOMES[-1]}")')),
        Column("JudgeOn", 13, Kind.DATE, formula='=IF(N([@Since])=0,"",EDATE([@Since],in_JudgeMonths))'),
    ],
    key=["Partner"], sample=sample.partners, ids=IdList("lst_Partners", 60),
)  # fmt: skip
TABLES = [PARTNERS]

"""d_Segments: one row per kind of customer, with what one of them is worth for life."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, IdList, TableSchema
from addin.schema.declaration import ColumnKind as Kind


def _counted(formula: str) -> str:
    return f'=IF([@Segment]="","",{formula})'


DISCOUNTED = "=-PV(in_Discount,N([@Years]),N([@Purchases])*N([@Ticket])*in_Margin)"
ANSWERS = 'COUNTIFS(tblSurvey[Segment],[@Segment],tblSurvey[Shown],"{compared}"&{bound})'
NPS = (
    '=IF(N([@Answers])=0,"",('
    + ANSWERS.format(compared=">=", bound="lst_PromoterMin") + "-"
    + ANSWERS.format(compared="<=", bound="lst_DetractorMax") + ")/[@Answers]*100)"
)  # fmt: skip

SEGMENTS = TableSchema(
    "tblSegments", "d_Segments", "Segments",
    "One row per kind of customer: how often they buy, for how much, for how long",
    "Data: kinds of customers and what one is worth", 5,
    [
        Column("Segment", 18, required=True, impersonal=True),
        Column("Purchases", 12, Kind.NUMBER, formats.DECIMAL,
               rule=Between("Purchases of one customer a year.", 1e4)),
        Column("Ticket", 12, Kind.NUMBER, formats.CENTS, rule=Between("Revenue of an average purchase.")),
        Column("Years", 10, Kind.NUMBER, formats.DECIMAL, rule=Between("How many years a customer stays.", 100)),
        Column("Note", 18),
        Column("ForLife", 12, Kind.NUMBER, formula="=N([@Years])*N([@Purchases])*N([@Ticket])"),
        Column("AfterMargin", 13, Kind.NUMBER, formula="=[@ForLife]*in_Margin"),
        Column("Discounted", 13, Kind.NUMBER, formula=DISCOUNTED),
        Column("Customers", 12, Kind.NUMBER, formula=_counted("COUNTIFS(tblCustomers[Segment],[@Segment])")),
        Column("Revenue", 12, Kind.NUMBER,
               formula=_counted("SUMIFS(tblCustomers[Revenue],tblCustomers[Segment],[@Segment])")),
        Column("Answers", 11, Kind.NUMBER,
               formula=_counted('COUNTIFS(tblSurvey[Segment],[@Segment],tblSurvey[Shown],">=0")')),
        Column("NPS", 9, Kind.NUMBER, formats.POINTS, NPS),
    ],
    key=["Segment"], sample=sample.segments, ids=IdList("lst_Segments", 30),
)  # fmt: skip
TABLES = [SEGMENTS]

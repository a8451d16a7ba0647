"""d_Sources and the tables that Refresh fills from it: what orders and answers that live elsewhere come to."""

from __future__ import annotations

from collections.abc import Sequence

from addin.schema import formats
from addin.schema.declaration import WRITTEN_SHEET, Between, Column, IdList, OneOf, TableSchema
from addin.schema.declaration import ColumnKind as Kind

COMPARED = "Keep rows whose filter column compares so with Value. For in, put ; between the values."
SOURCES = TableSchema(
    "tblSources", "d_Sources", "Sources", "Where more orders or answers live: a file, a folder, a database, Spark",
    "Data: where more orders or answers live", 12,
    [
        Column("Name", 16, numbered="Source"),
        Column("Location", 40),
        Column("Table", 18),
        Column("Id column", 14),
        Column("Date column", 14),
        Column("Amount column", 17),
        Column("Score column", 14),
        Column("Segment column", 16),
        Column("Filter column", 14),
        Column("Operator", 10, rule=OneOf(("=", "<>", "<", "<=", ">", ">=", "in"), COMPARED)),
        Column("Value", 14),
        Column("Credential", 20),
        Column("Time limit", 11, Kind.NUMBER,
               rule=Between("Seconds that each question may take; 60 when blank.", 3600)),
        Column("As of", 18),
        Column("Status", 60),
    ],
    key=["Name"], ids=IdList("lst_Sources", 60),
)  # fmt: skip


def _counts(*names: str) -> list[Column]:
    return [Column(name, 13, Kind.NUMBER) for name in names]


def _score(name: str, width: float) -> Column:
    return Column(name, width, Kind.NUMBER, formats.MONTH)


def _receiver(position: float, name: str, title: str, columns: Sequence[Column]) -> TableSchema:
    return TableSchema(
        f"tbl{name}", WRITTEN_SHEET, name, f"From sources: {title}", "", position,
        [Column("source", 16, numbered="Source"), *columns], written_by_refresh=True,
    )  # fmt: skip


MONTH = Column("month", 13, Kind.DATE, formats.YEAR_MONTH)
RECEIVERS = [
    _receiver(15, "Totals", "what there is in all", [
        *_counts("rows", "orders", "customers", "cents"), Column("first", 13, Kind.DATE), Column("last", 13, Kind.DATE),
    ]),
    _receiver(16, "CohortCounts", "customers by first month and age", [
        Column("cohort", 13, Kind.DATE, formats.YEAR_MONTH), _score("age", 9), *_counts("customers"),
    ]),
    _receiver(17, "Movement", "customers who came, stayed, came back and left", [
        MONTH, *_counts("new", "kept", "back", "lost", "active"),
    ]),
    _receiver(18, "Concentration", "customers in tenths, best first", [
        _score("decile", 10), *_counts("customers", "cents"),
    ]),
    _receiver(19, "RFM", "customers by their scores, 5 is best", [
        *(_score(name, 8) for name in "rfm"), *_counts("customers", "orders", "cents"),
    ]),
    _receiver(20, "Weekly", "customers by repeat orders and weeks, for BG/NBD", [
        *_counts("frequency", "recency_week", "age_week", "customers", "recency_days", "age_days"),
    ]),
    _receiver(21, "AnswerCounts", "survey answers by segment and month", [
        Column("segment", 16, impersonal=True), MONTH, *_counts("promoters", "passives", "detractors", "answers"),
    ]),
]  # fmt: skip
"""What Refresh fills, a table for each question."""
TABLES = [SOURCES, *RECEIVERS]

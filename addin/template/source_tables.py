"""d_Sources and the tables that Refresh fills from it: what orders and answers that live elsewhere come to."""

from __future__ import annotations

from addin.template import theme
from addin.template.data_sheet import Column, amount, write_table
from addin.template.sheet import Book, Page, Sheet


def _operators(sheet: Sheet, cells: str) -> None:
    sheet.ws.data_validation(cells, {
        "validate": "list", "source": ["=", "<>", "<", "<=", ">", ">=", "in"], "input_title": "How to compare",
        "input_message": "Keep rows whose filter column compares so with Value. For in, put ; between the values.",
        "error_title": "How to compare", "error_message": "Pick from the list. Press Cancel to keep what stood there.",
    })  # fmt: skip


SOURCES = [
    Column("Name", 16),
    Column("Location", 40),
    Column("Table", 18),
    Column("Id column", 14),
    Column("Date column", 14),
    Column("Amount column", 15),
    Column("Score column", 14),
    Column("Segment column", 16),
    Column("Filter column", 14),
    Column("Operator", 10, allow=_operators),
    Column("Value", 14),
    Column("Credential", 20),
    Column("Time limit", 11, theme.WHOLE, allow=amount("Seconds that each question may take; 60 when blank.", 3600)),
    Column("Row cap", 11, theme.WHOLE, allow=amount("How many rows may be read; blank for a whole sheet.", 1_048_575)),
    Column("As of", 18),
    Column("Status", 60),
]


def _counts(*names: str) -> list[Column]:
    return [Column(name, 13, theme.WHOLE) for name in names]


SOURCE = Column("source", 16)
MONTH = Column("month", 13, theme.YEAR_MONTH)
DAYS = [Column("first", 13, theme.DATE), Column("last", 13, theme.DATE)]
RECEIVERS = {
    "Totals": ("What there is in all", [*_counts("rows", "orders", "customers", "cents"), *DAYS]),
    "CohortCounts": (
        "Customers by month of their first order and months since",
        [Column("cohort", 13, theme.YEAR_MONTH), Column("age", 9, theme.MONTH), *_counts("customers")],
    ),
    "Movement": ("Customers who came, stayed, came back and left", [
        MONTH, *_counts("new", "kept", "back", "lost", "active"),
    ]),
    "Concentration": ("Customers in tenths, the first brings most", [
        Column("decile", 10, theme.MONTH), *_counts("customers", "cents"),
    ]),
    "RFM": ("Customers by their scores, 5 is best", [
        *(Column(name, 8, theme.MONTH) for name in "rfm"), *_counts("customers", "orders", "cents"),
    ]),
    "Weekly": ("Customers by repeat orders and weeks, for BG/NBD", [
        *_counts("frequency", "recency_week", "age_week", "customers", "recency_days", "age_days"),
    ]),
    "AnswerCounts": ("Survey answers by segment and month", [
        Column("segment", 16), MONTH, *_counts("promoters", "passives", "detractors", "answers"),
    ]),
}  # fmt: skip
"""Sheet (and table) to its question and columns beside the source."""


def _write_sources(book: Book) -> None:
    write_table(
        book, "d_Sources", "Sources", "Where more orders or answers live: a file, a folder, a database, Spark",
        "tblSources", SOURCES, [[None] * len(SOURCES)],
    )  # fmt: skip
    book.workbook.define_name("lst_Sources", "=d_Sources!$B$5:$B$60")


def _receiver(name: str) -> Page:
    title, columns = RECEIVERS[name]
    sheet = f"d_{name}"

    def write(book: Book) -> None:
        write_table(
            book, sheet, name, f"{title}. Written by Refresh all: do not type", f"tbl{name}", [SOURCE, *columns],
            [[None] * (1 + len(columns))],
        )  # fmt: skip

    return Page(sheet, f"From sources: {title[0].lower()}{title[1:]}", write)


PAGES = [
    Page("d_Sources", "Data: where more orders or answers live", _write_sources),
    *(_receiver(name) for name in RECEIVERS),
]

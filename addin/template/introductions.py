"""d_Introductions: one row per introduction that was made."""

from __future__ import annotations

from addin.template import sample, theme
from addin.template.data_sheet import Column, amount, day, known, pick, write_table
from addin.template.sheet import Book, Page

COLUMNS = [
    Column("Date", 13, theme.DATE, allow=day("When you introduced the two.")),
    Column("Partner", 11, theme.TEXT, allow=pick("lst_Partners", "The id of a partner in d_Partners.")),
    Column("PartyA", 16, theme.TEXT),
    Column("PartyB", 16, theme.TEXT),
    Column("Minutes", 11, theme.MONTH, allow=amount("How long it took you.", 1e4)),
    Column("Background", 12, theme.TEXT, allow=pick("lst_YesNo", "Whether both sides were told about each other.")),
    Column(
        "Outcome", 15, theme.TEXT, allow=pick("lst_Outcomes", "What came of it so far; judge after a month or two.")
    ),
    Column("Value", 11, theme.WHOLE, allow=amount("Money it brought back to you.")),
    Column("CameBack", 12, theme.TEXT, allow=pick("lst_YesNo", "Whether one of them introduced you in turn.")),
    Column("Note", 14, theme.TEXT),
    Column("PartnerKnown", 14, theme.MONTH, known("Partner", "tblPartners[Partner]")),
    Column("Week", 13, theme.DATE, '=IF([@Date]="","",[@Date]-WEEKDAY([@Date],2)+1)'),
]


def _write(book: Book) -> None:
    write_table(
        book, PAGE.name, "Introductions", "One row per introduction you made; give both sides the background",
        "tblIntros", COLUMNS, sample.introductions(),
    )  # fmt: skip


PAGE = Page("d_Introductions", "Data: introductions and what came of them", _write)

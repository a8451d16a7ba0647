"""d_Partners: one row per partner, sponsorship, association or agent."""

from __future__ import annotations

from addin.template import sample, theme
from addin.template.data_sheet import ROW, Column, amount, day, pick, repeated, write_table
from addin.template.sheet import Book, Page


def _of_introductions(formula: str) -> str:
    return f'=IF([@Partner]="","",{formula})'


COLUMNS = [
    Column("Partner", 11, theme.TEXT),
    Column("Name", 26, theme.TEXT),
    Column("Kind", 15, theme.TEXT, allow=pick("lst_Kinds", "Kind of relationship; rename the kinds on Lists.")),
    Column("Since", 13, theme.DATE, allow=day("When the relationship began.")),
    Column("MoneyIn", 12, theme.WHOLE, allow=amount("Money put in since then.")),
    Column("HoursIn", 12, theme.DECIMAL, allow=amount("Hours put in since then.", 1e6)),
    Column("Note", 14, theme.TEXT),
    ROW,
    Column("Investment", 13, theme.WHOLE, "=[@MoneyIn]+[@HoursIn]*in_HourCost"),
    Column("Introductions", 14, theme.WHOLE, _of_introductions("COUNTIFS(tblIntros[Partner],[@Partner])")),
    Column("ValueBack", 12, theme.WHOLE,
           _of_introductions("SUMIFS(tblIntros[Value],tblIntros[Partner],[@Partner])")),
    Column("ROR", 10, theme.RATE, '=IF([@Investment]=0,"",N([@ValueBack])/[@Investment])'),
    Column("PerHour", 11, theme.WHOLE, '=IF(N([@HoursIn])=0,"",N([@ValueBack])/[@HoursIn])'),
    Column("Repeated", 12, theme.MONTH, repeated("tblPartners", "Partner")),
]  # fmt: skip


def _write(book: Book) -> None:
    write_table(
        book, PAGE.name, "Partners", "One row per partner, sponsorship, association or agent: what you put in",
        "tblPartners", COLUMNS, sample.partners(),
    )  # fmt: skip
    book.workbook.define_name("lst_Partners", f"={PAGE.name}!$B$5:$B$60")


PAGE = Page("d_Partners", "Data: partners and sponsorships", _write)

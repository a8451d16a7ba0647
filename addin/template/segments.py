"""d_Segments: one row per kind of customer, with what one of them is worth for life."""

from __future__ import annotations

from addin.template import sample, theme
from addin.template.data_sheet import Column, amount, write_table
from addin.template.sheet import Book, Page


def _counted(formula: str) -> str:
    return f'=IF([@Segment]="","",{formula})'


ANSWERS = 'COUNTIFS(tblSurvey[Segment],[@Segment],tblSurvey[Shown],"{compared}"&{bound})'
NPS = (
    '=IF(N([@Answers])=0,"",('
    + ANSWERS.format(compared=">=", bound="lst_PromoterMin") + "-"
    + ANSWERS.format(compared="<=", bound="lst_DetractorMax") + ")/[@Answers]*100)"
)  # fmt: skip

COLUMNS = [
    Column("Segment", 18, theme.TEXT),
    Column("Purchases", 12, theme.DECIMAL, allow=amount("Purchases of one customer a year.", 1e4)),
    Column("Ticket", 12, theme.WHOLE, allow=amount("Revenue of an average purchase.")),
    Column("Years", 10, theme.DECIMAL, allow=amount("How many years a customer stays.", 100)),
    Column("Note", 18, theme.TEXT),
    Column("ForLife", 12, theme.WHOLE, "=[@Years]*[@Purchases]*[@Ticket]"),
    Column("AfterMargin", 13, theme.WHOLE, "=[@ForLife]*in_Margin"),
    Column("Discounted", 13, theme.WHOLE, "=-PV(in_Discount,[@Years],[@Purchases]*[@Ticket]*in_Margin)"),
    Column("Customers", 12, theme.WHOLE, _counted("COUNTIFS(tblCustomers[Segment],[@Segment])")),
    Column("Revenue", 12, theme.WHOLE, _counted("SUMIFS(tblCustomers[Revenue],tblCustomers[Segment],[@Segment])")),
    Column("Answers", 11, theme.WHOLE,
           _counted('COUNTIFS(tblSurvey[Segment],[@Segment],tblSurvey[Shown],">=0")')),
    Column("NPS", 9, theme.POINTS, NPS),
]  # fmt: skip


def _write(book: Book) -> None:
    write_table(
        book, PAGE.name, "Segments", "One row per kind of customer: how often they buy, for how much, for how long",
        "tblSegments", COLUMNS, sample.segments(),
    )  # fmt: skip
    book.workbook.define_name("lst_Segments", f"={PAGE.name}!$B$5:$B$30")


PAGE = Page("d_Segments", "Data: kinds of customers and what one is worth", _write)

"""d_Survey: one row per answer to the question whether a customer would recommend you."""

from __future__ import annotations

from addin.template import sample, terms, theme
from addin.template.data_sheet import Column, amount, day, looked_up, pick, write_table
from addin.template.sheet import Book, Page

ASKED_0, ASKED_1 = "Asked0to10", "Asked1to10"


def _on_scale(scale: str) -> str:
    return f'=IF(AND([@Scale]="{scale}",[@Score]<>""),[@Score],"")'


SEGMENT = f'=IFERROR({looked_up("tblCustomers", "Customer", "Segment")}&"","")'
SHOWN = f'=CHOOSE(in_AnswersNo,[@{ASKED_0}],[@{ASKED_1}],IF([@{ASKED_0}]="",[@{ASKED_1}],[@{ASKED_0}]))'

COLUMNS = [
    Column("Answer", 14, theme.TEXT),
    Column("Date", 13, theme.DATE, allow=day("When the answer came.")),
    Column("Customer", 12, theme.TEXT),
    Column("Scale", 12, theme.TEXT, allow=pick("lst_Scales", "The scale that was asked. The two are never pooled.")),
    Column("Score", 11, theme.MONTH, allow=amount("The answer; blank if there was none.", 10)),
    Column(ASKED_0, 13, theme.MONTH, _on_scale(terms.SCALES[0])),
    Column(ASKED_1, 13, theme.MONTH, _on_scale(terms.SCALES[1])),
    Column("Shown", 10, theme.MONTH, SHOWN),
    Column("Segment", 13, theme.TEXT, SEGMENT),
]


def _write(book: Book) -> None:
    write_table(
        book, PAGE.name, "Survey answers", "How likely are you to recommend us? One row per answer.",
        "tblSurvey", COLUMNS, sample.answers(),
    )  # fmt: skip


PAGE = Page("d_Survey", "Data: answers to the recommendation question", _write)

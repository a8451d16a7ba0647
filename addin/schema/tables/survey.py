"""d_Survey: one row per answer to the question whether a customer would recommend you."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, OneOf, TableSchema, ValidDate
from addin.schema.declaration import ColumnKind as Kind
from addin.schema.formulas import looked_up
from addin.schema.terms import SCALES

ASKED_0, ASKED_1 = "Asked0to10", "Asked1to10"


def _on_scale(scale: str) -> str:
    return f'=IF(AND([@Scale]="{scale}",[@Score]<>""),[@Score],"")'


SEGMENT = f'=IFERROR({looked_up("tblCustomers", "Customer", "Segment")}&"","")'
SHOWN = f'=CHOOSE(in_AnswersNo,[@{ASKED_0}],[@{ASKED_1}],IF([@{ASKED_0}]="",[@{ASKED_1}],[@{ASKED_0}]))'

SURVEY = TableSchema(
    "tblSurvey", "d_Survey", "Survey answers", "How likely are you to recommend us? One row per answer.",
    "Data: answers to the recommendation question", 6,
    [
        Column("Answer", 14, is_id=True, numbered="Answer",
               aliases=("answer id", "response id", "respondent id", "submission id")),
        Column("Date", 13, Kind.DATE, rule=ValidDate("When the answer came."), aliases=("answered at",
        "submitted at", "submit date*", "response date", "completed at")),
        Column("Customer", 12, is_id=True, numbered="Customer"),
        Column("Scale", 12, required=True, default=SCALES[0],
               rule=OneOf("lst_Scales", "The scale that was asked. The two are never pooled.")),
        Column("Score", 11, Kind.NUMBER, formats.MONTH, heading_required=True, labelled=True,
               rule=Between("The answer; blank if there was none.", 10, whole=True), aliases=(
                   "nps", "nps score", "nps rating", "nps*0*10*", "*how likely*recommend*",
                   "*recommend*friend*",
                   "*recommend us*", "*weiterempfehl*", "*empfehlen*", "*recomendar*", "*recomiend*", "*suositt*",
                   "*suositel*", "*ajánl*", "*порекоменд*", "*рекоменд*",
                   "*recommand*", "*polec*", "rating", "bewertung", "pisteet", "pontszám", "оценка",
               )),
        Column(ASKED_0, 13, Kind.NUMBER, formats.MONTH, _on_scale(SCALES[0])),
        Column(ASKED_1, 13, Kind.NUMBER, formats.MONTH, _on_scale(SCALES[1])),
        Column("Shown", 10, Kind.NUMBER, formats.MONTH, SHOWN),
        Column("Segment", 13, formula=SEGMENT),
    ],
    key=["Answer"], sample=sample.answers, sample_mark="Answer",
)  # fmt: skip
TABLES = [SURVEY]

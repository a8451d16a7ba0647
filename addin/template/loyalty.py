"""Loyalty: would they recommend us, how many leave, and how do new customers find us?"""

from __future__ import annotations

from addin.schema import formats
from addin.schema.tables.survey import ASKED_0, ASKED_1
from addin.schema.terms import BOTH_SCALES, CHANNELS, REFERRAL, SCALES, UNKNOWN
from addin.template import charts, complaints, recurring, theme
from addin.template.inputs import CURRENCY
from addin.template.sheet import Page, Sheet, TemplateBook

SCALE_ROWS = {SCALES[0]: 6, SCALES[1]: 7}
POOLED_ROW, SHOWN_ROW, MOUTH_ROW = 8, 9, 10
LAST_MONTH_ROW = 16
CHURN_ROWS = range(17, 20)
USED_ROW = 20
SOURCE_ROW = 27
SCORE_ROW = 40
SCORES = range(11)
FIRST_SCORE, LAST_SCORE = SCORE_ROW + 2, SCORE_ROW + 2 + SCORES[-1]
SEGMENT_ROW = LAST_SCORE + 2
SEGMENTS_SHOWN = 6
MONTHS_SHOWN = 12
COMPLAINTS_ROW = SEGMENT_ROW + MONTHS_SHOWN + 3


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Loyalty", MESSAGE,
        tab=theme.TAB_LOOK, widths=[2, 36, 13, *[12] * 10], freeze="C4",
    )  # fmt: skip
    _recommendation(sheet)
    _churn(sheet)
    _movement(sheet)
    _sources(sheet)
    _scores(sheet)
    _segments(sheet)
    _months(sheet)
    sheet.chart(NPS_CHART, f"G{SOURCE_ROW}", f"M{SOURCE_ROW + 11}")
    sheet.chart(SCORE_CHART, f"I{SCORE_ROW}", f"M{LAST_SCORE}")
    sheet.print_to(complaints.write(sheet, COMPLAINTS_ROW))
    if recurring.shown(book):
        recurring.write(sheet)


def _recommendation(sheet: Sheet) -> None:
    sheet.block(4, "1  Net promoter score")
    sheet.header(5, {"B": "Scale that was asked"}, {
        "C": "Answers", "D": "Detractors", "E": "Passives", "F": "Promoters", "G": "Detractors,\nshare",
        "H": "Passives,\nshare", "I": "Promoters,\nshare", "J": "NPS", "K": "Half width\nof interval", "L": "Low",
        "M": "High",
    })  # fmt: skip
    for (scale, row), column in zip(SCALE_ROWS.items(), (ASKED_0, ASKED_1), strict=True):
        answers = f"tblSurvey[{column}]"
        sheet.put(f"B{row}", f"{scale}, asked", theme.LABEL)
        counts = [
            ("C", f"=COUNT({answers})"),
            ("D", f'=COUNTIF({answers},"<="&lst_DetractorMax)'),
            ("E", f'=COUNTIFS({answers},">"&lst_DetractorMax,{answers},"<"&lst_PromoterMin)'),
            ("F", f'=COUNTIF({answers},">="&lst_PromoterMin)'),
        ]
        for cell, formula in counts:
            sheet.put(f"{cell}{row}", formula, theme.CALC, number=formats.WHOLE)
        _score(sheet, row)
    first, last = SCALE_ROWS.values()
    sheet.put(f"B{POOLED_ROW}", "Both, where pooled or one is blank", theme.LABEL)
    for column in "CDEF":
        pooled = f'=IF(OR(in_Answers="{BOTH_SCALES}",$C{first}=0,$C{last}=0),{column}{first}+{column}{last},"")'
        sheet.put(f"{column}{POOLED_ROW}", pooled, theme.CALC, number=formats.WHOLE)
    _score(sheet, POOLED_ROW)
    sheet.put(f"B{SHOWN_ROW}", '="Shown on Dashboard: "&in_Answers', theme.STRONG)
    names = {"C": "out_Answers", "J": "out_NPS", "K": "out_NPSWidth"}
    numbers = (
        [formats.WHOLE] * 4 + [formats.PERCENT] * 3 + [formats.POINTS, formats.DECIMAL, formats.POINTS, formats.POINTS]
    )
    for column, number in zip("CDEFGHIJKLM", numbers, strict=True):
        shown = f"=INDEX({column}{first}:{column}{POOLED_ROW},in_AnswersNo)"
        sheet.put(f"{column}{SHOWN_ROW}", shown, theme.RESULT, number=number)
        if column in names:
            sheet.define(names[column], f"{column}{SHOWN_ROW}")
    sheet.put(f"B{MOUTH_ROW}", "Word of mouth per 100 customers", theme.LABEL)
    mentions = f"(F{SHOWN_ROW}*in_TellGood-D{SHOWN_ROW}*in_TellBad)/C{SHOWN_ROW}*100"
    sheet.put(f"J{MOUTH_ROW}", f'=IF(N(C{SHOWN_ROW})=0,"",{mentions})', theme.CALC, number=formats.POINTS)
    sheet.losses(f"J{first}:M{MOUTH_ROW}")
    notes = [
        "Two scales are two questions: pooling them mixes wordings, so it has to be asked for on Inputs. "
        "The interval is the adjusted Wald interval at the confidence on Inputs.",
        "Word of mouth: what promoters tell others, less what detractors tell.",
    ]
    for row, note in enumerate(notes, start=MOUTH_ROW + 1):
        sheet.put(f"B{row}", note, theme.NOTE)


def _score(sheet: Sheet, row: int) -> None:
    shares = {"G": f"ROUND(D{row}/$C{row},2)", "H": f"1-G{row}-I{row}", "I": f"ROUND(F{row}/$C{row},2)"}
    for column, share in shares.items():  # whole percents that add up to 100
        sheet.put(f"{column}{row}", f'=IF(N($C{row})=0,"",{share})', theme.CALC, number=formats.PERCENT)
    sheet.put(f"J{row}", f'=IF(N(C{row})=0,"",(F{row}-D{row})/C{row}*100)', theme.RESULT, number=formats.POINTS)
    n = f"(C{row}+lst_AddedAnswers)"
    spread = f"SQRT(((F{row}+D{row}+2*lst_AddedEach)/{n}-((F{row}-D{row})/{n})^2)/{n})"
    width = f'=IF(N(C{row})=0,"",100*NORMSINV((1+in_Confidence)/2)*{spread})'
    sheet.put(f"K{row}", width, theme.CALC, number=formats.DECIMAL)
    centre = f"100*(F{row}-D{row})/{n}"
    low, high = f"MAX(-100,{centre}-K{row})", f"MIN(100,{centre}+K{row})"
    for column, end in (("L", low), ("M", high)):
        sheet.put(f"{column}{row}", f'=IF(N(C{row})=0,"",{end})', theme.CALC, number=formats.POINTS)


MONTHS, LOST, START = "tblPeriods[Month]", "tblPeriods[Lost]", "tblPeriods[StartCustomers]"


def _churn(sheet: Sheet) -> None:
    row = LAST_MONTH_ROW - 2
    sheet.block(row, "2  Churn and lifespan", "H")
    sheet.header(row + 1, {"B": "Measure", "C": "Unit"}, {
        "D": "Yours", "E": "Article:\na good aim", "F": "For\ncomparison", "G": "Article", "H": "Article",
    })  # fmt: skip
    last = f"$D${LAST_MONTH_ROW}"
    since = f"EDATE({last},1-lst_ChurnMonths)"
    one, six, every = CHURN_ROWS
    months = f'=IF(COUNT({MONTHS})=0,"",MAX({MONTHS}))'
    rates = [
        (LAST_MONTH_ROW, "Last month counted", "month", months, formats.YEAR_MONTH + "_)"),
        (one, "Churn, last month", "share a month",
         f'=IF({last}="","",IFERROR(SUMIFS({LOST},{MONTHS},{last})/SUMIFS({START},{MONTHS},{last}),""))',
         formats.FINE_RATE),
        (six, "Churn, six months / 6", "share a month",
         f'=IF({last}="","",IFERROR(SUMIFS({LOST},{MONTHS},">="&{since})/SUMIFS({START},{MONTHS},{since})'
         '/lst_ChurnMonths,""))', formats.FINE_RATE),
        (every, "Churn, all months: lost / at the start", "share a month",
         f'=IFERROR(SUMIFS({LOST},{START},">=0")/SUMIFS({START},{LOST},">=0"),"")', formats.FINE_RATE),
    ]  # fmt: skip
    for at, label, unit, formula, number in rates:
        sheet.put(f"B{at}", label, theme.LABEL)
        sheet.put(f"C{at}", unit, theme.UNIT)
        sheet.put(f"D{at}", formula, theme.CALC, number=number)
    sheet.put(f"B{USED_ROW}", '="Churn used: "&in_Churn', theme.STRONG)
    sheet.put(f"C{USED_ROW}", "share a month", theme.UNIT)
    sheet.result(f"D{USED_ROW}", "out_Churn", f"=INDEX(D{one}:D{every},in_ChurnNo)", number=formats.FINE_RATE)
    for column, value in zip("EFGH", (0.02, 0.03, 0.06, 0.1), strict=True):
        sheet.put(f"{column}{USED_ROW}", value, theme.INPUT, number=formats.FINE_RATE)
        sheet.allow_between(f"{column}{USED_ROW}", 0, 1, "A monthly churn to compare with yours.")
    follows = [
        ("Lost in six months", "share", "1-(1-{c})^lst_ChurnMonths", formats.RATE),
        ("Expected lifespan", "months", "1/{c}", formats.DECIMAL),
        ("Expected lifespan", "years", "1/{c}/12", formats.CENTS),
    ]
    for at, (label, unit, formula, number) in enumerate(follows, start=USED_ROW + 1):
        sheet.put(f"B{at}", label, theme.LABEL)
        sheet.put(f"C{at}", unit, theme.UNIT)
        for column in "DEFGH":
            churn = f"{column}${USED_ROW}"
            sheet.put(f"{column}{at}", f'=IF(N({churn})=0,"",{formula.format(c=churn)})', theme.CALC, number=number)
    row = USED_ROW + 1 + len(follows)
    sheet.define("out_LifeYears", f"D{row - 1}")
    sheet.put(f"B{row}", "Against the churn to aim at", theme.LABEL)
    sheet.put(f"C{row}", "=in_ChurnTarget", theme.LINKED, number=formats.RATE)
    against = f'=IF(N(D{USED_ROW})=0,"",IF(D{USED_ROW}<=in_ChurnTarget,"on target","above it"))'
    sheet.put(f"D{row}", against, theme.CALC)
    note = (
        "An article says that with 6% a month you lose under a fifth in six months. Compounded it is 31%; under a "
        "fifth (17%) goes with 3%. Its 10%, about half, is right."
    )
    sheet.put(f"B{row + 1}", note, theme.NOTE)


def _movement(sheet: Sheet) -> None:
    """Beside the churn: who came and who left in the last month, and what they are worth."""
    row = LAST_MONTH_ROW - 2
    sheet.fill(f"J{row}", f"M{row}", theme.BLOCK)
    sheet.put(f"J{row}", "7  New and lost, last month", theme.BLOCK)
    sheet.fill(f"J{row + 1}", f"M{row + 1}", theme.HEADER)
    sheet.header(row + 1, {"J": "Measure", "L": "Unit"}, {"M": "Yours"})
    value = f"M{row + 5}"
    of_segments = "SUMPRODUCT(tblSegments[AfterMargin],tblSegments[Customers])"
    mean = f"IF({of_segments}>0,{of_segments}/SUM(tblSegments[Customers]),out_ForLife*in_Margin)"
    lines = [
        ("Customers won", "people", f"SUMIFS(tblPeriods[New],{MONTHS},$D${LAST_MONTH_ROW})", "out_NewLast"),
        ("Customers lost", "people", f"SUMIFS({LOST},{MONTHS},$D${LAST_MONTH_ROW})", "out_LostLast"),
        ("Net", "people", "out_NewLast-out_LostLast", "out_NetLast"),
        ("Value of a customer", CURRENCY, mean, ""),
        ("Value that came", CURRENCY, f"out_NewLast*{value}", ""),
        ("Value that left", CURRENCY, f"out_LostLast*{value}", "out_ValueLost"),
        ("Net value", CURRENCY, f"out_NetLast*{value}", ""),
    ]
    for at, (label, unit, formula, name) in enumerate(lines, start=row + 2):
        sheet.put(f"J{at}", label, theme.LABEL)
        sheet.put(f"L{at}", unit, theme.UNIT)
        shown = f'=IF($D${LAST_MONTH_ROW}="","",{formula})'
        sheet.put(f"M{at}", shown, theme.RESULT if name else theme.CALC, number=formats.WHOLE)
        if name:
            sheet.define(name, f"M{at}")
    sheet.losses(f"M{row + 4}:M{row + 1 + len(lines)}")
    note = "For life after margin: the mean of d_Segments, else Inputs."
    sheet.put(f"J{row + 2 + len(lines)}", note, theme.NOTE)


def _sources(sheet: Sheet) -> None:
    sheet.block(SOURCE_ROW, "3  How new customers find us", "E")
    sheet.header(SOURCE_ROW + 1, {"B": "Source", "E": "Which is"}, {"C": "Customers", "D": "Share"})
    first = SOURCE_ROW + 2
    rest = first + len(CHANNELS)
    total = rest + 1
    for row in range(first, rest):
        sheet.put(f"B{row}", f'=INDEX(lst_Channels,ROW()-ROW(B${SOURCE_ROW + 1}))&""', theme.LINKED, theme.LEFT)
        counted = f'=IF(B{row}="",0,COUNTIF(tblCustomers[Source],B{row}))'
        sheet.put(f"C{row}", counted, theme.CALC, number=formats.WHOLE)
        sheet.put(f"E{row}", f'=INDEX(lst_ChannelMarks,ROW()-ROW(B${SOURCE_ROW + 1}))&""', theme.LINKED, theme.LEFT)
    sheet.put(f"B{rest}", "Blank, or on no list", theme.LABEL)
    sheet.put(f"C{rest}", f"=C{total}-SUM(C{first}:C{rest - 1})", theme.CALC, number=formats.WHOLE)
    sheet.stored(f"E{rest}", UNKNOWN, theme.UNIT)
    sheet.put(f"B{total}", "All customers", theme.STRONG)
    sheet.put(f"C{total}", "=COUNTA(tblCustomers[Customer])", theme.RESULT, number=formats.WHOLE)
    for row in range(first, total + 1):
        look = theme.RESULT if row == total else theme.CALC
        share = {rest: f"1-SUM(D{first}:D{rest - 1})", total: f"SUM(D{first}:D{rest})"}.get(
            row, f"ROUND(C{row}/C${total}*100,1)/100"
        )
        sheet.put(f"D{row}", f'=IF(C${total}=0,"",{share})', look, number=formats.RATE)
    for row, label, marks in (
        (total + 1, "Referral share: as asked", [REFERRAL]),
        (total + 2, "Referral share: at most, with the unknown", [REFERRAL, UNKNOWN]),
    ):
        sheet.put(f"B{row}", label, theme.LABEL)
        counted = "+".join(f'SUMIFS(C{first}:C{rest},E{first}:E{rest},"{mark}")' for mark in marks)
        sheet.put(f"D{row}", f'=IF(C{total}=0,"",({counted})/C{total})', theme.RESULT, number=formats.RATE)
    sheet.define("out_ReferralShare", f"D{total + 1}")


def _scores(sheet: Sheet) -> None:
    sheet.block(SCORE_ROW, "4  Answers by score", "G")
    sheet.header(SCORE_ROW + 1, {"B": "Score"}, {
        "C": "Asked\n0 to 10", "D": "Asked\n1 to 10", "E": "Shown:\ndetractors", "F": "Shown:\npassives",
        "G": "Shown:\npromoters",
    })  # fmt: skip
    groups = {
        "E": "$B{r}<=lst_DetractorMax",
        "F": "AND($B{r}>lst_DetractorMax,$B{r}<lst_PromoterMin)",
        "G": "$B{r}>=lst_PromoterMin",
    }
    for row in range(FIRST_SCORE, LAST_SCORE + 1):
        sheet.put(f"B{row}", f"=ROW()-ROW(B${SCORE_ROW + 1})-1", theme.CALC, theme.LEFT)
        for column, answers in (("C", ASKED_0), ("D", ASKED_1)):
            sheet.put(f"{column}{row}", f"=COUNTIF(tblSurvey[{answers}],$B{row})", theme.CALC, number=formats.WHOLE)
        for column, condition in groups.items():
            shown = f"=IF({condition.format(r=row)},COUNTIF(tblSurvey[Shown],$B{row}),0)"
            sheet.put(f"{column}{row}", shown, theme.CALC, number=formats.WHOLE)


def _segments(sheet: Sheet) -> None:
    sheet.block(SEGMENT_ROW, "5  Net promoter score by segment, answers shown", "D")
    sheet.header(SEGMENT_ROW + 1, {"B": "Segment (the first six of d_Segments)"}, {"C": "Answers", "D": "NPS"})
    for row in range(SEGMENT_ROW + 2, SEGMENT_ROW + 2 + SEGMENTS_SHOWN):
        place = f"ROW()-ROW(B${SEGMENT_ROW + 1})"
        sheet.put(f"B{row}", f'=IFERROR(INDEX(tblSegments[Segment],{place})&"","")', theme.LINKED, theme.LEFT)
        for column, source, number in (("C", "Answers", formats.WHOLE), ("D", "NPS", formats.POINTS)):
            found = f'=IF($B{row}="","",INDEX(tblSegments[{source}],{place}))'
            sheet.put(f"{column}{row}", found, theme.LINKED, number=number)


def _months(sheet: Sheet) -> None:
    sheet.fill(f"F{SEGMENT_ROW}", f"H{SEGMENT_ROW}", theme.BLOCK)
    sheet.put(f"F{SEGMENT_ROW}", "6  By month, answers shown", theme.BLOCK)
    sheet.header(SEGMENT_ROW + 1, {"F": "Month"}, {"G": "Answers", "H": "NPS"})
    first, last = SEGMENT_ROW + 2, SEGMENT_ROW + 1 + MONTHS_SHOWN
    day, shown = "tblSurvey[Date]", "tblSurvey[Shown]"
    for row in range(first, last + 1):
        back = f"ROW()-ROW(F${SEGMENT_ROW + 1})-{MONTHS_SHOWN}"
        newest = f"EDATE(MAX({day})-DAY(MAX({day}))+1,{back})"
        sheet.put(f"F{row}", f'=IF(COUNT({day})=0,"",{newest})', theme.CALC, theme.LEFT, number=formats.YEAR_MONTH)
        month = f'{day},">="&$F{row},{day},"<"&EDATE($F{row},1)'
        answers = f'COUNTIFS({shown},">=0",{month})'
        sheet.put(f"G{row}", f'=IF($F{row}="","",{answers})', theme.CALC, number=formats.WHOLE)
        promoters = f'COUNTIFS({shown},">="&lst_PromoterMin,{month})'
        detractors = f'COUNTIFS({shown},"<="&lst_DetractorMax,{month})'
        nps = f'=IF(N($G{row})=0,"",({promoters}-{detractors})/$G{row}*100)'
        sheet.put(f"H{row}", nps, theme.CALC, number=formats.POINTS)
    sheet.losses(f"H{first}:H{last}")


_SCALES = f"{SCALE_ROWS[SCALES[0]]}:{{0}}{SCALE_ROWS[SCALES[1]]}"
NPS_CHART = charts.Plot(
    "bar", "Shares of detractors, passives and promoters, by the scale asked",
    "Two stacked bars, one for each scale that was asked: the shares of detractors, passives and promoters. "
    "The numbers stand on Loyalty.",
    "Loyalty", "B" + _SCALES.format("B"),
    [
        charts.Series("Detractors", "G" + _SCALES.format("G"),
                      {**charts.bar(theme.LOSS), **charts.labels("0%;;", theme.WHITE)}),
        charts.Series("Passives", "H" + _SCALES.format("H"), {**charts.bar(theme.NEUTRAL), **charts.labels("0%;;")}),
        charts.Series("Promoters", "I" + _SCALES.format("I"),
                      {**charts.bar(theme.RETURN), **charts.labels("0%;;", theme.WHITE)}),
    ],
    subtype="percent_stacked", legend=True, grid=False, values_shown=False, axis_line=False,
)  # fmt: skip
SCORE_CHART = charts.Plot(
    "column", "Answers by score, on the scale shown",
    "Columns for the number of answers with each score from none to ten: detractors, passives and promoters in "
    "three colours. The numbers stand on Loyalty.",
    "Loyalty", f"B{FIRST_SCORE}:B{LAST_SCORE}",
    [
        charts.Series(name, f"{column}{FIRST_SCORE}:{column}{LAST_SCORE}",
                      {**charts.bar(colour), **charts.labels("0;;")})
        for name, column, colour in (
            ("Detractors", "E", theme.LOSS), ("Passives", "F", theme.NEUTRAL), ("Promoters", "G", theme.RETURN))
    ],
    gap=30, legend=True, grid=False, values_shown=False,
)  # fmt: skip

MESSAGE = (
    '=IF(N(out_Answers)=0,"Would they recommend us, and how many leave?",'
    f'"NPS "&ROUND(out_NPS,0)&" ("&ROUND(L{SHOWN_ROW},0)&" to "&ROUND(M{SHOWN_ROW},0)&") of "'
    '&out_Answers&" answers"&IF(N(out_Churn)=0,"","; "&ROUND(out_Churn*100,1)&"% leave a month")&".")'
)

PAGE = Page("Loyalty", "Net promoter score on both scales, churn and lifespan, referral share", _write)

"""Relations: what partners, sponsorships and introductions bring back for the time and money put in."""

from __future__ import annotations

from addin.schema import formats
from addin.template import charts, theme
from addin.template.data_sheet import sample_cells
from addin.template.sheet import Page, Sheet, TemplateBook

PARTNERS_SHOWN = 8
FIRST_ROW = 6
TOTAL_ROW = FIRST_ROW + PARTNERS_SHOWN
INTRO_ROW = TOTAL_ROW + 4
CHART_END = INTRO_ROW + 14


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Return on relationship",
        '=IF(out_ROR="","What do partners and introductions bring back for the time and money put in?",'
        '"Partners bring back "&ROUND(out_ROR*100,0)&"% of the time and money put in"'
        '&IF(out_ROR<1,", less than they cost.","."))',
        tab=theme.TAB_LOOK, widths=[2, 38, 16, 12, 12, 13, 14, 13, 12, 12, 12, 10, 13, 30], freeze="C4",
    )  # fmt: skip
    _partners(sheet)
    _introductions(sheet)
    sheet.chart(PARTNER_CHART, f"G{INTRO_ROW}", f"J{CHART_END}", inset=16)
    sheet.print_to(CHART_END)


def _partners(sheet: Sheet) -> None:
    sheet.block(FIRST_ROW - 2, "1  Partners", money=True)
    sheet.header(FIRST_ROW - 1, {"B": "Partner (the first eight of d_Partners)", "C": "Kind", "N": "Verdict"}, {
        "D": "Money in", "E": "Hours in", "F": "Investment", "G": "Introductions", "H": "Value back",
        "I": "Return", "J": "Per hour", "K": "Came back\nto you", "L": "Led to\nbusiness", "M": "To be\njudged on",
    })  # fmt: skip
    columns = [
        ("C", "Kind", formats.TEXT), ("D", "MoneyIn", formats.WHOLE), ("E", "HoursIn", formats.DECIMAL),
        ("F", "Investment", formats.WHOLE), ("G", "Introductions", formats.WHOLE), ("H", "ValueBack", formats.WHOLE),
        ("I", "ROR", formats.RATE), ("J", "PerHour", formats.WHOLE),
        ("K", "CameBack", formats.WHOLE), ("L", "Sales", formats.WHOLE), ("M", "JudgeOn", formats.DATE + "_)"),
    ]  # fmt: skip
    sheet.first_rows(range(FIRST_ROW, TOTAL_ROW), "tblPartners", "Name", columns)
    for row in range(FIRST_ROW, TOTAL_ROW):
        came = f"CHOOSE(1+(N(K{row})>0)*(N(L{row})=0)+2*(N(L{row})>0),{VERDICTS})"
        early = f'IF(M{row}>out_JudgedOn,"too early",{came})'
        sheet.put(f"N{row}", f'=IF(N(M{row})=0,"",{early})', theme.CALC, theme.LEFT)
    row = TOTAL_ROW
    sheet.put(f"B{row}", "All rows of d_Partners", theme.STRONG)
    sheet.put(f"C{row}", None, theme.RESULT)
    for column, source, number in (*columns[1:6], *columns[8:10]):
        sheet.put(f"{column}{row}", f"=SUM(tblPartners[{source}])", theme.RESULT, number=number)
    sheet.result(f"I{row}", "out_ROR", f'=IF(F{row}=0,"",H{row}/F{row})', number=formats.RATE)
    sheet.put(f"J{row}", f'=IF(E{row}=0,"",H{row}/E{row})', theme.RESULT, number=formats.WHOLE)
    notes = ["Return on relationship is gross: value back / (money + hours x value of an hour). 100% breaks even; "
             "judge after a month or two."]  # fmt: skip
    for at, note in enumerate(notes, start=row + 1):
        sheet.put(f"B{at}", note, theme.NOTE)
    sheet.put(f"B{row + 2}", "Verdicts are of the last day in the data", theme.LABEL)
    latest = "MAX(N(out_DataUntil),MAX(tblIntros[Date]))"
    sheet.result(f"C{row + 2}", "out_JudgedOn", f'=IF({latest}=0,"",{latest})', theme.CALC, number=formats.DATE + "_)")


VERDICTS = '"let go: nothing came","keep: introductions came","keep: business came"'
MADE = "COUNT(tblIntros[Date])"


def _introductions(sheet: Sheet) -> None:
    r = INTRO_ROW
    sheet.block(r, "2  Introductions", "F")
    sheet.header(r + 1, {"B": "Measure", "C": "Unit"}, {"D": "Yours", "E": "Aim", "F": "Status"})
    weeks = f"D{r + 2}"
    counted = 'COUNTIF(tblIntros[{column}],"{value}")'
    led = counted.format(column="Outcome", value="Business")
    met = counted.format(column="Outcome", value="Meeting")
    lines = [
        ("From the first week to the last", "weeks",
         f'=IF({MADE}=0,"",(MAX(tblIntros[Week])-MIN(tblIntros[Week]))/7+1)', "", formats.MONTH),
        ("Introductions a week", "people", f'=IF({MADE}=0,"",{MADE}/{weeks})', "=in_IntroTarget", formats.DECIMAL),
        ("Minutes a week", "minutes", f'=IF({MADE}=0,"",SUM(tblIntros[Minutes])/{weeks})', "=in_IntroMinutes",
         formats.DECIMAL),
        ("Both sides knew the background", "share",
         f'=IF({MADE}=0,"",{counted.format(column="Background", value="Yes")}/{MADE})', "", formats.PERCENT),
        ("Led to a meeting or to business", "share", f'=IF({MADE}=0,"",({met}+{led})/{MADE})', "", formats.PERCENT),
        ("Led to business", "share", f'=IF({MADE}=0,"",{led}/{MADE})', "", formats.PERCENT),
        ("Came back to you", "share", f'=IF({MADE}=0,"",{counted.format(column="CameBack", value="Yes")}/{MADE})', "",
         formats.PERCENT),
    ]  # fmt: skip
    for row, (label, unit, formula, aim, number) in enumerate(lines, start=r + 2):
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.put(f"C{row}", unit, theme.UNIT)
        sheet.put(f"D{row}", formula, theme.CALC, number=number)
        if aim:
            sheet.put(f"E{row}", aim, theme.LINKED, number=number)
            sheet.put(f"F{row}", f'=IF(D{row}="","",IF(D{row}>=E{row},"met","below"))', theme.CALC)


PARTNER_CHART = charts.Plot(
    "bar", "Value back for time and money put in, by partner",
    "Bars for the return on each relationship in d_Partners: value brought back over time and money put in.",
    "d_Partners", sample_cells("tblPartners", "Name"),
    [charts.Series("Return", sample_cells("tblPartners", "ROR"),
                   {**charts.bar(theme.RETURN), **charts.labels("0%")})],
    grid=False, values_shown=False,
)  # fmt: skip

PAGE = Page("Relations", "Return on relationship, and the log of introductions", _write)

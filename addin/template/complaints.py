"""The block of Loyalty that lists complaints, and says how many wait, how long an answer takes, and who hears of it."""

from __future__ import annotations

from addin.schema import formats
from addin.template import theme
from addin.template.sheet import Sheet

SHOWN = 20
MEASURES = ["all", "answered", "open", "days", "told by the open", "told"]


def write(sheet: Sheet, row: int) -> int:
    """Write the block from a row on, and give the last one."""
    first, last = row + 2, row + 1 + SHOWN
    sheet.block(row, "8  Complaints", "M")
    sheet.fill(f"B{row + 1}", f"M{row + 1}", theme.HEADER)
    sheet.header(row + 1, {"B": "What it is about", "C": "Opened", "D": "Answered", "G": "Measure", "K": "Unit"},
                 {"E": "Days\nto answer", "M": "Yours"})  # fmt: skip
    for at in range(first, last + 1):
        sheet.put(f"B{at}", None, theme.INPUT, theme.LEFT, number=formats.TEXT)
        for column in "CD":
            sheet.put(f"{column}{at}", None, theme.INPUT, theme.LEFT, number=formats.DATE)
        days = f'=IF(OR(N(C{at})=0,N(D{at})=0),"",D{at}-C{at})'
        sheet.put(f"E{at}", days, theme.CALC, theme.NOT_RULED, number=formats.DECIMAL)
    sheet.losses(f"E{first}:E{last}")
    sheet.allow_text(f"B{first}:B{last}", 80, "What the complaint is about.")
    sheet.allow_date(f"C{first}:C{last}", "The day on which the complaint came.")
    sheet.allow_date(f"D{first}:D{last}", "The day on which it was answered; blank while it is open.")
    shown = dict(zip(MEASURES, (f"M{first + place}" for place in range(len(MEASURES))), strict=True))
    lines = [
        ("all", "Complaints", "complaints", f"=COUNT(C{first}:C{last})", formats.WHOLE),
        ("answered", "Answered", "complaints", f"=COUNT(E{first}:E{last})", formats.WHOLE),
        ("open", "Open", "complaints", f"={shown['all']}-{shown['answered']}", formats.WHOLE),
        ("days", "Days to answer, on average", "days", f'=IFERROR(AVERAGE(E{first}:E{last}),"")', formats.DECIMAL),
        ("told by the open", "People told by those who wait", "people", f"={shown['open']}*in_TellBad", formats.WHOLE),
        ("told", "People told by all who complained", "people", f"={shown['all']}*in_TellBad", formats.WHOLE),
    ]
    for key, label, unit, formula, number in lines:
        line = shown[key][1:]
        sheet.put(f"G{line}", label, theme.LABEL)
        sheet.put(f"K{line}", unit, theme.UNIT)
        sheet.put(shown[key], formula, theme.RESULT, number=number)
    notes = ["How many an unhappy customer tells stands on Inputs.", "When it is full, type over those answered."]
    for place, note in enumerate(notes, start=first + len(lines)):
        sheet.put(f"G{place}", note, theme.NOTE)
    return last

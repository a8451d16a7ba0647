"""The block of Scenarios that ranks ideas by their usefulness over cost and difficulty."""

from __future__ import annotations

from addin.schema import formats
from addin.template import theme
from addin.template.sheet import Sheet

SHOWN = 12
HIGHEST = 10


def write(sheet: Sheet, row: int) -> int:
    """Write the block from a row on, and give the last one."""
    head, first, last = row + 1, row + 2, row + 1 + SHOWN
    sheet.block(row, "4  Ideas: usefulness over cost and difficulty", "L")
    sheet.header(head, {"B": "Idea", "J": "Ideas, the best first"}, {
        "C": "Usefulness,\n1 to 10", "D": "Cost,\n1 to 10", "E": "Difficulty,\n1 to 10", "F": "Usefulness\nper effort",
        "G": "Rank", "K": "Usefulness\nper effort",
    })  # fmt: skip
    scores, ranks = (f"{column}${first}:{column}${last}" for column in "FG")
    for at in range(first, last + 1):
        sheet.put(f"B{at}", None, theme.INPUT, theme.LEFT, number=formats.TEXT)
        for column in "CDE":
            sheet.put(f"{column}{at}", None, theme.INPUT, number=formats.MONTH)
        score = f'=IF(OR(B{at}="",N(C{at})=0,N(D{at})=0,N(E{at})=0),"",C{at}/(D{at}+E{at}))'
        sheet.put(f"F{at}", score, theme.CALC, theme.NOT_RULED, number=formats.CENTS)
        better = f'SUMPRODUCT(({scores}<>"")*({scores}>F{at}))'
        alike = f"SUMPRODUCT((F${first}:F{at}=F{at})*1)"
        rank = f'=IF(F{at}="","",{better}+{alike})'
        sheet.put(f"G{at}", rank, theme.CALC, theme.NOT_RULED, number=formats.MONTH)
        place = f"MATCH(ROW()-ROW(J${head}),{ranks},0)"
        for shown, source, looks, number in (
            ("J", "B", (theme.LEFT,), formats.TEXT), ("K", "F", (), formats.CENTS),
        ):  # fmt: skip
            found = f'=IFERROR(INDEX({source}${first}:{source}${last},{place}),"")'
            sheet.put(f"{shown}{at}", found, theme.RESULT, *looks, number="" if looks else number)
    sheet.allow_text(f"B{first}:B{last}", 80, "What could be done for customers.")
    sheet.allow_between(
        f"C{first}:E{last}", 1, HIGHEST, "From little to much; cost and difficulty count alike.", whole=True
    )
    note = "Usefulness / (cost + difficulty); ideas without all three have no rank."
    sheet.put(f"B{last + 1}", note, theme.NOTE)
    return last + 1

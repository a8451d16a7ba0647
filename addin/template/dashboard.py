"""Dashboard: the decision in one view: a sentence, three numbers, the chart that proves it; more numbers beside it."""

from __future__ import annotations

from dataclasses import dataclass

from addin.schema import formats
from addin.template import recurring, roi_roc, theme
from addin.template.sheet import Page, Sheet, TemplateBook

SENTENCE_ROW, SECOND_ROW = 4, 5
LABEL_ROW, VALUE_ROW, NOTE_ROW = 7, 8, 9
CHART_ROW, CHART_END = 11, 25
BIG = ["B", "D", "F"]
SMALL, SMALL_ROWS = "H", (LABEL_ROW, *range(CHART_ROW, CHART_END, 4))
"""The column of the numbers beside the chart, and the rows of their labels."""
TILE, SIDE, GAP = 30, 36, 2


@dataclass(frozen=True)
class Tile:
    """One number, with what it is and what stands behind it."""

    label: str
    value: str
    number: str
    note: str
    sign: str = ""
    """The number whose sign colours the tile."""


def _or_else(value: str, otherwise: str) -> str:
    return f'=IF({value}="","{otherwise}",{value})'


def _so_far(step: int) -> str:
    return f'IF(out_SoFar{step}="","","; "&out_SoFar{step})'


def _stage(step: int, what: str) -> Tile:
    """A stage: the net return leads where the margin is below 1."""
    note = f'=IF(out_Net{step}="","",out_Beside{step}&{_so_far(step)})'
    return Tile(what, _or_else(f"out_Lead{step}", "no data"), formats.RATE, note, f"out_Net{step}")


VERDICT = (
    '=IF(out_Net3="","No result yet",IF(out_Net3<0,"Not paid back","Paid back"))&": ROC"&IF(in_Margin<1,", net","")'
)
LEFT_OF_SPEND = (
    f'=IF(out_Net3="","",in_Currency&" "&FIXED(ROI_ROC!E{roi_roc.END_ROW}*in_Margin,0)&" back of "'
    f'&FIXED(ROI_ROC!F{roi_roc.END_ROW},0)&IF(in_Margin<1,", after margin",""))'
)
HOW_FAR = f'=IF(out_Net3="","",IF(in_Margin<1,"net","gross")&", with all follow-up"&{_so_far(3)})'
VERDICT_TILE = Tile(VERDICT, _or_else("out_Lead3", "no data"), formats.RATE, HOW_FAR, "out_Net3")
DECISION = [
    VERDICT_TILE,
    Tile("=IF(in_Margin<1,\"Gross return\",\"Net return\")",
         '=IF(out_Net3="","no data",IF(in_Margin<1,out_Gross3,out_Net3))', formats.SIGNED_RATE, LEFT_OF_SPEND,
         "IF(in_Margin<1,0,out_Net3)"),
    Tile("Money back", _or_else("out_Breakeven", "no data"), formats.padded('"in month "0'),
         '=IF(out_MonthsKnown<0,"","of the launch; data until month "&out_MonthsKnown)'),
]  # fmt: skip
MOVED = 'IF(out_NetLast="","",out_NewLast&" came, "&out_LostLast&" left: "&IF(out_NetLast>0,"+","")&out_NetLast)'
BESIDE = [
    _stage(1, "ROI: sold at once"),
    _stage(2, "After the first follow-up"),
    Tile("Net promoter score", _or_else("out_NPS", "no answers"), formats.WHOLE_POINTS,
         '=IF(out_NPS="","",out_Answers&" answers, "&in_Answers&", ±"&ROUND(out_NPSWidth,0))'),
    Tile("Churn a month", _or_else("out_Churn", "no data"), formats.RATE,
         f'={MOVED}&IF(N(out_LifeYears)=0,"","; stays "&ROUND(out_LifeYears,1)&" years")'),
    Tile("Return on relationship", _or_else("out_ROR", "no partners"), formats.PERCENT,
         '=IF(out_ReferralShare="","","referral share "&ROUND(out_ReferralShare*100,0)&"%")'),
]  # fmt: skip
MRR_TILE = Tile(
    "MRR, the last month", '=IF(out_MRR="","no data",out_MRR)', formats.WHOLE,
    '=IF(out_MRR="","","NRR "&IF(out_NRR="","–",ROUND(out_NRR*100,0)&"%")&", GRR "'
    '&IF(out_GRR="","–",ROUND(out_GRR*100,0)&"%")&", quick ratio "&IF(out_QuickRatio="","–",ROUND(out_QuickRatio,1)))',
)  # fmt: skip
"""What books of subscriptions show in place of the last of them."""
SHOWN = '="Campaign: "&out_CampaignName&"   |   months: "&in_Convention&" return   |   orders from: "&in_Source'


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Dashboard", SHOWN,
        tab=theme.TAB_LOOK, widths=[GAP, TILE, GAP, TILE, GAP, TILE, GAP, SIDE], freeze="A4",
    )  # fmt: skip
    heights = {SENTENCE_ROW: 24, LABEL_ROW: 18, VALUE_ROW: 32, NOTE_ROW: 16, 10: 6}
    for row in range(CHART_ROW, CHART_END + 1):
        heights[row] = (15, 22, 13, 13)[(row - CHART_ROW) % 4]
    for row, height in heights.items():
        sheet.height(row, height)
    sheet.put(f"B{SENTENCE_ROW}", "=out_Headline", {"bold": True, "font_size": 11, "font_color": theme.TEAL})
    sheet.when(f"B{SENTENCE_ROW}", "=N(out_Net3)<0", {"font_color": theme.BRICK})
    sheet.put(f"B{SECOND_ROW}", "=out_HeadlineNet")
    sheet.put(f"B{SECOND_ROW + 1}", "=out_Lifetime")
    for column, tile in zip(BIG, DECISION, strict=True):
        _tile(sheet, column, LABEL_ROW, tile, emphasis=tile is VERDICT_TILE)
    sheet.when(f"{BIG[1]}{VALUE_ROW}", "=in_Margin<1", {"num_format": formats.RATE})
    beside = [*BESIDE[:-1], MRR_TILE] if recurring.shown(book) else BESIDE
    for row, tile in zip(SMALL_ROWS, beside, strict=True):
        _tile(sheet, SMALL, row, tile, small=row > LABEL_ROW)
    sheet.chart(roi_roc.RETURN_CHART, f"{BIG[0]}{CHART_ROW}", f"{BIG[-1]}{CHART_END}")
    sheet.print_to(CHART_END)


def _tile(sheet: Sheet, column: str, row: int, tile: Tile, *, emphasis: bool = False, small: bool = False) -> None:
    look = theme.EMPHASIS if emphasis else {}
    size = {"font_size": 16} if small else {}
    sheet.put(f"{column}{row}", tile.label, theme.TILE_LABEL, look)
    sheet.put(f"{column}{row + 1}", tile.value, theme.TILE_VALUE, look, size, number=tile.number)
    sheet.put(f"{column}{row + 2}", tile.note, theme.TILE_NOTE, look)
    if tile.sign:
        loss = {"bg_color": theme.BRICK} if emphasis else {"font_color": theme.BRICK}
        cells = f"{column}{row}:{column}{row + 2}" if emphasis else f"{column}{row + 1}"
        sheet.when(cells, f"=N({tile.sign})<0", loss)


PAGE = Page("Dashboard", "The decision: one sentence, three numbers, the chart that proves it", _write)

"""Dashboard: six numbers and six charts for the meeting."""

from __future__ import annotations

from dataclasses import dataclass

from addin.schema import formats
from addin.template import lifecycle, loyalty, pyramid, roi_roc, theme
from addin.template.sheet import Page, Sheet, TemplateBook

LABEL_ROW, VALUE_ROW, NOTE_ROW, GAP_ROW = 4, 5, 6, 7
CHART_ROWS = (8, 24)
CHART_HEIGHT = 15
COLUMNS = ["B", "D", "F", "H", "J", "L"]
TILE, GAP = 26, 2


@dataclass(frozen=True)
class Tile:
    """One number, with what it is and what stands behind it."""

    label: str
    value: str
    number: str
    note: str
    sign: str = ""
    """The number whose sign colours the tile."""
    emphasis: bool = False


def _or_else(value: str, otherwise: str) -> str:
    return f'=IF({value}="","{otherwise}",{value})'


def _return(step: int, kind: str, what: str, *, emphasis: bool = False) -> Tile:
    """A stage: the net return leads where the margin is below 1."""
    net, so_far = f"out_Net{step}", f"out_SoFar{step}"
    state = f'&IF({so_far}="","","; "&{so_far})'
    back = '&IF(ISNUMBER(out_Breakeven),"; back in month "&out_Breakeven,"")' if emphasis else ""
    label = f'="{kind}"&IF(in_Margin<1,"net, ","")&"{what}"' if kind else what
    note = f'=IF({net}="","",out_Beside{step}{state}{back})'
    return Tile(label, _or_else(f"out_Lead{step}", "no data"), formats.RATE, note, net, emphasis)


TILES = [
    _return(1, "ROI: ", "sold at once"),
    _return(2, "", "After the first follow-up"),
    _return(3, "ROC: ", "with all follow-up", emphasis=True),
    Tile("Net promoter score", _or_else("out_NPS", "no answers"), formats.WHOLE_POINTS,
         '=IF(out_NPS="","",out_Answers&" answers, "&in_Answers&", ±"&ROUND(out_NPSWidth,0))'),
    Tile("Churn a month", _or_else("out_Churn", "no data"), formats.RATE,
         '=IF(N(out_LifeYears)=0,"","a customer stays "&ROUND(out_LifeYears,1)&" years")'),
    Tile("Return on relationship", _or_else("out_ROR", "no partners"), formats.PERCENT,
         '=IF(out_ReferralShare="","","referral share "&ROUND(out_ReferralShare*100,0)&"%")'),
]  # fmt: skip
PLOTS = [
    [roi_roc.RETURN_CHART, roi_roc.PARTS_CHART, loyalty.NPS_CHART],
    [pyramid.PYRAMID_CHART, pyramid.VALUE_CHART, lifecycle.FUNNEL_CHART],
]
SHOWN = '="Campaign: "&out_CampaignName&"   |   months: "&in_Convention&" return   |   orders from: "&in_Source'


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Dashboard", SHOWN,
        tab=theme.TAB_LOOK, widths=[GAP, *[TILE, GAP] * (len(TILES) - 1), TILE], freeze="A4",
    )  # fmt: skip
    for row, height in ((LABEL_ROW, 18), (VALUE_ROW, 32), (NOTE_ROW, 16), (GAP_ROW, 8), (CHART_ROWS[1] - 1, 8)):
        sheet.height(row, height)
    for column, tile in zip(COLUMNS, TILES, strict=True):
        look = theme.EMPHASIS if tile.emphasis else {}
        sheet.put(f"{column}{LABEL_ROW}", tile.label, theme.TILE_LABEL, look)
        sheet.put(f"{column}{VALUE_ROW}", tile.value, theme.TILE_VALUE, look, number=tile.number)
        sheet.put(f"{column}{NOTE_ROW}", tile.note, theme.TILE_NOTE, look)
        if tile.sign:
            loss = {"bg_color": theme.BRICK} if tile.emphasis else {"font_color": theme.BRICK}
            cells = f"{column}{LABEL_ROW}:{column}{NOTE_ROW}" if tile.emphasis else f"{column}{VALUE_ROW}"
            sheet.when(cells, f"=N({tile.sign})<0", loss)
    for row, plots in zip(CHART_ROWS, PLOTS, strict=True):
        for first, last, plot in zip(COLUMNS[::2], COLUMNS[1::2], plots, strict=True):
            sheet.chart(plot, f"{first}{row}", f"{last}{row + CHART_HEIGHT - 1}")
    sheet.print_to(CHART_ROWS[-1] + CHART_HEIGHT)


PAGE = Page("Dashboard", "Six numbers and six charts for the meeting", _write)

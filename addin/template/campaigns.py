"""Campaigns: all campaigns ranked, filtered, and three of them side by side by months since launch."""

from __future__ import annotations

from addin.schema import formats
from addin.template import baseline, charts, theme
from addin.template.sheet import Page, Sheet, TemplateBook
from addin.values import column_letters

CHOICES_ROW = 4
CHART_ROW = baseline.FIRST_ROW
CHART_END = CHART_ROW + 14
HEADER_ROW = CHART_END + 3
SHOWN = 50
FIRST_ROW, LAST_ROW = HEADER_ROW + 1, HEADER_ROW + SHOWN
PLACE, ID, KNOWN = "Q", "P", "R"
"""Where a campaign stands in d_Campaigns, its id, and the months since its launch."""
MONTHS = 13
REVENUE = [column_letters(19 + month) for month in range(MONTHS)]
NET = [column_letters(33 + month) for month in range(MONTHS)]
"""Columns of the months 0 to 12: revenue so far, and net return so far."""
PICKS = 3
FEED_ROW = CHART_ROW + 1
COLUMNS = [
    ("B", "Name", "Campaign, the best first", formats.TEXT), ("C", "Channel", "Channel", formats.TEXT),
    ("D", "Start", "Launched", formats.DATE), ("E", "Spent", "Spend", formats.WHOLE),
    ("F", "Reach", "Reach", formats.WHOLE), ("G", "Won", "Customers\nwon", formats.WHOLE),
    ("H", "ROI", "ROI\nat once", formats.RATE), ("I", "ROC", "ROC\nso far", formats.RATE),
    ("J", "Net", "Net\nreturn", formats.SIGNED_RATE), ("L", "CAC", "Cost of\nwinning one", formats.CENTS),
    ("M", "CLVtoCAC", "CLV : CAC", formats.TIMES), ("N", "CausedROC", "ROC beyond\nbaseline", formats.RATE),
    ("O", "Price", "Price", formats.CENTS),
    ("P", "Campaign", "Id", formats.TEXT), ("R", "MonthsKnown", "Months\nsince", formats.MONTH),
]  # fmt: skip


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Campaigns", MESSAGE,
        tab=theme.TAB_LOOK, freeze="C4", last_column="O",
        widths=[2, 33, 16, 12, 12, 13, 11, 11, 11, 11, 11, 11, 11, 11, 11, 12, 8, 9, *[9] * MONTHS, 2, *[9] * MONTHS],
    )  # fmt: skip
    _choices(sheet)
    sheet.chart(COMPARE_CHART, f"B{CHART_ROW}", f"D{CHART_END}")
    baseline.write(sheet)
    _feed(sheet)
    _ranking(sheet)
    sheet.print_to(LAST_ROW)


def _choices(sheet: Sheet) -> None:
    sheet.block(CHOICES_ROW, "1  What to show", "O")
    filters = [
        ("Rank by", "in_RankBy", "Net return", "=lst_Ranks", "What the best campaign has most of."),
        ("Channel (blank: all)", "in_ShowChannel", None, "", "As written in d_Campaigns; blank for all."),
        ("Launched from", "in_ShowFrom", None, formats.DATE, "Campaigns launched on this day or later."),
        ("Launched until", "in_ShowUntil", None, formats.DATE, "Campaigns launched on this day or before."),
    ]
    for row, (label, name, value, kind, message) in enumerate(filters, start=CHOICES_ROW + 1):
        sheet.put(f"B{row}", label, theme.LABEL)
        is_date = kind == formats.DATE
        sheet.stored(f"C{row}", value, theme.INPUT, theme.LEFT, number=kind if is_date else formats.TEXT)
        sheet.define(name, f"C{row}")
        if is_date:
            sheet.allow_date(f"C{row}", message)
        elif kind:
            sheet.allow_list(f"C{row}", kind, message)
        else:
            sheet.allow_text(f"C{row}", 60, message)
    for pick in range(PICKS):
        row = CHOICES_ROW + 1 + pick
        sheet.put(f"E{row}", f"Compare, {pick + 1} (blank: no. {pick + 1} of the ranking)", theme.LABEL)
        sheet.put(f"I{row}", None, theme.INPUT, theme.LEFT, number=formats.TEXT)
        sheet.allow_list(f"I{row}", "=lst_Campaigns", "The id of a campaign in d_Campaigns, or blank.")
    note = "Not ranked: campaigns without spend, or not begun when the data end. ROC and net: to the end of follow-up."
    sheet.put(f"B{CHOICES_ROW + 5}", note, theme.NOTE)


def _months(sheet: Sheet, row: int, columns: list[str]) -> None:
    for month, column in enumerate(columns):
        before = columns[month - 1]
        sheet.put(f"{column}{row}", f"={before}{row}+1" if month else 0, theme.HEADER_NUMBER, number=formats.MONTH)


def _feed(sheet: Sheet) -> None:
    sheet.put(f"{ID}{FEED_ROW - 1}", "What the chart draws", theme.UNIT)
    _months(sheet, FEED_ROW, REVENUE)
    last = FEED_ROW + PICKS
    for pick in range(PICKS):
        row = FEED_ROW + 1 + pick
        picked = f"$I${CHOICES_ROW + 1 + pick}"
        ranked = f"{ID}{FIRST_ROW + pick}"
        sheet.put(f"{ID}{row}", f'=IF({picked}<>"",{picked},IF({ranked}="","–",{ranked}))', theme.CALC, theme.LEFT)
        ids = f"${ID}${FIRST_ROW}:${ID}${LAST_ROW}"
        sheet.put(f"{PLACE}{row}", f'=IFERROR(MATCH({ID}{row},{ids},0),"")', theme.CALC, number=formats.MONTH)
        known = f'=IF({PLACE}{row}="",-1,INDEX({KNOWN}${FIRST_ROW}:{KNOWN}${LAST_ROW},{PLACE}{row}))'
        sheet.put(f"{KNOWN}{row}", known, theme.CALC, number=formats.MONTH)
        for column, source in zip(REVENUE, NET, strict=True):
            found = f"1+INDEX({source}${FIRST_ROW}:{source}${LAST_ROW},${PLACE}{row})"
            drawn = f"=IFERROR(IF({column}${FEED_ROW}>${KNOWN}{row},NA(),{found}),NA())"
            sheet.put(f"{column}{row}", drawn, theme.CALC, number=formats.RATE)
        for column, drawn_in in zip(NET, REVENUE, strict=True):
            end = f"MIN(${KNOWN}{row},${REVENUE[-1]}${FEED_ROW})"
            ends = f"=IF({drawn_in}${FEED_ROW}={end},{drawn_in}{row},NA())"
            sheet.put(f"{column}{row}", ends, theme.CALC, number=formats.RATE)
    sheet.put(f"{NET[0]}{FEED_ROW}", "Where the lines end", theme.UNIT)
    first = f"{REVENUE[0]}{FEED_ROW + 1}"
    sheet.when(f"{first}:{NET[-1]}{last}", f"=ISNA({first})", {"font_color": theme.WHITE})


def _ranking(sheet: Sheet) -> None:
    sheet.block(HEADER_ROW - 1, "3  All campaigns, ranked", "R", money=True)
    left = {column: head for column, _, head, number in COLUMNS if number in (formats.TEXT, formats.DATE)}
    right = {column: head for column, _, head, _ in COLUMNS if column not in left}
    sheet.header(HEADER_ROW, left, right | {"K": "Money back\nin month", PLACE: "Row"})
    for columns, title in ((REVENUE, "Revenue so far, by month"), (NET, "Net return so far, by month")):
        sheet.put(f"{columns[0]}{HEADER_ROW - 1}", title, theme.UNIT)
        _months(sheet, HEADER_ROW, columns)
    for row in range(FIRST_ROW, LAST_ROW + 1):
        _campaign(sheet, row)
    sheet.losses(f"J{FIRST_ROW}:J{LAST_ROW}")
    sheet.ruled(f"B{FIRST_ROW}:{NET[-1]}{LAST_ROW}", f'=${PLACE}{FIRST_ROW}<>""')


def _campaign(sheet: Sheet, row: int) -> None:
    rank = f"ROW()-ROW(${PLACE}${HEADER_ROW})"
    sheet.put(
        f"{PLACE}{row}",
        f'=IFERROR(MATCH({rank},tblCampaigns[Rank],0),"")',
        theme.CALC,
        theme.NOT_RULED,
        number=formats.MONTH,
    )
    for column, source, _, number in COLUMNS:
        text = number == formats.TEXT
        found = f"INDEX(tblCampaigns[{source}],${PLACE}{row})" + ('&""' if text else "")
        looks = (theme.LINKED, theme.NOT_RULED, theme.LEFT) if column in "BCDP" else (theme.LINKED, theme.NOT_RULED)
        sheet.put(f"{column}{row}", f'=IF(${PLACE}{row}="","",{found})', *looks, number="" if text else number)
    until = f'"<="&{{c}}${HEADER_ROW}'
    in_log = f"tblFollowUps[Campaign],${ID}{row},tblFollowUps[Month],{until}"
    ordered = f'tblTransactions[Counted],${ID}{row},tblTransactions[Month],">=0",tblTransactions[Month],{until}'
    for revenue, net in zip(REVENUE, NET, strict=True):
        sold = (
            f"CHOOSE(in_SourceNo,SUMIFS(tblFollowUps[Revenue],{in_log.format(c=revenue)}),"
            f"SUMIFS(tblTransactions[Revenue],{ordered.format(c=revenue)}))"
        )
        sheet.put(
            f"{revenue}{row}", f'=IF(${PLACE}{row}="","",{sold})', theme.CALC, theme.NOT_RULED, number=formats.WHOLE
        )
        spent = f"(N(INDEX(tblCampaigns[Budget],${PLACE}{row}))+SUMIFS(tblFollowUps[Spent],{in_log.format(c=net)}))"
        found = f'=IF(${PLACE}{row}="","",IFERROR({revenue}{row}*in_Margin/{spent},0)-1)'
        sheet.put(f"{net}{row}", found, theme.CALC, theme.NOT_RULED, number=formats.SIGNED_RATE)
    nets, heads = f"{NET[0]}{row}:{NET[-1]}{row}", f"{NET[0]}${HEADER_ROW}:{NET[-1]}${HEADER_ROW}"
    back = f"SUMPRODUCT(MIN({heads}+100*(({nets}<0)+({heads}>${KNOWN}{row}))))"
    never = f'CHOOSE(1+(${KNOWN}{row}>{MONTHS - 1}),"not yet","not in {MONTHS - 1}")'
    sheet.put(
        f"K{row}",
        f'=IF(${PLACE}{row}="","",IF({back}<100,{back},{never}))',
        theme.CALC,
        theme.NOT_RULED,
        number=formats.MONTH,
    )


COMPARE_CHART = charts.Plot(
    "line", "What came back of the spend, after margin, by months since launch",
    "Lines over the months since the launch of each of three campaigns: revenue so far after margin, as a share of the "
    "spend so far. The numbers stand on Campaigns.",
    "Campaigns", f"{REVENUE[0]}{FEED_ROW}:{REVENUE[-1]}{FEED_ROW}",
    [
        charts.Series(f"=Campaigns!${ID}${row}", f"{months[0]}{row}:{months[-1]}{row}", look)
        for row, look_of_line in enumerate(
            map(charts.line, theme.COMPARED, [2.5] * PICKS, ["solid", "dash", "long_dash"]), start=FEED_ROW + 1)
        for months, look in ((REVENUE, look_of_line), (NET, charts.end_label(look_of_line)))
    ],
    number="0%",
)  # fmt: skip

_NETS = f"J{FIRST_ROW}:J{LAST_ROW}"
MESSAGE = (
    f'=IF(B{FIRST_ROW}="","Which campaigns brought back more than they cost, and when?","First by "&in_RankBy&": "'
    f'&B{FIRST_ROW}&", net return "&ROUND(N(J{FIRST_ROW})*100,1)&"%; "&COUNTIF({_NETS},">=0")&" of "&COUNT({_NETS})'
    '&" have paid back.")'
)

PAGE = Page("Campaigns", "All campaigns ranked and compared; what would have come anyway", _write)

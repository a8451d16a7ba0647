"""The block of Pyramid that follows customers from reach to advocates, and shows where they fall out."""

from __future__ import annotations

from addin.schema import formats
from addin.schema.terms import LEVELS, STAGES
from addin.template import charts, examples, follow_up, theme
from addin.template.sheet import Sheet

HEADER_ROW = 42
FIRST_ROW = HEADER_ROW + 1
LAST_ROW = HEADER_ROW + len(STAGES)
FEED_ROW = LAST_ROW + 4
FEED_FIRST = FEED_ROW + 2
FEED_LAST = FEED_FIRST + len(STAGES) - 2
CHART_END = FEED_ROW + 16
LOG_ROW = CHART_END + 2
LOG_FIRST, LOG_TOTAL = LOG_ROW + 2, LOG_ROW + 3 + len(LEVELS)

FOLLOW_UP_COST = f"FollowUp!{follow_up.AT['spent']}"

TARGETS: dict[str, tuple[float, str]] = {
    "Reach": (0.5, "Advertise, promote, inform; D is awareness: of the target audience on Inputs"),
    "Acquire": (0.0165, "Get them to pay once"),
    "Develop": (0.35, "Look after them, add value, ask what they think"),
    "Retain": (0.6, "Follow up, and be loyal to them"),
    "Advocate": (0.35, "Ask for introductions, answer in person"),
}


def write(sheet: Sheet) -> None:
    """Write the block: the funnel, and what its chart shows."""
    sheet.block(HEADER_ROW - 1, "3  Lifecycle: reach, acquire, develop, retain, advocate", "K")
    sheet.fill(f"H{HEADER_ROW}", f"K{HEADER_ROW}", theme.HEADER)
    sheet.header(HEADER_ROW, {"B": "Stage", "H": "What to do here"}, {
        "C": "People", "D": "From the\nstage before", "E": "Of all\nreached", "F": "Target", "G": "Gap",
    })  # fmt: skip
    for row, stage in enumerate(reversed(STAGES), start=FIRST_ROW):
        _stage(sheet, row, stage)
    sheet.losses(f"G{FIRST_ROW}:G{LAST_ROW}")
    notes = [
        "A customer counts for every stage up to their own. Reach is that of all campaigns begun, where people reached "
        "twice count twice; customers are all in d_Customers.",
        "Targets are illustrative; a referral makes an advocate, however few the orders.",
    ]
    for row, note in enumerate(notes, start=LAST_ROW + 1):
        sheet.put(f"B{row}", note, theme.NOTE)
    _feed(sheet)
    sheet.chart(FUNNEL_CHART, f"F{FEED_ROW}", f"J{CHART_END}", inset=24)
    _log(sheet)


def _stage(sheet: Sheet, row: int, stage: str) -> None:
    target, action = TARGETS[stage]
    sheet.stored(f"B{row}", stage, theme.STRONG)
    sheet.put(f"H{row}", action, theme.NOTE)
    sheet.put(f"E{row}", f'=IF(C${FIRST_ROW}=0,"",C{row}/C${FIRST_ROW})', theme.CALC, number=formats.FINE_RATE)
    if row == FIRST_ROW:
        before = "in_Audience"
        begun = '=SUMIFS(tblCampaigns[Reach],tblCampaigns[Start],"<="&N(out_DataUntil))'
        sheet.result(f"C{row}", "out_AllReach", begun, theme.LINKED, number=formats.WHOLE)
    else:
        before = f"C{row - 1}"
        beyond = f"+C{row + 1}" if row < LAST_ROW else ""
        sheet.put(f"C{row}", f"=COUNTIF(tblCustomers[Stage],B{row}){beyond}", theme.LINKED, number=formats.WHOLE)
    sheet.put(f"D{row}", f'=IF({before}=0,"",C{row}/{before})', theme.CALC, number=formats.RATE)
    sheet.put(f"F{row}", target, theme.INPUT, number=formats.FINE_RATE)
    sheet.allow_between(f"F{row}", 0, 1, "The share of the stage before that you want to come this far.")
    count = examples.compare(sheet, stage, f"F{row}", [target])
    sheet.put(f"P{row}", f"={examples.mark(count)}", theme.MARK)
    sheet.put(f"G{row}", f'=IF(D{row}="","",D{row}-F{row})', theme.CALC, number=formats.SIGNED_RATE)


def _feed(sheet: Sheet) -> None:
    sheet.block(FEED_ROW, "4  What the lifecycle's chart shows", "D")
    sheet.header(FEED_ROW + 1, {"B": "Stage"}, {"C": "Customers", "D": "Space before"})
    bars = f"$C${FEED_FIRST}:$C${FEED_LAST}"
    for row, stage_row in enumerate(range(FIRST_ROW + 1, LAST_ROW + 1), start=FEED_FIRST):
        sheet.chart_label(f"B{row}", STAGES[LAST_ROW - stage_row], f'&" ("&FIXED(C{stage_row},0)&")"')
        sheet.put(f"C{row}", f"=C{stage_row}", theme.CALC, number=formats.WHOLE)
        sheet.put(f"D{row}", f"=(MAX({bars})-C{row})/2", theme.CALC, number=formats.CENTS)


def _log(sheet: Sheet) -> None:
    """Whom the follow-ups reached, by the level that the log notes."""
    sheet.block(LOG_ROW, "5  Contacts of the log by level", "H", money=True)
    sheet.header(LOG_ROW + 1, {"B": "Level, as the log has it"}, {
        "C": "Contacts", "D": "Of all\ncontacts", "E": "Orders", "F": "Positive\nresponses", "G": "Cost of\ncontacts",
        "H": "Cost of a\nresponse",
    })  # fmt: skip
    last = LOG_TOTAL - 1
    of_log = {"C": "Contacts", "E": "Orders", "F": "Responses", "G": "Spent"}
    for row in range(LOG_FIRST, LOG_TOTAL + 1):
        look = theme.RESULT if row == LOG_TOTAL else theme.CALC
        for column, name in of_log.items():
            summed = f'SUMIFS(tblFollowUps[{name}],tblFollowUps[Contacts],">0"'
            counted = f"{summed},tblFollowUps[Level],$B{row})"
            if row >= last:
                counted = f"{summed})" + (f"-SUM({column}{LOG_FIRST}:{column}{row - 1})" if row == last else "")
            if name == "Spent":
                counted = f"IF(N({FOLLOW_UP_COST})=0,C{row}*in_ContactCost,{counted})"
            sheet.put(f"{column}{row}", f"={counted}", look, number=formats.WHOLE)
        sheet.put(f"D{row}", f'=IF(C${LOG_TOTAL}=0,"",C{row}/C${LOG_TOTAL})', look, number=formats.PERCENT)
        sheet.put(f"H{row}", f'=IF(F{row}=0,"",G{row}/F{row})', theme.RESULT, number=formats.CENTS)
    for row, level in enumerate(LEVELS, start=LOG_FIRST):
        sheet.stored(f"B{row}", level, theme.LABEL)
    sheet.put(f"B{last}", "No level noted", theme.LABEL)
    sheet.put(f"B{LOG_TOTAL}", "All contacts of the log", theme.STRONG)
    note = "Cost: as in the log; where it has none, contacts x cost of one on Inputs. An order is a positive response."
    sheet.put(f"B{LOG_TOTAL + 1}", note, theme.NOTE)


FUNNEL_CHART = charts.Plot(
    "bar", "Customers at each stage of the lifecycle",
    "Funnel of bars: customers acquired at the top, then those developed, retained and advocating; each label holds "
    "the number of people. The numbers stand on Pyramid.",
    "Pyramid", f"B{FEED_FIRST}:B{FEED_LAST}",
    [
        charts.Series("Space", f"D{FEED_FIRST}:D{FEED_LAST}", charts.NO_FILL),
        charts.Series("Customers", f"C{FEED_FIRST}:C{FEED_LAST}",
                      charts.bars(theme.PEOPLE_RAMP[3::-1])),
    ],
    subtype="stacked", gap=18, grid=False, values_shown=False, axis_line=False,
)  # fmt: skip

"""FollowUp: what a contact brings back, what it may cost, which group to call next, and who is due this week."""

from __future__ import annotations

from addin.schema import formats
from addin.template import theme
from addin.template.sheet import Page, Sheet, TemplateBook

CURRENCY = "=in_Currency"
ALONE_ROW = 7
LINES = [
    ("contacts", "Contacts in the log", "people", "SUM(tblFollowUps[Contacts])", formats.WHOLE),
    ("orders", "Orders that came of them", "orders", 'SUMIFS(tblFollowUps[Orders],tblFollowUps[Contacts],">0")',
     formats.WHOLE),
    ("revenue", "Their revenue", CURRENCY, 'SUMIFS(tblFollowUps[Revenue],tblFollowUps[Contacts],">0")', formats.WHOLE),
    ("spent", "Cost with the minutes", CURRENCY, 'SUMIFS(tblFollowUps[Spent],tblFollowUps[Contacts],">0")',
     formats.WHOLE),
    ("positive", "Positive responses; orders where none are noted", "people", "SUM(tblFollowUps[Responses])",
     formats.WHOLE),
    ("return", "Return of follow-up alone, after margin", "share", "{revenue}*in_Margin/{spent}", formats.RATE),
    ("rate", "Orders per contact", "share", "{orders}/{contacts}", formats.RATE),
    ("value", "Value of an order", CURRENCY, "{revenue}/{orders}", formats.CENTS),
    ("most", "A contact may cost up to", CURRENCY, "{rate}*N({value})*in_Margin", formats.CENTS),
    ("cost", "It costs; as on Inputs where the log has no cost", CURRENCY,
     "IF(N({spent})>0,{spent}/{contacts},in_ContactCost)", formats.CENTS),
    ("response", "Cost of a positive response", CURRENCY, "{contacts}*{cost}/{positive}", formats.CENTS),
    ("worth", "So the next one leaves", CURRENCY, "{most}-{cost}", formats.CENTS),
]  # fmt: skip
AT = {key: f"$D${row}" for row, (key, *_) in enumerate(LINES, start=ALONE_ROW + 2)}
GROUPS_ROW = ALONE_ROW
GROUPS_SHOWN = 12
FIRST_GROUP, LAST_GROUP = GROUPS_ROW + 2, GROUPS_ROW + 1 + GROUPS_SHOWN
CALLS_ROW = LAST_GROUP + 3
CALLS_SHOWN = 12
FIRST_CALL, LAST_CALL = CALLS_ROW + 3, CALLS_ROW + 2 + CALLS_SHOWN


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "What follow-up is worth",
        "What does a contact bring back, what may it cost, and whom to call next?",
        tab=theme.TAB_WORK, widths=[2, 48, 12, 13, 3, 24, 11, 11, 12, 12, 12, 12, 12, 10], freeze="A4",
    )  # fmt: skip
    sheet.put("B4", ANSWER, {"bold": True, "font_size": 12, "font_color": theme.TEAL})
    sheet.put("B5", CALL_NEXT)
    _alone(sheet)
    _groups(sheet)
    _calls(sheet)
    sheet.print_to(LAST_CALL)


def _alone(sheet: Sheet) -> None:
    sheet.block(ALONE_ROW, "1  The follow-up of all campaigns", "D")
    sheet.header(ALONE_ROW + 1, {"B": "Measure", "C": "Unit"}, {"D": "Yours"})
    for key, label, unit, formula, number in LINES:
        cell = AT[key].replace("$", "")
        row = cell[1:]
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.put(f"C{row}", unit, theme.UNIT)
        strong = key in ("return", "most", "response", "worth")
        sheet.put(cell, f'=IFERROR({formula.format_map(AT)},"")', theme.RESULT if strong else theme.CALC, number=number)
    sheet.losses(AT["worth"])


def _groups(sheet: Sheet) -> None:
    sheet.fill(f"F{GROUPS_ROW}", f"N{GROUPS_ROW}", theme.BLOCK)
    sheet.put(f"F{GROUPS_ROW}", '="2  Which group to call next; money in "&in_Currency', theme.BLOCK)
    sheet.header(GROUPS_ROW + 1, {"F": "The first twelve of d_Segments"}, {
        "G": "Contacts", "H": "Orders", "I": "Orders per\ncontact", "J": "Expected", "K": "Value of\nan order",
        "L": "May cost\nup to", "M": "Leaves", "N": "Rank",
    })  # fmt: skip
    group = 'tblFollowUps[Segment],$F{row},tblFollowUps[Contacts],">0"'
    ticket = f"N(INDEX(tblSegments[Ticket],ROW()-ROW($F${GROUPS_ROW + 1})))"
    columns = [
        ("G", f"SUMIFS(tblFollowUps[Contacts],{group})", formats.WHOLE),
        ("H", f"SUMIFS(tblFollowUps[Orders],{group})", formats.WHOLE),
        ("I", "IF(G{row}=0,\"\",H{row}/G{row})", formats.RATE),
        ("J", f"(H{{row}}+lst_MeanWeight*N({AT['rate']}))/(G{{row}}+lst_MeanWeight)", formats.RATE),
        ("K", f"IFERROR(SUMIFS(tblFollowUps[Revenue],{group})/H{{row}},IF({ticket}>0,{ticket},N({AT['value']})))",
         formats.CENTS),
        ("L", "J{row}*K{row}*in_Margin", formats.CENTS),
        ("M", f"L{{row}}-IF(SUMIFS(tblFollowUps[Spent],{group})>0,SUMIFS(tblFollowUps[Spent],{group})/G{{row}},"
              f"N({AT['cost']}))", formats.CENTS),
        ("N", f"1+COUNTIF(M${FIRST_GROUP}:M${LAST_GROUP},\">\"&M{{row}})", formats.MONTH),
    ]  # fmt: skip
    for row in range(FIRST_GROUP, LAST_GROUP + 1):
        name = f"INDEX(tblSegments[Segment],ROW()-ROW($F${GROUPS_ROW + 1}))"
        sheet.put(f"F{row}", f'=IFERROR({name}&"","")', theme.LINKED, theme.NOT_RULED, theme.LEFT)
        for column, formula, number in columns:
            sheet.put(
                f"{column}{row}",
                f'=IF($F{row}="","",{formula.format(row=row)})',
                theme.CALC,
                theme.NOT_RULED,
                number=number,
            )
    first = f"=$N{FIRST_GROUP}=1"
    sheet.when(f"F{FIRST_GROUP}:N{LAST_GROUP}", first, {"bold": True, "bg_color": theme.PALE_GREEN})
    sheet.ruled(f"F{FIRST_GROUP}:N{LAST_GROUP}", f'=$F{FIRST_GROUP}<>""')
    sheet.losses(f"M{FIRST_GROUP}:M{LAST_GROUP}")
    note = "Expected: the group's orders per contact, drawn to the mean by as many contacts as Lists says."
    sheet.put(f"F{LAST_GROUP + 1}", note, theme.NOTE)


def _calls(sheet: Sheet) -> None:
    sheet.block(CALLS_ROW, "3  Who to call this week", "K")
    sheet.put(f"B{CALLS_ROW + 1}", "Week that begins on (blank: the day of the last data)", theme.LABEL)
    sheet.put(f"D{CALLS_ROW + 1}", None, theme.INPUT, theme.LEFT, number=formats.DATE)
    sheet.define("in_CallsFrom", f"D{CALLS_ROW + 1}")
    sheet.allow_date(f"D{CALLS_ROW + 1}", "The first of the seven days.")
    due = "COUNT(tblFollowUps[Due])"
    shown = f'=IF({due}=0,"Nobody has a date in the column Next of d_FollowUps by then",{due}&" due")'
    sheet.put(f"F{CALLS_ROW + 1}", shown, theme.NOTE)
    sheet.fill(f"B{CALLS_ROW + 2}", f"K{CALLS_ROW + 2}", theme.HEADER)
    sheet.header(
        CALLS_ROW + 2,
        {"B": "Whom", "C": "Campaign", "D": "Due", "F": "Group", "G": "Last", "I": "Note", "L": "Row"},
        {},
    )
    sheet.ruled(f"B{FIRST_CALL}:K{LAST_CALL}", f'=$L{FIRST_CALL}<>""')
    columns = [("C", "Campaign", formats.TEXT), ("D", "Next", formats.DATE), ("F", "Segment", formats.TEXT),
               ("G", "Date", formats.DATE), ("I", "Note", formats.TEXT)]  # fmt: skip
    for row in range(FIRST_CALL, LAST_CALL + 1):
        place = f"MATCH(SMALL(tblFollowUps[Due],ROW()-ROW($B${CALLS_ROW + 2})),tblFollowUps[Due],0)"
        sheet.put(f"L{row}", f'=IFERROR({place},"")', theme.UNIT)
        customer = f"INDEX(tblFollowUps[Customer],$L{row})"
        whom = f'=IF($L{row}="","",IF({customer}="","All who bought",{customer}))'
        sheet.put(f"B{row}", whom, theme.LINKED, theme.NOT_RULED, theme.LEFT)
        for column, source, number in columns:
            text = number == formats.TEXT
            found = f"INDEX(tblFollowUps[{source}],$L{row})" + ('&""' if text else "")
            sheet.put(f"{column}{row}", f'=IF($L{row}="","",{found})', theme.LINKED, theme.NOT_RULED, theme.LEFT,
                      number="" if text else number)  # fmt: skip


def _money(key: str) -> str:
    return f'in_Currency&" "&ROUND({AT[key]},2)'


ANSWER = (
    f'=IF({AT["contacts"]}=0,"No contact yet: fill Contacted, Minutes and Cost in d_FollowUps.",'
    f'"A contact brings back "&{_money("most")}&" after margin, and may cost that much; "'
    f'&"it costs "&{_money("cost")}&".")'
)
CALL_NEXT = (
    f'=IFERROR("Call next: "&INDEX($F${FIRST_GROUP}:$F${LAST_GROUP},MATCH(1,$N${FIRST_GROUP}:$N${LAST_GROUP},0))'
    '&", where one contact leaves "&in_Currency&" "&'
    f'ROUND(MAX($M${FIRST_GROUP}:$M${LAST_GROUP}),2)&" after its cost.","")'
)

PAGE = Page("FollowUp", "What follow-up is worth; whom to call next", _write)

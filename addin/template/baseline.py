"""The block of Campaigns that asks whether the customers of the campaign shown would have come anyway."""

from __future__ import annotations

from addin.schema import formats
from addin.template import theme
from addin.template.sheet import Sheet

FIRST_ROW = 11
LABEL, GIVEN, BASE, CAUSED, LOW, HIGH, LAST = "F", "H", "I", "J", "K", "L", "O"
LIVE = "MNO"
"""Columns of the add-in's answers: the value, low and high."""
PEOPLE, BUYERS, BOUGHT, WON, REVENUE, ROC, NET, SHARE, REST = (FIRST_ROW + 2 + line for line in range(9))
BEHIND_ROW = FIRST_ROW + 5
"""What the block is calculated from stands beside it, in two columns with their labels."""
BEHIND = {
    ("P", "S"): ["place", "method", "until", "z", "low", "high", "base low", "base high"],
    ("U", "X"): ["squares in log", "squares of orders", "lead", "lead low", "lead high"],
}
AT = {
    key: f"${column}${row}"
    for (_, column), keys in BEHIND.items()
    for row, key in enumerate(keys, start=BEHIND_ROW + 1)
}
LABELS = {AT[key]: label for (label, _), keys in BEHIND.items() for key in keys}


def _of_campaign(column: str) -> str:
    return f"INDEX(tblCampaigns[{column}],{AT['place']})"


def _wilson(column: str, sign: str) -> str:
    buyers, people, z = f"{column}{BUYERS}", f"{column}{PEOPLE}", AT["z"]
    spread = f"{z}*SQRT({buyers}*({people}-{buyers})/{people}+({z}/2)^2)"
    return f'=IFERROR(({buyers}+{z}^2/2{sign}{spread})/({people}+{z}^2),"")'


LOG = "(tblFollowUps[Campaign]=in_Campaign)*(tblFollowUps[Month]<={until}),tblFollowUps[Revenue],tblFollowUps[Price]"
ORDERS = (
    "(tblTransactions[Counted]=in_Campaign)*(tblTransactions[Month]>=0)*(tblTransactions[Month]<={until}),"
    "tblTransactions[Revenue],tblTransactions[Revenue]"
)


def write(sheet: Sheet) -> None:
    """Write the block, and what it is calculated from."""
    sheet.fill(f"{LABEL}{FIRST_ROW}", f"{LAST}{FIRST_ROW}", theme.BLOCK)
    sheet.put(
        f"{LABEL}{FIRST_ROW}",
        '="2  Would they have come anyway? "&in_Campaign&": "&out_Baseline&"; money in "&in_Currency',
        theme.BLOCK,
    )
    sheet.fill(f"{LABEL}{FIRST_ROW + 1}", f"{LAST}{FIRST_ROW + 1}", theme.HEADER)
    sheet.header(FIRST_ROW + 1, {LABEL: "To the end of follow-up"}, {
        GIVEN: "With the\ncampaign", BASE: "Without", CAUSED: "Caused\nby it", LOW: "Low", HIGH: "High",
        **dict(zip(LIVE, ("Add-in", "Low", "High"), strict=True)),
    })  # fmt: skip
    _behind(sheet)
    _customers(sheet)
    _money(sheet)
    notes = [
        "Without: a control group left alone, or the orders of no campaign in a like period less those while it ran;",
        "both stand in d_Campaigns. Count the same months. Intervals take each order as a chance of its own.",
    ]
    for row, note in enumerate(notes, start=REST + 1):
        sheet.put(f"{LABEL}{row}", note, theme.NOTE)


def _behind(sheet: Sheet) -> None:
    sheet.put(f"P{BEHIND_ROW}", "What block 2 is calculated from", theme.UNIT)
    method = f'=IF({AT["place"]}="",0,{_of_campaign("Baseline")})'
    lines = {
        "place": ("Row of the campaign", '=IFERROR(MATCH(in_Campaign,tblCampaigns[Campaign],0),"")', formats.MONTH),
        "method": ("1 control group, 2 like period", method, formats.MONTH),
        "until": (
            "Month up to which it counts",
            f"=IFERROR({_of_campaign('M3')},-1)",
            formats.MONTH,
        ),
        "z": ("Standard errors to the limits", "=NORMSINV((1+in_Confidence)/2)", formats.INDEX),
        "low": ("Share who bought, low", _wilson(GIVEN, "-"), formats.FINE_RATE),
        "high": ("Share who bought, high", _wilson(GIVEN, "+"), formats.FINE_RATE),
        "base low": ("Of the control group, low", _wilson(BASE, "-"), formats.FINE_RATE),
        "base high": ("Of the control group, high", _wilson(BASE, "+"), formats.FINE_RATE),
        "squares in log": (
            "Squares of its orders, log",
            f"=SUMPRODUCT({LOG.format(until=AT['until'])})",
            formats.WHOLE,
        ),
        "squares of orders": (
            "The same, order rows",
            f"=SUMPRODUCT({ORDERS.format(until=AT['until'])})",
            formats.WHOLE,
        ),
        **{
            key: (label, f"=INDEX({column}{ROC}:{column}{NET},1+(in_Margin<1))", formats.SIGNED_RATE)
            for key, label, column in (
                ("lead", "Caused: ROC, or net", CAUSED),
                ("lead low", "Low", LOW),
                ("lead high", "High", HIGH),
            )
        },
    }
    for key, (label, formula, number) in lines.items():
        column, row = AT[key].strip("$").split("$")
        sheet.put(f"{LABELS[AT[key]]}{row}", label, theme.LABEL)
        sheet.put(f"{column}{row}", formula, theme.CALC, number=number)


def _line(sheet: Sheet, row: int, label: str, number: str, formulas: dict[str, str], live: list[str]) -> None:
    """A row of the block; what cannot be said stays blank."""
    sheet.put(f"{LABEL}{row}", label, theme.LABEL)
    for column, formula in formulas.items():
        look = theme.RESULT if column == CAUSED else theme.CALC
        sheet.put(f"{column}{row}", f'=IFERROR({formula},"")', look, number=number)
    for column, call in zip(LIVE, live, strict=False):
        answered = f'=IF(N({GIVEN}{row})=0,"",IFERROR({call},"–"))' if row < SHARE else f'=IFERROR({call},"–")'
        sheet.put(f"{column}{row}", answered, theme.FUNCTION, number=number)


def _found(name: str, table: str, column: str) -> str:
    """What stands in a table of the add-in: its second column under the first of `LIVE`, and so on."""
    return f'VLOOKUP("{name}",{table},COLUMNS(${HIGH}${FIRST_ROW}:{column}${FIRST_ROW}),0)'


def _customers(sheet: Sheet) -> None:
    method, z, buyers = AT["method"], AT["z"], _of_campaign("ControlBuyers")
    of_group = f'IF({method}=1,{{}},"")'
    counted = f"IF({method}=2,{_of_campaign('Orders')},{_of_campaign('Won')})"
    _line(sheet, PEOPLE, "People", formats.WHOLE, {
        GIVEN: _of_campaign("Reach"), BASE: of_group.format(_of_campaign("Control")),
    }, [])  # fmt: skip
    _line(sheet, BUYERS, "Of them bought", formats.WHOLE, {
        GIVEN: counted, BASE: of_group.format(f'IF({buyers}="","",{buyers})'),
    }, [])  # fmt: skip
    p, q = f"{GIVEN}{BOUGHT}", f"{BASE}{BOUGHT}"
    down, up = f"({p}-{AT['low']})^2+({AT['base high']}-{q})^2", f"({AT['high']}-{p})^2+({q}-{AT['base low']})^2"
    lift = f"LIFT({GIVEN}{BUYERS},{GIVEN}{PEOPLE},{BASE}{BUYERS},{BASE}{PEOPLE},in_Confidence)"
    _line(sheet, BOUGHT, "Share who bought", formats.FINE_RATE, {
        GIVEN: f"{GIVEN}{BUYERS}/{GIVEN}{PEOPLE}", BASE: f"{BASE}{BUYERS}/{BASE}{PEOPLE}", CAUSED: f"{p}-{q}",
        LOW: f"MAX(-1,{CAUSED}{BOUGHT}-SQRT({down}))", HIGH: f"MIN(1,{CAUSED}{BOUGHT}+SQRT({up}))",
    }, [_found("Difference", lift, column) for column in LIVE])  # fmt: skip
    usual = f"{_of_campaign('LikeOrders')}+{_of_campaign('OwnOrders')}"
    limit = f"IF({method}=1,{{column}}{BOUGHT}*{GIVEN}{PEOPLE},{CAUSED}{WON}{{sign}}{z}*SQRT({GIVEN}{WON}+{usual}))"
    _line(sheet, WON, f'=IF({method}=2,"Orders","Customers won")', formats.WHOLE, {
        GIVEN: f"{GIVEN}{BUYERS}", BASE: _of_campaign("BaseWon"), CAUSED: f"{GIVEN}{WON}-{BASE}{WON}",
        LOW: limit.format(column=LOW, sign="-"), HIGH: limit.format(column=HIGH, sign="+"),
    }, [_found("Incremental orders", lift, column) for column in LIVE])  # fmt: skip
    share = f'ATTRIBUTION({GIVEN}{WON},"Caused",{CAUSED}{WON})'
    _line(sheet, SHARE, "Caused by the campaign", formats.RATE, {CAUSED: f"{CAUSED}{WON}/{GIVEN}{WON}"},
          [_found("Caused", share, LIVE[1])])  # fmt: skip
    _line(
        sheet,
        REST,
        "Would have come anyway",
        formats.RATE,
        {CAUSED: f"1-{CAUSED}{SHARE}"},
        [_found("Remainder", share, LIVE[1])],
    )


def _money(sheet: Sheet) -> None:
    sold, spent = f"{GIVEN}{REVENUE}", _of_campaign("Spent")
    usual = f"IF({AT['method']}=1,({GIVEN}{PEOPLE}/{BASE}{PEOPLE})^2*N({_of_campaign('ControlRevenue')}),"
    usual += f"{_of_campaign('LikeRevenue')}+{_of_campaign('OwnRevenue')})"
    squares = f"CHOOSE(in_SourceNo,{AT['squares in log']},{AT['squares of orders']})"
    spread = f"{AT['z']}*SQRT({squares}/{sold}*({sold}+{usual}))"
    _line(sheet, REVENUE, "Revenue", formats.WHOLE, {
        GIVEN: _of_campaign("Sold"), BASE: _of_campaign("BaseRevenue"), CAUSED: f"{sold}-{BASE}{REVENUE}",
        LOW: f"{CAUSED}{REVENUE}-{spread}", HIGH: f"{CAUSED}{REVENUE}+{spread}",
    }, [])  # fmt: skip
    _line(sheet, ROC, "ROC, gross", formats.RATE, {
        column: f"{column}{REVENUE}/{spent}" for column in (GIVEN, BASE, CAUSED, LOW, HIGH)
    }, [])  # fmt: skip
    _line(sheet, NET, "Net return", formats.SIGNED_RATE, {
        column: f"{column}{ROC}*in_Margin-1" for column in (GIVEN, CAUSED, LOW, HIGH)
    }, [])  # fmt: skip
    sheet.losses(f"{GIVEN}{BOUGHT}:{HIGH}{NET}")


def _percent(key: str) -> str:
    return f'ROUND(Campaigns!{AT[key]}*100,1)&"%'


COMPARED = (
    f'=IF(Campaigns!{AT["lead"]}="","not compared with a baseline",{_percent("lead")} beyond "'
    f'&IF(Campaigns!{AT["method"]}=1,"a control group","a like period")'
    f'&" ("&{_percent("lead low")} to "&{_percent("lead high")})")'
)
"""What the headline says of the baseline."""

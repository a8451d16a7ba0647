"""Inputs: every assumption, with its unit, three scenarios and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from addin.schema import formats, sample
from addin.schema.terms import WHOSE
from addin.template import examples, theme
from addin.template.roi_roc import END_ROW, PART_ROWS
from addin.template.sheet import Page, Sheet, TemplateBook

DAY = "date"


@dataclass(frozen=True)
class Choice:
    """A setting that is picked or typed once: from the list of that name, a date, or a short text."""

    label: str
    name: str
    value: str
    pick: str
    source: str


@dataclass(frozen=True)
class Assumption:
    """A number; where it has scenarios a blank one takes the base, and a blank base takes what the data measure."""

    label: str
    unit: str
    name: str
    number: str
    low: float
    high: float
    base: float | None
    source: str
    cautious: float | None = None
    ambitious: float | None = None
    whole: bool = False
    rule: bool = False
    """Says how things are counted, which may well stay as it came: it is no example of a figure."""
    measured: str = ""


@dataclass(frozen=True)
class Block:
    """Inputs that belong together; only what is still to come has scenarios."""

    heading: str
    entries: list[Choice | Assumption]
    scenarios: bool = False


CURRENCY = "=in_Currency"

AT_ONCE, REORDERS, NEW_ORDERS, REPEATS = (f"ROI_ROC!$C${row}" for row in PART_ROWS)


def _per_buyer(measure: str) -> str:
    return f'IF(N({AT_ONCE})=0,"",{measure}/{AT_ONCE})'


BLOCKS = [
    Block("1  What to show", [
        Choice("Scenario", "in_Scenario", "Base", "lst_Scenarios",
               "Which of columns E to G blocks 4 and 5 use: what is to come; what was stays as it was"),
        Choice("Campaign", "in_Campaign", "C01", "lst_Campaigns", "An id from d_Campaigns"),
        Choice("Return shown month by month", "in_Convention", "Gross", "lst_Conventions",
               "Gross = revenue / spend; Net = (margin - spend) / spend. The stages always show both"),
        Choice("Orders come from", "in_Source", "Log", "lst_OrderSources",
               "Log = counts in d_FollowUps; Transactions = single orders in d_Transactions"),
        Choice("Answers shown", "in_Answers", "0 to 10", "lst_AnswersShown",
               "The scale that Dashboard and segments show; pooling mixes two wordings of the question"),
        Choice("Churn used", "in_Churn", "All months", "lst_Churns",
               "Which of the three rates on Loyalty counts as your churn"),
    ]),
    Block("2  Money", [
        Choice("Currency", "in_Currency", "USD", "", "A label only, nothing is converted"),
        Assumption("Gross margin on sales", "share", "in_Margin", formats.RATE, 0, 1, 1.0,
                   "The florist article leaves out goods and labour, hence 100%; put your own"),
        Assumption("Discount rate", "share a year", "in_Discount", formats.RATE, 0, 1, sample.DISCOUNT, "Illustrative"),
    ]),
    Block("3  Milestones of the campaign (month 0 is the calendar month of the launch)", [
        Assumption("Sold at once, up to month", "month", "in_M1", formats.MONTH, 0, 60, 1,
                   "Article: sales in the month after the mailing", whole=True, rule=True),
        Assumption("First follow-up, up to month", "month", "in_M2", formats.MONTH, 0, 60, 4,
                   "Article: the buyers are called some months later", whole=True, rule=True),
        Assumption("End of follow-up, up to month", "month", "in_M3", formats.MONTH, 0, 60, 12,
                   "Article: a year of follow-up", whole=True, rule=True),
        Assumption("Horizon, months since the launch", "months", "in_Horizon", formats.MONTH, 12, 60, 12,
                   "How far the months of ROI_ROC, the chart, cohorts and the forecast reach; 12 to 60",
                   whole=True, rule=True),
        Choice("Campaign of an order", "in_Whose", WHOSE[0], "lst_Whose",
               "Its own by id, coupon or day; else the last that reached the customer, up to the end of follow-up"),
        Choice("Data counted until", "in_Until", "", DAY,
               "Blank: the last date in the data. Later months are left blank, not drawn flat"),
    ]),
    Block("4  A customer for life", [
        Assumption("Years a customer stays", "years", "in_Years", formats.DECIMAL, 0, 100, 5, "Article: 5 years", 3, 7,
                   measured="out_LifeYears"),
        Assumption("Purchases a year", "orders", "in_Purchases", formats.DECIMAL, 0, 1000, 20,
                   "Article: 20 purchases", 12, 24),
        Assumption("Average order", CURRENCY, "in_AverageOrder", formats.CENTS, 0, 1e6, 500,
                   "Article: 500 an order, so 50,000 for life; another shop than the florist", 400, 500,
                   measured="out_OrderValue"),
    ], scenarios=True),
    Block("5  The next campaign", [
        Assumption("Budget", CURRENCY, "in_PlanBudget", formats.WHOLE, 0, 1e9, 10_000,
                   "Article: the florist's mailing", measured="out_Budget"),
        Assumption("Reach", "people", "in_PlanReach", formats.WHOLE, 0, 1e9, 20_000, "Article: 20,000 people",
                   measured="out_Reach"),
        Assumption("Buyers per person reached", "share", "in_PlanBuyers", formats.FINE_RATE, 0, 1, 0.01,
                   "Article: 200 of 20,000; other scenarios are illustrative, here and below", 0.008, 0.012,
                   measured=f'IF(out_Reach=0,"",{AT_ONCE}/out_Reach)'),
        Assumption("Gross margin of the plan", "share", "in_PlanMargin", formats.RATE, 0, 1, None,
                   "Blank: the gross margin of block 2", measured="in_Margin"),
        Assumption("Price of an order", CURRENCY, "in_PlanPrice", formats.CENTS, 0, 1e6, 30,
                   "Article: a bouquet at 30", measured="out_OrderValue"),
        Assumption("Buyers who reorder when called", "share", "in_PlanReorder", formats.RATE, 0, 1, 0.15,
                   "Article: 30 of 200", 0.1, 0.2, measured=_per_buyer(REORDERS)),
        Assumption("New orders per buyer in the year", "orders", "in_PlanNew", formats.INDEX, 0, 50, 0.65,
                   "Article: 130 for 200 buyers", 0.4, 0.8, measured=_per_buyer(NEW_ORDERS)),
        Assumption("Repeat orders per buyer in the year", "orders", "in_PlanReturn", formats.INDEX, 0, 50, 0.325,
                   "Article: 65 for 200 buyers; repeat orders, not refunds", 0.2, 0.4,
                   measured=_per_buyer(REPEATS)),
        Assumption("Cost of follow-up per buyer", CURRENCY, "in_PlanFollowUp", formats.CENTS, 0, 1e4, 0,
                   "Article counts none, but a call is not free", 2, 0,
                   measured=_per_buyer(f"(ROI_ROC!$F${END_ROW}-out_Budget)")),
    ], scenarios=True),
    Block("6  Loyalty", [
        Assumption("Confidence of intervals", "share", "in_Confidence", formats.PERCENT, 0.5, 0.999, 0.95,
                   "Usual in surveys", rule=True),
        Assumption("Churn to aim at", "share a month", "in_ChurnTarget", formats.RATE, 0, 1, 0.02,
                   "Article: about 2% is a good aim; a customer then stays about 4 years"),
        Assumption("Conversion rate of existing customers", "share", "in_OddsOld", formats.PERCENT, 0, 1, 0.7,
                   "Article: close to 70%; a rule of thumb"),
        Assumption("Conversion rate of new ones", "share", "in_OddsNew", formats.PERCENT, 0, 1, 0.05,
                   "Article: about 5%; a rule of thumb"),
        Assumption("Cost of a new sale / of a repeat sale", "times", "in_CostRatio", formats.DECIMAL, 1, 50, 5,
                   "Articles: 5 times, or 5 to 10 times; a rule of thumb"),
        Assumption("Cost of one contact", CURRENCY, "in_ContactCost", formats.CENTS, 0, 1e4, 2, "Illustrative"),
        Assumption("People an unhappy customer tells", "people", "in_TellBad", formats.MONTH, 0, 1000, 10,
                   "Article: about ten; a rule of thumb", whole=True),
        Assumption("People a happy customer tells", "people", "in_TellGood", formats.MONTH, 0, 1000, 1,
                   "Article: one other; a rule of thumb", whole=True),
        Assumption("Best customers looked at", "share", "in_TopShare", formats.PERCENT, 0.01, 1, 0.2,
                   "The 80/20 rule asks about the best 20%", rule=True),
        Assumption("Active after an order, without a State", "months", "in_ActiveMonths", formats.MONTH, 0, 120, 12,
                   "Illustrative: gone after a year without an order; a State in d_Customers goes first",
                   whole=True, rule=True),
        Assumption("People who look and have not bought", "people", "in_Lookers", formats.WHOLE, 0, 1e9, 1200,
                   "Illustrative; visitors of a shop or site, say"),
        Assumption("People in the target audience", "people", "in_Audience", formats.WHOLE, 0, 1e9, 50_000,
                   "Illustrative; all whom you want to know of you"),
    ]),
    Block("7  Relationships", [
        Assumption("Value of an hour", CURRENCY, "in_HourCost", formats.CENTS, 0, 1e4, 25,
                   "Illustrative; prices the time put into partners"),
        Assumption("Minutes a week for introductions", "minutes", "in_IntroMinutes", formats.MONTH, 0, 2400, 20,
                   "Article: 20 minutes a week", whole=True),
        Assumption("Introductions a week", "people", "in_IntroTarget", formats.MONTH, 0, 1000, 5,
                   "Article: 5 opportunities a week", whole=True),
        Assumption("Months until a partner is judged", "months", "in_JudgeMonths", formats.MONTH, 0, 120, 2,
                   "Article: judge after a month or two", whole=True, rule=True),
    ]),
]  # fmt: skip

HEADER_ROW = 4
SOURCE_COLUMN = "I"


def _rows() -> dict[str, int]:
    rows: dict[str, int] = {}
    row = HEADER_ROW
    for block in BLOCKS:
        row += 1
        for entry in block.entries:
            row += 1
            rows[entry.name] = row
    return rows


ROW = _rows()
"""Where each input stands."""


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Inputs", "Change the cream cells only. Column D is what the model uses.",
        tab=theme.TAB_WORK, widths=[2, 40, 14, 14, 13, 13, 13, 13, 84], freeze="C5",
    )  # fmt: skip
    sheet.header(HEADER_ROW, {"B": "Assumption", "C": "Unit", SOURCE_COLUMN: "Where it comes from"},
                 {"D": "In use", "E": "Base", "F": "Cautious", "G": "Ambitious", "H": "Measured"})  # fmt: skip
    for block in BLOCKS:
        sheet.block(ROW[block.entries[0].name] - 1, block.heading)
        for entry in (_of_preset(entry, book) for entry in block.entries):
            row = ROW[entry.name]
            sheet.put(f"B{row}", entry.label, theme.LABEL)
            sheet.define(entry.name, f"D{row}")
            if isinstance(entry, Choice):
                _choice(sheet, row, entry)
                sheet.put(f"{SOURCE_COLUMN}{row}", entry.source, theme.NOTE)
            else:
                _assumption(sheet, row, entry, scenarios=block.scenarios)
    sheet.print_to(max(ROW.values()))


def _of_preset(entry: Choice | Assumption, book: TemplateBook) -> Choice | Assumption:
    """An input with the values that the book's preset comes with."""
    values = book.preset.inputs.get(entry.name)
    if values is None:
        return entry
    names = ("value",) if isinstance(entry, Choice) else ("base", "cautious", "ambitious")
    return replace(entry, **dict(zip(names, values, strict=False)))  # type: ignore[arg-type]


def _choice(sheet: Sheet, row: int, choice: Choice) -> None:
    if choice.pick == DAY:
        sheet.put(f"C{row}", DAY, theme.UNIT)
        sheet.put(f"D{row}", None, theme.INPUT, theme.LEFT, number=formats.DATE)
        sheet.allow_date(f"D{row}", f"{choice.source}.")
        return
    sheet.put(f"C{row}", "pick" if choice.pick else "text", theme.UNIT)
    sheet.stored(f"D{row}", choice.value, theme.INPUT, theme.LEFT, number=formats.TEXT)
    if choice.pick:
        sheet.allow_list(f"D{row}", f"={choice.pick}", f"{choice.source}.")
    else:
        sheet.allow_text(f"D{row}", 5, f"{choice.source}.")


def _assumption(sheet: Sheet, row: int, assumption: Assumption, *, scenarios: bool) -> None:
    sheet.put(f"C{row}", assumption.unit, theme.UNIT)
    message = f"{assumption.label}."
    values, cells, in_use = [assumption.base], f"E{row}", f"=E{row}"
    if scenarios:
        values += [assumption.cautious, assumption.ambitious]
        cells, in_use = f"E{row}:G{row}", f"={in_scenario(f'INDEX(E{row}:G{row},in_ScenarioNo)', row)}"
        message += " Cautious and Ambitious may stay blank: they then take the base."
    if assumption.measured:
        sheet.put(f"H{row}", f"={assumption.measured}", theme.LINKED, number=assumption.number)
        message += " A blank base takes the measured value of column H."
    sheet.put(f"D{row}", in_use, theme.RESULT, number=assumption.number)
    for column, value in zip("EFG", values, strict=False):
        sheet.put(f"{column}{row}", value, theme.INPUT, number=assumption.number)
    sheet.allow_between(cells, assumption.low, assumption.high, message, whole=assumption.whole)
    source = assumption.source
    if not assumption.rule and assumption.base is not None:
        held = examples.compare(sheet, assumption.name, cells, values)
        source = f'={examples.mark(held)}&IF({held}=0,"","; ")&"{source}"'
        sheet.when(f"{SOURCE_COLUMN}{row}", f"={held}>0", theme.EXAMPLE)
    sheet.put(f"{SOURCE_COLUMN}{row}", source, theme.NOTE)


def in_scenario(cell: str, row: int, sheet: str = "") -> str:
    """A scenario's value of the input in a row: its own, else the base, else what the data measure."""
    base, measured = f"{sheet}$E{row}", f"{sheet}$H{row}"
    return f'IF({cell}<>"",{cell},IF({base}<>"",{base},N({measured})))'


PAGE = Page("Inputs", "Every assumption, with unit, scenarios and source", _write)

"""Sample data: the florist's campaign, the same in the follow-up log and in single orders.

The counts are the article's: a mailing for 10,000 sells 200 bouquets at 30 in the next month; a call
to the buyers brings 30 reorders by month 4; over the year follow 130 new and 65 repeat orders.
Days, survey answers, monthly counts, customers' traits, segments, partners and introductions are invented.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from addin.schema.terms import ACTIVE, CHANNELS, GONE, KINDS, LEVELS, NO, OUTCOMES, SCALES, TYPES, YES

CAMPAIGN = "C01"
START = date(2025, 1, 2)
BUDGET, REACH, PRICE = 10_000, 20_000, 30
AT_ONCE, REORDER, NEW, REPEAT = TYPES
JUST_BUYING = LEVELS[3]
MILESTONES = (1, 4, 12)
"""Months up to which the article counts: sold at once, called, a year of follow-up."""
GROSS = (0.6, 0.69, 1.275)
"""Revenue over spend at the milestones."""
DISCOUNT = 0.1
"""Illustrative, as the article has none."""
BUYERS, REORDERS = 200, 30
CALLED_WELL = 50
"""How many of the called answered well, invented as is their level."""
REORDER_MONTH, FIRST_LATE_MONTH = 4, 5
NEW_ORDERS = [12, 14, 16, 18, 18, 18, 17, 17]
REPEAT_ORDERS = [6, 7, 8, 8, 9, 9, 9, 9]
"""By month, from FIRST_LATE_MONTH to month 12."""

CampaignRow = tuple[str, str, date, float, float, float, str]
FollowUpRow = tuple[str, str, date, str, float | None, float, float, float, str, None, float | None, str | None,
                    date | None, str | None, float | None]  # fmt: skip
OrderRow = tuple[str, date, str, str, str, float, float]
AnswerRow = tuple[str, date, str, str, float]
PeriodRow = tuple[date, float | None, float, float, str]
CustomerRow = tuple[str, str, str, date, str, str, float, str]
SegmentRow = tuple[str, float, float, float, str]
PartnerRow = tuple[str, str, str, date, float, float, str]
IntroductionRow = tuple[date, str, str, str, float, str, str, float, str, str]

SAMPLE = "sample"


def in_month(months_since_start: int, day: int) -> date:
    """A day in the n-th month after the campaign's start."""
    years, month = divmod(START.month - 1 + months_since_start, 12)
    return date(START.year + years, month + 1, day)


def campaigns() -> list[CampaignRow]:
    """The florist's campaign, and one that has not begun."""
    return [
        (CAMPAIGN, "Beautiful bouquets at 30 (sample)", START, BUDGET, REACH, PRICE, "Mail and press"),
        ("C02", "Spring tulips (sample, not started)", date(2026, 3, 1), 4_000, 8_000, 25, "E-mail"),
    ]


def follow_ups() -> list[FollowUpRow]:
    """The same orders, counted by month and kind."""
    events: list[tuple[int, str, int | None, int, str]] = [
        (1, AT_ONCE, REACH, BUYERS, "Sample: month after the mailing"),
        (REORDER_MONTH, REORDER, BUYERS, REORDERS, "Sample: phone call to the buyers"),
    ]
    for month, (new, returned) in enumerate(zip(NEW_ORDERS, REPEAT_ORDERS, strict=True), start=FIRST_LATE_MONTH):
        events += [
            (month, NEW, None, new, "Sample: orders by new customers"),
            (month, REPEAT, None, returned, "Sample: repeat orders, not refunds"),
        ]
    not_noted = (None, None, None)  # no customer, minutes or segment
    again = {REORDER: in_month(12, 20)}
    level = {REORDER: JUST_BUYING}
    positive = {REORDER: CALLED_WELL}
    return [
        (f"E{number:02}", CAMPAIGN, in_month(month, 15), kind, contacted, orders, PRICE, 0, note, *not_noted,
         again.get(kind), level.get(kind), positive.get(kind))
        for number, (month, kind, contacted, orders, note) in enumerate(events, start=1)
    ]  # fmt: skip


def orders() -> list[OrderRow]:
    """One row an order; a few customers come back month after month until they stop, as they do."""
    placed = [(1, buyer, AT_ONCE) for buyer in range(BUYERS)]
    last = dict.fromkeys((k * BUYERS // REORDERS for k in range(REORDERS)), REORDER_MONTH)
    placed += [(REORDER_MONTH, buyer, REORDER) for buyer in last]
    customers = BUYERS
    for month, (new, returned) in enumerate(zip(NEW_ORDERS, REPEAT_ORDERS, strict=True), start=FIRST_LATE_MONTH):
        lately = [customer for customer, month_of_last in last.items() if month_of_last == month - 1]
        returning = [lately[(month + 3 * k) % len(lately)] for k in range(returned)]
        placed += [(month, customers + k, NEW) for k in range(new)]
        placed += [(month, customer, REPEAT) for customer in returning]
        last |= dict.fromkeys([*returning, *range(customers, customers + new, 4)], month)
        customers += new
    return [
        (f"sample-{number:03}", in_month(month, 3 + number * 7 % 24), f"K{customer + 1:03}", CAMPAIGN, kind, 1, PRICE)
        for number, (month, customer, kind) in enumerate(placed, start=1)
    ]


ANSWERS_BY_SCORE = {10: 34, 9: 24, 8: 22, 7: 16, 6: 8, 5: 6, 4: 3, 3: 3, 2: 2, 1: 1, 0: 1}
MIXED = 53
"""Steps of this size visit all 120 answers once."""


def answers() -> list[AnswerRow]:
    """A survey, a third of it on the 1 to 10 scale."""
    sorted_scores = [score for score, count in ANSWERS_BY_SCORE.items() for _ in range(count)]
    scores = [sorted_scores[k * MIXED % len(sorted_scores)] for k in range(len(sorted_scores))]
    return [
        (f"sample-{k + 1:03}", in_month(6 + k % 6, 10), f"K{k * 11 % 330 + 1:03}",
         SCALES[1] if k % 3 == 0 and score else SCALES[0], score)
        for k, score in enumerate(scores)
    ]  # fmt: skip


FIRST_CUSTOMERS = 480
WON = [14, 12, 16, 15, 18, 20, 19, 18, 17, 18, 16, 17]
LOST = [9, 11, 10, 12, 9, 10, 11, 9, 10, 12, 11, 10]


def periods() -> list[PeriodRow]:
    """A year of customer counts: each month starts with what the one before left."""
    rows: list[PeriodRow] = []
    customers = FIRST_CUSTOMERS
    for month, (won, lost) in enumerate(zip(WON, LOST, strict=True), start=1):
        rows.append((in_month(month, 1), customers, won, lost, SAMPLE))
        customers += won - lost
    return rows


SEGMENTS = ["Walk-in", "Office", "Events"]


def _pick(place: int, items: list[str], percents: list[int]) -> str:
    """An item by its share, the percents adding up to 100."""
    for item, percent in zip(items, percents, strict=True):
        place -= percent
        if place < 0:
            return item
    return items[-1]


def customers() -> list[CustomerRow]:
    """Everyone who ordered: the mailing's buyers, then those who came by word of mouth and search."""
    first: dict[str, date] = {}
    placed: Counter[str] = Counter()
    for _, day, customer, *_ in sorted(orders(), key=lambda order: order[1]):
        first.setdefault(customer, day)
        placed[customer] += 1
    rows: list[CustomerRow] = []
    for k, customer in enumerate(sorted(first)):
        mailed = [78, 5, 5, 4, 3, 5] if k < BUYERS else [12, 12, 12, 8, 38, 18]
        sends = k % 4 + 1 if k % 19 == 4 else 0
        stays = placed[customer] > 1 or sends or k * 29 % 100 >= 22
        rows.append((
            customer, _pick(k * 61 % 100, SEGMENTS, [70, 18, 12]), _pick(k * 37 % 100, CHANNELS, mailed),
            first[customer], ACTIVE if stays else GONE, YES if k % 13 == 2 else NO, sends, SAMPLE,
        ))  # fmt: skip
    return rows


def segments() -> list[SegmentRow]:
    """Three kinds of customers of the florist."""
    habits = [(2.2, 30, 4), (12, 45, 5), (1.5, 180, 3)]
    return [(name, *habit, SAMPLE) for name, habit in zip(SEGMENTS, habits, strict=True)]


def partners() -> list[PartnerRow]:
    """Four relationships, with money and hours put in."""
    partner, sponsorship, association, _ = KINDS
    entries = [
        ("Wedding planner", partner, 300, 14),
        ("Hotel concierge", partner, 0, 10),
        ("City marathon", sponsorship, 900, 22),
        ("Chamber of commerce", association, 250, 18),
    ]
    return [
        (f"P{number}", name, kind, date(2024, 9, 1), money, hours, SAMPLE)
        for number, (name, kind, money, hours) in enumerate(entries, start=1)
    ]


FIRST_MONDAY = date(2025, 9, 1)
A_WEEK = 5
PARTNERS_IN_TURN = [1, 3, 2, 3, 1, 4, 2]
BUSINESS = {2: 240, 4: 120, 8: 480, 13: 240, 17: 360, 26: 360}
"""Which of the introductions led to business, and what it brought."""


def introductions() -> list[IntroductionRow]:
    """Eight weeks of introductions, the last one cut short."""
    rows: list[IntroductionRow] = []
    for k in range(38):
        week, day = divmod(k, A_WEEK)
        outcome = OUTCOMES[-1] if k in BUSINESS else _pick(k * 43 % 100, OUTCOMES[:-1], [40, 36, 24])
        partner = f"P{PARTNERS_IN_TURN[k % len(PARTNERS_IN_TURN)]}"
        rows.append((
            FIRST_MONDAY + timedelta(days=7 * week + day), partner, f"Person {2 * k + 1}",
            f"Person {2 * k + 2}", k % 4 + 3, NO if k % 5 == 3 else YES, outcome, BUSINESS.get(k, 0),
            YES if k % 7 in (1, 4) else NO, SAMPLE,
        ))  # fmt: skip
    return rows

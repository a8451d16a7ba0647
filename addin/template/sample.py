"""Sample data: the florist's campaign, the same in the follow-up log and in single orders.

The counts are the article's: a mailing for 10,000 sells 200 bouquets at 30 in the next month; a call
to the buyers brings 30 reorders by month 4; over the year follow 130 new and 65 return orders.
Customers, days, survey answers and monthly counts are invented.
"""

from __future__ import annotations

from datetime import date

from addin.template.lists import SCALES, TYPES

CAMPAIGN = "C01"
START = date(2025, 1, 2)
BUDGET, REACH, PRICE = 10_000, 20_000, 30
AT_ONCE, REORDER, NEW, RETURN = TYPES
BUYERS, REORDERS = 200, 30
REORDER_MONTH, FIRST_LATE_MONTH = 4, 5
NEW_ORDERS = [12, 14, 16, 18, 18, 18, 17, 17]
RETURN_ORDERS = [6, 7, 8, 8, 9, 9, 9, 9]
"""By month, from FIRST_LATE_MONTH to month 12."""

CampaignRow = tuple[str, str, date, float, float, float, str]
FollowUpRow = tuple[str, str, date, str, float | None, float, float, float, str]
OrderRow = tuple[str, date, str, str, str, float, float]
AnswerRow = tuple[str, date, str, str, float]
PeriodRow = tuple[date, float | None, float, float, str]


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
    for month, (new, returned) in enumerate(zip(NEW_ORDERS, RETURN_ORDERS, strict=True), start=FIRST_LATE_MONTH):
        events += [
            (month, NEW, None, new, "Sample: orders by new customers"),
            (month, RETURN, None, returned, "Sample: repeat orders, not refunds"),
        ]
    return [
        (f"E{number:02}", CAMPAIGN, in_month(month, 15), kind, contacted, orders, PRICE, 0, note)
        for number, (month, kind, contacted, orders, note) in enumerate(events, start=1)
    ]


def orders() -> list[OrderRow]:
    """One row an order; a few customers come back again and again, as they do."""
    placed = [(1, buyer, AT_ONCE) for buyer in range(BUYERS)]
    reordering = [k * BUYERS // REORDERS for k in range(REORDERS)]
    placed += [(REORDER_MONTH, buyer, REORDER) for buyer in reordering]
    customers = BUYERS
    for month, (new, returned) in enumerate(zip(NEW_ORDERS, RETURN_ORDERS, strict=True), start=FIRST_LATE_MONTH):
        loyal = [*reordering, *range(BUYERS, customers, 4)]
        placed += [(month, customers + k, NEW) for k in range(new)]
        placed += [(month, loyal[(month + k * k) % len(loyal)], RETURN) for k in range(returned)]
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
        rows.append((in_month(month, 1), customers, won, lost, "sample"))
        customers += won - lost
    return rows

"""Sample data of a subscription: payments by the month, a few who pay more or less, pause, come back or leave.

All of it is invented. A campaign in January 2025 wins subscribers beside those who came before and without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from addin.schema import sample
from addin.schema.terms import ACTIVE, CHANNELS, GONE, KINDS, NO, TYPES, YES

CAMPAIGN = "S01"
BEGUN, LAUNCH, LAST = date(2024, 1, 1), 12, 24
"""The first month, how many months later the campaign began, and the last month."""
PLANS = {"Starter": 19, "Team": 49, "Business": 99}
"""What a month of each plan costs, from the smallest up."""
OTHERS = [14, 3, 2, 3, 3, 2, 3, 3, 2, 3, 3, 3, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1]
OF_CAMPAIGN = [12, 14, 6, 5, 4, 4, 3, 3, 3, 3, 2, 2, 2]
"""How many sign up in each month: without the campaign from the first month on, by it from the launch on."""
STAYS = [4, 30, 30, 9, 30, 30, 30, 2, 30, 30, 30, 14, 30, 30, 6, 30, 30, 30, 30]
"""How many months one stays after another."""
AT_ONCE, REACTIVATED, NEW, RENEWED = TYPES


@dataclass(frozen=True)
class Subscriber:
    """One subscriber, whose number decides what they do."""

    number: int
    begins: int
    campaign: str

    @property
    def name(self) -> str:
        """The id."""
        return f"U{self.number + 1:03}"

    def pays(self, month: int) -> str | None:
        """The plan that is paid in a month, if one is."""
        age, k = month - self.begins, self.number
        if not 0 <= age < STAYS[k % len(STAYS)] or (k % 17 == 9 and age in (6, 7)):
            return None
        plan = 0 if k * 61 % 100 < 55 else 1 if k * 61 % 100 < 88 else 2
        plan += (k % 4 == 1 and age >= 4 + k % 5) - (k % 11 == 6 and age >= 5)
        return list(PLANS)[min(max(plan, 0), len(PLANS) - 1)]

    def kind(self, month: int) -> str:
        """The type of the payment of a month."""
        if month == self.begins:
            return AT_ONCE if self.campaign and month <= LAUNCH + sample.MILESTONES[0] else NEW
        return RENEWED if self.pays(month - 1) else REACTIVATED


def _subscribers() -> list[Subscriber]:
    begun = [(month, "") for month, count in enumerate(OTHERS) for _ in range(count)]
    begun += [(month, CAMPAIGN) for month, count in enumerate(OF_CAMPAIGN, start=LAUNCH) for _ in range(count)]
    return [Subscriber(number, month, campaign) for number, (month, campaign) in enumerate(sorted(begun))]


def _day(month: int, day: int) -> date:
    return date(BEGUN.year + month // 12, month % 12 + 1, day)


def campaigns() -> list[sample.CampaignRow]:
    """The campaign of January, and one that has not begun."""
    return [
        (CAMPAIGN, "Set up in a day (sample)", _day(LAUNCH, 2), 3_000, 6_000, 49, "Search, social"),
        ("S02", "Spring upgrade (sample, not started)", date(2026, 3, 1), 1_500, 2_000, 99, "E-mail"),
    ]


def follow_ups() -> list[sample.FollowUpRow]:
    """Calls and letters to those who paused, left or might take a larger plan; the payments themselves are orders."""
    events = [
        (3, 9, 2, "Starter", "Sample: calls in the first weeks"),
        (5, 8, 3, "Team", "Sample: letters to those who left"),
        (8, 10, 4, "Team", "Sample: calls to those who left"),
        (10, 6, 2, "Business", "Sample: visits before the renewal"),
        (12, 12, 3, "Starter", "Sample: letters to those who left"),
    ]
    return [
        (f"E{number:02}", CAMPAIGN, _day(LAUNCH + month, 15), REACTIVATED, contacted, came, PLANS[plan], 2 * contacted,
         note, None, 6 * contacted, plan, _day(LAUNCH + month, 28) if month == LAST - LAUNCH else None,
         sample.JUST_BUYING, came + 2)
        for number, (month, contacted, came, plan, note) in enumerate(events, start=1)
    ]  # fmt: skip


def payments() -> list[sample.OrderRow]:
    """One row a payment, month after month on the day of the sign-up."""
    paid = [(_day(month, 1 + one.number * 7 % 28), one, month, plan)
            for month in range(LAST + 1) for one in _subscribers() if (plan := one.pays(month))]  # fmt: skip
    return [
        (f"sample-{number:04}", day, one.name, one.campaign, one.kind(month), 1, PLANS[plan])
        for number, (day, one, month, plan) in enumerate(paid, start=1)
    ]


def answers() -> list[sample.AnswerRow]:
    """The answers of the retail sample, by these subscribers."""
    names = [one.name for one in _subscribers()]
    return [(answer, day, names[k * 7 % len(names)], scale, score)
            for k, (answer, day, _, scale, score) in enumerate(sample.answers())]  # fmt: skip


def periods() -> list[sample.PeriodRow]:
    """Subscribers at the start of each month since the launch, won or back, and lost."""
    by_month = [{one.name for one in _subscribers() if one.pays(month)} for month in range(LAST + 1)]
    return [
        (_day(month, 1), len(by_month[month - 1]), len(by_month[month] - by_month[month - 1]),
         len(by_month[month - 1] - by_month[month]), sample.SAMPLE)
        for month in range(LAUNCH, LAST + 1)
    ]  # fmt: skip


def customers() -> list[sample.CustomerRow]:
    """Everyone who ever paid, on the plan of the last payment."""
    rows: list[sample.CustomerRow] = []
    for one in _subscribers():
        *_, plan = filter(None, map(one.pays, range(LAST + 1)))
        k = one.number
        channel = CHANNELS[(0, 1, 2)[k % 3]] if one.campaign else CHANNELS[(1, 4, 5, 3)[k % 4]]
        rows.append((
            one.name, plan, channel, _day(one.begins, 1 + k * 7 % 28), ACTIVE if one.pays(LAST) else GONE,
            YES if k % 6 == 2 else NO, k % 3 + 1 if k % 19 == 4 else 0, sample.SAMPLE,
        ))  # fmt: skip
    return rows


def segments() -> list[sample.SegmentRow]:
    """The plans, paid twelve times a year."""
    return [
        (plan, 12, price, years, sample.SAMPLE) for (plan, price), years in zip(PLANS.items(), (2, 3, 4), strict=True)
    ]


def partners() -> list[sample.PartnerRow]:
    """Four relationships, with money and hours put in."""
    partner, sponsorship, association, _ = KINDS
    entries = [
        ("Bookkeepers' network", partner, 300, 14), ("Software directory", partner, 0, 10),
        ("Founders' meeting", sponsorship, 900, 22), ("Trade association", association, 250, 18),
    ]  # fmt: skip
    return [
        (f"P{number}", name, kind, date(2024, 9, 1), money, hours, sample.SAMPLE)
        for number, (name, kind, money, hours) in enumerate(entries, start=1)
    ]

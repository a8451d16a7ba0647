"""What the model sheets make of the sample, against the same counted in Python."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from addin.metrics.engagement import engagement_level, lifecycle_stage
from addin.schema import sample
from addin.schema.terms import ACTIVE, LEVELS, NO, STAGES, YES
from addin.template import cohorts, lifecycle, loyalty, pyramid, relations, scenarios, value

ORDERS = Counter(customer for _, _, customer, *_ in sample.orders())


def test_each_customer_stands_on_the_level_and_stage_of_the_add_ins_functions(as_shipped):
    levels, stages = Counter(), Counter()
    for row, (customer, _, _, _, state, feedback, referrals, _) in enumerate(sample.customers(), start=5):
        orders, told = ORDERS[customer], feedback == YES
        level = engagement_level(1, orders, told, referrals)
        stage = lifecycle_stage(orders, 0 if state == ACTIVE else 10_000, told, referrals)
        assert (as_shipped[f"d_Customers!N{row}"], as_shipped[f"d_Customers!O{row}"]) == (level, stage)
        levels[level] += 1
        stages[stage] += 1
    counted = [as_shipped[f"Pyramid!C{row}"] for row in range(pyramid.FIRST_ROW, pyramid.MARKET_ROW + 1)]
    assert counted == [*(levels[level] for level in LEVELS[:4]), 1_200, sample.REACH]
    funnel = [as_shipped[f"Pyramid!C{row}"] for row in range(lifecycle.FIRST_ROW, lifecycle.LAST_ROW + 1)]
    reached = [sum(stages[s] for s in STAGES[: k + 1]) for k in range(4)]
    assert funnel == [sample.REACH, *reversed(reached)]


def test_the_value_of_a_person_rises_with_the_level(as_shipped):
    rows = range(pyramid.MARKET_ROW, pyramid.FIRST_ROW - 1, -1)
    values = [as_shipped[f"Pyramid!L{row}"] for row in rows]
    assert values == pytest.approx([0, -2, 28, 70, 129, 206])
    steps = [after - before for before, after in pairwise(values)]
    assert steps == sorted(steps)
    assert as_shipped[f"Pyramid!B{pyramid.TOTAL_ROW + pyramid.TOTALS}"] == (
        "The value of a person grows ever steeper from level to level, as the article says."
    )


def test_the_pyramid_counts_an_order_once_and_says_what_the_campaign_cost(as_shipped):
    people = [as_shipped[f"Pyramid!C{row}"] for row in range(pyramid.FIRST_ROW, pyramid.LOOKING_ROW)]
    habits = [(3, 4), (2.6, 3), (2.2, 2), (1, 2)]
    own = sum(n * (orders * 30 - cost) for n, (orders, cost) in zip(people, habits, strict=True))
    found = [as_shipped[f"Pyramid!N{row}"] for row in range(pyramid.TOTAL_ROW, pyramid.TOTAL_ROW + 5)]
    lookers = 1_200 * 2
    assert found == pytest.approx([own, -lookers, -10_000, own - lookers - 10_000, 10_000 / 200])
    measured = [n for n, told in ((ORDERS[c], t) for c, *_, t, r, _ in sample.customers() if not r) if told == NO]
    again = [n for n in measured if n > 1]
    assert as_shipped[f"Pyramid!F{pyramid.FIRST_ROW + 2}"] == pytest.approx(sum(again) / len(again))


def test_cohorts_are_calendar_months_that_have_new_customers(as_shipped):
    first = {customer: day for customer, _, _, day, *_ in sample.customers()}
    by_month, bought = defaultdict(set), defaultdict(set)
    for customer, day in first.items():
        by_month[day.year * 12 + day.month].add(customer)
    for _, day, customer, *_ in sample.orders():
        cohort = first[customer].year * 12 + first[customer].month
        bought[cohort, day.year * 12 + day.month - cohort].add(customer)
    last = max(day for _, day, *_ in sample.orders())
    for row in range(cohorts.FIRST_ROW, cohorts.LAST_ROW + 1):
        months = sorted(by_month)
        place = row - cohorts.FIRST_ROW
        cohort = months[place] if place < len(months) else None
        for age, column in enumerate(cohorts.AGES):
            future = cohort is None or cohort + age > last.year * 12 + last.month
            share = "" if future else len(bought[cohort, age]) / len(by_month[cohort])
            assert as_shipped[f"Cohorts!{column}{row}"] == (share if share == "" else pytest.approx(share))
    assert as_shipped[f"Cohorts!C{cohorts.ALL_ROW}"] == 330


def test_churn_is_counted_in_three_ways(as_shipped):
    starts = [start for _, start, *_ in sample.periods()]
    rates = [
        sample.LOST[-1] / starts[-1],
        sum(sample.LOST[-6:]) / starts[-6] / 6,
        sum(sample.LOST) / sum(starts),
    ]
    assert [as_shipped[f"Loyalty!D{row}"] for row in loyalty.CHURN_ROWS] == pytest.approx(rates)
    assert as_shipped["out_Churn"] == pytest.approx(rates[2])


def test_churn_of_the_articles(as_shipped):
    """2% a month is 50 months or 4.17 years; 6% loses 31% in six months, and 3% the fifth that an article speaks of."""
    used = loyalty.USED_ROW
    assert as_shipped[f"Loyalty!E{used + 2}"] == pytest.approx(50)
    assert as_shipped[f"Loyalty!E{used + 3}"] == pytest.approx(50 / 12)
    lost = [as_shipped[f"Loyalty!{column}{used + 1}"] for column in "EFGH"]
    assert lost == pytest.approx([1 - (1 - c) ** 6 for c in (0.02, 0.03, 0.06, 0.1)])
    assert [round(share, 3) for share in lost[1:]] == [0.167, 0.31, 0.469]


def test_less_churn_brings_125_percent_only_from_9_to_4(as_shipped):
    cases = range(value.CALCULATOR_ROW, value.CALCULATOR_ROW + 3)
    yearly = 1 - (1 - sum(sample.LOST) / sum(start for _, start, *_ in sample.periods())) ** 12
    measured = yearly / (yearly - 0.05) - 1
    assert [as_shipped[f"Value!F{row}"] for row in cases] == pytest.approx([1.25, 1 / 3, measured])
    assert as_shipped[f"Value!G{value.CALCULATOR_ROW + 1}"] == pytest.approx(0.275)


def test_new_and_existing_customers_are_compared(as_shipped):
    row = value.CONTACT_ROW + 2
    assert [as_shipped[f"Value!{column}{row + 1}"] for column in "DE"] == pytest.approx([5, 70])
    assert as_shipped[f"Value!F{row}"] == pytest.approx(14)
    assert as_shipped[f"Value!D{row + 7}"] == pytest.approx(5 * 2 / 0.7)


def test_segments_are_worth_years_times_purchases_times_ticket(as_shipped):
    for row, (name, purchases, ticket, years, _) in enumerate(sample.segments(), start=value.FIRST_SEGMENT):
        found = [as_shipped[f"Value!{column}{row}"] for column in "BFH"]
        discounted = purchases * ticket * (1 - 1.1**-years) / 0.1
        assert found == [name, pytest.approx(years * purchases * ticket), pytest.approx(discounted)]


def test_referrals_are_shown_as_asked_and_at_most(as_shipped):
    sources = Counter(source for _, _, source, *_ in sample.customers())
    first = loyalty.SOURCE_ROW + 2
    assert as_shipped["out_ReferralShare"] == pytest.approx(sources["Referral"] / 330)
    assert as_shipped[f"Loyalty!D{first + 9}"] == pytest.approx((sources["Referral"] + sources["Unknown"]) / 330)


def test_relationships_return_what_they_brought_over_time_and_money(as_shipped):
    assert as_shipped["out_ROR"] == pytest.approx(1_800 / 3_050)
    rows = range(relations.FIRST_ROW, relations.FIRST_ROW + 4)
    assert [as_shipped[f"Relations!I{row}"] for row in rows] == pytest.approx(
        [120 / 650, 480 / 250, 840 / 1450, 360 / 700]
    )
    per_week = relations.INTRO_ROW + 2
    assert [as_shipped[f"Relations!D{row}"] for row in (per_week, per_week + 1)] == [8, pytest.approx(38 / 8)]
    assert [as_shipped[f"Relations!F{row}"] for row in (per_week + 1, per_week + 2)] == ["below", "met"]


def test_the_base_plan_is_the_florist(as_shipped):
    found = [as_shipped[name] for name in ("out_PlanSpend", "out_PlanROI", "out_PlanROC", "out_PlanNet")]
    assert found == pytest.approx([10_000, 0.6, 1.275, 0.275], abs=1e-12)


def test_the_tornado_is_sorted_by_swing(as_shipped):
    rows = range(scenarios.FIRST_MOVE, scenarios.LAST_MOVE + 1)
    feed = [[as_shipped[f"Scenarios!{column}{row}"] for column in "JKL"] for row in rows]
    assert feed[0] == ["Budget", pytest.approx(1.275 / 0.8 - 1.275), pytest.approx(1.275 / 1.2 - 1.275)]
    assert feed[1] == ["Buyers per person reached", pytest.approx(-0.255), pytest.approx(0.255)]
    swings = [abs(up - down) for _, down, up in feed]
    assert swings == pytest.approx(sorted(swings, reverse=True))
    assert len({driver for driver, *_ in feed}) == len(scenarios.MOVED)


def test_the_two_way_table_holds_the_plan_itself(as_shipped):
    row = scenarios.TABLE_ROW + 2 + scenarios.DOWN.index(0.15)
    assert as_shipped[f"Scenarios!F{row}"] == pytest.approx(0.275)
    assert as_shipped[f"Scenarios!H{row + 2}"] == pytest.approx(200 * (1 + 0.3 + 1 + 0.325) * 30 / 10_000 - 1)


@pytest.mark.thorough
def test_scenarios_answers_and_churn_are_switched_on_inputs(opened, calculate, set_input):
    set_input(opened, "in_Scenario", "Cautious")
    set_input(opened, "in_Answers", "Both, pooled")
    set_input(opened, "in_Churn", "Last month")
    opened["Cohorts"]["C4"].value = sample.in_month(6, 1)
    result = calculate(opened)
    buyers = 20_000 * 0.008
    revenue = buyers * (1 + 0.1 + 0.4 + 0.2) * 30
    assert result["out_PlanROC"] == pytest.approx(revenue / (10_000 + buyers * 2))
    scores = [score for *_, score in sample.answers()]
    assert result["out_Answers"] == 120
    assert result["out_NPS"] == pytest.approx(100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)) / 120)
    assert result["out_Churn"] == pytest.approx(sample.LOST[-1] / sample.periods()[-1][1])
    assert (result[f"Cohorts!B{cohorts.FIRST_ROW}"].month, result[f"Cohorts!C{cohorts.FIRST_ROW}"]) == (7, 14)
    assert result["chk_All"] == "OK"


def test_pooling_has_to_be_asked_for(as_shipped):
    assert as_shipped[f"Loyalty!J{loyalty.POOLED_ROW}"] == ""
    assert as_shipped["out_Answers"] == 80

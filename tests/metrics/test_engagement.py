"""Engagement pyramid and customer lifecycle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

ERRORS = [
    ("ENGAGEMENT_LEVEL", [None, 0, 1, 0], "#N/A", "visits is blank"),
    ("ENGAGEMENT_LEVEL", [1, 0, "Yes", 0], "#VALUE!", "feedback: a number is needed, 'Yes' was found"),
    ("ENGAGEMENT_LEVEL", [-1, 0, 0, 0], "#NUM!", "visits must be 0 or more"),
    ("ENGAGEMENT_LEVEL", [1, -1, 0, 0], "#NUM!", "orders must be 0 or more"),
    ("ENGAGEMENT_LEVEL", [1, 0, -1, 0], "#NUM!", "feedback must be 0 or more"),
    ("ENGAGEMENT_LEVEL", [1, 0, 0, -1], "#NUM!", "referrals must be 0 or more"),
    ("ENGAGEMENT_VALUE", [-1, 30, 2], "#NUM!", "orders must be 0 or more"),
    ("ENGAGEMENT_VALUE", [1, -30, 2], "#NUM!", "average_order must be 0 or more"),
    ("ENGAGEMENT_VALUE", [1, 30, -2], "#NUM!", "cost must be 0 or more"),
    ("ENGAGEMENT_VALUE", [1, 30, 2, -1], "#NUM!", "influenced must be 0 or more"),
    ("ENGAGEMENT_VALUE", [1, 30, 2, 1, 30], "#NUM!", "conversion must lie between 0 and 1, 30 was found; 30% is 0.3"),
    ("ENGAGEMENT_VALUE", [1, 30, 2, 1, 0.3, 40], "#NUM!", "40% is 0.4"),
    ("LIFECYCLE_STAGE", [2, None], "#N/A", "days_since_last is blank"),
    ("LIFECYCLE_STAGE", [1, "long ago"], "#VALUE!", "days_since_last: a number is needed"),
    ("LIFECYCLE_STAGE", [-1, 5], "#NUM!", "orders must be 0 or more"),
    ("LIFECYCLE_STAGE", [2, -5], "#NUM!", "days_since_last must be 0 or more"),
    ("LIFECYCLE_STAGE", [2, 5, -1], "#NUM!", "feedback must be 0 or more"),
    ("LIFECYCLE_STAGE", [2, 5, 0, -1], "#NUM!", "referrals must be 0 or more"),
    ("LIFECYCLE_STAGE", [2, 5, 0, 0, -365], "#NUM!", "active_days must be 0 or more"),
]

LEVELS = ["Total market", "Just looking", "Just buying", "Buying again", "Giving feedback", "Telling others"]
STAGES = ["Reach", "Acquire", "Develop", "Retain", "Advocate"]
COUNT = st.integers(0, 3)


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)


@pytest.mark.parametrize(
    ("raw", "level"),
    [
        ([0, 0, 0, 0], "Total market"),
        ([1, 0, 0, 0], "Just looking"),
        ([0, 1, 0, 0], "Just buying"),
        ([9, 2, 0, 0], "Buying again"),
        ([9, 1, 1, 0], "Giving feedback"),
        ([9, 5, True, False], "Giving feedback"),
        ([9, 0, 1, 0], "Giving feedback"),
        ([9, 5, 1, 1], "Telling others"),
        ([0, 0, 0, 1], "Telling others"),
        ([3, 1, None, None], "Just buying"),
        ([3, 2], "Buying again"),
    ],
)
def test_level_is_the_highest_for_which_there_is_evidence(answer, raw, level):
    assert answer("ENGAGEMENT_LEVEL", *raw) == level


def test_level_of_every_row_of_a_list(answer):
    levels = answer("ENGAGEMENT_LEVEL", [[1], [2]], [[0], [3]], [[0], [0]], 0)
    assert levels == [["Just looking"], ["Buying again"]]


@given(COUNT, COUNT, COUNT, COUNT, st.integers(0, 3))
def test_more_evidence_never_lowers_the_level(answer, visits, orders, feedback, referrals, which):
    evidence = [visits, orders, feedback, referrals]
    more = [count + (index == which) for index, count in enumerate(evidence)]
    level, level_of_more = (LEVELS.index(answer("ENGAGEMENT_LEVEL", *counts)) for counts in (evidence, more))
    assert level <= level_of_more


# The illustrative pyramid of the template: orders of 30 a year, and what a person costs on each level.
@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ([0, 30, 8.33], -8.33),
        ([1, 30, 8.33], 21.67),
        ([2.2, 30, 2, 0.3, 0.2], 65.8),
        ([2.6, 30, 3, 1, 0.2], 81),
        ([3, 30, 2, 3, 0.3], 115),
        ([3, 30, 2, 3, 0.3, 0.5], 56.5),
        ([1, 30, 5, 2, None, None], 25),
        ([1, 30, 5, None, None, -0.1], -8),
    ],
)
def test_value_of_a_person_on_a_level(answer, raw, value):
    """Lookers cost more than they bring, and each level is worth more than the one beneath it."""
    assert answer("ENGAGEMENT_VALUE", *raw) == pytest.approx(value)


@pytest.mark.parametrize(
    ("raw", "stage"),
    [
        ([0, 0], "Reach"),
        ([0, None], "Reach"),
        ([1, None], "Acquire"),
        ([0, 0, 1], "Develop"),
        ([1, 10], "Acquire"),
        ([1, 900], "Acquire"),
        ([1, 10, 1], "Develop"),
        ([2, 365], "Retain"),
        ([2, 366], "Develop"),
        ([2, 91, 0, 0, 90], "Develop"),
        ([2, 90, 0, 0, 90], "Retain"),
        ([5, 900, 1], "Develop"),
        ([0, 0, 0, 1], "Advocate"),
        ([5, 900, None, True], "Advocate"),
    ],
)
def test_stage_of_a_customer(answer, raw, stage):
    assert answer("LIFECYCLE_STAGE", *raw) == stage


@given(COUNT, st.integers(0, 800), COUNT, COUNT)
def test_time_without_an_order_never_lifts_a_customer(answer, orders, days, feedback, referrals):
    now, later = (STAGES.index(answer("LIFECYCLE_STAGE", orders, d, feedback, referrals)) for d in (days, days + 200))
    assert later <= now

"""Net promoter score, word of mouth and referrals."""

import random
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from addin import nps, nps_ci
from addin.errors import WrongKind
from addin.metrics.loyalty import nps_change

SCORES = st.lists(st.integers(0, 10), min_size=1, max_size=60)

ERRORS = [
    ("NPS", [[]], "#N/A", "scores is blank"),
    ("NPS", [[None, "", None]], "#N/A", "scores is blank"),
    ("NPS", [[[10], ["nine"]]], "#VALUE!", "scores, row 2: a number is needed, the text 'nine'"),
    ("NPS", [[10, 11]], "#VALUE!", "from 0 to 10 is needed, 11 was found"),
    ("NPS", [[10, -1]], "#VALUE!", "-1 was found"),
    ("NPS", [[10, 8.5]], "#VALUE!", "8.5 was found"),
    ("NPS", [[10, 0], "1-10"], "#VALUE!", "from 1 to 10 is needed, 0 was found"),
    ("NPS", [[10], "1-5"], "#VALUE!", '"0-10" or "1-10" is needed'),
    ("NPS_COUNTS", [0, 0, 0], "#N/A", "all three counts are 0"),
    ("NPS_COUNTS", [10, 5, -1], "#NUM!", "detractors must be 0 or more, -1 was found"),
    ("NPS_COUNTS", [0, 1e305, 1.797e308], "#NUM!", "too large"),
    ("NPS_CI", [[None]], "#N/A", "scores is blank"),
    ("NPS_CI", [[12]], "#VALUE!", "12 was found"),
    ("NPS_CI", [[10], "0-10", 95], "#NUM!", "95% is 0.95"),
    ("NPS_CI", [[10], "0-10", 0], "#NUM!", "between 0 and 1"),
    ("NPS_CI", [[10], "0-10", 1], "#NUM!", "between 0 and 1"),
    ("NPS_CHANGE", [[[None]], [[9]]], "#N/A", "before is blank"),
    ("NPS_CHANGE", [[[9]], [[None]]], "#N/A", "after is blank"),
    ("NPS_CHANGE", [[[9]], [[9], [8.5]]], "#VALUE!", "after: a whole answer from 0 to 10 is needed, 8.5 was found"),
    ("NPS_CHANGE", [[[9], [0]], [[9]], "1-10"], "#VALUE!", "before: a whole answer from 1 to 10"),
    ("NPS_CHANGE", [[[9]], [[9]], "0-10", 95], "#NUM!", "95% is 0.95"),
    ("WORD_OF_MOUTH", [-1, 10], "#NUM!", "satisfied must be 0 or more"),
    ("WORD_OF_MOUTH", [1, 10, 1, -10], "#NUM!", "tells_unhappy must be 0 or more"),
    ("REFERRAL_RATE", [["", None]], "#N/A", "how_heard is empty"),
    ("REFERRAL_RATE", [["a friend"], [" , "]], "#N/A", "words is empty"),
    ("ATTRIBUTION", [100, ["Ads"], [None]], "#N/A", "no channel has customers"),
    ("ATTRIBUTION", [100, ["Ads", "Mail"], [1]], "#VALUE!", "channels has 2 cells, customers 1"),
    ("ATTRIBUTION", [100, ["Ads", ""], [1, 25]], "#VALUE!", "a blank was found beside 25 customers"),
    ("ATTRIBUTION", [100, ["Ads"], ["many"]], "#VALUE!", "the text 'many'"),
    ("ATTRIBUTION", [0, ["Ads"], [1]], "#DIV/0!", "total is 0"),
    ("ATTRIBUTION", [-5, ["Ads"], [1]], "#NUM!", "total must be more than 0"),
    ("ATTRIBUTION", [100, ["Ads"], [-1]], "#NUM!", "customers must be 0 or more"),
    ("ATTRIBUTION", [60, ["Search", "Ads"], [40, 25]], "#NUM!", "add up to 65, more than the total of 60"),
]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([[[1], [6], [7], [8], [9], [10], [10], [10]], "1-10"], 25),  # the Finnish loyalty guide
        ([[[0], [6], [7], [8], [9], [10], [10], [10]]], 25),  # the Russian guide to a customer for life
        ([[10, 9, "", ""]], 100),
        ([[[10, 9], [8, 6], [10, None]]], 40),
        ([7], 0),
        ([True], -100),  # one cell counts, as in SUM(TRUE)
        ([[10], " 0-10 "], 100),
        ([[10], None], 100),
    ],
)
def test_nps(answer, raw, expected):
    """Promoters less detractors in points; blanks do not count, a block of cells or one cell will do."""
    assert answer("NPS", *raw) == pytest.approx(expected)


@pytest.mark.parametrize(("score", "points"), [(0, -100), (6, -100), (7, 0), (8, 0), (9, 100), (10, 100)])
def test_where_promoters_passives_and_detractors_begin(answer, score, points):
    assert answer("NPS", [score]) == points


def test_python_refuses_an_unknown_scale_too():
    with pytest.raises(WrongKind, match="'5-10' was found"):
        nps([10], "5-10")


@given(SCORES, st.randoms(use_true_random=False))
def test_nps_lies_on_its_scale_whatever_the_order_and_the_blanks(answer, scores, chance):
    score = answer("NPS", scores)
    shuffled = random.Random(chance.random()).sample([*scores, None, ""], len(scores) + 2)
    assert -100 <= score <= 100
    assert answer("NPS", [[cell] for cell in shuffled]) == score


@given(SCORES)
def test_the_three_counts_give_the_score_of_the_answers(answer, scores):
    promoters, detractors = sum(s >= 9 for s in scores), sum(s <= 6 for s in scores)
    passives = len(scores) - promoters - detractors
    assert answer("NPS_COUNTS", promoters, passives, detractors) == answer("NPS", scores)


# Adjusted Wald intervals at 95% by the closed form of Rocks (2016), The American Statistician 70(4),
# worked out apart from this package; the fourth reaches beyond the scale, to 106.34.
INTERVALS = [
    (150, 100, 50, 24.60674484996894, 41.39985581009706),
    (24, 18, 8, 10.387792542288853, 49.98956594827719),
    (5, 0, 5, -51.12739422381415, 51.12739422381415),
    (10, 0, 0, 47.503551544790206, 100.0),
    (60, 25, 15, 29.343111201734093, 58.03552957496494),
]


@pytest.mark.parametrize(("promoters", "passives", "detractors", "low", "high"), INTERVALS)
def test_nps_interval_is_the_adjusted_wald_interval_cut_at_the_ends_of_the_scale(
    answer, promoters, passives, detractors, low, high
):
    scores = [9] * promoters + [7] * passives + [3] * detractors
    mirrored = [3] * promoters + [7] * passives + [9] * detractors
    assert answer("NPS_CI", scores) == [pytest.approx([low, high], abs=1e-9)]
    assert answer("NPS_CI", mirrored) == [pytest.approx([-high, -low], abs=1e-9)]


def test_nps_interval_of_one_standard_error(answer):
    """A confidence of 68.27% is one standard error to each side: the 95% margin over 1.96."""
    (low, high) = answer("NPS_CI", [9] * 150 + [7] * 100 + [3] * 50, "0-10", 0.6826894921370859)[0]
    assert (high - low) / 2 == pytest.approx(8.396555480064057 / 1.959963984540054)


@given(SCORES, st.floats(1e-9, 0.9999999999999999), st.floats(1e-9, 0.9999999999999999))
def test_more_confidence_takes_a_wider_interval_never_beyond_the_scale(scores, one, other):
    sure, surer = sorted((one, other))
    low, high = nps_ci(scores, "0-10", sure)
    lower, higher = nps_ci(scores, "0-10", surer)
    assert -100 <= lower <= low <= high <= higher <= 100


def adjusted(scores):
    """The score and its standard error in points, by statsmodels, with three answers added."""
    answers = np.array(scores)
    counts = [(answers >= 9).sum() + 0.75, ((answers == 7) | (answers == 8)).sum() + 1.5, (answers <= 6).sum() + 0.75]
    described = DescrStatsW([100.0, 0.0, -100.0], weights=counts)
    return described.mean, (described.var / described.sum_weights) ** 0.5


@given(SCORES, SCORES, st.floats(0.5, 0.999))
def test_a_change_agrees_with_statsmodels_on_the_adjusted_answers(before, after, confidence):
    table = {row[0]: row[1:] for row in nps_change(before, after, confidence=confidence)}
    (first, first_error), (second, second_error) = adjusted(before), adjusted(after)
    change, error = second - first, (first_error**2 + second_error**2) ** 0.5
    assert table["z"][0] == pytest.approx(change / error, abs=1e-9)
    assert table["p"][0] == pytest.approx(2 * NormalDist().cdf(-abs(change / error)), abs=1e-9)
    margin = NormalDist().inv_cdf((1 + confidence) / 2) * error
    assert table["Change"] == pytest.approx(
        [nps(after) - nps(before), max(-200, change - margin), min(200, change + margin)], abs=1e-9
    )
    for name, scores in (("Before", before), ("After", after)):
        assert table[name] == pytest.approx([nps(scores), *nps_ci(scores, confidence=confidence)])


def test_an_interval_of_a_change_holds_the_truth_as_often_as_it_says():
    """Four thousand pairs of surveys of 40 and 60 people, drawn from known shares; the true change is 20 points."""
    random_surveys = np.random.default_rng(1)
    hits = 0
    for _ in range(4000):
        before = random_surveys.choice([10, 8, 3], 40, p=[0.5, 0.2, 0.3])
        after = random_surveys.choice([10, 8, 3], 60, p=[0.6, 0.2, 0.2])
        _, low, high = nps_change(before, after)[3][1:]
        hits += low <= 20 <= high
    assert hits / 4000 == pytest.approx(0.95, abs=0.012)


@pytest.mark.parametrize(
    ("raw", "mentions"),
    [([90, 10], -10), ([10, 1], 0), ([100, 0], 100), ([90, 10, 2, 5], 130), ([90, 10, None, 9], 0), ([0, 0], 0)],
)
def test_word_of_mouth_helps_once_ten_in_eleven_are_satisfied(answer, raw, mentions):
    assert answer("WORD_OF_MOUTH", *raw) == mentions


@pytest.mark.parametrize(
    ("raw", "share"),
    [
        ([["A friend told me", "Search", "my COLLEAGUE Ann", "newspaper"]], 1 / 2),
        ([["Referral", "referred by Bo", "I prefer this shop", None, " "]], 2 / 3),
        ([["Google", "advert"]], 0),
        ([["word of mouth"]], 1),
        ([["ystävä", "Naapuri kertoi", "lehti"], "YSTÄVÄ, naapuri"], 2 / 3),
        ([["ystävä", "lehti"], [["ystävä"], [""]]], 1 / 2),
        ([["#refer", "refer"], "#refer"], 1 / 2),
        ([["C++ group", "C group"], "c++"], 1 / 2),
        ([[5, 7, 5], [5]], 2 / 3),
    ],
)
def test_referral_rate_counts_answers_in_which_a_word_begins_with_a_mark(answer, raw, share):
    assert answer("REFERRAL_RATE", *raw) == pytest.approx(share)


@pytest.mark.parametrize(
    ("raw", "rows"),
    [
        ([100, [["Search"], ["Ads"]], [[40], [25]]], [["Search", 40, 0.4], ["Ads", 25, 0.25], ["Remainder", 35, 0.35]]),
        ([50, ["Ads", "Mail", ""], [50, None, None]], [["Ads", 50, 1], ["Remainder", 0, 0]]),
        ([100, [2025], [10]], [["2025", 10, 0.1], ["Remainder", 90, 0.9]]),
    ],
)
def test_attribution_lists_the_channels_and_what_none_of_them_explains(answer, raw, rows):
    assert answer("ATTRIBUTION", *raw) == [["Channel", "Customers", "Share"], *rows]


def test_attribution_of_shared_credit_adds_up_to_the_total(answer):
    """0.1 + 0.2 is more than 0.3 to a computer, and yet no customer is counted twice."""
    assert answer("ATTRIBUTION", 0.3, ["A", "B"], [0.1, 0.2])[-1] == ["Remainder", 0, 0]

"""How customers speak of you: net promoter score, word of mouth, referrals."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Annotated, Literal

import numpy as np

from addin.catalogue import Example, Labels, Number, Numbers, Scores, Table, metric
from addin.errors import NotEnoughData, OffScale, OutOfRange, WrongKind
from addin.metrics.experiment import quantile, strictly_within, two_sided
from addin.metrics.guards import not_negative, one_of, positive
from addin.scores import off_scale_sentence
from addin.values import drop_blank_labels, drop_blanks, label

Scale = Literal["0-10", "1-10"]

REFERRAL_WORDS = ("friend", "family", "colleague", "neighbour", "neighbor", "recommend", "refer", "word of mouth")
SLACK = 1e-9
"""How much of the total the rounding of shared credit, such as thirds of a customer, may leave over."""


def counts(scores: Scores, scale: Scale, name: str = "scores") -> tuple[int, int, int]:
    """Promoters (9, 10), passives (7, 8) and detractors (the rest) among the answers."""
    one_of(Scale, scale=scale)
    answers = drop_blanks(scores)
    if not answers.size:
        raise NotEnoughData(f"{name} is blank; give at least one answer")
    lowest = int(scale[0])
    off_scale = (answers < lowest) | (answers > 10) | (answers != np.floor(answers))
    if off_scale.any():
        raise OffScale(f"{name}: {off_scale_sentence(answers[off_scale][0], lowest)}")
    promoters = int(np.count_nonzero(answers >= 9))
    detractors = int(np.count_nonzero(answers <= 6))
    return promoters, answers.size - promoters - detractors, detractors


@metric("NPS", family="Loyalty", returns="points, -100 to 100", example=Example("=NPS({10;9;8;6;10})", gives=40.0))
def nps(
    scores: Annotated[Scores, "Answers to 'how likely are you to recommend us'; blanks are skipped", "points"],
    scale: Annotated[Scale, "The scale that was asked: 0-10, or 1-10"] = "0-10",
) -> float:
    """Net Promoter Score of a survey, from -100 (all detractors) to 100 (all promoters).

    Promoters answer 9 or 10, passives 7 or 8, detractors 0 to 6 (1 to 6 on the 1-10 scale).
    The two scales word the question differently: do not pool their answers.

    Formula: 100 * (promoters - detractors) / answers
    Errors: #N/A no answers; #VALUE! an answer that is text, not whole, or off the scale (a 0 on 1-10), or an
        unknown scale.
    Source: Reichheld, The One Number You Need to Grow, Harvard Business Review 81(12), 2003.
    """
    return nps_counts(*counts(scores, scale))


@metric("NPS_COUNTS", family="Loyalty", returns="points, -100 to 100",
        example=Example("=NPS_COUNTS(150,100,50)", gives=100 / 3))  # fmt: skip
def nps_counts(
    promoters: Annotated[Number, "How many answered 9 or 10", "people"],
    passives: Annotated[Number, "How many answered 7 or 8", "people"],
    detractors: Annotated[Number, "How many answered 6 or less", "people"],
) -> float:
    """Net Promoter Score from the three counts, where the single answers are not at hand.

    Formula: 100 * (promoters - detractors) / (promoters + passives + detractors)
    Errors: #N/A all counts are zero; #NUM! a count is negative.
    Source: Reichheld, The One Number You Need to Grow, Harvard Business Review 81(12), 2003.
    """
    not_negative(promoters=promoters, passives=passives, detractors=detractors)
    answers = math.fsum((promoters, passives, detractors))
    if answers == 0:
        raise NotEnoughData("all three counts are 0; give at least one answer")
    return 100 * (promoters - detractors) / answers


@metric("NPS_CI", family="Loyalty", returns="points, low and high in two cells",
        example=Example("=NPS_CI({10;9;8;6;10})", gives=[[-29.782658786036343, 79.78265878603634]]))  # fmt: skip
def nps_ci(
    scores: Annotated[Scores, "Answers to 'how likely are you to recommend us'; blanks are skipped", "points"],
    scale: Annotated[Scale, "The scale that was asked: 0-10, or 1-10"] = "0-10",
    confidence: Annotated[Number, "How sure the interval is to hold the true score", "fraction"] = 0.95,
) -> tuple[float, float]:
    """Low and high end of the Net Promoter Score's confidence interval, in two cells side by side.

    The adjusted Wald interval adds 3/4 promoter, 3/4 detractor and 3/2 passives to the answers, so
    that it holds its promise for few answers too, where the plain interval is too narrow.

    Formula: p, d = (promoters + 3/4)/(n + 3), (detractors + 3/4)/(n + 3);
        100 * (p - d ± z * sqrt((p + d - (p - d)^2)/(n + 3))), clipped to ±100
    Errors: #N/A no answers; #VALUE! an answer that is text, not whole, or off the scale, or an unknown scale; #NUM!
        confidence is not between 0 and 1.
    Source: Rocks, Interval Estimation for the Net Promoter Score, The American Statistician 70(4), 2016.
    """
    return _interval(_adjusted(counts(scores, scale)), confidence)


def _adjusted(answers: tuple[int, int, int]) -> tuple[float, float]:
    """The score as a fraction and its variance, with three answers added to those given."""
    promoters, _, detractors = answers
    n = sum(answers) + 3
    p, d = (promoters + 0.75) / n, (detractors + 0.75) / n
    return p - d, (p + d - (p - d) ** 2) / n


def _interval(score_and_variance: tuple[float, float], confidence: float, most: float = 100.0) -> tuple[float, float]:
    """In points."""
    strictly_within(confidence=confidence)
    score, variance = score_and_variance
    margin = -quantile((1 - confidence) / 2) * variance**0.5
    return max(-most, 100 * (score - margin)), min(most, 100 * (score + margin))


@metric("NPS_CHANGE", family="Loyalty", returns="table: measure, value, low, high",
        example=Example("=NPS_CHANGE({6;8;9;3;10;7;9;5},{9;10;8;9;7;10;9;4})", gives=[
            ["Measure", "Value", "Low", "High"],
            ["Before", 0.0, -48.79620391955882, 48.79620391955882],
            ["After", 50.0, -7.44602396274075, 80.17329669001347],
            ["Change", 50.0, -29.21346219120752, 101.94073491848026],
            ["z", 1.086833958657566, "", ""], ["p", 0.27711019701610234, "", ""],
        ]))  # fmt: skip
def nps_change(
    before: Annotated[Scores, "Answers to 'how likely are you to recommend us', first survey; blanks are skipped",
                      "points"],
    after: Annotated[Scores, "Answers to the same question in the second survey, of other people", "points"],
    scale: Annotated[Scale, "The scale that was asked, both times: 0-10, or 1-10"] = "0-10",
    confidence: Annotated[Number, "How sure each interval is to hold the true value", "fraction"] = 0.95,
) -> Table:  # fmt: skip
    """Did the Net Promoter Score change from one survey to the next, or is it chance?

    Both scores and the change, each with low and high, then z and p. Where low and high of the change lie on both
    sides of 0, or p is above 1 - confidence (0.05 by default), chance alone may explain it; with 100 answers in each
    survey that is so up to a change of some 20 points. The answers must come from different people, and two groups
    asked at one time may be compared as well; where the same people answered twice, the test is too cautious. The
    limits add three answers to each survey, as NPS_CI does, so with few answers they lie nearer to 0 than the change.

    Formula: s, v = p - d and (p + d - (p - d)^2)/(n + 3) of each survey, p and d as in NPS_CI; limits
        100 * (s2 - s1 ± z * sqrt(v1 + v2)), clipped to ±200; z = (s2 - s1) / sqrt(v1 + v2); p two-sided
    Errors: #N/A no answers; #VALUE! an answer that is text, not whole, or off the scale, or an unknown scale; #NUM!
        confidence is not between 0 and 1.
    Source: Lewis and Sauro, How to Statistically Compare Two Net Promoter Scores, MeasuringU, 2021, on the intervals
        of Rocks, The American Statistician 70(4), 2016.
    """
    surveys = [counts(scores, scale, name) for name, scores in (("before", before), ("after", after))]
    (first, first_variance), (second, second_variance) = map(_adjusted, surveys)
    change, variance = second - first, first_variance + second_variance
    scores = [nps_counts(*answers) for answers in surveys]
    z = change / variance**0.5
    return [
        ["Measure", "Value", "Low", "High"],
        ["Before", scores[0], *_interval((first, first_variance), confidence)],
        ["After", scores[1], *_interval((second, second_variance), confidence)],
        ["Change", scores[1] - scores[0], *_interval((change, variance), confidence, 200.0)],
        ["z", z, None, None],
        ["p", two_sided(z), None, None],
    ]


@metric("WORD_OF_MOUTH", family="Loyalty", returns="mentions, good less bad",
        example=Example("=WORD_OF_MOUTH(90,10)", gives=-10.0))  # fmt: skip
def word_of_mouth(
    satisfied: Annotated[Number, "Satisfied customers", "people"],
    dissatisfied: Annotated[Number, "Dissatisfied customers", "people"],
    tells_happy: Annotated[Number, "How many people a satisfied customer tells", "people"] = 1.0,
    tells_unhappy: Annotated[Number, "How many people a dissatisfied customer tells", "people"] = 10.0,
) -> float:
    """Net mentions: what satisfied customers tell others, less what dissatisfied ones tell.

    The 1 and 10 are a rule of thumb, not a measurement: replace them by your own. With them,
    ten in eleven customers must be satisfied before word of mouth helps.

    Formula: satisfied * tells_happy - dissatisfied * tells_unhappy
    Errors: #NUM! a number is negative.
    Source: the rule that an unhappy customer tells ten others, as small-business guides give it.
    """
    not_negative(satisfied=satisfied, dissatisfied=dissatisfied, tells_happy=tells_happy, tells_unhappy=tells_unhappy)
    return satisfied * tells_happy - dissatisfied * tells_unhappy


@metric("REFERRAL_RATE", family="Loyalty", returns="fraction, 0 to 1",
        example=Example('=REFERRAL_RATE({"a friend";"search";"recommended";"newspaper"})', gives=0.5))  # fmt: skip
def referral_rate(
    how_heard: Annotated[Labels, "Answers to 'how did you hear of us'; blanks are skipped"],
    words: Annotated[Labels, "Words that mark a referral, in cells or with commas; friend, family, recommend and "
                             "the like when left out"] = REFERRAL_WORDS,
) -> float:  # fmt: skip
    """Share of customers who name a referral when asked how they heard of you.

    An answer counts when one of its words begins with one of the given words, in upper or lower
    case: 'refer' finds 'Referral' but not 'I prefer'.

    Formula: answers that name a referral / answers
    Errors: #N/A no answers, or no words.
    Source: the question 'how did you hear of us', as small-business guides recommend it.
    """
    answers = drop_blank_labels(how_heard)
    marks = [mark.strip() for cell in drop_blank_labels(words) for mark in cell.split(",") if mark.strip()]
    if not answers or not marks:
        raise NotEnoughData(f"{'how_heard' if not answers else 'words'} is empty; give at least one")
    names_referral = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, marks))})", re.IGNORECASE).search
    return sum(times for answer, times in Counter(answers).items() if names_referral(answer)) / len(answers)


@metric("ATTRIBUTION", family="Loyalty", returns="table: channel, customers, share",
        example=Example('=ATTRIBUTION(100,{"Search";"Ads"},{40;25})', gives=[
            ["Channel", "Customers", "Share"], ["Search", 40.0, 0.4], ["Ads", 25.0, 0.25],
            ["Remainder", 35.0, 0.35],
        ]))  # fmt: skip
def attribution(
    total: Annotated[Number, "All new customers of the period", "people"],
    channels: Annotated[Labels, "Names of the channels that are tracked"],
    customers: Annotated[Numbers, "Customers each channel brought, beside its name", "people"],
) -> Table:
    """Where customers come from: each tracked channel, then the remainder that none explains.

    The remainder is an upper bound of referral and direct together, not a measurement of referral. A
    channel whose customers are blank is left out.

    Formula: share = customers / total; remainder = total - sum of customers
    Errors: #N/A no channel with its customers; #VALUE! a number is text, ranges of different size, or customers
        beside no channel; #DIV/0! total is 0; #NUM! a number is negative, or the channels add up to more than
        the total (customers counted twice).
    Source: the method of the remainder, as small-business guides describe it.
    """
    positive(total=total)
    rows = _tracked(channels, customers)
    remainder = total - math.fsum(count for _, count in rows)
    if abs(remainder) < SLACK * total:
        remainder = 0.0
    if remainder < 0:
        raise OutOfRange(
            f"the channels add up to {total - remainder:g}, more than the total of {total:g}; "
            "a customer is counted in two channels"
        )
    table: Table = [["Channel", "Customers", "Share"]]
    table += [[name, count, count / total] for name, count in [*rows, ("Remainder", remainder)]]
    return table


def _tracked(channels: Labels, customers: Numbers) -> list[tuple[str, float]]:
    """Each named channel with its customers."""
    names, counts_of = [label(name) for name in channels], np.asarray(customers, dtype=np.float64).ravel().tolist()
    if len(names) != len(counts_of):
        raise WrongKind(f"channels has {len(names)} cells, customers {len(counts_of)}; give ranges of equal size")
    rows = []
    for name, count in zip(names, counts_of, strict=True):
        if math.isnan(count):
            continue
        not_negative(customers=count)
        if name is None:
            raise WrongKind(
                f"channels: a name is needed, a blank was found beside {count:g} customers; name the channel"
            )
        rows.append((name, count))
    if not rows:
        raise NotEnoughData("no channel has customers beside it; give at least one")
    return rows

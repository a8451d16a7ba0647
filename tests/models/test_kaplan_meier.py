"""Kaplan-Meier on the leukaemia data that every textbook has, and beside lifelines on others."""

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from addin.errors import NotEnoughData, OutOfRange, WrongKind
from addin.models import kaplan_meier

# Freireich and others 1963: weeks in remission under 6-MP; 0 where the patient was still in remission
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_published_survival_and_greenwoods_errors():
    curve = kaplan_meier(WEEKS, RELAPSE)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.lost.tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert curve.survival == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert curve.standard_errors == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5)
    assert (curve.low[-1], curve.high[-1]) == pytest.approx((0.18805200595923233, 0.6801426284952412))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_other_data_agree_with_lifelines(seed, confidence):
    random = np.random.default_rng(seed)
    durations, events = random.integers(1, 40, 300), random.random(300) < 0.6
    durations[events] = np.minimum(durations[events], 35)  # the last seen are still there
    curve = kaplan_meier(durations, events, confidence)
    theirs = KaplanMeierFitter(alpha=1 - confidence).fit(durations, events)
    assert curve.survival == pytest.approx(theirs.survival_function_.loc[curve.times].to_numpy().ravel())
    limits = theirs.confidence_interval_.loc[curve.times].to_numpy()
    assert np.column_stack([curve.low, curve.high]) == pytest.approx(limits)


def test_where_nobody_is_left_there_is_no_interval():
    curve = kaplan_meier([1, 2], [1, 1])
    assert curve.survival.tolist() == [0.5, 0]
    assert np.isnan([curve.low[1], curve.high[1], curve.standard_errors[1]]).all()


def test_some_leave_on_the_first_day():
    """A duration of 0, as lifelines counts it: 3 of 4 are left, then 2 of the 3."""
    curve = kaplan_meier([0, 2, 5, 5], [1, 1, 0, 0])
    theirs = KaplanMeierFitter().fit([0, 2, 5, 5], [1, 1, 0, 0])
    assert curve.times.tolist() == [0, 2]
    assert curve.survival.tolist() == pytest.approx([0.75, 0.5])
    assert curve.survival == pytest.approx(theirs.survival_function_.loc[curve.times].to_numpy().ravel())


def test_nobody_left_yet():
    assert kaplan_meier([3, 4], [0, 0]).times.size == 0


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (([], []), NotEnoughData, "no customers"),
        (([1, 2], [1]), WrongKind, "2 values, events 1"),
        (([1, -2], [1, 1]), OutOfRange, "durations must be 0 or more"),
        (([1, 2], [1, 2]), OutOfRange, "events must be 1"),
        (([1, float("nan")], [1, 1]), WrongKind, "finite"),
    ],
)
def test_wrong_input_is_refused_with_a_reason(given, error, words):
    with pytest.raises(error, match=words):
        kaplan_meier(*given)

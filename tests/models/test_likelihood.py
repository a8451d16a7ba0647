"""The search for a maximum: it ends, and it does not take a plain for a summit."""

import numpy as np
import pytest

from addin.errors import NoConvergence
from addin.models.likelihood import maximum


def bowl(curvature):
    """A log-likelihood with its summit at (2, 3), curved by so much in the logarithm of the second parameter."""

    def likelihood(values):
        off = np.log(values / [2, 3])
        bend = np.array([100.0, curvature])
        hessian = np.diag((bend * off - bend) / values**2)
        return -(bend * off**2).sum() / 2, -bend * off / values, hessian

    return likelihood


def test_a_summit_is_found_with_its_standard_errors():
    best = maximum(bowl(25.0), {"first": 1, "second": 1}, "")
    assert best.values == pytest.approx([2, 3])
    assert best.standard_errors == pytest.approx([2 / 10, 3 / 5])
    assert best.log_likelihood == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("curvature", [1e-4, 0.0, -1.0])
def test_a_plain_or_a_pass_is_no_summit(curvature):
    """Where the data say nothing of a parameter: a standard error of a hundred in its logarithm, or none at all."""
    with pytest.raises(NoConvergence, match=r"no best fit was found: .*; give more data"):
        maximum(bowl(curvature), {"first": 1, "second": 2.9}, "give more data")


def test_a_likelihood_that_rises_for_ever_says_where_it_leads():
    with pytest.raises(NoConvergence, match="second runs without end"):
        maximum(
            lambda v: (-np.log(v[0]) ** 2 - 1 / v[1], np.array([-2 * np.log(v[0]) / v[0], 1 / v[1] ** 2]),
                       np.diag([(2 * np.log(v[0]) - 2) / v[0] ** 2, -2 / v[1] ** 3])),
            {"first": 1, "second": 1}, "",
        )  # fmt: skip

"""What customers pay month by month, and what moved it from one month to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from addin.models.likelihood import FloatArray
from addin.models.orders import IntArray, count

ROUNDING = 1e-12
"""Amounts that differ by a smaller share differ only by rounding."""


@dataclass(frozen=True, slots=True)
class MonthlyRevenue:
    """The months in which customers paid, customer by customer from the first on, and how much."""

    customer: IntArray
    month: IntArray
    amount: FloatArray
    months: int
    """How many months there are, those in which nobody paid included."""

    @classmethod
    def of(
        cls, customer: IntArray, month: IntArray, charged: FloatArray, paid: FloatArray, months: int
    ) -> MonthlyRevenue:
        """From charges in any sequence, and what was paid of each once refunds are taken off."""
        keys, position = np.unique(customer * months + month, return_inverse=True)
        amount = count(position, paid)
        paying = amount > ROUNDING * count(position, charged)
        return cls(keys[paying] // months, keys[paying] % months, amount[paying], months)

    def totals(self) -> tuple[FloatArray, IntArray]:
        """What was paid in each month, and by how many customers."""
        return count(self.month, self.amount, self.months), count(self.month, minlength=self.months)

    def movements(self) -> dict[str, FloatArray]:
        """What was won and lost in each month against the one before."""
        known = self.customer[1:] == self.customer[:-1]
        stayed = known & (np.diff(self.month) == 1)
        change = np.diff(self.amount)
        change[np.abs(change) <= ROUNDING * np.maximum(self.amount[1:], self.amount[:-1])] = 0
        first, later = np.append(True, ~known), np.append(False, known & ~stayed)
        gone = np.append(~stayed, True) & (self.month < self.months - 1)
        of_stayed, more = self.month[1:][stayed], change[stayed]
        return {
            "New": count(self.month[first], self.amount[first], self.months),
            "Expansion": count(of_stayed, np.maximum(more, 0), self.months),
            "Reactivated": count(self.month[later], self.amount[later], self.months),
            "Contraction": count(of_stayed, np.maximum(-more, 0), self.months),
            "Churned": count(self.month[gone] + 1, self.amount[gone], self.months),
        }

    def of_the_same_customers(self, base: int, then: int) -> tuple[FloatArray, FloatArray]:
        """What each customer who paid in the month `base` paid then, and in a later month."""
        before, after = (self.month == month for month in (base, then))
        customers = int(self.customer.max()) + 1
        paid, pays = (count(self.customer[at], self.amount[at], customers) for at in (before, after))
        there = paid > 0
        return paid[there], pays[there]

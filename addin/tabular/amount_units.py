"""Amounts that stand in cents, millionths or thousands, as their heading says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from addin.tabular.cells import Cell
from addin.tabular.columns import NotRead


@dataclass(frozen=True, slots=True)
class AmountUnit:
    """What a heading says that amounts are counted in."""

    name: str
    words: frozenset[str]
    times: float = 1
    parts: float = 1

    def in_whole(self, values: Iterable[Cell | NotRead]) -> list[Cell | NotRead]:
        """The cells of a column, amounts among them in whole units of their currency."""
        return [value * self.times / self.parts if isinstance(value, float) else value for value in values]

    @property
    def note(self) -> str:
        """What that means, such as: in cents, so that 100 there is 1 here."""
        return f"in {self.name}, so that {self.parts:,g} there is {self.times:,g} here"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNITS = (
    AmountUnit(
        "cents",
        _words(
            "cents cent eurocents eurocent centimes centimos céntimos centavos centesimi pence "
            "grosze groszy öre øre копеек копейках"
        ),
        parts=100,
    ),
    AmountUnit("millionths", _words("micros"), parts=1_000_000),
    AmountUnit(
        "thousands",
        _words("thousand thousands tausend tsd milliers keur kusd kgbp kchf teur tusd tgbp tchf k€ t€ k$ k£"),
        times=1_000,
    ),
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+[€$£]?")
_RATE = re.compile(r"(?<![^\W_])per[\W_]+[^\W_]+", re.IGNORECASE)
"""What a rate counts by, such as per cent or per thousand, which is no unit of its amounts."""


def unit_named(heading: str) -> AmountUnit | None:
    """The unit that a heading such as amount_cents, costMicros or Umsatz (TEUR) names; None where it names none."""
    words = {word.casefold() for word in _WORD.findall(_HUMP.sub(" ", _RATE.sub("", heading)))}
    return next((unit for unit in UNITS if words & unit.words), None)

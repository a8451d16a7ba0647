"""Amounts that stand in cents, thousands, millions or other parts and multiples, as their heading says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from addin.tabular.cells import Cell
from addin.tabular.columns import NotRead
from addin.tabular.numbers import CURRENCIES


@dataclass(frozen=True, slots=True)
class AmountUnit:
    """What a heading says that amounts are counted in."""

    name: str
    words: frozenset[str]
    signs: str = "(?!)"
    """The pattern of other ways to say so."""
    times: float = 1
    parts: float = 1

    def in_whole(self, values: Iterable[Cell | NotRead]) -> list[Cell | NotRead]:
        """The cells of a column, amounts among them in whole units of their currency."""
        return [value * self.times / self.parts if isinstance(value, float) else value for value in values]

    @property
    def note(self) -> str:
        """What that means, such as: in cents, so that 100 there is 1 here."""
        return f"in {self.name}, so that {self.parts:,.0f} there is {self.times:,.0f} here"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MONEY = r"(?:[€$£¥]|\b(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|HUF|CZK|INR|AUD|CAD|euros?|dollars?)\b)"
_ALONE = r"\b(?![-/&])"
"""The end of a letter that begins no name such as K-Mart."""
CENTS = _words(
    "cents cent eurocents eurocent centimes centimos céntimos centavos centesimi pence pennies "
    "grosze groszy groszach öre øre копеек копейках kopecks kopeks paise paisa rappen satang fillér haléřů"
)
UNITS = (
    AmountUnit("cents", CENTS, r"¢|\((?:ct\.?|sen|(?-i:[cp]))\)|\bin ct\b", parts=100),
    AmountUnit("minor units", frozenset(), r"\bminor (?:units?|amounts?)\b|\bminor\W*$", parts=100),
    AmountUnit("millionths", frozenset(), r"\bmicros?\W*$", parts=1_000_000),
    AmountUnit(
        "thousands",
        _words(
            "thousand thousands tausend tsd milliers duizend duizenden migliaia milhares тыс тысяч тысячах tys tysiące "
            "tysiącach tis ezer tuhatta tusen tusental eft tkr kkr keur kusd kgbp kchf ksek knok kdkk kpln kczk khuf "
            "teur tusd tgbp tchf tsek tnok tdkk k€ t€ k$ k£ 千円 千元 천원"
        ),
        rf"{_MONEY} ?k{_ALONE}|\bk ?{_MONEY}|['’]000\b|(?<![\d.,])000s\b|\({_MONEY}? ?000\)|{_MONEY}000\b"
        rf"|\b(?:in|x|×) ?1[., ]?000(?= ?(?:$|\)|{_MONEY}))|\be ?ft\b"
        rf"|\(1[., ]000\b|\(k\)|\bin k{_ALONE}|\bmiles de\b|\ben miles\b|\(miles\)",
        times=1_000,
    ),
    AmountUnit("ten thousands", _words("万円 万元 만원"), times=10_000),
    AmountUnit("lakhs", _words("lakh lakhs lacs"), times=100_000),
    AmountUnit(
        "millions",
        _words(
            "million millions millionen mio mln млн миллионов millones milioni milhões miljoner miljoenen millioner "
            "millió miljoonaa meur musd mgbp mchf msek mnok mdkk mpln mkr mft m€ m$ m£ 百万円 百万元 백만원"
        ),
        rf"{_MONEY} ?(?:m|mm|mn){_ALONE}|\b(?:m|mm|mn) ?{_MONEY}",
        times=1_000_000,
    ),
    AmountUnit("crores", _words("crore crores"), times=10_000_000),
    AmountUnit("hundred millions", _words("億円 亿元 억원"), times=100_000_000),
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+[€$£]?")
_CENTS = "|".join(CENTS)
_NO_UNIT = re.compile(
    r"\b(?:per|pro|je|par|por) (?:[\d.,]+ )?\w+|/ ?(?:thousand|tausend|mille|million)\b|\b(?:not|nicht) (?:in )?\w+"
    rf"|(?:\b(?:and|und|y|et|og|och|e|и|ja|és)|&) (?:{_CENTS})\b|\d (?:{_CENTS})\b",
    re.IGNORECASE,
)
"""What is no unit of amounts: a rate such as per cent or cost/thousand, and the cents of dollars and cents."""


def _in_words(heading: str) -> str:
    return " ".join(_HUMP.sub(" ", heading).replace("_", " ").split())


_PIECE = re.compile(r"[€$£¥₹¢]|[^\W_]+[€$£]?")
_BEHIND = _words("en of de d x euro euros dollars 000 000s 1000 k m mm mn ct c p minor unit units micro micros miles")
"""What stands behind a heading with a unit, beside the units and the currencies."""
_JOINED = re.compile(r"(?:\W*\((?:in )?| in ?|\W*)$", re.IGNORECASE)
"""What joins a unit to its heading: in, a bracket, a comma; of Money in (£) the bracket alone."""


def without_unit(heading: str) -> str:
    """A heading without the unit and the currency behind it: Amount of Amount (k€), Betrag of Betrag in Cent."""
    text = _in_words(heading)
    behind = CURRENCIES.keys() | (_BEHIND.union(*(unit.words for unit in UNITS)) if unit_named(heading) else set())
    end = len(text)
    for piece in reversed(list(_PIECE.finditer(text))):
        if piece[0].casefold() not in behind:
            break
        end = piece.start()
    return _JOINED.sub("", text[:end]) or heading if end < len(text) else heading


def unit_named(heading: str) -> AmountUnit | None:
    """The unit that a heading such as amount_cents, costMicros or Umsatz (TEUR) names; None where it names none."""
    text = _NO_UNIT.sub("", _in_words(heading))
    words = {word.casefold() for word in _WORD.findall(text)}
    return next((unit for unit in UNITS if words & unit.words or re.search(unit.signs, text, re.IGNORECASE)), None)

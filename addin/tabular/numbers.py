"""Amounts as people write them: 1,234.50 · 1.234,50 · 1 234,50 zł · ₹1,23,456 · (19.90) · 19,90- · CHF 12.-"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

DECIMAL_POINT, DECIMAL_COMMA = "decimal point", "decimal comma"
CHOICES = {".": DECIMAL_POINT, ",": DECIMAL_COMMA}

_CODES = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HRK HUF IDR ILS INR ISK JPY KES KRW MXN MYR NGN "
    "NOK NZD PEN PHP PLN RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR"
)
_SIGNS = {"€": "EUR", "£": "GBP", "₽": "RUB", "₴": "UAH", "₹": "INR", "₺": "TRY", "₪": "ILS", "₩": "KRW", "¥": "¥",
          "￥": "¥"}  # fmt: skip
_DOLLARS = {"US$": "USD", "$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD",
            "R$": "BRL", "S$": "SGD"}  # fmt: skip
_WORDS = {"zł": "PLN", "Kč": "CZK", "Ft": "HUF", "kr": "kr", "руб": "RUB", "р": "RUB", "грн": "UAH", "лв": "BGN",
          "lei": "RON", "Fr": "CHF", "TL": "TRY", "Rs": "Rs", "₨": "Rs", "円": "JPY"}  # fmt: skip
CODES = frozenset(_CODES.split())
CURRENCIES = {code.casefold(): code for code in CODES} | {
    sign.casefold(): code for sign, code in (_SIGNS | _DOLLARS | _WORDS).items()
}
"""A currency as amounts name it to its code; kr, Rs and ¥, which several countries have, stay as they are."""

_CURRENCY = f"(?:{'|'.join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))})\\.?"
_SPACE = "[ \u00a0\u202f\u2007]*"
GROUP = " \u00a0\u202f\u2007'’"
"""What may stand between thousands beside a point or a comma."""


def _amount(digits: str) -> str:
    """The pattern of a whole cell, for Python and for DuckDB; its groups are GROUPS."""
    return (
        f"(?i)({_CURRENCY})?{_SPACE}(\\(?){_SPACE}([+-]?){_SPACE}({_CURRENCY})?{_SPACE}([+-]?){_SPACE}"
        f"({digits})(?:[.,]-{{0,2}}|/-)?{_SPACE}({_CURRENCY})?{_SPACE}(-?){_SPACE}(\\)?){_SPACE}({_CURRENCY})?"
    )


GROUPS = ("ahead", "opened", "sign", "before", "inner_sign", "digits", "after", "last_sign", "closed", "outside")
DIGITS = GROUPS.index("digits") + 1


def pattern(decimal: str) -> str:
    """The pattern of an amount with a decimal mark."""
    thousands = "," if decimal == "." else "."
    mark = re.escape(decimal)
    lakhs = "|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}" if decimal == "." else ""
    return _amount(
        f"(?:[0-9]{{1,3}}(?:[{thousands}{GROUP}][0-9]{{3}})+{lakhs}|[0-9]+)(?:{mark}[0-9]+)?(?:e[+-]?[0-9]{{1,2}})?|{mark}[0-9]+"
    )


@cache
def _written_with(decimal: str) -> re.Pattern[str]:
    """Finds amounts with this decimal mark, or with any; made when it is needed, since it is long."""
    return re.compile(pattern(decimal) if decimal else _amount(f"[.,]?[0-9](?:[0-9.,{GROUP}]*[0-9])?"))


_DIGITS = re.compile(r"-?[0-9.,]+")
_NOT_CLEAR = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


FULL_WIDTH = {chr(ord(sign) + ord("！") - ord("!")): sign for sign in "0123456789.,+-()"}
"""Digits and signs as wide as Chinese letters."""
PLAIN = dict.fromkeys("−–—‑﹣", "-") | {"\u2009": " "} | FULL_WIDTH
"""Signs to those that mean the same: of minus, thin spaces, and wide digits."""
_PLAIN = str.maketrans(PLAIN)


def plain(text: str) -> str:
    """A text with one sign for minus, and with the digits of ASCII."""
    return text if text.isascii() else text.translate(_PLAIN)


def looks_like_one(text: str) -> bool:
    """Whether a text is a number with one decimal mark or the other."""
    return _written_with("").fullmatch(plain(text)) is not None


def number(text: str, decimal: str) -> float | None:
    """The number that a text writes with a decimal mark; None where it is none."""
    found = _written_with(decimal).fullmatch(plain(text))
    if found is None:
        return None
    parts = dict(zip(GROUPS, found.groups(default=""), strict=True))
    minus = (parts["sign"] + parts["inner_sign"] + parts["last_sign"]).count("-") + bool(parts["opened"])
    if minus > 1 or bool(parts["opened"]) != bool(parts["closed"]):
        return None
    digits = re.sub(f"[{GROUP}{',' if decimal == '.' else '.'}]", "", parts["digits"]).replace(decimal, ".")
    return -float(digits) if minus else float(digits)


def currency(text: str) -> str:
    """The currency that an amount names, or nothing; of $4.00 CAD what its code says."""
    if _DIGITS.fullmatch(text):
        return ""
    found = _written_with("").fullmatch(plain(text))
    if found is None:
        return ""
    parts = dict(zip(GROUPS, found.groups(default=""), strict=True))
    names = [parts[group].casefold() for group in ("ahead", "before", "after", "outside") if parts[group]]
    names.sort(key=lambda name: name.upper() not in CODES)
    return next((CURRENCIES.get(name) or CURRENCIES.get(name.rstrip("."), "") for name in names), "")


class Marks:
    """What amounts tell about their decimal mark: `clear` votes, and texts such as 1,234 that can be read both ways."""

    def __init__(self, texts: Mapping[str, int]) -> None:
        self.clear: Counter[str] = Counter()
        self.unclear: Counter[str] = Counter()
        self.example = ""
        for text, count in texts.items():
            self._count(text, count)

    def _count(self, text: str, count: int) -> None:
        written = plain(text)
        if "." not in written and "," not in written:
            return
        found = _written_with("").fullmatch(written)
        if found is None:
            return
        digits = found[DIGITS]
        marks = re.sub("[^.,]", "", digits)
        if not marks:
            return
        last, other = marks[-1], "," if marks[-1] == "." else "."
        if _NOT_CLEAR.fullmatch(digits):
            self.unclear[last] += count
            self.example = self.example or text
        elif len(marks) == 1 or (other in marks and marks.count(last) == 1):
            self.clear[last] += count
        elif set(marks) == {last} and re.fullmatch(f"[0-9]{{1,3}}(?:[{last}][0-9]{{3}})+", digits):
            self.clear[other] += count

    @property
    def decimal(self) -> str:
        """The mark that more amounts show clearly; nothing where none does."""
        return max(".,", key=lambda mark: self.clear[mark]) if self.clear else ""

    @property
    def disputed(self) -> bool:
        """Whether the clear amounts disagree and others could follow either."""
        return len(self.clear) > 1 and bool(self.unclear)


def decide(
    texts: Mapping[str, int], separator: str, elsewhere: str, folder: Mapping[str, int] | None = None
) -> tuple[str, str]:
    """The decimal mark of a column, and an example where it is not clear.

    What the column shows goes first, then what the file shows `elsewhere`, then what the column shows in the other
    files of its folder. A comma between columns is no decimal mark, a semicolon mostly stands there because commas
    are; else three digits after a mark are thousands.
    """
    marks = Marks(texts)
    if marks.decimal:
        return marks.decimal, marks.example if marks.disputed else ""
    if elsewhere or not marks.unclear or separator == ",":
        return elsewhere or ".", ""
    if folder and (decimal := Marks(folder).decimal):
        return decimal, ""
    if separator == ";":
        return ",", marks.example
    return ("," if marks.unclear["."] > marks.unclear[","] else "."), marks.example

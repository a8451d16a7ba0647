"""Which texts are known to name nobody, and the running numbers that stand for all others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_TELLS_NOTHING = re.compile(r"[^\w]*|\w|\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?")
"""Signs, one letter or digit, and a day."""
_SHORT_NUMBER = re.compile(r"(?:[^\w]*\d){1,6}[^\w]*")


class Words:
    """The texts of one copy: a known one stays, another becomes the same running number wherever it stands."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = set(known)
        self._numbers: dict[str, str] = {}
        self._counts = Counter[str]()

    def knows(self, text: str) -> bool:
        """Whether a text is known to name nobody."""
        return text in self.known or bool(_TELLS_NOTHING.fullmatch(text) or _SHORT_NUMBER.fullmatch(text))

    def numbered(self, text: str, word: str) -> str:
        """The running number that stands for a text."""
        key = text.strip().casefold()
        if key not in self._numbers:
            self._counts[word] += 1
            self._numbers[key] = f"{word} {self._counts[word]}"
        return self._numbers[key]

    def shown(self, text: str) -> str:
        """A text, or what stands for it."""
        return text if self.knows(text) else self.numbered(text, "Text")

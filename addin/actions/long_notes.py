"""Texts that are longer than one note of a book: kept in parts."""

from __future__ import annotations

import re
from collections.abc import Mapping

NOTE_LENGTH = 255
_PART = " part "
_NUMBER = re.compile("[0-9]{1,6}")


def in_parts(name: str, text: str) -> dict[str, str]:
    """The notes that hold a text."""
    parts = [text[at : at + NOTE_LENGTH] for at in range(0, len(text), NOTE_LENGTH)]
    return {name + (f"{_PART}{n}" if n > 1 else ""): part for n, part in enumerate(parts, start=1)}


def put_together(notes: Mapping[str, str], prefix: str) -> dict[str, str]:
    """The texts of the notes that begin so, by what follows in their names."""
    parts: dict[str, dict[int, str]] = {}
    for name, text in notes.items():
        if name.startswith(prefix):
            key, _, number = name.removeprefix(prefix).partition(_PART)
            if not number or _NUMBER.fullmatch(number):
                parts.setdefault(key, {})[int(number or 1)] = text
    return {key: "".join(texts[number] for number in sorted(texts)) for key, texts in parts.items()}

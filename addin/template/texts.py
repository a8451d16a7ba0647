"""The texts of the template in other languages: a file for each, from the English text to its own.

A preset for a kind of business puts its own words into them, in each language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from addin.errors import BookError
from addin.schema.declaration import SampleRow
from addin.schema.preset_samples import RETAIL
from addin.template.presets import read

ENGLISH = "en"
LANGUAGE = "out_Language"
"""The cell in which a book says its language; an English one has none."""
FOLDER = Path(__file__).parent / "languages"
EVERYWHERE, COLUMNS, WORDS, SAMPLE = "everywhere", "columns", "words", "sample"
"""What a file says of all sheets but those with a word of their own; what headings of tables and words of lists, which
stay English, mean; and what the sample rows say."""
ANY = "{}"
"""Stands in a text that is put together for a part of it: another text of the file, or one word, id or number."""
PIECE = re.compile(r'"((?:[^"]|"")*)"')
FUNCTIONS = "Functions"
"""The sheet that says what the functions say, whatever the business."""
_TOKEN = re.compile(r"""(?P<piece>"(?:[^"]|"")*")|(?P<opens>[\w.]*\()|(?P<closes>\))|(?P<compares>[<>=]+)"""
                    r"""|(?P<joins>&)|(?P<quoted>'[^']*')|\s+|(?P<other>.)""")  # fmt: skip
_WORDS = re.compile(r'"[^"]*[^\W\d_]')
_GIVES = {"", "IF(", "IFERROR(", "CHOOSE("}
"""The functions that give back what stands in them."""


@dataclass(frozen=True)
class Texts:
    """The texts of one language; English says what the sheets say."""

    language: str = ENGLISH
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For each sheet, and for all others, the English texts with their own."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Words and phrases of this language with what a preset says instead."""

    def said(self, text: str, sheet: str = "") -> str:
        """A text as this language has it, in the words of the preset; what is in none of its tables stays."""
        found = self.find(text, sheet) or text
        return found if sheet == FUNCTIONS else self._in_words(found)

    def meaning(self, word: str, kind: str) -> str:
        """What a word means that stays as it is in every book, where that says something else."""
        meant = self._in_words(self.find(word, kind) or word)
        return "" if meant == word else meant

    def of_sample(self, rows: Sequence[SampleRow]) -> list[SampleRow]:
        """Sample rows as this language has them."""
        own = self.tables.get(SAMPLE, {})
        return [[own.get(value, value) if isinstance(value, str) else value for value in row] for row in rows]

    def _in_words(self, text: str) -> str:
        return self._phrases.sub(lambda found: self._instead[found[0]], text) if self.words else text

    @cached_property
    def _instead(self) -> dict[str, str]:
        """The words of the preset; one without a capital at the beginning of a sentence too."""
        at_beginning = {said[0].upper() + said[1:]: own[0].upper() + own[1:] for said, own in self.words.items()}
        return {**at_beginning, **self.words}

    @cached_property
    def _phrases(self) -> re.Pattern[str]:
        longest_first = sorted(self._instead, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def find(self, text: str, sheet: str = "") -> str | None:
        """A text as this language has it, if it does."""
        for table in (self.tables.get(sheet, {}), self.tables.get(EVERYWHERE, {})):
            if text in table:
                return table[text]
        return next(filter(None, (self._put_together(text, sheet, *pattern) for pattern in self._patterns)), None)

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        known = self.tables.get(EVERYWHERE, {})
        return [
            (re.compile("(.+)".join(map(re.escape, english.split(ANY))), re.DOTALL), own)
            for english, own in known.items()
            if ANY in english
        ]

    def _put_together(self, text: str, sheet: str, pattern: re.Pattern[str], own: str) -> str | None:
        if (found := pattern.fullmatch(text)) is None:
            return None
        parts = [self.find(part, sheet) or ("" if " " in part else part) for part in found.groups()]
        return own.format(*parts) if all(parts) else None

    def in_formula(self, formula: str, sheet: str = "") -> str:
        """A formula with the labels in it as this language has them."""
        if not _WORDS.search(formula):
            return formula
        return "".join(
            f'"{self.said(piece, sheet).replace(chr(34), chr(34) * 2)}"' if label else piece
            for piece, label in pieces(formula)
        )

    def in_number_format(self, number: str, sheet: str = "") -> str:
        """A number format with its words as this language has them."""
        return PIECE.sub(lambda found: f'"{self.said(found[1], sheet)}"', number)


def pieces(formula: str) -> Iterator[tuple[str, bool]]:
    """A formula in pieces, each with whether it is a label: a text that is joined to others, or given back.

    A text that is compared, counted by, looked for or handed to another function is a word that formulas know.
    """
    end = 1 if formula.startswith("=") else 0
    yield formula[:end], False
    tokens = [found for found in _TOKEN.finditer(formula, end) if found[0].strip()]
    inside = [""]
    for place, found in enumerate(tokens):
        yield formula[end : found.start()], False
        end = found.end()
        near = {tokens[at].lastgroup for at in (place - 1, place + 1) if 0 <= at < len(tokens)}
        if found.lastgroup == "opens":
            inside.append(found[0].upper())
        elif found.lastgroup == "closes":
            inside.pop()
        label = (inside[-1] in _GIVES or "joins" in near) and "compares" not in near
        if found.lastgroup == "piece" and label and found[0] != '""':
            yield found[0][1:-1].replace('""', '"'), True
        else:
            yield found[0], False
    yield formula[end:], False


def languages() -> list[str]:
    """The languages that the template can be made in."""
    return [ENGLISH, *sorted(file.stem for file in FOLDER.glob("*.toml"))]


@cache
def texts(language: str = ENGLISH, preset: str = RETAIL) -> Texts:
    """The texts of a language with the words of a preset; a BookError where there is none."""
    words = read(preset).words.get(language, {})
    if language == ENGLISH:
        return Texts(words=words)
    if language not in languages():
        raise BookError(f"there is no template in the language {language}; choose one of {', '.join(languages())}")
    tables: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Texts(language, tables, words)

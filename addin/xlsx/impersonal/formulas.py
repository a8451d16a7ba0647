"""Formulas that a copy without personal data may keep: those of which every word is known."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

import formualizer as fz
from openpyxl.utils import FORMULAE

from addin.function_names import FUNCTION_NAMES
from addin.reserved import BUILT_IN_FUNCTIONS
from addin.xlsx.formulas import REFERENCE, tokens
from addin.xlsx.impersonal.words import Words

_AREA = re.compile(
    r"\$?[A-Z]{1,3}\$?\d{1,7}#?(?::\$?[A-Z]{1,3}\$?\d{1,7})?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d{1,7}:\$?\d{1,7}|#REF!",
    re.IGNORECASE,
)
_SHEET = re.compile(r"('(?:[^']|'')+'|[^\W\d][\w.]*)!(.+)", re.DOTALL)
_OF_A_TABLE = re.compile(r"(\w[\w.]*)?\[(.*)\]", re.DOTALL)
_ITEM = re.compile(r"\[([^\[\]]*)\]")
_CRITERION = re.compile(r"(?:<>|[<>]=?|=)?(.*)", re.DOTALL)
_LONG_NUMBER = re.compile(r"\d{7,}")
_PREFIX = re.compile(r"^(?:_xlfn\.|_xlws\.)+", re.IGNORECASE)
_ITEMS = frozenset({"", "#this row", "#all", "#data", "#headers", "#totals"})


@dataclass(frozen=True, slots=True)
class KnownFormulas:
    """The words that a formula may use, and the sheets' new names."""

    words: Words
    sheets: Mapping[str, str]
    tables: Collection[str]
    """Lower-case names of the tables that keep their name, and of their columns."""
    columns: Collection[str]
    names: Collection[str]
    """Lower-case names that the copy defines."""
    whole: Collection[str]
    """Formulas of the template, which need no look."""

    def rewritten(self, formula: str) -> str | None:
        """A formula (without its =) as the copy has it; None where a word of it is not known."""
        if formula in self.whole:
            return formula
        parts, position, text = [], 1, f"={formula}"
        found = list(tokens(text))
        if not found and formula:
            return None
        for token in found:
            new = self._token(token)
            if new is None or text[position : token.start].strip():
                return None
            parts += [text[position : token.start], new]
            position = token.end
        return None if text[position:].strip() else "".join(parts)

    def _token(self, token: fz.Token) -> str | None:
        text: str = token.value
        kind = token.token_type
        if kind == fz.TokenType.Func and text.endswith("("):
            return text if _is_built_in(text) else None
        if kind != fz.TokenType.Operand:
            return None if any(letter.isalnum() for letter in text) else text
        if token.subtype == REFERENCE:
            return self.reference(text)
        if token.subtype == fz.TokenSubType.Text:
            return text if self._knows_literal(text[1:-1].replace('""', '"')) else None
        if token.subtype == fz.TokenSubType.Number:
            return None if _LONG_NUMBER.search(text.partition(".")[0]) else text
        return text if re.fullmatch(r"TRUE|FALSE|#[A-Z0-9/!?]+", text, re.IGNORECASE) else None

    def _knows_literal(self, text: str) -> bool:
        criterion = _CRITERION.fullmatch(text)
        return self.words.knows(text) or bool(criterion and self.words.knows(criterion[1])) or is_plain_format(text)

    def reference(self, text: str) -> str | None:
        """A reference as the copy has it."""
        sheet, inside = "", text
        if match := _SHEET.fullmatch(text):
            name = match[1][1:-1].replace("''", "'") if match[1].startswith("'") else match[1]
            new = next((new for old, new in self.sheets.items() if old.casefold() == name.casefold()), None)
            if new is None:
                return None
            inside = match[2]
            sheet = match[1] + "!" if new == name else f"'{new}'!"
        if _AREA.fullmatch(inside) or inside.lower() in self.names or inside.lower() in self.tables:
            return sheet + inside
        if sheet or not (match := _OF_A_TABLE.fullmatch(inside)) or (match[1] or "").lower() not in {*self.tables, ""}:
            return None
        inner = match[2].removeprefix("@")
        items = _ITEM.findall(inner) or [inner]
        return inside if all(i.strip().lower() in _ITEMS or i.strip().lower() in self.columns for i in items) else None


@cache
def _is_built_in(call: str) -> bool:
    name = _PREFIX.sub("", call.rstrip("(").strip()).upper()
    return name in BUILT_IN_FUNCTIONS or name in FORMULAE or name in FUNCTION_NAMES or name == ""


_FORMAT_PARTS = re.compile(
    r"\"[^\"]{0,3}\"|\[\$.{0,4}?(?:-[0-9A-F]{1,8})?\]"
    r"|\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,2})\]"
    r"|\[[<>=]{1,2}-?[\d.]{1,6}\]|\[(?:h+|m+|s+)\]"
    r"|general|am/pm|a/p|y{1,4}|m{1,5}|d{1,4}|h{1,2}|s{1,2}|e[+-]|\\.|_.|\*."
    r"|[0#?.,%;@/: ()+\-$€£¥’'–]",
    re.IGNORECASE,
)


@cache
def is_plain_format(code: str) -> bool:
    """Whether a number format, such as 0.0% or yyyy-mm, spells no word."""
    return not _FORMAT_PARTS.sub("", code) and not re.search(r"(?:\\.){3}", code)


@cache
def is_amount_or_day(code: str) -> bool:
    """Whether a number format shows a number as an amount, a share, a day or a time, and not as an id."""
    bare = re.sub(r"\"[^\"]*\"|\\.|_.|\*.|\[(?!\$|h|m|s)[^\]]*\]", "", code, flags=re.IGNORECASE).lower()
    return "general" not in bare and bool(re.search(r"[,.%$€£¥ydh]|\[\$", bare))

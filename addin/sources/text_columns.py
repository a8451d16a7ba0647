"""The SQL by which DuckDB reads texts as `addin.tabular` does: by its patterns, and as it decides."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from addin.tabular.cells import ERRORS, MISSING, SPACES, TEXT_MARK
from addin.tabular.dates import TIME
from addin.tabular.numbers import FULL_WIDTH, GROUP, GROUPS, PLAIN, pattern
from addin.values import WHOLE

SHORTEST_MOMENT = 11
"""A shorter text, such as 2026-03-04, has no time in it."""


def quoted(text: str) -> str:
    """A text in SQL."""
    return exp.Literal.string(text).sql(dialect="duckdb")


def listed(texts: Sequence[str]) -> str:
    """Texts in SQL, for use between brackets of either kind."""
    return ", ".join(map(quoted, texts))


def text_sql(column: str) -> str:
    """A cell without spaces around it; NULL where it says that nothing is there, or that a formula failed."""
    text = f"trim({column}, {quoted(SPACES)})"
    marked = f"regexp_replace({text}, {quoted(f'^{TEXT_MARK.pattern}$')}, '\\1')"
    return (
        f"CASE WHEN {text} IN ({listed(['', *MISSING, *ERRORS])}) THEN NULL "
        f"WHEN starts_with({text}, '''') THEN {marked} ELSE {text} END"
    )


def id_sql(text: str) -> str:
    """A text as an id, see `addin.values.customer_key`: in lower case, and 17001.0 is 17001."""
    whole = f"{text} LIKE '%.%0' AND regexp_full_match({text}, {quoted(WHOLE)})"
    return f"CASE WHEN {whole} THEN split_part({text}, '.', 1) ELSE lower({text}) END"


def day_sql(text: str) -> str:
    """A text without its time."""
    return (
        f"CASE WHEN length({text}) < {SHORTEST_MOMENT} THEN {text} ELSE regexp_replace({text}, {quoted(TIME)}, '') END"
    )


def number_sql(text: str, decimal: str) -> str:
    """The DOUBLE that a text writes with a decimal mark; NULL where it is none."""
    thousands = "," if decimal == "." else "."
    plain = f"translate({text}, {quoted(f'0123456789+-{decimal}')}, '') = ''"  # most are, and need no pattern
    signs = f"translate({text}, {quoted(''.join(PLAIN))}, {quoted(''.join(PLAIN.values()))})"
    amount = f"regexp_extract({signs}, {quoted(f'^(?:{pattern(decimal)})$')}, [{listed(GROUPS)}])"
    minus = " + ".join(f"({amount}.{group} = '-')::INT" for group in ("sign", "inner_sign", "last_sign"))
    opened, closed = (f"({amount}.{group} <> '')" for group in ("opened", "closed"))
    digits = f"replace(translate({amount}.digits, {quoted(GROUP + thousands)}, ''), '{decimal}', '.')"
    count = f"({minus} + {opened}::INT)"
    return (
        f"CASE WHEN {plain} AND try_cast(replace({text}, '{decimal}', '.') AS DOUBLE) IS NOT NULL "
        f"THEN try_cast(replace({text}, '{decimal}', '.') AS DOUBLE) "
        f"WHEN {count} < 2 AND {opened} = {closed} THEN try_cast({digits} AS DOUBLE) * (1 - 2 * {count}) END"
    )


def shape_sql(text: str) -> str:
    """What texts have in common that say the same about their decimal mark."""
    wide = "".join(FULL_WIDTH)
    return f"translate({text}, {quoted('123456789' + wide)}, {quoted('9' * 9 + ''.join(FULL_WIDTH.values()))})"

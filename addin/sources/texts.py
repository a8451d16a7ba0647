"""Dates and numbers that a file holds as text: which way they are written, and the SQL that reads them in DuckDB."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

DAY_MONTH_YEAR = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\b")
YEAR_MONTH_DAY = re.compile(r"\d{4}([./])\d{1,2}\1\d{1,2}\b")
COMPACT = re.compile(r"(19|20)\d{6}")
TIMES = ("", " %H:%M", " %H:%M:%S")
EARLIEST = "1900-01-01"

SIGNS = "[\\s\u00a0\u202f'€$£¥]"
"""What may stand in an amount beside digits, points and commas."""
FULL = r"[+-]?(\d{1,3}(\{thousands}\d{3})+|\d+)?(\{decimal}\d+)?"


def date_formats(texts: Sequence[str]) -> list[str]:
    """The formats that most of the texts may be written in, none for ISO; two where day and month are to be told."""
    styles: Counter[str] = Counter()
    for text in texts:
        if found := DAY_MONTH_YEAR.match(text):
            year = "%Y" if len(found[4]) == 4 else "%y"
            styles[f"{{}}{found[2]}{{}}{found[2]}{year}"] += 1
        elif found := YEAR_MONTH_DAY.match(text):
            styles[f"%Y{found[1]}%m{found[1]}%d"] += 1
        else:
            styles["%Y%m%d" if COMPACT.fullmatch(text) else ""] += 1
    style = styles.most_common(1)[0][0] if styles else ""
    return list(dict.fromkeys([style.format("%d", "%m"), style.format("%m", "%d")])) if style else []


def in_words(written: str) -> str:
    """A date format as a person would say it: day.month.year."""
    for sign, word in (("%d", "day"), ("%m", "month"), ("%Y", "year"), ("%y", "year")):
        written = written.replace(sign, word)
    return written


def date_sql(column: str, written: str | None) -> str:
    """A DATE from a text column; NULL where the text is none."""
    if written is None:
        return f"try_cast(trim({column}) AS DATE)"
    formats = ", ".join(f"'{written}{time}'" for time in TIMES)
    return f"nullif(greatest(try_strptime(trim({column}), [{formats}])::DATE, DATE '{EARLIEST}'), DATE '{EARLIEST}')"


def marks(texts: Sequence[str]) -> tuple[str, str]:
    """The decimal mark of numbers, and the mark between thousands: a point and a comma, or a comma and a point.

    1.234 alone does not tell; if nothing else does, three digits after each mark are taken for thousands.
    """
    votes: Counter[str] = Counter()
    unclear: Counter[str] = Counter()
    for text in texts:
        digits = re.sub(SIGNS, "", text)
        last = max(digits.rfind("."), digits.rfind(","))
        if last < 0:
            continue
        mark, other = digits[last], "," if digits[last] == "." else "."
        if other in digits or (digits.count(mark) == 1 and not re.fullmatch(r"[+-]?[1-9]\d{0,2}.\d{3}", digits)):
            votes[mark] += 1
        else:
            unclear[mark] += 1
    if not votes and unclear:
        return (",", ".") if unclear.most_common(1)[0][0] == "." else (".", ",")
    return (",", ".") if votes[","] > votes["."] else (".", ",")


def number_sql(column: str, decimal: str, thousands: str) -> str:
    """A DOUBLE from a text column; NULL where the text is none."""
    digits = f"regexp_replace({column}, '{SIGNS.replace(chr(39), chr(39) * 2)}', '', 'g')"
    full = FULL.replace("{thousands}", thousands).replace("{decimal}", decimal)
    plain = f"replace(replace({digits}, '{thousands}', ''), '{decimal}', '.')"
    read = f"CASE WHEN regexp_full_match({digits}, '{full}') THEN try_cast({plain} AS DOUBLE) END"
    simple = f"try_cast(replace({column}, '{decimal}', '.') AS DOUBLE)"  # most numbers are, and need no pattern
    return f"CASE WHEN NOT contains({column}, '{thousands}') AND isfinite({simple}) THEN {simple} ELSE {read} END"

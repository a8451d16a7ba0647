"""Number formats: how the template's cells show numbers and dates."""

from __future__ import annotations


def padded(positive: str, negative: str = "", zero: str = "") -> str:
    """A number format that keeps a little space on the right, where LibreOffice may lose an indent."""
    sections = (positive, negative or f"-{positive}", zero or positive, "@")
    return ";".join(f"{section}_)" for section in sections)


WHOLE = padded("#,##0", zero='"–"')
CENTS = padded("#,##0.00", zero='"–"')
DECIMAL = padded("0.0")
INDEX = padded("0.000")
PERCENT = padded("0%")
RATE = padded("0.0%")
FINE_RATE = padded("0.00%")
SIGNED_RATE = padded("+0.0%", "-0.0%", "0.0%")
POINTS = padded("+0.0", "-0.0", "0.0")
WHOLE_POINTS = padded("+0", "-0", "0")
TIMES = padded('0.0"x"')
MONTH = padded("0")
SMALL = padded("0E+00")
ANY = padded("General")
PLAIN = "General"
"""Shortened to the width of its cell, which a format with space on the right is not."""
DATE = "yyyy-mm-dd"
YEAR_MONTH = "yyyy-mm"
TEXT = "@"

"""How the bytes of a text file become letters."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

CHUNK = 1 << 20
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
NAMES = {"cp1250": "Central European", "cp1251": "Cyrillic", "cp1252": "Western European"}
"""What files hold that are not in Unicode: Windows' letters."""
ERRORS = "roc-as-latin-1"

_CYRILLIC = re.compile(rb"[\xa8\xb8\xc0-\xff]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_POLISH = re.compile(rb"[A-Za-z\x80-\xff][\xb3\xb9\xbf][a-z]|\bz\xb3")
_HUNGARIAN = re.compile(rb"[\xf5\xfb\xd5\xdb]")
_WESTERN = re.compile(rb"[\xe0\xe3\xe7\xe8\xea\xee\xf1\xf4]")


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    """The letter of Latin-1 for a byte that Windows' letters leave open, as browsers do."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return chr(error.object[error.start]), error.start + 1


codecs.register_error(ERRORS, _as_latin_1)


def encoding_of(path: Path, stopped: Callable[[], bool] = lambda: False) -> tuple[str, str]:
    """The encoding that a file says or shows, and how to treat its errors: a pair for `open`.

    Text that is not UTF-8 has Windows' letters: Cyrillic where they stand in runs, Central European where Polish
    and Hungarian letters do, else Western ones, which are Latin-1's too.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding, "strict"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for part in _parts(path, stopped):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _windows(path, stopped), ERRORS
    return "utf-8", "strict"


def _parts(path: Path, stopped: Callable[[], bool]) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while (part := stream.read(CHUNK)) and not stopped():
            yield part


def _windows(path: Path, stopped: Callable[[], bool]) -> str:
    high = cyrillic = polish = hungarian = western = 0
    for part in _parts(path, stopped):
        high += len(_HIGH.findall(part))
        cyrillic += sum(map(len, _CYRILLIC.findall(part)))
        polish += len(_POLISH.findall(part))
        hungarian += len(_HUNGARIAN.findall(part))
        western += len(_WESTERN.findall(part))
    if cyrillic > high / 2:
        return "cp1251"
    return "cp1250" if polish or (hungarian and not western) else "cp1252"

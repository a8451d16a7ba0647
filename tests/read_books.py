"""A saved workbook as another library reads it."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

import openpyxl


@lru_cache(maxsize=4)
def _read(data, data_only):
    return openpyxl.load_workbook(BytesIO(data), data_only=data_only)


def read_book(path, *, data_only=True):
    """A file to look at, not to change: as long as its bytes are the same it is read once."""
    return _read(Path(path).read_bytes(), data_only)

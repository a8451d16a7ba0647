"""Protected sheets, opened for a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from addin.actions import refusals
from addin.hosts.excel.com import ComError

NO_PASSWORD = ""
ALLOWED = (
    "AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows", "AllowInsertingColumns",
    "AllowInsertingRows", "AllowInsertingHyperlinks", "AllowDeletingColumns", "AllowDeletingRows", "AllowSorting",
    "AllowFiltering", "AllowUsingPivotTables",
)  # fmt: skip
"""What a protected sheet may allow, in the order in which Protect takes it."""


@contextmanager
def unprotected(sheet: Any) -> Iterator[None]:
    """A sheet that can be written, and protected again as it was; a BookError where it has a password."""
    if not sheet.ProtectContents:
        yield
        return
    allowed = [getattr(sheet.Protection, name) for name in ALLOWED]
    drawings, scenarios = sheet.ProtectDrawingObjects, sheet.ProtectScenarios
    try:
        sheet.Unprotect(NO_PASSWORD)
    except ComError as error:
        raise refusals.password_protected(sheet.Name) from error
    try:
        yield
    finally:
        sheet.Protect(NO_PASSWORD, drawings, True, scenarios, False, *allowed)

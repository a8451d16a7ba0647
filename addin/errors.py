"""What can go wrong, and which error value a cell shows for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

NOT_AVAILABLE = "#N/A"
WRONG_VALUE = "#VALUE!"
ZERO_DIVISION = "#DIV/0!"
NOT_A_NUMBER = "#NUM!"
NO_NAME = re.compile(r"[^\s/\\]{1000,}")
"""Longer than anyone names a file: what a damaged one calls a part, an encoding or a sheet."""


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value as a cell holds it, with the sentence that explains it."""

    code: str
    reason: str = ""


class MetricError(Exception):
    """A metric cannot answer; its text says what was expected, what was found and what to do."""

    code: ClassVar[str] = WRONG_VALUE

    @property
    def cell(self) -> CellError:
        """The error value that stands in the cell."""
        return CellError(self.code, str(self))


class NotEnoughData(MetricError):
    """There is nothing, or too little, to calculate from."""

    code = NOT_AVAILABLE


class WrongKind(MetricError):
    """Text where a number is needed, an unknown choice, or the like."""


class OffScale(MetricError):
    """An answer that is not on the scale that was asked."""


class ZeroDenominator(MetricError):
    """The formula would divide by zero."""

    code = ZERO_DIVISION


class OutOfRange(MetricError):
    """A number outside the domain of the formula."""

    code = NOT_A_NUMBER


class NoConvergence(MetricError):
    """A fit that found no answer."""

    code = NOT_A_NUMBER


class CellErrorGiven(MetricError):
    """An argument holds an error value, which is given back unchanged."""

    def __init__(self, given: CellError) -> None:
        super().__init__(given.reason)
        self.given = given

    @property
    def cell(self) -> CellError:
        """The error value as it was given."""
        return self.given


class BookError(Exception):
    """A file cannot be read, calculated or written; its text names it and says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(NO_NAME.sub(lambda found: f"{found[0][:40]}…", sentence))


def not_there(path: object) -> BookError:
    """A file that would be read."""
    return BookError(f"{path} is not there; check the name and the folder")


def missing_part(name: object) -> BookError:
    """A file of the package itself that would be read."""
    return BookError(f"{name} is missing from this installation; install return-on-customer again")


def empty_file(path: object) -> BookError:
    """A file of data without a row of headings."""
    return BookError(f"{path} is empty; a row of headings and rows beneath it are needed")


def already_there(path: object) -> BookError:
    """A file that would be written over."""
    return BookError(f"{path} is there already; name a file that is not")


def fault(what: str, error: Exception) -> str:
    """What a user reads of a fault of ours."""
    return f"{what} failed with {type(error).__name__}: {error}; please report it"


class SourceError(BookError):
    """A source of data cannot answer; its text names the source, what happened and what to do."""


class SourceCancelled(SourceError):
    """The user stopped a question to a source before its answer came."""

"""What works on this machine, and how to fix what does not: a diagnosis a line, from here and from each host."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from typing import Literal

from addin import __version__
from addin.files import program_on_path


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at."""

    level: Literal["OK", "warn", "fail"]
    text: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.level:<4}  {self.text}" + (f"; {self.fix}" if self.fix else "")


def other_version(what: object, fix: str) -> Diagnosis:
    """A part that was installed by another version."""
    return Diagnosis("warn", f"{what} is of another version than this package", fix)


def diagnoses() -> list[Diagnosis]:
    """What every host needs."""
    found = [
        Diagnosis("OK", f"return-on-customer {__version__}, Python {platform.python_version()} ({sys.executable})")
    ]
    if not program_on_path("roc"):
        found.append(Diagnosis("warn", "the command roc is not on the path", "python -m addin is the same program"))
    return found

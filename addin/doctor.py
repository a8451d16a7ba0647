"""What works on this machine, and how to mend what does not: a finding a line, from here and from each host."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from typing import Literal

from addin import __version__


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Literal["OK", "warn", "fail"]
    text: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.level:<4}  {self.text}" + (f"; {self.mend}" if self.mend else "")


def findings() -> list[Finding]:
    """What every host needs."""
    found = [Finding("OK", f"return-on-customer {__version__}, Python {platform.python_version()} ({sys.executable})")]
    if not shutil.which("roc"):
        found.append(Finding("warn", "the command roc is not on the path", "python -m addin is the same program"))
    return found

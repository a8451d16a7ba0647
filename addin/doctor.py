"""What works on this machine, and how to mend what does not: a finding a line, from here and from each host."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from addin import __version__

NEEDED = ("formualizer", "numpy", "openpyxl", "pandas", "rich", "scipy", "typer", "XlsxWriter")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Literal["OK", "warn", "fail"]
    text: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.level:<4}  {self.text}" + (f"; {self.mend}" if self.mend else "")


def findings() -> list[Finding]:
    """Python and the packages that every host needs."""
    missing = [name for name in NEEDED if not _installed(name)]
    found = [Finding("OK", f"return-on-customer {__version__}, Python {platform.python_version()} ({sys.executable})")]
    if missing:
        found.append(Finding("fail", f"not installed: {', '.join(missing)}", "pip install return-on-customer again"))
    if not shutil.which("roc"):
        found.append(Finding("warn", "the command roc is not on the path", "python -m addin is the same program"))
    return found


def _installed(distribution: str) -> bool:
    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True

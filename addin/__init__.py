"""Customer-value metrics for the spreadsheet, and as plain Python: `from addin import nps, clv, churn`."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

__version__ = "0.2.0"


def __getattr__(name: str) -> Callable[..., Any]:
    """A metric under its lower-case name, loaded on first use."""
    if not name.startswith("_") and find_spec(f"addin.{name}") is None:  # a module is loaded by who asks for it
        from addin.catalogue import catalogue

        if name.upper() in catalogue() and name.islower():
            from addin.python_api import function

            return function(name.upper())
    raise AttributeError(f"module 'addin' has no metric {name!r}")


def __dir__() -> list[str]:
    from addin.catalogue import catalogue

    return sorted([*globals(), *(name.lower() for name in catalogue())])

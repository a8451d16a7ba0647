"""Customer-value metrics for the spreadsheet, and as plain Python: `from addin import nps, clv, churn`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Callable[..., Any]:
    """A metric under its lower-case name, loaded on first use."""
    if not name.startswith("_"):
        import addin.metrics  # noqa: F401  # declares the metrics
        from addin.registry import METRICS

        if name.upper() in METRICS and name.islower():
            return METRICS[name.upper()].function
    raise AttributeError(f"module 'addin' has no metric {name!r}")


def __dir__() -> list[str]:
    import addin.metrics  # noqa: F401  # declares the metrics
    from addin.registry import METRICS

    return sorted([*globals(), *(name.lower() for name in METRICS)])

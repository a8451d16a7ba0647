"""Work that a time limit or the user can stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

from addin.errors import SourceCancelled, SourceError

Result = TypeVar("Result")

LOOK = 0.05
"""Seconds between two looks at the clock and at the user."""
PATIENCE = 20.0
"""Seconds that an engine has to stop once it is cancelled."""


def limited(
    work: Callable[[], Result], interrupt: Callable[[], object], seconds: float, cancelled: Callable[[], bool]
) -> Result:
    """What `work` returns or raises; it runs in a thread beside, and `interrupt` ends it early."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # it is raised again in the thread that waits
            future.set_exception(error)

    end = time.monotonic() + seconds
    Thread(target=run, daemon=True).start()
    try:
        while not wait([future], LOOK).done:
            if cancelled():
                raise SourceCancelled("stopped; nothing was changed")
            if time.monotonic() > end:
                raise SourceError(
                    f"no answer within {seconds:g} seconds; set a filter, or a higher Time limit in the Sources table"
                )
    finally:
        give_up = time.monotonic() + PATIENCE
        while not future.done() and time.monotonic() < give_up:
            interrupt()
            wait([future], LOOK)
    return future.result()

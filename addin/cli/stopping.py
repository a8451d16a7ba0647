"""Ctrl-C ends a command within a second, whatever it is doing, and says whether anything was changed."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from addin.cli.output import visible
from addin.files import abandon, stands

PATIENCE = 0.7
"""Seconds that a command has to end by itself; the calculating engine and the like do not look up in between."""
CODE = 130
"""The exit code, as of a program that Ctrl-C ended."""


class Stopped(BaseException):
    """The user pressed Ctrl-C."""


def sentence() -> str:
    """What is said then."""
    return f"Cancelled; {stands()}"


@contextmanager
def listening() -> Iterator[None]:
    """Let Ctrl-C raise Stopped, and end the process where that comes to nothing.

    Python raises it when the library that works returns. The system itself wakes the thread that waits for this.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    woken, wakes = socket.socketpair()
    wakes.setblocking(False)
    ended = threading.Event()
    before = signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False), signal.signal(signal.SIGINT, _stop)
    with suppress(RuntimeError):  # there is no memory for a thread; then what works is waited for
        threading.Thread(target=_end, args=(woken, ended), daemon=True).start()
    try:
        yield
    finally:
        ended.set()
        signal.set_wakeup_fd(before[0])
        signal.signal(signal.SIGINT, before[1])
        wakes.close()


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _end(woken: socket.socket, ended: threading.Event) -> None:
    with woken:
        while (caught := woken.recv(1)) and caught[0] != signal.SIGINT:
            pass
    if not caught or ended.wait(PATIENCE):
        return
    abandon()
    cursor = "\x1b[?25h" if sys.stderr.isatty() else ""  # which the progress bar hides
    os.write(sys.stderr.fileno(), f"{cursor}roc: {visible(sentence())}\n".encode(errors="replace"))
    os._exit(CODE)

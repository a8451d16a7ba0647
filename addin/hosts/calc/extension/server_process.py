"""The server processes as LibreOffice sees it: started when first needed, and again after they died."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from . import frames

STARTS = 2
"""How often a call is tried: a server that died on its own is started once more."""
PAUSE = 5.0
"""How many seconds a server that cannot be started is left alone, so that a book full of formulas stays usable."""
END_LIMIT = 10.0
"""Seconds to wait for a process that was ended."""
REMEMBERED = 200

RequestHandler = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]
"""Answers a request of an action, a frame for a frame."""


@dataclass(frozen=True)
class Call:
    """A call that was answered: the function, the size of its result, the first error in it and the reason."""

    function: str
    rows: int
    columns: int
    error: str
    reason: str


class Link:
    """Asks the function server; one call at a time."""

    def __init__(self, python: str, path: str = "", limit: float = 30.0) -> None:
        self.python = python
        self.path = path
        self.limit = limit
        self.calls: deque[Call] = deque(maxlen=REMEMBERED)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._not_before = 0.0
        self._trouble = ""

    def call(self, function: str, arguments: Sequence[Any]) -> tuple[tuple[Any, ...], ...]:
        """A function's answer as LibreOffice takes it."""
        listed, cells = frames.packed(arguments)
        answer = self.ask({"call": function, "arguments": listed}, cells)
        value = answer["value"]
        rows = value if isinstance(value, list) else [[value]]
        error = next((cell["error"] for row in rows for cell in row if isinstance(cell, dict)), "")
        self.calls.append(Call(function, len(rows), len(rows[0]), error, answer["reason"]))
        return frames.rows_of(value)

    def refuse(self, function: str, reason: str) -> float:
        """#VALUE! for a call, with its reason."""
        self.calls.append(Call(function, 1, 1, "#VALUE!", f"{function}: {reason}"))
        return frames.nan_with(frames.ERROR_CODES["#VALUE!"])

    def ask(self, head: dict[str, Any], cells: bytes = b"") -> dict[str, Any]:
        """The function server's answer to a request; #N/A with the reason where there is none."""
        with self._lock:
            for _ in range(STARTS):
                if time.monotonic() < self._not_before:
                    return self._failed(self._trouble)
                began = time.monotonic()
                try:
                    process = self._running()
                    assert process.stdin is not None
                    assert process.stdout is not None
                    began = time.monotonic()
                    frames.send(process.stdin, {**head, "limit": self.limit}, cells)
                    return frames.receive(process.stdout)[0]
                except (OSError, EOFError) as error:
                    self._end()
                    if time.monotonic() - began >= self.limit:
                        return self._failed(f"it took longer than {self.limit:g} seconds; give it fewer cells")
                    trouble = error
            self._not_before = time.monotonic() + PAUSE
            self._trouble = f"Python could not answer from {self.python} ({trouble}); run roc install calc again"
            return self._failed(self._trouble)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = self._started("function_server")
        return self._process

    def _started(self, module: str) -> subprocess.Popen[bytes]:
        if not self.python:
            raise OSError("no Python is recorded in this extension")
        return subprocess.Popen(  # noqa: S603  # the recorded interpreter
            [self.python, "-P", "-m", f"addin.hosts.calc.{module}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=self._environment(), creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        """The user's environment without what LibreOffice sets for the Python inside it."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "LD_LIBRARY", "DYLD_", "UNO_", "URE_"))
        }
        return {**kept, "PYTHONPATH": self.path} if self.path else kept

    def _end(self) -> None:
        """Reap the function server, whatever state it is in."""
        process, self._process = self._process, None
        if process is not None:
            _reap(process)

    def act(self, action: str, answer: RequestHandler) -> str:
        """Run an action in a process of its own, which asks about the document until it is done; what it then says.

        The function server stays free meanwhile, since what the action writes makes LibreOffice calculate.
        """
        process = None
        try:
            process = self._started("button_server")
            assert process.stdin is not None
            assert process.stdout is not None
            frames.send(process.stdin, {"act": action})
            while True:
                head, cells = frames.receive(process.stdout)
                if "message" in head:
                    return str(head["message"])
                frames.send(process.stdin, *answer(head, cells))
        except (OSError, EOFError) as error:
            return f"Nothing was changed: Python stopped at {self.python} ({error}); run roc install calc again"
        finally:
            if process is not None:
                _reap(process)

    def close(self) -> None:
        """End the function server; the next call starts another."""
        with self._lock:
            self._end()

    def about(self) -> tuple[bool, list[str]]:
        """Whether the function server answers; what it says of itself and how long it takes, or why it does not."""
        first = self.ask({"about": True})
        if first["reason"]:
            return False, [first["reason"]]
        began = time.perf_counter()
        self.ask({"about": True})
        took = (time.perf_counter() - began) * 1000
        return True, [first["value"], f"an answer takes {took:.2f} ms"]

    @staticmethod
    def _failed(reason: str) -> dict[str, Any]:
        return {"value": {"error": "#N/A"}, "reason": reason}


def _reap(process: subprocess.Popen[bytes]) -> None:
    """End a process, whatever state it is in."""
    process.kill()
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            assert stream is not None
            stream.close()
    with contextlib.suppress(subprocess.TimeoutExpired):  # the system ends it when it can
        process.wait(END_LIMIT)

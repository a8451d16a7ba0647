"""A screen that nobody looks at, for programs with windows."""

import os
import subprocess
from contextlib import contextmanager


@contextmanager
def screen(size="1400x900"):
    """Its number, as DISPLAY has it."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as number:
        display = f":{number.readline().strip()}"
    try:
        yield display
    finally:
        server.terminate()
        server.wait(10)

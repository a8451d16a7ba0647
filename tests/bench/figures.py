"""What processes take, and the table of figures beside their bars that a run of benches ends with.

Seconds are the processor's, so that they hold on cores that do other work too, and are also given as they would be on
cores that do nothing else: by what printing the help takes beside them, and takes there.
"""

import os
import subprocess
import sys
from dataclasses import dataclass

QUIET = 0.07
"""Seconds of `roc --help` on the cores for which the bars were set, with nothing else to do."""
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""In which modules are compiled once, as pip installs them."""
LIMIT = 600
LAUNCHER = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
sys.exit(code)
"""
"""Starts a program and prints what it took: one that the tests start themselves would begin with their own memory."""
HEADINGS = ("", "processor", "quiet", "bar", "of it", "MB", "bar")


@dataclass(frozen=True)
class Used:
    """What a process took: seconds of the processor, megabytes at most, and what it printed."""

    processor: float
    megabytes: float
    printed: str = ""


def used(*command):
    """Run a program to its end."""
    started = [sys.executable, "-c", LAUNCHER, *map(str, command)]
    done = subprocess.run(started, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True, check=True, timeout=LIMIT)
    *printed, last = done.stdout.splitlines()
    processor, kilobytes = map(float, last.split())
    return Used(processor, kilobytes / 1024, "\n".join(printed))


def roc(*command):
    """Run a command of roc to its end."""
    return used(sys.executable, "-m", "addin", *command)


def python(code):
    """Run lines of Python to their end."""
    return used(sys.executable, "-c", code)


def slowness():
    """How many times as long as on quiet cores everything takes now."""
    return min(roc("--help").processor for _ in range(3)) / QUIET


class Figures:
    """The table, filled line by line."""

    def __init__(self):
        self.lines = []

    def add(self, work, processor, bar, megabytes=None, most=None, slow=1.0):
        """A figure; `bar` is in quiet seconds, `slow` how much slower than these everything was meanwhile."""
        quiet = processor / slow
        memory = f"{megabytes:,.0f}" if megabytes else ""
        seconds = (f"{number:.2f}" for number in (processor, quiet, bar, quiet / bar))
        self.lines.append((work, *seconds, memory, f"{most:,}" if most else ""))

    def add_growth(self, work, exponents):
        """How time grows with a book, as exponents over decades."""
        self.lines.append((work, *(f"{exponent:.2f}" for exponent in exponents), "1.10", "", "", "")[:7])

    def table(self):
        """The lines with their headings, in columns."""
        lines = [HEADINGS, *self.lines]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for first, *rest in lines:
            cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
            yield f"{first:<{widths[0]}}  {'  '.join(cells)}".rstrip()

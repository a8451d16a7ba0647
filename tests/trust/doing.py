"""Runs commands of roc for tests, each in a process of its own that can be ended or cut short at a chosen moment.

Started as a program it loads the package once and then forks for each line of JSON that it is given, so that a
thousand ends of a command take minutes and not hours.
"""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
LIMIT = 120
"""Seconds after which a command is ended by the system, whatever it is doing."""
CHANGES = ("os.rename", "os.remove", "os.chmod", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink")


@dataclass
class Run:
    """What came of a command."""

    code: int
    """Its exit code; the signal's number below 0 where it was ended."""
    out: str
    err: str
    seconds: float
    steps: int
    """How often it changed something in its folder."""
    elsewhere: list[str] = field(default_factory=list)
    """What it changed outside of it."""

    @property
    def sentence(self) -> str:
        return " ".join(self.err.split())


class Doing:
    """The program below, kept running."""

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-B", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(LIMIT)
        self.process.stdout.close()

    def __call__(
        self, folder, *arguments, at_step=None, after=None, interrupt_after=None, file_size=None, memory=None
    ) -> Run:
        """Run a command in a folder.

        It is killed before the given step, or after so many seconds, or in the middle of writing a file when that
        grows beyond so many bytes, or Ctrl-C is pressed after so many seconds; it has no more memory than the given
        bytes above what it starts with.
        """
        asked = {"folder": str(folder), "arguments": list(map(str, arguments)), "at_step": at_step, "after": after,
                 "interrupt_after": interrupt_after, "file_size": file_size, "memory": memory}  # fmt: skip
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        run = Run(**json.loads(self.process.stdout.readline()))
        assert run.code != -signal.SIGALRM, f"roc {' '.join(map(str, arguments))} did not end within {LIMIT} seconds"
        return run


def _child(asked: dict, out: int, err: int, told: int) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.chdir(asked["folder"])
    folder, steps = _folder(asked), 0

    def watch(event: str, arguments: tuple) -> None:
        nonlocal steps
        if not (event == "open" and arguments[2] & WRITES) and event not in CHANGES:
            return
        place = arguments[0]
        if isinstance(place, int) or os.fsdecode(place) == os.devnull:
            return
        place = os.path.realpath(os.fsdecode(place))
        os.write(told, json.dumps(place).encode() + b"\n")
        steps += place.startswith(folder)
        if place.startswith(folder) and steps == asked["at_step"]:
            os.kill(os.getpid(), signal.SIGKILL)

    from addin.cli.main import main
    from addin.files import PATIENCE

    PATIENCE["program"] = 0.2
    sys.addaudithook(watch)
    signal.alarm(LIMIT)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if asked["file_size"] is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["file_size"],) * 2)
    if asked["memory"] is not None:
        held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + asked["memory"],) * 2)
    sys.argv = ["roc", *asked["arguments"]]
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
    os._exit(code)


def _run(asked: dict) -> dict:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as told:
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            try:
                _child(asked, out.fileno(), err.fileno(), told.fileno())
            except BaseException:
                import traceback

                os.write(2, traceback.format_exc().encode())
                os._exit(70)
        if asked["after"] is not None:
            time.sleep(asked["after"])
            os.kill(child, signal.SIGKILL)
        if asked["interrupt_after"] is not None:
            time.sleep(asked["interrupt_after"])
            os.kill(child, signal.SIGINT)
        _, status = os.waitpid(child, 0)
        seconds = time.monotonic() - began
        texts = []
        for stream in (out, err, told):
            stream.seek(0)
            texts.append(stream.read().decode())
    places = [json.loads(line) for line in texts[2].splitlines()]
    return {
        "code": os.waitstatus_to_exitcode(status), "out": texts[0], "err": texts[1], "seconds": seconds,
        "steps": sum(place.startswith(_folder(asked)) for place in places),
        "elsewhere": [place for place in places if not place.startswith(_folder(asked))],
    }  # fmt: skip


def _folder(asked: dict) -> str:
    return f"{Path(asked['folder']).resolve()}/"


def _serve() -> None:
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)  # noqa: T201  # the answer


if __name__ == "__main__":
    _serve()

"""Where the project's own files are, installed or in a checkout, and how a file is replaced whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from addin.errors import BookError

PACKAGE = Path(__file__).parent
TEMPLATE = "workbook_template.xlsm"


def template() -> Path:
    """The template workbook: beside the package in a checkout, inside it when installed."""
    for path in (PACKAGE / TEMPLATE, PACKAGE.parent / TEMPLATE):
        if path.is_file():
            return path
    raise BookError(f"{TEMPLATE} is missing from this installation; install return-on-customer again")


def checkout() -> Path:
    """The root of the source tree this package runs from."""
    root = PACKAGE.parent
    project = root / "pyproject.toml"
    if project.is_file() and 'name = "return-on-customer"' in project.read_text(encoding="utf-8"):
        return root
    raise BookError("roc build works in a checkout of the project, and this package is installed elsewhere")


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that at any moment it is the old one or the new one."""
    if target.is_dir():
        raise BookError(f"{target} is a folder; name a file in it")
    for lock in (target.with_name(f"~${target.name}"), target.with_name(f".~lock.{target.name}#")):
        if lock.exists():
            raise BookError(
                f"{target} is open in another program ({lock.name} is there); close it, or name another file"
            )
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        with open(handle, "wb") as stream:  # noqa: PTH123  # the handle is already open
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        mode = target.stat().st_mode if target.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise BookError(
            f"{target} cannot be written: {error.strerror or error}; nothing was changed. "
            "Close it where it is open, make room, or name another file"
        ) from error


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current

"""Where the project's own files are, and how a user's file is held and replaced whole, so that no change is lost."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from platformdirs import user_config_path

from addin.errors import BookError, missing_part, not_there

if sys.platform == "win32":
    import msvcrt
elif sys.platform != "emscripten":  # in a browser, where nobody else writes to its files
    import fcntl

PACKAGE = Path(__file__).parent
TEMPLATE = "workbook_template.xlsm"


def template() -> Path:
    """The template workbook: beside the package in a checkout, inside it when installed."""
    for path in (PACKAGE / TEMPLATE, PACKAGE.parent / TEMPLATE):
        if path.is_file():
            return path
    raise missing_part(TEMPLATE)


NO_HOME = Path("/nonexistent")
"""Stands for the folder of a user who has none; nothing is ever there."""


def settings_folder() -> Path:
    """Where the current user's settings are kept."""
    try:
        folder = user_config_path("return-on-customer", appauthor=False)
    except RuntimeError:
        return NO_HOME
    return folder if folder.is_absolute() else NO_HOME


def home_folder() -> Path:
    """The home folder of the current user."""
    try:
        return Path.home()
    except RuntimeError:
        raise BookError("this user has no home folder; set the variable HOME") from None


def write_setting(path: Path, data: bytes) -> None:
    """Write a file among the settings."""
    if path.is_relative_to(NO_HOME):
        raise BookError("this user has no home folder, where settings are kept; set the variable HOME")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritten(path, error) from error
    write_whole(path, data)


def program_on_path(name: str) -> str | None:
    """A program on the path; never one in the current folder, where it may lie beside somebody's workbook."""
    folders = [Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    endings = os.environ.get("PATHEXT", ".COM;.EXE;.BAT;.CMD").split(";") if sys.platform == "win32" else [""]
    found = (folder / f"{name}{ending}" for folder in folders if folder.is_absolute() for ending in endings)
    return next((str(path) for path in found if path.is_file() and os.access(path, os.X_OK)), None)


def checkout() -> Path:
    """The root of the source tree this package runs from."""
    root = PACKAGE.parent
    project = root / "pyproject.toml"
    if project.is_file() and 'name = "return-on-customer"' in project.read_text(encoding="utf-8"):
        return root
    raise BookError("roc build works in a checkout of the project, and this package is installed elsewhere")


def read_whole(path: Path) -> bytes:
    """A file's content; a BookError where it is not there, or is a folder, a device or a pipe."""
    try:
        refuse_other_kinds(path, "a workbook")
        return path.read_bytes()
    except FileNotFoundError:
        raise not_there(path) from None
    except (OSError, ValueError) as error:
        raise BookError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def refuse_other_kinds(path: Path, wanted: str) -> None:
    """A BookError for a folder, a device or a pipe, which may never end; what is not there is no such thing."""
    if path.exists() and not path.is_file():
        raise BookError(f"{path} is {_other_kind(path)}; name {wanted}")


def _other_kind(path: Path) -> str:
    return "a folder" if path.is_dir() else "a device or a pipe"


# --- who may change a file


Waiting: TypeAlias = Callable[[str, int, int], object]
"""Called with what is waited for, the seconds so far, and the seconds at most; it may raise to give up."""
PATIENCE = {"program": 30.0, "command": 300.0}
"""Seconds to wait for a file that another program has open, and for another command of ours to end."""
_held: dict[Path, int] = {}
"""The files that this process holds, and how often."""


@contextmanager
def held(target: Path, waiting: Waiting = lambda doing, done, of: None) -> Iterator[None]:
    """Hold a file from before it is read until it is replaced, so that no other command of ours changes it meanwhile.

    The system lets a lock go when its process ends, however that ends: no lock is ever stale, and a lock file that
    was left behind holds nobody up. A spreadsheet program that has the file open is waited for as well.
    """
    real = _real(target)
    if real in _held:
        _held[real] += 1
        try:
            yield
        finally:
            _held[real] -= 1
        return
    _wait(lambda: _open_elsewhere(real), f"{target} is open in another program", PATIENCE["program"], waiting)
    lock = _lock_of(real)
    handles: list[int] = []

    def busy() -> str:
        handle = _locked(lock, target)
        handles.extend([] if handle is None else [handle])
        return "" if handle is not None else lock.name

    _wait(busy, f"{target} is being changed by another command", PATIENCE["command"], waiting)
    _held[real] = 1
    try:
        yield
    finally:
        del _held[real]
        _release(lock, handles[0])


def _lock_of(real: Path) -> Path:
    return real.with_name(f".{real.name}.lock")


def _wait(busy: Callable[[], str], why: str, patience: float, waiting: Waiting) -> None:
    began = time.monotonic()
    while name := busy():
        waited = time.monotonic() - began
        if waited >= patience:
            raise BookError(
                f"{why} ({name} is there, and {patience:.0f} seconds did not help); close it, or name another file; "
                f"if nothing has it open, delete {name}"
            )
        waiting(f"Waiting: {why}", int(waited), int(patience))
        time.sleep(0.05)


def _open_elsewhere(real: Path) -> str:
    """The name of the file by which Excel or LibreOffice says that it has this one open; empty where none does."""
    locks = (real.with_name(f"~${real.name}"), real.with_name(f".~lock.{real.name}#"))
    return next((lock.name for lock in locks if lock.exists()), "")


def _locked(lock: Path, target: Path) -> int | None:
    """An open lock file that only we hold; None while another process has it."""
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    except PermissionError as error:
        if sys.platform == "win32":  # it is about to be deleted by the one that held it
            return None
        raise _unwritten(target, error) from error
    except OSError as error:
        raise _unwritten(target, error) from error
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.stat(lock).st_ino == os.fstat(handle).st_ino:  # noqa: PTH116  # beside fstat
            return handle
    except OSError:
        pass
    os.close(handle)
    return None


def _release(lock: Path, handle: int) -> None:
    """Delete the lock file and let it go; who opened it meanwhile sees that it is gone, and makes another."""
    if sys.platform == "win32":
        os.close(handle)
    with contextlib.suppress(OSError):
        lock.unlink()
    if sys.platform != "win32":
        os.close(handle)


def _real(target: Path) -> Path:
    """Where a file is, its links followed; a BookError for what cannot be replaced."""
    try:
        real = target.resolve()
        if real.exists() and not real.is_file():
            raise BookError(f"{target} is {_other_kind(real)}; name a file")
        if real.exists() and real.stat().st_nlink > 1:
            raise BookError(
                f"{target} has several names (hard links), and only one of them would change; copy it, and use the copy"
            )
    except (OSError, ValueError, RuntimeError) as error:
        raise _unwritten(target, error) from error
    return real


# --- replacing


def replace_whole(target: Path, before: bytes, data: bytes) -> None:
    """Replace a file that was read; a BookError where it is no longer the one that was read."""
    with held(target):
        refuse_changed(target, before)
        write_whole(target, data)


def refuse_changed(target: Path, before: bytes) -> None:
    """A BookError where a file is no longer the one that was read."""
    if read_whole(target) != before:
        raise BookError(f"{target} was changed by another program meanwhile; nothing was written, start again")


def write_whole(target: Path, data: bytes, *, like: Path | None = None) -> None:
    """Write a file so that at any moment it is the old one or the new one.

    It keeps its mode, owner and further attributes as far as the system permits, or gets those of another file.
    """
    real = _real(target)
    if name := _open_elsewhere(real):
        raise BookError(f"{target} is open in another program ({name} is there); close it, or name another file")
    temporary = real.with_name(f".{real.name}.{os.urandom(4).hex()}.tmp")
    try:
        _unfinished.add(temporary)  # before it is there: who stops this finds it at any moment
        with _going_on:
            stream = open(temporary, "xb", opener=_private)  # noqa: SIM115  # Path.open takes no opener
        with stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _look_like(temporary, like or real)
        with _going_on:
            _placing[temporary.stat().st_ino] = real, target
            temporary.replace(real)
            written.append(target)
            _placing.clear()
    except OSError as error:
        raise _unwritten(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        _unfinished.discard(temporary)
    _settle(real.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


written: list[Path] = []
"""The files that this process has put in place."""
_unfinished: set[Path] = set()
_placing: dict[int, tuple[Path, Path]] = {}
"""By its number on the disk, the file that is being put in place: where, and by which name it is known."""
_going_on = Lock()
"""Had while a file is made or put in place; who abandons the work has it to the end."""


def abandon() -> None:
    """Leave nothing half done before the process ends at once: no file is made or put in place from now on."""
    _going_on.acquire(timeout=5)
    clear_away()


def clear_away() -> None:
    """Delete the files that this process has not finished, and those by which it holds others.

    Whether the last one was put in place before the work was stopped, the disk says.
    """
    for number, (real, target) in [*_placing.items()]:
        with contextlib.suppress(OSError):
            written.extend([target] if real.stat().st_ino == number else [])
    for path in [*_unfinished, *(_lock_of(real) for real in _held)]:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def stands() -> str:
    """What a command says that fails after it wrote: which files are changed all the same."""
    names = ", ".join(dict.fromkeys(str(path) for path in written if not path.name.startswith(".")))
    return f"{names} was written before, and stays so" if names else "nothing was changed"


def _unwritten(target: Path, error: Exception) -> BookError:
    return BookError(
        f"{target} cannot be written: {getattr(error, 'strerror', None) or error}; nothing was changed. "
        "Close it where it is open, make room, or name another file"
    )


def _look_like(new: Path, old: Path) -> None:
    """Give a new file what the old one has beside its content."""
    if not old.exists():
        new.chmod(0o666 & ~_umask())
        return
    said = old.stat()
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.chown(new, said.st_uid, said.st_gid)
    if sys.platform == "linux":  # access lists are among them
        with contextlib.suppress(OSError):
            for name in os.listxattr(old):
                os.setxattr(new, name, os.getxattr(old, name))
    new.chmod(stat.S_IMODE(said.st_mode))


def _settle(folder: Path) -> None:
    """Write the new name to the disk, where the system can sync a folder."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current

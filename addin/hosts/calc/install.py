"""Puts the extension into the current user's LibreOffice, and takes it out."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from addin.errors import BookError
from addin.hosts.calc import libreoffice_paths
from addin.hosts.calc.oxt import IDENTIFIER, TITLE, extension

TIME_LIMIT = 180


def install() -> list[str]:
    """Put the extension in, for this Python; what changed, a line each."""
    with tempfile.TemporaryDirectory(prefix="roc-", ignore_cleanup_errors=True) as folder:
        package = Path(folder, libreoffice_paths.EXTENSION)
        package.write_bytes(extension(sys.executable, str(Path(__file__).parents[3])))
        _unopkg("add", "--force", "--suppress-license", str(package))
    done = [f"Extension {TITLE} added to LibreOffice {_for_whom()}", f"Its functions run on {sys.executable}"]
    return done + _restart()


def uninstall() -> list[str]:
    """Take the extension out; what changed, a line each."""
    _unopkg("remove", IDENTIFIER)
    return [f"Extension {TITLE} removed from LibreOffice {_for_whom()}", *_restart()]


def _restart() -> list[str]:
    return ["LibreOffice is running: close and start it again to see the change"] if libreoffice_paths.running() else []


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _for_whom() -> str:
    return "for all users, as root installs nothing else" if _is_root() else f"in {libreoffice_paths.profile()}"


def _unopkg(command: str, *arguments: str) -> None:
    """Run LibreOffice's own installer, which works for root on the extensions of all users only."""
    program = libreoffice_paths.installer()
    if program is None:
        raise BookError("LibreOffice is not on this computer; install LibreOffice 7.4 or later, then try again")
    line = [str(program), command, *(["--shared"] if _is_root() else []), *arguments]
    try:
        done = subprocess.run(  # noqa: S603  # LibreOffice's installer with our own file
            line,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
            check=False,
            env=libreoffice_paths.environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BookError(f"{program} could not run ({error}); close LibreOffice and try again") from error
    if done.returncode:
        said = [text.strip() for text in (done.stdout + done.stderr).splitlines() if "ERROR" in text]
        if _is_root() and any("write permissions" in text for text in said):
            raise BookError(
                f"root can {command} the extension for all users alone, in a folder of LibreOffice that cannot be "
                "written here; run it as an ordinary user, without sudo"
            )
        why = said[-1].removeprefix("ERROR:").strip() if said else f"exit code {done.returncode}"
        raise BookError(f"LibreOffice could not {command} the extension ({why}); close LibreOffice and try again")

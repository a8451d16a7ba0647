"""What the user has agreed to: which server or file a book may read, and which password goes to which server.

A workbook may come from anyone, and its Sources table can name any server and any credential. So a place outside the
book's own folder is asked about once for each book, and a credential belongs to one server. Both are kept in the
user's settings, never in a book.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from addin.errors import SourceError
from addin.files import settings_folder, write_setting
from addin.sources.source import Source

OWN_NAME = re.compile(r"env:ROC_\w+|keyring:.*")
"""Credentials that a question may offer; a variable of another program is agreed to only with `roc trust`."""
PORTS = {"postgresql": 5432, "postgres": 5432, "spark": 7077, "sc": 15002}
SERVER = re.compile(r"[^\s/\\]+:\d+")
NETWORK_SHARE = re.compile(r"[\\/]{2}")
PATTERN = re.compile(r"[*?\[]")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
"""What PostgreSQL knows, from the weakest to the strongest."""


class NotTrusted(SourceError):
    """A place or a password that the user has not agreed to; `command` is the line that agrees to it."""

    def __init__(self, sentence: str, command: str) -> None:
        super().__init__(f"{sentence}; to allow it, run: {command}")
        self.command = command


@dataclass
class Settings:
    """The user's agreements, as their file has them."""

    places: set[tuple[str, str]] = field(default_factory=set)
    """A book and a place that it may read."""
    credentials: set[tuple[str, str]] = field(default_factory=set)
    """A server and a credential that may be sent to it."""
    sslmode: str = "require"
    """The least that a connection to another computer has to offer."""

    @classmethod
    def read(cls) -> Settings:
        """The settings of the current user; none yet is no agreement."""
        path = settings_file()
        try:
            stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            pairs = {name: {(str(a), str(b)) for a, b in stored.get(name, ())} for name in ("places", "credentials")}
            settings = cls(**pairs, sslmode=stored.get("sslmode", cls.sslmode))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise SourceError(f"{path} cannot be read ({error}); repair it, or delete it and agree again") from None
        if settings.sslmode not in SSL_MODES:
            raise SourceError(f"{path}: sslmode is {settings.sslmode!r}; write one of {', '.join(SSL_MODES)}")
        return settings

    def write(self) -> None:
        """Keep them for the next time."""
        path = settings_file()
        stored = {
            "places": sorted(self.places), "credentials": sorted(self.credentials), "sslmode": self.sslmode,
        }  # fmt: skip
        write_setting(path, json.dumps(stored, indent=1, ensure_ascii=False).encode())


def settings_file() -> Path:
    """Where the agreements are kept."""
    return settings_folder() / "trust.json"


def server(source: Source) -> str:
    """The server of a source as host:port, or nothing where it reads files."""
    if source.engine == "files" or not source.url.hostname:
        return ""
    return f"{source.url.hostname}:{source.url.port or PORTS.get(source.url.scheme, 0)}".lower()


def outside_place(source: Source, folder: Path | None) -> str:
    """The server or the path outside the book's folder that a source reads; nothing where it stays inside."""
    if named := server(source):
        return named
    location = source.location.removeprefix("duckdb:")
    if source.engine == "spark":
        location = source.table if "/" in source.table or source.table.endswith(".parquet") else ""
    elif source.engine == "postgresql":
        return "localhost:5432"  # no host in the location: PostgreSQL's own default
    return _outside(location, folder) if location else ""


def _outside(location: str, folder: Path | None) -> str:
    if NETWORK_SHARE.match(location):
        return location.lower()  # not looked at: that alone would greet a stranger's server
    base, pattern = _without_pattern(location)
    path = (folder / base if folder else Path(base)).resolve()
    if folder and path.is_relative_to(folder.resolve()):
        return ""
    return str(path / pattern)


def _without_pattern(location: str) -> tuple[str, str]:
    """The part of a path before its first wildcard, and the rest."""
    parts = Path(location).parts
    fixed = next((i for i, part in enumerate(parts) if PATTERN.search(part)), len(parts))
    return str(Path(*parts[:fixed])), str(Path(*parts[fixed:])) if parts[fixed:] else ""


def book_folder(book: str) -> Path | None:
    """The folder of a book that is a file on this computer."""
    path = Path(book)
    return path.parent.resolve() if path.is_file() else None


def permit(source: Source, book: str, ask: Callable[[str, str], bool]) -> None:
    """Let a source of a book be read, if it stays in the book's folder or the user agrees, now or before.

    `ask` is called with a key and a question. Raises NotTrusted where the answer is no, or nobody can be asked.
    """
    place = outside_place(source, book_folder(book))
    if not place:
        return
    settings = Settings.read()
    key = str(Path(book).resolve()) if Path(book).is_file() else book
    named = source.credential and (server(source) or place)
    new_place = (key, place) not in settings.places
    new_credential = bool(named) and (str(named), source.credential) not in settings.credentials
    if not new_place and not new_credential:
        return
    command = trust_command(place, source.credential if new_credential else "", key if new_place else "")
    if new_credential and not OWN_NAME.fullmatch(source.credential):
        raise NotTrusted(
            f"{source.credential} is not a password of this add-in (those are called env:ROC_…), and it would be sent "
            f"to {place}",
            command,
        )
    wants = [f"read {place}"] if new_place else []
    wants += [f"send the password {source.credential} to {place}"] if new_credential else []
    question = f"{Path(book).name} wants to {' and '.join(wants)}. Allow it from now on?"
    if not ask(f"trust {place} {source.credential}", question):
        raise NotTrusted(f"{Path(book).name} may not {' and '.join(wants)}", command)
    agree(place, source.credential if new_credential else "", key if new_place else "")


def agree(place: str, credential: str = "", book: str = "") -> None:
    """Remember that a book may read a place, and that a credential may be sent to it."""
    settings = Settings.read()
    settings.places |= {(book, place)} if book else set()
    settings.credentials |= {(place, credential)} if credential else set()
    settings.write()


def take_back(place: str) -> int:
    """Forget all that was agreed to about a place; gives how many agreements that were."""
    settings = Settings.read()
    before = len(settings.places) + len(settings.credentials)
    settings.places = {(book, there) for book, there in settings.places if there != place}
    settings.credentials = {(there, credential) for there, credential in settings.credentials if there != place}
    settings.write()
    return before - len(settings.places) - len(settings.credentials)


def place_named(text: str) -> str:
    """A server (host:port) or a path, as the agreements name it."""
    if SERVER.fullmatch(text) and not Path(text).exists():
        return text.lower()
    return _outside(text, None)


def trust_command(place: str, credential: str, book: str) -> str:
    """The line that agrees to a place or a credential."""
    words = ["roc", "trust", place, *([credential] if credential else []), *(["--book", book] if book else [])]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def is_this_computer(host: str | None) -> bool:
    """Whether a connection to this host never leaves the computer."""
    return (
        not host
        or host.startswith("/")
        or host in ("localhost", "::1")
        or re.fullmatch(r"127(\.\d+){3}", host) is not None
    )


def ssl_mode(wanted: str, host: str | None) -> str:
    """How a connection is protected: as wanted, but to another computer never less than the settings say."""
    if wanted not in SSL_MODES:
        raise SourceError(f"sslmode is {wanted!r} in Location; write one of {', '.join(SSL_MODES)}")
    if is_this_computer(host):
        return wanted
    return max(wanted, Settings.read().sslmode, "require", key=SSL_MODES.index)

"""roc trust: what books may read, and which password goes to which server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin.cli import output
from addin.errors import BookError


def trust(
    place: Annotated[str, typer.Argument(help="A server as host:port, or a file or folder.")] = "",
    credential: Annotated[
        str, typer.Argument(help="env:NAME or keyring:SERVICE/NAME, to be sent to that server.")
    ] = "",
    book: Annotated[Path | None, typer.Option(help="The workbook that may read the place.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take back all that was agreed to about the place.")] = False,
) -> None:
    """Allow a workbook to read beyond its folder, or a password to be sent to a server; list what is allowed."""
    from addin.sources.trust import Settings, agree, place_named, settings_file, take_back

    if not place:
        settings = Settings.read()
        lines = [f"{name} may read {there}" for name, there in sorted(settings.places)]
        lines += [f"{secret} may be sent to {there}" for there, secret in sorted(settings.credentials)]
        lines.append(
            f"Connections to other computers use sslmode {settings.sslmode} or better. Kept in {settings_file()}"
        )
        for line in lines:
            output.say(line)
        return
    there = place_named(place)
    if remove:
        output.say(f"{take_back(there)} agreements about {there} taken back")
        return
    if not credential and book is None:
        raise BookError("name a credential to send there, or the workbook that may read it with --book")
    if book is not None and not book.is_file():
        raise BookError(f"{book} is not there; name the workbook that may read {there}")
    agree(there, credential, str(book.resolve()) if book else "")
    allowed = [f"{book} may read {there}"] if book else []
    allowed += [f"{credential} may be sent to {there}"] if credential else []
    output.say(f"Allowed: {', '.join(allowed)}")

"""Passwords, read from where they are kept at the moment they are needed."""

from __future__ import annotations

import os

from addin.errors import SourceError


def password(reference: str) -> str | None:
    """The password that env:NAME or keyring:SERVICE/NAME stands for; None where nothing is referred to."""
    if not reference:
        return None
    kind, _, where = reference.partition(":")
    if kind == "env":
        found = os.environ.get(where)
        if found is None:
            raise SourceError(f"the environment variable {where} is not set; set it to the password")
        return found
    try:
        import keyring
    except ImportError:
        raise SourceError(
            f"{reference} needs the package keyring; pip install 'return-on-customer[keyring]', or use env:NAME"
        ) from None
    service, _, name = where.partition("/")
    try:
        stored: str | None = keyring.get_password(service, name)
    except Exception as error:  # each system's keyring has errors of its own
        raise SourceError(f"the keyring cannot be read ({type(error).__name__}); unlock it, or use env:NAME") from None
    if stored is None:
        raise SourceError(f"the keyring holds no password for {where}; store it with: keyring set {service} {name}")
    return stored

"""The command roc."""

from __future__ import annotations

from addin.cli.main import main

__all__ = ["main"]

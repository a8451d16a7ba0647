"""Presets of the template for kinds of businesses: a file for each, with what Inputs come with and its words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from addin.errors import BookError
from addin.schema.preset_samples import RETAIL

__all__ = ["PRESET", "RETAIL", "Preset", "presets", "read"]

PRESET = "out_Preset"
"""The cell in which a book says its preset; one of retail has none."""
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Preset:
    """The same model for another kind of business; that of retail changes nothing."""

    name: str = RETAIL
    inputs: Mapping[str, Sequence[float | str]] = field(default_factory=dict)
    """What inputs come with, by their names: the base, then the cautious and the ambitious scenario."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For each language the words and phrases of the template with its own; the longest that fits goes first."""


def presets() -> list[str]:
    """The presets that the template can be made with."""
    return [RETAIL, *sorted(file.stem for file in FOLDER.glob("*.toml"))]


@cache
def read(preset: str = RETAIL) -> Preset:
    """A preset by its name; a BookError where there is none."""
    if preset == RETAIL:
        return Preset()
    if preset not in presets():
        raise BookError(f"there is no preset {preset} of the template; choose one of {', '.join(presets())}")
    tables = tomllib.loads((FOLDER / f"{preset}.toml").read_text(encoding="utf-8"))
    return Preset(preset, tables.pop("inputs"), tables)

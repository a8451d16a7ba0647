"""The exports that come with the add-in, and which one a file is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files

from addin.exports.declaration import Export, export_of_text


@cache
def _own() -> dict[str, Export]:
    """Those that come with the add-in, by the names of their files."""
    there = sorted(file.name for file in files(__package__).iterdir() if file.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): replace(
            export_of_text(files(__package__).joinpath(name).read_text(encoding="utf-8"), name),
            file=name.removesuffix(".toml"),
        )
        for name in there
    }


GENERAL = _own()["orders"]
"""The words of orders of no known export."""


def known_exports() -> list[Export]:
    """Those that come with the add-in, and that headings alone tell."""
    return [_complete(export) for export in _own().values() if export is not GENERAL and not export.other]


def two_sided() -> list[Export]:
    """Those with a second column of amounts, which are no sales."""
    return [_complete(export) for export in _own().values() if export.other]


def recognised(headings: Sequence[str], own: Iterable[Export] = ()) -> Export | None:
    """The export that these are the headings of: the user's own first, then the one that asks for most headings."""
    for group in (own, known_exports()):
        fitting = [export for export in group if export.is_of(headings)]
        if fitting:
            return _complete(max(fitting, key=lambda export: len(export.recognised_by)))
    return None


def _complete(export: Export) -> Export:
    """An export with the words of the one that it is like, where it has none of its own, and all that both exclude."""
    if export.like not in _own():
        return export
    base = _complete(_own()[export.like])
    its_own = {each.name: value for each in fields(export) if (value := getattr(export, each.name))}
    joined = {"columns": {**base.columns, **export.columns}, "unless": (*base.unless, *export.unless)}
    return replace(base, **{"recognised_by": (), **its_own, **joined})

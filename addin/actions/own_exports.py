"""The user's own exports: kept in their settings, and in the books that were loaded by one, for others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from addin.actions.book import Book
from addin.actions.long_notes import in_parts, put_together
from addin.errors import BookError
from addin.exports import GENERAL, Export, export_of_text, written
from addin.files import settings_folder, write_setting

NOTE = "export "
"""What the notes begin with that hold an export."""
NAME = re.compile(r"[^\W_][\w &.,'()+-]{0,60}")


def own_exports(book: Book) -> list[Export]:
    """Those of the current user, then those of the book."""
    folder = settings_folder() / "exports"
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))}
    texts = {**put_together(book.notes(), NOTE), **texts}
    return [export_of_text(text, name) for name, text in texts.items() if text]


def own_export(
    name: str, table: str, headings: Sequence[str], mapping: Mapping[str, str], like: Export | None
) -> Export:
    """An export that reads files with these headings as a file was read now."""
    if not NAME.fullmatch(name):
        raise BookError(
            f"{name!r} cannot name an export; take a name of letters, digits and spaces, such as Market stall"
        )
    base = like or (GENERAL if table == GENERAL.table else Export(name, table))
    return replace(
        base, name=name, table=table, like=base.file, amounts={},
        recognised_by=tuple((heading,) for heading in headings if heading),
        columns={column: (heading,) for column, heading in mapping.items()},
    )  # fmt: skip


def keep(export: Export) -> dict[str, str]:
    """Keep an export in the user's settings; gives the notes by which a book has it."""
    text = written(export)
    folder = settings_folder() / "exports"
    write_setting(folder / f"{export.name}.toml", text.encode())
    return in_parts(f"{NOTE}{export.name}", text)

"""What a book says in every host where it cannot do what is asked."""

from __future__ import annotations

from collections.abc import Iterable

from addin.errors import BookError


def no_table(title: str, name: str, there: Iterable[str]) -> BookError:
    """A book without a table of that name."""
    return BookError(f"{title} has no table {name}; it has {', '.join(there) or 'no tables at all'}")


def no_cell(title: str, place: str) -> BookError:
    """A book without that place."""
    return BookError(f"{title} has no cell {place}; check the name of the sheet and of the cell")


def only_a_copy(title: str) -> BookError:
    """An open book, from which personal data cannot be left out."""
    return BookError(f"{title} cannot be changed so; save the book and use roc share --without-personal")


def no_step(title: str) -> BookError:
    """A book in which nothing can be undone."""
    return BookError(f"{title} has no action to undo")


def undo_would_lose(what: str, instead: str) -> BookError:
    """A book that was changed since its last action."""
    return BookError(f"{what} was changed since, and undo would lose that; {instead}")


def password_protected(sheet: str) -> BookError:
    """A sheet that cannot be written."""
    return BookError(f"the sheet {sheet} has a password; unprotect it, then try again")


def not_empty(title: str, sheet: str, cell: str, table: str, last: int) -> BookError:
    """A table that would grow over what stands beneath it."""
    return BookError(
        f"{title}, sheet {sheet}, cell {cell} is not empty, and {table} needs the rows down to {last}; "
        "move what stands beneath the table"
    )

"""sqlframe without the dialects that nobody asks for.

To name the dialect of a session it loads all that sqlglot knows, and looks for them again at every function: together a
tenth of what a million orders take. The name is that of the dialect's class.
"""

from __future__ import annotations

from sqlframe.base import util
from sqlglot import Dialect


def name_of(dialect: Dialect) -> str:
    """The name of a dialect, such as duckdb."""
    return type(dialect).__name__.lower()


util.dialect_to_string = name_of

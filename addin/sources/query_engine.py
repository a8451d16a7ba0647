"""What every engine offers: its columns, DataFrames over them, and the rows that a DataFrame comes to."""
# ruff: noqa: N806  # F and Window are the names that PySpark's users know

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from addin.sources.aggregates import Dialect, Frame
from addin.sources.source import Kind, Source
from addin.values import WHOLE

ID, DATE, AMOUNT = "id", "date", "amount"
"""The names under which an order's columns are wanted."""


class Wanted(NamedTuple):
    """A column of the source, and what is to be read in it."""

    column: str
    kind: Kind


class Engine(ABC):
    """A place that holds a table, open for questions."""

    errors: ClassVar[tuple[type[Exception], ...]] = ()
    """What its driver raises."""
    dialect: Dialect
    columns: Mapping[str, Kind]
    notes: list[str]
    """Texts that can be read two ways, and how they were read."""

    @abstractmethod
    def __init__(self, source: Source, folder: Path, stopped: Callable[[], bool]) -> None:
        """Open a source; relative paths count from the folder, and long work asks whether it is stopped."""

    @abstractmethod
    def frame(self, wanted: Mapping[str, Wanted]) -> Frame:
        """The whole table, with the wanted columns under the names they are wanted by.

        Text has no blanks around it, and is NULL where nothing is left. A text under the name ID is in lower case, and
        17001.0 is 17001, so that each spelling of an id is one. A text under DATE that is no date is one that no sheet
        can show, and a text under AMOUNT that is no number is NaN, so that such rows can be counted.
        """

    def prepared(self, name: str, make: Callable[[], Frame], of: str = "") -> Frame:
        """The rows that several questions begin with, made of the source or of other prepared rows.

        An engine that can keeps them by this name, with all that is made of them, until others are made of the source.
        """
        return make()

    @abstractmethod
    def collect(self, frame: Frame) -> list[tuple[Any, ...]]:
        """The rows of a DataFrame."""

    @abstractmethod
    def interrupt(self) -> None:
        """End what runs; called from another thread, any number of times."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the place."""

    @staticmethod
    @abstractmethod
    def explain(error: Exception) -> str:
        """One sentence for what the driver raised: what happened, and what to do."""

    def trimmed(self, wanted: Mapping[str, Wanted], columns: Mapping[str, Any]) -> list[Any]:
        """The wanted columns, each under its name, with texts as `frame` must give them."""
        F = self.dialect.F
        cells = {}
        for name, column in columns.items():
            if self.columns[wanted[name].column] == "text":
                text = F.trim(column.cast("string"))
                if name == ID:
                    whole = F.regexp_replace(text, r"\.0+$", "")
                    text = F.when(text.rlike(f"^(?:{WHOLE})$"), whole).otherwise(F.lower(text))
                column = F.when(text != "", text)
            cells[name] = column
        return [cell.alias(name) for name, cell in cells.items()]


def cannot_answer(engine: str, said: str) -> str:
    """Why an engine refused a question, where that is none of the usual reasons."""
    return f"{engine} cannot answer ({said}); see that the columns hold what the Sources table says"

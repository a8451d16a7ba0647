"""What loading files would do: the rows that are new, those that are not loaded and why, and what is unclear."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from addin.actions.book import Question, Value
from addin.actions.row_checks import Problem
from addin.exports import Export
from addin.tabular import Cell, Unclear

SHOWN_CHANGES = 5
"""So many rows are named that are there with other values."""


@dataclass(slots=True)
class Preview:
    """What loading files would do."""

    table: str
    mapping: dict[str, str]
    """Column of the table to heading of the file."""
    append: bool
    there: int
    """How many rows the table has now."""
    sample: int
    """How many of them are made up."""
    rows: dict[str, list[Value]] = field(default_factory=dict)
    """The new rows, column by column."""
    duplicates: list[Problem] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    further: int = 0
    """How many rows are further lines of orders that are counted already."""
    not_read: list[str] = field(default_factory=list)
    """The headings of the files that nothing is read from."""
    became: dict[str, tuple[Cell, Value]] = field(default_factory=dict)
    """By column a cell of a new row as the file has it, and what it was read as."""
    notes: list[str] = field(default_factory=list)
    """How the files were understood, where that was not plain."""
    dates: frozenset[str] = frozenset()
    """The columns whose numbers are dates."""
    unclear: dict[str, Unclear] = field(default_factory=dict)
    """Column to a text of it that can be read two ways; `preview` takes the names of the ways that are wanted."""
    asked: list[str] = field(default_factory=list)
    """Those of them that nobody has answered yet."""
    ways: dict[str, str] = field(default_factory=dict)
    """What was answered."""
    headings: list[str] = field(default_factory=list)
    """Those of the first file, by which the answers are remembered."""
    export: Export | None = None
    """What the first file was recognised as."""
    before: dict[str, list[Cell]] = field(default_factory=dict)
    """The first rows of the first file, by the headings that are read."""
    rejected_cells: list[dict[str, Cell]] = field(default_factory=list)
    """What stands in each rejected row, by heading."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Why rows are none of this table, such as refunded, and how many they are."""
    states: Counter[str] = field(default_factory=Counter)
    """What the file says became of its orders."""
    currencies: Counter[str] = field(default_factory=Counter)
    updated: dict[str, str] = field(default_factory=dict)
    """Campaigns that are there and that reports change, and how."""
    cells: dict[str, Value] = field(default_factory=dict)
    """The cells of those rows that change, by place."""
    remembers: str | None = None
    """What the book is to remember of reports; None where none was read."""

    def ask(self, named: str, key: str, unclear: Unclear) -> None:
        """Note what can be read two ways and what it is read as; it is asked about unless it was answered."""
        self.unclear[key] = unclear
        if key in self.ways:
            told = f"{unclear.text} is read as {unclear.ways[self.ways[key]]}, as was answered"
        else:
            self.asked.append(key)
            told = unclear.note
        self.notes.append(f"{named}: {told}" if named else told)

    @property
    def new(self) -> int:
        """How many rows would be loaded."""
        return max(map(len, self.rows.values()), default=0)

    @property
    def changes(self) -> list[str]:
        """What the files say of rows that are there with other values."""
        return [problem.change for problem in self.duplicates if problem.change]

    @property
    def changed(self) -> str:
        """How many rows those are."""
        return f"{len(self.changes):,} there already with other values"

    @property
    def not_changed(self) -> str:
        """That those rows stay as they are, and how to change them; nothing where there are none."""
        if not self.changes:
            return ""
        more = f"; … and {len(self.changes) - SHOWN_CHANGES:,} more" if len(self.changes) > SHOWN_CHANGES else ""
        return (
            f"{self.changed}: {'; '.join(self.changes[:SHOWN_CHANGES])}{more}; "
            "not changed; replace the rows in place of appending to change them"
        )

    @property
    def updates(self) -> str:
        """How reports change rows that are there; nothing where they do not."""
        more = f"; … and {len(self.updated) - SHOWN_CHANGES:,} more" if len(self.updated) > SHOWN_CHANGES else ""
        return "; ".join([*self.updated.values()][:SHOWN_CHANGES]) + more

    @property
    def questions(self) -> list[Question]:
        """What to ask about readings that nobody has answered yet, each in the order of `asked`."""
        return [
            Question(f"read/{column}/{self.unclear[column].text}", f"{self.unclear[column].note}. Is that right?")
            for column in self.asked
        ]

    @property
    def question(self) -> Question:
        """What to ask before loading."""
        kind = "sample " if self.sample and self.sample == self.there else ""
        if self.updated:
            beside = f" and append {self.new:,}" if self.new else ""
            text = f"Change {len(self.updated):,} of the {self.there:,} rows of {self.table}{beside}?"
        elif self.append:
            text = f"Append {self.new:,} rows to the {self.there:,} {kind}rows of {self.table}?"
        else:
            text = f"Replace the {self.there:,} {kind}rows of {self.table} with {self.new:,} rows?"
        changed = f"/{len(self.updated)}" if self.updated else ""
        key = f"{'append' if self.append else 'replace'}/{self.table}/{self.there}/{self.new}{changed}"
        return Question(key, text)

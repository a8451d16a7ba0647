"""What came of a recalculation: the workbook, the values, and the cells that were not calculated."""

from __future__ import annotations

from dataclasses import dataclass, field

from addin.values import Scalar
from addin.xlsx.addresses import Place
from addin.xlsx.book_formulas import BookFormulas
from addin.xlsx.package import Package

Computed = Scalar | list[list[Scalar]]
"""What a formula came to: a value, or a block of them."""


@dataclass(frozen=True, slots=True)
class CellReport:
    """A cell that uses our functions, and what came of it."""

    sheet: str
    cell: str
    formula: str
    value: Computed | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A cell that was not recalculated, and why; it shows what it showed before."""

    sheet: str
    cell: str
    formula: str
    reason: str


@dataclass(slots=True)
class Calculation:
    """A recalculated workbook."""

    package: Package
    cells: list[CellReport]
    kept: list[Kept]
    changed: int
    """How many cells show something else than before."""
    values: dict[Place, Computed] = field(default_factory=dict)
    """What every recalculated formula came to."""
    ready: set[Place] = field(default_factory=set)
    """The kept cells that read no cell of ours which still waits: another program can calculate them."""
    formulas: BookFormulas | None = None
    """What was read of the formulas, for the next calculation."""

    @property
    def data(self) -> bytes:
        """The file."""
        return self.package.data

"""All formulas of a book, with what each reads; as long as they stay the same they are read once."""

from __future__ import annotations

from collections.abc import Sequence

from addin.xlsx.cells import FormulaCell
from addin.xlsx.dependencies import Graph
from addin.xlsx.engine_formulas import EngineFormulas
from addin.xlsx.formulas import Formulas
from addin.xlsx.package import Package


class BookFormulas:
    """What is known of formulas, whatever values are saved beside them."""

    def __init__(self, package: Package, cells: Sequence[FormulaCell]) -> None:
        formulas = Formulas(package)
        readings = [formulas.read(cell) for cell in cells]
        self.for_engine = EngineFormulas(formulas, cells, readings)
        self.graph = Graph(cells, readings)
        self.between = {i for i, reading in enumerate(readings) if reading.between}
        self.ours = {i for i, reading in enumerate(readings) if reading.metrics}
        self._cells, self._package = cells, package

    @classmethod
    def of(cls, package: Package, cells: Sequence[FormulaCell], before: BookFormulas | None) -> BookFormulas:
        """Those of a book that may be the one of `before` with other values."""
        if before is None or not before.hold_for(package, cells):
            return cls(package, cells)
        before.graph.spread.clear()
        return before

    def hold_for(self, package: Package, cells: Sequence[FormulaCell]) -> bool:
        """Whether a book has the same formulas, tables and names."""
        old = self._package
        return (
            (package.sheets, package.tables, package.names) == (old.sheets, old.tables, old.names)
            and len(cells) == len(self._cells)
            and all(
                now is then or (now.place, now.formula, now.area) == (then.place, then.formula, then.area)
                for now, then in zip(cells, self._cells, strict=True)
            )
        )

"""A copy of the workbook as Excel saved it: what Share writes into it, its formulas calculated by whoever opens it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from addin.actions.book import Change, OurCell
from addin.files import write_whole
from addin.hosts.web.snapshot_book import SnapshotBook
from addin.xlsx.cells import NewValue, constants
from addin.xlsx.macro_free import without_macros, without_unused_texts
from addin.xlsx.notes import with_notes
from addin.xlsx.package import Package, Part
from addin.xlsx.part_lists import without_order_of_formulas


class SharedBook(SnapshotBook):
    """A workbook whose file is at hand, so that a copy can be made of it."""

    file: Path

    @contextmanager
    def copy(self, target: Path) -> Iterator[SnapshotBook]:  # type: ignore[override]
        """An .xlsx copy without macros and links, saved when the block ends."""
        copied = _Copy(self._snapshots, status=self._status)
        copied.package = without_macros(Package.read(self.file))
        yield copied
        write_whole(target, without_unused_texts(copied.package).data)


class _Copy(SnapshotBook):
    package: Package

    def calculate(self) -> list[OurCell]:
        """The cells of ours as Excel shows them."""
        return self.our_cells()

    def write(self, change: Change) -> None:
        """Write cells and notes into the copy's file."""
        new: dict[str, dict[tuple[int, int], NewValue]] = {}
        for place, value in change.cells.items():
            sheet, area = self._place(place)
            new.setdefault(sheet, {}).update(constants(area, value))
        parts: dict[str, Part] = dict(with_notes(self.package, change.notes))
        for sheet, values in new.items():
            unshared = self.package.sheet(sheet).without_shared_formulas(sheet)
            parts[self.package.sheets[sheet]] = unshared.with_values(values)
        self.package = self.package.replaced(without_order_of_formulas(self.package) | parts)

"""Books in which a test types and reads by table and name: one open in the engine, where little is calculated again."""

import datetime as dt

from addin.actions.book import Change, Rows
from addin.schema import schemas
from addin.values import column_letters, serial
from addin.xlsx.addresses import area_of
from addin.xlsx.book_formulas import BookFormulas
from addin.xlsx.engine import FormulaEngine


def as_typed(value):
    """A value as cells hold it."""
    if isinstance(value, int):
        return float(value)
    return float(serial(value)) if isinstance(value, dt.date) else value


class Places:
    """Where names, inputs and columns of tables stand."""

    def __init__(self, package):
        self.package = package
        self.cells = [cell for name in package.sheets for cell in package.sheet(name).formula_cells(name)]
        self.formulas = {cell.place for cell in self.cells}

    def place(self, where):
        """Sheet, row and column of a name, or of Sheet!A1."""
        sheet, _, cell = self.package.names.get((None, where.lower()), where).replace("$", "").partition("!")
        return sheet, *area_of(cell)[:2]

    def input(self, name):
        """Where an input is typed: into its base scenario where the name stands for the one in use."""
        sheet, row, column = self.place(name)
        return sheet, row, column + ((sheet, row, column) in self.formulas)

    def columns(self, table, names, count):
        """Where the first rows of some columns stand."""
        area = self.package.tables[table.lower()]
        return {
            (row, name): (area.sheet, area.top + 1 + row, area.left + area.columns.index(name))
            for name in names
            for row in range(count)
        }


class InMemory(Places):
    """A book that stays open in the engine: cells are typed, and only what is asked for is calculated again."""

    def __init__(self, package):
        super().__init__(package)
        formulas = BookFormulas(package, self.cells)
        assert not formulas.between
        self.engine = FormulaEngine(package, self.cells, lambda: None)
        self.engine.put({i: formulas.for_engine.text(i) for i, cell in enumerate(self.cells) if cell.area is None})

    def type_in(self, inputs, tables):
        """Type inputs by name, and rows from the first one of each table on; the rest of a table is blank."""
        for name, value in inputs.items():
            self.engine.book.set_value(*self.input(name), as_typed(value))
        for table, rows in tables.items():
            area, typed = self.package.tables[table.lower()], list(schemas()[table].typed)
            blank = area.bottom - area.top - len(rows)
            assert blank >= 0
            values = [[as_typed(row.get(name)) for name in typed] for row in [*rows, *[{}] * blank]]
            self.engine.book.set_values_batch(area.sheet, area.top + 1, area.left, values)

    def results(self, places):
        """What cells show, by the key of their place."""
        self.engine.book.evaluate_cells(list(places.values()))
        return {key: self.engine.at(*place) for key, place in places.items()}


class WholeBook(Places):
    """A file in which the rows of tables are replaced, and everything is calculated as by a button."""

    def __init__(self, book):
        super().__init__(book.package)
        self.book = book

    def type_in(self, inputs, tables):
        """Type inputs by name, and rows in place of those of each table."""
        change = Change()
        for name, value in inputs.items():
            sheet, row, column = self.input(name)
            change.cells[f"{sheet}!{column_letters(column)}{row}"] = as_typed(value)
        for table, rows in tables.items():
            typed = list(schemas()[table].typed)
            change.rows[table] = Rows({name: [as_typed(row.get(name)) for row in rows] for name in typed})
        with self.book.action("A model"):
            self.book.write(change)

    def results(self, places):
        """What cells show, by the key of their place."""
        found = {}
        for key, (sheet, row, column) in places.items():
            value = self.book.cells(f"{sheet}!{column_letters(column)}{row}")[0][0]
            found[key] = "" if value is None else value
        return found

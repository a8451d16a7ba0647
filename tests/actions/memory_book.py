"""A Book in memory, for actions whose results need no calculated cells: milliseconds in place of seconds."""

from contextlib import contextmanager
from copy import deepcopy

from addin.actions import refusals
from addin.actions.book import Table
from addin.actions.table_edit import table_edit
from addin.schema import schemas
from addin.template.lists import BANDS

FIRST_ROW = 5


class MemoryBook:
    """The template with rows of its own: calculated columns are blank, named cells hold what they are given."""

    title = "book in memory"

    def __init__(self, *, rows=None, names=None, agrees=True):
        given = rows or {}
        self.lists = {picks.name: picks.items for band in BANDS for picks in band}
        self.named = {"in_Campaign": None, **(names or {})}
        self.kept_notes = {}
        self.asked, self.steps, self.agrees = [], [], agrees
        self.data = {}
        for name, schema in schemas().items():
            found = given.get(name) or [{}]
            self.data[name] = {column.name: [row.get(column.name) for row in found] for column in schema.columns}

    def tables(self):
        return list(self.data)

    def table(self, name):
        if name not in self.data:
            raise refusals.no_table(self.title, name, self.data)
        schema = schemas()[name]
        rows = len(next(iter(self.data[name].values())))
        return Table(name, schema.sheet, FIRST_ROW, 2, rows, self.data[name], frozenset(schema.formulas))

    def rows(self, name):
        """The rows of a table, as the typed columns hold them."""
        table = self.table(name)
        return [{column: table.columns[column][index] for column in table.typed} for index in table.rows]

    def names(self):
        return frozenset({**self.named, **self.lists})

    def cells(self, place):
        if place in self.lists:
            return [[item] for item in self.lists[place]]
        if place in self.named:
            return [[self.named[place]]]
        raise refusals.no_cell(self.title, place)

    def notes(self):
        return {name: text for name, text in self.kept_notes.items() if text}

    @contextmanager
    def action(self, title):
        before = deepcopy((self.data, self.named, self.kept_notes))
        try:
            yield
        except BaseException:
            self.data, self.named, self.kept_notes = before
            raise
        self.steps.append((title, before))

    def write(self, change):
        for name in {*change.rows, *change.filled}:
            table = self.table(name)
            edit = table_edit(self.title, table, change.rows.get(name), change.filled.get(name, {}))
            count = edit.last - FIRST_ROW + 1
            for column, cells in self.data[name].items():
                cells[:] = [*cells, *[None] * count][:count]
                start, values = edit.values.get(column, (FIRST_ROW, []))
                cells[start - FIRST_ROW : start - FIRST_ROW + len(values)] = list(values)
        self.named |= {place: value for place, value in change.cells.items() if place in self.named}
        for table in map(self.table, self.data):
            for column, cells in self.data[table.name].items():
                for index in range(len(cells)):
                    cells[index] = change.cells.get(table.place(column, index), cells[index])
        self.kept_notes |= change.notes

    def calculate(self):
        return []

    def status(self, doing, done=0, of=0):
        pass

    def ask(self, question):
        self.asked.append(question.text)
        return self.agrees

    def undo(self):
        if not self.steps:
            raise refusals.no_step(self.title)
        title, (self.data, self.named, self.kept_notes) = self.steps.pop()
        return title

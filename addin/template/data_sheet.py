"""A data sheet: one table of typed columns, and calculated ones that fill down by themselves, as it is declared."""

from __future__ import annotations

from collections.abc import Sequence

from addin.schema import schemas
from addin.schema.declaration import Between, Column, ColumnKind, OneOf, SampleRow, TableSchema, ValidDate
from addin.schema.formulas import HEADER_ROW, in_row
from addin.template import theme
from addin.template.sheet import Page, Sheet, TemplateBook, Value
from addin.template.theme import Style
from addin.values import column_letters

FIRST_ROW = HEADER_ROW + 1


def data_page(schema: TableSchema, rows: Sequence[SampleRow]) -> Page:
    """The sheet of a table with these rows, or with a blank one."""
    return Page(schema.sheet, schema.purpose, lambda book: _write(book, schema, rows or [[None] * len(schema.typed)]))


def _write(book: TemplateBook, schema: TableSchema, rows: Sequence[SampleRow]) -> None:
    """Write the sheet.

    It has no protection, which would stop the table from growing, and no print area, which would not grow with it.
    """
    columns = schema.columns
    sheet = Sheet(
        book, schema.sheet, schema.title, schema.question, tab=theme.TAB_DATA,
        widths=[2, *(column.width for column in columns)], freeze="C5", protected=False, one_page=False,
    )  # fmt: skip
    last_row = HEADER_ROW + len(rows)
    letters = [column_letters(2 + i) for i in range(len(columns))]
    formulas = [in_row(schema.name, column.formula) for column in columns]
    sheet.height(HEADER_ROW, 22)
    sheet.ws.add_table(f"B{HEADER_ROW}:{letters[-1]}{last_row}", {
        "name": schema.name, "style": "Table Style Light 1", "banded_rows": False, "autofilter": False,
        "columns": [
            {"header": column.name, "header_format": book.format(*_head(column)), "formula": formula,
             "format": book.format(*_look(column), {"num_format": column.shown_as})}
            for column, formula in zip(columns, formulas, strict=True)
        ],
    })  # fmt: skip
    for row, values in enumerate(rows, start=FIRST_ROW):
        typed = iter(values)
        for letter, column, formula in zip(letters, columns, formulas, strict=True):
            value: Value = formula or next(typed)
            sheet.put(f"{letter}{row}", value, *_look(column), number=column.shown_as)
    for letter, column in zip(letters, columns, strict=True):
        _allow(sheet, f"{letter}{FIRST_ROW}:{letter}{last_row}", column)
    sheet.when(f"B{FIRST_ROW}:{letters[-1]}{last_row}", "=MOD(ROW(),2)=0", {"bg_color": theme.STRIPE})
    sheet.ws.repeat_rows(0, HEADER_ROW - 1)
    if schema.ids:
        book.workbook.define_name(schema.ids.name, f"={schema.sheet}!$B${FIRST_ROW}:$B${schema.ids.last_row}")


def sample_cells(table: str, column: str) -> str:
    """Where a chart of a table finds a column: the rows of the sample, with which the chart's range then grows."""
    schema = schemas()[table]
    letter = column_letters(2 + [each.name for each in schema.columns].index(column))
    return f"{letter}{FIRST_ROW}:{letter}{HEADER_ROW + len(schema.sample())}"


def _allow(sheet: Sheet, cells: str, column: Column) -> None:
    """Let only values be typed that keep to a column's rule."""
    match column.rule:
        case OneOf(items=str() as name, help=message):
            sheet.allow_list(cells, f"={name}", message)
        case OneOf(items=items, help=message):
            sheet.allow_list(cells, list(items), message)
        case Between(help=message, high=high, low=low):
            sheet.allow_between(cells, low, high, message)
        case ValidDate(help=message):
            sheet.allow_date(cells, message)


def _stands_left(column: Column) -> bool:
    """Texts and dates stand left, numbers right."""
    return column.kind is not ColumnKind.NUMBER


def _look(column: Column) -> tuple[Style, ...]:
    kind = theme.FILLED if column.formula else theme.TYPED
    return (kind, theme.LEFT) if _stands_left(column) else (kind,)


def _head(column: Column) -> list[Style]:
    kind = [theme.HEADER, theme.CALCULATED_HEAD] if column.formula else [theme.HEADER]
    return [*kind, theme.LEFT] if _stands_left(column) else kind

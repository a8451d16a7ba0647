"""A data sheet: a table of typed columns, and calculated ones that fill down by themselves, as it is declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from addin.schema import entered_tables, schemas
from addin.schema.declaration import (
    WRITTEN_SHEET,
    Between,
    Column,
    ColumnKind,
    OneOf,
    SampleRow,
    TableSchema,
    ValidDate,
)
from addin.schema.formulas import HEADER_ROW, in_row
from addin.schema.preset_samples import sample_rows
from addin.template import theme
from addin.template.sheet import Page, Sheet, TemplateBook, Value
from addin.template.texts import COLUMNS
from addin.template.theme import Style
from addin.values import column_letters

FIRST_ROW = HEADER_ROW + 1
BETWEEN = 3
"""The width of the column between two of them."""


def data_pages(written: Mapping[str, Sequence[SampleRow]]) -> list[Page]:
    """The sheets of all tables in their order; `written` are the rows of those that Refresh writes."""
    pages = [
        Page(schema.sheet, schema.purpose, lambda book, schema=schema: _write(book, schema))  # type: ignore[misc]
        for schema in entered_tables().values()
    ]
    shared = Page(
        WRITTEN_SHEET, "Data: forecasts and the counts of sources, as Refresh wrote them",
        lambda book: _write_together(book, written),
    )  # fmt: skip
    return [*pages, shared]


def _sheet(book: TemplateBook, name: str, title: str, question: str, widths: Sequence[float]) -> Sheet:
    """It has no protection, which would stop tables from growing, and no print area, which would not grow with them."""
    sheet = Sheet(
        book, name, title, question, tab=theme.TAB_DATA, widths=[2, *widths], freeze="C5", protected=False,
        one_page=False,
    )  # fmt: skip
    sheet.ws.repeat_rows(0, HEADER_ROW - 1)
    return sheet


def _write(book: TemplateBook, schema: TableSchema) -> None:
    widths = [column.width for column in schema.columns]
    sheet = _sheet(book, schema.sheet, schema.title, schema.question, widths)
    sheet.height(HEADER_ROW, 22)
    rows = book.texts.of_sample(sample_rows(schema, book.preset.name))
    _table(sheet, schema, rows, 2)
    last_row = HEADER_ROW + max(1, len(rows))
    sheet.when(f"B{FIRST_ROW}:{sheet.last_column}{last_row}", "=MOD(ROW(),2)=0", {"bg_color": theme.STRIPE})
    if schema.ids:
        book.workbook.define_name(schema.ids.name, f"={schema.sheet}!$B${FIRST_ROW}:$B${schema.ids.last_row}")


def _write_together(book: TemplateBook, rows: Mapping[str, Sequence[SampleRow]]) -> None:
    """The tables that nobody types, side by side, each under what it holds."""
    tables = [each for each in schemas().values()
              if each.written_by_refresh and each.preset in ("", book.preset.name)]  # fmt: skip
    widths = [width for schema in tables for width in (*(column.width for column in schema.columns), BETWEEN)]
    sheet = _sheet(book, WRITTEN_SHEET, "What Refresh wrote", "Written by Refresh all: do not type", widths[:-1])
    sheet.height(HEADER_ROW, 22)
    left = 2
    for schema in tables:
        beside_flag = 4 if left == 2 else 0
        sheet.put(f"{column_letters(left + beside_flag)}{HEADER_ROW - 1}", schema.question, theme.UNIT)
        _table(sheet, schema, rows.get(schema.name, []), left)
        left += len(schema.columns) + 1


def _table(sheet: Sheet, schema: TableSchema, rows: Sequence[SampleRow], left: int) -> None:
    """Write a table with these rows, or with a blank one, from a column on."""
    book, columns, rows = sheet.book, schema.columns, rows or [[None] * len(schema.typed)]
    last_row = HEADER_ROW + len(rows)
    letters = [column_letters(left + i) for i in range(len(columns))]
    formulas = [in_row(schema.name, column.formula) for column in columns]
    sheet.ws.add_table(f"{letters[0]}{HEADER_ROW}:{letters[-1]}{last_row}", {
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
            value: Value = formula or next(typed, None)
            sheet.stored(f"{letter}{row}", value, *_look(column), number=column.shown_as)
    for letter, column in zip(letters, columns, strict=True):
        sheet.explain(f"{letter}{HEADER_ROW}", column.name, COLUMNS)
        _allow(sheet, f"{letter}{FIRST_ROW}:{letter}{last_row}", column)


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

"""Load data: rows of files into a table of the book, seen before they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from addin.actions.answers import answered, checked, remember
from addin.actions.book import Book, Cancelled, Change, OurCell, Question, Rows, text_of, value_of
from addin.actions.campaign_updates import CAMPAIGNS, Campaigns, notes_of, shown_campaign
from addin.actions.currencies import NOTE as CURRENCY
from addin.actions.currencies import check_currency, label_amounts
from addin.actions.file_loader import FileLoader
from addin.actions.load_plan import Preview
from addin.actions.mapping import (
    CONSTANT,
    NOTE,
    best_table,
    mapping_of,
    remembered,
    table_named,
)
from addin.actions.order_campaigns import ask_campaign
from addin.actions.own_exports import keep, own_export, own_exports
from addin.actions.report_days import make_ready
from addin.actions.row_checks import Checker
from addin.actions.rows_beneath import complete
from addin.actions.two_amounts import SALES, SALES_WAYS, readings, taken, told_by
from addin.errors import BookError
from addin.exports import Export, recognised
from addin.schema import Column, ColumnKind, schemas, typed_columns
from addin.schema.terms import ORDER_SOURCES
from addin.tabular import DataFile, files_in, read_file, texts_of

MANY_REJECTED = 0.2
"""With a larger share of rows rejected, loading asks."""
ORDERS, SOURCE, (LOG, TRANSACTIONS) = "tblTransactions", "in_Source", ORDER_SOURCES
COUNT_ORDERS = Question(
    "source/Transactions",
    "The sheets count orders as the log in d_FollowUps has them. Count these order rows instead, from now on?",
    optional=True,
)


def preview(
    book: Book,
    paths: Sequence[Path],
    *,
    table: str = "",
    mapping: Mapping[str, str] | None = None,
    append: bool = False,
    sheet: str = "",
    heading: int = 0,
    ways: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
) -> Preview:
    """Read files and folders, and say what loading them would do; the book stays as it is.

    `mapping` (column to heading, or to =TEXT for the same in every row) goes before what the book remembers, and
    that before equal and usual headings. Without a `table` the one is taken that the headings fit best. `sheet` and
    `heading` (the row of the headings) say where the rows are, `ways` (column to the name of a way) how texts are
    read that a preview showed as unclear. Only rows are kept whose cells are as `where` says (heading to text).
    """
    given = dict(mapping or {})
    files = [
        read_file(
            path,
            lambda rows, name=path.name: book.status(f"Reading {name}, {rows:,} rows"),  # type: ignore[misc]
            sheet=sheet,
            heading=heading,
        )
        for path in files_in(paths)
    ]
    chosen = table_named(book, table) if table else None
    own = own_exports(book)
    exports = [_export(file, own, chosen.name if chosen else "", given, ways or {}) for file in files]
    sided = [export for export in exports if export and export.name.casefold() in SALES_WAYS]
    if sided and SALES in (ways or {}):
        given.pop("Price", None)
    if not chosen:
        chosen = book.table(exports[0].table if exports[0] else best_table(book, files[0], given))
    for file, export in zip(files, exports, strict=True):
        if export and export.table != chosen.name:
            raise BookError(f"{files[0].path.name} goes to {chosen.name}, and {file.path.name} is read as "
                            f"{export.name}, which goes to {export.table}; load them one after the other")  # fmt: skip
    found = Preview(chosen.name, {}, append, len(chosen.rows), 0)
    schema = schemas().get(chosen.name)
    found.sample = sum(schema.is_sample(chosen.columns, index) for index in chosen.rows) if schema else 0
    wanted = typed_columns(chosen.name) or {name: Column(name, 0, ColumnKind.ANY) for name in chosen.typed}
    wanted = {name: wanted[name] for name in chosen.typed if name in wanted}
    found.dates = frozenset(name for name, rule in wanted.items() if rule.kind is ColumnKind.DATE)
    found.headings, found.export = [*files[0].headings], exports[0]
    reports = [file for file, export in zip(files, exports, strict=True) if export and export.is_report]
    for file in reports:
        make_ready(file)
    found.append = append or (bool(reports) and found.there > found.sample)
    found.ways = {
        **answered(chosen.name, found.headings),
        **told_by(sided, given.get("Price", "")),
        **checked(ways or {}, wanted),
    }
    campaigns = Campaigns(book, chosen, found) if reports else None
    loader = FileLoader(found, Checker(book, chosen, wanted, found.append), given, dict(where or {}), campaigns)
    mappings = [
        {} if export and export.periods else mapping_of(book, chosen, file, export, given)
        for file, export in zip(files, exports, strict=True)
    ]
    folder = {
        name: texts_of(cell for file, where_found in zip(files, mappings, strict=True)
                       if (found_in := where_found.get(name, CONSTANT)) in file.headings
                       for cell in file.column(found_in))
        for name in wanted
    }  # fmt: skip
    for file, export, found.mapping in zip(files, exports, mappings, strict=True):
        loader.add(file, export, folder)
    found.remembers = campaigns.remembers if campaigns else None
    check_currency(book, found)
    label_amounts(book, found)
    if found.table == ORDERS:
        ask_campaign(book, found)
    return found


def _export(
    file: DataFile, own: Sequence[Export], table: str, given: Mapping[str, str], ways: Mapping[str, str]
) -> Export | None:
    """The export that a file is, unless it is for another table than the one that was named."""
    export = recognised(file.headings, own)
    if (not export or export.only_income) and (found := readings(file, given)):
        before = answered(ORDERS, file.headings)
        export = taken(found, {**before, **told_by(found, given.get("Price", "")), **ways})
    return export if export and table in ("", export.table) else None


def load(book: Book, plan: Preview, *, save_as: str = "") -> list[OurCell]:
    """Write what a preview found, recalculate, and remember the headings; `save_as` names an export of one's own.

    Asks before rows are replaced, where more than a fifth of the rows is rejected, and where something can be read two
    ways; Cancelled where the user does not agree, a BookError where there is nothing to load.
    """
    read_rows = plan.new + len(plan.updated) + len(plan.rejected)
    if not plan.new and not plan.updated:
        reason = f", the first one {plan.rejected[0].place}: {plan.rejected[0].reason}" if plan.rejected else ""
        left_out = f"; {plan.left_out.total():,} are left out" if plan.left_out else ""
        raise BookError(f"no row can be loaded into {plan.table}: {len(plan.rejected):,} rejected{reason}; "
                        f"{len(plan.duplicates):,} are there already{left_out}"
                        f"{'. ' if plan.changes else ''}{plan.not_changed}")  # fmt: skip
    if len(plan.rejected) > MANY_REJECTED * read_rows:
        first = plan.rejected[0]
        share = f"{len(plan.rejected):,} of {read_rows:,} rows are rejected, the first one ({first.place}) because"
        key = f"rejected/{plan.table}/{len(plan.rejected)}/{read_rows}"
        _confirm(book, Question(key, f"{share} {first.reason}. Load the others all the same?"))
    for column in plan.asked:
        _confirm(
            book, Question(f"read/{column}/{plan.unclear[column].text}", f"{plan.unclear[column].note}. Is that right?")
        )
        plan.ways[column] = next(iter(plan.unclear[column].ways))
    if plan.updated or (plan.there and not plan.append):
        _confirm(book, plan.question)
    remember(plan.table, plan.headings, plan.ways)
    counted = counts_the_log(book, plan) and book.ask(COUNT_ORDERS)
    with book.action("Load data"):
        change = Change(rows={plan.table: Rows(plan.rows, plan.append)}, cells={**plan.cells})
        if plan.table == CAMPAIGNS:
            change.cells |= shown_campaign(book, plan)
        if plan.remembers is not None or (plan.table == CAMPAIGNS and not plan.append):
            change.notes |= notes_of(book, plan.remembers or "")
        if counted:
            change.cells[SOURCE] = TRANSACTIONS
        if save_as:
            change.notes |= keep(own_export(save_as, plan.table, plan.headings, plan.mapping, plan.export))
        if plan.currencies or not plan.append:
            change.notes[f"{CURRENCY}{plan.table}"] = next(iter(plan.currencies), "")
        for column, heading in plan.mapping.items():
            if heading != column and not heading.startswith(CONSTANT):
                change.notes[f"{NOTE}{plan.table}.{column}"] = remembered(book, plan.table, column, heading)
        complete(book, change)
        book.status(f"Writing {plan.new:,} rows")
        book.write(change)
        book.status("Calculating")
        return book.calculate()


def counts_the_log(book: Book, plan: Preview) -> bool:
    """Whether the sheets count the log, and not the orders that were loaded."""
    return plan.table == ORDERS and text_of(value_of(book, SOURCE)) == LOG


def _confirm(book: Book, question: Question) -> None:
    if not book.ask(question):
        raise Cancelled(f"{question.text} {Cancelled()}")

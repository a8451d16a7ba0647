"""The commands that do what the buttons do, on a workbook file."""

from __future__ import annotations

import time
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addin import present
from addin.cli import output
from addin.errors import BookError

if TYPE_CHECKING:
    from addin.actions.book import Question
    from addin.actions.load_plan import Preview
    from addin.tabular import Unclear
    from addin.xlsx.file_book import FileBook

PREVIEWED = 20
"""Rows that a preview shows."""

BookFile = Annotated[Path, typer.Argument(metavar="BOOK", help="An .xlsx or .xlsm workbook.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Yes = Annotated[bool, typer.Option("--yes", help="Answer every question with yes.")]
Day = Annotated[str, typer.Option("--date", help="The day, such as 2026-03-10; today by default.")]
Note = Annotated[str, typer.Option(help="A note of your own.")]


@contextmanager
def open_book(
    path: Path, *, writes: bool = True, yes: bool = False, agreed: Container[str] = (), announced: Container[str] = ()
) -> Iterator[FileBook]:
    """A book with a progress bar.

    One that is to be written is held, from before it is read, so that no other command changes it meanwhile.
    Questions are answered by the user at the terminal, unless `agreed` holds their keys; those in
    `announced` are only printed where nobody is there.
    """
    from addin.actions.template_age import earlier
    from addin.files import held
    from addin.xlsx.file_book import FileBook

    def ask(question: Question) -> bool:
        if question.key in announced and not output.asks():
            output.say(question.text)
            return True
        return yes or question.key in agreed or (output.asks() and typer.confirm(output.visible(question.text)))

    with output.progress() as show, held(path, show) if writes else nullcontext():
        opened = FileBook(path, status=show, ask=ask)
        if "tblCampaigns" in opened.tables():
            columns = {table.name: table.columns for table in opened.package.tables.values()}
            output.hint(earlier(opened.title, columns))
        yield opened


def refresh(book: BookFile, as_json: AsJson = False) -> None:
    """Bring the book up to date: calculated columns, models, results and their time, checks."""
    from addin.actions.refresh import refresh_all

    began = time.perf_counter()
    with open_book(book) as opened:
        done = refresh_all(opened)
    elapsed = time.perf_counter() - began
    if as_json:
        output.print_json({
            "book": str(book), "cells": len(done.cells), "rows_taken_in": done.joined,
            "failed_checks": [asdict(line) for line in done.failed],
            "sources": done.sources, "not_recalculated": len(opened.kept), "elapsed_s": round(elapsed, 3),
        })  # fmt: skip
    else:
        for sentence in done.sources:
            output.say(sentence)
        output.say(f"{book}: {present.refreshed(done)}, {elapsed:.1f} s")
        for line in done.failed:
            output.say(f"  {present.failed_check(line)}")
        _kept(opened)
        _headline(opened)
    if done.to_allow:
        raise BookError(
            "some sources were not asked, since nobody allowed them yet; if you do, run:\n  "
            + "\n  ".join(done.to_allow)
        )
    if done.sources and done.no_answer == len(done.sources):
        raise BookError("no source answered; what failed is said above, and the rest of the book is up to date")


def load(
    book: BookFile,
    files: Annotated[list[Path], typer.Argument(help="CSV or Excel files, or folders of them.")],
    table: Annotated[str, typer.Option(help="The table to fill; by default the one that the headings fit.")] = "",
    append: Annotated[
        bool | None, typer.Option("--append/--replace", help="Add the rows, or put them in place of those there.")
    ] = None,
    maps: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=HEADING",
            help="A column and the heading that it is read from, or COLUMN==TEXT.",
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="HEADING=TEXT", help="Keep only the rows whose cell is TEXT, such as Currency=EUR."),
    ] = None,
    reads: Annotated[
        list[str] | None,
        typer.Option("--read", metavar="COLUMN=WAY", help='How unclear texts are read, such as "Date=month first".'),
    ] = None,
    sheet: Annotated[str, typer.Option(help="The sheet of an Excel file; by default the first with a table.")] = "",
    header_row: Annotated[
        int, typer.Option(min=0, help="The row of the headings; by default the first like some.")
    ] = 0,
    save_as: Annotated[
        str, typer.Option("--save-as", metavar="NAME", help="Remember the columns as an export of your own.")
    ] = "",
    rejected: Annotated[
        Path | None, typer.Option("--rejected", metavar="FILE", help="Write the rejected rows there, as CSV.")
    ] = None,
    show: Annotated[bool, typer.Option("--preview", help="Show what would be loaded, and change nothing.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Load rows of files into a table; new, repeated and rejected rows are counted first."""
    from addin.actions.answers import remember
    from addin.actions.load import counts_the_log, preview
    from addin.actions.load import load as load_rows
    from addin.actions.order_campaigns import LEFT_AS_IT_IS
    from addin.actions.rejected_rows import write_rejected

    mapping = dict(_pair(text, "--map", "COLUMN=HEADING, such as Price=Amount, or COLUMN==TEXT") for text in maps or ())
    keep = dict(_pair(text, "--where", "HEADING=TEXT, such as Currency=EUR") for text in where or ())
    ways = dict(_pair(text, "--read", 'COLUMN=WAY, such as "Date=month first"') for text in reads or ())
    agreed: set[str] = set()
    with open_book(book, writes=not show, yes=yes, agreed=agreed) as opened:

        def looked() -> Preview:
            return preview(
                opened, files, table=table, mapping=mapping, append=bool(append), sheet=sheet, heading=header_row,
                ways=ways, where=keep,
            )  # fmt: skip

        plan = looked()
        while plan.asked and output.asks() and not (yes or as_json):
            column = plan.asked[0]
            ways[column] = _answered(column, plan.unclear[column])
            plan = looked()
            remember(plan.table, plan.headings, plan.ways)
        if rejected is not None:
            write_rejected(plan, rejected)
        if append is False:
            agreed.add(plan.question.key)
        if not output.asks():
            agreed |= {question.key for question in plan.questions if question.key.startswith(LEFT_AS_IT_IS)}
        if not show:
            if not as_json:
                _show(plan)
            load_rows(opened, plan, save_as=save_as)
    if as_json:
        output.print_json({
            "book": str(book), "table": plan.table, "mapping": plan.mapping, "append": plan.append, "new": plan.new,
            "rows_before": plan.there, "updated": plan.updated,
            "duplicates": [asdict(p) for p in plan.duplicates],
            "rejected": [asdict(p) for p in plan.rejected], "left_out": plan.left_out,
            "further_lines": plan.further, "not_read": plan.not_read, "states": plan.states,
            "currencies": plan.currencies, "unclear": {name: dict(u.ways) for name, u in plan.unclear.items()},
            "notes": plan.notes, "loaded": not show,
        })  # fmt: skip
        return
    if show:
        _show(plan)
    else:
        output.say(f"{book}: {present.loaded(plan, 'roc undo')}")
        _kept(opened)
        if counts_the_log(opened, plan):
            output.say("These orders do not count yet, as the sheets go by the log: --yes changes that, or Inputs does")
        _headline(opened)


def share(
    book: BookFile,
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The copy to make, an .xlsx file.")],
    without_personal: Annotated[bool, typer.Option("--without-personal", help=f"{present.WITHOUT_PERSONAL}.")] = False,
    although_checks_fail: Annotated[
        bool, typer.Option("--although-checks-fail", help="Make the copy all the same; it then says CHECKS FAILED.")
    ] = False,
) -> None:
    """Make a copy for others: no macros, no links, our cells as values; it opens without the add-in."""
    from addin.actions.share import FAILED_CHECKS, REMAINING
    from addin.actions.share import share as make_copy

    agreed = {FAILED_CHECKS} if although_checks_fail else set()
    with open_book(book, writes=False, agreed=agreed, announced={REMAINING}) as opened:
        done = make_copy(opened, target, without_personal=without_personal)
    output.say(present.shared(done))


def unfreeze(book: BookFile) -> None:
    """Put the formulas back that a copy made by share holds as values."""
    from addin.actions.share import unfreeze as put_back

    with open_book(book) as opened:
        cells = put_back(opened)
    output.say(f"{book}: {present.unfrozen(cells)}")


def campaign(
    book: BookFile,
    name: Annotated[str, typer.Argument(help="What it is called.")],
    budget: Annotated[str, typer.Argument(help="What it costs, without follow-up.")],
    start: Annotated[str, typer.Option(help="Its first day; today by default.")] = "",
    reach: Annotated[str, typer.Option(help="How many people it reaches.")] = "",
    price: Annotated[str, typer.Option(help="The price of the offer.")] = "",
    channel: Annotated[str, typer.Option(help="How it reaches them.")] = "",
) -> None:
    """Add a campaign and select it."""
    _enter(book, "new_campaign", Name=name, Start=start or _today(), Budget=budget, Reach=reach, Price=price,
           Channel=channel)  # fmt: skip


def follow_up(
    book: BookFile,
    kind: Annotated[str, typer.Argument(metavar="TYPE", help="Kind of orders, as on the sheet Lists.")],
    orders: Annotated[str, typer.Argument(help="How many orders came of it.")],
    price: Annotated[str, typer.Argument(help="Revenue of one of them, on average.")],
    day: Day = "",
    campaign: Annotated[str, typer.Option(help="The campaign's id; the selected one by default.")] = "",
    contacted: Annotated[str, typer.Option(help="How many people were spoken or written to.")] = "",
    cost: Annotated[str, typer.Option(help="What it cost, without the minutes.")] = "",
    note: Note = "",
    customer: Annotated[str, typer.Option(help="The customer's id, where it was one.")] = "",
    minutes: Annotated[str, typer.Option(help="How long it took, all contacts together.")] = "",
    segment: Annotated[str, typer.Option(help="The segment that was contacted.")] = "",
    next_contact: Annotated[str, typer.Option("--next", help="When to contact them again.")] = "",
    level: Annotated[str, typer.Option(help="The level of Pyramid on which they stood.")] = "",
    positive: Annotated[str, typer.Option(help="How many answered well, with the orders.")] = "",
) -> None:
    """Log a follow-up, and say what it does to the return."""
    _enter(book, "log_follow_up", Campaign=campaign, Date=day or _today(), Type=kind, Contacted=contacted,
           Orders=orders, Price=price, Cost=cost, Note=note, Customer=customer, Minutes=minutes, Segment=segment,
           Next=next_contact, Level=level, Positive=positive)  # fmt: skip


def introduction(
    book: BookFile,
    partner: Annotated[str, typer.Argument(help="The partner's id.")],
    day: Day = "",
    party_a: Annotated[str, typer.Option(help="Whom you introduced.")] = "",
    party_b: Annotated[str, typer.Option(help="To whom.")] = "",
    minutes: Annotated[str, typer.Option(help="How long it took.")] = "",
    background: Annotated[str, typer.Option(help="Yes if both were told about each other.")] = "",
    outcome: Annotated[str, typer.Option(help="What came of it, as on the sheet Lists.")] = "",
    value: Annotated[str, typer.Option(help="Money it brought back.")] = "",
    came_back: Annotated[str, typer.Option("--came-back", help="Yes if one of them introduced you in turn.")] = "",
    note: Note = "",
) -> None:
    """Log an introduction, and count those of its week."""
    _enter(book, "log_introduction", Date=day or _today(), Partner=partner, PartyA=party_a, PartyB=party_b,
           Minutes=minutes, Background=background, Outcome=outcome, Value=value, CameBack=came_back,
           Note=note)  # fmt: skip


def _enter(book: Path, form: str, **texts: str) -> None:
    """Enter a row as its window does."""
    from addin.actions.forms import FORMS, enter

    with open_book(book) as opened:
        done = enter(opened, FORMS[form], texts)
    output.say(f"{book}: {present.entered(done)}")


class Switch(StrEnum):
    """On or off."""

    on = "on"
    off = "off"


def sample(book: BookFile, switch: Annotated[Switch, typer.Argument(help="Whether they shall be there.")]) -> None:
    """Put the made-up rows of the template in, or take them out."""
    from addin.actions.sample import sample_off, sample_on

    put_in = switch is Switch.on
    with open_book(book) as opened:
        rows = (sample_on if put_in else sample_off)(opened)
    output.say(f"{book}: {present.sample(rows, put_in=put_in)}")


def undo(book: BookFile) -> None:
    """Take back the last action of these commands."""
    with open_book(book) as opened:
        title = opened.undo()
    output.say(f"{book}: {present.undone(title)}")


def forget(
    book: BookFile,
    person: Annotated[str, typer.Argument(metavar="ID", help="Whom, as the column Customer or Partner has them.")],
    keep_totals: Annotated[
        bool, typer.Option("--keep-totals", help="Keep the amounts and answers, as those of 'deleted'.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Take one person out of a book and of what undo keeps, for good, and say where copies may remain."""
    from addin.actions.forget import forget as take_out

    with open_book(book, yes=yes) as opened:
        done = take_out(opened, person, keep_totals=keep_totals)
    for line in present.forgotten(done):
        output.say(line)


COMMANDS = (refresh, load, share, unfreeze, campaign, follow_up, introduction, sample, undo, forget)


# --- helpers


def _today() -> str:
    """Today, as it is typed."""
    return date.today().isoformat()


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise BookError(f"{option} {text}: write {form}")
    return name.strip(), value.strip()


def _answered(column: str, unclear: Unclear) -> str:
    """Which way an unclear text is read, as the user says at the terminal."""
    names = list(unclear.ways)
    listed = "; ".join(f"{number}: {unclear.ways[name]} ({name})" for number, name in enumerate(names, start=1))
    while (answer := typer.prompt(output.visible(f"{column}: {unclear.text} is {listed}. Which"))) not in map(
        str, range(1, len(names) + 1)
    ):
        output.say(f"Type a number from 1 to {len(names)}")
    return names[int(answer) - 1]


def _kept(opened: FileBook) -> None:
    if opened.kept:
        first = opened.kept[0]
        output.say(
            f"  {len(opened.kept):,} formulas could not be recalculated and show what they showed before, the first "
            f"{first.sheet}!{first.cell} ({first.reason}); open the book in Excel or LibreOffice"
        )


def _headline(opened: FileBook) -> None:
    """What the book says of the selected campaign."""
    from addin.actions.book import text_of, value_of

    for name in ("out_Headline", "out_HeadlineNet"):
        if name in opened.names() and (sentence := text_of(value_of(opened, name))):
            output.say(sentence)


def _show(plan: Preview) -> None:
    for sentence in [*present.mapping(plan), *plan.notes, *present.other_readings(plan), *present.states(plan)]:
        output.say(f"  {sentence}")
    output.say(present.row_counts(plan))
    for lines in (present.first_rows(plan), present.preview_rows(plan, PREVIEWED)):
        _print_rows(lines)
    for line in present.limited(present.problems(plan), output.SHOWN):
        output.say(f"  {line}")
    for line in present.outlook(plan):
        output.say(line)


def _print_rows(lines: Sequence[Sequence[str]]) -> None:
    headings, *rows = lines or [[]]
    if headings:
        table = output.new_table()
        for heading in headings:
            table.add_column(heading)
        for row in rows:
            table.add_row(*map(output.escape, row))
        output.console().print(table)

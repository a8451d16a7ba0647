"""The commands that do what the buttons do, on a workbook file."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from addin.cli import output
from addin.cli.output import out
from addin.errors import BookError

if TYPE_CHECKING:
    from addin.actions.checking import Line
    from addin.actions.load import Preview
    from addin.xlsx.file_book import FileBook

PREVIEWED = 20
"""Rows that a preview shows."""

BookFile = Annotated[Path, typer.Argument(metavar="BOOK", help="An .xlsx or .xlsm workbook.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Yes = Annotated[bool, typer.Option("--yes", help="Answer every question with yes.")]
Day = Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day; today by default.")]
Note = Annotated[str, typer.Option(help="A note of your own.")]


@contextmanager
def _opened(path: Path, *, yes: bool = False, agreed: Container[str] = ()) -> Iterator[FileBook]:
    """A book with a progress bar; Ctrl-C cancels at the next step and leaves the file as it was.

    Questions are answered by the user at the terminal, unless they were agreed to before.
    """
    from addin.actions.book import Cancelled
    from addin.xlsx.file_book import FileBook

    stopped: list[bool] = []

    def stop(*_: object) -> None:
        if stopped:
            raise KeyboardInterrupt
        stopped.append(True)

    def ask(question: str) -> bool:
        return yes or question in agreed or (sys.stdin.isatty() and typer.confirm(question))

    before = signal.signal(signal.SIGINT, stop)
    try:
        with output.progress() as told:

            def status(doing: str, done: int, of: int) -> None:
                if stopped:
                    raise Cancelled(f"cancelled; {path} is as it was")
                told(doing, done, of)

            yield FileBook(path, status=status, ask=ask)
    finally:
        signal.signal(signal.SIGINT, before)


def refresh(book: BookFile, as_json: AsJson = False) -> None:
    """Bring the book up to date: heavy columns, models, results and their time, checks."""
    from addin.actions.refresh import refresh_all

    began = time.perf_counter()
    with _opened(book) as opened:
        done = refresh_all(opened)
    elapsed = time.perf_counter() - began
    if as_json:
        output.print_json({
            "book": str(book), "cells": len(done.cells), "failed_checks": [asdict(line) for line in done.failed],
            "sources": done.sources, "not_recalculated": len(opened.kept), "elapsed_s": round(elapsed, 3),
        })  # fmt: skip
    else:
        for sentence in done.sources:
            output.say(sentence)
        output.say(f"{book}: {done.text}, {elapsed:.1f} s")
        _failed(done.failed)
        _kept(opened)
    if done.to_allow:
        raise BookError(
            "some sources were not asked, since nobody allowed them yet; if you do, run:\n  "
            + "\n  ".join(done.to_allow)
        )


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
            "--map", metavar="COLUMN=HEADING", help="Which heading is which column; COLUMN==TEXT for one text."
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--preview", help="Show what would be loaded, and change nothing.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Load rows of files into a table: new, repeated and rejected rows are told apart first."""
    from addin.actions.load import load as load_rows
    from addin.actions.load import preview

    mapping = dict(_pair(text) for text in maps or ())
    agreed: set[str] = set()
    with _opened(book, yes=yes, agreed=agreed) as opened:
        plan = preview(opened, files, table=table, mapping=mapping, append=bool(append))
        if append is False:
            agreed.add(plan.question)
        if not show:
            if not as_json:
                _show(plan)
            load_rows(opened, plan)
    if as_json:
        output.print_json({
            "book": str(book), "table": plan.table, "mapping": plan.mapping, "append": plan.append, "new": plan.new,
            "rows_before": plan.there, "duplicates": [asdict(p) for p in plan.duplicates],
            "rejected": [asdict(p) for p in plan.rejected], "notes": plan.notes, "loaded": not show,
        })  # fmt: skip
        return
    if show:
        _show(plan)
    else:
        output.say(f"{book}: {plan.new:,} rows loaded into {plan.table}; roc undo takes them out again")
        _kept(opened)


def share(
    book: BookFile,
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The copy to make, an .xlsx file.")],
    without_personal: Annotated[
        bool, typer.Option("--without-personal", help="Clear names and notes, and number the customers anew.")
    ] = False,
    although_checks_fail: Annotated[
        bool, typer.Option("--although-checks-fail", help="Make the copy all the same; it then says CHECKS FAILED.")
    ] = False,
) -> None:
    """Make a copy for others: no macros, no links, our cells as values; it opens without the add-in."""
    from addin.actions.share import share as make_copy

    with _opened(book) as opened:
        done = make_copy(opened, target, without_personal=without_personal, although_checks_fail=although_checks_fail)
    output.say(done.text)


def unfreeze(book: BookFile) -> None:
    """Put the formulas back that a copy made by share holds as values."""
    from addin.actions.share import unfreeze as put_back

    with _opened(book) as opened:
        cells = put_back(opened)
    output.say(f"{book}: {len(cells):,} cells calculate again")


def check(book: BookFile, as_json: AsJson = False) -> None:
    """Check rows, formulas and looks of the template; exit 1 if anything is wrong."""
    from addin.actions.checking import failed, is_template, wrong_rows
    from addin.template.rules import check as broken_rules
    from addin.xlsx.calculation import calculate
    from addin.xlsx.package import Package

    with _opened(book) as opened:
        if not is_template(opened):
            raise BookError(f"{book} is not a copy of the template, whose rules are checked here; roc new makes one")
        rows, lines = wrong_rows(opened), failed(opened)
        opened.status("Checking the rules")
        recalculate = lambda data: calculate(Package(data, str(book)), everything=True).data  # noqa: E731  # said once
        broken = broken_rules(opened.package.data, recalculate)
    findings = [
        *({"rule": "rows", "place": row.place, "text": row.reason} for row in rows),
        *({"rule": f"Checks {line.number}", "place": f"Checks, line {line.number}", "text":
           f"{line.test}: {line.left or 'nothing'} against {line.right or 'nothing'}"} for line in lines),
        *({"rule": each.rule, "place": each.finding.place, "text": f"{each.finding.text} ({each.asks})"}
          for each in broken),
    ]  # fmt: skip
    if as_json:
        output.print_json({"book": str(book), "findings": findings})
    else:
        for finding in findings:
            output.say(f"{finding['place']}: {finding['text']}  [{finding['rule']}]")
        output.say(f"{book}: {len(findings)} findings" if findings else f"{book}: all is right")
    if findings:
        raise typer.Exit(1)


def campaign(
    book: BookFile,
    name: Annotated[str, typer.Argument(help="What it is called.")],
    budget: Annotated[float, typer.Argument(help="What it costs, without follow-up.")],
    start: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its first day; today by default.")
    ] = None,
    reach: Annotated[float | None, typer.Option(help="How many people it reaches.")] = None,
    price: Annotated[float | None, typer.Option(help="The price of the offer.")] = None,
    channel: Annotated[str, typer.Option(help="How it reaches them.")] = "",
) -> None:
    """Add a campaign and show it."""
    from addin.actions.entries import new_campaign

    with _opened(book) as opened:
        key = new_campaign(
            opened, name=name, start=_day(start), budget=budget, reach=reach, price=price, channel=channel
        )
    output.say(f"{book}: campaign {key}, {name}, is there and on show")


def follow_up(
    book: BookFile,
    kind: Annotated[str, typer.Argument(metavar="TYPE", help="Kind of orders, as on the sheet Lists.")],
    orders: Annotated[float, typer.Argument(help="How many orders came of it.")],
    price: Annotated[float, typer.Argument(help="Revenue of one of them, on average.")],
    day: Day = None,
    campaign: Annotated[str, typer.Option(help="The campaign's id; the one on show by default.")] = "",
    contacted: Annotated[float | None, typer.Option(help="How many people were spoken or written to.")] = None,
    cost: Annotated[float | None, typer.Option(help="What it cost.")] = None,
    note: Note = "",
) -> None:
    """Log a follow-up, and say what it does to the return."""
    from addin.actions.entries import log_follow_up

    with _opened(book) as opened:
        done = log_follow_up(
            opened, kind=kind, orders=orders, price=price, day=_day(day), campaign=campaign, contacted=contacted,
            cost=cost, note=note,
        )  # fmt: skip
    change = f"ROC {_rate(done.before)} → {_rate(done.after)}" if done.shown else f"{done.campaign} is not on show"
    output.say(f"{book}: follow-up {done.event} logged. {change}")


def introduction(
    book: BookFile,
    partner: Annotated[str, typer.Argument(help="The partner's id.")],
    day: Day = None,
    party_a: Annotated[str, typer.Option(help="Whom you introduced.")] = "",
    party_b: Annotated[str, typer.Option(help="To whom.")] = "",
    minutes: Annotated[float | None, typer.Option(help="How long it took.")] = None,
    background: Annotated[str, typer.Option(help="Yes if both were told about each other.")] = "",
    outcome: Annotated[str, typer.Option(help="What came of it, as on the sheet Lists.")] = "",
    value: Annotated[float | None, typer.Option(help="Money it brought back.")] = None,
    note: Note = "",
) -> None:
    """Log an introduction, and count those of its week."""
    from addin.actions.entries import log_introduction

    with _opened(book) as opened:
        done = log_introduction(
            opened, partner=partner, day=_day(day), party_a=party_a, party_b=party_b, minutes=minutes,
            background=background, outcome=outcome, value=value, note=note,
        )  # fmt: skip
    output.say(f"{book}: logged, {done.in_week} {'of ' + str(done.aim) if done.aim else ''} in that week")


class Switch(StrEnum):
    """On or off."""

    on = "on"
    off = "off"


def sample(
    book: BookFile, switch: Annotated[Switch, typer.Argument(help="Put the sample rows in, or take them out.")]
) -> None:
    """Put the made-up rows of the template in, or take them out."""
    from addin.actions.sample import sample_off, sample_on

    with _opened(book) as opened:
        rows = (sample_on if switch is Switch.on else sample_off)(opened)
    output.say(f"{book}: {rows:,} sample rows {'put in' if switch is Switch.on else 'taken out'}")


def undo(book: BookFile) -> None:
    """Take back the last action of these commands."""
    with _opened(book) as opened:
        title = opened.undo()
    output.say(f"{book}: as it was before {title}")


COMMANDS = (refresh, load, share, unfreeze, check, campaign, follow_up, introduction, sample, undo)


# --- helpers


def _day(given: datetime | None) -> date:
    return given.date() if given else date.today()


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _pair(text: str) -> tuple[str, str]:
    column, sign, heading = text.partition("=")
    if not sign or not column or not heading:
        raise BookError(f"--map {text}: write COLUMN=HEADING, such as Price=Amount, or COLUMN==TEXT")
    return column, heading


def _failed(lines: Sequence[Line]) -> None:
    for line in lines:
        output.say(f"  Checks, line {line.number}: {line.test}: {line.left} against {line.right}")


def _kept(opened: FileBook) -> None:
    if opened.kept:
        first = opened.kept[0]
        output.say(
            f"  {len(opened.kept):,} formulas could not be recalculated and show what they showed before, the first "
            f"{first.sheet}!{first.cell} ({first.reason}); open the book in Excel or LibreOffice"
        )


def _show(plan: Preview) -> None:
    for column, heading in plan.mapping.items():
        output.say(f"  {plan.table}[{column}] from {heading}")
    for sentence in plan.notes:
        output.say(f"  {sentence}")
    output.say(f"{plan.new:,} new rows, {len(plan.duplicates):,} there already, {len(plan.rejected):,} rejected")
    if plan.rows:
        table = output.new_table()
        for column in plan.rows:
            table.add_column(column)
        for row in list(zip(*plan.rows.values(), strict=True))[:PREVIEWED]:
            table.add_row(*(escape("" if value is None else output.shown(value)) for value in row))
        out.print(table)
    for problem in [*plan.rejected, *plan.duplicates][: output.SHOWN]:
        output.say(f"  {problem.place}: {problem.reason}")
    more = len(plan.rejected) + len(plan.duplicates) - output.SHOWN
    if more > 0:
        output.say(f"  … and {more:,} more; --json lists all")

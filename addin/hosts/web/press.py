"""What a button of the pane does, from the page's request to its next step. Runs in Pyodide, in JSON.

A request has the button, what was typed in its window, the snapshots of the workbook that were read so far, their
sheets by number, and the answers to questions. Back comes one of: a window to fill in, a question, steps for Excel to
carry out before it is asked again with one more snapshot, or what came of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from addin import present
from addin.actions.book import Question, text_of, value_of
from addin.actions.entries import WrongRow
from addin.actions.forms import FORMS, Form, enter
from addin.actions.load import load
from addin.actions.load_plan import Preview
from addin.actions.refresh import refresh_all
from addin.actions.sample import sample_off, sample_on
from addin.actions.share import share
from addin.actions.source_refresh import named_sources
from addin.buttons import WEB, buttons_of
from addin.errors import BookError, fault
from addin.hosts.web.saved_copy import SharedBook
from addin.hosts.web.snapshot import Sheet
from addin.hosts.web.snapshot_book import Suspended, Unanswered
from addin.tabular import ENDINGS, Habits
from addin.windows import TO_BE_GIVEN, entry_rows, load_window

SHOWN = 200
"""Lines that the pane lists."""
PREVIEWED = 8
"""Rows and faults that a preview shows."""
Request = Mapping[str, Any]
Reply = dict[str, Any]

sheets: dict[str, Sheet] = {}
"""Those of the last request by their number: a sheet that is as it was is neither sent nor read again."""
plans: dict[str, Preview] = {}
"""What the window says that loading would do, by the book for which that holds."""


def press(text: str, texts: Mapping[str, str], tell: Callable[[str, int, int], object]) -> str:
    """The reply to a request; `texts` are the sheets that the one before did not have."""
    return json.dumps(_reply(json.loads(text), texts, tell), ensure_ascii=False)


def _reply(request: Request, texts: Mapping[str, str], tell: Callable[[str, int, int], object]) -> Reply:
    button, answers = request["button"], {name: request[name] for name in ("agreed", "refused", "kept")}
    used = {number for snapshot in request["snapshots"] for number in snapshot["sheets"].values()}
    held = {number: sheets.get(number) or Sheet.read(texts[number]) for number in used}
    sheets.clear()
    sheets.update(held)
    snapshots = [
        {**snapshot, "sheets": {name: held[number] for name, number in snapshot["sheets"].items()}}
        for snapshot in request["snapshots"]
    ]
    book = SharedBook(snapshots, status=tell, **answers)
    try:
        done = actions()[button](book, request)
    except Suspended:
        return {"steps": book.steps, "back": book.back}
    except Unanswered as unanswered:
        question = unanswered.question
        return {"ask": question.text, "key": question.key, "optional": question.optional}
    except ModuleNotFoundError as error:
        return {"need": (error.name or "").partition(".")[0]}
    except BookError as error:
        return {"error": str(error)}
    except MemoryError:  # which the worker gives back only when it ends
        raise
    except Exception as error:  # a fault of ours is shown to the user
        return {"error": fault(button, error)}
    return {"done": done, "undo": book.undoable} if isinstance(done, str) else done


def _window(rows: list[dict[str, Any]], ok: str, **others: Any) -> Reply:
    return {"window": {"rows": rows, "ok": ok, "problems": {}, "notes": [], "tables": {}, **others}}


def _refresh(book: SharedBook, request: Request) -> str:
    """Renew what the workbook holds, and say which sources are beyond it."""
    done = refresh_all(book, with_sources=False)
    beyond = named_sources(book)
    asked = f"Not asked from here: {', '.join(beyond)}; run roc refresh on a computer" if beyond else ""
    return _listed([present.refreshed(done), asked, *map(present.failed_check, done.failed)])


def _entered(book: SharedBook, request: Request, form: Form) -> str | Reply:
    rows, values = entry_rows(book, form), request["values"]
    if not values:
        return _window(rows, "Add", notes=[TO_BE_GIVEN])
    try:
        return present.entered(enter(book, form, values, Habits(**request["habits"])))
    except WrongRow as error:
        rows = [row | {"value": values[row["name"]]} for row in rows]
        return _window(rows, "Add", notes=[TO_BE_GIVEN], problems=error.problems)


def _load(book: SharedBook, request: Request) -> str | Reply:
    """Show what loading files would do, and load them once nothing in the window is changed any more."""
    paths, values = [Path(name) for name in request["files"]], request["values"]
    if not paths:
        return _window([], "Look", files=",".join(ENDINGS))
    there, is_seen = json.dumps(request["snapshots"][0]), values and values == request["seen"]
    if not is_seen or there not in plans:
        plans.clear()
        found, problem, rows = load_window(book, paths, values)
        if found:
            plans[there] = found
        if not found or not is_seen:
            shown: Reply = {} if not found else {
                "notes": present.preview_notes(found, PREVIEWED), "tables": present.preview_tables(found, PREVIEWED),
            }  # fmt: skip
            return _window(rows, "Load" if found else "Look", problems={"": problem}, seen=bool(found), **shown)
    plan = plans[there]
    book.agree(plan.question.key, *(question.key for question in plan.questions))
    load(book, plan)
    return present.loaded(plan)


def _sample(book: SharedBook, request: Request) -> str:
    put_in = text_of(value_of(book, "out_SampleRows")) in ("", "0")
    book.ask(Question("sample", "Put the sample rows in?" if put_in else "Take the sample rows out?"))
    return present.sample((sample_on if put_in else sample_off)(book), put_in=put_in)


def _share(book: SharedBook, request: Request) -> Reply:
    (name,) = request["files"]
    book.file, target = Path(name), Path(f"{Path(name).stem}_shared.xlsx")
    target.unlink(missing_ok=True)
    return {"done": present.shared(share(book, target)), "file": str(target)}


def _listed(lines: list[str]) -> str:
    return "\n".join(present.limited(filter(None, lines), SHOWN))


def _acted(book: SharedBook, request: Request, act: Callable[[Any], str]) -> str:
    return act(book)


def actions() -> dict[str, Callable[[SharedBook, Request], str | Reply]]:
    """What the buttons do that are not the page's own."""
    return {
        **{button.name: partial(_acted, act=button.act) for button in buttons_of(WEB) if button.act},
        **{name: partial(_entered, form=form) for name, form in FORMS.items()},
        "refresh_book": _refresh,
        "load_data": _load,
        "sample": _sample,
        "share": _share,
    }

"""How texts are read that can be read two ways: what users may answer, and what they answered about files like this."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from addin.actions.order_campaigns import CAMPAIGN_WAYS, KEY
from addin.actions.order_rows import WAYS
from addin.actions.order_states import STATE_WAYS
from addin.actions.two_amounts import SALES, SALES_WAYS
from addin.errors import BookError
from addin.files import settings_folder, write_setting
from addin.schema import Column, ColumnKind
from addin.tabular.dates import DAY_FIRST, MONTH_FIRST, STANDING, TURNED
from addin.tabular.numbers import DECIMAL_COMMA, DECIMAL_POINT

OF_KIND: dict[ColumnKind, tuple[str, ...]] = {
    ColumnKind.DATE: (DAY_FIRST, MONTH_FIRST, TURNED, STANDING), ColumnKind.NUMBER: (DECIMAL_POINT, DECIMAL_COMMA),
}  # fmt: skip
ONE_FILE = ("Rows", KEY)
"""What is asked about the rows of one file, and is no habit of its kind."""


def checked(ways: Mapping[str, str], columns: Mapping[str, Column]) -> dict[str, str]:
    """Answers in the words of `Unclear.ways`; a BookError for one that is none."""
    found = {}
    for key, way in ways.items():
        names = {**WAYS, KEY: CAMPAIGN_WAYS, SALES: SALES_WAYS}.get(key) or (
            OF_KIND.get(columns[key].kind, ()) if key in columns else STATE_WAYS
        )
        if way.casefold() not in names:
            raise BookError(f"{key} is read as one of {', '.join(names) or 'nothing'}, and '{way}' was found")
        found[key] = way.casefold()
    return found


def answered(table: str, headings: Sequence[str]) -> dict[str, str]:
    """What the user answered before about files with these headings."""
    return dict(_read().get(_named(table, headings), {}))


def remember(table: str, headings: Sequence[str], ways: Mapping[str, str]) -> None:
    """Keep answers for the next file with these headings."""
    kept = {key: way for key, way in ways.items() if key not in ONE_FILE}
    if not kept.items() <= answered(table, headings).items():
        stored = _read()
        stored[_named(table, headings)] = {**answered(table, headings), **kept}
        path = settings_folder() / "answers.json"
        write_setting(path, json.dumps(stored, indent=1, ensure_ascii=False).encode())


def _named(table: str, headings: Sequence[str]) -> str:
    """Files of one kind by their headings; what these say is nobody's business."""
    return hashlib.sha256("\n".join([table, *headings]).encode()).hexdigest()[:16]


def _read() -> dict[str, dict[str, str]]:
    path = settings_folder() / "answers.json"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): {str(key): str(way) for key, way in ways.items()} for name, ways in stored.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise BookError(f"{path} cannot be read ({error}); repair it, or delete it and answer again") from None

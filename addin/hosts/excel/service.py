"""The ribbon's functions under the names by which the macros of workbooks made by version 0.1 call them."""

from __future__ import annotations

from typing import Any

from addin.buttons import EXCEL, Button, buttons_of
from addin.hosts.excel.excel_book import ExcelBook
from addin.hosts.excel.failures import take_failures as take_failures
from addin.hosts.excel.ribbon import *  # noqa: F403  # the same functions
from addin.hosts.excel.ribbon import Values, acted, for_ribbon


def _function(button: Button) -> Any:
    def work(book: ExcelBook, values: Values) -> tuple[str, ...]:
        return acted(book, button)

    work.__name__, work.__doc__ = button.name, button.help
    return for_ribbon(work)


for _button in buttons_of(EXCEL):
    if _button.act:
        globals()[_button.name] = _function(_button)

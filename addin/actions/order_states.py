"""What the columns of a file say became of its orders: sold, left out or paid back; asked where a word is not known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from addin.actions.book import text_of
from addin.exports import GENERAL, Export, Movements, fits
from addin.tabular import DataFile, Unclear
from addin.tabular.cells import Cell

COUNTED, LEFT_OUT, REFUND, PAID_OUT = "counted", "left out", "refund", "paid out"
SALE, NO_SALE = "a sale", "no sale"
STATE_WAYS = (SALE, NO_SALE)
MOST_STATES = 20
"""A column with more texts than these tells of no states, but of each row."""
YES = ("yes", "true", "y", "ja", "sí", "si", "igen", "kyllä", "да", "oui", "sì", "sim", "tak", "x")
NO = ("no", "false", "n", "nein", "nem", "ei", "нет", "non", "não", "nie", "nee", "nej")
TESTS = ("test", "is test", "test order", "test mode")
"""Headings of orders that were placed to try the shop."""
RETURNS = ("return", "is return", "returned", "is returned", "zurückgegeben", "retourniert")
"""Headings under which a yes says that goods came back; a number is how many, and no amount."""
REFUND_DATES = ("refunded at", "refunded on", "refund date", "date refunded", "erstattet am")
"""Headings of the day on which an order was paid back, where no column says how much."""


class States:
    """What the rows of a file were, by the columns that say so; of those beside the sales no word is asked about.

    Where amounts are `signed`, their sign says which way money went, and no word does.
    """

    def __init__(
        self, file: DataFile, export: Export, price: str, less: str, ways: Mapping[str, str],
        beside: Collection[int] = (), *, signed: bool = False,
    ) -> None:  # fmt: skip
        self.unclear: dict[str, Unclear] = {}
        self.headings: set[str] = set()
        """Those of the columns that say something."""
        self._columns: list[tuple[list[str], dict[str, str]]] = []
        self._beside = beside
        self._order = (LEFT_OUT, REFUND, COUNTED) if signed else (LEFT_OUT, REFUND, PAID_OUT, COUNTED)
        self._known: dict[int, tuple[str, str]] = {}
        for declared in export.movements:
            own = declared.counted or declared.left_out or declared.refunds or declared.sold
            moved = declared if own else GENERAL.movements[0]
            for heading in file.headings:
                if heading and fits(heading, moved.headings):
                    self.headings.add(heading)
                    self._add(heading, list(map(text_of, file.column(heading))), moved, ways)
        headings = [name for name in file.headings if name and name not in (price, less)]
        cancelled = (*(export.cancelled or GENERAL.cancelled), *TESTS, *(() if less else REFUND_DATES))
        self._gone = {name: file.column(name) for name in headings if fits(name, cancelled) or is_flag(file, name)}
        self._paid = {name: file.column(name) for name in headings if fits(name, GENERAL.paid)}
        self.headings |= {*self._gone, *self._paid}

    def __bool__(self) -> bool:
        return bool(self._columns or self._gone or self._paid)

    def _add(self, heading: str, texts: list[str], moved: Movements, ways: Mapping[str, str]) -> None:
        """Judge the texts of a column; those that no list knows are asked about where others are states."""
        verdicts = {text: verdict(text, moved) for text in set(texts)}
        unknown = [text for text in dict.fromkeys(texts) if text and not verdicts[text]]
        states = len(verdicts) <= MOST_STATES and (moved.always or any(filter(None, verdicts.values())))
        for text in unknown:
            verdicts[text] = COUNTED
            if states and any(cell == text and row not in self._beside for row, cell in enumerate(texts)):
                described = f"{text} ({heading} of {texts.count(text):,} rows)"
                self.unclear[text] = Unclear(described, {SALE: SALE, NO_SALE: "no sale, which is left out"})
                verdicts[text] = LEFT_OUT if ways.get(text) == NO_SALE else COUNTED
        self._columns.append((texts, verdicts))

    def of(self, row: int) -> tuple[str, str]:
        """What a row is, and the text that says so; neither where its cells are blank."""
        if row not in self._known:
            verdicts = [(verdicts[text], text) for texts, verdicts in self._columns if (text := texts[row])]
            worst = (pair for wanted in self._order for pair in verdicts if pair[0] == wanted)
            state, text = next(worst, ("", ""))
            self._known[row] = LEFT_OUT if state == PAID_OUT else state, text
        return self._known[row]

    def went_out(self, row: int) -> bool:
        """Whether a column says that the amount of a row was paid out."""
        return any(verdicts[texts[row]] == PAID_OUT for texts, verdicts in self._columns)

    def shown(self, rows: Sequence[int]) -> str:
        """What an order's rows say of it, where the column says it in few words."""
        return next((texts[row] for row in rows for texts, verdicts in self._columns
                     if texts[row] and len(verdicts) <= MOST_STATES), "")  # fmt: skip

    def gone(self, rows: Sequence[int]) -> str:
        """Why an order is none: it has the day of its cancellation, a yes under Refunded, or a no under Paid."""
        partly = fits(self.shown(rows), GENERAL.partly)
        filled = (
            f"with {name}" for name, cells in self._gone.items()
            if any(_says_so(name, cells[row]) for row in rows) and not (partly and fits(name, REFUND_DATES))
        )  # fmt: skip
        unpaid = (f"with {name} {text_of(cells[row])}" for name, cells in self._paid.items() for row in rows
                  if cells[row] is not None and fits(text_of(cells[row]), NO))  # fmt: skip
        return next(filled, "") or next(unpaid, "")


def _says_so(heading: str, cell: Cell) -> bool:
    """Whether a cell is filled, and with no no; under Test, where the name of one may stand, whether it is a yes."""
    text = text_of(cell)
    return fits(text, (*YES, "1")) if fits(heading, TESTS) else text != "" and not fits(text, (*NO, "0"))


def is_flag(file: DataFile, heading: str) -> bool:
    """Whether a column that could be of what was paid back says yes or no, or 1 or 0, in place of amounts."""
    fitting = fits(heading, (*GENERAL.less, *RETURNS))
    texts = set(map(text_of, file.column(heading))) - {""} if fitting else set()
    return bool(texts) and (texts == {"0", "1"} or all(fits(text, (*YES, *NO)) for text in texts))


def verdict(text: str, moved: Movements) -> str:
    """What a text says became of a row; nothing where it is blank, or on no list of words."""
    text = text.removeprefix("wc-")  # as WooCommerce stores its states
    if not text:
        return ""
    if fits(text, moved.refunds) and not fits(text, moved.no_refunds):
        return REFUND
    if fits(text, moved.paid_out):
        return PAID_OUT
    if fits(text, GENERAL.partly):
        return COUNTED
    if moved.counted:
        return COUNTED if fits(text, moved.counted) else LEFT_OUT
    if fits(text, moved.left_out):
        return LEFT_OUT
    return COUNTED if fits(text, moved.sold) or not moved.sold else ""

"""Orders as shops keep them: what is no sale left out, the lines of an order joined, what was paid back taken off."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from addin.actions.book import Value, text_of
from addin.errors import BookError
from addin.exports import GENERAL, Export, Movements, fits, found_in, plain
from addin.tabular import DataFile, NotRead, Unclear, currency, read_numbers
from addin.tabular.cells import Cell

ROWS, LINES, QUANTITY = "Rows", "Lines", "Quantity"
"""What is asked about orders beside their columns: alike rows, alike lines of an order, and amounts with a quantity."""
EACH, ONCE = "each", "once"
TOTAL, SUM = "total", "sum"
OF_ONE, OF_LINE = "of one", "of the line"
WAYS = {ROWS: (EACH, ONCE), LINES: (TOTAL, SUM), QUANTITY: (OF_ONE, OF_LINE)}
COUNTED, LEFT_OUT, REFUND = "counted", "left out", "refund"
OWN_UNITS = ("units", "orders")
"""Headings under which a row's number of orders stands; under others it is a quantity of goods."""
CENT = 0.005
MOST_STATES = 20
"""A column with more texts than these tells of no states, but of each row."""

_TOTAL = ("*total*", "*ordervalue*", "*gesamt*", "*summe*", "*összesen*", "*végösszeg*", "*yhteensä*", "*итого*",
          "*всего*", "revenue", "paid", "umsatz", "gross", "net", "brutto", "netto", "grand*")  # fmt: skip
_OF_ONE = ("price", "unit*price", "*item*price", "*item*cost", "preis", "einzelpreis", "stückpreis", "precio*",
           "egységár", "ár", "*hinta", "цена*", "*unit*cost")  # fmt: skip
_LINE = re.compile(r"line|item|position|row|zeile|línea|rivi|tétel|позици", re.IGNORECASE)


@dataclass(slots=True)
class Orders:
    """The orders of a file."""

    columns: dict[str, list[Value | NotRead]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    """The row in which each begins."""
    wrong: dict[int, tuple[str, str]] = field(default_factory=dict)
    """The row of an order that cannot be one: the column at fault and why."""
    left_out: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)
    unclear: dict[str, Unclear] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    less: str = ""
    """The heading of what was taken off."""
    joined: int = 0
    """How many orders have several lines."""


class _Told:
    """A column that says what became of the rows."""

    def __init__(self, moved: Movements, texts: list[str]) -> None:
        self.texts = texts
        self.verdicts = {text: verdict(text, moved) for text in set(texts)}

    def shown(self, row: int) -> str:
        """What it says of a row, where it says it in few words."""
        return self.texts[row] if len(self.verdicts) <= MOST_STATES else ""


class _Reader:
    """Reads the orders of one file."""

    def __init__(
        self, file: DataFile, export: Export, price: str, units: str,
        columns: Mapping[str, Sequence[Value | NotRead]], ways: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.file, self.export, self.price, self.columns, self.ways = file, export, price, columns, ways
        self.found = Orders()
        self.told = [
            _Told(moved, list(map(text_of, file.column(heading))))
            for moved in export.movements for heading in file.headings if heading and fits(heading, moved.headings)
        ]  # fmt: skip
        prices = read_numbers(file.column(price), file.habits) if price in file.headings else None
        self.price_ways = prices.unclear.ways if prices and prices.unclear else {}
        self.found.less = self._heading(export.less or GENERAL.less)
        self.less = self._numbers(self.found.less)
        self.cancelled = self._cells(export.cancelled or GENERAL.cancelled)
        self.currency = self._cells(export.currency or GENERAL.currency)
        self.refunded_to = self._cells(export.refunded_to)
        quantity = self._heading(export.quantity) or (units if plain(units) not in OWN_UNITS else "")
        self.quantity = self._numbers(quantity)
        self.is_total = price in export.amounts or (fits(price, _TOTAL) and not _LINE.search(price))
        self._known: dict[int, tuple[str, str]] = {}
        self.multiplied = bool(quantity) and self._times(quantity)

    def _heading(self, words: Sequence[str]) -> str:
        return found_in([name for name in self.file.headings if name != self.price], words)

    def _cells(self, words: Sequence[str]) -> list[Cell] | None:
        heading = self._heading(words) if words else ""
        return self.file.column(heading) if heading else None

    def _numbers(self, heading: str) -> list[Value | NotRead] | None:
        """Amounts beside the price, which are written as it is."""
        if not heading:
            return None
        way = self.ways.get("Price") or next(iter(self.price_ways), "")
        return read_numbers(self.file.column(heading), self.file.habits, way=way).values

    def _times(self, quantity: str) -> bool:
        """Whether an amount is that of one item; asked where the heading does not tell and it matters."""
        if not self.is_total and fits(self.price, _OF_ONE):
            return True
        if self.is_total or fits(self.price, _TOTAL) or all(number in (None, 1.0) for number in self.quantity or ()):
            return False
        self.found.unclear[QUANTITY] = Unclear(
            f"{self.price} beside {quantity}",
            {OF_ONE: "the price of one item", OF_LINE: "the amount of the whole line"},
        )
        return self.ways.get(QUANTITY, OF_ONE) == OF_ONE

    # --- what became of an order

    def _verdicts(self, row: int) -> tuple[str, str]:
        """What a row is, and the text that says so; neither where its cells are blank."""
        if not self.told:
            return "", ""
        if row not in self._known:
            told = [(column.verdicts[text], text) for column in self.told if (text := column.texts[row])]
            worst = (pair for wanted in (LEFT_OUT, REFUND, COUNTED) for pair in told if pair[0] == wanted)
            self._known[row] = next(worst, ("", ""))
        return self._known[row]

    def read(self, rows: Sequence[int]) -> Orders:
        """The orders of these rows."""
        groups: dict[str, list[int]] = {}
        for row in rows:
            name = text_of(self._of("Order", row)).casefold()
            groups.setdefault(name or f"\0{row}", []).append(row)
        kept = [lines for group in groups.values() if (lines := self._sold(group))]
        self._look_for_alike(kept)
        once = self._amounts_once(kept)
        for lines in kept:
            self._add(lines, once=once)
        self._name_partly_refunded()
        return self.found

    def _sold(self, group: list[int]) -> list[int]:
        """The lines of an order that were sold or paid back; none where it was left out, which is counted."""
        if not self.told and self.cancelled is None:
            return group
        told = {row: self._verdicts(row) for row in group}
        if state := next((text for row in group for column in self.told if (text := column.shown(row))), ""):
            self.found.states[state] += 1
        if self.cancelled and any(self.cancelled[row] is not None for row in group):
            self.found.left_out["cancelled"] += 1
            return []
        out = [row for row in group if told[row][0] == LEFT_OUT]
        if out and all(told[row][0] in ("", LEFT_OUT) for row in group):
            self.found.left_out[told[out[0]][1]] += 1
            return []
        return [row for row in group if row not in out]

    # --- lines of an order

    def _look_for_alike(self, kept: list[list[int]]) -> None:
        """Ask about rows that are the same from the first cell to the last; where each counts once, drop the others."""
        first: dict[tuple[Cell, ...], int] = {}
        alike = []
        for lines in kept:
            for row in lines if not self.is_total or not self._of("Order", lines[0]) else ():
                before = first.setdefault(tuple(cells[row] for cells in self.file.columns), row)
                if before != row:
                    alike.append((row, before))
        if not alike:
            return
        row, before = (self.file.numbers[index] for index in alike[0])
        named = f"row {row} (the same as row {before})" + (
            f", as {len(alike) - 1:,} other such rows," if len(alike) > 1 else ""
        )
        ways = {EACH: "a sale of its own", ONCE: "the same sale twice, which counts once"}
        if any(value is not None for value in self.columns.get("Order", ())):
            ways = dict(reversed(ways.items()))
        self.found.unclear[ROWS] = Unclear(named, ways)
        if self.ways.get(ROWS, next(iter(ways))) == ONCE:
            dropped = {row for row, _ in alike}
            self.found.left_out["the same row again"] += len(dropped)
            for lines in kept:
                lines[:] = [row for row in lines if row not in dropped]
            kept[:] = [lines for lines in kept if lines]

    def _amounts_once(self, kept: list[list[int]]) -> bool:
        """Whether each line shows what the whole order came to."""
        several = [lines for lines in kept if len({self._amount(row) for row in lines} - {None}) > 1]
        same = [
            lines for lines in kept if sum(self._amount(row) is not None for row in lines) > 1 and lines not in several
        ]
        if self.is_total or _LINE.search(self.price) or self.multiplied:
            return self.is_total
        if several or not same:
            return False
        named = f"{self.price} (the same on each line of order {text_of(self._of('Order', same[0][0]))})"
        self.found.unclear[LINES] = Unclear(named, {TOTAL: "what the whole order came to", SUM: "the amount of a line"})
        return self.ways.get(LINES, TOTAL) == TOTAL

    def _of(self, column: str, row: int) -> Value:
        value = self.columns[column][row] if column in self.columns else None
        return None if isinstance(value, NotRead) else value

    def _amount(self, row: int) -> float | None:
        value = self._of("Price", row)
        if not isinstance(value, float):
            return None
        if self.multiplied and self.quantity and isinstance(number := self.quantity[row], float):
            value *= number
        return -abs(value) if self._verdicts(row)[0] == REFUND else value

    def _add(self, lines: list[int], *, once: bool) -> None:
        first, found = lines[0], self.found
        amounts = [amount for row in lines if (amount := self._amount(row)) is not None]
        number = self.file.numbers[first]
        values: dict[str, Value | NotRead] = {name: self._first(name, lines) for name in self.columns}
        refund = self._verdicts(first)[0] == REFUND
        if len(lines) > 1:
            found.joined += 1
            if fault := self._of_two_customers(lines):
                found.wrong[number] = "Customer", fault
        if amounts and not any(isinstance(self.columns["Price"][row], NotRead) for row in lines):
            amount = sum(set(amounts)) if once else sum(amounts)
            if self.less is not None:
                back = [abs(value) for row in lines if isinstance(value := self.less[row], float)]
                paid_back = sum(set(back)) if once else sum(back)
                amount -= paid_back if amount > 0 else 0
                if paid_back and amount < CENT:
                    found.left_out["refunded in full"] += 1
                    return
            if len(amounts) > 1 and min(amounts) < 0 < max(amounts) and abs(amount) < CENT:
                found.left_out["refunded in full"] += 1
                return
            if self.export.only_income and amount < 0 and not refund:
                found.left_out["paid out"] += 1
                return
            values["Price"] = round(amount, 9)
        if len(lines) > 1 or self.quantity is not None:
            values["Units"] = 1.0
        if refund and self.refunded_to is not None and self.refunded_to[first] is not None:
            values["Customer"] = text_of(self.refunded_to[first])
        self._count_currency(lines)
        found.numbers.append(number)
        for name, value in values.items():
            found.columns.setdefault(name, []).append(value)

    def _of_two_customers(self, lines: list[int]) -> str:
        """Why lines with one id are not one order; nothing where they are."""
        named = {
            name.casefold(): (name, row) for row in reversed(lines) if (name := text_of(self._of("Customer", row)))
        }
        if len(named) < 2:
            return ""
        places = [f"{name} in row {self.file.numbers[row]}" for name, row in sorted(named.values(), key=lambda n: n[1])]
        return f"the order {text_of(self._of('Order', lines[0]))} belongs to {' and to '.join(places[:2])}"

    def _first(self, name: str, lines: list[int]) -> Value | NotRead:
        if len(lines) == 1:
            return self.columns[name][lines[0]]
        wrong = next((value for row in lines if isinstance(value := self.columns[name][row], NotRead)), None)
        return wrong or next((self.columns[name][row] for row in lines if self.columns[name][row] is not None), None)

    def _count_currency(self, lines: list[int]) -> None:
        amounts = self.file.column(self.price) if self.price in self.file.headings else []
        names = [text_of(self.currency[row]).upper() for row in lines] if self.currency is not None else []
        names += [currency(cell) for row in lines if amounts and isinstance(cell := amounts[row], str)]
        if name := next(filter(None, names), ""):
            self.found.currencies[name] += 1

    def _name_partly_refunded(self) -> None:
        partly = sum(count for state, count in self.found.states.items() if fits(state, GENERAL.partly))
        if partly and self.less is None:
            self.found.notes.append(f"{partly:,} orders were refunded in part, and no column says by how much: "
                                    "their full amounts count")  # fmt: skip


def verdict(text: str, moved: Movements) -> str:
    """What a text says became of a row."""
    if not (moved.counted or moved.left_out or moved.refunds):
        moved = GENERAL.movements[0]
    if not text:
        return ""
    text = text.removeprefix("wc-")  # as WooCommerce stores its states
    if fits(text, moved.refunds):
        return REFUND
    if fits(text, GENERAL.partly):
        return COUNTED
    if moved.counted:
        return COUNTED if fits(text, moved.counted) else LEFT_OUT
    return LEFT_OUT if fits(text, moved.left_out) else COUNTED


def orders_of(
    file: DataFile, export: Export | None, mapping: Mapping[str, str],
    columns: Mapping[str, Sequence[Value | NotRead]], rows: Sequence[int], ways: Mapping[str, str],
) -> Orders:  # fmt: skip
    """The orders that these rows of a file are; a BookError where they are in several currencies."""
    reader = _Reader(file, export or GENERAL, mapping.get("Price", ""), mapping.get("Units", ""), columns, ways)
    found = reader.read(rows)
    if len(found.currencies) > 1:
        counted = " and ".join(f"{name} ({count:,})" for name, count in found.currencies.most_common())
        (name, _), *_ = found.currencies.most_common()
        raise BookError(f"{file.path}: {mapping.get('Price')} is in {counted}, which cannot be added up; load "
                        f"one currency at a time, such as --where Currency={name}")  # fmt: skip
    return found


def kept_rows(
    file: DataFile, export: Export | None, mapping: Mapping[str, str], where: Mapping[str, str]
) -> tuple[list[int], Counter[str]]:
    """The rows that a filter keeps, by heading or by Currency, and what it leaves out.

    A further line of an order, where the filtered cell is blank, goes with its first line.
    """
    wanted = export or GENERAL
    needed = found_in(file.headings, wanted.needs) if wanted.needs else ""
    rows = [row for row in range(len(file.numbers)) if not needed or file.column(needed)[row] is not None]
    out = Counter({f"no {needed}": len(file.numbers) - len(rows)} if needed else {})
    ids = file.column(mapping["Order"]) if mapping.get("Order") in file.headings else None
    for heading, text in where.items():
        cells = [text_of(cell).casefold() for cell in _filtered(file, heading, wanted, mapping.get("Price", ""))]
        if ids is not None:
            first: dict[Cell, str] = {}
            for row in rows:
                if ids[row] is not None and cells[row]:
                    first.setdefault(ids[row], cells[row])
            cells = [cell or first.get(name, "") for cell, name in zip(cells, ids, strict=True)]
        before, rows = rows, [row for row in rows if cells[row] == text.casefold()]
        out[f"{heading} other than {text}"] += len(before) - len(rows)
    return rows, +out


def _filtered(file: DataFile, heading: str, export: Export, price: str) -> list[Cell]:
    """The cells that a filter looks at."""
    there = next((name for name in file.headings if name.casefold() == heading.casefold()), "")
    if not there and heading.casefold() == "currency":
        there = found_in(file.headings, export.currency or GENERAL.currency)
        if not there and price in file.headings:
            return [currency(cell) if isinstance(cell, str) else None for cell in file.column(price)]
    if not there:
        headings = ", ".join(filter(None, file.headings))
        raise BookError(f"{file.path} has no column {heading} to keep rows by; it has {headings}")
    return file.column(there)

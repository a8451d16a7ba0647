"""Orders as shops keep them: what is no sale left out, the lines of an order joined, what was paid back taken off."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import copysign

from addin.actions.book import Value, text_of
from addin.actions.currencies import refuse_several
from addin.actions.mapping import amount_in
from addin.actions.order_states import LEFT_OUT, REFUND, States, is_flag
from addin.actions.total_lines import CENT, TOTALS, TOTALS_WAYS, total_lines
from addin.actions.two_amounts import all_negative, is_sold, one_amount
from addin.errors import BookError
from addin.exports import GENERAL, Export, fits, found_in, plain
from addin.tabular import DataFile, NotRead, Unclear, currency, read_numbers, unit_named, without_unit
from addin.tabular.cells import Cell
from addin.values import came_to

ROWS, LINES, QUANTITY = "Rows", "Lines", "Quantity"
"""What is asked about orders beside their columns: alike rows, alike lines of an order, and amounts with a quantity."""
EACH, ONCE = "each", "once"
TOTAL, SUM = "total", "sum"
OF_ONE, OF_LINE = "of one", "of the line"
WAYS = {ROWS: (EACH, ONCE), LINES: (TOTAL, SUM), QUANTITY: (OF_ONE, OF_LINE), TOTALS: TOTALS_WAYS}
OWN_UNITS = ("units", "orders")
"""Headings under which a row's number of orders stands; under others it is a quantity of goods."""

_TOTAL = ("*total*", "*ordervalue*", "*gesamt*", "*summe*", "*összesen*", "*végösszeg*", "*yhteensä*", "*итого*",
          "*всего*", "revenue", "paid", "umsatz", "gross", "net", "brutto", "netto", "grand*",
          "*sales")  # fmt: skip
_OF_ONE = ("price", "unit*price", "sales*price", "*item*price", "*item*cost", "preis", "einzelpreis", "stückpreis",
           "precio*", "egységár", "ár", "*hinta", "цена*", "*unit*cost")  # fmt: skip
_LINE = re.compile(r"line|item|position|row|zeile|línea|rivi|tétel|позици", re.IGNORECASE)


@dataclass(slots=True)
class Orders:
    """The orders of a file."""

    columns: dict[str, list[Value | NotRead]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    """The row in which each begins."""
    lines: dict[int, list[int]] = field(default_factory=dict)
    """The rows that each is, by the one in which it begins."""
    wrong: dict[int, tuple[str, str]] = field(default_factory=dict)
    """The row of an order that cannot be one: the column at fault and why."""
    left_out: Counter[str] = field(default_factory=Counter)
    undone: list[tuple[int, Value, str]] = field(default_factory=list)
    """Orders that came to nothing: the row in which each begins, its id and why."""
    further: int = 0
    """How many rows are further lines of orders that are left out."""
    read: set[str] = field(default_factory=set)
    """The headings that were read beside the columns."""
    states: Counter[str] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)
    unclear: dict[str, Unclear] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    less: str = ""
    """The heading of what was taken off."""
    times: str = ""
    """The heading of what the price was multiplied by."""
    joined: int = 0
    """How many orders have several lines."""


class _Reader:
    """Reads the orders of one file."""

    def __init__(
        self, file: DataFile, export: Export, price: str, units: str,
        columns: Mapping[str, Sequence[Value | NotRead]], ways: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.file, self.export, self.price, self.columns, self.ways = file, export, price, columns, ways
        self.found = Orders()
        prices = read_numbers(file.column(price), file.habits) if price in file.headings else None
        self.price_ways = prices.unclear.ways if prices and prices.unclear else {}
        amounts = [name for name in file.headings if name != price and not is_flag(file, name)]
        self.found.less = amount_in(amounts, export.less or GENERAL.less)
        self.less = self._numbers(self.found.less)
        if self.less and (unit := unit_named(self.found.less) or unit_named(price)):
            self.less = unit.in_whole(self.less)
        self.other = amount_in(amounts, export.other) if export.other and is_sold(price, export) else ""
        self.others: set[int] = set()
        if others := self._numbers(self.other):
            self._join(others)
        signed = any(isinstance(amount, float) and amount < 0 for amount in self.columns["Price"])
        self.states = States(file, export, price, self.found.less, ways, self.others, signed=signed)
        self.found.unclear |= self.states.unclear
        self.currency = self._cells(export.currency or GENERAL.currency)
        self.refunded_to = self._cells(export.refunded_to)
        self.named = without_unit(price)
        self.is_total = price in export.amounts or (fits(self.named, _TOTAL) and not _LINE.search(price))
        names = [name for name in columns.get("Order", ()) if name is not None]
        as_they_are = plain(units) in OWN_UNITS and fits(self.named, _OF_ONE) and len({*names}) == len(names)
        quantity = self._heading(export.quantity) or ("" if as_they_are else units)
        self.quantity = self._numbers(quantity)
        self.multiplied = bool(quantity) and self._times(quantity)
        self.found.times = quantity if self.multiplied else ""
        self.found.read |= {quantity, self.found.less, *self.states.headings}

    def _heading(self, words: Sequence[str]) -> str:
        return amount_in([name for name in self.file.headings if name != self.price], words)

    def _cells(self, words: Sequence[str]) -> list[Cell] | None:
        heading = self._heading(words) if words else ""
        self.found.read.add(heading)
        return self.file.column(heading) if heading else None

    def _numbers(self, heading: str) -> list[Value | NotRead] | None:
        """Amounts beside the price, which are written as it is."""
        if not heading:
            return None
        way = self.ways.get("Price") or next(iter(self.price_ways), "")
        return read_numbers(self.file.column(heading), self.file.habits, way=way).values

    def _times(self, quantity: str) -> bool:
        """Whether an amount is that of one item; asked where the heading does not tell and it matters."""
        if not self.is_total and fits(self.named, _OF_ONE):
            return True
        if self.is_total or fits(self.named, _TOTAL) or all(number in (None, 1.0) for number in self.quantity or ()):
            return False
        if self._heading(_OF_ONE):
            return False
        self.found.unclear[QUANTITY] = Unclear(
            f"{self.price} beside {quantity}",
            {OF_ONE: "the price of one item", OF_LINE: "the amount of the whole line"},
        )
        return self.ways.get(QUANTITY, OF_ONE) == OF_ONE

    def _join(self, others: list[Value | NotRead]) -> None:
        """Put the amounts of two columns into one, and keep in mind which are those of the other."""
        if unit := unit_named(self.other) or unit_named(self.price):
            others = unit.in_whole(others)
        if all_negative(self.columns["Price"]):
            self.found.notes.append(f"all amounts under {self.price} have a minus, which is left out")
        amounts = one_amount(self.columns["Price"], others, self.price, self.other)
        self.others = {
            row for row, amount in enumerate(amounts)
            if isinstance(amount, float) and isinstance(back := others[row], float) and back
        }  # fmt: skip
        self.columns = {**self.columns, "Price": amounts}
        self.found.read.add(self.other)
        self.found.notes.append(f"what stands under {self.other} is no sale, and comes off where it is a refund")

    def _no_sale(self, row: int) -> str:
        """Why a row of what came in and was paid out is neither a sale nor a refund; nothing where it is."""
        amount, (state, text) = self.columns["Price"][row], self.states.of(row)
        if not (self.other or self.export.only_income) or isinstance(amount, NotRead):
            return ""
        if self.other and amount is None:
            return "without an amount"
        if row in self.others:
            return "" if state == REFUND else f"under {self.other}"
        if not isinstance(amount, float):
            return ""
        if state == REFUND:
            return f"{text} under {self.price}" if amount > 0 and not self.states.went_out(row) else ""
        return "paid out" if self.export.only_income and amount < 0 and state != LEFT_OUT else ""

    def read(self, rows: Sequence[int]) -> Orders:
        """The orders of these rows."""
        groups: dict[str, list[int]] = {}
        totals = total_lines(self.file, self.columns, rows, self.found, self.ways)
        for row in rows:
            if row in totals:
                continue
            if reason := self._no_sale(row):
                self.found.left_out[reason] += 1
                continue
            name = text_of(self._of("Order", row)).casefold()
            groups.setdefault(name or f"\0{row}", []).append(row)
        kept = [lines for group in groups.values() if (lines := self._sold(group))]
        once = self.is_total and self._amounts_once(kept)
        self._look_for_alike(kept, once=once)
        once = once or (not self.is_total and self._amounts_once(kept))
        for lines in kept:
            self._add(lines, once=once)
        self._name_partly_refunded()
        return self.found

    def _sold(self, group: list[int]) -> list[int]:
        """The lines of an order that were sold or paid back; none where it was left out, which is counted."""
        if not self.states:
            return group
        verdicts = {row: self.states.of(row) for row in group}
        if state := self.states.shown(group):
            self.found.states[state] += 1
        if reason := self.states.gone(group):
            return self._undo(group, reason)
        out = [row for row in group if verdicts[row][0] == LEFT_OUT]
        if out and all(verdicts[row][0] in ("", LEFT_OUT) for row in group):
            return self._undo(group, verdicts[out[0]][1])
        self.found.left_out += Counter(verdicts[row][1] for row in out)
        return [row for row in group if row not in out]

    def _undo(self, lines: list[int], reason: str) -> list[int]:
        """Leave an order out that came to nothing."""
        self.found.undone.append((self.file.numbers[lines[0]], self._of("Order", lines[0]), reason))
        self.found.further += len(lines) - 1
        return []

    # --- lines of an order

    def _look_for_alike(self, kept: list[list[int]], *, once: bool) -> None:
        """Ask about rows that are the same from the first cell to the last; where each counts once, drop the others."""
        first: dict[tuple[Cell, ...], int] = {}
        alike = []
        for lines in kept:
            for row in lines if not once or not self._of("Order", lines[0]) else ():
                before = first.setdefault(tuple(cells[row] for cells in self.file.columns), row)
                if before != row:
                    alike.append((row, before))
        if not alike:
            return
        row, before = (self.file.numbers[index] for index in alike[0])
        described = f"row {row} (the same as row {before})" + (
            f", as {len(alike) - 1:,} other such rows," if len(alike) > 1 else ""
        )
        ways = {EACH: "a sale of its own", ONCE: "the same sale twice, which counts once"}
        if any(value is not None for value in self.columns.get("Order", ())):
            ways = dict(reversed(ways.items()))
        self.found.unclear[ROWS] = Unclear(described, ways)
        if self.ways.get(ROWS, next(iter(ways))) == ONCE:
            dropped = {row for row, _ in alike}
            self.found.left_out["the same row again"] += len(dropped)
            for lines in kept:
                lines[:] = [row for row in lines if row not in dropped]
            kept[:] = [lines for lines in kept if lines]

    def _amounts_once(self, kept: list[list[int]]) -> bool:
        """Whether each line shows what the whole order came to; asked where neither the heading nor the lines tell."""
        if self.price in self.export.amounts or _LINE.search(self.price) or self.multiplied:
            return self.is_total
        if self._of_lines([row for lines in kept for row in lines]):
            return False
        same, differ = list[str](), list[str]()
        for lines in kept:
            sold = [amount for row in lines if (amount := self._amount(row) or 0) > 0]
            if len(sold) > 1:
                (same if len({*sold}) == 1 else differ).append(text_of(self._of("Order", lines[0])))
        if self.is_total and not differ:
            return True
        if not same or (differ and (not self.is_total or len(differ) > len(same))):
            if self.is_total:
                self.found.notes.append(f"{self.price} differs among the lines of order {differ[0]}: it is what a line "
                                        "came to, and is added up")  # fmt: skip
            return False
        others = f", as of {len(same):,} orders, and not of {len(differ):,}" if differ else ""
        described = f"{self.price} (the same on each line of order {same[0]}{others})"
        self.found.unclear[LINES] = Unclear(
            described, {TOTAL: "what the whole order came to", SUM: "the amount of a line"}
        )
        return self.ways.get(LINES, TOTAL) == TOTAL

    def _of_lines(self, rows: Sequence[int]) -> bool:
        """Whether each amount is the quantity times the price of one, which only the amount of a line is."""
        one = self._numbers(self._heading(_OF_ONE)) if self.quantity is not None else None
        if one is None or self.quantity is None:
            return False
        cells = ((self._of("Price", row), self.quantity[row], one[row]) for row in rows)
        return all(
            isinstance(amount, float) and isinstance(count, float) and isinstance(price, float)
            and abs(abs(amount) - abs(count * price)) < CENT for amount, count, price in cells
        )  # fmt: skip

    def _of(self, column: str, row: int) -> Value:
        value = self.columns[column][row] if column in self.columns else None
        return None if isinstance(value, NotRead) else value

    def _amount(self, row: int) -> float | None:
        value = self._of("Price", row)
        if not isinstance(value, float):
            return None
        if self.quantity and isinstance(number := self.quantity[row], float):
            value = came_to(number if self.multiplied else copysign(1, number), value)
        return -abs(value) if self.states.of(row)[0] == REFUND else value

    def _add(self, lines: list[int], *, once: bool) -> None:
        first, found = lines[0], self.found
        amounts = [amount for row in lines if (amount := self._amount(row)) is not None]
        number = self.file.numbers[first]
        values: dict[str, Value | NotRead] = {name: self._first(name, lines) for name in self.columns}
        refund = self.states.of(first)[0] == REFUND
        if len(lines) > 1:
            found.joined += 1
            if fault := self._of_two_customers(lines):
                found.wrong[number] = "Customer", fault
        if wrong := next((cell for row in lines if self.less and isinstance(cell := self.less[row], NotRead)), None):
            found.wrong[number] = found.less, f"{found.less} must be {wrong.wanted}, and '{wrong.text}' was found"
        if amounts and not any(isinstance(self.columns["Price"][row], NotRead) for row in lines):
            amount = sum(set(amounts)) if once else sum(amounts)
            if self.less is not None:
                back = [abs(value) for row in lines if isinstance(value := self.less[row], float)]
                paid_back = sum(set(back)) if once else sum(back)
                amount -= paid_back if amount > 0 else 0
                if paid_back and amount < CENT:
                    self._undo(lines, "refunded in full")
                    return
            if len(amounts) > 1 and min(amounts) < 0 < max(amounts) and abs(amount) < CENT:
                self._undo(lines, "refunded in full")
                return
            values["Price"] = round(amount, 9)
        if len(lines) > 1 or self.quantity is not None:
            values["Units"] = 1.0
        if refund and self.refunded_to is not None and self.refunded_to[first] is not None:
            values["Customer"] = text_of(self.refunded_to[first])
        self._count_currency(lines)
        found.numbers.append(number)
        found.lines[number] = [self.file.numbers[row] for row in lines]
        for name, value in values.items():
            found.columns.setdefault(name, []).append(value)

    def _of_two_customers(self, lines: list[int]) -> str:
        """Why lines with one id are not one order; nothing where they are."""
        customers = {
            name.casefold(): (name, row) for row in reversed(lines) if (name := text_of(self._of("Customer", row)))
        }
        if len(customers) < 2:
            return ""
        in_order = sorted(customers.values(), key=lambda claim: claim[1])
        claims = [f"{name} in row {self.file.numbers[row]}" for name, row in in_order]
        return f"the order {text_of(self._of('Order', lines[0]))} belongs to {' and to '.join(claims[:2])}"

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


def orders_of(
    file: DataFile, export: Export | None, mapping: Mapping[str, str],
    columns: Mapping[str, Sequence[Value | NotRead]], rows: Sequence[int], ways: Mapping[str, str],
) -> Orders:  # fmt: skip
    """The orders that these rows of a file are; a BookError where they are in several currencies."""
    reader = _Reader(file, export or GENERAL, mapping.get("Price", ""), mapping.get("Units", ""), columns, ways)
    found = reader.read(rows)
    refuse_several(file.path, mapping.get("Price", ""), found.currencies)
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
    amount = mapping.get("Price") or mapping.get("Budget", "")
    for heading, text in where.items():
        cells = [text_of(cell).casefold() for cell in _filtered(file, heading, wanted, amount)]
        if ids is not None:
            first: dict[Cell, str] = {}
            for row in rows:
                if ids[row] is not None and cells[row]:
                    first.setdefault(ids[row], cells[row])
            cells = [cell or first.get(name, "") for cell, name in zip(cells, ids, strict=True)]
        before, rows = rows, [row for row in rows if cells[row] == text.casefold()]
        out[f"{heading} other than {text}"] += len(before) - len(rows)
    return rows, +out


def _filtered(file: DataFile, heading: str, export: Export, amount: str) -> list[Cell]:
    """The cells that a filter looks at."""
    there = next((name for name in file.headings if name.casefold() == heading.casefold()), "")
    if not there and heading.casefold() == "currency":
        there = found_in(file.headings, export.currency or GENERAL.currency)
        if not there and amount in file.headings:
            return [currency(cell) if isinstance(cell, str) else None for cell in file.column(amount)]
    if not there:
        headings = ", ".join(filter(None, file.headings))
        raise BookError(f"{file.path} has no column {heading} to keep rows by; it has {headings}")
    return file.column(there)

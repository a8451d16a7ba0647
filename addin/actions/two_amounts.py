"""Files with two columns of amounts, such as Debit and Credit: which of them was sold, and what a row came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from addin.actions.book import Value
from addin.actions.mapping import amount_in
from addin.exports import Export, two_sided
from addin.schema import aliases
from addin.tabular import DataFile, NotRead, Unclear, without_unit

SALES = "Sales"
"""What is asked about a file where each of the two columns may be what was sold."""
SALES_WAYS = tuple(export.name.casefold() for export in two_sided())
NOTHING = ("-", "–", "—")
"""How spreadsheets show an amount of 0."""


def readings(file: DataFile, given: Mapping[str, str]) -> list[Export]:
    """What a file of two columns of amounts may be; nothing where it, or the user, names another price."""
    headings = [*file.headings, *map(without_unit, file.headings)]
    found = [export for export in two_sided() if export.is_of(headings)]
    sides = [amount_in(file.headings, words) for export in found for words in (export.columns["Price"], export.other)]
    price = given.get("Price") or amount_in(file.headings, ("Price", *aliases("Price")))
    return found if price in ("", *sides) or _stands_again(file, price, sides) else []


def _stands_again(file: DataFile, price: str, sides: Sequence[str]) -> bool:
    """Whether a column has the amounts of both sides, whichever they are of."""
    if price not in file.headings or not sides:
        return False
    columns = [file.column(heading) for heading in (price, *sides)]
    return all(amount is None or amount in others for amount, *others in zip(*columns, strict=True))


def told_by(readings: Sequence[Export], price: str) -> dict[str, str]:
    """The answer that naming one of the two columns as the price is."""
    named = [export.name.casefold() for export in readings if is_sold(price, export)]
    return {SALES: named[0]} if named else {}


def is_sold(price: str, export: Export) -> bool:
    """Whether a heading is that of the column that an export counts as sold."""
    return price != "" and amount_in([price], export.columns.get("Price", ())) != ""


def taken(readings: Sequence[Export], ways: Mapping[str, str]) -> Export:
    """The reading that was answered, else the first."""
    return next(
        (export for export in readings if export.name.casefold() == ways.get(SALES, "").casefold()), readings[0]
    )


def both_readings(file: DataFile, export: Export | None, given: Mapping[str, str]) -> Unclear | None:
    """What to ask about a file that was read as an export; nothing where it can be nothing else."""
    both = readings(file, given)
    if len(both) < 2 or export not in both:
        return None
    sales = [amount_in(file.headings, reading.columns["Price"]) for reading in both]
    return Unclear(" beside ".join(sorted(sales, key=file.headings.index)), {
        reading.name.casefold(): f"a {reading.name.casefold()}, where {heading} is what was sold"
        for reading, heading in zip(both, sales, strict=True)
    })  # fmt: skip


def all_negative(sales: Sequence[Value | NotRead]) -> bool:
    """Whether several amounts are all below zero, as where a program writes one of the two columns so."""
    amounts = [amount for amount in sales if isinstance(amount, float) and amount]
    return len(amounts) > 1 and max(amounts) < 0


def one_amount(
    sales: Sequence[Value | NotRead], others: Sequence[Value | NotRead], price: str, other: str
) -> list[Value | NotRead]:
    """What each row came to, an amount of the other column below zero, whichever sign it has there.

    Blank where neither column has an amount but 0. A row with both is none that can be read. Where all that was sold is
    below zero, its sign says nothing.
    """
    sign = -1.0 if all_negative(sales) else 1.0

    def of_both(sold: Value | NotRead, back: Value | NotRead) -> Value | NotRead:
        sold, back = (None if cell == 0 or _is_nothing(cell) else cell for cell in (sold, back))
        if sold is not None and back is not None:
            return NotRead(f"{_shown(sold)} beside {_shown(back)}", f"one amount, under {price} or under {other}")
        if isinstance(back, float):
            return -abs(back)
        return sign * sold if isinstance(sold, float) else sold if sold is not None else back

    return [of_both(*cells) for cells in zip(sales, others, strict=True)]


def _is_nothing(cell: Value | NotRead) -> bool:
    return isinstance(cell, NotRead) and cell.text in NOTHING


def _shown(cell: Value | NotRead) -> str:
    return cell.text if isinstance(cell, NotRead) else f"{cell:.15g}" if isinstance(cell, float) else str(cell)

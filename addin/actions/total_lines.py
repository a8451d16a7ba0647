"""Lines of totals that stand among orders: Total, Subtotal, Summe März, Ann Total."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from addin.actions.book import Value
from addin.tabular import Cell, DataFile, NotRead, Unclear

if TYPE_CHECKING:
    from addin.actions.order_rows import Orders

TOTALS = "Totals"
AS_TOTALS, AS_ORDERS = "totals", "orders"
TOTALS_WAYS = (AS_TOTALS, AS_ORDERS)
CENT = 0.005
MOST_TOTALS = 0.5
"""Where more rows of a column hold such a word, it is none for a line of totals."""
_WORDS = (
    "totals?|sub-?totals?|grand total|sum|total general|total général|summe|gesamt|gesamtsumme|zwischensumme|übertrag|"
    "saldo|suma|suma total|összesen|mindösszesen|részösszeg|yhteensä|välisumma|loppusumma|итого|всего|подытог|totale|"
    "totale generale|totaal|razem|summa|totaux|sous-total|endsumme|gesamtergebnis|subtotale|subtotaal|suma końcowa|"
    "ogółem|łącznie|totalt|delsumma|i alt|celkem|toplam|"
    "(?:opening|closing) balance|(?:balance )?(?:brought|carried) forward|[bc]/f|"
    "saldovortrag|anfangssaldo|endsaldo|schlusssaldo|eröffnungssaldo|saldo (?:inicial|anterior|final|iniziale|finale)|"
    "nyitó egyenleg|záró egyenleg|solde (?:initial|final|précédent)|входящий остаток|исходящий остаток|"
    "合計|小計|総計|总计|合计|小计"
)
_ALONE = re.compile(rf"(?:{_WORDS})\s*:?", re.IGNORECASE)
_WITH_A_NAME = re.compile(rf"(?:{_WORDS})\W.+|.+\W(?:{_WORDS}|ergebnis|итог)\s*:?", re.IGNORECASE | re.DOTALL)

_SUMMARY = re.compile(
    rf"(?:{_WORDS}|average|mean|durchschnitt|mittelwert|promedio|átlag|keskiarvo|среднее|moyenne)\s*:?", re.IGNORECASE
)
_NAMED = re.compile(rf"(?:{_WORDS})\s*:.+|totals? of [0-9,.]+ \w+", re.IGNORECASE)
_ALL = re.compile(rf"(?:{_WORDS}|all|alle|todos|todas|tous|toutes|tutti|tutte|összes|kaikki|все)\s*:?", re.IGNORECASE)
"""What stands in place of a name in a line that adds up all that have one, as in a pivot table."""


def total_lines(
    file: DataFile, columns: Mapping[str, Sequence[Value | NotRead]], rows: Sequence[int], found: Orders,
    ways: Mapping[str, str],
) -> Collection[int]:  # fmt: skip
    """The rows that add up others, which are left out: a word in them says so, beside a name the amount does too.

    Asked about where such a row could be an order: it has a date and a customer.
    """
    alone = [(cells, {text for text in _texts(cells) if _ALONE.fullmatch(text)}) for cells in file.columns]
    told = [(cells, texts) for cells, texts in alone
            if texts and sum(cell in texts for cell in cells) <= MOST_TOTALS * len(cells)]  # fmt: skip
    ids = [columns[name] for name in ("Order", "Customer") if name in columns]
    named = {text for cells in ids for text in _texts(cells) if _WITH_A_NAME.fullmatch(text)}
    if not told and not named:
        return ()
    totals: set[int] = set()
    since_start = since_total = 0.0
    for row in rows:
        price = columns["Price"][row]
        amount = price if isinstance(price, float) else 0.0
        adds_up = amount != 0 and any(abs(amount - other) < CENT for other in (since_start, since_total))
        if any(cells[row] in texts for cells, texts in told) or (adds_up and any(cells[row] in named for cells in ids)):
            totals.add(row)
            since_total = 0.0
        else:
            since_start, since_total = since_start + amount, since_total + amount
    asked = [row for row in sorted(totals) if all(columns[name][row] is not None for name in ("Date", "Customer"))]
    if asked:
        more = f", as {len(asked) - 1:,} other such rows," if len(asked) > 1 else ""
        ways_named = {AS_TOTALS: "a line of totals, which is left out", AS_ORDERS: "an order of its own"}
        found.unclear[TOTALS] = Unclear(f"row {file.numbers[asked[0]]}{more}", ways_named)
        if ways.get(TOTALS) == AS_ORDERS:
            totals -= {*asked}
    if totals:
        found.left_out["a line of totals"] += len(totals)
    return totals


def without_totals(file: DataFile, rows: Sequence[int]) -> list[int]:
    """Rows of which the first filled cell is no word for a total or an average."""
    return [row for row in rows if not _SUMMARY.fullmatch(_first_text(file, row))]


def without_named_totals(file: DataFile, rows: Sequence[int], amounts: Sequence[Value | NotRead]) -> list[int]:
    """Rows that do not begin as Total: Account does, nor as Total of 9 where that is as much as all others together."""
    kept = [row for row in without_totals(file, rows) if not _NAMED.fullmatch(_first_text(file, row))]
    spent = {row: amount for row in kept if isinstance(amount := amounts[row], float)}
    half = sum(spent.values()) / 2 if len(spent) > 2 else 0.0
    return [row for row in kept if abs(spent.get(row, 0) - half) > CENT or not half
            or not _WITH_A_NAME.fullmatch(_first_text(file, row))]  # fmt: skip


def without_levels(
    file: DataFile, rows: Sequence[int], amounts: Sequence[Value | NotRead], campaigns: Sequence[Hashable]
) -> tuple[list[int], list[str]]:
    """Rows without those of a pivot table that say All or Total where others name an ad set or an age, and come to as
    much as these; and the headings under which a campaign has both, and they come to something else.
    """
    all_under = {}
    for heading, cells in zip(file.headings, file.columns, strict=True):
        texts = _texts(cells)
        words = {text for text in texts if _ALL.fullmatch(text)}
        if words and words != texts:
            all_under[heading] = {row for row in rows if cells[row] in words}
    levels: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        levels.setdefault(tuple(heading for heading, alls in all_under.items() if row in alls), []).append(row)
    parts = levels.pop((), [])
    whole = _sum(amounts, parts)
    other = {under: lines for under, lines in levels.items() if abs(_sum(amounts, lines) - whole) > CENT * len(parts)}
    kept = {*parts}.union(*other.values())
    in_parts = {campaigns[row] for row in parts}
    unclear = [heading for under, lines in other.items() for heading in under
               if in_parts & {campaigns[row] for row in lines}]  # fmt: skip
    return [row for row in rows if row in kept], unclear


def _sum(amounts: Sequence[Value | NotRead], rows: Iterable[int]) -> float:
    return sum(amount for row in rows if isinstance(amount := amounts[row], float))


def _first_text(file: DataFile, row: int) -> str:
    first = next((cells[row] for cells in file.columns if cells[row] is not None), None)
    return first if isinstance(first, str) else ""


def _texts(cells: Sequence[Cell | NotRead]) -> set[str]:
    return {cell for cell in cells if isinstance(cell, str)}

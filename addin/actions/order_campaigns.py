"""Orders that no campaign claims: how many they are is said, and whether they are the selected one's is asked."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from addin.actions.book import Book, text_of, value_of
from addin.tabular import Unclear

if TYPE_CHECKING:
    from addin.actions.load_plan import Preview

KEY = "Campaign"
NO_CAMPAIGN, SELECTED = "none", "selected"
CAMPAIGN_WAYS = (NO_CAMPAIGN, SELECTED)
LEFT_AS_IT_IS = f"read/{KEY}/"
"""What the key of the question begins with, which is passed over where nobody can be asked."""


def ask_campaign(book: Book, found: Preview) -> None:
    """Ask where no column tells the campaign, about the new orders without the coupon or in the days of one."""
    if KEY in found.mapping or "tblCampaigns" not in book.tables():
        return
    campaigns = book.table("tblCampaigns").columns
    _take_names(book, found, {text_of(coupon).casefold() for coupon in campaigns["Coupon"]})
    if "in_Campaign" not in book.names():
        return
    selected = text_of(value_of(book, "in_Campaign"))
    name = next((text_of(n) for c, n in zip(campaigns[KEY], campaigns["Name"], strict=True) if c == selected), "")
    if not selected or not name:
        return
    coupons = {text_of(coupon).casefold() for coupon in campaigns["Coupon"]} - {""}
    spans = [(start, end) for start, end in zip(campaigns["Start"], campaigns["End"], strict=True)
             if isinstance(start, float) and isinstance(end, float)]  # fmt: skip
    columns = (found.rows.get(column, [None] * found.new) for column in (KEY, "Coupon", "Date"))
    unclaimed = [
        index for index, (campaign, coupon, day) in enumerate(zip(*columns, strict=True))
        if not campaign and text_of(coupon).casefold() not in coupons
        and not any(isinstance(day, float) and start <= day < end + 1 for start, end in spans)
    ]  # fmt: skip
    if not unclaimed:
        return
    found.ask("", KEY, Unclear(
        f"an order without a campaign ({len(unclaimed):,} of {found.new:,})",
        {
            NO_CAMPAIGN: "one of no campaign, unless one reached its customer before",
            SELECTED: f"one of {selected}" + (f", {name}" if name != selected else ""),
        },
    ))  # fmt: skip
    if found.ways.get(KEY) == SELECTED:
        for index in unclaimed:
            found.rows[KEY][index] = selected


def _take_names(book: Book, found: Preview, coupons: Collection[str]) -> None:
    """Give orders to the one campaign whose name or id stands where their coupon does, as in a link's utm_campaign."""
    columns = book.table("tblCampaigns").columns
    called: dict[str, set[str]] = {}
    for key, name in zip(columns[KEY], columns["Name"], strict=True):
        for text in (key, name):
            called.setdefault(text_of(text).casefold(), set()).add(text_of(key))
    texts = [text_of(coupon).casefold() for coupon in found.rows.get("Coupon", ())]
    named = {index: called[text] for index, text in enumerate(texts) if text and text not in coupons
             and len(called.get(text, ())) == 1}  # fmt: skip
    for index, keys in named.items():
        [found.rows[KEY][index]] = keys
    if named:
        found.notes.append(f"{len(named):,} orders have a campaign's name as their Coupon, and are of that campaign")

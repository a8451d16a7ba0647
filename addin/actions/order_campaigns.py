"""Orders that no campaign claims: how many they are is said, and whether they are the selected one's is asked."""

from __future__ import annotations

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
    if KEY in found.mapping or "tblCampaigns" not in book.tables() or "in_Campaign" not in book.names():
        return
    campaigns = book.table("tblCampaigns").columns
    selected = text_of(value_of(book, "in_Campaign"))
    name = next((text_of(n) for c, n in zip(campaigns[KEY], campaigns["Name"], strict=True) if c == selected), "")
    if not selected or not name:
        return
    coupons = {text_of(coupon).casefold() for coupon in campaigns["Coupon"]} - {""}
    spans = [(start, end) for start, end in zip(campaigns["Start"], campaigns["End"], strict=True)
             if isinstance(start, float) and isinstance(end, float)]  # fmt: skip
    columns = (found.rows.get(column, [None] * found.new) for column in ("Coupon", "Date"))
    unclaimed = [
        index for index, (coupon, day) in enumerate(zip(*columns, strict=True))
        if text_of(coupon).casefold() not in coupons
        and not any(isinstance(day, float) and start <= day < end + 1 for start, end in spans)
    ]  # fmt: skip
    if not unclaimed:
        return
    found.ask("", KEY, Unclear(
        f"an order without a campaign ({len(unclaimed):,} of {found.new:,})",
        {
            NO_CAMPAIGN: "one of no campaign, unless one reached its customer before",
            SELECTED: f"one of {selected}, {name}",
        },
    ))  # fmt: skip
    if found.ways.get(KEY) == SELECTED:
        for index in unclaimed:
            found.rows[KEY][index] = selected

"""Amounts of several currencies are not added up, where a column of a source names them."""

from datetime import datetime

import pytest
from memory_book import MemoryBook

from addin.actions.book import Change
from addin.actions.source_refresh import ask_sources

ORDERS = (
    "Customer,Date,Amount,Currency\nA,2026-03-04,10,EUR\nB,2026-03-04,20,eur\nC,2026-03-05,40,{}\nD,2026-03-05,80,\n"
)


@pytest.mark.parametrize(("other", "filtered", "said"), [
    ("EUR", {}, "OK"),
    ("USD", {}, "failed: Shop: Currency holds EUR (2) and USD (1), whose amounts cannot be added up; set a filter that "
                "keeps one currency"),
    ("USD", {"Filter column": "Currency", "Operator": "=", "Value": "EUR"}, "OK"),
])  # fmt: skip
def test_a_column_of_currencies(tmp_path, other, filtered, said):
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS.format(other))
    row = {"Name": "Shop", "Location": str(path), "Id column": "Customer", "Date column": "Date",
           "Amount column": "Amount", **filtered}  # fmt: skip
    change = Change()
    sentences, failed = ask_sources(MemoryBook(rows={"tblSources": [row]}), change, datetime(2026, 5, 1), {})
    assert (sentences, failed) == ([f"Shop: {said}"], said != "OK")
    cents = change.rows["tblTotals"].columns["cents"]
    assert cents == {("EUR", False): [15000.0], ("USD", True): [3000.0]}.get((other, bool(filtered)), [])

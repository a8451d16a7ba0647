"""From the report of a platform and the orders of a shop to the return that the workbook shows for each campaign."""

import pytest

from addin.actions.book import Change
from addin.actions.load import load, preview
from addin.actions.sample import sample_off

REPORT = """Campaign report
"September 1, 2026 - September 30, 2026"
Campaign status,Campaign,Currency code,Impr.,Cost
Enabled,Spring,EUR,"40,000","{}"
Enabled,Brand,EUR,100,400.00
{}Total: Campaigns,--,EUR,"40,100","1,400.00"
"""
ORDERS = """Order,Date,Customer,Campaign,Total,Currency
A1,2026-09-03,Ann,Spring,1500,EUR
A2,2026-09-04,Bo,Spring,300,EUR
A3,2026-09-05,Cy,Brand,100,EUR
"""


@pytest.fixture
def take(book, tmp_path):
    def taken(text):
        (tmp_path / "export.csv").write_text(text, encoding="utf-8")
        plan = preview(book, [tmp_path / "export.csv"])
        load(book, plan)
        return plan

    return taken


def listed(book):
    """What Campaigns lists: spend, and ROI at once."""
    rows = book.cells("Campaigns!B1:H100")
    return {name: (spent, roi) for name, _, _, spent, _, _, roi in rows if name in ("Spring", "Brand", "New")}


def test_spend_and_return_of_each_campaign(book, take):
    sample_off(book)
    take(REPORT.format("1,000.00", ""))
    take(ORDERS)
    assert book.cells("in_Campaign") == [["Spring"]]
    assert listed(book) == {"Spring": (1000, pytest.approx(1.8)), "Brand": (400, pytest.approx(0.25))}
    with book.action("Coupon"):
        book.write(Change(cells={book.table("tblCampaigns").place("Coupon", 0): "MAIL"}))
    take(REPORT.format("1,200.00", "Enabled,New,EUR,10,50.00\n").replace("September 30", "October 30"))
    assert listed(book) == {
        "Spring": (1200, pytest.approx(1.5)), "Brand": (400, pytest.approx(0.25)), "New": (50, 0),
    }  # fmt: skip
    assert book.table("tblCampaigns").columns["Coupon"] == ["MAIL", None, None]
    book.undo()
    assert listed(book)["Spring"] == (1000, pytest.approx(1.8))


def test_a_report_replaces_the_campaigns_of_the_sample(book, take):
    plan = take(REPORT.format("1,000.00", ""))
    assert plan.sample == plan.there == 2
    assert [row for row in book.table("tblCampaigns").columns["Campaign"] if row] == ["Spring", "Brand"]
    assert book.cells("in_Campaign") == [["Spring"]]

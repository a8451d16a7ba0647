"""Orders as a shop exports them, without types, with refunds and strays: what they come to, beside pandas."""

from datetime import date, timedelta

import pandas as pd
import pytest
from memory_book import MemoryBook

from addin.actions.book import Change, Rows, number_of
from addin.actions.checking import failed
from addin.actions.load import preview
from addin.template.roi_roc import APART_ROW
from addin.values import serial

START, AT_ONCE = date(2025, 1, 2), 1


def shop():
    """A made-up export: some customers come back, some after a call, some get their money back."""
    rows = []
    for k in range(60):
        first = START + timedelta(days=k * 3 % 120)
        rows.append((f"c{k}", first, 30.0 + k % 7, ""))
        if k % 3 == 0:
            rows.append((f"C{k}", first + timedelta(days=40), 20.0, ""))
        if k % 5 == 0:
            rows.append((f"c{k}", first + timedelta(days=3), -10.0, ""))
        if k % 10 == 0:
            rows.append((f"c{k}", START - timedelta(days=60), 15.0, ""))
            rows.append((f"c{k}", START + timedelta(days=420), 25.0, ""))
        if k % 20 == 0:
            rows.append((f"w{k}", first, 99.0, "none"))
    return pd.DataFrame(rows, columns=["Customer", "Date", "Price", "Coupon"])


CALLED, CALL = "c3", START + timedelta(days=20)


@pytest.fixture
def opened(book):
    orders = shop()
    change = Change(rows={
        "tblTransactions": Rows({
            "Date": [float(serial(day)) for day in orders["Date"]], "Customer": list(orders["Customer"]),
            "Campaign": [None] * len(orders), "Units": [1.0] * len(orders), "Price": list(orders["Price"]),
            "Coupon": ["MAIL" if coupon == "" else None for coupon in orders["Coupon"]],
        }),
        "tblCampaigns": Rows({"Campaign": ["C01"], "Name": ["Own"], "Start": [float(serial(START))],
                              "Budget": [500.0], "Coupon": ["mail"]}),
        "tblFollowUps": Rows({"Campaign": ["C01"], "Date": [float(serial(CALL))], "Type": ["Follow-up reorder"],
                              "Orders": [0.0], "Price": [0.0], "Customer": [CALLED]}),
        "tblCustomers": Rows({}),
    }, cells={"in_Source": "Transactions"})  # fmt: skip
    with book.action("Own orders"):
        book.write(change)
        book.calculate()
    return book, orders


def kinds(orders):
    """The type of each row, by the rule in words."""
    found = []
    for _, row in orders.iterrows():
        same = orders[(orders["Customer"].str.lower() == row["Customer"].lower()) & (orders["Price"] >= 0)]
        before = ((same["Date"] >= START) & (same["Date"] < row["Date"])).sum() - (row["Price"] < 0)
        month = 12 * (row["Date"].year - START.year) + row["Date"].month - START.month
        if row["Coupon"] or month < 0:
            found.append(None)
        elif before > 0:
            called = row["Customer"].lower() == CALLED and row["Date"] >= CALL
            found.append("Follow-up reorder" if called else "Repeat order")
        else:
            found.append("Immediate sale" if month <= AT_ONCE else "New order")
    return found


def test_types_campaigns_refunds_and_the_return_are_what_pandas_says(opened):
    book, orders = opened
    columns = book.table("tblTransactions").columns
    orders["Kind"] = kinds(orders)
    assert [kind or None for kind in columns["Kind"]] == list(orders["Kind"])
    assert {"Follow-up reorder", "Repeat order", "Immediate sale", "New order"} <= set(orders["Kind"])
    marks = {mark for mark, price in zip(columns["Mark"], orders["Price"], strict=True) if price < 0}
    assert marks == {"Refund. Type derived."}
    assert columns["Orders"] == [float(price >= 0) for price in orders["Price"]]

    months = [12 * (day.year - START.year) + day.month - START.month for day in orders["Date"]]
    orders["Month"] = months
    ours = orders[orders["Coupon"] == ""]
    for name, last in (("out_Gross1", 1), ("out_Gross2", 4), ("out_Gross3", 12)):
        inside = ours[(ours["Month"] >= 0) & (ours["Month"] <= last)]
        assert number_of(book, name) == pytest.approx(inside["Price"].sum() / 500)

    found = {row[0]: row[2:] for row in book.cells(f"ROI_ROC!B{APART_ROW + 2}:E{APART_ROW + 5}")}
    early, late = ours[ours["Month"] < 0], ours[ours["Month"] > 12]
    assert found == {
        "Of this campaign, before it began": [(early["Price"] >= 0).sum(), early["Price"].sum()],
        "Of this campaign, after horizon or last data": [(late["Price"] >= 0).sum(), late["Price"].sum()],
        "Of other campaigns": [0, 0],
        "Of no campaign": [3, 297],
    }
    assert failed(book) == []


def test_a_given_type_stands_above_the_derived_one(opened):
    book, _ = opened
    with book.action("Type"):
        book.write(Change(cells={book.table("tblTransactions").place("Type", 0): "Repeat order"}))
        book.calculate()
    columns = book.table("tblTransactions").columns
    assert (columns["Kind"][0], columns["Mark"][0]) == ("Repeat order", None)


def test_an_order_in_the_days_of_one_campaign_is_of_that(opened):
    book, orders = opened
    day = float(serial(START + timedelta(days=30)))
    with book.action("End"):
        book.write(Change(cells={book.table("tblCampaigns").place("End", 0): day}))
        book.calculate()
    found = book.table("tblTransactions").columns["Counted"]
    inside = (orders["Date"] >= START) & (orders["Date"] <= START + timedelta(days=30))
    wanted = (orders["Coupon"] == "") | inside
    assert [cell == "C01" for cell in found] == list(wanted)


def test_orders_that_no_campaign_claims_are_asked_about(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text("Order,Date,Customer,Total,Gutscheincode\n1,2025-03-04,Ann,10,Mail\n2,2025-03-05,Bo,20,\n"
                    "3,2026-03-06,Cy,30,\n4,2025-06-01,Di,40,\n")  # fmt: skip
    campaigns = [
        {"Campaign": "C01", "Name": "Own", "Start": float(serial(START)), "Budget": 500.0, "Coupon": "mail"},
        {"Campaign": "C02", "Name": "Fair", "Start": 45809.0, "End": 45809.0, "Budget": 50.0},
    ]
    book = MemoryBook(rows={"tblCampaigns": campaigns}, names={"in_Campaign": "C01"})
    plan = preview(book, [file])
    assert plan.asked == ["Campaign"]
    assert "an order without a campaign (2 of 4) is read as one of no campaign" in plan.notes[-1]
    assert plan.rows["Campaign"] == [None] * 4
    told = preview(book, [file], ways={"Campaign": "selected"})
    assert (told.rows["Campaign"], told.asked) == ([None, "C01", "C01", None], [])
    assert preview(book, [file], mapping={"Campaign": "=C01"}).asked == []


def test_customers_count_orders_and_not_refunds(opened):
    book, orders = opened
    with book.action("Customers"):
        book.write(Change(rows={"tblCustomers": Rows({"Customer": ["c0", "c5"]})}))
        book.calculate()
    columns = book.table("tblCustomers").columns
    for index, customer in enumerate(("c0", "c5")):
        same = orders[orders["Customer"].str.lower() == customer]
        assert columns["Orders"][index] == (same["Price"] >= 0).sum()
        assert columns["Revenue"][index] == same["Price"].sum()


def test_a_customer_without_a_state_is_active_by_the_last_order_and_told_by_an_answer(opened):
    book, orders = opened
    last = max(orders["Date"])
    day = float(serial(last)) - 400
    rows = {"Customer": ["long ago", "long ago", "lately", "lately", "kept", "kept", "gone", "gone", "answered"],
            "Date": [day, day + 5, day, day + 300, day, day + 1, day, day + 390, day]}  # fmt: skip
    with book.action("Customers"):
        book.write(Change(rows={
            "tblTransactions": Rows({**rows, "Units": [1.0] * 9, "Price": [9.0] * 9}, True),
            "tblCustomers": Rows({
                "Customer": ["long ago", "lately", "kept", "gone", "answered", "silent"],
                "State": [None, None, "Active", "Lost", None, None], "Feedback": [*[None] * 5, "No"],
            }),
            "tblSurvey": Rows({"Customer": ["ANSWERED", "lately", "silent"], "Scale": ["0 to 10"] * 3,
                               "Score": [9.0, None, 9.0]}),
        }))  # fmt: skip
        book.calculate()
    columns = book.table("tblCustomers").columns
    assert columns["Active"] == [0, 1, 1, 0, 0, 0]
    assert columns["Told"] == [0, 0, 0, 0, 1, 0]
    assert columns["Level"] == ["Buying again"] * 4 + ["Giving feedback", "Just looking"]
    assert len(set(columns["Stage"][:2])) == len(set(columns["Stage"][2:4])) == 2

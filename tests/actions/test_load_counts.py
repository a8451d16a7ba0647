"""What a load says of each row of a file, of the rows that are there, and of the columns that it does not read."""

import csv

import pytest
from memory_book import MemoryBook

from addin import present
from addin.actions.forecast import forecast
from addin.actions.load import load, preview
from addin.actions.rejected_rows import write_rejected
from addin.errors import BookError
from addin.template import predictions

HEAD = "Order,Date,Customer,Total,Refunded Amount,Status"
CAMPAIGNS = {"tblCampaigns": [{"Campaign": "C01", "Name": "Spring"}, {"Campaign": "C02", "Name": "Autumn"}]}


@pytest.fixture
def book():
    return MemoryBook(rows=CAMPAIGNS)


@pytest.fixture
def looked(tmp_path, book):
    """The preview of a text as a file."""

    def preview_of(text, name="export.csv", **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return preview(book, [path], **options)

    return preview_of


def revenue(plan):
    return [units * price for units, price in zip(plan.rows["Units"], plan.rows["Price"], strict=True)]


# --- rows that are there


MARCH = f"""{HEAD}
1,2025-03-01,Ann,100,0,Completed
2,2025-03-02,Bob,80,0,Completed
4,2025-03-04,Di,70,0,Completed"""
LATER = f"""{HEAD}
1,2025-03-01,Ann,100,100,Refunded
2,2025-03-02,Bob,80,30,Completed
3,2025-03-03,Cy,60,0,Completed
4,2025-03-04,Di,70,0,Cancelled"""


def test_rows_that_are_there_with_other_values_are_told(looked, book):
    load(book, looked(MARCH))
    plan = looked(LATER, append=True)
    told = (
        "3 there already with other values: order 1 Price 100 → 0 (Refunded); order 4 Price 70 → 0 (Cancelled); "
        "order 2 Price 80 → 50; not changed; replace the rows in place of appending to change them"
    )
    assert plan.rows["Order"] == ["3"]
    assert present.row_counts(plan) == "1 new rows, 0 there already, 3 there already with other values, 0 rejected"
    assert told in present.preview_lines(plan, 5)
    load(book, plan)
    assert present.loaded(plan) == f"1 rows loaded into tblTransactions; Undo takes them out again. {told}"
    assert [row["Price"] for row in book.rows("tblTransactions")] == [100, 80, 70, 60]


def test_the_same_rows_again_are_no_change(looked, book):
    load(book, looked(MARCH))
    plan = looked(MARCH + "\n5,2025-03-05,Ed,10,0,Completed", append=True)
    assert (plan.new, len(plan.duplicates), plan.changes, plan.not_changed) == (1, 3, [], "")


def test_changes_are_told_where_nothing_is_new(looked, book):
    load(book, looked(MARCH))
    with pytest.raises(BookError, match=r"order 2 Price 80 → 81; not changed"):
        load(book, looked(f"{HEAD}\n2,2025-03-02,Bob,81,0,Completed", append=True))


def test_how_many_rows_are_replaced_is_said(looked, book):
    load(book, looked(MARCH))
    plan = looked(f"{HEAD}\n7,2025-03-07,Flo,5,0,Completed")
    assert "Replaces the 3 rows that are there" in present.preview_lines(plan, 5)
    load(book, plan)
    assert present.loaded(plan) == "1 rows loaded into tblTransactions, 3 rows replaced; Undo takes them out again"
    added = looked(f"{HEAD}\n8,2025-03-07,Flo,5,0,Completed", append=True)
    assert "replace" not in "".join([*present.outlook(added), present.loaded(added)])


# --- refunds


@pytest.mark.parametrize("headings", ["Quantity,Unit price", "Quantity,Total", "Qty,Item price"])
def test_a_negative_quantity_with_a_negative_price_is_a_refund(looked, headings):
    plan = looked(
        f"Order,Date,Customer,{headings}\n1,2025-03-01,Ann,1,50\n2,2025-03-02,Ann,-1,-20\n3,2025-03-02,Bo,-1,20"
    )
    assert revenue(plan) == [50, -20, -20]


def test_the_forecast_takes_it_for_a_refund_too(monkeypatch):
    rows = [{"Customer": "Ann", "Date": 45717.0, "Units": units, "Price": price} for units, price in
            ((1.0, 50.0), (-1.0, -20.0), (-1.0, 20.0))]  # fmt: skip
    seen = []
    monkeypatch.setattr(predictions, "ranked", lambda ids, dates, amounts, discount: seen.extend(amounts) or [])
    monkeypatch.setattr(predictions, "tracked", lambda ids, dates: [])
    forecast(MemoryBook(rows={"tblTransactions": rows}, names={"in_Discount": 0.1}))
    assert seen == [50, -20, -20]


@pytest.mark.parametrize("heading", [
    "Refund", "Refund (EUR)", "Refund Value", "Returned Amount", "Returns", "Rückerstattung", "Gutschrift",
    "Remboursement", "Rimborso", "Erstattung", "Refunded Amount",
])  # fmt: skip
def test_what_was_paid_back_comes_off_under_any_of_its_names(looked, heading):
    plan = looked(f"Order,Date,Customer,Total,{heading}\n1,2025-03-01,Ann,100,30\n2,2025-03-01,Bo,70,70")
    assert (revenue(plan), plan.left_out) == ([70], {"refunded in full": 1})


# --- headings


@pytest.mark.parametrize(
    "heading", ["Kampagne", "Campagne", "Campaña", "Campagna", "Kampanj", "Campaign Name", "Campaign"]
)
@pytest.mark.parametrize("order", ["Bestellung", "Auftrag"])
def test_names_of_campaigns_are_taken_for_their_ids(looked, heading, order):
    plan = looked(f"{order},Date,Customer,Total,{heading}\n1,2025-03-01,Ann,1,SPRING\n2,2025-03-01,Bo,2,c02")
    assert (plan.rows["Order"], plan.rows["Campaign"], plan.rejected) == (["1", "2"], ["C01", "C02"], [])


def test_a_name_of_two_campaigns_is_rejected_with_the_ids(tmp_path):
    book = MemoryBook(rows={"tblCampaigns": [{"Campaign": key, "Name": "Spring"} for key in ("C01", "C02")]})
    path = tmp_path / "export.csv"
    path.write_text("Order,Date,Customer,Total,Campaign\n1,2025-03-01,Ann,1,Spring\n")
    (problem,) = preview(book, [path]).rejected
    assert problem.reason == "Campaign must be one of C01, C02, and 'Spring' was found"


def test_campaigns_that_are_none_of_the_book_leave_the_orders(looked):
    plan = looked("Order,Date,Customer,Total,Campaign Name\n1,2025-03-01,Ann,1,brand_search_de")
    assert (plan.new, plan.rows["Campaign"], plan.rejected) == (1, [None], [])
    assert "export.csv: Campaign Name holds nothing that Campaign can be, and is left out" in plan.notes


def test_columns_that_are_not_read_are_named(looked):
    plan = looked(f"{HEAD},Currency,Colour,Note to us\n1,2025-03-01,Ann,100,0,Completed,EUR,red,hello")
    assert "Not read: Colour, Note to us" in present.preview_lines(plan, 5)
    many = looked(f"Order,Date,Customer,Total,{','.join(f'x{i}' for i in range(15))}\n1,2025-03-01,Ann,1{',' * 15}")
    (line,) = (line for line in present.preview_lines(many, 5) if line.startswith("Not read"))
    assert line.endswith("x9, … and 5 more")


def test_an_amount_is_shown_as_it_was_read_before_what_was_paid_back(looked):
    plan = looked('Order,Date,Customer,Total,Refund\n1,2025-03-02,Bo,"1.280,00","30,00"')
    assert (revenue(plan), present.mapping(plan)[-1]) == (
        [1250],
        "tblTransactions[Price] from Total: 1.280,00 is 1,280",
    )


def test_a_cell_is_shown_beside_what_it_became_itself(looked):
    plan = looked("Order,Date,Customer,Total\n1,soon,Ann,1\n2,1 March 2025,Bo,2\n3,2 March 2025,Cy,3")
    assert present.mapping(plan) == [
        "tblTransactions[Order] from Order", "tblTransactions[Date] from Date: 1 March 2025 is 2025-03-01",
        "tblTransactions[Customer] from Customer", "tblTransactions[Price] from Total",
    ]  # fmt: skip


# --- no row is lost


def test_an_id_of_two_customers_rejects_both_rows(looked, tmp_path):
    plan = looked("Order,Date,Customer,Amount\nA1,2025-03-01,Ann,20\na1,2025-03-03,Bo,30\n001,2025-03-03,Bo,30")
    assert present.row_counts(plan) == "1 new rows, 0 there already, 2 rejected"
    write_rejected(plan, tmp_path / "rejected.csv")
    with (tmp_path / "rejected.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row[:4] for row in csv.reader(stream)][1:] == [
            ["A1", "2025-03-01", "Ann", "20"], ["a1", "2025-03-03", "Bo", "30"],
        ]  # fmt: skip


def test_every_row_is_new_there_already_left_out_rejected_or_a_further_line(looked, book):
    load(book, looked(MARCH))
    lines = [
        "1,2025-03-01,Ann,100,100,Refunded", "2,2025-03-02,Bob,80,0,Completed",  # there
        "5,2025-03-05,Ed,10,0,Completed", "5,2025-03-05,Ed,10,0,Completed", "5,2025-03-05,Ed,10,0,Refunded",
        "6,2025-03-05,Ed,10,0,Cancelled", "6,2025-03-05,Ed,10,0,Cancelled", "7,2025-03-05,Ed,9,9,Completed",
        "8,never,Ed,10,0,Completed", "8,never,Ed,10,0,Completed", "9,2025-03-05,Flo,1,0,Completed,too,long",
        "10,2025-03-05,Flo,1,0,Completed", "Total,,,999,,",
    ]  # fmt: skip
    plan = looked("\n".join([HEAD, *lines]), append=True)
    counts = (plan.new, len(plan.duplicates), len(plan.rejected), plan.left_out.total(), plan.further)
    assert sum(counts) == len(lines), (counts, plan)
    assert (plan.rows["Order"], len(plan.rejected)) == (["5", "10"], 3)


# --- amounts of another unit


def test_amounts_in_cents_are_loaded_in_whole_ones_with_what_came_off_them(looked):
    text = (
        "Order,Date,Customer,total_cents,refunded amount\n"
        "1,2025-03-01,Ann,3000,0\n2,2025-03-02,Bob,2999,999\n3,2025-03-03,Cy,6050,0\n"
    )
    plan = looked(text, mapping={"Price": "total_cents"})
    assert plan.rows["Price"] == [30, 20, 60.5]
    assert "export.csv: total_cents is in cents, so that 100 there is 1 here" in plan.notes


def test_a_spend_in_millionths_and_a_reach_in_thousands_are_brought_to_whole_ones(tmp_path, book):
    path = tmp_path / "ads.csv"
    path.write_text("Campaign,Name,Start,cost_micros,Reach (thousands)\nC9,Summer,2025-06-01,1500000000,20\n")
    plan = preview(book, [path], table="tblCampaigns", mapping={"Budget": "cost_micros", "Reach": "Reach (thousands)"})
    assert (plan.rows["Budget"], plan.rows["Reach"]) == ([1500], [20_000])

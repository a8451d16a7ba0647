"""Orders, answers, contacts and subscriptions as services export them; what they come to is told by pandas."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from memory_book import MemoryBook

from addin import present
from addin.actions.load import load, preview
from addin.actions.rejected_rows import write_rejected
from addin.calling import call
from addin.catalogue import catalogue
from addin.errors import BookError
from addin.scores import number_in
from addin.values import serial
from addin.windows import load_window

EXPORTS = Path(__file__).parent / "exports"
CAMPAIGN = {"Campaign": "C01", "Name": "Spring", "Start": 45658.0, "Budget": 1000.0}


@pytest.fixture
def book():
    return MemoryBook(rows={"tblCampaigns": [CAMPAIGN]})


def revenue(plan):
    return sum(units * price for units, price in zip(plan.rows["Units"], plan.rows["Price"], strict=True))


def frame(name, **options):
    return pd.read_csv(EXPORTS / f"{name}.csv", **options)


def test_shopify_orders(book, file):
    path = EXPORTS / "shopify.csv"
    with pytest.raises(BookError, match=r"EUR \(3\) and USD \(1\).*--where Currency=EUR"):
        preview(book, [path])
    plan = preview(book, [path], where={"Currency": "EUR"})
    rows = frame("shopify").dropna(subset="Total")
    sold = rows[(rows["Currency"] == "EUR") & rows["Financial Status"].isin(["paid", "partially_refunded"])]
    sold = sold[sold["Cancelled at"].isna()]
    assert plan.rows["Order"] == sold["Name"].tolist() == ["#1001", "#1003", "#1007"]
    assert revenue(plan) == pytest.approx((sold["Total"] - sold["Refunded Amount"]).sum())
    assert plan.rows["Units"] == [1, 1, 1]
    assert plan.rows["Date"][0] // 1 == serial(date(2025, 3, 4))
    assert plan.left_out == {"Currency other than EUR": 2, "refunded": 1, "pending": 1, "with Cancelled at": 1}
    assert any("with tax and shipping" in note and "Price=Subtotal" in note for note in plan.notes)
    goods = preview(book, [path], where={"Currency": "EUR"}, mapping={"Price": "Subtotal"})
    assert revenue(goods) == pytest.approx((sold["Subtotal"] - sold["Refunded Amount"]).sum())


def test_an_excel_file_of_the_same_orders_comes_to_the_same(book, tmp_path):
    table = frame("shopify", dtype={"Id": str})
    table["Created at"] = pd.to_datetime(table["Created at"].str[:19])
    table.to_excel(tmp_path / "shopify.xlsx", index=False)
    plans = [
        preview(book, [path], where={"Currency": "EUR"})
        for path in (EXPORTS / "shopify.csv", tmp_path / "shopify.xlsx")
    ]
    assert plans[0].rows["Order"] == plans[1].rows["Order"]
    assert [revenue(plan) for plan in plans] == [revenue(plans[0])] * 2
    assert [day // 1 for day in plans[1].rows["Date"]] == plans[0].rows["Date"]
    assert plans[0].left_out == plans[1].left_out
    assert [row[1][:10] for row in present.first_rows(plans[1])[1:2]] == ["2025-03-04"]


def test_lines_of_an_order_are_one_order(book, file):
    plan = preview(book, [EXPORTS / "lines.csv"])
    lines = frame("lines")
    assert plan.rows["Order"] == ["700001", "700002"]
    assert plan.rows["Units"] == [1, 1]
    assert revenue(plan) == pytest.approx((lines["Quantity"] * lines["Price"]).sum())
    assert plan.duplicates == []
    assert plan.asked == []


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        (["A1,Ann,Mug,10", "A1,Ann,Cup,15", "A2,Bo,Mug,10"], 35),  # what lines come to differs: added up
        (["A1,Ann,Mug,", "A1,Ann,,25", "A2,Bo,Mug,10"], 35),  # it stands on one of the lines
    ],
)
def test_amounts_of_lines_are_added_up_or_stand_once(book, file, lines, total):
    text = "\n".join(["Order,Customer,Item,Amount,Date", *(f"{line},2025-02-03" for line in lines)])
    plan = preview(book, [file(text)])
    assert (plan.rows["Order"], revenue(plan), plan.asked) == (["A1", "A2"], total, [])


def test_an_order_total_on_each_line_counts_once(book, file):
    text = (
        "Order,Customer,Item,Order Total,Date\nA1,Ann,Mug,25,2025-02-03\nA1,Ann,Cup,25,2025-02-03\nA2,Bo,,9,2025-02-03"
    )
    plan = preview(book, [file(text)])
    assert (revenue(plan), plan.asked) == (34, [])


def test_the_same_amount_on_each_line_is_asked_about(book, file):
    text = "Order,Customer,Item,Amount,Date\nA1,Ann,Mug,25,2025-02-03\nA1,Ann,Cup,25,2025-02-03\nA2,Bo,Mug,9,2025-02-03"
    path = file(text)
    plan = preview(book, [path])
    assert plan.asked == ["Lines"]
    assert (
        "Amount (the same on each line of order A1) is read as what the whole order came to"
        in plan.unclear["Lines"].note
    )
    assert [revenue(preview(book, [path], ways={"Lines": way})) for way in ("total", "sum")] == [34, 59]
    with pytest.raises(BookError, match="Lines is read as one of total, sum, and 'maybe' was found"):
        preview(book, [path], ways={"Lines": "maybe"})


def test_a_quantity_beside_an_amount_is_asked_about(book, file):
    path = file("Order,Customer,Qty,Amount,Date\nA1,Ann,2,25,2025-02-03\nA2,Bo,1,9,2025-02-03")
    assert preview(book, [path]).asked == ["Quantity"]
    assert [revenue(preview(book, [path], ways={"Quantity": way})) for way in ("of one", "of the line")] == [59, 34]
    total = preview(book, [file("Order,Customer,Qty,Total,Date\nA1,Ann,2,25,2025-02-03")])
    assert (revenue(total), total.asked) == (25, [])


def test_rows_that_are_the_same_are_asked_about_and_are_not_there_already(book, file):
    path = file("Date,Customer,Amount\n2025-02-03,Ann,25\n2025-02-03,Ann,25\n2025-02-04,Bo,9")
    plan = preview(book, [path])
    assert (plan.asked, plan.duplicates, revenue(plan)) == (["Rows"], [], 59)
    assert "row 3 (the same as row 2)" in plan.unclear["Rows"].note
    assert revenue(preview(book, [path], ways={"Rows": "once"})) == 34
    book.agrees = False
    with pytest.raises(BookError, match=r"Is that right\?.*nothing was changed"):
        load(book, plan)


def test_an_order_of_two_customers_is_none(book, file):
    plan = preview(
        book, [file("Order,Date,Customer,Amount\nA1,2025-02-03,Ann,25\nA1,2025-02-03,Bo,9\nA2,2025-02-04,Cy,1")]
    )
    reason = "the order A1 belongs to Ann in row 2 and to Bo in row 3"
    assert [(problem.place, problem.reason) for problem in plan.rejected] == [
        ("export.csv, row 2", reason), ("export.csv, row 3", reason),
    ]  # fmt: skip


def test_what_was_not_sold_is_left_out_with_a_count(book, file):
    plan = preview(book, [EXPORTS / "states_de.csv"])
    assert revenue(plan) == 50
    assert plan.left_out == {"storniert": 1, "Erstattet": 1, "ausstehend": 1}
    assert plan.states == {"bezahlt": 1, "storniert": 1, "Erstattet": 1, "ausstehend": 1, "versandt": 1}
    assert plan.currencies == {"EUR": 5 - 3}


@pytest.mark.parametrize("state", [
    "refunded", "Voided", "failed", "Cancelled", "canceled by customer", "Closed Lost", "pending", "Pending payment",
    "on-hold", "wc-failed", "cancelado", "törölve", "peruttu", "отменён", "Ожидает оплаты", "requires_payment_method",
    "Draft", "Payment failed", "Awaiting payment", "Fully refunded", "Order cancelled", "wurde storniert",
])  # fmt: skip
def test_states_that_are_no_sale(book, file, state):
    plan = preview(
        book,
        [file(f"Order,Date,Customer,Total,Order status\n1,2025-02-03,Ann,10,{state}\n2,2025-02-03,Bo,5,completed")],
    )
    assert (revenue(plan), plan.left_out) == (5, {state: 1})


@pytest.mark.parametrize("state", [
    "Awaiting fulfillment", "processing", "Partially refunded", "In Bearbeitung", "wc-completed", "shipped", "archived",
])  # fmt: skip
def test_states_that_are_a_sale(book, file, state):
    plan = preview(book, [file(f"Order,Date,Customer,Total,Order status\n1,2025-02-03,Ann,10,{state}")])
    assert (revenue(plan), plan.left_out, plan.states) == (10, {}, {state: 1})


def test_what_was_paid_back_is_taken_off(book, file):
    text = "Order,Date,Customer,Total,Refund amount\n1,2025-02-03,Ann,10,-4\n2,2025-02-03,Bo,5,5\n3,2025-02-03,Cy,7,"
    plan = preview(book, [file(text)])
    assert (revenue(plan), plan.left_out) == (13, {"refunded in full": 1})


def test_partly_refunded_orders_without_an_amount_are_named(book, file):
    plan = preview(book, [file("Order,Date,Customer,Total,Status\n1,2025-02-03,Ann,10,Partially refunded")])
    assert "export.csv: 1 orders were refunded in part, and no column says by how much" in "\n".join(plan.notes)


def test_credit_notes_reduce_revenue(book, file):
    plan = preview(book, [EXPORTS / "ledger_de.csv"])
    amounts = dict(zip(plan.rows["Order"], plan.rows["Price"], strict=True))
    assert amounts == {"R1": 1234.56, "R2": -19.9, "R3": -10, "R4": -50, "R5": -7}
    assert (plan.left_out, plan.rejected) == ({"Zahlung": 1}, [])


@pytest.mark.parametrize(("amount", "code"), [
    ("$1,234.50", "USD"), ("CHF 1234.50", "CHF"), ("1234.50 USD", "USD"), ("1234.50 Ft", "HUF"), ("1234.50 kr", "KR"),
    ("1234.50 руб.", "RUB"), ("1234.50 zł", "PLN"), ("£1,234.50", "GBP"),
])  # fmt: skip
def test_signs_and_words_of_currencies_are_read(book, file, amount, code):
    plan = preview(book, [file(f'Order,Date,Customer,Total\n1,2025-02-03,Ann,"{amount}"')])
    assert plan.rows["Price"] == [1234.5]
    assert {name.upper() for name in plan.currencies} == {code}


def test_two_currencies_in_the_amounts_themselves_are_filtered_too(book, file):
    path = file("Order,Date,Customer,Total\n1,2025-02-03,Ann,$10\n2,2025-02-03,Bo,€20\n3,2025-02-03,Bo,€5")
    with pytest.raises(BookError, match=r"EUR \(2\) and USD \(1\)"):
        preview(book, [path])
    assert revenue(preview(book, [path], where={"Currency": "eur"})) == 25


def test_another_currency_than_that_of_the_rows_there_is_refused(book, file):
    head = "Order,Date,Customer,Amount\n"
    load(book, preview(book, [file(head + "A1,2025-02-03,Ann,€25")]))
    dollars = file(head + "A2,2025-02-03,Ann,$25", "usd.csv")
    with pytest.raises(BookError, match="would hold amounts in EUR and in USD"):
        preview(book, [dollars], append=True)
    assert preview(book, [dollars]).new == 1
    with pytest.raises(BookError, match="would hold amounts in EUR and in USD"):
        preview(book, [file(head + "A1,2025-02-03,Ann,€25"), dollars])


def test_what_was_paid_back_is_written_as_the_price_is(book, file):
    path = file("Order;Date;Customer;Total;Refunded\n1;2025-02-03;Ann;2,500;1,250")
    assert [revenue(preview(book, [path], ways={"Price": way})) for way in ("decimal comma", "decimal point")] == [
        1.25,
        1250,
    ]


def test_repeated_rows_without_an_id_are_found_by_the_whole_row(book, file):
    text = "Date,Customer,Amount\n2025-02-03,Ann,25\n2025-02-04,Bo,9"
    load(book, preview(book, [file(text)]))
    plan = preview(book, [file(text + "\n2025-02-05,Cy,3", "more.csv")], append=True)
    assert plan.rows["Customer"] == ["Cy"]
    assert [problem.reason for problem in plan.duplicates] == [
        f"the same row stands in d_Transactions!B{row}" for row in (5, 6)
    ]


def test_a_customer_twice_in_a_file_is_not_called_there_already(book, file):
    plan = preview(book, [file("Customer,Note\nAnn,\nBo,\nann,")], table="d_Customers")
    assert plan.new == 2
    assert present.row_counts(plan) == "2 new rows, 0 there already, 1 repeated in the files, 0 rejected"


def test_an_order_that_changed_since_is_named(book, file):
    head = "Order,Date,Customer,Amount\n"
    load(book, preview(book, [file(head + "A1,2025-02-03,Ann,25")]))
    plan = preview(book, [file(head + "a1,2025-02-03,Ann,20\nA2,2025-02-03,Ann,1", "b.csv")], append=True)
    assert [problem.reason for problem in plan.duplicates] == [
        "the same Order stands in d_Transactions!B5 with another Price"
    ]


def test_answers_are_remembered_for_files_of_the_same_headings(book, file):
    head = "Order,Date,Customer,Amount\n"
    first = file(head + "1,3/4/2025,Ann,10")
    load(book, preview(book, [first], ways={"Date": "month first"}))
    plan = preview(book, [file(head + "2,5/6/2025,Bo,10", "next.csv")], append=True)
    assert plan.rows["Date"] == [serial(date(2025, 5, 6))]
    assert plan.asked == []
    assert "next.csv, Date: month first, as was answered" in plan.notes
    other = preview(book, [file("Nr,Date,Customer,Amount\n2,5/6/2025,Bo,10", "other.csv")], append=True)
    assert other.asked == ["Date"]


@pytest.mark.parametrize(("export", "name", "total", "orders"), [
    ("stripe_payments", "Stripe payments", 100 + 50 - 20, ["ch_1", "ch_2"]),
    ("paypal", "PayPal activity", 160, ["T1", "T5"]),
    ("woocommerce", "WooCommerce orders", 70 + 30 - 10, ["501", "502"]),
    ("woocommerce_analytics", "WooCommerce Analytics, Orders", 90, ["501", "502"]),
    ("hubspot_deals", "HubSpot deals", 1600, ["9001", "9004"]),
])  # fmt: skip
def test_exports_of_orders(book, export, name, total, orders):
    plan = preview(book, [EXPORTS / f"{export}.csv"])
    assert f"{export}.csv is read as {name}" in plan.notes
    assert (plan.rows["Order"], revenue(plan), plan.rejected) == (orders, pytest.approx(total), [])
    assert all(plan.rows["Customer"])


@pytest.mark.parametrize(("export", "name"), [
    ("google_forms", "Google Forms"), ("surveymonkey", "SurveyMonkey"), ("typeform", "Typeform"),
])  # fmt: skip
def test_exports_of_answers(book, export, name):
    plan = preview(book, [EXPORTS / f"{export}.csv"])
    assert plan.notes[0] == f"{export}.csv is read as {name} answers"
    scores = pd.Series(plan.rows["Score"], dtype=float)
    assert scores.tolist()[:-1] == [10, 9, 8, 10, 0, 6, 7]
    assert plan.rows["Score"][-1] is None
    assert ((scores >= 9).sum() - (scores <= 6).sum()) / scores.notna().sum() * 100 == pytest.approx(100 / 7)
    assert plan.rows["Date"][0] // 1 == serial(date(2025, 9, 13))
    assert plan.rejected == []


@pytest.mark.parametrize("found", ["8.5", "11", "8,5"])
def test_what_is_no_answer_is_refused_in_a_file_as_in_a_cell(book, file, found):
    plan = preview(book, [file(f'Response ID,Score\nR1,"{found}"\nR2,9')])
    cell = call(catalogue()["NPS"], [[[found], [9.0]]])
    sentence = cell.reason.removeprefix("NPS: scores: ")
    assert sentence.startswith("a whole answer from 0 to 10 is needed")
    assert [problem.reason for problem in plan.rejected] == [f"Score: {sentence}"]


@pytest.mark.parametrize("answer", ["9", "9/10", "10 / 10", "9 - very likely", "7 points", "8,0"])
def test_an_answer_is_the_same_score_in_a_file_and_in_a_cell(book, file, answer):
    plan = preview(book, [file(f'Response ID,Score\nR1,"{answer}"\nR2,3')])
    assert plan.rows["Score"] == [number_in(answer), 3]
    assert call(catalogue()["NPS"], [[[answer], [3.0]]]) == call(catalogue()["NPS"], [[[number_in(answer)], [3.0]]])


def test_what_was_paid_back_is_taken_off_where_an_export_has_a_column_that_others_call_so(book, file):
    text = (EXPORTS / "hubspot_deals.csv").read_text(encoding="utf-8").splitlines()
    plan = preview(book, [file("\n".join([f"{text[0]},Refunded Amount", f"{text[1]},200"]))])
    assert (plan.export.name, plan.rows["Price"]) == ("HubSpot deals", [1000.0])


def test_contacts_become_customers(book):
    plan = preview(book, [EXPORTS / "mailchimp.csv"])
    assert (plan.table, plan.rows["Customer"]) == ("tblCustomers", ["ann@x.org", "bo@x.org"])


def test_subscriptions_become_customer_counts(book, file):
    plan = preview(book, [EXPORTS / "subscriptions.csv"])
    assert plan.table == "tblPeriods"
    rows = list(zip(*(plan.rows[name] for name in ("Month", "StartCustomers", "New", "Lost")), strict=True))
    assert rows == [
        (serial(date(2025, 1, 1)), 0, 2, 0), (serial(date(2025, 2, 1)), 2, 2, 1), (serial(date(2025, 3, 1)), 3, 1, 1),
    ]  # fmt: skip
    table = frame("subscriptions", parse_dates=["Start", "End"])
    for month, at_start, _, _ in rows:
        first = pd.Timestamp("1899-12-30") + pd.Timedelta(days=month)
        there = table[(table["Start"] < first) & (table["End"].isna() | (table["End"] >= first - pd.Timedelta(days=1)))]
        assert at_start == there["Customer"].nunique() or at_start == 3
    load(book, plan)
    assert len(book.rows("tblPeriods")) == 3


def test_bookings_with_a_start_and_an_end_are_orders(book, file):
    path = file("Booking ID,Customer,Start Date,End Date,Amount\n1,A,2025-01-02,2025-01-05,100")
    with pytest.raises(BookError, match=r'lacks Date.*--map "Date=Start Date"'):
        preview(book, [path])


def test_a_wrong_subscription_is_rejected(book, file):
    plan = preview(book, [file("Customer,Start,End\nA,2025-01-05,\nB,2025-03-05,2025-02-01\n,2025-03-05,\nC,soon,")])
    assert [problem.reason for problem in plan.rejected] == [
        "End is before Start", "Customer is blank", "Start must be a date, and 'soon' was found",
    ]  # fmt: skip


def test_the_nearest_table_and_the_missing_column_are_named(book, file):
    path = file("Order ID,Ordered on,Customer ID,Amount\n1,2025-01-05,A,10")
    with pytest.raises(BookError) as refused:
        preview(book, [path])
    for part in ("The nearest is tblTransactions (Orders)", "Order from Order ID", "lacks Date",
                 '--map "Date=Ordered on"', "Score for tblSurvey"):  # fmt: skip
        assert part in str(refused.value)
    plan = preview(book, [path], mapping={"Date": "Ordered on"})
    assert (plan.table, revenue(plan)) == ("tblTransactions", 10)


def test_a_window_asks_for_the_missing_column_alone(book, file):
    path = file("Order ID,Ordered on,Customer ID,Amount\n1,2025-01-05,A,10")
    plan, problem, rows = load_window(book, [path], {})
    assert plan is None
    assert "lacks Date: say which heading that is, such as Date from Ordered on." in problem
    values = {row["name"]: row["value"] for row in rows}
    assert {name: values[name] for name in ("Table", "Order", "Date", "Customer", "Price")} == {
        "Table": "tblTransactions", "Order": "Order ID", "Date": "(none)", "Customer": "Customer ID", "Price": "Amount",
    }  # fmt: skip
    (date_row,) = (row for row in rows if row["name"] == "Date")
    assert date_row["label"].startswith("Date from")
    assert "Ordered on" in date_row["choices"]
    plan, problem, _ = load_window(book, [path], {**values, "Date": "Ordered on"})
    assert (problem, revenue(plan)) == ("", 10)


@pytest.mark.parametrize(("text", "said"), [
    ("Order ID,Ordered on,Shop user,Amount\n1,2025-01-05,A,10", "Date from Ordered on, Customer from Shop user."),
    ("Response ID,Date,Rating\n1,2025-01-05,5\n2,2025-01-05,4", "say so with Score from Rating"),
    ("Date,Date,Order,Customer,Price\n2025-01-05,2025-01-06,1,A,10", "such as COLUMN from Date (2)"),
    ("Order,Date,Customer,Price,Currency\n1,2025-01-05,A,10,EUR\n2,2025-01-05,A,10,USD",
     "such as Only rows where Currency=EUR"),
])  # fmt: skip
def test_a_window_names_no_option_of_the_command(book, file, text, said):
    _, problem, _ = load_window(book, [file(text)], {})
    assert said in problem
    assert "--" not in problem


def test_contacts_of_any_list_become_customers(book, file):
    plan = preview(book, [file("Email,First name,Created at\na@x.org,Ann,2025-01-01\nb@x.org,Bo,2025-01-02")])
    assert (plan.table, plan.rows["Customer"]) == ("tblCustomers", ["a@x.org", "b@x.org"])


@pytest.mark.parametrize(("heading", "told"), [
    ("Gross", "Gross less Refunds: with tax, as its name says; instead of it: Price=Net"),
    ("Nettobetrag", "Nettobetrag less Refunds: without tax, as its name says; instead of it: Price=Net"),
    ("Amount", "Amount less Refunds: the file does not say whether tax"),
])  # fmt: skip
def test_the_preview_says_which_amount_is_the_price(book, file, heading, told):
    text = f"Order,Date,Customer,{heading},Net,Refunds\n1,2025-01-05,A,12,10,"
    plan = preview(
        book, [file(text if heading != "Amount" else text.replace("Net,", "Weight,"))], mapping={"Price": heading}
    )
    assert f"export.csv: the price is {told}" in "\n".join(plan.notes)


@pytest.mark.parametrize("name", ["d_Transactions", "D_TRANSACTIONS", "Orders", "tblTransactions", "tbltransactions"])
def test_a_table_is_named_by_its_sheet_too(book, file, name):
    assert preview(book, [file("Order,Date,Customer,Amount\n1,2025-01-05,A,10")], table=name).table == "tblTransactions"


def test_a_column_that_is_only_called_so_is_left_out(book, file):
    plan = preview(book, [file("Order,Date,Customer,Amount,Type\n1,2025-01-05,A,10,card\n2,2025-01-05,B,20,cash")])
    assert (plan.rows["Type"], plan.rejected) == ([None, None], [])
    assert "export.csv: Type holds nothing that Type can be, and is left out" in plan.notes


@pytest.mark.parametrize("headings", ["Amount,amount", "Amount,Amount"])
def test_a_heading_that_stands_twice_is_named_only_where_it_is_read(book, file, headings):
    path = file(f"Order,Date,Customer,{headings},Note,Note\n1,2025-02-03,Ann,10,99,a,b")
    with pytest.raises(BookError, match="two columns are headed 'Amount'; give each its own heading"):
        preview(book, [path])
    second = f"{headings.partition(',')[2]} (2)"
    assert preview(book, [path], mapping={"Price": second}).rows["Price"] == [99]
    alike = file(f"Order,Date,Customer,{headings},Note,Note\n1,2025-02-03,Ann,10,10,a,b", "alike.csv")
    assert preview(book, [alike]).rows["Price"] == [10]
    states = file("Order,Date,Customer,Amount,Status,Status\n1,2025-02-03,Ann,10,paid,refunded", "states.csv")
    with pytest.raises(BookError, match="two columns are headed 'Status'"):
        preview(book, [states])


STALL = "Nr,When,Who,How much,Status\n1,2025-02-03,Ann,10,paid\n2,2025-02-04,Bo,20,cancelled"
STALL_COLUMNS = {"Order": "Nr", "Date": "When", "Customer": "Who", "Price": "How much", "Campaign": "=C01"}


def test_an_export_of_one_s_own_is_recognised_from_then_on(book, file):
    path = file(STALL)
    load(book, preview(book, [path], mapping=STALL_COLUMNS), save_as="Market stall")
    plan = preview(MemoryBook(rows={"tblCampaigns": [CAMPAIGN]}), [path])
    assert plan.notes[0] == "export.csv is read as Market stall"
    assert (plan.rows["Campaign"], revenue(plan), plan.left_out) == (["C01"], 10, {"cancelled": 1})


def test_it_comes_with_the_book_too(book, file, monkeypatch, tmp_path):
    path = file(STALL)
    load(book, preview(book, [path], mapping=STALL_COLUMNS), save_as="Market stall")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "of another user"))
    assert preview(book, [path]).notes[0] == "export.csv is read as Market stall"
    assert max(map(len, book.notes().values())) <= 255
    with pytest.raises(BookError, match="cannot name an export"):
        load(book, preview(book, [path]), save_as="../elsewhere")


FAULTY = "Order,Date,Customer,Amount\n1,2025-02-03,Ann,10\n" + "\n".join(
    f"{n},2025-02-03,Ann,free {n}" for n in range(2, 9)
)
FAULTY += "\n9,2025-02-03,,1\n10,2025-02-03,Bo,1"


def test_rejected_rows_are_shown_by_reason_and_written_to_a_file(book, file, tmp_path):
    plan = preview(book, [file(FAULTY)])
    assert present.problems(plan) == [
        "7 × Price must be a number: export.csv, row 3 ('free 2'); export.csv, row 4 ('free 3'); "
        "export.csv, row 5 ('free 4'); export.csv, row 6 ('free 5'); export.csv, row 7 ('free 6') and 2 more",
        "export.csv, row 10: Customer is blank",
    ]
    write_rejected(plan, tmp_path / "rejected.csv")
    written = pd.read_csv(tmp_path / "rejected.csv", dtype=str)
    assert written["Amount"].tolist() == [*(f"free {n}" for n in range(2, 9)), "1"]
    assert written["Rejected because"][7] == "Customer is blank"
    again = preview(book, [tmp_path / "rejected.csv"])
    assert len(again.rejected) == 8
    with pytest.raises(BookError, match="is there already"):
        write_rejected(plan, tmp_path / "rejected.csv")


def test_a_preview_shows_what_was_understood(book):
    plan = preview(book, [EXPORTS / "states_de.csv"])
    lines = present.preview_lines(plan, 5)
    assert "States in the file: 1 bezahlt, 1 storniert, 1 Erstattet, 1 ausstehend, 1 versandt" in lines
    assert "Currency: 2 EUR" in lines
    assert "tblTransactions[Date] from Datum: 03.02.2025 is 2025-02-03" in lines
    assert "1 | 03.02.2025 | Ann | 10,00 €" in lines
    assert "1 | 2025-02-03 | Ann |  |  | 1 | 10 | " in lines
    assert "2 new rows, 0 there already, 0 rejected, left out: 1 storniert, 1 Erstattet, 1 ausstehend" in lines

"""Statements and ledgers with two columns of amounts: one is what was sold, the other is not, and it is asked which."""

import pandas as pd
import pytest
from memory_book import MemoryBook

from addin.actions.load import load, preview
from addin.errors import BookError
from addin.windows import load_window

BANK, LEDGER = "bank statement", "ledger of customers"
LINES = ["2025-03-04,Ann,,120.00", "2025-03-05,Bo,,30.00", "2025-03-06,Rent,900.00,"]


@pytest.fixture
def file(tmp_path):
    def write(*lines):
        path = tmp_path / "export.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def looked(file):
    return lambda *lines, **options: preview(MemoryBook(), [file(*lines)], **options)


@pytest.mark.parametrize(("out", "into"), [
    ("Paid out", "Paid in"), ("Paid out (GBP)", "Paid in (GBP)"),
    ("Money Out (£)", "Money In (£)"), ("Withdrawals", "Deposits"), ("Spent", "Received"),
    ("Withdrawal Amt.", "Deposit Amt."), ("Ausgaben", "Einnahmen"), ("Lastschrift", "Gutschrift"),
    ("Retiros", "Depósitos"), ("Dépenses", "Recettes"), ("Uscite", "Entrate"), ("Af", "Bij"), ("Wydatki", "Wpływy"),
    ("Uttag", "Insättning"), ("Расход", "Приход"), ("Kiadás", "Bevétel"), ("Menot", "Tulot"),
])  # fmt: skip
def test_what_came_in_is_a_sale_and_what_went_out_is_none(looked, out, into):
    plan = looked(f"Date,Name,{out},{into}", *LINES)
    assert (plan.table, plan.rows["Customer"], plan.rows["Price"]) == ("tblTransactions", ["Ann", "Bo"], [120, 30])
    assert (plan.left_out, plan.asked, plan.rejected) == ({f"under {out}": 1}, [], [])


@pytest.mark.parametrize(("debit", "credit"), [
    ("Debit", "Credit"), ("Debit Amount", "Credit Amount"), ("Soll", "Haben"), ("Debe", "Haber"), ("Débit", "Crédit"),
    ("Dare", "Avere"), ("Débito", "Crédito"), ("Wn", "Ma"), ("Дебет", "Кредит"), ("Tartozik", "Követel"),
])  # fmt: skip
def test_debit_and_credit_are_asked_about(looked, debit, credit):
    lines = f"Date,Customer,{debit},{credit}", *LINES
    plan = looked(*lines)
    assert plan.asked == ["Sales"]
    assert (f"a bank statement, where {credit} is what was sold, and could be a ledger of customers, where {debit} is "
            "what was sold") in plan.notes[-1]  # fmt: skip
    assert list(plan.unclear["Sales"].ways) == [BANK, LEDGER]
    bank, ledger = (looked(*lines, ways={"Sales": way}) for way in (BANK, LEDGER))
    assert (bank.rows["Price"], bank.left_out, bank.asked) == ([120, 30], {f"under {debit}": 1}, [])
    assert (ledger.rows["Price"], ledger.left_out, ledger.asked) == ([900], {f"under {credit}": 2}, [])


def test_whoever_is_named_is_the_customer_in_both(looked):
    for way in (BANK, LEDGER):
        plan = looked(
            "Date,Name,Customer,Debit,Credit", "2025-03-04,Mr,Ann,,5", "2025-03-04,Mr,Bo,7,", ways={"Sales": way}
        )
        assert plan.mapping["Customer"] == "Customer"
        plan = looked("Date,Name,Debit,Credit", "2025-03-04,Ann,,5", "2025-03-04,Bo,7,", ways={"Sales": way})
        assert plan.mapping["Customer"] == "Name"


def test_naming_the_price_is_an_answer(looked):
    lines = "Date,Customer,Debit,Credit", *LINES
    debit, credit = (looked(*lines, mapping={"Price": heading}) for heading in ("Debit", "Credit"))
    assert (debit.rows["Price"], debit.asked, debit.ways["Sales"]) == ([900], [], LEDGER)
    assert (credit.rows["Price"], credit.asked, credit.ways["Sales"]) == ([120, 30], [], BANK)


def test_the_answer_holds_for_files_with_these_headings_and_no_others(file):
    book = MemoryBook()
    path = file("Date,Customer,Debit,Credit", *LINES)
    load(book, preview(book, [path], ways={"Sales": LEDGER}))
    again = preview(book, [path])
    assert (again.rows["Price"], again.asked) == ([900], [])
    path = file("Date,Name,Debit,Credit", *LINES)
    assert preview(book, [path]).asked == ["Sales"]


def test_in_the_window_the_answer_chooses_the_column(file):
    path = file("Date,Customer,Debit,Credit", *LINES)
    book = MemoryBook()
    plan, _, rows = load_window(book, [path], {})
    values = {row["name"]: row["value"] for row in rows}
    choices = next(row["choices"] for row in rows if row["name"] == "Read Sales")
    values["Read Sales"] = choices[1]
    plan, problem, _ = load_window(book, [path], values)
    assert (plan.rows["Price"], problem) == ([900], "")


def test_refunds_come_off_and_refunds_of_one_s_own_are_no_sale(looked):
    plan = looked(
        "Date,Name,Description,Money in,Money out", "2025-03-04,Ann,Invoice 7,120.00,",
        "2025-03-05,Ann,Refund invoice 7,,20.00", "2025-03-06,Printer Ltd,REFUND order 99,50.00,",
        "2025-03-07,Bo,Storno,-5.00,", "2025-03-08,Landlord,Rent,,900",
    )  # fmt: skip
    assert plan.rows["Customer"] == ["Ann", "Ann", "Bo"]
    assert plan.rows["Price"] == [120, -20, -5]
    assert plan.left_out == {"REFUND order 99 under Money in": 1, "under Money out": 1}


@pytest.mark.parametrize("back", ["20.00", "-20.00", "(20.00)"])
def test_a_refund_comes_off_whichever_sign_it_has(looked, back):
    lines = ["2025-03-04,Ann,Invoice 7,120.00,", f"2025-03-05,Ann,Refund invoice 7,,{back}"]
    assert looked("Date,Name,Description,Money in,Money out", *lines).rows["Price"] == [120, -20]


def test_a_payment_does_not_undo_its_invoice_and_a_credit_note_does(looked):
    plan = looked(
        "Date,Customer,Document No.,Document type,Debit,Credit", "2025-03-04,Ann,1,Invoice,120.00,",
        "2025-03-24,Ann,1,Payment,,120.00", "2025-03-05,Bo,2,Invoice,80.00,", "2025-03-06,Bo,2,Credit note,,30.00",
        ways={"Sales": LEDGER},
    )  # fmt: skip
    assert (plan.rows["Order"], plan.rows["Price"], plan.asked) == (["1", "2"], [120, 50], [])
    assert plan.left_out == {"under Credit": 1}


def test_rows_with_both_amounts_with_none_and_with_noughts(looked):
    plan = looked(
        "Date,Name,Paid in,Paid out", "2025-03-04,Ann,10.00,0.00", "2025-03-05,Bo,20.00,-", "2025-03-06,Cy,30.00,5.00",
        "2025-03-07,Di,,", "2025-03-08,Ed,0.00,0.00", "2025-03-09,Rent,-,-900.00",
        "2025-03-01,Opening balance,500.00,",
        ways={"Totals": "totals"},
    )  # fmt: skip
    assert plan.rows["Price"] == [10, 20]
    assert plan.left_out == {"without an amount": 2, "under Paid out": 1, "a line of totals": 1}
    assert [problem.reason for problem in plan.rejected] == [
        "Price must be one amount, under Paid in or under Paid out, and '30 beside 5' was found"
    ]


def test_a_sign_that_all_sales_have_says_nothing(looked):
    lines = ["2025-03-04,Ann,,-120.00", "2025-03-05,Bo,,-30.00", "2025-03-06,Rent,900.00,"]
    plan = looked("Date,Customer,Debit,Credit", *lines, ways={"Sales": BANK})
    assert plan.rows["Price"] == [120, 30]
    assert "export.csv: all amounts under Credit have a minus, which is left out" in plan.notes
    plan = looked("Date,Customer,Debit,Credit", lines[0], ways={"Sales": BANK})
    assert plan.rows["Price"] == [-120]


def test_an_amount_beside_both_columns(looked):
    lines = ["2025-03-04,Ann,120.00,,120.00", "2025-03-06,Rent,900.00,900.00,"]
    assert looked("Date,Customer,Amount,Debit,Credit", *lines, ways={"Sales": BANK}).rows["Price"] == [120]
    tenders = ["2025-03-04,Ann,120.00,20.00,100.00", "2025-03-06,Bo,90.00,90.00,"]
    plan = looked("Date,Customer,Total,Debit,Credit", *tenders)
    assert (plan.rows["Price"], plan.asked) == ([120, 90], [])


def test_an_excel_file_comes_to_the_same(tmp_path):
    path = tmp_path / "statement.xlsx"
    pd.DataFrame({
        "Date": pd.to_datetime(["2025-03-04", "2025-03-05"]), "Name": ["Ann", "Rent"], "Money in": [120.5, None],
        "Money out": [None, 900.0],
    }).to_excel(path, index=False)  # fmt: skip
    plan = preview(MemoryBook(), [path])
    assert (plan.rows["Price"], plan.left_out) == ([120.5], {"under Money out": 1})


def test_a_statement_without_names_says_what_is_missing(looked):
    with pytest.raises(BookError, match=r"no column for Customer of tblTransactions.*--map \"Customer="):
        looked("Date,Description,Debit,Credit", "2025-03-04,Invoice 7,,120.00")


def test_a_balance_beside_them_changes_nothing(looked):
    plan = looked(
        "Date,Payee,Narration,Amount Debited,Amount Credited,Balance", "2025-03-04,Ann,7,,120.00,500.00",
        "2025-03-05,Haus,Rent,90.00,,410.00",
    )  # fmt: skip
    assert (plan.rows["Customer"], plan.rows["Price"]) == (["Ann"], [120])
    assert plan.left_out == {"under Amount Debited": 1}


def test_money_put_into_partners_is_no_statement(looked):
    assert looked("Partner,Name,Money In,Money Out", "P1,Ann,10,20").table == "tblPartners"


def test_a_saved_export_keeps_both_columns(file):
    book, path = MemoryBook(), file("Date,Wer,Debit,Credit", *LINES)
    options = {"mapping": {"Customer": "Wer"}, "ways": {"Sales": LEDGER}}
    load(book, preview(book, [path], **options), save_as="Our ledger")
    plan = preview(book, [path])
    assert (plan.export.name, plan.rows["Price"], plan.asked) == ("Our ledger", [900], [])
    assert plan.left_out == {"under Credit": 2}

"""Statements with one column of amounts: what came in is a sale, and what was paid out is no refund of one."""

from datetime import date

import pytest
from memory_book import MemoryBook

from addin.actions.load import preview
from addin.errors import BookError
from addin.values import serial

BANKS = {
    "Starling": [
        "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes",
        "05/03/2026,Ann,Invoice 7,FASTER PAYMENT,120.00,5120.00,INCOME,",
        "16/03/2026,Haus,Rent,FASTER PAYMENT,-900.00,4220.00,RENT,",
        "17/03/2026,Bo,Invoice 8,FASTER PAYMENT,45.50,4265.50,INCOME,",
    ],
    "N26": [
        "Booking Date,Value Date,Partner Name,Partner Iban,Type,Payment Reference,Account Name,Amount (EUR),"
        "Original Amount,Original Currency,Exchange Rate",
        "2026-03-05,2026-03-05,Ann,DE34,Credit Transfer,Invoice 7,Main,120.00,,,",
        "2026-03-16,2026-03-16,Haus,DE35,Debit Transfer,Rent,Main,-900.00,,,",
        "2026-03-17,2026-03-17,Bo,DE36,Credit Transfer,Invoice 8,Main,45.50,,,",
    ],
    "Wise": [
        "TransferWise ID,Date,Amount,Currency,Description,Payment Reference,Running Balance,Exchange From,Exchange To,"
        "Exchange Rate,Payer Name,Payee Name,Payee Account Number,Merchant",
        "TRANSFER-1,05-03-2026,120.00,EUR,Received money from Ann,7,5120.00,,,,Ann,,,",
        "TRANSFER-2,16-03-2026,-900.00,EUR,Sent money to Haus,,4220.00,,,,,Haus,DE35,",
        "TRANSFER-3,17-03-2026,45.50,EUR,Received money from Bo,8,4265.50,,,,Bo,,,",
    ],
    "Sparkasse": [
        "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Beguenstigter/Zahlungspflichtiger;"
        "Kontonummer/IBAN;BIC (SWIFT-Code);Betrag;Waehrung;Info",
        "DE12;05.03.26;05.03.26;GUTSCHR. UEBERWEISUNG;Rechnung 7;Ann;DE34;X;120,00;EUR;Umsatz gebucht",
        "DE12;16.03.26;16.03.26;DAUERAUFTRAG;Miete;Haus;DE35;X;-900,00;EUR;Umsatz gebucht",
        "DE12;17.03.26;17.03.26;GUTSCHR. UEBERWEISUNG;Rechnung 8;Bo;DE36;X;45,50;EUR;Umsatz gebucht",
    ],
    "Volksbank": [
        "IBAN Auftragskonto;Buchungstag;Valutadatum;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;Buchungstext;"
        "Verwendungszweck;Betrag;Waehrung;Saldo nach Buchung",
        "DE12;05.03.2026;05.03.2026;Ann;DE34;Überweisungsgutschr.;Rechnung 7;120,00;EUR;5120,00",
        "DE12;16.03.2026;16.03.2026;Haus;DE35;Dauerauftrag;Miete;-900,00;EUR;4220,00",
        "DE12;17.03.2026;17.03.2026;Bo;DE36;Überweisungsgutschr.;Rechnung 8;45,50;EUR;4265,50",
    ],
    "DKB": [
        "Buchungsdatum;Wertstellung;Status;Zahlungspflichtige*r;Zahlungsempfänger*in;Verwendungszweck;Umsatztyp;IBAN;"
        "Betrag (€)",
        "05.03.26;05.03.26;Gebucht;Ann;Florist;Rechnung 7;Eingang;DE34;120,00",
        "16.03.26;16.03.26;Gebucht;Florist;Haus;Miete;Ausgang;DE35;-900,00",
        "17.03.26;17.03.26;Gebucht;Bo;Florist;Rechnung 8;Eingang;DE36;45,50",
    ],
    "ING": [
        "Buchung;Wertstellungsdatum;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung",
        "05.03.2026;05.03.2026;Ann;Gutschrift;Rechnung 7;5.120,00;EUR;120,00;EUR",
        "16.03.2026;16.03.2026;Haus;Dauerauftrag;Miete;4.220,00;EUR;-900,00;EUR",
        "17.03.2026;17.03.2026;Bo;Gutschrift;Rechnung 8;4.265,50;EUR;45,50;EUR",
    ],
    "Rabobank": [
        '"IBAN/BBAN","Munt","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN",'
        '"Naam tegenpartij","Omschrijving-1"',
        '"NL12","EUR","1","2026-03-05","2026-03-05","+120,00","+5120,00","NL34","Ann","Factuur 7"',
        '"NL12","EUR","2","2026-03-16","2026-03-16","-900,00","+4220,00","NL35","Haus","Huur"',
        '"NL12","EUR","3","2026-03-17","2026-03-17","+45,50","+4265,50","NL36","Bo","Factuur 8"',
    ],
}
"""What banks write: of a rent paid and two invoices, which customers paid."""


@pytest.fixture
def looked(file):
    return lambda *lines, **options: preview(MemoryBook(), [file("\n".join(lines))], **options)


@pytest.mark.parametrize("bank", BANKS)
def test_what_was_paid_out_is_no_refund(looked, bank):
    plan = looked(*BANKS[bank])
    assert (plan.table, plan.rows["Customer"], plan.rows["Price"]) == ("tblTransactions", ["Ann", "Bo"], [120, 45.5])
    assert plan.rows["Date"] == [serial(date(2026, 3, 5)), serial(date(2026, 3, 17))]
    assert (plan.left_out, plan.asked, plan.rejected) == ({"paid out": 1}, [], [])


def test_a_statement_without_names_is_asked_for_them_and_no_more(looked):
    """As Chase and Revolut write it; what is no name yet is for the user to say."""
    chase = """Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #
CREDIT,03/25/2026,Ann,120.00,QUICKPAY_CREDIT,5120.00,
DEBIT,03/26/2026,Rent,-900.00,ACH_DEBIT,4220.00,
DSLIP,03/27/2026,Bo,45.50,DEPOSIT,4265.50,"""
    revolut = """Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance
TRANSFER,Current,2026-03-05 10:11:12,2026-03-05 10:11:13,Ann,120.00,0.00,EUR,COMPLETED,5120.00
CARD_PAYMENT,Current,2026-03-06 10:11:12,2026-03-07 10:11:13,Rent,-900.00,0.00,EUR,COMPLETED,4220.00
TRANSFER,Current,2026-03-08 10:11:12,2026-03-08 10:11:12,Bo,45.50,0.00,EUR,COMPLETED,4265.50
TRANSFER,Current,2026-03-09 10:11:12,,Cy,80.00,0.00,EUR,PENDING,"""
    for text, left_out in (chase, {"paid out": 1}), (revolut, {"paid out": 1, "PENDING": 1}):
        with pytest.raises(BookError, match=r"no column for Customer of tblTransactions.*--map \"Customer="):
            looked(text)
        plan = looked(text, mapping={"Customer": "Description"})
        assert (plan.rows["Customer"], plan.rows["Price"], plan.left_out) == (["Ann", "Bo"], [120, 45.5], left_out)


def test_amounts_without_a_sign_go_by_the_column_that_says_which_way(looked):
    plan = looked(
        "Datum,Naam / Omschrijving,Rekening,Tegenrekening,Code,Af Bij,Bedrag (EUR),Mutatiesoort,Saldo na mutatie",
        '20260305,Ann,NL12,NL34,OV,Bij,"120,00",Overschrijving,"5120,00"',
        '20260316,Haus,NL12,NL35,OV,Af,"900,00",Overschrijving,"4220,00"',
    )
    assert (plan.rows["Customer"], plan.rows["Price"], plan.left_out) == (["Ann"], [120], {"Af": 1})
    for heading, out, into in ("Dr/Cr", "DR", "CR"), ("S/H", "S", "H"), ("Direction", "OUT", "IN"), ("D/C", "D", "C"):
        lines = f"Value date,Name,Amount,{heading}", f"2026-03-05,Ann,120.00,{into}", f"2026-03-06,Rent,900.00,{out}"
        plan = looked(*lines)
        assert (plan.rows["Customer"], plan.rows["Price"], plan.left_out) == (["Ann"], [120], {out: 1})
    assert looked(*lines, "2026-03-07,Bo,45.50,Swap").asked == ["Swap"]


def test_a_refund_paid_comes_off_and_one_received_is_no_sale(looked):
    plan = looked(
        "Date,Value date,Name,Description,Amount",
        "2026-03-05,2026-03-05,Ann,Non-refundable deposit,120.00",
        "2026-03-06,2026-03-06,Ann,Refund invoice 7,-20.00",
        "2026-03-07,2026-03-07,Office shop,Refund of paper,15.00",
        "2026-03-08,2026-03-08,Ann,Credit note 3,-5.00",
        "2026-03-09,2026-03-09,Bank,Remboursement de prêt,-850.00",
        "2026-03-10,2026-03-10,Bo,Rücklastschrift Beitrag,-30.00",
    )
    assert (plan.rows["Customer"], plan.rows["Price"]) == (["Ann", "Ann", "Ann", "Bo"], [120, -20, -5, -30])
    assert plan.left_out == {"Refund of paper under Amount": 1, "paid out": 1}


def test_a_refund_comes_off_whatever_says_that_it_was_paid_out(looked):
    signed = "Value date,Name,Type,Description,Amount", "2026-03-05,Ann,Transfer,Invoice,120.00"
    plan = looked(*signed, "2026-03-06,Ann,Debit Transfer,Refund,-20.00", "2026-03-07,Rent,Debit Transfer,Rent,-900.00")
    assert (plan.rows["Price"], plan.left_out) == ([120, -20], {"paid out": 1})
    unsigned = "Value date,Name,Dr/Cr,Description,Amount", "2026-03-05,Ann,Cr,Invoice,120.00"
    plan = looked(*unsigned, "2026-03-06,Ann,Dr,Refund,20.00", "2026-03-07,Rent,Dr,Rent,900.00")
    assert (plan.rows["Price"], plan.left_out) == ([120, -20], {"Dr": 1})


def test_the_sign_says_more_than_the_type(looked):
    """A direct debit that a shop collects is money that came in."""
    lines = (
        "Wertstellung;Name;Umsatzart;Betrag",
        "05.03.2026;Ann;Lastschrift;45,50",
        "06.03.2026;Haus;Lastschrift;-900,00",
    )
    plan = looked(*lines)
    assert (plan.rows["Price"], plan.left_out) == ([45.5], {"paid out": 1})


def test_what_was_paid_out_under_the_same_id_takes_nothing_from_a_sale(looked):
    lines = "Value date,Name,Transaction ID,Amount", "2026-03-05,Ann,7,120.00", "2026-03-06,Ann,7,-150.00"
    plan = looked(*lines)
    assert (plan.rows["Price"], plan.left_out) == ([120], {"paid out": 1})


def test_a_refund_from_a_supplier_is_no_refund_of_a_sale_in_paypal_either(looked):
    """A refund that was paid is below zero there, as `Balance Impact` says beside it."""
    plan = looked(
        "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,"
        "Reference Txn ID,Balance Impact",
        "05/03/2026,10:00:00,CET,Ann,Website Payment,Completed,EUR,100.00,-3.00,97.00,a@x.org,s@x.org,T1,,Credit",
        "16/03/2026,10:00:00,CET,Ann,Payment Refund,Completed,EUR,-30.00,0.00,-30.00,s@x.org,a@x.org,T2,T1,Debit",
        "17/03/2026,10:00:00,CET,Host,Payment Refund,Completed,EUR,15.00,0.00,15.00,h@x.org,s@x.org,T3,,Credit",
    )
    assert (plan.rows["Price"], plan.left_out) == ([100, -30], {"Payment Refund under Gross": 1})


def test_a_statement_in_which_nobody_is_named_is_told_by_its_balance(looked):
    lines = "Date,Description,Amount,Balance", "2026-03-05,Ann,120.00,5120.00", "2026-03-06,Rent,-900.00,4220.00"
    with pytest.raises(BookError, match=r"no column for Customer.*--map \"Customer="):
        looked(*lines)
    plan = looked(*lines, mapping={"Customer": "Description"})
    assert (plan.rows["Customer"], plan.rows["Price"], plan.left_out) == (["Ann"], [120], {"paid out": 1})


@pytest.mark.parametrize("headings", [
    "Date,Customer,Amount,Balance", "Invoice,Name,Amount,Balance,Date", "Date,Name,Gift card,Amount,Balance",
    "Date,Buyer,Amount,Balance", "Date,Name,Description,Amount,Balance", "Name,IBAN,Amount,Date",
    "Date,Name,Amount,Valuta", "Num,Date,Name,Split,Amount,Value date", "Date,Donor,Description,Amount,Balance",
    "Date,Contact Name,Description,Amount,Balance", "Family,Date,Description,Amount,Balance",
    "Name,Completed date,Amount,Date", "Payee,Patron,Amount,Date",
])  # fmt: skip
def test_an_account_of_customers_is_no_bank(looked, headings):
    """What is below zero there is taken as it stands."""
    names = headings.split(",")
    customer = next(
        name for name in ("Customer", "Name", "Buyer", "Donor", "Contact Name", "Family", "Patron") if name in names
    )
    values = dict.fromkeys(names, "7") | {"Date": "2026-03-05", customer: "Ann", "Valuta": "EUR"}
    rows = [",".join((values | {"Amount": amount})[name] for name in names) for amount in ("120.00", "-20.00")]
    plan = looked(headings, *rows, mapping={"Customer": customer})
    assert (sum(plan.rows["Price"]), plan.left_out) == (100, {})

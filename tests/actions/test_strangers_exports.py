"""Exports of shops, ledgers and languages that no file of ours knows: right, asked about or refused, never wrong."""

from datetime import datetime

import openpyxl
import pandas as pd
import pytest
from memory_book import MemoryBook

from addin.actions.load import preview
from addin.errors import BookError

HEAD = "Order,Date,Customer,Total"


@pytest.fixture
def looked(tmp_path):
    """The preview of a text as a file."""

    def preview_of(text, **options):
        path = tmp_path / "export.csv"
        path.write_text(text, encoding="utf-8")
        return preview(MemoryBook(), [path], **options)

    return preview_of


def revenue(plan):
    return sum(units * price for units, price in zip(plan.rows["Units"], plan.rows["Price"], strict=True))


@pytest.mark.parametrize(("headings", "day", "sold", "not_sold"), [
    ("Numéro de commande;Date de commande;Client;Montant TTC;Statut", "4 mars 2025", "payée",
     ["annulée", "remboursée", "En attente", "Échouée"]),
    ("Numero ordine;Data ordine;Cliente;Totale;Stato", "4 mar 2025", "Completato",
     ["Annullato", "Rimborsato", "In attesa"]),
    ("Número do pedido;Data do pedido;Cliente;Valor total;Situação", "04/03/2025", "Pago",
     ["Cancelado", "Reembolsado", "Pendente", "Aguardando pagamento"]),
    ("Bestelnummer;Besteldatum;Klant;Totaalbedrag;Status", "4 maart 2025", "Voltooid",
     ["Geannuleerd", "Terugbetaald", "In afwachting"]),
    ("Numer zamówienia;Data zamówienia;Klient;Kwota;Status", "4 marca 2025", "Zrealizowane",
     ["Anulowane", "Zwrócone", "Nieopłacone"]),
    ("Ordernummer;Orderdatum;Kund;Belopp;Status", "2025-03-04", "Betald", ["Avbruten", "Makulerad", "Återbetald"]),
    ("Bestellnummer;Bestelldatum;Kunde;Gesamtbetrag;Bestellstatus", "04.03.2025", "Abgeschlossen",
     ["Retourniert", "Widerrufen", "Wartet auf Zahlung", "Gelöscht"]),
])  # fmt: skip
def test_orders_in_other_languages(looked, headings, day, sold, not_sold):
    lines = [f"{number};{day};Ann;20,00;{state}" for number, state in enumerate([sold, *not_sold])]
    plan = looked("\n".join([headings, *lines]), ways={"Date": "day first"})
    assert (plan.table, plan.rows["Price"], plan.asked) == ("tblTransactions", [20], [])
    assert plan.left_out == dict.fromkeys(not_sold, 1)
    assert plan.rows["Date"][0] == (pd.Timestamp("2025-03-04") - pd.Timestamp("1899-12-30")).days


def test_a_state_that_no_list_knows_is_asked_about(looked):
    text = f"{HEAD},Status\n1,2025-03-04,Ann,10,paid\n2,2025-03-04,Bo,20,Lõpetatud\n3,2025-03-04,Cy,40,Tühistatud"
    plan = looked(text)
    assert plan.asked == ["Lõpetatud", "Tühistatud"]
    assert "Tühistatud (Status of 1 rows) is read as a sale, and could be no sale" in plan.unclear["Tühistatud"].note
    answered = looked(text, ways={"Lõpetatud": "a sale", "Tühistatud": "no sale"})
    assert (revenue(answered), answered.asked, answered.left_out) == (30, [], {"Tühistatud": 1})
    with pytest.raises(BookError, match="Tühistatud is read as one of a sale, no sale, and 'perhaps' was found"):
        looked(text, ways={"Tühistatud": "perhaps"})


def test_kinds_of_documents_are_asked_about_where_some_are_known(looked):
    ledger = (
        f"{HEAD},Type\n1,2025-03-04,Ann,100,Invoice\n2,2025-03-09,Ann,-100,Payment\n3,2025-03-09,Ann,30,Credit note"
    )
    assert looked(ledger).asked == ["Payment"]
    assert revenue(looked(ledger, ways={"Payment": "no sale"})) == 70
    assert looked(f"{HEAD},Type\n1,2025-03-04,Ann,10,card\n2,2025-03-04,Bo,20,cash").asked == []
    assert looked("Date,Customer,Amount,S/H\n2025-03-04,Ann,10,S\n2025-03-05,Ann,10,H").asked == ["S", "H"]


@pytest.mark.parametrize(("heading", "kept", "not_kept"), [
    ("Cancelled", "FALSE", "TRUE"), ("Refunded", "No", "Yes"), ("Refunded", "0", "1"),
    ("Refunded at", "", "2025-03-08"),
    ("Paid", "Yes", "No"), ("Test", "false", "true"), ("Storniert", "nein", "ja"), ("Voided", "", "x"),
])  # fmt: skip
def test_a_yes_or_a_no_says_that_an_order_is_none(looked, heading, kept, not_kept):
    plan = looked(f"{HEAD},{heading}\n1,2025-03-04,Ann,10,{kept}\n2,2025-03-05,Bo,20,{not_kept}")
    assert (revenue(plan), plan.left_out.total(), plan.asked) == (10, 1, [])


def test_what_was_paid_back_must_be_a_number(looked):
    plan = looked(f"{HEAD},Refunded\n1,2025-03-04,Ann,10,2\n2,2025-03-05,Bo,20,half")
    assert revenue(plan) == 8
    assert [problem.reason for problem in plan.rejected] == ["Refunded must be a number, and 'half' was found"]


@pytest.mark.parametrize("lines", [
    ["Total,,,150"], [",,Total,150"], [",2025-03-31,Total,150"],
    [",2025-03-31,Ann Total,100", ",2025-03-31,Grand Total,150"],
    [",2025-03-31,Summe März,150"], [",31.03.2025,Zwischensumme,150", ",31.03.2025,Übertrag,150"], ["Итого,,,150"],
])  # fmt: skip
def test_lines_of_totals_are_no_orders(looked, lines):
    orders = ["1,2025-03-04,Ann,100", "2,2025-03-05,Bo,50"]
    if lines[0].endswith("Ann Total,100"):
        orders.insert(1, lines.pop(0))
    plan = looked("\n".join([HEAD, *orders, *lines]))
    assert (revenue(plan), plan.rejected) == (150, [])
    assert plan.left_out["a line of totals"] == len(orders) + len(lines) - 2


def test_a_customer_whose_name_sounds_like_a_total_is_one(looked):
    text = f"{HEAD}\n1,2025-03-04,Total Wine,100\n2,2025-03-05,Bo,50\n3,2025-03-05,Total,70"
    plan = looked(text)
    assert (revenue(plan), plan.asked) == (150, ["Totals"])
    assert "row 4 is read as a line of totals, which is left out, and could be an order" in plan.unclear["Totals"].note
    assert revenue(looked(text, ways={"Totals": "orders"})) == 220


def test_a_total_among_the_lines_of_an_order_is_no_line(looked):
    lines = (f"1,2025-03-04,Ann,{line}" for line in ("Mug,100", "VAT 20%,20", "Total,120"))
    text = "\n".join(["Order,Date,Customer,Item,Amount", *lines])
    assert revenue(looked(text)) == 120


def test_a_word_on_most_rows_tells_of_no_totals(looked):
    assert revenue(looked(f"{HEAD},Basis\n1,2025-03-04,Ann,10,Total\n2,2025-03-05,Bo,20,Total")) == 30


def test_the_name_of_a_test_is_no_yes(looked):
    plan = looked(f"{HEAD},Test\n1,2025-03-04,Ann,10,A\n2,2025-03-05,Bo,20,B\n3,2025-03-05,Bo,40,yes")
    assert (revenue(plan), plan.left_out) == (30, {"with Test": 1})


def test_units_of_the_lines_of_an_order_count(looked):
    text = "Order,Date,Customer,Units,Price\n1,2025-03-04,Ann,2,50\n1,2025-03-04,Ann,3,10\n2,2025-03-05,Bo,2,5"
    plan = looked(text)
    assert (revenue(plan), plan.rows["Order"]) == (140, ["1", "2"])
    assert "export.csv: the price is Price times Units" in "\n".join(plan.notes)
    total = looked("Order,Date,Customer,Units,Total\n1,2025-03-04,Ann,2,50")
    assert revenue(total) == 50


def test_an_amount_beside_the_price_of_one_is_that_of_the_line(looked):
    plan = looked("Invoice,Date,Client,Quantity,Unit cost,Amount\n1,2025-03-04,Ann,2,50,100\n2,2025-03-04,Bo,3,50,150")
    assert (revenue(plan), plan.asked) == (250, [])


@pytest.mark.parametrize("text", [
    "Nr,Tellimuse kuupäev,Client,Summa kokku\n1,2025-03-04,Ann,10.50\n2,2025-03-05,Bo,20.00",
    "Nr,When,Customer,Worth\n1,2025-03-04,Ann,10\n2,2025-03-05,Ann,20",
    "Date,Customer,Plus,Minus\n2025-03-04,Ann,100,\n2025-03-04,Ann,,100",
])  # fmt: skip
def test_orders_are_never_taken_for_customers(looked, text):
    with pytest.raises(BookError, match=r"looks like orders. Name the table: d_Customers, or d_Transactions; .* --map"):
        looked(text)
    assert looked(text, table="d_Customers").table == "tblCustomers"


def test_days_with_the_year_first_in_two_digits_are_refused(looked):
    plan = looked(f"{HEAD}\n1,25/03/04,Ann,10\n2,25/03/31,Bo,20\n3,25/04/01,Cy,20")
    assert {problem.reason.partition(",")[0] for problem in plan.rejected} == {
        "Date must be a date with a year of four digits"
    }
    assert looked(f"{HEAD}\n1,04/03/25,Ann,10\n2,31/03/25,Bo,20").rows["Date"] == [45720, 45747]


def test_ids_that_a_spreadsheet_has_shortened_are_refused(looked):
    plan = looked(f"{HEAD}\n1.23E+11,2025-03-04,Ann,10\n2,2025-03-04,Bo,20")
    assert [problem.reason for problem in plan.rejected] == [
        "Order must be written in full, for a spreadsheet has shortened it, and '1.23E+11' was found"
    ]


def test_numbers_of_india_and_texts_that_are_formulas_are_read(looked):
    plan = looked(f'{HEAD}\n"=""0001""",2025-03-04,Ann,"₹1,23,456.50"\n2,2025-03-04,Bo,"12,34,567"')
    assert (plan.rows["Order"], plan.rows["Price"]) == (["0001", "2"], [123456.5, 1234567])
    other = looked(f'{HEAD}\n1,2025-03-04,Ann,"Rs. 1,23,456.50"\n2,2025-03-04,Bo,Rs 500/-')
    assert (other.rows["Price"], other.currencies) == ([123456.5, 500], {"Rs": 2})
    assert looked(f'{HEAD}\n1,2025-03-04,Ann,"1,200円"', where={"Currency": "JPY"}).rows["Price"] == [1200]


@pytest.fixture
def sheet(tmp_path):
    """The preview of rows as an Excel file, with a number format for each row's amount."""

    def preview_of(rows, formats=(), **options):
        book = openpyxl.Workbook()
        for row in [HEAD.split(","), *rows]:
            book.active.append(row)
        for row, number_format in enumerate(formats, start=2):
            book.active.cell(row, 4).number_format = number_format
        book.save(tmp_path / "export.xlsx")
        return preview(MemoryBook(), [tmp_path / "export.xlsx"], **options)

    return preview_of


@pytest.mark.parametrize(("texts", "real"), [
    (["03/13/2025", "03/14/2025"], datetime(2025, 5, 3, 9, 30)),  # Mar 5 of a file with the month first
    (["13/03/2025", "14/03/2025"], datetime(2025, 5, 3, 9, 30)),  # Mar 5 of a file with the day first
])  # fmt: skip
def test_days_that_a_spreadsheet_took_for_months_are_asked_about(sheet, texts, real):
    rows = [[n, day, "Ann", 10] for n, day in enumerate([*texts, real])]
    plan = sheet(rows)
    assert plan.asked == ["Date"]
    assert (
        "2025-05-03, as all dates beside texts, is read as 5 March 2025, and could be 3 May"
        in plan.unclear["Date"].note
    )
    march = [45729, 45730, 45721 + 9.5 / 24]
    assert plan.rows["Date"] == sheet(rows, ways={"Date": "turned round"}).rows["Date"] == pytest.approx(march)
    assert sheet(rows, ways={"Date": "as they stand"}).rows["Date"][2] == pytest.approx(45780 + 9.5 / 24)
    later = [*rows, [9, datetime(2025, 3, 20), "Bo", 10]]  # a day that is no month: nothing was turned round
    assert sheet(later).asked == []


def test_currencies_that_only_formats_show_are_not_added_up(sheet):
    day = datetime(2025, 3, 4)
    rows = [[1, day, "Ann", 100], [2, day, "Bo", 70.5], [3, day, "Cy", 30]]
    formats = ['#,##0.00 "€"', "[$$-409]#,##0.00", "#,##0.00 [$€-407]"]
    with pytest.raises(BookError, match=r"EUR \(2\) and USD \(1\)"):
        sheet(rows, formats)
    plan = sheet(rows, formats, where={"Currency": "EUR"})
    assert (plan.rows["Price"], plan.currencies) == ([100, 30], {"EUR": 2})
    assert sheet(rows, ["#,##0.00", "0.00", '0 "pcs"']).rows["Price"] == [100, 70.5, 30]


def test_amazon_orders(looked):
    head = "amazon-order-id,purchase-date,order-status,sku,item-status,quantity,currency,item-price,buyer-email"
    line = "2025-03-04T10:00:00+00:00"
    plan = looked(f"{head}\n111-1,{line},Shipped,S1,Shipped,2,USD,30.00,a@x.org\n"
                  f"111-1,{line},Shipped,S2,Shipped,1,USD,10.00,a@x.org\n"
                  f"111-2,{line},Cancelled,S2,Cancelled,0,USD,,b@x.org")  # fmt: skip
    assert (plan.export.name, plan.rows["Order"], revenue(plan)) == ("Amazon orders", ["111-1"], 40)


def test_a_cancelled_subscription_without_its_end_is_not_counted_as_running(looked):
    plan = looked("Customer,Start,End,Status\nA,2025-01-05,,active\nB,2025-01-05,,canceled\n"
                  "C,2025-01-05,2025-02-10,canceled\nTotal,,,")  # fmt: skip
    assert (plan.rows["New"], plan.rows["Lost"]) == ([2, 0], [0, 1])
    assert [problem.reason for problem in plan.rejected] == ["End is blank, though it is canceled"]
    assert plan.left_out == {"a line of totals": 1}


@pytest.mark.parametrize("last", ["Total,,2", "Average,,9", "Durchschnitt:,,9"])
def test_lines_of_totals_are_no_answers(looked, last):
    plan = looked(f"Response ID,Date,Score\n1,2025-01-05,10\n2,2025-01-05,8\n{last}")
    assert (plan.rows["Score"], plan.left_out) == ([10, 8], {"a line of totals": 1})


def test_stars_are_no_answers_from_0_to_10(looked):
    stars = "Response ID,Date,Rating\n1,2025-01-05,5\n2,2025-01-05,4"
    with pytest.raises(BookError, match=r'no answer under Rating is above 5.* --map "Score=Rating"'):
        looked(stars)
    assert looked(stars, mapping={"Score": "Rating"}).rows["Score"] == [5, 4]
    assert looked(f"{stars}\n3,2025-01-06,9").rows["Score"] == [5, 4, 9]


@pytest.mark.parametrize("heading", ["Total", "Revenue", "Gross", "Netto", "Sales"])
def test_amounts_that_differ_within_an_order_are_those_of_its_lines(looked, heading):
    head = f"Order,Date,Customer,Item,{heading}"
    lines = ["1,2025-03-04,Ann,Mug,20", "1,2025-03-04,Ann,Pot,20", "1,2025-03-04,Ann,Cup,30"]
    plan = looked("\n".join([head, *lines]))
    assert (revenue(plan), plan.new, plan.asked) == (70, 1, [])
    assert f"{heading} differs among the lines of order 1: it is what a line came to, and is added up" in "\n".join(
        plan.notes
    )
    total = looked("\n".join([head, *lines[:2]]))  # on each line the same, as shops repeat the total of an order
    assert (revenue(total), total.asked) == (20, [])
    mixed = "\n".join([head, *lines, "2,2025-03-04,Bo,Mug,50", "2,2025-03-04,Bo,Pot,50"])
    assert looked(mixed).asked == ["Lines"]
    assert [revenue(looked(mixed, ways={"Lines": way})) for way in ("total", "sum")] == [100, 170]


def test_a_total_that_is_quantity_times_price_is_that_of_a_line(looked):
    plan = looked("Order,Date,Customer,Item,Qty,Unit price,Total\n1,2025-03-04,Ann,Mug,2,10,20\n"
                  "1,2025-03-04,Ann,Pot,1,20,20\n2,2025-03-04,Bo,Pot,1,20,20")  # fmt: skip
    assert (revenue(plan), plan.new, plan.asked) == (60, 2, [])


def test_lines_of_orders_with_the_segment_of_the_customer_are_orders(looked):
    head = "Row ID,Order ID,Order Date,Ship Date,Customer ID,Segment,State,Product Name,Sales,Quantity,Discount"
    lines = ("1,A1,11/8/2016,11/11/2016,C1,Consumer,Kentucky,Shelf,261.96,2,0\n"
             "2,A1,11/8/2016,11/11/2016,C1,Consumer,Kentucky,Chair,731.94,3,0\n"
             "3,A2,6/12/2016,6/16/2016,C2,Corporate,California,Label,14.62,2,0.2")  # fmt: skip
    plan = looked(f"{head}\n{lines}")
    assert (plan.table, plan.new, plan.asked) == ("tblTransactions", 2, [])
    assert revenue(plan) == pytest.approx(1008.52)
    with pytest.raises(BookError, match=r"looks like orders. Name the table: .* --map \"Price=Worth\""):
        looked(f"{head}\n{lines}".replace("Sales", "Worth").replace("Order ID", "Id").replace("Quantity", "Pieces"))


def test_orders_with_a_column_of_a_log_are_orders(looked):
    plan = looked('ID,"Purchase Date","Grand Total (Purchased)",Status,"Customer Email","Customer Group"\n'
                  '000000012,"Mar 14, 2025, 10:22:33 AM",€45.00,complete,a@x.org,General')  # fmt: skip
    assert (plan.table, revenue(plan), plan.currencies) == ("tblTransactions", 45, {"EUR": 1})


def test_headings_of_columns_that_must_be_filled(looked):
    plan = looked("*ContactName,EmailAddress,*InvoiceNumber,*InvoiceDate,Total\nAnn,a@x.org,INV-1,14/03/2025,30.00")
    assert (plan.rows["Order"], plan.rows["Date"], revenue(plan)) == (["INV-1"], [45730], 30)


def test_the_day_of_a_refund_in_part_does_not_undo_an_order(looked):
    plan = looked(f"{HEAD},Status,Refunded at\n1,2025-03-04,Ann,100,Paid,\n"
                  "2,2025-03-04,Bo,50,Partially refunded,2025-03-20\n3,2025-03-04,Cy,70,Paid,2025-03-20")  # fmt: skip
    assert (revenue(plan), plan.left_out) == (150, {"with Refunded at": 1})
    assert "1 orders were refunded in part, and no column says by how much" in "\n".join(plan.notes)


@pytest.mark.parametrize("word", ["Gesamtergebnis", "Totaux", "Ogółem", "合計"])
def test_totals_in_other_languages(looked, word):
    plan = looked(f"{HEAD}\n1,2025-03-04,Ann,10\n2,2025-03-05,Bo,20\n{word},2025-03-05,{word},30")
    assert (revenue(plan), plan.asked) == (30, ["Totals"])


def test_rows_within_a_quotation_are_not_lost(looked):
    with pytest.raises(BookError, match="row 3: a quotation mark is never closed"):
        looked(f'{HEAD}\n1,2025-03-04,Ann,10\n2,2025-03-04,"Bo,20\n3,2025-03-05,Cy,30\n4,2025-03-05,"Di",40')
    plan = looked(f'{HEAD},Note\n1,2025-03-04,Ann,10,"5"" pipe, thin\ngrey"\n2,2025-03-04,Bo,20,"so\nso"')
    assert (revenue(plan), plan.new) == (30, 2)


def test_numbers_of_more_digits_than_a_spreadsheet_keeps_are_no_ids(sheet):
    day = datetime(2025, 3, 4)
    plan = sheet([[1, day, 123456789012345678, 10], [2, day, 123456789012345679, 20], [3, day, 123456789012345, 5]])
    assert (len(plan.rejected), plan.rows["Customer"]) == (2, ["123456789012345"])
    assert "Customer must be written in full, for a spreadsheet has shortened it" in plan.rejected[0].reason
    assert sheet([[1, day, "123456789012345678", 10]]).rows["Customer"] == ["123456789012345678"]


def test_ids_are_as_their_format_shows_them(tmp_path):
    book = openpyxl.Workbook()
    for row in [HEAD.split(","), [7, 20250304, 123, 10], [8, 20250305, 45, 2.5]]:
        book.active.append(row)
    for row in (2, 3):
        book.active.cell(row, 3).number_format = "00000"
    book.save(tmp_path / "ids.xlsx")
    plan = preview(MemoryBook(), [tmp_path / "ids.xlsx"])
    assert (plan.rows["Customer"], plan.rows["Order"], revenue(plan)) == (["00123", "00045"], ["7", "8"], 12.5)
    assert plan.rows["Date"] == [45720, 45721]


def test_answers_of_another_scale_are_no_answers_from_0_to_10(looked):
    answers = "1,2025-01-05,5\n2,2025-01-05,4\n3,2025-01-06,1"
    with pytest.raises(BookError, match=r"no answer under Score is above 5.* --map \"Score=Score\""):
        looked(f"Response ID,Date,Score\n{answers}")
    assert looked(f"Response ID,Date,Score\n{answers}", mapping={"Score": "Score"}).rows["Score"] == [5, 4, 1]
    assert looked(f"Response ID,Date,Score\n{answers}\n4,2025-01-06,0").rows["Score"] == [5, 4, 1, 0]
    assert looked("Response ID,Date,Score\n1,2025-01-05,3").rows["Score"] == [3]
    with pytest.raises(BookError, match=r"\(1-7\) go from 1 to 7, and not from 0 to 10"):
        looked("Response ID,Date,How likely are you to recommend us? (1-7)\n1,2025-01-05,7")
    named = looked(f"Response ID,Date,How likely to recommend us (0 to 10)\n{answers}")
    assert (named.rows["Score"], {*named.rows["Scale"]}) == ([5, 4, 1], {"0 to 10"})


def test_the_scale_is_the_one_that_the_question_names(looked):
    plan = looked("Timestamp,Would you recommend us? (1 to 10)\n2025-01-05,9 out of 10\n2025-01-05,7")
    assert (plan.rows["Score"], {*plan.rows["Scale"]}) == ([9, 7], {"1 to 10"})


def test_a_rating_beside_the_recommendation_is_not_the_answer(looked):
    plan = looked("Response ID,Date,Rating,Would you recommend us?\n1,2025-01-05,8,3\n2,2025-01-05,9,10")
    assert plan.rows["Score"] == [3, 10]


def test_a_list_with_rules_between_its_rows(looked):
    plan = looked("|Sales Document|Billing Date|Sold-to Party|Net Value |Curr.|\n"
                  "|--------------|------------|-------------|----------|-----|\n"
                  "|4500000001    |14.03.2025  |0000100001   |1.234,50  |EUR  |\n"
                  "|4500000002    |15.03.2025  |0000100001   |  99,00-  |EUR  |")  # fmt: skip
    assert (plan.rows["Customer"], revenue(plan), plan.currencies) == (["0000100001"] * 2, 1135.5, {"EUR": 2})
    assert (plan.rejected, plan.rows["Order"]) == ([], ["4500000001", "4500000002"])


def test_lines_of_payments_are_asked_about(looked):
    head = "Sale ID,Date,Customer,Line Type,Quantity,Total\n1,2025-03-04,Ann,Sale,1,12\n1,2025-03-04,Ann,Sale,1,24\n"
    text = f"{head}1,2025-03-04,Ann,Payment,1,36"
    assert looked(text).asked == ["Payment"]
    assert revenue(looked(text, ways={"Payment": "no sale"})) == 36


def test_an_amount_beside_a_sales_price_is_that_of_the_line(looked):
    plan = looked("Date,Num,Customer,Qty,Sales Price,Amount\n2025-03-04,1,Ann,2,10,20\n2025-03-04,1,Ann,1,30,30")
    assert (revenue(plan), plan.new, plan.asked) == (50, 1, [])


def test_goods_that_came_back_are_no_sale(looked):
    plan = looked(f"{HEAD},Returned\n1,2025-03-04,Ann,10,No\n2,2025-03-05,Bo,20,Yes")
    assert (revenue(plan), plan.left_out) == (10, {"with Returned": 1})
    assert revenue(looked(f"{HEAD},Returned\n1,2025-03-04,Ann,10,0\n2,2025-03-05,Bo,20,3")) == 30


@pytest.mark.parametrize(("heading", "amount"), [
    ("Gesamt", 1000), ("Summe", 1000), ("Rechnungssumme", 1000), ("Suma", 1000), ("Somme", 1000), ("Összesen", 1000),
    ("Betrag EUR", 1000), ("Total (USD)", 1000), ("Summe (€)", 1000), ("Betrag in Cent", 10), ("amount_cents", 10),
    ("Amount (k€)", 1_000_000), ("Сумма, тыс. руб.", 1_000_000),
])  # fmt: skip
def test_an_amount_whose_heading_is_a_total_or_has_a_unit(looked, heading, amount):
    plan = looked(f"Datum;Kunde;{heading}\n2025-03-04;Ann;1000\n2025-03-05;Bo;2000\nSumme;;3000")
    assert (plan.table, plan.rows["Price"], plan.asked) == ("tblTransactions", [amount, 2 * amount], [])
    assert plan.left_out == {"a line of totals": 1}


def test_a_heading_without_a_unit_goes_before_one_with_it(looked):
    plan = looked("Date,Customer,Total (USD),Unit price (EUR),Amount\n2025-03-04,Ann,12,4,9")
    assert plan.mapping["Price"] == "Amount"


def test_a_price_of_one_with_its_currency_is_multiplied(looked):
    plan = looked("Date,Customer,Quantity,Unit price (EUR)\n2025-03-04,Ann,3,4")
    assert (revenue(plan), plan.asked) == (12, [])


def test_what_was_paid_back_may_have_a_currency_in_its_heading(looked):
    plan = looked("Order,Date,Customer,Total (SEK),Refunded amount (SEK)\n1,2025-03-04,Ann,30,10")
    assert revenue(plan) == 20

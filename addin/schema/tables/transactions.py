"""d_Transactions: one row per order."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, OneOf, TableSchema, ValidDate
from addin.schema.declaration import ColumnKind as Kind
from addin.schema.formulas import MONTHS_SINCE_START, ROW, START_OF_CAMPAIGN, looked_up, multiplied, repeated
from addin.schema.terms import FORMER_TYPES

FIRST_ROW_OF_CUSTOMER = f'=IFERROR({looked_up("tblTransactions", "Customer", "Row")},"")'
SPENT_BY_CUSTOMER = (
    '=IF([@CustomerNo]=[@Row],SUMIFS(tblTransactions[Revenue],tblTransactions[Customer],[@Customer]),"")'
)
"""A customer's total in the first of their rows: right in any order of the rows, as all columns here."""
COHORT_OF_CUSTOMER = f'=IFERROR({looked_up("tblCustomers", "Customer", "Cohort")},"")'
MONTHS_SINCE_FIRST = (
    '=IF(OR([@Cohort]="",N([@Date])=0),"",(YEAR([@Date])-YEAR([@Cohort]))*12+MONTH([@Date])-MONTH([@Cohort]))'
)
CUSTOMER_AND_MONTH = '=IF(OR([@CustomerNo]="",[@Age]=""),"",[@CustomerNo]*12*100+[@Age])'
"""One number for each customer and month, a hundred years apart; looking it up costs less than counting rows above."""
FIRST_IN_MONTH = '=IF([@Visit]="","",IF([@CustomerNo]=[@Row],1,1*(MATCH([@Visit],tblTransactions[Visit],0)=[@Row])))'

TRANSACTIONS = TableSchema(
    "tblTransactions", "d_Transactions", "Orders",
    "One row per order. Used when Inputs says that orders come from Transactions.", "Data: single orders", 3,
    [
        Column("Order", 14, numbered="Order", aliases=(
            "order id", "order no", "order number", "invoice", "invoice number", "invoice no", "invoice id",
            "transaction id",
            "document number", "document no", "voucher number", "receipt", "receipt number",
            "bestellnummer", "bestellnr", "auftragsnummer", "auftragsnr", "rechnungsnummer", "rechnungsnr",
            "belegnummer",
            "belegnr", "número de pedido", "pedido", "factura", "número de factura", "rendelésszám", "rendelés száma",
            "számlaszám", "bizonylatszám", "tilausnumero", "tilaus", "laskun numero", "laskunumero", "номер заказа",
            "заказ",
            "номер счета", "номер документа",
        )),
        Column("Date", 13, Kind.DATE, required=True, rule=ValidDate("When the order was placed."),
               aliases=(
                   "order date", "day", "created at", "timestamp", "purchase date", "sale date", "date of sale",
                   "ordered at", "invoice date",
                   "transaction date", "posting date", "document date", "date created", "datum", "bestelldatum",
                   "belegdatum",
                   "rechnungsdatum", "buchungsdatum", "fecha", "fecha del pedido", "fecha de factura", "dátum",
                   "rendelés dátuma", "számla kelte", "teljesítés dátuma", "päivämäärä", "päiväys", "pvm",
                   "tilauspäivä",
                   "laskun päiväys", "дата", "дата заказа", "дата документа",
               )),
        Column("Customer", 12, required=True, numbered="Customer",
               aliases=(
                   "customer id", "client", "client id", "user id", "customer number", "customer no", "account number",
                   "customer email", "email", "email address", "customer name", "client name", "buyer",
                   "buyer email", "buyer name", "buyer user id", "buyer id", "kunde",
                   "kundennummer",
                   "kundennr", "debitor", "debitorennummer", "debitorennr", "kundenname", "cliente",
                   "número de cliente",
                   "id de cliente", "correo electrónico", "ügyfél", "vevő", "vevőkód", "ügyfélszám", "asiakas",
                   "asiakasnumero", "asiakasnro", "asiakastunnus", "клиент", "номер клиента", "покупатель",
                   "контрагент",
               )),
        Column("Campaign", 12, rule=OneOf("lst_Campaigns", "The id of a campaign in d_Campaigns.")),
        Column("Type", 20, rule=OneOf("lst_Types", "Kind of order. Repeat order: bought again, not a refund.",
                                      FORMER_TYPES)),
        Column("Units", 10, Kind.NUMBER, required=True, default=1.0, aliases=("quantity", "qty", "items", "menge",
        "anzahl", "cantidad", "mennyiség", "määrä", "количество"),
               rule=Between("How many pieces; the row is one order, however many.")),
        Column("Price", 10, Kind.NUMBER, formats.CENTS, required=True, rule=Between("Revenue of one unit."),
               aliases=(
                   "amount", "total", "revenue", "order value", "unit price", "paid", "order total", "item price",
                   "item total", "line total", "total amount",
                   "grand total", "gross amount", "gross", "net amount", "net", "betrag", "gesamtbetrag",
                   "rechnungsbetrag",
                   "bruttobetrag", "brutto", "nettobetrag", "netto", "umsatz", "preis", "einzelpreis", "importe",
                   "importe total", "precio", "összeg", "végösszeg", "bruttó összeg", "ár", "egységár", "summa",
                   "hinta",
                   "yhteensä", "сумма", "итого", "цена",
               )),
        ROW,
        Column("Revenue", 12, Kind.NUMBER, formats.CENTS, multiplied("Units", "Price")),
        Column("Start", 13, Kind.DATE, formula=START_OF_CAMPAIGN),
        Column("Month", 10, Kind.NUMBER, formats.MONTH, MONTHS_SINCE_START),
        Column("CustomerNo", 13, Kind.NUMBER, formats.MONTH, FIRST_ROW_OF_CUSTOMER),
        Column("CustomerTotal", 15, Kind.NUMBER, formats.CENTS, SPENT_BY_CUSTOMER),
        Column("Repeated", 12, Kind.NUMBER, formats.MONTH, repeated("tblTransactions", "Order")),
        Column("Cohort", 12, Kind.DATE, formats.YEAR_MONTH, COHORT_OF_CUSTOMER),
        Column("Age", 8, Kind.NUMBER, formats.MONTH, MONTHS_SINCE_FIRST),
        Column("Visit", 12, Kind.NUMBER, formats.MONTH, CUSTOMER_AND_MONTH),
        Column("FirstInMonth", 14, Kind.NUMBER, formats.MONTH, FIRST_IN_MONTH),
    ],
    key=["Order"], sample=sample.orders, sample_mark="Order",
)  # fmt: skip
TABLES = [TRANSACTIONS]

"""d_Transactions: one row per order."""

from __future__ import annotations

from addin.schema import formats, sample
from addin.schema.declaration import Between, Column, OneOf, TableSchema, ValidDate
from addin.schema.declaration import ColumnKind as Kind
from addin.schema.formulas import MONTHS_SINCE_START, ROW, looked_up, repeated, start_of_campaign
from addin.schema.terms import FORMER_TYPES, NO_CAMPAIGN, TYPES

IS_REFUND = "=IF(OR(N([@Units])<0,N([@Price])<0),1,0)"
"""1 for money given back: it comes off the revenue, and is no order."""
REVENUE = "=IF([@IsRefund]=1,-ABS(N([@Units])*N([@Price])),N([@Units])*N([@Price]))"
"""A text spoils its own row alone; a refund whose units and price are both negative comes off the revenue too."""
ORDERS = "=IF(AND([@IsRefund]=0,N([@Units])>0),1,0)"
"""A row is one order, however many units it has."""
WINDOW = 'tblCampaigns[Start],"<="&INT([@Date]),tblCampaigns[End],">="&INT([@Date])'
BY_DATE = f'=IFERROR(IF(COUNTIFS({WINDOW})=1,INDEX(tblCampaigns[Campaign],SUMIFS(tblCampaigns[Row],{WINDOW})),""),"")'
"""The campaign between whose Start and End the order lies, where it is the only one."""
ROW_CAMPAIGN = (
    '=IF([@Campaign]<>"",[@Campaign],IF([@Coupon]="",[@ByDate],'
    "IFERROR(INDEX(tblCampaigns[Campaign],MATCH([@Coupon],tblCampaigns[Coupon],0)),[@ByDate])))"
)
"""The campaign that the row itself tells: by its id, its coupon, or its day."""
NAMED = '=IF(OR([@RowCampaign]="",N([@Date])=0),0,[@Date]*100*100*100+[@Row])'
"""A number for each row that tells its campaign, which grows with its date."""
LATEST = (
    '=IF(OR(out_Telling=0,[@RowCampaign]<>"",[@Customer]="",N([@Date])=0),0,SUMPRODUCT(MAX('
    "(tblTransactions[Customer]=[@Customer])*(tblTransactions[Date]<=[@Date])*tblTransactions[Named])))"
)
"""The number of the customer's latest row up to this day that tells its campaign, for a row that tells none."""
REACHED = '=IF([@Latest]=0,"",INDEX(tblTransactions[RowCampaign],MATCH([@Latest],tblTransactions[Named],0)))'
"""The last campaign known to have reached the customer."""
LAST_DAY_OF_REACHED = "N(INDEX(tblCampaigns[LastDay],MATCH([@Reached],tblCampaigns[Campaign],0)))"
COUNTED = (
    '=IF([@RowCampaign]<>"",[@RowCampaign],'
    f'IF(N([@Date])<1+IFERROR({LAST_DAY_OF_REACHED},0),[@Reached],"{NO_CAMPAIGN}"))'
)
"""The one campaign for which the order counts; blank in a row without a date."""
BEFORE = (
    '=IF(OR([@Month]="",out_Untyped=0),"",IF([@Customer]="",0,COUNTIFS(tblTransactions[Customer],[@Customer],tblTransactions[Date],'
    '">="&[@Start],tblTransactions[Date],"<"&INT([@Date]),tblTransactions[Orders],">0")))'
)
"""Orders of the same customer on earlier days since the campaign began; blank where every type is given."""
SINCE = (
    '=IF(N([@Before])=0,"",IFERROR(AVERAGEIFS(tblTransactions[Date],tblTransactions[Customer],[@Customer],'
    'tblTransactions[Counted],[@Counted],tblTransactions[Month],">=0",tblTransactions[Before],0,'
    'tblTransactions[Orders],">0"),[@Start]))'
)
"""The day of the first of them in the campaign; the campaign's start where it was outside."""
FOLLOWED = (
    '=IF([@Since]="",0,COUNTIFS(tblFollowUps[Whom],[@Counted]&"/"&[@Customer],tblFollowUps[Date],"<="&[@Date])'
    '+COUNTIFS(tblFollowUps[Whom],[@Counted]&"/",tblFollowUps[Date],"<="&[@Date],tblFollowUps[Date],">="&[@Since]))'
)
"""Follow-ups to the customer before the order: those that name the customer, and those to all who had bought."""
KIND = (
    '=IF([@Type]<>"",[@Type],IF(OR([@Month]="",N([@Month])<0),"",INDEX(lst_Types,1'
    "+([@Before]>[@IsRefund])*(1+2*([@Followed]=0))+([@Before]<=[@IsRefund])*2*([@Month]>in_M1))))"
)
"""The type that was given, or what the order must be: the first one since the campaign began is sold at once up to the
first milestone, later a new order; each one after it is a reorder where a follow-up precedes it, else a repeat order. A
refund is of the order before it."""
WON = f'=IF(AND([@Orders]>0,OR([@Kind]="{TYPES[2]}",[@Kind]="{TYPES[0]}")),1,0)'
"""1 for the first order of somebody whom the campaign won, at once or later; who buys again was won before."""
MARK = (
    '=IF([@Date]="","",TRIM(REPT("Refund. ",[@IsRefund])&REPT("Type derived. ",([@Type]="")*([@Kind]<>""))'
    f'&REPT("{NO_CAMPAIGN}.",1*([@Counted]="{NO_CAMPAIGN}"))'
    f'&REPT("Unknown campaign.",([@Start]="")*([@Counted]<>"{NO_CAMPAIGN}"))))'
)

FIRST_ROW_OF_CUSTOMER = f'=IFERROR({looked_up("tblTransactions", "Customer", "Row")},"")'
SPENT_BY_CUSTOMER = (
    '=IF([@CustomerNo]=[@Row],SUMIFS(tblTransactions[Revenue],tblTransactions[Customer],[@Customer]),"")'
)
"""A customer's total in the first of their rows: right in any order of the rows, as all columns here."""
COHORT_OF_CUSTOMER = f'=IFERROR({looked_up("tblCustomers", "Customer", "Cohort")},"")'
MONTHS_SINCE_FIRST = (
    '=IF(OR([@Cohort]="",N([@Date])=0),"",(YEAR([@Date])-YEAR([@Cohort]))*12+MONTH([@Date])-MONTH([@Cohort]))'
)
CUSTOMER_AND_MONTH = '=IF(OR([@CustomerNo]="",[@Age]="",[@IsRefund]=1),"",[@CustomerNo]*12*100+[@Age])'
"""One number for each customer and month, a hundred years apart; looking it up costs less than counting rows above."""
FIRST_IN_MONTH = '=IF([@Visit]="","",IF([@CustomerNo]=[@Row],1,1*(MATCH([@Visit],tblTransactions[Visit],0)=[@Row])))'

TRANSACTIONS = TableSchema(
    "tblTransactions", "d_Transactions", "Orders",
    "One row per order. Used when Inputs says that orders come from Transactions.", "Data: single orders", 3,
    [
        Column("Order", 14, is_id=True, numbered="Order", aliases=(
            "order id", "order no", "order number", "invoice", "invoice number", "invoice no", "invoice id",
            "transaction id",
            "document number", "document no", "voucher number", "receipt", "receipt number", "num", "sale id",
            "billing document", "sales document", "faktura",
            "bestellung", "bestellnummer", "bestellnr", "auftrag", "auftragsnummer", "auftragsnr",
            "rechnungsnummer", "rechnungsnr", "belegnummer",
            "belegnr", "número de pedido", "pedido", "factura", "número de factura", "rendelésszám", "rendelés száma",
            "számlaszám", "bizonylatszám", "tilausnumero", "tilaus", "laskun numero", "laskunumero", "номер заказа",
            "заказ",
            "номер счета", "номер документа", "numéro de commande", "n° commande", "commande", "numero ordine",
            "ordine", "numero d'ordine", "bestelnummer", "bestelling", "ordernummer", "numer zamówienia", "zamówienie",
            "pedido nº", "id do pedido", "número do pedido", "*amazon order id",
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
                   "laskun päiväys", "дата", "дата заказа", "дата документа", "date de commande", "date de facture",
                   "data", "data ordine", "data dell'ordine", "data do pedido", "besteldatum", "orderdatum",
                   "billing date", "fakturadatum", "factuurdatum", "data zamówienia", "purchase date",
                   "order creation date",
               )),
        Column("Customer", 12, is_id=True, required=True, numbered="Customer",
               aliases=(
                   "customer id", "client", "client id", "user id", "customer number", "customer no", "account number",
                   "customer email", "email", "email address", "customer name", "client name", "buyer",
                   "buyer email", "buyer name", "buyer user id", "buyer id", "kunde",
                   "kundennummer",
                   "kundennr", "debitor", "debitorennummer", "debitorennr", "kundenname", "cliente",
                   "número de cliente",
                   "id de cliente", "correo electrónico", "ügyfél", "vevő", "vevőkód", "ügyfélszám", "asiakas",
                   "asiakasnumero", "asiakasnro", "asiakastunnus", "клиент", "номер клиента", "покупатель",
                   "контрагент", "acheteur", "acquirente", "comprador", "klant", "klantnummer", "klient", "nabywca",
                   "sold to party", "sell to customer no", "auftraggeber", "kund", "kundnummer", "consumer name",
                   "contact email",
               )),
        Column("Campaign", 12, is_id=True, rule=OneOf("lst_Campaigns", "The id of a campaign in d_Campaigns."),
               aliases=("campaign name", "kampagne", "campagne", "campaña", "campagna", "kampanj")),
        Column("Type", 20, rule=OneOf("lst_Types", "Kind of order. Repeat order: bought again, not a refund.",
                                      FORMER_TYPES)),
        Column("Units", 10, Kind.NUMBER, required=True, default=1.0, aliases=("quantity", "qty", "items", "menge",
        "anzahl", "cantidad", "mennyiség", "määrä", "количество"),
               rule=Between("How many pieces; the row is one order, however many; negative for a refund.",
                            low=-1e9)),
        Column("Price", 10, Kind.NUMBER, formats.CENTS, required=True,
               rule=Between("Revenue of one unit; negative for a refund.", low=-1e9),
               aliases=(
                   "amount", "total", "revenue", "order value", "unit price", "paid", "order total", "item price",
                   "item total", "line total", "total amount",
                   "grand total", "gross amount", "gross", "net amount", "net", "betrag", "gesamtbetrag",
                   "rechnungsbetrag",
                   "bruttobetrag", "brutto", "nettobetrag", "netto", "umsatz", "preis", "einzelpreis", "importe",
                   "importe total", "precio", "összeg", "végösszeg", "bruttó összeg", "ár", "egységár", "summa",
                   "hinta",
                   "yhteensä", "сумма", "итого", "цена", "montant", "montant ttc", "montant total", "total ttc",
                   "prix", "importo", "totale", "totale ordine", "prezzo", "valor", "valor total", "preço", "bedrag",
                   "totaalbedrag", "totaal", "prijs", "kwota", "wartość", "cena", "razem", "belopp", "totalbelopp",
                   "pris", "grand total (purchased)", "order total (inc tax)", "net sales", "gross sales",
                   "sales", "sales amount", "betrag brutto", "betrag netto", "net value", "nettowert",
                   "rechnungssumme", "gesamtsumme", "endbetrag", "endsumme", "gesamt", "summe", "suma total", "suma",
                   "somme", "total general", "totale generale", "somma", "összesen", "kokonaissumma", "loppusumma",
                   "всего", "suma końcowa", "totalt", "totalsumma", "celkem",
               )),
        Column("Coupon", 14, is_id=True, numbered="Coupon",
               aliases=(
            "coupon code", "coupon codes", "discount code", "voucher", "voucher code", "promo code", "utm campaign",
            "gutschein", "gutscheincode", "rabattcode", "cupón", "código de descuento", "kupon", "kuponkód",
            "alennuskoodi", "промокод", "купон", "code promo", "codice sconto", "kortingscode", "kod rabatowy",
            "rabattkod",
        )),
        ROW,
        Column("Revenue", 12, Kind.NUMBER, formats.CENTS, REVENUE),
        Column("IsRefund", 11, Kind.NUMBER, formats.WHOLE, IS_REFUND),
        Column("Orders", 10, Kind.NUMBER, formula=ORDERS),
        Column("ByDate", 11, formula=BY_DATE),
        Column("RowCampaign", 14, formula=ROW_CAMPAIGN),
        Column("Named", 18, Kind.NUMBER, formats.MONTH, NAMED),
        Column("Latest", 18, Kind.NUMBER, formats.MONTH, LATEST),
        Column("Reached", 12, formula=REACHED),
        Column("Counted", 13, formula=COUNTED),
        Column("Start", 13, Kind.DATE, formula=start_of_campaign("Counted")),
        Column("Month", 10, Kind.NUMBER, formats.MONTH, MONTHS_SINCE_START),
        Column("Before", 10, Kind.NUMBER, formats.MONTH, BEFORE),
        Column("Since", 13, Kind.DATE, formula=SINCE),
        Column("Followed", 11, Kind.NUMBER, formats.MONTH, FOLLOWED),
        Column("Kind", 18, formula=KIND),
        Column("Won", 8, Kind.NUMBER, formats.MONTH, WON),
        Column("Mark", 20, formula=MARK),
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

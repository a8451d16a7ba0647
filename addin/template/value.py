"""Value: what a customer is worth for life, and whom it pays to sell to."""

from __future__ import annotations

from addin.schema import formats
from addin.template import charts, forecast, theme
from addin.template.data_sheet import sample_cells
from addin.template.inputs import CURRENCY
from addin.template.sheet import Page, Sheet, TemplateBook

SEGMENTS_SHOWN = 6
FIRST_SEGMENT = 6
ONE_ROW = FIRST_SEGMENT + SEGMENTS_SHOWN
CONTACT_ROW = ONE_ROW + 3
PARETO_ROW = CONTACT_ROW + 13
CHURN_ROW = PARETO_ROW + 8
CALCULATOR_ROW = CHURN_ROW + 2
INSET = 16
SPENT = "tblTransactions[CustomerTotal]"


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Customer value", MESSAGE,
        tab=theme.TAB_LOOK, widths=[2, 38, 14, 13, 13, 14, 13, 13, 13, 13], freeze="C4",
    )  # fmt: skip
    _segments(sheet)
    _contacts(sheet)
    _pareto(sheet)
    _less_churn(sheet)
    sheet.chart(SEGMENT_CHART, f"G{CONTACT_ROW + 1}", f"J{PARETO_ROW - 2}", INSET)
    forecast.write(sheet)
    sheet.print_to(forecast.PAGE_END)


def _segments(sheet: Sheet) -> None:
    sheet.block(FIRST_SEGMENT - 2, "1  A customer for life", money=True)
    sheet.header(FIRST_SEGMENT - 1, {"B": "Segment (the first six of d_Segments)"}, {
        "C": "Purchases\na year", "D": "Average\npurchase", "E": "Years", "F": "Customer\nfor life",
        "G": "After\nmargin", "H": "Discounted", "I": "Customers", "J": "Revenue\nso far",
    })  # fmt: skip
    columns = [
        ("C", "Purchases", formats.DECIMAL), ("D", "Ticket", formats.CENTS), ("E", "Years", formats.DECIMAL),
        ("F", "ForLife", formats.WHOLE), ("G", "AfterMargin", formats.WHOLE), ("H", "Discounted", formats.WHOLE),
        ("I", "Customers", formats.WHOLE), ("J", "Revenue", formats.WHOLE),
    ]  # fmt: skip
    sheet.first_rows(range(FIRST_SEGMENT, ONE_ROW), "tblSegments", "Segment", columns)
    row = ONE_ROW
    sheet.put(f"B{row}", "The customer on Inputs, block 4", theme.STRONG)
    linked = (("C", "in_Purchases", formats.DECIMAL), ("D", "in_AverageOrder", formats.CENTS),
              ("E", "in_Years", formats.DECIMAL))  # fmt: skip
    for column, name, number in linked:
        sheet.put(f"{column}{row}", f"={name}", theme.LINKED, number=number)
    sheet.result(f"F{row}", "out_ForLife", f"=E{row}*C{row}*D{row}", number=formats.WHOLE)
    sheet.put(f"G{row}", f"=F{row}*in_Margin", theme.RESULT, number=formats.WHOLE)
    sheet.put(f"H{row}", f"=-PV(in_Discount,E{row},C{row}*D{row}*in_Margin)", theme.RESULT, number=formats.WHOLE)
    note = (
        "An article's 5 years x 20 purchases x 500 = 50,000 stands on Inputs; it is a bookseller's, not the florist's."
    )
    sheet.put(f"B{row + 1}", note, theme.NOTE)


def _contacts(sheet: Sheet) -> None:
    r = CONTACT_ROW
    sheet.block(r, "2  Sell to a new or to an existing customer?", "F")
    sheet.header(r + 1, {"B": "Of 100 contacts", "C": "Unit"}, {"D": "New", "E": "Existing", "F": "Existing / new"})
    lines = [
        ("Conversion rate", "share", ("=in_OddsNew", "=in_OddsOld"), formats.PERCENT, True),
        ("Sales of 100 contacts", "sales", (f"=D{r + 2}*100", f"=E{r + 2}*100"), formats.DECIMAL, True),
        ("Cost of a contact", CURRENCY, ("=in_ContactCost", "=in_ContactCost"), formats.CENTS, False),
        ("Revenue", CURRENCY, (f"=D{r + 3}*N(out_OrderValue)", f"=E{r + 3}*N(out_OrderValue)"), formats.WHOLE, True),
        ("Cost", CURRENCY, (f"=D{r + 4}*100", f"=E{r + 4}*100"), formats.WHOLE, False),
        ("Profit", CURRENCY, (f"=D{r + 5}*in_Margin-D{r + 6}", f"=E{r + 5}*in_Margin-E{r + 6}"), formats.WHOLE, False),
        ("Contact cost per sale, by conversion rate", CURRENCY,
         (f'=IF(D{r + 3}=0,"",D{r + 6}/D{r + 3})', f'=IF(E{r + 3}=0,"",E{r + 6}/E{r + 3})'), formats.CENTS, True),
        ("Contact cost per sale, by cost ratio", CURRENCY,
         (f'=IF(E{r + 8}="","",E{r + 8}*in_CostRatio)', f"=E{r + 8}"), formats.CENTS, True),
    ]  # fmt: skip
    for row, (label, unit, formulas, number, ratio) in enumerate(lines, start=r + 2):
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.put(f"C{row}", unit, theme.UNIT)
        for column, formula in zip("DE", formulas, strict=True):
            look = theme.LINKED if formula.startswith("=in_") else theme.CALC
            sheet.put(f"{column}{row}", formula, look, number=number)
        if ratio:
            times = f'=IF(N(D{row})=0,"",E{row}/D{row})'
            sheet.put(f"F{row}", times, theme.CALC, number=formats.padded('0.00"x"'))
    sheet.losses(f"D{r + 7}:E{r + 7}")
    note = ("Two rules of thumb, not one fact, and of contacts alone; what winning a buyer cost in the campaign stands "
            "on ROI_ROC.")  # fmt: skip
    sheet.put(f"B{r + 2 + len(lines)}", note, theme.NOTE)


def _pareto(sheet: Sheet) -> None:
    r = PARETO_ROW
    sheet.block(r, "3  80/20: what the best customers bring", "G", money=True)
    sheet.header(r + 1, {"B": "Customers by what they spent"}, {
        "C": "Share of\ncustomers", "D": "Customers", "E": "The last of\nthem spent", "F": "Revenue",
        "G": "Share of\nrevenue",
    })  # fmt: skip
    rows: list[tuple[str, str | float]] = [
        ("The best, as on Inputs", "=in_TopShare"),
        ("A wider circle", 0.5),
        ("All", 1.0),
    ]
    for row, (label, share) in enumerate(rows, start=r + 2):
        sheet.put(f"B{row}", label, theme.LABEL)
        sheet.put(f"C{row}", share, theme.LINKED if isinstance(share, str) else theme.INPUT, number=formats.PERCENT)
        sheet.put(f"D{row}", f"=C{row}*COUNT({SPENT})", theme.CALC, number=formats.DECIMAL)
        least = f'=IF(D{row}=0,"",LARGE({SPENT},ROUNDUP(D{row},0)))'
        sheet.put(f"E{row}", least, theme.CALC, number=formats.WHOLE)
        above = f'SUMIFS({SPENT},{SPENT},">"&E{row})'
        rest = f'E{row}*(D{row}-COUNTIF({SPENT},">"&E{row}))'
        sheet.put(f"F{row}", f'=IF(D{row}=0,"",{above}+{rest})', theme.CALC, number=formats.WHOLE)
        sheet.put(f"G{row}", f'=IF(SUM({SPENT})=0,"",F{row}/SUM({SPENT}))', theme.RESULT, number=formats.RATE)
    sheet.allow_between(f"C{r + 3}:C{r + 4}", 0.01, 1, "The share of the customers to look at.")
    note = "Counted in d_Transactions; a customer at the edge counts in part, so that ties do not matter."
    sheet.put(f"B{r + 5}", note, theme.NOTE)


CASES = [
    ("The article's case", 0.09),
    ("The same five points elsewhere", 0.2),
    ("Your own, as measured on Loyalty", None),
]


def _less_churn(sheet: Sheet) -> None:
    r = CHURN_ROW
    sheet.block(r, "4  What five points less churn a year would do", "G")
    sheet.header(r + 1, {"B": "Churn a year"}, {
        "C": "Before", "D": "Points cut", "E": "After", "F": "Value,\nnot discounted", "G": "Value,\ndiscounted",
    })  # fmt: skip
    for row, (label, before) in enumerate(CASES, start=CALCULATOR_ROW):
        sheet.put(f"B{row}", label, theme.LABEL)
        if before is None:
            sheet.put(f"C{row}", '=IF(out_Churn="",0,1-(1-out_Churn)^12)', theme.LINKED, number=formats.RATE)
        else:
            sheet.put(f"C{row}", before, theme.INPUT, number=formats.RATE)
        sheet.put(f"D{row}", 0.05, theme.INPUT, number=formats.RATE)
        sheet.put(f"E{row}", f"=MAX(0,C{row}-D{row})", theme.CALC, number=formats.RATE)
        sheet.put(f"F{row}", f'=IF(E{row}=0,"",C{row}/E{row}-1)', theme.RESULT, number=formats.SIGNED_RATE)
        multiple = "(1-{c})/(in_Discount+{c})"
        change = f"{multiple.format(c=f'E{row}')}/({multiple.format(c=f'C{row}')})-1"
        sheet.put(f"G{row}", f'=IFERROR({change},"")', theme.RESULT, number=formats.SIGNED_RATE)
        typed = f"D{row}" if before is None else f"C{row}:D{row}"
        sheet.allow_between(typed, 0, 1, "A churn a year, or the points to cut from it.")
    note = ("\"5% less churn, 125% more profit\" holds where value goes as 1 / churn and churn falls from 9% to 4%. "
            "From 20% to 15% it is 33%, and discounting makes it less.")  # fmt: skip
    sheet.put(f"B{CALCULATOR_ROW + len(CASES)}", note, theme.NOTE)


SEGMENT_CHART = charts.Plot(
    "bar", "A customer for life by segment, in the currency of Inputs",
    "Bars for the value of one customer for life in each segment of d_Segments.",
    "d_Segments", sample_cells("tblSegments", "Segment"),
    [charts.Series("For life", sample_cells("tblSegments", "ForLife"),
                   {**charts.bar(theme.RETURN), **charts.labels("#,##0")})],
    grid=False, values_shown=False,
)  # fmt: skip
"""It reads the table itself, so that Excel lets it grow with the table."""

MESSAGE = (
    f'=IF(N(G{PARETO_ROW + 2})=0,"What is a customer worth for life?",'
    f'"The best "&ROUND(in_TopShare*100,0)&"% of customers bring "&ROUND(G{PARETO_ROW + 2}*100,0)'
    '&"% of the revenue; the customer of Inputs is worth "&in_Currency&" "&FIXED(out_ForLife,0)&" for life.")'
)

PAGE = Page("Value", "A customer for life, new against existing, 80/20, less churn, and the forecast", _write)

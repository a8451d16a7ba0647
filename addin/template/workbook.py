"""The template workbook as a file: every sheet in its order, the same bytes each time."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook

from addin.template import (
    campaigns,
    checks,
    cohorts,
    customers,
    dashboard,
    follow_ups,
    forecast,
    functions,
    inputs,
    introductions,
    lifecycle,
    lists,
    loyalty,
    metrics,
    partners,
    periods,
    predictions,
    pyramid,
    relations,
    roi_roc,
    scenarios,
    segments,
    source_tables,
    sources,
    start,
    survey,
    theme,
    transactions,
    value,
)
from addin.template.sheet import Book

PAGES = [
    start.PAGE,
    dashboard.PAGE,
    inputs.PAGE,
    roi_roc.PAGE,
    pyramid.PAGE,
    lifecycle.PAGE,
    loyalty.PAGE,
    value.PAGE,
    cohorts.PAGE,
    forecast.PAGE,
    relations.PAGE,
    sources.PAGE,
    scenarios.PAGE,
    metrics.PAGE,
    functions.PAGE,
    checks.PAGE,
    lists.PAGE,
    campaigns.PAGE,
    follow_ups.PAGE,
    transactions.PAGE,
    customers.PAGE,
    segments.PAGE,
    survey.PAGE,
    periods.PAGE,
    partners.PAGE,
    introductions.PAGE,
    predictions.CUSTOMER_PAGE,
    predictions.WEEK_PAGE,
    *source_tables.PAGES,
]

CREATED = datetime(2026, 1, 1)
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
PLAIN_BOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_BOOK = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def write_template() -> bytes:
    """The template as a macro-enabled workbook without macros; formulas have no saved values yet."""
    stream = BytesIO()
    options = {"in_memory": True, "default_format_properties": {"font_name": theme.FONT, "font_size": 10}}
    with Workbook(stream, options) as workbook:
        workbook.set_properties({
            "title": "Return on customer: a campaign's ROI and ROC",
            "subject": "Customer-value metrics",
            "comments": "What a campaign returned at once, and what its customers brought afterwards.",
            "created": CREATED,
        })  # fmt: skip
        workbook.set_size(1900, 1100)
        book = Book(workbook, PAGES)
        for page in PAGES:
            page.write(book)
    return _macro_enabled(stream.getvalue())


def _macro_enabled(plain: bytes) -> bytes:
    """The same package, declared as a workbook that may hold macros."""
    stream = BytesIO()
    with ZipFile(BytesIO(plain)) as source, ZipFile(stream, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(PLAIN_BOOK, MACRO_BOOK)
            part = ZipInfo(name, ZIP_DATE)
            part.compress_type = ZIP_DEFLATED
            target.writestr(part, content)
    return stream.getvalue()

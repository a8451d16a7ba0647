"""The template workbook as a file: every sheet in its order, the same bytes each time."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook

from addin.schema.preset_samples import RETAIL
from addin.template import (
    campaigns,
    checks,
    cohorts,
    dashboard,
    follow_up,
    functions,
    inputs,
    lists,
    loyalty,
    metrics,
    predictions,
    pyramid,
    relations,
    roi_roc,
    scenarios,
    sources,
    start,
    theme,
    value,
)
from addin.template.data_sheet import data_pages
from addin.template.presets import read
from addin.template.sheet import Page, TemplateBook
from addin.template.texts import ENGLISH, texts

PAGES = [
    start.PAGE,
    dashboard.PAGE,
    campaigns.PAGE,
    roi_roc.PAGE,
    pyramid.PAGE,
    loyalty.PAGE,
    value.PAGE,
    cohorts.PAGE,
    relations.PAGE,
    inputs.PAGE,
    follow_up.PAGE,
    scenarios.PAGE,
    sources.PAGE,
    lists.PAGE,
    checks.PAGE,
    metrics.PAGE,
    functions.PAGE,
]

CREATED = datetime(2026, 1, 1)
CALCULATED_BY = 191029
"""The engine of today's Excel. Under an older number, or asked to calculate on opening, Excel calculates everything
anew and shows #NAME? for saved values where macros are not allowed."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
PLAIN_BOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_BOOK = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def write_template(language: str = ENGLISH, preset: str = RETAIL) -> bytes:
    """The template as a macro-enabled workbook without macros; formulas have no saved values yet."""
    words = texts(language, preset)
    stream = BytesIO()
    options = {"in_memory": True, "default_format_properties": {"font_name": theme.FONT, "font_size": 10}}
    with Workbook(stream, options) as workbook:
        workbook.set_properties({
            "title": words.said("Return on customer: a campaign's ROI and ROC"),
            "subject": words.said("Customer-value metrics"),
            "comments": words.said("What a campaign returned at once, and what its customers brought afterwards."),
            "created": CREATED,
        })  # fmt: skip
        workbook.set_size(1900, 1100)
        workbook.set_calc_mode("auto", CALCULATED_BY)
        workbook.calc_on_load = False
        book = TemplateBook(workbook, pages(preset), words, read(preset))
        for page in book.pages:
            page.write(book)
    return _macro_enabled(stream.getvalue())


def pages(preset: str = RETAIL) -> list[Page]:
    """All sheets in their order: what is read, what is worked with, then the data."""
    return [*PAGES, *data_pages(predictions.rows_of_sample(preset))]


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

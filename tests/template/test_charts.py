"""What each chart draws is what its title says."""

from collections import defaultdict

import pytest
from openpyxl.utils import range_boundaries

from addin.template import theme

HEADINGS = {
    "ROI and ROC by month since launch": [
        "Return, sold at once only (ROI)", "Return with follow-up (ROC)", "Break-even line",
    ],
    "From ROI to ROC, part by part, after margin": ["Base", "Rise, after margin", "Total, after margin"],
    "Net promoter score by scale": ["Detractors, share", "Passives, share", "Promoters, share"],
    "Answers by score": ["Shown: detractors", "Shown: passives", "Shown: promoters"],
    "Engagement pyramid (log scale)": ["Space before", "Bar, log scale"],
    "Value of one person by level": ["Net value of a person", "Net loss of a person"],
    "Lifecycle funnel (customers)": ["Space before", "Customers"],
    "Customer for life by segment": ["ForLife"],
    "Share that bought again, all cohorts together": ["All that old"],
    "Repeat orders so far: actual and model": ["Actual", "Model"],
    "Repeat orders expected, each four weeks": ["Expected"],
    "Return on relationship by partner": ["ROR"],
    "Customers new and back": ["New", "Back"],
    "What moves the net return after a year": ["Down", "Up"],
}  # fmt: skip


def test_the_heading_of_each_series_is_what_the_charts_title_says(opened):
    drawn = defaultdict(set)
    for chart in (chart for sheet in opened.worksheets for chart in sheet._charts):
        headings = tuple(heading(opened, series.val.numRef.f) for series in chart.series)
        drawn[title(chart)].add(headings)
    assert {name: {tuple(expected)} for name, expected in HEADINGS.items()} == drawn


def test_the_return_on_each_relationship_is_drawn_as_the_sample_comes_to(opened, as_shipped):
    chart = opened["Relations"]._charts[0]
    assert drawn_values(opened, as_shipped, chart.series[0]) == pytest.approx(
        [120 / 650, 480 / 250, 840 / 1450, 36 / 70]
    )


def title(chart):
    return "".join(run.t for paragraph in chart.title.tx.rich.p for run in paragraph.r)


def reference(book, formula):
    sheet, _, cells = formula.replace("$", "").rpartition("!")
    return book[sheet.strip("'")], range_boundaries(cells)


def heading(book, formula):
    """The text that heads the cells: in the head of their column, or before their row."""
    sheet, (left, top, right, bottom) = reference(book, formula)
    if top == bottom and left != right:
        return sheet.cell(top, 2).value
    heads = (sheet.cell(row, left) for row in range(top - 1, 0, -1))
    head = next(c for c in heads if isinstance(c.value, str) and c.fill.fgColor.rgb[-6:] in HEADS)
    return " ".join(head.value.split())


HEADS = {theme.NAVY.removeprefix("#"), theme.SLATE.removeprefix("#")}


def drawn_values(book, result, series):
    sheet, (left, top, right, bottom) = reference(book, series.val.numRef.f)
    return [result.at(cell) for row in sheet.iter_rows(top, bottom, left, right) for cell in row]

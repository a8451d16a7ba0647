"""What each chart draws is what its title says."""

from collections import defaultdict
from io import BytesIO

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from addin.template import campaigns, theme

HEADINGS = {
    "What came back of the spend, by month since launch": [
        "Return, sold at once only (ROI)", "Return with follow-up (ROC)", "Break-even line",
        "End: Return, sold at once only (ROI)", "End: Return with follow-up (ROC)", "End: Break-even line",
    ],
    "From ROI to ROC: what each part brought back of the spend, after margin": [
        "Base", "Rise after margin", "Total after margin",
    ],
    "What came back of the spend, after margin, by months since launch": [None] * 6,
    "Shares of detractors, passives and promoters, by the scale asked": [
        "Detractors, share", "Passives, share", "Promoters, share",
    ],
    "Answers by score, on the scale shown": ["Shown: detractors", "Shown: passives", "Shown: promoters"],
    "People on each level of engagement (log scale)": ["Space before", "Bar, log scale"],
    "Net value of one person by level, in the currency of Inputs": ["Net value of a person", "Net loss of a person"],
    "Customers at each stage of the lifecycle": ["Space before", "Customers"],
    "A customer for life by segment, in the currency of Inputs": ["ForLife"],
    "Share of customers that bought again, by months since the first order": ["All that old"],
    "Repeat orders so far: as they came, and by the model": ["Actual", "Model"],
    "Repeat orders expected in each four weeks of the next year": ["Expected"],
    "Value back for time and money put in, by partner": ["ROR"],
    "Customers who were new and who came back, by month": ["New", "Back"],
    "By how much each driver moves the net return after a year": ["Down", "Up"],
}  # fmt: skip


@pytest.fixture(scope="module")
def opened(built):
    """For reading only."""
    return openpyxl.load_workbook(BytesIO(built))


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


def test_a_line_leaves_out_what_is_missing(opened):
    """LibreOffice draws it at 0 where the file does not say otherwise."""
    lines = [c for sheet in opened.worksheets for c in sheet._charts if c.tagname == "lineChart"]
    assert len(lines) > 3
    assert {chart.display_blanks for chart in lines} == {"span"}


def test_a_rank_without_a_campaign_is_not_ruled(opened):
    assert opened["Campaigns"][f"B{campaigns.LAST_ROW}"].border.bottom.style is None


MEANS = {
    "ROI": theme.AT_ONCE, "Break-even": theme.GREY, "Detractors": theme.LOSS, "Passives": theme.NEUTRAL,
    "Model": theme.LATER, "Expected": theme.LATER, "Back": theme.LATER, "Actual": theme.PEOPLE, "New": theme.PEOPLE,
    "Net loss": theme.LOSS, "Bought again": theme.PEOPLE, "People": theme.PEOPLE,
    **dict.fromkeys(["ROC", "Total", "Net value", "For life", "Return", "Promoters"], theme.RETURN),
}  # fmt: skip
"""What each series is, and the one colour that means it in all charts."""


def test_a_measure_has_the_same_colour_in_every_chart(opened):
    drawn = defaultdict(set)
    for series in (series for sheet in opened.worksheets for chart in sheet._charts for series in chart.series):
        name = series.tx.v or "".join(point.v for point in series.tx.strRef.strCache.pt)
        look = series.graphicalProperties
        fill = look.solidFill or (look.line.solidFill if look.line else None)
        if fill is not None and name in MEANS:
            drawn[name].add(f"#{getattr(fill.srgbClr, 'val', fill.srgbClr)}")
    assert drawn == {name: {colour} for name, colour in MEANS.items()}


def test_bars_start_at_zero(opened):
    """Where some may hang below it the program shows zero of itself."""
    both = {"Net value of one person by level, in the currency of Inputs",
            "By how much each driver moves the net return after a year"}  # fmt: skip
    bars = [chart for sheet in opened.worksheets for chart in sheet._charts if chart.tagname == "barChart"]
    assert len(bars) > 8
    for chart in bars:
        assert chart.y_axis.scaling.min == (None if title(chart) in both else 0), title(chart)


def test_a_line_is_named_where_it_ends(opened, as_shipped):
    """Only the forecast's two lines, which lie on each other, and no chart on Dashboard, need a legend."""
    lines = [chart for sheet in opened.worksheets for chart in sheet._charts if chart.tagname == "lineChart"]
    assert {title(chart) for chart in lines if chart.legend} == {"Repeat orders so far: as they came, and by the model"}
    chart = opened["Dashboard"]._charts[0]
    ends = [drawn_values(opened, as_shipped, series) for series in chart.series[3:]]
    assert [[value for value in values if value != "#N/A"] for values in ends] == [[0.6], [1.275], [1.0]]
    assert all(values[-1] != "#N/A" for values in ends)
    assert [series.dLbls and series.dLbls.showSerName for series in chart.series] == [None] * 3 + [True] * 3

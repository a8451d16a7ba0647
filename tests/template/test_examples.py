"""Without the sample every input that is as it came is counted, and says so where it stands; with it, none."""

import pytest

from addin.template import inputs
from addin.template.rules.book_reader import emptied, is_input, with_values

RULES = {"in_M1", "in_M2", "in_M3", "in_Horizon", "in_Confidence", "in_TopShare", "in_ActiveMonths", "in_JudgeMonths"}
"""They say how things are counted, and are no figures of a business."""
MARKS = {"Inputs": "I", "Pyramid": "P", "Scenarios": "H"}
"""Where the marks stand."""


def came_with(book):
    """How many numbers each row of inputs comes with; a level that has none of something comes with no figure."""
    rows = {}
    for sheet in ("Inputs", "Pyramid"):
        for cell in (cell for row in book[sheet].iter_rows() for cell in row if is_input(cell)):
            a_rule = sheet == "Inputs" and cell.row in {inputs.ROW[name] for name in RULES}
            if isinstance(cell.value, (int, float)) and not a_rule and (cell.value or sheet == "Inputs"):
                rows[sheet, cell.row] = rows.get((sheet, cell.row), 0) + 1
    return rows


def at(sheet, row):
    return f"{sheet}!{MARKS[sheet]}{row}"


def words(count):
    return "example value" if count == 1 else f"{count} example values"


def marks(value_at):
    """All cells of the columns of marks that hold one, by their address."""
    places = [(sheet, row) for sheet in MARKS for row in range(4, 60)]
    shown = {at(*place): str(value_at(at(*place)) or "") for place in places}
    return {place: text for place, text in shown.items() if "example value" in text}


def expected(book):
    """On Scenarios each driver shows the mark of its input, and the blank margin of the plan that of the margin."""
    rows = came_with(book)
    found = {at(*place): words(count) for place, count in rows.items()}
    drivers = ["PlanBudget", "PlanReach", "PlanBuyers", "PlanPrice", "PlanReorder", "PlanNew", "PlanReturn",
               "PlanFollowUp", "Margin"]  # fmt: skip
    of = {6 + place: rows["Inputs", inputs.ROW[f"in_{driver}"]] for place, driver in enumerate(drivers)}
    return found | {at("Scenarios", row): words(count) for row, count in of.items()}


def starts(text):
    """The mark itself: on Inputs the source stands behind it."""
    return text.partition(";")[0]


@pytest.mark.thorough
def test_without_the_sample_each_is_marked_and_counted(empty, calculate):
    _all_marked(empty, calculate(empty))


@pytest.mark.thorough
def test_formulon_marks_the_same(empty, by_formulon):
    _all_marked(empty, by_formulon(empty))


def _all_marked(empty, result):
    total = sum(came_with(empty).values())
    assert {place: starts(text) for place, text in marks(result.__getitem__).items()} == expected(empty)
    assert result["Dashboard!C3"] == result["d_Survey!C3"] == f"EXAMPLE VALUES: {total}"
    assert result["Start!B7"].startswith(f"EXAMPLE VALUES: {total} inputs are as they came")
    labels = [result["Pyramid!B28"], result["Pyramid!B32"], result["Pyramid!B37"]]
    assert labels == ["Just looking (1,200, example)", "Total market", "Telling others (example)"]


@pytest.mark.thorough
def test_libreoffice_marks_the_same(built, empty, by_libreoffice):
    values = with_values(emptied(built), by_libreoffice)
    shown = marks(lambda place: values[place.partition("!")[0]][place.partition("!")[2]].value)
    assert {place: starts(text) for place, text in shown.items()} == expected(empty)
    assert values["Dashboard"]["C3"].value == f"EXAMPLE VALUES: {sum(came_with(empty).values())}"


@pytest.mark.thorough
def test_typing_over_an_input_takes_its_mark_off(empty, calculate, set_input):
    total = sum(came_with(empty).values())
    before = marks(calculate(empty).__getitem__)
    for name, value in (("in_Margin", 0.4), ("in_PlanBuyers", 0.02), ("in_Lookers", 50), ("in_HourCost", None)):
        set_input(empty, name, value)
    empty["Pyramid"]["F45"].value = 0.5
    empty["Pyramid"]["G10"].value = 3
    result = calculate(empty)
    after = marks(result.__getitem__)
    gone = {at("Inputs", inputs.ROW[name]) for name in ("in_Margin", "in_Lookers", "in_HourCost")}
    assert before.keys() - after.keys() == gone | {"Pyramid!P45", "Pyramid!P10", "Scenarios!H14"}
    assert result[at("Inputs", inputs.ROW["in_PlanBuyers"])].startswith("2 example values; Article: 200 of 20,000")
    assert result["Scenarios!H8"] == "2 example values"
    assert result["Dashboard!C3"] == f"EXAMPLE VALUES: {total - 6}"
    assert (result["Pyramid!B28"], result["Pyramid!B33"]) == ("Just looking (50)", "Just looking")


def test_with_the_sample_nothing_is_marked(as_shipped):
    assert marks(as_shipped.__getitem__) == {}
    assert as_shipped["Dashboard!C3"] == "SAMPLE DATA"
    assert (as_shipped["Pyramid!B28"], as_shipped["Pyramid!B37"]) == ("Just looking (1,200)", "Telling others")


@pytest.mark.thorough
def test_all_typed_over_leave_no_banner(empty, calculate):
    for sheet, row in came_with(empty):
        for cell in (cell for cell in empty[sheet][row] if is_input(cell) and cell.value is not None):
            cell.value += 0.001
    result = calculate(empty)
    assert (result["out_Banner"], result["Start!B7"], marks(result.__getitem__)) == ("", "", {})

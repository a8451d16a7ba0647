"""The template in other languages: every label has a text, nothing else changes, and the commands work on it."""

import math
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from xml.etree import ElementTree

import openpyxl
import pytest

from addin.catalogue import catalogue
from addin.errors import BookError
from addin.schema import SAMPLE_MARK, schemas, terms
from addin.schema.preset_samples import sample_rows
from addin.template import lifecycle, lists, pyramid, workbook
from addin.template.presets import presets
from addin.template.rules import check
from addin.template.rules.book_reader import Opened, formulas, is_data
from addin.template.texts import PIECE, SAMPLE, WORDS, Texts, languages, pieces, texts
from addin.template.workbook import pages, write_template
from addin.xlsx.browser_copy import for_browsers
from addin.xlsx.package import Package
from addin.xlsx.template_copy import language_of

LANGUAGES = [language for language in languages() if language != "en"]
WORD = re.compile(r"[^\W\d_]{2}")
PLACE = re.compile(r"d_\w+(?:![A-Z]+)?")
ENGLISH = re.compile(
    r"\b(?:the|of|and|with|by|from|what|who|which|that|is|are|as|at|on|where|each|their|its|per|for|this|not|month|"
    r"orders?|customers?|revenue|spend|share|year)\b", re.IGNORECASE,
)  # fmt: skip
STORED = {
    *(word for listed in lists.BANDS for picks in listed for word in picks.items),
    *(word for value in vars(terms).values() if isinstance(value, (list, dict)) for word in value),
    *catalogue(), *(page.name for page in pages()), *schemas(),
    *(column.name for table in schemas().values() for column in table.columns),
    terms.NO_CAMPAIGN, terms.NO_DATA, "Refresh all", "Net Promoter Score", "Net promoter score", "as_of", "Refresh",
}  # fmt: skip
"""What formulas, loaders and buttons know, which stays in every language."""


@pytest.fixture(scope="module", params=LANGUAGES)
def written(request):
    """The template as it is written in a language, with the labels that have no text in it."""
    missing = defaultdict(set)

    class Noting(Texts):
        def said(self, text, sheet=""):
            if WORD.search(text) and not PLACE.fullmatch(text) and self.find(text, sheet) is None:
                missing[text].add(sheet)
            return super().said(text, sheet)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "texts", lambda language, _: Noting(language, texts(language).tables))
        data = write_template(request.param)
    return request.param, Opened(data), missing


@pytest.fixture(scope="module")
def english(template):
    return Opened(template)


def test_every_label_has_a_text_in_every_language(written):
    _, _, missing = written
    assert dict(missing) == {}


STORED_WORDS = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, STORED), key=len, reverse=True))})(?!\w)")


def shown(opened):
    """What a reader meets that is no row of a table: cells, pieces of formulas, charts, messages, what is printed."""
    for sheet in opened.book.worksheets:
        rows = sheet.iter_rows(max_row=3) if is_data(sheet) else sheet.iter_rows()
        for cell in (cell for row in rows for cell in row if isinstance(cell.value, str)):
            coded = (sheet.title == "Functions" and cell.column_letter in "BCE") or cell.value.startswith("tbl")
            if cell.data_type == "f":
                yield from ((f"{sheet.title}!{cell.coordinate}", text) for text, label in pieces(cell.value) if label)
            elif not coded and not cell.quotePrefix:
                yield f"{sheet.title}!{cell.coordinate}", cell.value
        for rule in sheet.data_validations.dataValidation:
            for text in (rule.promptTitle, rule.prompt, rule.errorTitle, rule.error):
                yield f"{sheet.title}, a message at {rule.sqref}", text or ""
        yield f"{sheet.title}, foot", f"{sheet.oddFooter.center.text} {sheet.oddFooter.right.text}"
    for part in opened.package.namelist():
        if part.startswith(("xl/charts/chart", "xl/drawings/drawing")):
            for element in ElementTree.fromstring(opened.package.read(part)).iter():
                if element.tag.endswith("}t"):
                    yield part, element.text or ""
                yield part, element.get("descr", "")


@pytest.mark.thorough
def test_no_english_label_is_left(written):
    _, opened, _ = written
    places = list(shown(opened))
    assert len(places) > 2000
    assert [(place, text) for place, text in places if ENGLISH.search(STORED_WORDS.sub("", text))] == []


@pytest.mark.thorough
def test_formulas_differ_in_their_labels_alone(written, english):
    _, opened, _ = written
    ours, theirs = ({place: formula for place, _, formula in formulas(each.book)} for each in (opened, english))
    assert {place: formula for place, formula in theirs.items()
            if PIECE.sub('""', ours.get(place, "")) != PIECE.sub('""', formula)} == {}  # fmt: skip
    changed = [place for place, formula in theirs.items() if ours[place] != formula]
    assert len(changed) > 100
    assert not [place for place in changed if place.startswith("d_") and not place.endswith(("B2", "B3", "C3"))]
    for name, defined in english.book.defined_names.items():
        assert opened.book.defined_names[name].attr_text == defined.attr_text


@pytest.mark.thorough
def test_rows_say_the_same_and_lists_stay_as_they_are(written, english):
    language, opened, _ = written
    own = texts(language).tables[SAMPLE]
    for sheet in filter(is_data, english.book.worksheets):
        ours = [[cell.value for cell in row] for row in opened.book[sheet.title].iter_rows(min_row=4)]
        assert ours == [[own.get(cell.value, cell.value) for cell in row] for row in sheet.iter_rows(min_row=4)]
    for name, defined in english.book.defined_names.items():
        if name.startswith(("lst_", "in_")):
            [(title, cells)] = defined.destinations
            area = [[cell.value for cell in row] for row in _rows(opened.book[title], cells)]
            theirs = _rows(english.book[title], cells)
            assert area == [[own.get(cell.value, cell.value) for cell in row] for row in theirs]


def _rows(sheet, cells):
    found = sheet[cells.replace("$", "")]
    return found if isinstance(found, tuple) else ((found,),)


@pytest.mark.thorough
def test_what_excel_limits_is_short_enough(written):
    """A title of a message has 32 characters, the message 255, a text in a formula 255."""
    _, opened, _ = written
    for sheet in opened.book.worksheets:
        for rule in sheet.data_validations.dataValidation:
            assert max(len(rule.promptTitle or ""), len(rule.errorTitle or "")) <= 32, rule.promptTitle
            assert max(len(rule.prompt or ""), len(rule.error or "")) <= 255, rule.prompt
    assert max(len(text) for _, _, formula in formulas(opened.book) for text in PIECE.findall(formula)) <= 255


@pytest.mark.thorough
def test_as_many_messages_as_in_english(written, english):
    """What is too long for Excel would be left out."""
    _, opened, _ = written
    for sheet in english.book.worksheets:
        told = {str(rule.sqref) for rule in opened.book[sheet.title].data_validations.dataValidation}
        assert told >= {str(rule.sqref) for rule in sheet.data_validations.dataValidation}, sheet.title


@pytest.mark.parametrize(
    ("formula", "labels"),
    [
        ('="Churn used: "&in_Churn', ["Churn used: "]),
        ('=IF(A1="","no data",A1)', ["no data"]),
        ('=IF(in_Answers="Both, pooled",1,0)', []),
        ('=IFERROR(LIFESPAN(0.02,"years"),"add-in needed")', ["add-in needed"]),
        ('=COUNTIF(tblIntros[Outcome],"Business")', []),
        ('=IF(A1>0,"a ""quoted"" word","")', ['a "quoted" word']),
        ("=IFERROR(VLOOKUP(\"Caused\",T,2,0),\"–\")", ["–"]),
    ],
)  # fmt: skip
def test_texts_that_are_compared_or_handed_on_are_no_labels(formula, labels):
    assert [text for text, label in pieces(formula) if label] == labels
    rebuilt = "".join('"' + t.replace('"', '""') + '"' if label else t for t, label in pieces(formula))
    assert rebuilt == formula


def test_a_text_that_is_put_together_takes_its_parts_from_the_table():
    own = Texts("xx", {"everywhere": {"{} more.": "Más: {}.", "Reach": "Alcance"}, "Checks": {"Left": "Izquierda"}})
    assert own.said("Reach more.") == "Más: Alcance."
    assert own.said("5 more.") == "Más: 5."
    assert own.said("An unknown text more.") == "An unknown text more."
    assert own.said("Left", "Checks") == "Izquierda"
    assert own.said("Left", "Pyramid") == "Left"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_of_the_sample_is_in_it_and_keeps_its_mark(language):
    rows = {
        value
        for preset in presets()
        for schema in schemas().values()
        for row in sample_rows(schema, preset)
        for value in row
        if isinstance(value, str)
    }
    own = texts(language).tables[SAMPLE]
    assert own.keys() <= rows
    codes = {item for band in lists.BANDS for picks in band for item in picks.items}
    assert own.keys() & codes == set()
    assert {text for text in own if SAMPLE_MARK in text.casefold()} == {
        text for text, said in own.items() if SAMPLE_MARK in said.casefold()
    }


def test_an_unknown_language_is_an_error_of_one_sentence():
    with pytest.raises(BookError, match=r"^there is no template in the language fr; choose one of en, es$"):
        texts("fr")


def roc(folder, *arguments):
    command = [sys.executable, "-m", "addin", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200, cwd=folder)


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request, tmp_path_factory):
    """A copy in a language, as the command makes it."""
    folder = tmp_path_factory.mktemp("made")
    process = roc(folder, "new", "plan.xlsm", "--language", request.param)
    assert process.returncode == 0, process.stderr
    return request.param, folder / "plan.xlsm"


@pytest.mark.thorough
def test_it_calculates_the_same_numbers_and_keeps_every_rule(made, as_shipped):
    language, path = made
    assert language_of(Package.read(path)) == language
    own = openpyxl.load_workbook(path, data_only=True)
    numbers = 0
    for sheet in as_shipped.values.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            value, ours = cell.value, own[sheet.title][cell.coordinate].value
            if isinstance(value, (int, float)):
                numbers += 1
                assert math.isclose(ours, value, rel_tol=1e-9, abs_tol=1e-12), f"{sheet.title}!{cell.coordinate}"
            elif not isinstance(value, str) and sheet.title != "Start":
                assert ours == value, f"{sheet.title}!{cell.coordinate}"
    assert numbers > 15_000
    names = (own.defined_names[f"out_Gross{step}"].attr_text.rpartition("!")[2] for step in (1, 2, 3))
    assert [own["ROI_ROC"][name].value for name in names] == pytest.approx([0.6, 0.69, 1.275])
    assert check(path.read_bytes()) == []


@pytest.mark.thorough
def test_charts_name_levels_and_stages_in_the_words_of_the_book(made):
    language, path = made
    sheet = openpyxl.load_workbook(path, data_only=True)["Pyramid"]
    for words, first in (
        (terms.LEVELS, pyramid.FEED_FIRST),
        (reversed(terms.LEVELS), pyramid.CURVE_FIRST),
        (reversed(terms.STAGES[:-1]), lifecycle.FEED_FIRST),
    ):
        for row, word in enumerate(words, start=first):
            assert sheet[f"B{row}"].value.casefold().startswith(texts(language).meaning(word, WORDS)), word


@pytest.mark.thorough
def test_macros_are_those_of_the_english_book(made, project):
    """Excel finds the code of a sheet by the name that the sheet's part says."""
    english, ours = Package.read(project / "workbook_template.xlsm"), Package.read(made[1])
    assert ours.parts == english.parts
    assert ours.part("xl/vbaProject.bin") == english.part("xl/vbaProject.bin")
    for part in english.sheets.values():
        code = re.search(rb'<sheetPr codeName="[^"]+"', english.part(part))[0]
        assert code in ours.part(part)


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_the_commands_work_on_a_book_in_another_language(made, tmp_path):
    language, path = made
    shutil.copy(path, tmp_path)
    (tmp_path / "orders.csv").write_text("Order,Date,Customer,Price\nA1,2025-02-03,K001,30\nA2,2025-02-04,K002,40\n")
    for steps in (
        ("follow-up", "plan.xlsm", "Immediate sale", "10", "25", "--date", "2026-03-10"),
        ("load", "plan.xlsm", "orders.csv", "--append", "--yes"),
        ("refresh", "plan.xlsm"),
        ("check", "plan.xlsm"),
        ("upgrade", "plan.xlsm", "new.xlsm"),
        ("share", "plan.xlsm", "shared.xlsx", "--without-personal"),
    ):
        process = roc(tmp_path, *steps)
        assert process.returncode == 0, process.stdout + process.stderr
        assert "not brought" not in process.stdout
    upgraded = Package.read(tmp_path / "new.xlsm")
    assert language_of(upgraded) == language
    headings = {texts(language).said(heading, "Inputs") for heading in ("1  What to show", "2  Money", "6  Loyalty")}
    florist = texts(language).tables[SAMPLE]["Beautiful bouquets at 30 (sample)"]
    for package in (upgraded, Package.read(tmp_path / "shared.xlsx"), for_browsers(Package.read(path))):
        assert list(package.sheet("d_Campaigns").values((5, 3, 5, 3), package.texts)) == [[florist]]
        assert headings <= {value for [value] in package.sheet("Inputs").values((5, 2, 50, 2), package.texts)}

"""What is defined once has no second definition elsewhere in the package."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

import addin

ROOT = Path(addin.__file__).parent
SOURCES = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in ROOT.rglob("*.py")}

ONCE = {
    "serials and dates": (r"\b1899, 12|1899-12|\.toordinal\(|fromordinal\(", {"values.py"}),
    "letters of columns": (
        r"divmod\([^)]*\b26\)|\* 26 \+|get_column_letter|column_index_from_string|xl_col_to_name", {"values.py"},
    ),
    "reading CSV": (r"csv\.(?:reader|DictReader)|pd\.read_csv", {"tabular/text_files.py"}),
    "reading Excel files for their rows": (
        r"\bload_workbook\(|read_excel\(",
        # those below look at the template itself, at its formulas, looks and locks
        {"tabular/excel_files.py", "template/rules/book_reader.py", "template/pictures.py", "cli/main.py",
         "xlsx/upgrade.py"},
    ),
    "parsing XML": (
        r"expat\.ParserCreate|\bfromstring\(|ElementTree\.parse|minidom",
        # archive looks no further than the first element; template_words reads what the scanner has taken apart; the
        # rules read by openpyxl; the extension runs inside LibreOffice, without the package
        {"archive.py", "xlsx/scanner.py", "xlsx/impersonal/template_words.py",
         "template/rules/data.py", "template/rules/formulas.py", "template/rules/looks.py",
         "hosts/calc/extension/excel_files.py"},
    ),
    "elements of XML by patterns": (
        r"re\.(?:compile|sub|findall)\(\s*rb?[\"']\(?<\w",
        # two write into files that LibreOffice and Excel have saved a moment before, each in its one form; the third
        # passes over cells in the form that most programs write, and leaves all others to the scanner
        {"hosts/calc/extension/excel_files.py", "hosts/excel/workbook_files.py", "xlsx/plain_xml.py"},
    ),
}  # fmt: skip
"""What is defined once: what gives a definition away, and where it may stand."""

ROOMS = ("actions/", "cli/", "files.py", "hosts/", "models/", "present.py", "sources/", "tabular/", "xlsx/")
"""Where sentences are made that people read, beside the labels of functions and of the template."""


@pytest.mark.parametrize("what", ONCE)
def test_it_stands_in_one_place(what):
    sign, places = ONCE[what]
    assert {path for path, text in SOURCES.items() if re.search(sign, text)} == places


def sentences(text):
    tree = ast.parse(text)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_a_sentence_is_written_once():
    places = defaultdict(set)
    for path, text in SOURCES.items():
        if path.startswith(ROOMS):
            for sentence in sentences(text):
                if len(sentence) >= 30 and sentence.count(" ") >= 4:
                    places[sentence].add(path)
    assert {sentence: found for sentence, found in places.items() if len(found) > 1} == {}

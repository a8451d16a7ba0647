"""The documentation says what is so: its commands, options, functions, links, sheets and paths exist."""

import doctest
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer
from test_imports import ALLOWED

from addin import __version__
from addin.calling import call
from addin.catalogue import catalogue
from addin.cli.main import app
from addin.sources import HEADINGS
from addin.template.workbook import PAGES

ROOT = Path(__file__).parent.parent
PAGES_OF_DOCS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
ROC = typer.main.get_command(app)
COMMANDS = ROC.commands
LINK = re.compile(r"\]\(([^)]+)\)")
LONGEST_README = 150


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def command_lines(page: Path) -> list[list[str]]:
    """What the page shows to be typed: the indented lines that begin with roc."""
    return [shlex.split(line)[1:] for line in re.findall(r"^ {4,}(roc .+)$", text_of(page), re.MULTILINE)]


def mentioned(page: Path) -> list[list[str]]:
    """Commands named within a sentence or a table."""
    return [named.split()[1:] for named in re.findall(r"`(roc [^`]+)`", text_of(page))]


def options_of(command) -> set[str]:
    """The options of a command, but for those that all have."""
    named = (parameter for parameter in command.params if parameter.param_type_name == "option")
    return {flag for parameter in named for flag in (*parameter.opts, *parameter.secondary_opts)} - {"--help"}


def headings(page: Path) -> set[str]:
    """The anchors of a page."""
    found = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in found}


every_page = pytest.mark.parametrize("page", PAGES_OF_DOCS, ids=lambda page: page.name)


@every_page
def test_command_lines_are_understood(page):
    for name, *arguments in command_lines(page):
        assert name in COMMANDS
        COMMANDS[name].make_context(name, arguments)


@every_page
def test_commands_and_options_that_are_named_exist(page):
    for name, *rest in mentioned(page):
        assert name in {*COMMANDS, "COMMAND"}
        flags = {word for word in rest if word.startswith("--")} - {"--help"}
        assert name == "COMMAND" or flags <= options_of(COMMANDS[name])


def test_each_command_and_each_of_its_options_is_on_the_page_of_commands():
    page = ROOT / "docs" / "command-line.md"
    assert COMMANDS.keys() <= {name for name, *_ in mentioned(page)}
    text = text_of(page)
    for name, command in COMMANDS.items():
        assert {flag for flag in options_of(command) if f"{flag}`" not in text and f"{flag} " not in text
                and f"{flag}\n" not in text} == set(), name  # fmt: skip


@every_page
def test_links_lead_somewhere(page):
    for link in LINK.findall(text_of(page)):
        if not link.startswith("http"):
            target, _, anchor = link.partition("#")
            there = page.parent / target if target else page
            assert there.exists(), link
            assert not anchor or anchor in headings(there), link


@every_page
def test_functions_that_are_named_exist(page):
    assert set(re.findall(r"`[={]+([A-Z_]{2,})\(", text_of(page))) - {"IF"} <= catalogue().keys()


@every_page
def test_python_gives_what_the_page_says(page):
    results = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert results.failed == 0


def test_formulas_give_what_readme_says():
    rows = re.findall(r"^\| `=([A-Z_]+)\(([\d.,]+)\)` \| (-?[\d.]+) \|", text_of(ROOT / "README.md"), re.MULTILINE)
    assert len(rows) >= 4
    for name, arguments, value in rows:
        assert call(catalogue()[name], [float(each) for each in arguments.split(",")]) == pytest.approx(float(value))


def test_readme_holds_what_a_user_needs_and_no_more():
    assert len(text_of(ROOT / "README.md").splitlines()) <= LONGEST_README


def test_the_sheets_of_the_template_are_listed():
    named = set(re.findall(r"^\| ([^|]+) \|", text_of(ROOT / "docs" / "template.md"), re.MULTILINE))
    listed = {name.strip() for cell in named for name in cell.split(",")}
    assert {page.name for page in PAGES if not page.name.startswith("d_")} == listed - {"Sheet", "`d_` sheets"}


def test_the_columns_of_sources_are_listed():
    text = text_of(ROOT / "docs" / "sources.md")
    table = re.search(r"^\| Column \| Holds \|\n\|---\|---\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    listed = {name.strip() for row in table[1].splitlines() for name in row.split("|")[1].split(",")}
    assert listed == HEADINGS.keys()


@every_page
def test_extras_that_are_named_exist(page):
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    found = re.findall(r"(?:return-on-customer|\.)\[(\w+)\]'|`\[(\w+)\]`", text_of(page))
    assert {name for pair in found for name in pair if name} <= project["optional-dependencies"].keys()


@every_page
def test_files_that_are_named_exist(page):
    for path in re.findall(r"`((?:addin|tests|docs|\.ci)/[\w./]*)`", text_of(page)):
        assert (ROOT / path).exists(), path


def test_the_drawing_of_the_rooms_has_each_of_them():
    drawing = re.search(r"^```\n(.*?)^```", text_of(ROOT / "CONTRIBUTING.md"), re.MULTILINE | re.DOTALL)[1]
    rooms = re.findall(r"([\w/]+)(?:/|\.py)", drawing)
    assert ALLOWED.keys() - {"__init__", "__main__"} <= set(rooms)


def test_the_version_is_the_newest_of_the_changelog():
    assert re.findall(r"^## \[([^\]]+)\] - ", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)[0] == __version__

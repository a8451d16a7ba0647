"""Start: the answer in one line, what to do, what the colours mean, and where things are."""

from __future__ import annotations

from textwrap import wrap

from addin import __version__
from addin.schema import formats
from addin.schema.preset_samples import RETAIL
from addin.schema.terms import CHECK, ERROR, NO_DATA, OK
from addin.template import theme
from addin.template.lists import BANDS
from addin.template.presets import PRESET
from addin.template.sheet import Page, Sheet, TemplateBook
from addin.template.texts import ENGLISH, LANGUAGE, WORDS
from addin.template.theme import Style

STEPS = [
    ("1  Look", "Open Dashboard, then ROI_ROC: what the campaign sold at once, and what its customers brought later."),
    ("2  Replace", "On each d_ sheet clear the blue cells and paste your own rows; the other columns fill themselves."),
    ("", "Totals are enough: one row in d_Campaigns and three or four in d_FollowUps. What you have not, leave blank."),
    ("3  Check", "Pick your campaign on Inputs, then read Checks: every line says OK or no data before you share."),
]
INVENTED = (
    '=IF(out_SampleRows>0,"SAMPLE DATA: "&out_SampleRows&" rows of the tables are a made-up example.",'
    'IF(out_Examples>0,"EXAMPLE VALUES: "&out_Examples&" inputs are as they came; each says so where it stands.",""))'
)
COLOURS: list[tuple[int | str, Style, str]] = [
    (1234, theme.INPUT, "Input: type over it (blue on cream, unlocked)"),
    ("=B{above}", theme.CALC, "Calculation: a native formula, live in every spreadsheet program"),
    ("=B{above}", theme.LINKED, "Link: brought from another sheet"),
    ("=B{above}", theme.RESULT, "Result: a named cell that charts and other sheets use"),
    ("=B{above}", theme.FUNCTION, "Needs the add-in; Metrics, Functions and one block of Campaigns"),
]


KEPT = (
    "Names of sheets, headings of tables (choose one to read what it means) and what lists offer, since formulas and "
    "files know them:"
)
KEPT_WORDS = {
    **{picks.heading: picks.items for band in BANDS for picks in band},
    "Results of Checks": [OK, NO_DATA, CHECK, ERROR],
}
LINE, NO_BREAK = 110, "\N{NO-BREAK SPACE}"
"""How many characters of meanings a line has, and what keeps an item together."""


def _write(book: TemplateBook) -> None:
    sheet = Sheet(
        book, PAGE.name, "Return on customer",
        "What does a campaign return at once, and what do its customers return later?",
        tab=theme.TAB_LOOK, widths=[2, 26, 98, 24], freeze="A4",
    )  # fmt: skip
    sheet.block(4, "The answer in one line")
    sheet.height(5, 24)
    sheet.put("B5", "=out_Headline", {"bold": True, "font_size": 11, "font_color": theme.TEAL})
    sheet.put("B6", "=out_HeadlineNet")
    sheet.put("B7", INVENTED, {"bold": True, "font_color": theme.AMBER_TEXT})
    row = _steps(sheet, 9)
    row = _colours(sheet, row + 1)
    row = _contents(sheet, row + 1)
    last = _about(sheet, row + 1)
    if book.preset.name != RETAIL:
        last += 1
        _made_as(sheet, last, "Preset", PRESET, book.preset.name)
    if book.texts.language != ENGLISH:
        last += 1
        _made_as(sheet, last, "Language", LANGUAGE, book.texts.language)
    sheet.print_to(_kept_words(sheet, last + 1))


def _steps(sheet: Sheet, row: int) -> int:
    sheet.block(row, "Three steps")
    for row, (step, text) in enumerate(STEPS, start=row + 1):  # noqa: B020  # the block's rows go on from its heading
        sheet.put(f"B{row}", step, theme.STRONG)
        sheet.put(f"C{row}", text)
    return row + 1


def _colours(sheet: Sheet, row: int) -> int:
    sheet.block(row, "Cell colours")
    for row, (value, style, meaning) in enumerate(COLOURS, start=row + 1):  # noqa: B020
        shown = value.format(above=row - 1) if isinstance(value, str) else value
        sheet.put(f"B{row}", shown, style, number=formats.WHOLE)
        sheet.put(f"C{row}", meaning, theme.LABEL)
    return row + 1


def _contents(sheet: Sheet, row: int) -> int:
    sheet.block(row, "Where things are")
    for page in sheet.book.pages:
        if page.name != sheet.name:
            row += 1
            look = sheet.book.format(theme.LINK)
            tip = f"{sheet.said('Go to')} {page.name}"
            sheet.ws.write_url(f"B{row}", f"internal:'{page.name}'!A1", look, page.name, tip)
            sheet.put(f"C{row}", page.purpose)
    return row + 1


def _about(sheet: Sheet, row: int) -> int:
    sheet.block(row, "About")
    facts = [
        ("Template version", __version__),
        ("Add-in", "=out_AddinState"),
        ("Last refresh", '=IF(out_LastRefresh="","never",out_LastRefresh)'),
        ("Worked example", "A florist's campaign, after an article on return on customer; all else is invented."),
    ]
    for row, (label, text) in enumerate(facts, start=row + 1):  # noqa: B020
        sheet.put(f"B{row}", label, theme.UNIT)
        sheet.put(f"C{row}", text)
    return row


def _made_as(sheet: Sheet, row: int, label: str, name: str, value: str) -> None:
    """Say in which language, or for which business, the book was made; commands read it there."""
    sheet.put(f"B{row}", label, theme.UNIT)
    sheet.stored(f"C{row}", value)
    sheet.define(name, f"C{row}")


def _kept_words(sheet: Sheet, row: int) -> int:
    """What the words mean that formulas and loaders know as they are; nothing where they mean what they say."""
    meant = {heading: [(item, meaning) for item in dict.fromkeys(items)
                       if (meaning := sheet.book.texts.meaning(item, WORDS))]
             for heading, items in KEPT_WORDS.items()}  # fmt: skip
    if not any(meant.values()):
        return row - 1
    sheet.block(row + 1, "Words that stay as they are")
    sheet.put(f"B{row + 2}", KEPT, theme.NOTE)
    row += 3
    for heading, items in meant.items():
        if items:
            sheet.put(f"B{row}", heading, theme.UNIT)
        meanings = (f"{item}: {meaning}".replace(" ", NO_BREAK) for item, meaning in items)
        for line in wrap(", ".join(meanings), LINE):
            sheet.stored(f"C{row}", line.replace(NO_BREAK, " "))
            row += 1
    return row - 1


PAGE = Page("Start", "What this workbook answers, and how to use it", _write)

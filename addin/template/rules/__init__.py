"""The rules R01 to R33 that the template and every copy of it keep, and the check that tries them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from addin.template.rules import data, formulas, looks, room
from addin.template.rules.book_reader import Finding, Opened, Rule

RULES: dict[str, Rule] = {
    "R01": looks.no_merged_cells,
    "R02": formulas.no_links_to_other_books,
    "R03": formulas.no_volatile_functions,
    "R04": formulas.only_functions_of_2016,
    "R05": formulas.no_numbers_in_formulas,
    "R06": formulas.short_formulas,
    "R07": formulas.shallow_ifs,
    "R08": formulas.one_formula_along_the_months,
    "R09": looks.inputs_look_like_inputs,
    "R10": looks.no_loose_numbers,
    "R11": looks.sheets_are_protected,
    "R12": looks.panes_are_frozen,
    "R13": looks.prints_well,
    "R14": looks.charts_have_alt_text,
    "R15": looks.text_can_be_read,
    "R16": looks.inputs_say_unit_and_source,
    "R17": looks.inputs_are_validated,
    "R18": formulas.names_are_sound,
    "R19": formulas.inputs_and_lists_are_used,
    "R20": data.data_is_in_tables,
    "R21": data.checks_are_passed,
    "R22": looks.flag_on_every_sheet,
    "R23": data.no_error_values,
    "R24": data.values_are_saved,
    "R25": looks.one_font,
    "R26": looks.nothing_is_hidden,
    "R27": formulas.add_in_functions_are_guarded,
    "R28": looks.titles_are_plain,
    "R29": data.stands_empty,
    "R30": data.tables_fill_down,
    "R31": data.sample_is_marked,
    "R32": data.florist_is_right,
    "R33": room.no_text_is_cut_off,
}


OF_DATA = frozenset({"R02", "R20", "R23", "R30"})
"""The rules of what is wrong with the data of a book, beside its own Checks; the others are of how it is built."""


@dataclass(frozen=True)
class Broken:
    """A rule that is broken somewhere: its number, what it asks for, and the finding."""

    rule: str
    asks: str
    finding: Finding


def check(book: bytes, calculate: Callable[[bytes], bytes] | None = None, *, design: bool = True) -> list[Broken]:
    """Everything in a workbook that breaks a rule, or a rule of data alone without `design`.

    `calculate` gives a workbook back with the values its formulas come to; without it R29, which looks at
    the book with its rows blank, is left out.
    """
    opened = Opened(book, calculate)
    return [
        Broken(number, (rule.__doc__ or "").strip(), finding)
        for number, rule in RULES.items()
        if design or number in OF_DATA
        for finding in rule(opened)
    ]

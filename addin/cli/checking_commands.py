"""The commands that check a workbook file, and repair what another program lost."""

from __future__ import annotations

from typing import Annotated

import typer

from addin import present
from addin.cli import output
from addin.cli.workbook_commands import AsJson, BookFile, open_book


def check(
    book: BookFile,
    design: Annotated[bool, typer.Option("--design", help="Also try how the template is built and looks.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check the data of a copy of the template; exit 1 if anything is wrong."""
    from addin.actions.book import value_of
    from addin.actions.checking import check_inputs
    from addin.template.rules import check as broken_rules
    from addin.xlsx.calculation import calculate
    from addin.xlsx.package import Package

    with open_book(book, writes=False) as opened:
        saved = opened.package
        if value_of(opened, "chk_All") is None:  # as openpyxl leaves a file
            opened.calculate()
        checked = check_inputs(opened)
        opened.status("Checking the rules")
        recalculate = lambda data: calculate(Package(data, str(book)), everything=True).data  # noqa: E731  # said once
        broken = broken_rules((saved if design else opened.package).data, recalculate, design=design)
    findings = [
        *({"rule": "rows", "place": row.place, "text": row.reason} for row in checked.rows),
        *({"rule": f"Checks {line.number}", "place": f"Checks, line {line.number}",
           "text": present.compared(line)} for line in checked.lines),
        *({"rule": each.rule, "place": each.finding.place, "text": f"{each.finding.text} ({each.asks})"}
          for each in broken),
    ]  # fmt: skip
    if as_json:
        output.print_json({"book": str(book), "findings": findings})
    else:
        lines = present.findings(checked) + [f"{each.finding.place}: {each.finding.text} ({each.asks})  [{each.rule}]"
                                             for each in broken]  # fmt: skip
        for text in [*lines, f"{book}: {present.checked(len(findings))}"]:
            output.say(text)
    if findings:
        raise typer.Exit(1)


def repair(book: BookFile) -> None:
    """Put back what LibreOffice loses when it saves: the formulas that fill new rows of tables in Excel."""
    from addin.schema import schemas
    from addin.schema.formulas import in_row

    formulas = {
        name: {column: in_row(name, formula) for column, formula in schema.formulas.items()}
        for name, schema in schemas().items()
    }
    with open_book(book) as opened, opened.action("Repair"):
        count = opened.repair(formulas)
    output.say(f"{book}: {present.repaired(count)}")

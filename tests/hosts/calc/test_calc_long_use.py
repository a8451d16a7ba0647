"""Many formulas and many recalculations: the numbers stay right and nothing grows."""

import re
from pathlib import Path

import pytest

ROUNDS, EARLY = 500, 100
GROWTH = 2 * 1024
"""kB that a process may grow meanwhile; 60 bytes kept of each call would be more."""
FORMULAS = 10_000


def memory(pid):
    """A process's memory in kB."""
    return int(re.search(r"(?m)^VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


@pytest.mark.thorough
@pytest.mark.timeout(900)
def test_recalculated_again_and_again_it_takes_no_more_memory(office, document, sheet):
    sheet.put("A1", [[score % 11] for score in range(200)])
    formulas = document.Sheets.getByIndex(0).getCellRangeByName("C1:C50")
    formulas.setFormulaArray(tuple((f"=NPS(A1:A{row + 10})+CLV(5;20;{row})",) for row in range(1, 51)))
    early = {}
    for number in range(ROUNDS):
        document.calculateAll()
        if number == EARLY:
            early = {pid: memory(pid) for pid in (office.pid, *office.children())}
    assert len(early) == 2
    grown = {pid: memory(pid) - before for pid, before in early.items()}
    assert max(grown.values()) < GROWTH, grown


def test_ten_thousand_formulas(sheet):
    """The promoters less the detractors, counted here."""
    scores = [(7 * row * row + row // 3) % 11 for row in range(FORMULAS + 4)]
    sheet.cells.getCellRangeByName(f"A1:A{len(scores)}").setDataArray(tuple((float(score),) for score in scores))
    cells = sheet.cells.getCellRangeByName(f"B1:B{FORMULAS}")
    cells.setFormulaArray(tuple((f"=NPS(A{row}:A{row + 4})",) for row in range(1, FORMULAS + 1)))
    five = (scores[row : row + 5] for row in range(FORMULAS))
    assert [value for (value,) in cells.getDataArray()] == [
        20.0 * sum((score >= 9) - (score <= 6) for score in group) for group in five
    ]

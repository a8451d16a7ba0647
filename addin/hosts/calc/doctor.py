"""What works in LibreOffice Calc on this machine, and how to mend what does not."""

from __future__ import annotations

import json

import addin.metrics  # noqa: F401  # declares the functions
from addin.doctor import Finding
from addin.hosts.calc import places
from addin.hosts.calc.inside.link import Link
from addin.registry import METRICS

INSTALL = "run: roc install calc"


def findings() -> list[Finding]:
    """Look at everything that a formula in LibreOffice needs."""
    program = places.installer()
    if program is None:
        return [
            Finding("warn", "LibreOffice is not on this computer", f"to use it, install 7.4 or later, then {INSTALL}")
        ]
    found = [
        Finding("OK", f"LibreOffice is in {program.parent}"),
        Finding("OK", f"its user profile is {places.profile()}"),
    ]
    folder = places.extension()
    if folder is None:
        return [*found, Finding("warn", "the extension is not in LibreOffice", INSTALL)]
    found.append(Finding("OK", f"the extension is in {folder}"))
    link = Link(**json.loads((folder / "worker.json").read_text(encoding="utf-8")))
    try:
        works, sentences = link.about()
    finally:
        link.close()
    found += [Finding("OK" if works else "fail", sentence) for sentence in sentences]
    if json.loads((folder / "functions.json").read_text(encoding="utf-8")).keys() != METRICS.keys():
        found.append(Finding("warn", "the extension has other functions than this version", INSTALL))
    return found

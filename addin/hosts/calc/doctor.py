"""What works in LibreOffice Calc on this machine, and how to mend what does not."""

from __future__ import annotations

import json

from addin.catalogue import catalogue
from addin.doctor import Finding
from addin.hosts.calc import libreoffice_paths
from addin.hosts.calc.extension.server_process import Link

INSTALL = "run: roc install calc"


def findings() -> list[Finding]:
    """Look at everything that a formula in LibreOffice needs."""
    program = libreoffice_paths.installer()
    if program is None:
        return [
            Finding("warn", "LibreOffice is not on this computer", f"to use it, install 7.4 or later, then {INSTALL}")
        ]
    found = [
        Finding("OK", f"LibreOffice is in {program.parent}"),
        Finding("OK", f"its user profile is {libreoffice_paths.profile()}"),
    ]
    folder = libreoffice_paths.extension()
    if folder is None:
        return [*found, Finding("warn", "the extension is not in LibreOffice", INSTALL)]
    found.append(Finding("OK", f"the extension is in {folder}"))
    link = Link(**json.loads((folder / "worker.json").read_text(encoding="utf-8")))
    try:
        works, sentences = link.about()
    finally:
        link.close()
    found += [Finding("OK" if works else "fail", sentence) for sentence in sentences]
    if json.loads((folder / "functions.json").read_text(encoding="utf-8")).keys() != catalogue().keys():
        found.append(Finding("warn", "the extension has other functions than this version", INSTALL))
    return found

"""What works in LibreOffice Calc on this machine, and how to fix what does not."""

from __future__ import annotations

import json

from addin.catalogue import catalogue
from addin.doctor import Diagnosis, other_version
from addin.hosts.calc import libreoffice_paths
from addin.hosts.calc.extension.server_process import Link

INSTALL = "run: roc install calc"


def diagnoses() -> list[Diagnosis]:
    """Look at everything that a formula in LibreOffice needs."""
    program = libreoffice_paths.installer()
    if program is None:
        return [
            Diagnosis("warn", "LibreOffice is not on this computer", f"to use it, install 7.4 or later, then {INSTALL}")
        ]
    found = [
        Diagnosis("OK", f"LibreOffice is in {program.parent}"),
        Diagnosis("OK", f"its user profile is {libreoffice_paths.profile()}"),
    ]
    folder = libreoffice_paths.extension()
    if folder is None:
        return [*found, Diagnosis("warn", "the extension is not in LibreOffice", INSTALL)]
    found.append(Diagnosis("OK", f"the extension is in {folder}"))
    if not (folder / "interpreter.json").is_file():
        return [*found, other_version("the extension", INSTALL)]
    link = Link(**json.loads((folder / "interpreter.json").read_text(encoding="utf-8")))
    try:
        works, sentences = link.about()
    finally:
        link.close()
    found += [Diagnosis("OK" if works else "fail", sentence) for sentence in sentences]
    if json.loads((folder / "functions.json").read_text(encoding="utf-8")).keys() != catalogue().keys():
        found.append(Diagnosis("warn", "the extension has other functions than this version", INSTALL))
    return found

"""What the ribbon asks Python, beside the functions; each is called through xlwings as they are."""

from __future__ import annotations

import xlwings

from addin import __version__
from addin.doctor import Finding
from addin.hosts.excel import doctor, udfs


@xlwings.func
def take_failures() -> str:
    """Why our functions answered with errors since this was last asked."""
    told = "\n".join(dict.fromkeys(udfs.failures))
    udfs.failures.clear()
    return told


@xlwings.func
def diagnosis(add_in_version: str) -> str:
    """What Python can say of this machine, a line each."""
    findings = doctor.findings()
    if add_in_version != __version__:
        text = f"this file's macros are of version {add_in_version}, the installed package is {__version__}"
        findings.append(Finding("warn", text, "run: roc install excel"))
    return "\n".join(map(str, findings))

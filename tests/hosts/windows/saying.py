"""Run in Windows' Python: saying.py FILE PROFILE (-m MODULE | -c CODE | SCRIPT) ARGUMENTS; the output goes to FILE."""

import os
import runpy
import sys
from pathlib import Path

said, profile, *rest = sys.argv[1:]
sys.stdout = sys.stderr = Path(said).open("w", encoding="utf-8", buffering=1)  # noqa: SIM115  # to the end
os.environ |= {"USERPROFILE": profile, "APPDATA": profile + r"\AppData\Roaming"}
if rest[0] == "-m":
    sys.argv = rest[1:]
    runpy.run_module(rest[1], run_name="__main__", alter_sys=True)
elif rest[0] == "-c":
    sys.argv = ["-c", *rest[2:]]
    exec(rest[1], {"__name__": "__main__"})
else:
    sys.argv = rest
    runpy.run_path(rest[0], run_name="__main__")

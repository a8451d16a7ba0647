"""The macros do only what their text says: every name they use that is not theirs stands on a list here."""

import re

from addin.hosts.excel.forms import FORMS
from addin.hosts.excel.workbook_files import vba_sources
from addin.reserved import VBA_KEYWORDS

EXCEL = """
activecell activesheet activeworkbook address application areas bold calculate calculation cells column
columns columnwidth count currentarray dialogs enableevents evaluate font formula2 formulaarray getopenfilename
getsaveasfilename hasarray hasformula intersect isaddin
macro macrooptions argumentdescriptions category description onkey ontime operatingsystem range rows screenupdating
activate formulalocal formula2local international linksources name saved thisworkbook
xlcolumnseparator xldecimalseparator xlexcellinks xllistseparator xlrowseparator
selection spillparent statusbar usedrange value2 version workbook workbooks worksheet worksheets
iribboncontrol iribbonui invalidate tag
xlcalculationmanual xldialogfunctionwizard xlerrdiv0 xlerrna xlerrname xlerrnull xlerrnum xlerrref xlerrvalue
"""
"""Cells, calculation, the status bar, the ribbon, the names of files to load and to share as the user chooses them:
nothing that saves, opens, deletes, prints or sends. What the buttons write, Python writes: fake_excel.MEMBERS."""

FORM = """
accelerator additem cancel caption clear controls default enterkeybehavior fmscrollbarsvertical fmstyledropdownlist
listindex locked multiline scrollbars selstart setfocus style unload wordwrap
"""
LANGUAGE = """
_ add array chrw collection err explicit h2060 iif instr instrrev isarray isempty iserror isobject join lbound
lcase left msgbox number now raise replace right split timeserial typename ubound vartype vbcancel vblf vbnewline
vbdouble vbempty vbnullchar vbobjecterror vbquestion vbstring vbtab vbtextcompare vbyes vbyesno vbyesnocancel mac win64
"""
XLWINGS = "calludf fileexists getconfig getconfigfilepath parentfolder xlpy xlwings_version"
"""Procedures of xlwings' module: its configuration, and the server through which Python is reached."""

DECLARED = re.compile(r"\b(?:Sub|Function|Const|Private|Public|ByVal|ByRef|Optional)\s+(\w+)|[(,] ?(\w+) As Variant\)")
LABELS = "again failed notshown onedimension refused restore silent"
NEVER = {
    "shell", "createobject", "getobject", "kill", "saveas", "save", "sendmail", "followhyperlink", "filecopy",
    "environ", "sendkeys", "vbproject", "execute", "declare", "chdir", "filesystem", "run",
}  # fmt: skip


def code(source):
    """The lines of a module without attributes, texts and remarks."""
    for line in source.splitlines():
        if not line.startswith(("Attribute", "VERSION")):
            yield re.sub(r'"(?:[^"]|"")*"', '""', line).split("'")[0]


def declared(sources):
    """What our modules name themselves: modules, procedures, arguments, variables, fields, controls."""
    names = {name.lower() for name in sources} | {c.name.lower() for form in FORMS for c in form.controls}
    for source in sources.values():
        for block in re.findall(r"^(?:Public|Private) Enum (\w+\n(?:    \w+\n)+)", source, re.MULTILINE):
            names |= {name.lower() for name in block.split()}
        for line in code(source):
            plain = re.sub(r"\b(Private|Public) (?=Sub|Function|Const)", "", line)
            names |= {name.lower() for pair in DECLARED.findall(plain) for name in pair}
            if found := re.match(r"\s*Dim (.*)", line):
                names |= {re.split(r"[\s(]", part.strip())[0].lower() for part in found.group(1).split(",")}
    return names


def used(sources):
    return {
        name.lower()
        for source in sources.values()
        for line in code(source)
        for name in re.findall(r"[A-Za-z_]\w*", line)
    }


def foreign(sources):
    return used(sources) - declared(sources) - VBA_KEYWORDS


def test_the_macros_use_what_is_listed_and_no_more():
    allowed = set(f"{EXCEL} {FORM} {LANGUAGE} {XLWINGS} {LABELS}".split())
    assert foreign(vba_sources()) == allowed - declared(vba_sources())
    assert not allowed & NEVER


def test_a_macro_that_starts_a_program_would_be_seen():
    sources = vba_sources()
    sources["Actions"] += '\nPrivate Sub Sly()\n    Shell "calc.exe"\nEnd Sub\n'
    assert "shell" in foreign(sources)

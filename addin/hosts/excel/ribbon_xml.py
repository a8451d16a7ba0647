"""The ribbon's tab, and the macros that open its forms, made from the table of buttons."""

from __future__ import annotations

from itertools import groupby
from xml.sax.saxutils import quoteattr

from addin.actions.book import Cancelled
from addin.buttons import EXCEL, Button, buttons_of, help_text
from addin.hosts.excel.forms import ENTRIES
from addin.hosts.excel.vba_names import TITLE
from addin.present import WITHOUT_PERSONAL

IMAGES = {
    "refresh_all": "RefreshAll", "refresh_selection": "CalculateNow", "undo": "Undo",
    "load_data": "GetExternalDataFromText", "new_campaign": "FileNew", "log_follow_up": "ReviewNewComment",
    "log_introduction": "SendCopySelectNames", "check_inputs": "DataValidationCircleInvalid",
    "insert_function": "FunctionWizard", "explain": "ErrorChecking", "functions": "NameManager",
    "share": "PasteValues", "unfreeze": "EditLinks", "help": "Help", "doctor": "MacroSecurity",
    "sample": "TableInsertExcel", "sample_off": "TableRowsDeleteExcel", "repair_links": "EditLinks", "about": "About",
}  # fmt: skip
"""Office's pictures by icon: commands of Excel's own, of 2013 and later."""
QUOTE = '"'


def ribbon() -> str:
    """The text of customUI14.xml."""
    groups = "".join(
        f'<group id="cvGroup{name}" label="{name}">\n{"".join(_button(b, first=not n) for n, b in enumerate(members))}'
        "</group>\n"
        for name, members in groupby(buttons_of(EXCEL), lambda button: button.group)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui" onLoad="cvLoaded">\n<ribbon><tabs>\n'
        f'<tab id="tabCustomerValue" label="{TITLE}" insertAfterMso="TabData" keytip="CV" getVisible="cvVisible">\n'
        f"{groups}</tab>\n</tabs></ribbon>\n</customUI>\n"
    )


def _button(button: Button, *, first: bool) -> str:
    """A button; the first of its group is a large one."""
    attributes = {
        "id": f"cv{button.tag}", "tag": button.tag, "label": button.title,
        "imageMso": IMAGES[button.icon or button.name], "size": "large" if first else "normal", "keytip": button.key,
        "screentip": button.title, "supertip": button.help, "onAction": "cvPressed", "getEnabled": "cvEnabled",
    }  # fmt: skip
    return f"<button {' '.join(f'{name}={quoteattr(text)}' for name, text in attributes.items())}/>\n"


def forms_module() -> str:
    """The text of Forms.bas: which buttons open a form of one row, and how."""
    names = ", ".join(f'"{name}"' for name in ENTRIES)
    cases = "\n".join(f'        Case "{name}": {name}.ShowFields fields' for name in ENTRIES)
    lines = "\n".join(
        f'    HelpText = HelpText & "{line.replace(QUOTE, QUOTE * 2)}" & vbNewLine' for line in help_text(EXCEL)
    )
    return f"""\
Attribute VB_Name = "Forms"
Option Explicit
Option Private Module

Public Const CANCELLED As String = "{Cancelled()}"
Public Const WITHOUT_PERSONAL As String = "{WITHOUT_PERSONAL}"

' Written by roc build from the table of buttons. Do not edit.

Public Function HasForm(ByVal action As String) As Boolean
    Select Case action
        Case {names}: HasForm = True
    End Select
End Function

Public Function HelpText() As String
{lines}
End Function

Public Sub ShowForm(ByVal action As String, fields As Variant)
    Select Case action
{cases}
    End Select
End Sub
"""

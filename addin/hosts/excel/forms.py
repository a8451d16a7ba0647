"""The windows behind the ribbon: which controls stand where. What they do is in vba/, under the form's name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Control:
    """A control of a form; places and sizes are points."""

    kind: str
    name: str
    left: float
    top: float
    width: float
    height: float
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A window, and the two identifiers that a project keeps for it."""

    name: str
    caption: str
    width: float
    height: float
    base: str
    controls: tuple[Control, ...]


FORMS = (
    Form(
        "InsertFunction",
        "Customer Value: insert function",
        width=460,
        height=330,
        base="0{6F1B1B5E-6E0C-4B57-9A55-2A1C3B1D7A01}{6F1B1B5E-6E0C-4B57-9A55-2A1C3B1D7A02}",
        controls=(
            Control("Label", "FamiliesLabel", 12, 12, 60, 14, "Family"),
            Control("ComboBox", "Families", 12, 26, 140, 18),
            Control("Label", "SearchLabel", 12, 50, 60, 14, "Search"),
            Control("TextBox", "Search", 12, 64, 140, 18),
            Control("ListBox", "Functions", 12, 90, 140, 190),
            Control("Label", "Arguments", 164, 12, 284, 200),
            Control("Label", "FormulaLabel", 164, 218, 60, 14, "Formula"),
            Control("TextBox", "Formula", 164, 232, 284, 18),
            Control("CommandButton", "PreviewButton", 164, 256, 60, 22, "Preview"),
            Control("Label", "Preview", 230, 260, 218, 28),
            Control("CommandButton", "WizardButton", 164, 294, 110, 24, "Choose cells..."),
            Control("CommandButton", "InsertButton", 300, 294, 70, 24, "Insert"),
            Control("CommandButton", "CancelButton", 378, 294, 70, 24, "Cancel"),
        ),
    ),
    Form(
        "Report",
        "Customer Value",
        width=420,
        height=280,
        base="0{6F1B1B5E-6E0C-4B57-9A55-2A1C3B1D7A03}{6F1B1B5E-6E0C-4B57-9A55-2A1C3B1D7A04}",
        controls=(
            Control("TextBox", "Message", 12, 12, 396, 226),
            Control("CommandButton", "CloseButton", 338, 246, 70, 24, "Close"),
        ),
    ),
)

"""The windows behind the ribbon: which controls stand where. What they do is in vba/, under the form's name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from addin.actions import forms


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
    """A window, the two identifiers that a project keeps for it, and the file in vba/ that holds its code."""

    name: str
    caption: str
    width: float
    height: float
    base: str
    controls: tuple[Control, ...]
    code: str = ""

    @property
    def source(self) -> str:
        """The name of the file with its code."""
        return f"{self.code or self.name}.cls"


ENTRIES = {button.title().replace("_", ""): form for button, form in forms.FORMS.items()}
"""The windows in which one row of a table is typed, by their names."""
ROW = 24
"""Points from one field to the next."""


def _base(name: str) -> str:
    """Two identifiers, the same in every build."""
    pair = (str(uuid5(NAMESPACE_URL, f"return-on-customer/{name}/{part}")).upper() for part in "ab")
    return "0" + "".join(f"{{{each}}}" for each in pair)


def accelerators(form: forms.Form) -> list[str]:
    """The letter of each label that reaches its field with Alt; O and C are those of OK and Cancel."""
    taken, found = {"O", "C"}, []
    for column in form.columns:
        letter = next((c for c in column.upper() if c.isalpha() and c not in taken), "")
        taken.add(letter)
        found.append(letter)
    return found


def _entry(name: str, form: forms.Form) -> Form:
    controls: list[Control] = []
    for number, column in enumerate(form.columns):
        top = 12 + ROW * number
        controls += [
            Control("Label", f"Label{number}", 12, top + 3, 76, 14, column),
            Control("ComboBox", f"Input{number}", 92, top, 150, 18),
            Control("Label", f"Error{number}", 250, top, 216, 22),
        ]
    bottom = 16 + ROW * len(form.columns)
    controls += [
        Control("Label", "Message", 12, bottom, 454, 26),
        Control("CommandButton", "OkButton", 318, bottom + 30, 70, 24, "OK"),
        Control("CommandButton", "CancelButton", 396, bottom + 30, 70, 24, "Cancel"),
    ]
    return Form(name, f"Customer Value: {form.title.lower()}", 478, bottom + 84, _base(name), tuple(controls), "Entry")


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
    Form(
        "LoadData",
        "Customer Value: load data",
        width=478,
        height=400,
        base=_base("LoadData"),
        controls=(
            Control("Label", "FileLabel", 12, 12, 454, 22),
            Control("Label", "TablesLabel", 12, 38, 150, 14, "Table"),
            Control("ComboBox", "Tables", 12, 52, 150, 18),
            Control("OptionButton", "ReplaceRows", 174, 50, 130, 20, "Replace its rows"),
            Control("OptionButton", "AppendRows", 310, 50, 130, 20, "Append to them"),
            Control("Label", "ColumnsLabel", 12, 78, 150, 14, "Columns: column=heading"),
            Control("TextBox", "Mapping", 12, 92, 150, 206),
            Control("Label", "PreviewLabel", 174, 78, 292, 14, "What would be loaded"),
            Control("TextBox", "Preview", 174, 92, 292, 206),
            Control("Label", "Message", 12, 304, 454, 26),
            Control("CommandButton", "PreviewButton", 12, 336, 90, 24, "Look again"),
            Control("CommandButton", "LoadButton", 318, 336, 70, 24, "Load"),
            Control("CommandButton", "CancelButton", 396, 336, 70, 24, "Cancel"),
        ),
    ),
    *(_entry(name, form) for name, form in ENTRIES.items()),
)

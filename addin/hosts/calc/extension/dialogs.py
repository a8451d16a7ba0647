"""What the user sees of an action: forms, file pickers, questions and progress; and what stands in for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .database_ranges import Refused

ESCAPE = 1281
"""com.sun.star.awt.Key.ESCAPE"""
LABEL, INPUT, LINE, GAP, EDGE = 84, 190, 14, 4, 8
"""Widths and heights of a form's parts, in units of the interface's font."""
RED = 0xB00020
OPEN, SAVE = 0, 1
"""com.sun.star.ui.dialogs.TemplateDescription.FILEOPEN_SIMPLE and FILESAVE_SIMPLE"""
OK_BUTTON, CANCEL_BUTTON = 1, 2
"""com.sun.star.awt.PushButtonType"""
LISTS = {"StringItemList": "[]string", "SelectedItems": "[]short"}
"""Properties of a control that take a list of one type only, and that type."""
YES_NO, YES = 3 | 0x40000, 2
"""com.sun.star.awt.MessageBoxButtons, of which Yes is the default, and MessageBoxResults"""
ALL = 2**31 - 1
"""The end of a selection that holds a whole text."""
MOST_FORMS = 10


class ScriptedAnswers:
    """Answers that came with the button, for use without a window."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values, self._forms = values, 0

    def begin(self) -> None:
        """Nothing to prepare."""

    def end(self) -> None:
        """Nothing to put away."""

    def status(self, doing: str, done: int, of: int) -> bool:
        """Whether the user cancelled; here, once what is being done begins as was given."""
        return bool(self.values.get("CancelAt")) and doing.startswith(self.values["CancelAt"])

    def ask(self, question: str) -> bool:
        """Yes, if that was given."""
        return bool(self.values.get("Yes"))

    def form(self, *, problems: Mapping[str, str], rows: Sequence[dict[str, Any]], **_: Any) -> dict[str, Any]:
        """The form's own values, and over them those that were given; Refused where one is wrong."""
        self._forms += 1
        wrong = [text for text in problems.values() if text]
        if wrong and self._forms > 1:
            raise Refused("failed", text="; ".join(wrong))
        if self._forms > MOST_FORMS:
            raise Refused("failed", text="the form asks again and again")
        return {row["name"]: self.values.get(row["name"], row["value"]) for row in rows}

    def files(self, **_: Any) -> list[str]:
        """The files that were given, as URLs."""
        return [url for url in str(self.values.get("Files", "")).split("\n") if url]


class Windows:
    """The windows before a document."""

    def __init__(self, context: Any, frame: Any) -> None:
        self.context, self.frame = context, frame
        self._indicator: Any = None
        self._keys: Any = None

    def _service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def _toolkit(self) -> Any:
        return self.frame.getContainerWindow().getToolkit()

    def begin(self) -> None:
        """Watch for Escape; no other key reaches a cell while an action works."""
        self._keys = _keys()
        self._toolkit().addKeyHandler(self._keys)

    def end(self) -> None:
        """Let the keys go, and clear the status bar."""
        if self._keys is not None:
            self._toolkit().removeKeyHandler(self._keys)
        if self._indicator is not None:
            self._indicator.end()

    def status(self, doing: str, done: int, of: int) -> bool:
        """Show what is being done, and say whether the user pressed Escape."""
        if self._indicator is None:
            self._indicator = self.frame.createStatusIndicator()
            self._indicator.start(doing, 100)
        self._indicator.setText(f"{doing} (Esc cancels)")
        self._indicator.setValue(round(100 * done / of) if of else 0)
        return bool(self._keys.cancelled)

    def ask(self, question: str) -> bool:
        """Ask yes or no."""
        import uno

        window = self.frame.getContainerWindow()
        kind = uno.Enum("com.sun.star.awt.MessageBoxType", "QUERYBOX")
        box = window.getToolkit().createMessageBox(window, kind, YES_NO, "Customer Value", question)
        with self._keys.paused():
            answer = box.execute()
        box.dispose()
        return bool(answer == YES)

    def files(self, *, title: str, filters: Sequence[Sequence[str]], suggested: str = "") -> list[str]:
        """Let the user choose files to read, or the one to write that is suggested, as URLs; none if cancelled."""
        picker = self._service("com.sun.star.ui.dialogs.FilePicker")
        picker.initialize((SAVE if suggested else OPEN,))
        picker.setTitle(title)
        for name, pattern in filters:
            picker.appendFilter(name, pattern)
        if suggested:
            picker.setDisplayDirectory(Path(suggested).parent.as_uri())
            picker.setDefaultName(Path(suggested).name)
        else:
            picker.setMultiSelectionMode(True)
        with self._keys.paused():
            chosen = picker.execute()
        return list(picker.getSelectedFiles()) if chosen else []

    def form(
        self, *, title: str, ok: str, rows: Sequence[dict[str, Any]], problems: Mapping[str, str], notes: Sequence[str]
    ) -> dict[str, Any] | None:
        """Let the user fill in a form: a label and an input for each row, and beneath it what is wrong with it."""
        import uno

        dialog = self._service("com.sun.star.awt.UnoControlDialog")
        model = self._service("com.sun.star.awt.UnoControlDialogModel")
        form = _Form(model)
        for row in rows:
            form.add_row(row, problems.get(row["name"], ""))
        form.add_text("problem", problems.get("", ""), colour=RED)
        form.add_text("notes", "\n".join(notes))
        form.add_buttons(ok)
        model.Title, model.Width, model.Height = title, LABEL + INPUT + GAP + 2 * EDGE, form.top + EDGE
        dialog.setModel(model)
        window = self.frame.getContainerWindow()
        dialog.createPeer(window.getToolkit(), window)
        place, size = window.getPosSize(), dialog.getPosSize()
        dialog.setPosSize(max((place.Width - size.Width) // 2, 0), max((place.Height - size.Height) // 2, 0), 0, 0, 3)
        focused = next((row["name"] for row in rows if problems.get(row["name"])), rows[0]["name"])
        dialog.getControl(focused).setFocus()
        if hasattr(dialog.getControl(focused), "setSelection"):
            dialog.getControl(focused).setSelection(uno.createUnoStruct("com.sun.star.awt.Selection", 0, ALL))
        with self._keys.paused():
            accepted = dialog.execute()
        values = {row["name"]: _value(dialog.getControl(row["name"]), row) for row in rows} if accepted else None
        dialog.dispose()
        return values


class _Form:
    """Puts the parts of a form beneath each other."""

    def __init__(self, model: Any) -> None:
        self.model, self.top, self._number = model, EDGE, 0

    def _add(self, kind: str, name: str, *, left: int, width: int, height: int, **properties: Any) -> None:
        import uno

        part = self.model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
        part.Name, part.TabIndex = name, self._number
        part.PositionX, part.PositionY, part.Width, part.Height = left, self.top, width, height
        for key, value in properties.items():
            uno.invoke(part, "setPropertyValue", (key, uno.Any(LISTS[key], value) if key in LISTS else value))
        self.model.insertByName(name, part)
        self._number += 1

    def add_row(self, row: Mapping[str, Any], problem: str) -> None:
        """A label and its input."""
        import uno

        name, value, choices = row["name"], row["value"], row["choices"]
        place = {"left": EDGE + LABEL + GAP, "width": INPUT, "height": LINE - 2}
        if isinstance(value, bool):
            place = {"left": EDGE, "width": LABEL + GAP + INPUT, "height": LINE - 2}
            self._add("CheckBox", name, **place, Label=row["label"], State=int(value))
        else:
            self._add(
                "FixedText", f"{name} label", left=EDGE, width=LABEL, height=LINE - 2, Label=row["label"],
                VerticalAlign=uno.Enum("com.sun.star.style.VerticalAlignment", "MIDDLE"),
            )  # fmt: skip
            if row.get("typed"):
                items: dict[str, Any] = {"Dropdown": True, "LineCount": 12, "StringItemList": tuple(choices)}
                self._add("ComboBox", name, **place, **items, Text=str(value))
            elif choices:
                chosen = (choices.index(value) if value in choices else 0,)
                self._add(
                    "ListBox", name, **place, Dropdown=True, LineCount=12, StringItemList=tuple(choices),
                    SelectedItems=chosen,
                )  # fmt: skip
            else:
                self._add("Edit", name, **place, Text=str(value))
        self.top += LINE + 2
        if problem:
            self.add_text(f"{name} problem", problem, left=EDGE + LABEL + GAP, colour=RED)

    def add_text(self, name: str, text: str, *, left: int = EDGE, colour: int | None = None) -> None:
        """Lines of text, if there are any."""
        if text:
            width = EDGE + LABEL + GAP + INPUT - left
            lines = sum(1 + 4 * len(line) // width for line in text.split("\n"))
            given = {} if colour is None else {"TextColor": colour}
            self._add(
                "FixedText",
                name,
                left=left,
                width=width,
                height=9 * lines,
                Label=text,
                MultiLine=True,
                NoLabel=True,
                **given,
            )
            self.top += 9 * lines + GAP

    def add_buttons(self, ok: str) -> None:
        """The button that accepts, and Cancel."""
        self.top += GAP
        right = EDGE + LABEL + GAP + INPUT
        for number, (label, kind) in enumerate(((ok, OK_BUTTON), ("Cancel", CANCEL_BUTTON))):
            default = {"DefaultButton": kind == OK_BUTTON}
            left = right - 60 * (2 - number) + GAP
            self._add("Button", label, left=left, width=56, height=LINE, Label=label, PushButtonType=kind, **default)
        self.top += LINE


def _value(control: Any, row: Mapping[str, Any]) -> Any:
    if isinstance(row["value"], bool):
        return bool(control.getState())
    return control.getSelectedItem() if row["choices"] and not row.get("typed") else control.getText()


def _keys() -> Any:
    """A listener to all keys while an action works."""
    from contextlib import contextmanager

    import unohelper
    from com.sun.star.awt import XKeyHandler

    class Keys(unohelper.Base, XKeyHandler):  # type: ignore[misc]  # known only inside LibreOffice
        """Remembers Escape and swallows the rest, but while a window of ours is open."""

        def __init__(self) -> None:
            self.cancelled, self.open = False, 0

        @contextmanager
        def paused(self) -> Any:
            """Let keys through to a window."""
            self.open += 1
            try:
                yield
            finally:
                self.open -= 1

        def keyPressed(self, event: Any) -> bool:  # noqa: N802  # UNO names its methods
            """A key went down."""
            if self.open:
                return False
            self.cancelled = self.cancelled or event.KeyCode == ESCAPE
            return True

        def keyReleased(self, event: Any) -> bool:  # noqa: N802
            """A key came up."""
            return not self.open

        def disposing(self, event: Any) -> None:
            """LibreOffice ends."""

    return Keys()

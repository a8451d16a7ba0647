"""The windows without Excel: their code runs as it is, on controls that keep what is put into them."""

import re

import pyopenvba.apps.excel._bridge as bridge
from pyopenvba.interpreter import VBAObject

from addin.hosts.excel.forms import FORMS
from addin.hosts.excel.workbook_files import vba_sources

OPTIONS = ("ReplaceRows", "AppendRows")


class Control(VBAObject):
    """A control: what is set can be read, choices are kept, and what a choice or a text sets off is run."""

    def __init__(self, name, caption, form):
        self.name, self.choices, self.focused, self.form = name, [], 0, form
        self.given = {"caption": caption, "text": "", "value": False if name in OPTIONS else ""}

    def vba_get(self, name, args=(), named=None):
        key = name.lower()
        if key == "additem":
            return self.choices.append(args[0])
        if key == "clear":
            return self.choices.clear()
        if key == "setfocus":
            self.focused += 1
            return None
        return self.given[key]

    def vba_set(self, name, value, args=(), named=None, *, by_ref=False):
        key = name.lower()
        self.given[key] = value
        if key == "listindex":
            self.given["text"] = self.given["value"] = self.choices[int(value)] if value >= 0 else ""
        elif key in ("text", "value") and self.name not in OPTIONS:
            self.given["text"] = self.given["value"] = value
        else:
            return
        self.form.changed(self.name)


class Form(VBAObject):
    """A window whose code is a module of its own; `shown` is set while it is open."""

    def __init__(self, chain, form):
        self.chain, self.form, self.shown = chain, form, False
        self.controls = {c.name.lower(): Control(c.name, c.caption, self) for c in form.controls}
        code = vba_sources()[form.name]
        self.handlers = set(re.findall(r"^Private Sub (\w+)\(", code, re.MULTILINE))

    def vba_get(self, name, args=(), named=None):
        key = name.lower()
        if key == "controls":
            return self.controls[args[0].lower()]
        if key == "name":
            return self.form.name
        if key in ("show", "closed"):
            self.shown = key == "show"
            if self.shown and "UserForm_Initialize" in self.handlers:
                self.press("UserForm_Initialize")
            return None
        if key in self.controls:
            return self.controls[key]
        return self.press(name, *args)

    def changed(self, control):
        """Run what a control's change or click does, as far as that matters here."""
        if self.form.name == "InsertFunction":
            for event in ("Change", "Click"):
                if f"{control}_{event}" in self.handlers:
                    self.press(f"{control}_{event}")

    def press(self, procedure, *arguments):
        return self.chain.app.interpreter.run(f"{self.form.name}Code.{procedure}", list(arguments))

    def text(self, control):
        return self.controls[control.lower()].given["text"]

    def caption(self, control):
        return self.controls[control.lower()].given["caption"]

    def type(self, control, text):
        self.controls[control.lower()].vba_set("Text", text)


def add_forms(chain, monkeypatch):
    """The forms of the data buttons in a chain, by name."""
    sources = vba_sources()
    forms = {form.name: Form(chain, form) for form in FORMS if form.name != "Report"}
    for name, form in forms.items():
        code = sources[name].replace("Unload Me", "Me.Closed")
        code = re.sub(r"\bMe\.", f"{name}.", code).replace("Private Sub", "Public Sub")
        for control in form.form.controls:
            code = re.sub(rf"(?<![\w.\"]){control.name}\.", f"{name}.{control.name}.", code)
        code = code.replace("fmScrollBarsVertical", "2").replace("fmStyleDropDownList", "2")
        chain.app.add_module(code, name=f"{name}Code")
    known, lower = bridge.ExcelBridge.global_object, {name.lower(): form for name, form in forms.items()}
    monkeypatch.setattr(bridge.ExcelBridge, "global_object", lambda host, name: lower.get(name) or known(host, name))
    return forms

"""The LibreOffice extension, generated from the functions' declarations."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import get_type_hints
from xml.sax.saxutils import escape

from addin import __version__
from addin.buttons import CALC, buttons_of, help_text
from addin.catalogue import Metric, Param, by_family
from addin.hosts.calc.extension.formula_syntax import from_excel
from addin.hosts.calc.extension.function_names import identifier
from addin.icons import icon
from addin.schema import TableSchema, entered_tables
from addin.schema.formulas import in_row

IDENTIFIER = "org.returnoncustomer.calc"
ADD_IN_SERVICE = "org.returnoncustomer.Metrics"
PROTOCOL = "org.returnoncustomer:"
TITLE = "Customer Value"
ICON_SIZES = (16, 26)
FIRST_DATE = (1980, 1, 1, 0, 0, 0)
HERE = Path(__file__).parent
EVENTS = ("OnLoadFinished", "OnSaveDone", "OnSaveAsDone", "OnUnload")
SYMBOL_AND_TEXT = "2"
"""How a toolbar shows its buttons: by their icons alone ours would vanish among LibreOffice's own."""
OWN_ROW = "0,5"
"""Below LibreOffice's two rows of buttons, which it would push aside."""
IN_CALC = "com.sun.star.sheet.SpreadsheetDocument"
MEDIA = {
    "types.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
    "component.py": "application/vnd.sun.star.uno-component;type=Python",
}


def extension(python: str = "", path: str = "") -> bytes:
    """The extension as an .oxt file, for the servers of one interpreter if it is named."""
    parts: dict[str, str | bytes] = {
        "types.idl": _types(),
        "component.py": (HERE / "extension" / "component.py").read_bytes(),
        **{
            f"pythonpath/roc_calc/{file.name}": file.read_bytes()
            for file in sorted(HERE.glob("extension/*.py"))
            if file.name != "component.py"
        },
        "functions.json": json.dumps({metric.name: _described(metric) for metric in by_family()}, indent=1),
        "columns.json": json.dumps({name: _formulas(schema) for name, schema in entered_tables().items()}, indent=1),
        "buttons.json": json.dumps({button.name: button.title for button in buttons_of(CALC)}, indent=1),
        "help.txt": "\n".join(help_text(CALC)),
        "interpreter.json": json.dumps({"python": python, "path": path}),
        "CalcAddIns.xcu": _configuration("CalcAddIns", "org.openoffice.Office", _add_in()),
        "Addons.xcu": _configuration("Addons", "org.openoffice.Office", _buttons()),
        "Jobs.xcu": _configuration("Jobs", "org.openoffice.Office", _jobs()),
        "ProtocolHandler.xcu": _configuration("ProtocolHandler", "org.openoffice.Office", _protocol()),
        "CalcWindowState.xcu": _configuration("CalcWindowState", "org.openoffice.Office.UI", _window_state()),
        **{f"icons/{b.name}_{size}.png": icon(b.icon or b.name, size) for b in buttons_of(CALC) for size in ICON_SIZES},
        "description.xml": _description(),
    }
    parts["META-INF/manifest.xml"] = _manifest(list(parts))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, FIRST_DATE), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


# --- the functions


def _types() -> str:
    """The add-in's interface: each argument is `any`, so that it can be one cell, a range or left out."""
    methods = "".join(
        f"    {_gives(metric)} {identifier(metric.name)}({_parameters(metric)});\n" for metric in by_family()
    )
    return f"module org {{ module returnoncustomer {{\n  interface XMetrics {{\n{methods}  }};\n}}; }};\n"


def _parameters(metric: Metric) -> str:
    return ", ".join(f"[in] any {identifier(param.name)}" for param in metric.params)


def _kind(metric: Metric) -> str:
    if metric.gives_table:
        return "table"
    return "text" if get_type_hints(metric.function)["return"] is str else "number"


def _gives(metric: Metric) -> str:
    return "sequence< sequence< any > >" if metric.gives_table else "any"


def _argument(param: Param) -> str:
    text = param.help + (f" ({param.unit})" if param.unit else "")
    if param.required:
        return text
    return f"{text} [optional{': ' + param.default_shown if param.default_shown else ''}]"


def _described(metric: Metric) -> dict[str, object]:
    """What the extension knows of a function."""
    arguments = "\n".join(f"  {param.name}: {_argument(param)}" for param in metric.params)
    return {
        "family": metric.family,
        "summary": metric.summary,
        "gives": _kind(metric),
        "columns": {heading: kind.__name__ for heading, kind in metric.columns.items()},
        "parameters": [[param.name, _argument(param)] for param in metric.params],
        "help": f"{metric.signature}\n{metric.summary}\n{arguments}\nGives: {metric.returns}\n"
        f"Formula: {metric.formula}\nErrors: {metric.errors}\nExample: {metric.example.formula}",
    }


def _formulas(schema: TableSchema) -> dict[str, str]:
    """The calculated columns of a table of the template, as LibreOffice takes their formulas."""
    return {name: from_excel(in_row(schema.name, formula)) for name, formula in schema.formulas.items()}


def _add_in() -> str:
    functions = "".join(
        _node(
            identifier(metric.name),
            _prop("DisplayName", metric.name, translated=True),
            _prop("Description", metric.summary, translated=True),
            _prop("Category", "Add-In"),
            _prop("CompatibilityName", metric.name, translated=True),
            _node("Parameters", *(_parameter(param) for param in metric.params), replaces=False),
        )
        for metric in by_family()
    )
    return _node("AddInInfo", _node(ADD_IN_SERVICE, _node("AddInFunctions", functions, replaces=False)), replaces=False)


def _parameter(param: Param) -> str:
    described = (
        _prop("DisplayName", param.name, translated=True),
        _prop("Description", _argument(param), translated=True),
    )
    return _node(identifier(param.name), *described)


# --- buttons, jobs and the package


def _buttons() -> str:
    items, images = [], []
    group = ""
    for number, button in enumerate(buttons_of(CALC)):
        if button.group != group and number:
            items.append(_node(f"b{number}s", _prop("URL", "private:separator")))
        group = button.group
        items.append(
            _node(
                f"b{number}t",
                _prop("Context", IN_CALC),
                _prop("URL", PROTOCOL + button.name),
                _prop("Title", button.title, translated=True),
                _prop("Target", "_self"),
            )
        )
        files = zip(("ImageSmallURL", "ImageBigURL"), ICON_SIZES, strict=True)
        shown = [_prop(prop, f"%origin%/icons/{button.name}_{size}.png") for prop, size in files]
        pictures = _node("UserDefinedImages", *shown, replaces=False)
        images.append(_node(button.name, _prop("URL", PROTOCOL + button.name), pictures))
    title = _prop("Title", TITLE, translated=True)
    menu = _node(f"{IDENTIFIER}.menu", title, _prop("Context", IN_CALC), _node("Submenu", *items, replaces=False))
    return _node(
        "AddonUI",
        _node("OfficeMenuBar", menu, replaces=False),
        _node("OfficeToolBar", _node(f"{IDENTIFIER}.toolbar", title, *items), replaces=False),
        _node("Images", *images, replaces=False),
        replaces=False,
    )


def _jobs() -> str:
    events = (
        _node(event, _node("JobList", _node("CustomerValue"), replaces=False), operation="fuse") for event in EVENTS
    )
    return _node("Jobs", _node("CustomerValue", _prop("Service", "org.returnoncustomer.Job")), replaces=False) + _node(
        "Events", *events, replaces=False
    )


def _protocol() -> str:
    protocols = f'<prop oor:name="Protocols" oor:type="oor:string-list"><value>{PROTOCOL}*</value></prop>'
    return _node("HandlerSet", _node("org.returnoncustomer.Handler", protocols), replaces=False)


def _window_state() -> str:
    state = _node(
        f"private:resource/toolbar/addon_{IDENTIFIER}.toolbar",
        _prop("UIName", TITLE, translated=True),
        _prop("Visible", "true"),
        _prop("ContextSensitive", "false"),
        _prop("DockPos", OWN_ROW),
        _prop("Style", SYMBOL_AND_TEXT),
    )
    return _node("UIElements", _node("States", state, replaces=False), replaces=False)


def _description() -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<description xmlns="http://openoffice.org/extensions/description/2006" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<identifier value="{IDENTIFIER}"/><version value="{__version__}"/>'
        f'<display-name><name lang="en">{TITLE}</name></display-name>'
        '<dependencies xmlns:lo="http://libreoffice.org/extensions/description/2011">'
        '<lo:LibreOffice-minimal-version value="7.4" lo:name="LibreOffice 7.4"/></dependencies></description>'
    )


def _manifest(names: list[str]) -> str:
    def media(name: str) -> str:
        media_type = MEDIA.get(name, "")
        return "application/vnd.sun.star.configuration-data" if name.endswith(".xcu") else media_type

    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{media(name)}"/>\n'
        for name in names
        if media(name)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{entries}</manifest:manifest>\n'
    )


def _configuration(name: str, package: str, content: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'oor:name="{name}" oor:package="{package}">{content}</oor:component-data>\n'
    )


def _node(name: str, *content: str, replaces: bool = True, operation: str = "replace") -> str:
    how = f' oor:op="{operation}"' if replaces else ""
    return f'<node oor:name="{escape(name)}"{how}>{"".join(content)}</node>'


def _prop(name: str, value: str, *, translated: bool = False) -> str:
    language = ' xml:lang="en-US"' if translated else ""
    return f'<prop oor:name="{name}"><value{language}>{escape(value)}</value></prop>'

"""The files that Excel opens: a workbook with our macros and ribbon in it, and the add-in for all other workbooks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from struct import pack
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from addin.errors import BookError
from addin.hosts.excel.forms import FORMS, Form
from addin.hosts.excel.ribbon_xml import forms_module, ribbon
from addin.hosts.excel.vba_names import PROJECT, TITLE
from addin.hosts.excel.vba_wrappers import function_list_module, metrics_module

HERE = Path(__file__).parent
MODULES = ("Calls", "Formulas", "Actions", "Buttons", "Doctor", "Ribbon")
"""Our modules beside the generated ones."""

OFFICE_LIBRARY = "2DF8D04C-5BFA-101B-BDE5-00AA0044DE52"
"""Where VBA finds IRibbonControl."""
OFFICE_FILE = r"C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL"
NOT_COMPILED = bytes.fromhex("cc61ffff000000")
"""A project without compiled code, [MS-OVBA] 2.3.4.1."""

BOOK_CALLBACKS, ADD_IN_CALLBACKS = "book", "addIn"
CALLBACK = re.compile(r"\bcv(?=(?:Loaded|Pressed|Enabled|Visible)\b)")
XLWINGS_LINES = (
    # its configuration is ours, so that another use of xlwings on the same machine is left alone
    ('PROJECT_NAME As String = "xlwings"', f'PROJECT_NAME As String = "{PROJECT}"'),
    # its procedures stay out of the list of functions
    ('Attribute VB_Name = "xlwings"\n', 'Attribute VB_Name = "xlwings"\nOption Private Module\n'),
    # only the user's file chooses the interpreter, and no file or sheet that came with a workbook
    ('Optional source As String = "") As Variant', 'Optional source As String = "user") As Variant'),
    # the command names no workbook: all of them start and reach the same server
    ('AddExcelDir & ";" & ThisWorkbook.FullName & ";" & ThisWorkbook.FullName & ";" &', 'AddExcelDir & ";;;" &'),
    # Python imports nothing from the folder that Excel happens to be in
    ('tail = " -B -c', 'tail = " -P -B -c'),
)
"""Where the module in our files differs from the installed xlwings, and why."""

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
CONTENT_TYPES = "[Content_Types].xml"
RELATIONS = "_rels/.rels"
BOOK = "xl/workbook.xml"
VBA_PROJECT = "xl/vbaProject.bin"
RIBBON = "customUI/customUI14.xml"
RIBBON_RELATION = (
    b'<Relationship Id="rIdRibbon" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility" '
    b'Target="customUI/customUI14.xml"/>'
)
_RIBBON_RELATION = re.compile(rb'<Relationship\s[^>]*Target="/?customUI/[^>]*/>')
PLAIN_BOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_BOOK = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
ADD_IN_BOOK = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"


def with_macros(book: bytes) -> bytes:
    """A workbook (.xlsm without macros, or .xlsx) with the functions, the ribbon and xlwings' module in it."""
    return _built(book, "ReturnOnCustomer", BOOK_CALLBACKS)


def add_in() -> bytes:
    """The add-in that gives every open workbook the functions."""
    return _edited(_built(_notice_book(), "CustomerValue", ADD_IN_CALLBACKS), _as_add_in)


def _built(book: bytes, project_name: str, own: str) -> bytes:
    return _finished(_with_project(_edited(book, _as_macro_book), own), project_name, own)


def with_own_callbacks(text: str, own: str) -> str:
    """The ribbon, or its macros, with macro names that begin with a word of the file's own.

    Where two open files have macros of one name, Excel may run the other file's.
    """
    return CALLBACK.sub(own, text)


def without_ribbon(book: bytes) -> bytes:
    """A workbook without our ribbon, whose buttons do nothing in a file without macros."""

    def without_relation(name: str, content: bytes) -> bytes:
        return _RIBBON_RELATION.sub(b"", content) if name == RELATIONS else content

    return _edited(book, without_relation, left_out="customUI/")


def vba_sources() -> dict[str, str]:
    """Every module of our own by its name, as text."""
    sources = {name: (HERE / "vba" / f"{name}.bas").read_text(encoding="utf-8") for name in MODULES}
    sources |= {"Metrics": metrics_module(), "FunctionList": function_list_module(), "Forms": forms_module()}
    files = {"ThisWorkbook": "ThisWorkbook.cls"} | {form.name: form.source for form in FORMS}
    for name, file in files.items():
        sources[name] = (HERE / "vba" / file).read_text(encoding="utf-8")
    return sources


def xlwings_sources() -> dict[str, str]:
    """The modules of the installed xlwings that reach Python, with their licence notices.

    XLWINGS_LINES says which lines differ from xlwings' own.
    """
    spec = find_spec("xlwings")
    if spec is None or not spec.submodule_search_locations:
        raise BookError("xlwings is not installed, and its VBA module is part of the files; pip install xlwings")
    root = Path(spec.submodule_search_locations[0])
    main = (root / "xlwings.bas").read_text(encoding="ascii")
    for line, ours in XLWINGS_LINES:
        main = _replaced(main, line, ours)
    return {"xlwings": main, "Dictionary": (root / "addin" / "Dictionary.cls").read_text(encoding="ascii")}


def _replaced(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise BookError(f"xlwings' module holds {old!r} {text.count(old)} times, not once; pin the version we know")
    return text.replace(old, new)


def _with_project(book: bytes, own: str) -> bytes:
    """The book with a VBA project, as pyOpenVBA writes it."""
    try:
        from pyopenvba import ExcelFile, VBAModuleKind
    except ImportError as error:
        raise BookError(
            "pyOpenVBA writes the macros and is not installed; pip install 'return-on-customer[build]'"
        ) from error
    ours, theirs = vba_sources(), xlwings_sources()
    ours["Ribbon"] = with_own_callbacks(ours["Ribbon"], own)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsm"
        path.write_bytes(book)
        with ExcelFile(path) as file:
            project = file.add_vba_project()
            file.add_reference("Office", OFFICE_LIBRARY, 2, 8, path=OFFICE_FILE)
            for form in FORMS:
                _add_form(file, form)
                file.set_module(form.name, _crlf(_form_head(form) + ours.pop(form.name)))
            file.set_module("ThisWorkbook", _crlf(ours.pop("ThisWorkbook")))
            for name, source in {**ours, **theirs}.items():
                kind = VBAModuleKind.other if source.startswith("VERSION ") else VBAModuleKind.standard
                project.add_module(name, _crlf(source), kind=kind)
            for module in project.modules:
                module.dirty = True  # written anew, without the compiled code of the empty project it starts from
            file.save()
        return path.read_bytes()


def _add_form(file: object, form: Form) -> None:
    drawn = file.add_form(form.name, caption=form.caption, width=form.width, height=form.height)  # type: ignore[attr-defined]
    for control in form.controls:
        drawn.add_control(
            control.kind, control.name,
            left=control.left, top=control.top, width=control.width, height=control.height,
        )  # fmt: skip
        if control.kind in ("Label", "CommandButton", "OptionButton"):
            drawn.control(control.name).set_property("Caption", control.caption)


def _form_head(form: Form) -> str:
    """The attributes of a form's module; pyOpenVBA would invent new identifiers each time."""
    return f"""\
Attribute VB_Name = "{form.name}"
Attribute VB_Base = "{form.base}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = False
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = False
"""


def _crlf(text: str) -> str:
    return "\r\n".join(text.splitlines()) + "\r\n"


def _finished(book: bytes, project_name: str, own: str) -> bytes:
    """The book with its project's name, and the ribbon's part and relation last."""

    def finish(name: str, content: bytes) -> bytes:
        if name == VBA_PROJECT:
            return _own_project(content, project_name)
        if name == RELATIONS:
            return content.replace(b"</Relationships>", RIBBON_RELATION + b"</Relationships>")
        return content

    return _edited(book, finish, {RIBBON: with_own_callbacks(ribbon(), own).encode()})


def _own_project(project: bytes, name: str) -> bytes:
    """A VBA project under a name other than the usual VBAProject, to be compiled by any Excel."""
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import compress, decompress

    old, new = b"VBAProject", name.encode("ascii")
    file = CFB.from_bytes(project)
    listed = file.get_stream("PROJECT")
    file.write_stream("PROJECT", listed.replace(b'Name="%s"' % old, b'Name="%s"' % new, 1))
    directory = decompress(file.get_stream_in_storage("VBA", "dir"))
    record = pack("<HI", 4, len(old)) + old
    if directory.count(record) != 1:
        raise BookError("the VBA project has no name where one is expected; pyOpenVBA has changed")
    directory = directory.replace(record, pack("<HI", 4, len(new)) + new)
    file.write_stream_in_storage("VBA", "dir", compress(directory))
    file.write_stream_in_storage("VBA", "_VBA_PROJECT", NOT_COMPILED)
    built: bytes = file.to_bytes()
    return built


def _edited(
    book: bytes, edit: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None, left_out: str = "\0"
) -> bytes:
    """A package with its parts changed, some added and a folder left out, the same bytes each time."""
    stream = BytesIO()
    with ZipFile(BytesIO(book)) as source, ZipFile(stream, "w", ZIP_DEFLATED) as target:
        names = [name for name in source.namelist() if not name.startswith(left_out)]
        parts = {name: edit(name, source.read(name)) for name in names} | (more or {})
        for name, content in parts.items():
            part = ZipInfo(name, ZIP_DATE)
            part.compress_type = ZIP_DEFLATED
            target.writestr(part, content)
    return stream.getvalue()


def _as_macro_book(name: str, content: bytes) -> bytes:
    return content.replace(PLAIN_BOOK, MACRO_BOOK) if name == CONTENT_TYPES else content


def _as_add_in(name: str, content: bytes) -> bytes:
    if name == BOOK:
        return re.sub(rb"<workbookView ", b'<workbookView visibility="hidden" ', content, count=1)
    return content.replace(MACRO_BOOK, ADD_IN_BOOK) if name == CONTENT_TYPES else content


def _notice_book() -> bytes:
    """The workbook that an add-in is underneath; nobody sees its one sheet."""
    from xlsxwriter import Workbook

    stream = BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": TITLE, "comments": "Customer-value metrics", "created": datetime(2026, 1, 1)})
        sheet = book.add_worksheet("About")
        sheet.write_column(0, 0, [
            "Customer Value: functions of return-on-customer, MIT licence.",
            "The module xlwings of this file is xlwings' own, BSD 3-clause licence; its notice stands in it.",
        ])  # fmt: skip
    return stream.getvalue()

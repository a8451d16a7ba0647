"""The built files: what a machine without Excel can hold them to."""

import io
import re
import warnings
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import olefile
import pytest
from invariants import problems
from pyopenvba import ExcelFile
from pyopenvba.cfb import CFB
from pyopenvba.exceptions import VBACompileError
from pyopenvba.interpreter import parse_module
from pyvbaanalysis import ModuleInput, ModuleSymbolKind, analyze_office_file, analyze_project

from addin.catalogue import catalogue
from addin.errors import BookError
from addin.hosts.excel import workbook_files
from addin.hosts.excel.forms import FORMS
from addin.hosts.excel.ribbon_xml import IMAGES
from addin.template.workbook import write_template

XLWINGS = {"xlwings", "Dictionary"}


@pytest.fixture(params=["workbook", "xlam"])
def built(request):
    """Each of the two files, with its kind."""
    return request.getfixturevalue(request.param), "xlsm" if request.param == "workbook" else "xlam"


@pytest.fixture
def saved(built, tmp_path):
    data, kind = built
    path = tmp_path / f"book.{kind}"
    path.write_bytes(data)
    return path


def parts_of(data):
    with ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts, date=(1980, 1, 1, 0, 0, 0)):
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name, date), content)
    return stream.getvalue()


class TestBuilding:
    @pytest.mark.thorough
    def test_the_same_bytes_twice(self, workbook, xlam):
        assert workbook_files.with_macros(write_template()) == workbook
        assert workbook_files.add_in() == xlam

    @pytest.mark.thorough
    def test_nothing_of_the_book_changes_but_what_macros_need(self, workbook):
        before, after = parts_of(write_template()), parts_of(workbook)
        assert list(after)[-1] == workbook_files.RIBBON
        assert after.keys() - before.keys() == {workbook_files.RIBBON, workbook_files.VBA_PROJECT}
        changed = {name for name in before if before[name] != after[name]}
        allowed = re.compile(
            r"\[Content_Types\]\.xml|_rels/\.rels|xl/(_rels/)?workbook\.xml(\.rels)?|xl/worksheets/sheet\d+\.xml"
        )
        assert all(allowed.fullmatch(name) for name in changed)
        for name in changed:
            if name.startswith("xl/worksheets"):
                assert re.sub(rb'<sheetPr( codeName="\w+")?/?>|</sheetPr>| codeName="\w+"', b"", after[name]) == re.sub(
                    rb"<sheetPr/?>|</sheetPr>", b"", before[name]
                )

    @pytest.mark.thorough
    def test_the_two_projects_have_names_of_their_own(self, workbook, xlam, tmp_path):
        names = []
        for data, kind in ((workbook, "xlsm"), (xlam, "xlam")):
            path = tmp_path / f"book.{kind}"
            path.write_bytes(data)
            with ExcelFile(path) as file:
                names.append(file.vba_project().name)
                assert not file.validate()
        assert names == ["ReturnOnCustomer", "CustomerValue"]

    def test_a_missing_pyopenvba_is_said(self, monkeypatch):
        monkeypatch.setitem(__import__("sys").modules, "pyopenvba", None)
        with pytest.raises(BookError, match=r"return-on-customer\[build\]"):
            workbook_files.add_in()

    def test_a_missing_xlwings_is_said(self, monkeypatch):
        monkeypatch.setattr(workbook_files, "find_spec", lambda name: None)
        with pytest.raises(BookError, match="xlwings is not installed"):
            workbook_files.xlwings_sources()

    def test_an_xlwings_with_another_module_is_refused(self):
        with pytest.raises(BookError, match="0 times, not once"):
            workbook_files._replaced("text", "PROJECT_NAME", "other")


def test_every_invariant_holds(built):
    assert problems(*built) == []


def in_part(name, old, new):
    """A mutation that replaces a text once."""

    def change(parts):
        assert old in parts[name], (name, old)
        parts[name] = parts[name].replace(old, new, 1)

    return change


def in_project(change):
    """A mutation of the VBA project's container."""

    def changed(parts):
        file = CFB.from_bytes(parts[workbook_files.VBA_PROJECT])
        change(file)
        parts[workbook_files.VBA_PROJECT] = file.to_bytes()

    return changed


def in_stream(name, old, new):
    def change(file):
        stream = file.get_stream(name)
        assert old in stream
        file.write_stream(name, stream.replace(old, new, 1))

    return in_project(change)


def in_module(name, old, new):
    def change(file):
        from pyopenvba.vba import compress, decompress

        source = decompress(file.get_stream_in_storage("VBA", name))
        assert old in source
        file.write_stream_in_storage("VBA", name, compress(source.replace(old, new, 1)))

    return in_project(change)


def without(name):
    return lambda parts: parts.pop(name)


def added(name, content=b"<x/>"):
    return lambda parts: parts.update({name: content})


def reversed_parts(parts):
    for name in reversed(list(parts)):
        parts[name] = parts.pop(name)


WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
MUTATIONS = {
    "content types are not the first part": reversed_parts,
    "cannot be read": in_part("xl/workbook.xml", b"</workbook>", b""),
    "main content type is another": in_part("[Content_Types].xml", b"macroEnabled", b"plain"),
    "project's content type is another": in_part("[Content_Types].xml", b"vnd.ms-office.vbaProject", b"octet-stream"),
    "xl/extra.unknown has no content type": added("xl/extra.unknown"),
    "xl/styles.xml has a content type and is missing": without("xl/styles.xml"),
    "points to docProps/core.xml, which is missing": without("docProps/core.xml"),
    "points out of the file": in_part("_rels/.rels", b"/>", b' TargetMode="External"/>'),
    "ribbon's relation is not the last": in_part("_rels/.rels", b"2007/relationships/ui", b"2006/relationships/ui"),
    "ribbon is not the last part": added("xl/theme/theme9.xml"),
    "no relation to its project": in_part(WORKBOOK_RELATIONS, b"relationships/vbaProject", b"relationships/other"),
    "Signature.bin is stale": added("xl/vbaProjectSignature.bin"),
    "streams and list of modules differ": in_project(lambda file: file.add_stream_to_storage("VBA", "__SRP_0", b"x")),
    "compiled code is left": in_project(lambda f: f.write_stream_in_storage("VBA", "_VBA_PROJECT", bytes(20))),
    "PROJECT has other line ends": in_stream("PROJECT", b"\r\n", b"\n"),
    "PROJECT lists other modules": in_stream("PROJECT", b"Module=Calls", b"Module=Other"),
    "PROJECT lists Report as Class": in_stream("PROJECT", b"BaseClass=Report", b"Class=Report"),
    "PROJECTwm lists other modules": in_stream("PROJECTwm", b"Calls", b"Other"),
    "no name of its own": in_stream("PROJECT", b"Name=\"", b"Name=\"VBAProject"),
    "Calls calls itself something else": in_module("Calls", b'VB_Name = "Calls"', b'VB_Name = "Other"'),
    "Calls has other line ends": in_module("Calls", b"\r\n", b"\n"),
    "Calls has too long a line": in_module("Calls", b"Option Explicit", b"'" + b"x" * 1024),
    "Calls has no Option Explicit": in_module("Calls", b"Option Explicit", b"' nothing"),
    "ThisWorkbook is no document module": in_module("ThisWorkbook", b"PredeclaredId = True", b"PredeclaredId = False"),
    "uses the reserved word scale": in_module("Calls", b"ByVal metric As", b"ByVal scale As"),
    "NPS1 looks like a cell": in_module("Metrics", b"Public Function NPS(", b"Public Function NPS1("),
    "'Other'": in_part("xl/workbook.xml", b'codeName="ThisWorkbook"', b'codeName="Other"'),
    "['ThisWorkbook', None": in_part("xl/worksheets/sheet1.xml", b' codeName="Sheet1"', b""),
    "ribbon is of another kind": in_part(workbook_files.RIBBON, b"2009/07/customui", b"2006/01/customui"),
    "calls bookMissing, which is missing": in_part(
        workbook_files.RIBBON, b'onAction="bookPressed"', b'onAction="bookMissing"'
    ),
    "calls bookPressed, which is missing": in_module("Ribbon", b"bookPressed(ByVal", b"bookPressed(ByRef"),
    "button Nothing does nothing": in_part(workbook_files.RIBBON, b'tag="Doctor"', b'tag="Nothing"'),
    "ribbon has an id twice": in_part(workbook_files.RIBBON, b'id="cvHelp"', b'id="cvDoctor"'),
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("said", MUTATIONS)
def test_a_file_that_breaks_an_invariant_is_caught(said, workbook):
    parts = parts_of(workbook)
    MUTATIONS[said](parts)
    assert said in "; ".join(problems(packed(parts), "xlsm"))


def test_a_build_date_is_caught(workbook):
    assert "a part carries a date" in problems(packed(parts_of(workbook), (2026, 1, 1, 0, 0, 0)), "xlsm")


def test_an_add_in_with_a_window_is_caught(xlam):
    parts = parts_of(xlam)
    in_part("xl/workbook.xml", b' visibility="hidden"', b"")(parts)
    assert "the add-in's window is not hidden" in problems(packed(parts), "xlam")


def test_the_modules_that_olevba_reads_are_the_sources(saved):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # oletools uses names that its parser library has renamed
        from oletools.olevba import VBA_Parser

        read = {name.rsplit(".", 1)[0]: code for _, _, name, code in VBA_Parser(str(saved)).extract_macros()}
    ours = workbook_files.vba_sources()
    own = workbook_files.ADD_IN_CALLBACKS if saved.suffix == ".xlam" else workbook_files.BOOK_CALLBACKS
    ours["Ribbon"] = workbook_files.with_own_callbacks(ours["Ribbon"], own)
    for name, source in {**ours, **workbook_files.xlwings_sources()}.items():
        code = "\n".join(line for line in read[name].splitlines() if not line.startswith("Attribute VB_"))
        wanted = source.partition("END\n")[2] if source.startswith("VERSION") else source
        wanted = "\n".join(line for line in wanted.splitlines() if not line.startswith("Attribute VB_"))
        assert code.strip() == wanted.strip(), name
    sheets = {name for name in read if re.fullmatch(r"Sheet\d+", name)}
    assert read.keys() - sheets == ours.keys() | XLWINGS
    assert not any("Sub " in read[name] for name in sheets)


def test_the_two_files_share_no_macro_of_the_ribbon(workbook, xlam):
    """Excel may run the other open file's, where names are the same."""
    called = [
        set(re.findall(rb'(?:onLoad|onAction|getEnabled|getVisible)="(\w+)"', parts_of(data)[workbook_files.RIBBON]))
        for data in (workbook, xlam)
    ]
    assert [len(names) for names in called] == [4, 4]
    assert not called[0] & called[1]


def test_saved_values_show_where_macros_are_not_allowed(workbook):
    """Excel calculates on opening where it is asked to, or where an older engine calculated last: #NAME? for values."""
    book = parts_of(workbook)["xl/workbook.xml"]
    assert b"fullCalcOnLoad" not in book
    assert int(re.search(rb'calcId="(\d+)"', book)[1]) >= 191029


def test_cells_can_call_the_metrics_alone():
    public = re.compile(r"^(?:Public )?Function (\w+)", re.MULTILINE)
    sources = {**workbook_files.vba_sources(), **workbook_files.xlwings_sources()}
    shown = {
        name
        for module, source in sources.items()
        if "Option Private Module" not in source and "VB_Base" not in source and module not in {f.name for f in FORMS}
        for name in public.findall(source)
        if module not in ("Dictionary", "ThisWorkbook")
    }
    assert shown == set(catalogue())


def test_the_pictures_of_the_ribbon_are_excels_own():
    """Names out of Microsoft's list of Excel's commands, Office 2013 and Microsoft 365 both."""
    known = """RefreshAll CalculateNow Undo GetExternalDataFromText FileNew ReviewNewComment SendCopySelectNames
        DataValidationCircleInvalid FunctionWizard ErrorChecking NameManager PasteValues EditLinks Help MacroSecurity
        TableInsertExcel TableRowsDeleteExcel About"""
    assert set(IMAGES.values()) == set(known.split())


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["xlsm", pytest.param("xlam", marks=pytest.mark.thorough)])
def test_our_modules_compile(kind, request, tmp_path):
    path = tmp_path / f"book.{kind}"
    path.write_bytes(request.getfixturevalue("workbook" if kind == "xlsm" else "xlam"))
    for name, found in analyze_office_file(str(path)).items():
        wanted = {"error"} if name in XLWINGS else {"error", "warning"}
        assert not [d.message for d in found if d.severity.value in wanted], name


SEEDED = [
    ("Calls", "values = ValuesOf(arguments)", "valeus = ValuesOf(arguments)"),
    ("Calls", "ReachesTheEdge(arguments(i))", "ReachesTheEdge(arguments(i), 1)"),
    ("Calls", "area.Worksheet.Rows.Count", "area.Worksheet.Rows.Cuont"),
    ("Calls", "Set server = Started()", "Set server = Begun()"),
    ("Actions", "Dim entry As Variant, row As Long", "Dim entry As Variant, entry As Long"),
    ("Ribbon", "Resume restore", "Resume restored"),
    ("Metrics", "Array(scores, scale_)", "Array(scores, scale_"),
    ("Doctor", 'AddLine report, "fail", Err.Description', 'AddLine report, "fail"'),
]


@pytest.mark.parametrize(
    ("module", "old", "new"), [SEEDED[0], *(pytest.param(*case, marks=pytest.mark.thorough) for case in SEEDED[1:])]
)
def test_a_seeded_mistake_is_caught(module, old, new):
    sources = {**workbook_files.vba_sources(), **workbook_files.xlwings_sources()}
    assert old in sources[module]
    sources[module] = sources[module].replace(old, new, 1)
    kinds = dict.fromkeys(sources, ModuleSymbolKind.STANDARD)
    kinds |= {"ThisWorkbook": ModuleSymbolKind.DOCUMENT, "Dictionary": ModuleSymbolKind.CLASS}
    kinds |= {form.name: ModuleSymbolKind.USERFORM for form in FORMS}
    found = analyze_project(
        ModuleInput(name, kinds[name], source)
        for name, source in sources.items()
        if name not in {f.name for f in FORMS}
    )
    assert [d for d in found[module] if d.severity.value == "error"]


@pytest.mark.parametrize("name", workbook_files.vba_sources())
def test_our_modules_are_whole(name):
    """Blocks and procedures end; pyvbaanalysis leaves that to the parser."""
    parse_module(workbook_files.vba_sources()[name])


@pytest.mark.parametrize(("old", "new"), [
    ("    End Select\nEnd Function", "End Function"),
    ("    Next i\n    ValuesOf", "    ValuesOf"),
    ("End Sub\n\nPrivate Function Started", "\nPrivate Function Started"),
    ("        End If\n    Next argument", "    Next argument"),
])  # fmt: skip
def test_an_open_block_is_caught(old, new):
    source = workbook_files.vba_sources()["Calls"]
    assert old in source
    with pytest.raises(VBACompileError):
        parse_module(source.replace(old, new, 1))


def test_the_forms_hold_the_controls_that_their_code_names(saved):
    sources = workbook_files.vba_sources()
    with ExcelFile(saved) as file:
        forms = {form.name: {control.name for control in form.walk()} for form in file.forms()}
        references = [reference.guid.strip("{}").upper() for reference in file.references()]
    assert workbook_files.OFFICE_LIBRARY in references
    assert forms == {form.name: {control.name for control in form.controls} for form in FORMS}
    for name, controls in forms.items():
        handled = set(re.findall(r"^Private Sub (\w+)_(?:Click|Change)\(", sources[name], re.MULTILINE))
        assert handled - {"UserForm"} <= controls
        for control in (c for c in workbook_files.FORMS if c.name == name):
            assert all(
                c.left + c.width <= control.width and c.top + c.height <= control.height for c in control.controls
            )


def test_the_container_is_what_windows_reads(built):
    data, _ = built
    project = olefile.OleFileIO(
        io.BytesIO(parts_of(data)[workbook_files.VBA_PROJECT]), raise_defects=olefile.DEFECT_UNSURE
    )
    assert not project.parsing_issues


def test_microsofts_validator_finds_nothing(saved, faults):
    assert faults(saved) == []

"""What xlwings calls, and what we rely on in the installed xlwings."""

import re
from importlib.metadata import version

import fake_windows
import numpy as np
import pytest
from fake_windows import ERRORS, MISSING, call_udf, com_error
from pyvbaanalysis import ModuleInput, ModuleSymbolKind, analyze_project

from addin.calling import call
from addin.catalogue import catalogue
from addin.hosts.excel.vba_names import XLWINGS_VERSION, vba_name
from addin.hosts.excel.workbook_files import xlwings_sources

MARK = "\u2060"
FAILURES = "addin.hosts.excel.failures"


@pytest.fixture(autouse=True)
def windows():
    fake_windows.xlwings()


@pytest.mark.parametrize(
    ("arguments", "gives"),
    [
        ((((10.0,), (None,), (3.0,)), MISSING), 0.0),
        ((((10.0, None, 3.0),), MISSING), 0.0),
        (((10.0, 3.0), MISSING), 0.0),
        ((10.0, MISSING), 100.0),
        ((10, MISSING), 100.0),
        ((((10.0,), ("",)), MISSING), 100.0),
        ((None, MISSING), MARK + "#N/A"),
        ((MISSING, MISSING), MARK + "#N/A"),
        ((True, MISSING), -100.0),
        ((((0.0,),), "1-10"), MARK + "#VALUE!"),
        ((((10.0,), ("ten",)), MISSING), MARK + "#VALUE!"),
    ],
)
def test_arguments_as_com_hands_them_over(arguments, gives):
    assert call_udf("NPS", *arguments) == gives


@pytest.mark.parametrize("code", ERRORS)
@pytest.mark.parametrize("wrap", [lambda cell: cell, lambda cell: ((9.0,), (cell,)), lambda cell: (9.0, cell)])
def test_an_error_value_is_given_back(code, wrap):
    assert call_udf("NPS", wrap(com_error(code)), MISSING) == MARK + code


def test_an_element_that_fails_holds_its_own_error():
    years = ((1.0,), (None,), ("x",), (com_error("#REF!"),))
    assert call_udf("CLV", years, 2.0, 3.0, MISSING, MISSING) == [
        [6.0], [MARK + "#N/A"], [MARK + "#VALUE!"], [MARK + "#REF!"],
    ]  # fmt: skip


def test_failures_are_kept_in_order_and_taken_once():
    call_udf("take_failures", module=FAILURES)
    call_udf("ROI", 1.0, 0.0)
    call_udf("NPS", MISSING, MISSING)
    call_udf("ROI", 1.0, 0.0)
    told = call_udf("take_failures", module=FAILURES).splitlines()
    assert [line.split(":")[0] for line in told] == ["#DIV/0! ROI", "#N/A NPS"]
    assert call_udf("take_failures", module=FAILURES) == ""


def test_the_record_of_failures_does_not_grow_without_end():
    from addin.hosts.excel import udfs

    call_udf("CLV", ((None,),) * 1000, 2.0, 3.0, MISSING, MISSING)
    assert len(udfs.failures) == 100


def test_a_whole_column_with_blanks_and_text():
    scores = np.random.default_rng(3).integers(0, 11, 1_048_576).astype(float).tolist()
    column = tuple((None,) if i % 9 == 0 else (score,) for i, score in enumerate(scores))
    known = np.array([score for i, score in enumerate(scores) if i % 9])
    expected = 100 * (np.count_nonzero(known >= 9) - np.count_nonzero(known <= 6)) / known.size
    assert call_udf("NPS", column, MISSING) == expected
    assert call_udf("NPS", (*column[:-1], ("late",)), MISSING) == MARK + "#VALUE!"


class TestXlwingsOwnButton:
    """Import Functions, with which a power user puts our functions into a book of his own."""

    @pytest.fixture
    def text(self, windows):
        return fake_windows.imported_functions("addin.hosts.excel.udfs")

    def test_it_writes_every_metric_with_its_arguments(self, text):
        found = dict(re.findall(r"^Function (\w+)\((.*)\)$", text, re.MULTILINE))
        assert found == {
            metric.name: ", ".join(vba_name(p) if p.required else f"Optional {vba_name(p)}" for p in metric.params)
            for metric in catalogue().values()
        }

    def test_what_it_writes_compiles(self, text):
        head = 'Attribute VB_Name = "xlwings_udfs"\n#Const App = "Microsoft Excel"\n'
        modules = [
            ModuleInput("xlwings_udfs", ModuleSymbolKind.STANDARD, head + text),
            ModuleInput("xlwings", ModuleSymbolKind.STANDARD, xlwings_sources()["xlwings"]),
        ]
        found = analyze_project(modules)["xlwings_udfs"]
        assert not [d for d in found if d.severity.value == "error"]

    def test_a_range_read_by_xlwings_itself_is_understood(self):
        import datetime
        from decimal import Decimal

        cells = ((Decimal("3"),), (datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.UTC),))
        serials = ((3.0,), (46053.5,))
        assert call_udf("GINI", cells) == call(catalogue()["GINI"], [serials])


class TestWhatWeRelyOn:
    """Lines of the installed xlwings; a change in them would break the way from VBA to Python."""

    @pytest.fixture
    def source(self):
        return xlwings_sources()["xlwings"]

    def test_one_version_is_pinned_installed_and_built_in(self, source, project):
        text = (project / "pyproject.toml").read_text(encoding="utf-8")
        assert f"xlwings=={XLWINGS_VERSION}" in text
        assert version("xlwings") == XLWINGS_VERSION
        assert f'Public Const XLWINGS_VERSION As String = "{XLWINGS_VERSION}"' in source

    def test_the_dll_is_declared_under_that_version_for_both_kinds_of_excel(self, source):
        declared = re.findall(
            r'^\s*(?:Private )?Declare (?:PtrSafe )?Function XLPyDLLActivateAuto Lib "(.*?)" '
            r"\(ByRef Result As Variant, Optional ByVal Config As String = \"\", Optional ByVal mode As Long = 1\)",
            source, re.MULTILINE,
        )  # fmt: skip
        assert declared == [f"xlwings{bits}-{XLWINGS_VERSION}.dll" for bits in (64, 32, 32)]

    @pytest.mark.parametrize("line", [
        "Function XLPy()",
        "Function GetConfigFilePath() As String",
        'Function GetConfig(configKey As String, Optional default As String = "", Optional source As String = "user")',
        "Function FileExists(ByVal FileSpec As String) As Boolean",
        "Function ParentFolder(ByVal Folder)",
        'If LoadLibrary(ParentFolder(PYTHON_WIN) + "\\" + XLPyDLLName) = 0',
        'If LoadLibrary(ParentFolder(ParentFolder(PYTHON_WIN)) + "\\" + XLPyDLLName) = 0',
        'GetConfigFilePath = Environ("USERPROFILE") & "\\." & PROJECT_NAME & "\\" & PROJECT_NAME & ".conf"',
        "Input #iFileNum, sVarName, sVarValue",
        "import xlwings.utils;xlwings.utils.prepare_sys_path",
    ])  # fmt: skip
    def test_what_our_modules_and_our_configuration_use_is_there(self, source, line):
        assert line in source

    def test_its_own_wrappers_call_as_ours_do(self):
        from xlwings.com_server import XLPython

        text = fake_windows.imported_functions("addin.hosts.excel.udfs")
        assert 'NPS = XLPy.CallUDF("addin.hosts.excel.udfs", "NPS", Array(scores, scale_))' in text
        assert XLPython.CallUDF.__code__.co_varnames[:4] == ("self", "script", "fname", "args")
        assert XLPython.CallUDF.__defaults__ == (None, None)

    def test_its_licence_notice_is_kept(self, source):
        assert "Redistributions in binary form must reproduce the above copyright notice" in source
        assert "License: MIT" in xlwings_sources()["Dictionary"]

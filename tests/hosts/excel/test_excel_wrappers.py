"""The generated VBA."""

import re

import pytest

from addin import __version__
from addin.catalogue import Example, Kind, Metric, Param, catalogue
from addin.errors import BookError
from addin.hosts.excel.vba_wrappers import function_list_module, metrics_module

TWIN = f'''\
Attribute VB_Name = "Metrics"
Option Explicit

' Written by roc build from the declarations of the metrics. Do not edit.
' Every argument is Optional to VBA, so that Python can say which one is missing and what it takes.

Public Const ADD_IN_VERSION As String = "{__version__}"

Public Function HALF( _
        Optional amount As Variant, _
        Optional scale_ As Variant) As Variant
Attribute HALF.VB_Description = "Half of ""it""."
    HALF = Ask("HALF", Array(amount, scale_))
End Function
'''
LIST_TWIN = """\
Attribute VB_Name = "FunctionList"
Option Explicit
Option Private Module

' Written by roc build from the declarations of the metrics. Do not edit.

Public Function FunctionNames() As Variant
    FunctionNames = Split("HALF", " ")
End Function

' Each function as an array; CatalogueField says what is where.
Public Function Catalogue() As Collection
    Set Catalogue = New Collection
    AddValue Catalogue
End Function

Private Sub AddValue(ByVal entries As Collection)
    entries.Add Array("HALF", _
        "Value", _
        "HALF(amount, [scale])", _
        "Half of ""it"".", _
        "=HALF(2)", _
        Array("amount", _
            "scale_"), _
        Array("What to halve", _
            "Its scale"))
End Sub
"""


def half(**changes):
    declared = {
        "name": "HALF", "family": "Value", "function": lambda amount, scale: amount / 2,
        "params": (Param("amount", Kind.NUMBER, "What to halve"), Param("scale", Kind.LABELS, "Its scale", default="")),
        "returns": "half", "gives_table": False, "columns": {},
            "summary": 'Half of "it".', "notes": "", "formula": "amount / 2",
        "errors": "none", "source": "none", "example": Example("=HALF(2)", 1.0),
    }  # fmt: skip
    return Metric(**{**declared, **changes})


def test_the_modules_are_their_twins():
    assert metrics_module([half()]) == TWIN
    assert function_list_module([half()]) == LIST_TWIN


def test_a_character_that_vba_lacks_is_refused_by_name():
    with pytest.raises(BookError, match="no character '≥'"):
        metrics_module([half(summary="Half ≥ none.")])
    with pytest.raises(BookError, match=r"FunctionList\.bas: VBA has no character '≥'"):
        function_list_module([half(params=(Param("amount", Kind.NUMBER, "≥ 0"),))])


def test_every_metric_has_its_function():
    found = re.findall(r"^Public Function ([A-Z0-9_]+)\(", metrics_module(), re.MULTILINE)
    assert sorted(found) == sorted(catalogue())


@pytest.mark.parametrize("module", [metrics_module, function_list_module])
def test_vba_takes_the_lines(module):
    """At most 1023 characters a line, 24 continuations a statement."""
    text = module()
    assert max(map(len, text.splitlines())) < 1023
    assert max(len(run) for run in re.findall(r"(?:.* _\n)+", text)) > 0
    assert max(run.count("\n") for run in re.findall(r"(?:.* _\n)+", text)) <= 24

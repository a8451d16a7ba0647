"""The VBA of the functions: a wrapper per metric, and the list that help and the ribbon read."""

from __future__ import annotations

from collections.abc import Iterable

from addin import __version__
from addin.catalogue import Metric, by_family
from addin.errors import BookError
from addin.hosts.excel.vba_names import vba_name

HEAD = """\
Attribute VB_Name = "Metrics"
Option Explicit

' Written by roc build from the declarations of the metrics. Do not edit.
' Every argument is Optional to VBA, so that Python can say which one is missing and what it takes.

Public Const ADD_IN_VERSION As String = "{version}"
"""
LIST_HEAD = """\
Attribute VB_Name = "FunctionList"
Option Explicit
Option Private Module

' Written by roc build from the declarations of the metrics. Do not edit.
"""
VBA_ENCODING = "cp1252"
"""What the editor of VBA can hold."""


def metrics_module(metrics: Iterable[Metric] | None = None) -> str:
    """The text of Metrics.bas: what a cell may call."""
    return _encodable("Metrics", [HEAD.format(version=__version__), *map(_wrapper, _ordered(metrics))])


def function_list_module(metrics: Iterable[Metric] | None = None) -> str:
    """The text of FunctionList.bas: what is known of each function, out of the reach of cells."""
    metrics = _ordered(metrics)
    families = list(dict.fromkeys(metric.family for metric in metrics))
    return _encodable("FunctionList", [
        LIST_HEAD,
        _names(metrics),
        _catalogue(families),
        *(_entries(family, [m for m in metrics if m.family == family]) for family in families),
    ])  # fmt: skip


def _ordered(metrics: Iterable[Metric] | None) -> list[Metric]:
    return list(by_family() if metrics is None else metrics)


def _encodable(module: str, parts: list[str]) -> str:
    text = "\n".join(parts)
    try:
        text.encode(VBA_ENCODING)
    except UnicodeEncodeError as error:
        found = text[error.start : error.end]
        raise BookError(
            f"{module}.bas: VBA has no character {found!r}, found in {text[error.start - 40 : error.end]!r}; "
            "write the help of that metric without it"
        ) from error
    return text


def _names(metrics: list[Metric]) -> str:
    lines = [" ".join(metric.name for metric in metrics[at : at + 8]) for at in range(0, len(metrics), 8)]
    joined = ' " & _\n        "'.join(lines)
    return f"""\
Public Function FunctionNames() As Variant
    FunctionNames = Split("{joined}", " ")
End Function
"""


def _wrapper(metric: Metric) -> str:
    names = [vba_name(param) for param in metric.params]
    declared = ", _\n        ".join(f"Optional {name} As Variant" for name in names)
    return f"""\
Public Function {metric.name}( _
        {declared}) As Variant
Attribute {metric.name}.VB_Description = {_quoted(metric.summary)}
    {metric.name} = Ask("{metric.name}", Array({", ".join(names)}))
End Function
"""


def _catalogue(families: list[str]) -> str:
    calls = "\n".join(f"    Add{family} Catalogue" for family in families)
    return f"""\
' Each function as an array; CatalogueField says what is where.
Public Function Catalogue() As Collection
    Set Catalogue = New Collection
{calls}
End Function
"""


def _entries(family: str, metrics: list[Metric]) -> str:
    lines = [f"Private Sub Add{family}(ByVal entries As Collection)"]
    for metric in metrics:
        fields = ", _\n        ".join([
            _quoted(metric.name), _quoted(metric.family), _quoted(metric.signature), _quoted(metric.summary),
            _quoted(metric.example.formula), _array(vba_name(p) for p in metric.params),
            _array(p.help for p in metric.params),
        ])  # fmt: skip
        lines.append(f"    entries.Add Array({fields})")
    return "\n".join([*lines, "End Sub\n"])


def _array(texts: Iterable[str]) -> str:
    listed = ", _\n            ".join(map(_quoted, texts))
    return f"Array({listed})"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'

"""What is known of the functions without loading them: their names, and what an editor and a type checker read."""

from __future__ import annotations

import inspect
from textwrap import indent

from addin.catalogue import Kind, Metric, Param, by_family, catalogue

HEAD = '''\
"""Written by roc build from the declarations of the functions. Do not edit."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from pandas import DataFrame

__version__: str

'''
NAMES_HEAD = '''\
"""The names of the functions, written by roc build from their declarations. Do not edit."""

FUNCTION_NAMES = frozenset(
    (
'''
TYPES = {
    Kind.NUMBER: "float",
    Kind.DATE: "date | str | float",
    Kind.FLAG: "bool",
    Kind.NUMBERS: "float | Iterable[Any]",
    Kind.SCORES: "float | str | Iterable[Any]",
    Kind.FLAGS: "bool | float | Iterable[Any]",
    Kind.LABELS: "str | Iterable[Any]",
    Kind.DATES: "date | str | float | Iterable[Any]",
}


def function_names() -> str:
    """The text of addin/function_names.py."""
    names = "".join(f'        "{name}",\n' for name in catalogue())
    return NAMES_HEAD + names + "    )\n)\n"


def stub() -> str:
    """The text of addin/__init__.pyi."""
    return HEAD + "\n".join(map(_declared, by_family()))


def _declared(metric: Metric) -> str:
    returned = inspect.signature(metric.function).return_annotation.replace("Table", "DataFrame")
    params = "".join(f"    {_param(param)},\n" for param in metric.params)
    text = indent(f'"""{inspect.getdoc(metric.function)}\n"""', "    ", lambda line: bool(line.strip()))
    return f"def {metric.name.lower()}(\n{params}) -> {returned}:\n{text}\n"


def _param(param: Param) -> str:
    kind = f"Literal[{', '.join(map(repr, param.choices))}]" if param.choices else TYPES[param.kind]
    return f"{param.name}: {kind}" + ("" if param.required else " | None = ...")

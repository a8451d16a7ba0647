"""What Excel and the page are told of the functions, from their declarations."""

from __future__ import annotations

import json
from typing import Any

from addin.arguments import ARRAY_KINDS
from addin.buttons import WEB, buttons_of
from addin.catalogue import Metric, Param, by_family

MATRIX = {"type": "any", "dimensionality": "matrix"}
"""Of every argument, since Excel would turn a blank cell that is declared a number into 0."""


def functions_json() -> str:
    """The metadata by which Excel registers the functions."""
    described = {
        "allowCustomDataForDataTypeAny": True,
        "allowErrorForDataTypeAny": True,
        "functions": [_registered(metric) for metric in by_family()],
    }
    return json.dumps(described, indent=1, ensure_ascii=False)


def _registered(metric: Metric) -> dict[str, Any]:
    return {
        "id": metric.name,
        "name": metric.name,
        "description": metric.summary,
        "parameters": [
            _argument(param) for param in metric.params
        ],
        "result": MATRIX,
        "options": {"cancelable": True, "requiresAddress": True},
    }  # fmt: skip


def _argument(param: Param) -> dict[str, Any]:
    described = {"name": param.name, "description": help_of(param), **MATRIX}
    return described if param.required else described | {"optional": True}


def help_of(param: Param) -> str:
    """An argument's help with its unit and what counts when it is left out."""
    unit = f" ({param.unit})" if param.unit else ""
    return f"{param.help}{unit}" + (f"; {param.default_shown} when left out" if param.default_shown else "")


def catalogue_script() -> str:
    """What the page needs to know of the functions and the buttons, as a script."""
    listed = [
        {
            "name": metric.name,
            "family": metric.family,
            "signature": metric.signature,
            "summary": metric.summary,
            "notes": metric.notes,
            "params": [
                {"name": param.name, "help": help_of(param), "array": param.kind in ARRAY_KINDS}
                for param in metric.params
            ],
            "returns": metric.returns,
            "formula": metric.formula,
            "errors": metric.errors,
            "source": metric.source,
            "example": metric.example.formula,
        }
        for metric in by_family()
    ]
    buttons = [{"name": button.name, "title": button.title, "help": button.help} for button in buttons_of(WEB)]
    return "".join(
        f"const {name} = {json.dumps(told, ensure_ascii=False)};\n"
        for name, told in (("CATALOGUE", listed), ("BUTTONS", buttons))
    )

"""Which native formulas the engine is trusted with; all others keep their saved value, or go to LibreOffice.

Trusted is what the battery of the tests proves to give Excel's values: the functions of `PROVEN`, with as
many arguments and of such kinds as stand there, joined by Excel's operators. Nothing else is, however well
the engine may know it. Within that, `_RULES` and the checks of this module refuse what the battery shows to
come out otherwise than in Excel: the difference lies in what an argument says, not in its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Final

import formualizer as fz

from addin.function_names import FUNCTION_NAMES
from addin.values import column_number
from addin.xlsx.proven_functions import PROVEN, Result, Signature

Node = dict[str, Any]
Rule = Callable[[Sequence[Node]], str | None]

_ONE_CELL: Final = re.compile(r"(?:.*!)?\$?[A-Z]{1,3}\$?[0-9]{1,7}", re.IGNORECASE)
_CELLS: Final = re.compile(r"(?:.*!)?\$?([A-Z]{1,3})?\$?([0-9]{1,7})?:\$?([A-Z]{1,3})?\$?([0-9]{1,7})?", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r"'?[^!]*\[[^\]]+\][^!]*!|[^'!]*\|")
_THREE_D: Final = re.compile(r"[^!]*:[^!]*!")
_R1C1: Final = re.compile(r"R(?:\[-?\d+\]|\d+)C(?:\[-?\d+\]|\d*)|RC\[-?\d+\]", re.IGNORECASE)
_PREFIX: Final = re.compile(r"^(?:_xl\w+\.)+|^.*!", re.IGNORECASE)
_NUMERAL: Final = re.compile(
    r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:E[-+]?\d+)?%?\s*|\d{4}-\d\d-\d\d|\d\d?:\d\d", re.IGNORECASE
)
_ODD_CRITERION: Final = re.compile(r"[<>=]*(?:#|[-(]?[$€£¥(]\d|\d[\d.]*,\d|[-\d.,]+[%$€£¥]$)|.*[^\x00-\x7f]")

_LITERALS: Final = re.compile(
    r'"[^"]*"|\\.|\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color\d+)\]', re.IGNORECASE
)
_NUMBER_FORMAT: Final = re.compile(r"[-+($€£¥ ]*(?:[#0],[#0][#0])?#*0*(?:\.0*#*)?,*[ %)kKxX$€£¥]*")
_DATE_FORMAT: Final = re.compile(
    r"(?:\[\$-[\w-]+\])?(?:\[(?:h+|m+|s+)\]|y+|m+|d+|h+|s+(?:\.0+)?|AM/PM|[-/.:, T])+", re.IGNORECASE
)

_ARITHMETIC: Final = frozenset(("+", "-", "*", "/", "^", "%"))
_COMPARISONS: Final = frozenset(("=", "<>", "<", ">", "<=", ">="))
_METRIC: Final = Signature("", "V", Result.NUMBER)
_INTERSECTION: Final = "a range is not cut to the formula's own row or column (implicit intersection) here"


def unproven(
    formula: str,
    array: bool = False,
    *,
    rows_hidden: Callable[[], bool] = lambda: True,
    many_cells: Callable[[str], bool] = lambda name: False,
) -> str | None:
    """Why the engine is not trusted with a formula, or None where it is.

    `array` is for what was entered as an array formula, `rows_hidden` says whether the book has rows
    hidden or filtered out, `many_cells` whether a defined name covers more than one cell.
    """
    try:
        tree: Node = fz.parse(formula).to_dict()
    except (fz.ParserError, fz.TokenizerError, ValueError):
        return "the engine cannot read this formula"
    reader = _Reader(array, rows_hidden, many_cells)
    reason = next(reader.doubts(tree, array), None)
    return _INTERSECTION if reason is None and not array and reader.spans(tree) else reason


class _Reader:
    def __init__(self, array: bool, rows_hidden: Callable[[], bool], many_cells: Callable[[str], bool]) -> None:
        self.array, self.rows_hidden, self.many_cells = array, rows_hidden, many_cells
        self.local_names: dict[str, bool] = {}
        """The names of a LET, and whether each stands for more than one value."""
        self.seen: dict[int, bool] = {}

    def doubts(self, node: Node, elementwise: bool) -> Iterator[str]:
        """Say what is not trusted in a node; `elementwise` where Excel takes ranges element by element."""
        match node["node_type"]:
            case "Reference":
                yield from _reference_doubts(node["reference"])
            case "UnaryOp":
                yield from self.operator_doubts(node["operator"], [node["operand"]], elementwise)
            case "BinaryOp":
                yield from self.operator_doubts(node["operator"], [node["left"], node["right"]], elementwise)
            case "Function":
                yield from self.function_doubts(_name(node), node["args"], elementwise)
            case "Call":
                yield "a LAMBDA called where it stands is not calculated here"

    def operator_doubts(self, operator: str, operands: list[Node], elementwise: bool) -> Iterator[str]:
        if operator == ":":
            if any(_name(end) not in ("", "INDEX", "OFFSET") for end in operands):
                yield "a range between the results of functions is not calculated here"
        elif operator not in _ARITHMETIC | _COMPARISONS | {"&"}:
            meaning = {",": "the union of areas", " ": "the intersection of areas"}
            yield f"{meaning.get(operator, f'the operator {operator}')} is not calculated here"
        elif not elementwise and any(map(self.is_cut_to_one, operands)):
            yield _INTERSECTION
        elif operator in _ARITHMETIC and any(map(_is_odd_numeral, operands)):
            yield "a number written as text is not read as Excel does here"
        elif operator == "&" and any(map(_is_long, operands)):
            yield "a computed number joined to text may show more than 15 digits here"
        elif operator in ("=", "<>") and any(map(_is_long, operands)) and not _is_zero_test(operands):
            yield "computed numbers are compared to the last digit here, to 15 digits in Excel"
        elif operator in _COMPARISONS and not all((_text(operand) or "").isascii() for operand in operands):
            yield "capital and small letters beyond A to Z are different letters here"
        elif operator == "^" and (reason := _RULES["POWER"](operands)):
            yield reason
        for operand in operands:
            yield from self.doubts(operand, elementwise)

    def function_doubts(self, name: str, args: list[Node], elementwise: bool) -> Iterator[str]:
        signature = _signature(name)
        if signature is None:
            yield f"{name} is not known to give Excel's values in this engine"
            return
        kinds = signature.kinds(len(args))
        if kinds is None:
            yield f"{name} with {len(args)} arguments is not known to give Excel's value here"
            return
        if name == "LET":
            for key, value in zip(args[0:-1:2], args[1::2], strict=False):
                self.local_names[key.get("reference", "").upper()] = self.spans(value)
        if name in _RULES and (reason := _RULES[name](args)):
            yield reason
        if "c" in kinds and name.endswith("IFS"):
            ranges = (arg for arg, kind in zip(args, kinds, strict=True) if kind == "V")
            if len({shape for arg in ranges if (shape := _shape(arg))}) > 1:
                yield f"{name} with ranges of different size is not calculated here"
        if (name == "SUBTOTAL" or (name == "AGGREGATE" and _number(args, 1) in (1, 3, 5, 7))) and self.rows_hidden():
            yield f"{name} counts hidden and filtered rows here"
        for arg, kind in zip(args, kinds, strict=True):
            yield from self.argument_doubts(name, arg, kind)
            yield from self.doubts(_bound(arg) if kind == "c" else arg, elementwise or kind == "E")

    def argument_doubts(self, name: str, arg: Node, kind: str) -> Iterator[str]:
        if kind == "c":
            if self.spans(arg):
                yield f"{name} with a range or an array as its criterion is not calculated here"
            if (text := _text(arg)) and _ODD_CRITERION.match(text):
                yield f"{name} does not read the criterion {text} as Excel does"
        elif kind in "vtnd":
            if self.spans(arg):
                yield f"{name} for every element of a range is not calculated here"
        elif kind == "a":
            if not self.array and self.spans(arg):
                yield f"{name} over a range outside an array formula is not calculated here"
        elif kind == "L" and arg["node_type"] not in ("Reference", "Array"):
            yield f"{name} in a computed array is not calculated here"
        if kind in "tT" and _is_long(arg):
            yield f"{name} may see more than 15 digits of a computed number here"
        if (kind in "nN" and _is_odd_numeral(arg)) or (kind in "dD" and _has_digit(arg)):
            yield f"{name} does not read this text as Excel does"

    def spans(self, node: Node) -> bool:
        """Whether a node stands for more than one value."""
        if id(node) not in self.seen:
            self.seen[id(node)] = self._spans(node)
        return self.seen[id(node)]

    def _spans(self, node: Node) -> bool:
        match node["node_type"]:
            case "Reference":
                return self.reference_spans(node["reference"])
            case "Array":
                return len(node["rows"]) > 1 or len(node["rows"][0]) > 1
            case "UnaryOp":
                return self.spans(node["operand"])
            case "BinaryOp":
                return node["operator"] == ":" or self.spans(node["left"]) or self.spans(node["right"])
            case "Function":
                return self.function_spans(_name(node), node["args"])
        return False

    def reference_spans(self, reference: str) -> bool:
        if ":" in reference:
            return _area_shape(reference) != (1, 1)
        if reference.endswith("]"):
            return "[@" not in reference and "#this row" not in reference.lower()
        if _ONE_CELL.fullmatch(reference):
            return False
        return self.local_names.get(reference.upper(), False) or self.many_cells(reference)

    def function_spans(self, name: str, args: Sequence[Node]) -> bool:
        match name:
            case "INDEX":
                return any(_number(args, place) == 0 or self.spans(args[place]) for place in range(1, len(args)))
            case "OFFSET":
                return len(args) > 3 or any(map(self.spans, args))
            case "IF" | "IFERROR" | "IFNA" | "CHOOSE":
                return any(map(self.spans, args))
            case "LET":
                return self.spans(args[-1])
            case "TREND" | "GROWTH":
                return len(args) < 3 or self.spans(args[2])
            case "XLOOKUP":
                shape = _shape(args[2]) if len(args) > 2 else None
                return self.spans(args[0]) or bool(shape and 1 not in shape)
            case "INDIRECT":
                return any(":" in text for text in _texts(args[0])) if args else False
        signature = _signature(name)
        return signature is not None and signature.result is Result.ARRAY

    def is_cut_to_one(self, node: Node) -> bool:
        """Whether Excel, outside an array formula, takes only one cell of what stands here."""
        if node["node_type"] == "Array":
            return False
        signature = _signature(_name(node))
        return not (signature and "E" in signature.arguments + signature.repeated) and self.spans(node)


def _signature(name: str) -> Signature | None:
    return PROVEN.get(name) or (_METRIC if name in FUNCTION_NAMES else None)


def _name(node: Node) -> str:
    return _bare(node["name"]) if node["node_type"] == "Function" else ""


@cache
def _bare(name: str) -> str:
    return _PREFIX.sub("", name).upper()


def _number(args: Sequence[Node], place: int) -> float | None:
    """The number that an argument, or one left out, is written as."""
    node = args[place] if place < len(args) else {}
    if node.get("node_type") == "UnaryOp" and node["operator"] == "-":
        number = _number([node["operand"]], 0)
        return None if number is None else -number
    value = node.get("value")
    return float(value) if isinstance(value, (int, float)) else None


def _text(node: Node) -> str | None:
    value = node.get("value")
    return value if isinstance(value, str) else None


def _texts(node: Node) -> Iterator[str]:
    if node["node_type"] == "BinaryOp":
        yield from (*_texts(node["left"]), *_texts(node["right"]))
    elif text := _text(node):
        yield text


def _shape(node: Node) -> tuple[int, int] | None:
    reference = node.get("reference", "")
    return (1, 1) if _ONE_CELL.fullmatch(reference) else _area_shape(reference)


def _area_shape(reference: str) -> tuple[int, int] | None:
    """The rows and columns of an area; 0 where it covers all of them."""
    match = _CELLS.fullmatch(reference)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    rows = abs(int(bottom) - int(top)) + 1 if top and bottom else 0
    return rows, abs(column_number(right) - column_number(left)) + 1 if left and right else 0


def _reference_doubts(reference: str) -> Iterator[str]:
    if _ELSEWHERE.match(reference):
        yield "a reference to another workbook is not calculated here"
    elif _THREE_D.match(reference):
        yield "a reference through several sheets is not calculated here"
    elif _R1C1.fullmatch(reference):
        yield "a reference in R1C1 style is not calculated here"


def _bound(criterion: Node) -> Node:
    """What a criterion such as ">"&A1/3 compares with; its last digits decide nothing there."""
    if criterion.get("operator") == "&" and (_text(criterion["left"]) or "=")[0] in "<>":
        bound: Node = criterion["right"]
        return bound
    return criterion


def _is_long(node: Node) -> bool:
    """Whether a node computes a number that may need more than 15 digits."""
    match node["node_type"]:
        case "BinaryOp" if node["operator"] in "+-*":
            return not (_is_whole(node["left"]) and _is_whole(node["right"]))
        case "BinaryOp":
            return node["operator"] in "/^"
        case "UnaryOp":
            return _is_long(node["operand"])
        case "Function" if signature := _signature(_name(node)):
            is_argument = signature.result is Result.ARGUMENT
            return any(map(_is_long, node["args"])) if is_argument else signature.result is Result.NUMBER
        case "Literal":
            return isinstance(node["value"], float) and abs(node["value"]) >= 1e15
    return False


def _is_zero_test(operands: list[Node]) -> bool:
    """Whether a function's answer is compared with 0, which is exact; a difference may be rounded to 0 in Excel."""
    return _number(operands, 1) == 0 and operands[0]["node_type"] == "Function"


def _is_whole(node: Node) -> bool:
    match node["node_type"]:
        case "Literal":
            return isinstance(node["value"], float) and node["value"].is_integer()
        case "UnaryOp":
            return node["operator"] != "%" and _is_whole(node["operand"])
        case "BinaryOp":
            return node["operator"] in "+-*" and _is_whole(node["left"]) and _is_whole(node["right"])
        case "Function":
            signature = _signature(_name(node))
            is_whole = signature is not None and signature.result is Result.WHOLE
            return is_whole or (_name(node).startswith("ROUND") and _number(node["args"], 1) == 0)
    return False


def _has_digit(node: Node) -> bool:
    return any(map(str.isdigit, _text(node) or ""))


def _is_odd_numeral(node: Node) -> bool:
    return _has_digit(node) and not _NUMERAL.fullmatch(_text(node) or "")


def _text_format(args: Sequence[Node]) -> str | None:
    pattern = _text(args[1]) if len(args) > 1 else None
    if pattern is None:
        return "TEXT with a format from a cell is not calculated here"
    if isinstance(args[0].get("value"), bool):
        return "TEXT of TRUE or FALSE is not calculated here"
    first, *others = [_LITERALS.sub("", section) for section in pattern.split(";")]
    is_number = set(first) & set("0#") and _NUMBER_FORMAT.fullmatch(first)
    is_date = not others and first and _DATE_FORMAT.fullmatch(first)
    readable = is_date or (is_number and len(others) <= 2 and all(map(_NUMBER_FORMAT.fullmatch, others)))
    return None if readable else f"TEXT with the format {pattern} is not calculated here"


def _when(wrong: Callable[[Sequence[Node]], object], reason: str) -> Rule:
    return lambda args: reason if wrong(args) else None


_LOGICAL_TEXT: Final = _when(
    lambda args: {(_text(arg) or "").upper() for arg in args} & {"TRUE", "FALSE"},
    "the text TRUE or FALSE is not read as a logical value here",
)
_LETTERS: Final = _when(
    lambda args: not args or not (_text(args[0]) or "é").isascii(),
    "letters beyond A to Z keep their case here",
)
_BELOW_ZERO: Final = "rounding to a multiple below 0 is not calculated here"
_RULES: Final[dict[str, Rule]] = {
    "TEXT": _text_format,
    "CEILING": _when(lambda args: (_number(args, 1) or 1) < 0 or _number(args, 1) == 0, _BELOW_ZERO),
    "FLOOR": _when(lambda args: (_number(args, 1) or 1) < 0, _BELOW_ZERO),
    "IF": lambda args: _LOGICAL_TEXT(args[:1]),
    **dict.fromkeys(("AND", "OR", "XOR", "NOT"), _LOGICAL_TEXT),
    **dict.fromkeys(("UPPER", "LOWER"), _LETTERS),
    "AGGREGATE": _when(lambda args: (_number(args, 0) or 12) > 11, "AGGREGATE 12 to 19 is not calculated here"),
    "SUMPRODUCT": _when(
        lambda args: len(args) > 1 and any(arg.get("operator") in _COMPARISONS for arg in args),
        "TRUE between the commas of SUMPRODUCT counts as 1 here, as 0 in Excel",
    ),
    "POWER": _when(lambda args: [_number(args, 0), _number(args, 1)] == [0, 0], "0^0 is an error in Excel, 1 here"),
    "DATE": _when(lambda args: (_number(args, 0) or 0) < 0, "DATE of a year below 0 is not calculated here"),
}
"""What is wrong with the arguments of a trusted function."""

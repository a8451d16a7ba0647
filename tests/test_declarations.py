"""What a declaration must hold, and what is refused when it is made."""

from typing import Annotated, Literal

import pytest

from addin.catalogue import DeclarationError, Example, Kind, Number, Numbers, catalogue, metric


def declare(name="ANSWER", hint=None, doc=None, argument="values", returns=float):
    """Declare a metric that takes one argument, and take it out of the catalogue again."""

    def function(values):
        return 42.0

    namespace = {"function": function}
    exec(f"def answer({argument}): return function({argument})", namespace)
    declared = namespace["answer"]
    declared.__name__ = name.lower()
    declared.__annotations__ = {argument: hint or Annotated[Numbers, "the values"], "return": returns}
    declared.__doc__ = doc or "The answer.\n\nNotes.\n\nFormula: 42\nErrors: none\n    at all\nSource: none"
    try:
        given_back = metric(name, family="Test", returns="number", example=Example(f"={name}(1)", 42.0))(declared)
        assert given_back is declared
        return catalogue()[name]
    finally:
        catalogue().pop(name, None) if name == "ANSWER" else None


def test_a_declaration_holds_all_that_hosts_need():
    declared = declare(hint=Annotated[Numbers, "the values", "points"])
    assert declared.signature == "ANSWER(values)"
    assert (declared.summary, declared.notes, declared.errors) == ("The answer.", "Notes.", "none at all")
    param = declared.params[0]
    assert (param.kind, param.help, param.unit, param.required) == (Kind.NUMBERS, "the values", "points", True)


def test_a_family_is_one_word():
    with pytest.raises(DeclarationError, match="'Two words' is not one word"):
        metric("ANSWER", family="Two words", returns="number", example=Example("=ANSWER(1)", 42.0))


def test_choices_come_from_a_literal():
    assert declare(hint=Annotated[Literal["a", "b"], "which"]).params[0].choices == ("a", "b")


def test_help_may_be_as_long_as_the_wizard_shows():
    longest = "x" * 255
    declared = declare(
        hint=Annotated[Numbers, longest], doc=f"{longest}\n\nNotes.\n\nFormula: 42\nErrors: none\nSource: none"
    )
    assert (declared.summary, declared.params[0].help) == (longest, longest)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("NPS10", "looks like a cell address"),
        ("XFD1", "looks like a cell address"),
        ("R1C1", "looks like a cell address"),
        ("NEXT", "is a VBA keyword"),
        ("SUM", "is a built-in function of Excel or Calc"),
        ("XLOOKUP", "is a built-in function of Excel or Calc"),
        ("EASTERSUNDAY", "is a built-in function of Excel or Calc"),
        ("RIBBON", "is a name in our VBA"),
        ("ASK", "is a name in our VBA"),
        ("NPS", "is declared already"),
        ("A-B", "is not upper-case letters"),
    ],
)
def test_a_name_that_a_spreadsheet_refuses(name, fault):
    import addin.metrics  # noqa: F401

    with pytest.raises(DeclarationError, match=fault):
        declare(name)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"hint": Annotated[dict, "a dict"]}, "its type is not one of"),
        ({"hint": Annotated[Number, ""]}, "its help is needed"),
        ({"hint": Annotated[Number, "x" * 256]}, "its help is needed"),
        ({"argument": "loop"}, "the name is a VBA keyword"),
        ({"doc": "x" * 256 + "\n\nFormula: -\nErrors: -\nSource: -"}, "its help is 256 characters"),
        ({"doc": "Meaning.\n\nFormula: 42"}, "lacks Errors, Source"),
        ({"returns": dict}, "it returns"),
    ],
)
def test_a_declaration_that_lacks_something(options, fault):
    with pytest.raises(DeclarationError, match=fault):
        declare(**options)

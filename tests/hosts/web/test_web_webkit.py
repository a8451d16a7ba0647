"""The page in WebKitGTK, whose engine Excel for the Mac has: the functions answer, and buttons do what they should."""

import pytest
from filled import filled
from test_web_buttons import ROWS, SAME, by_roc, differences
from test_web_functions import differences as answers_that_differ
from web_calls import examples, wrong
from web_pane import Pane

from addin.actions.forms import FORMS, enter

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]


def test_the_functions_answer_as_in_python(webkit_page):
    assert answers_that_differ(webkit_page, [*examples(), *wrong()]) == []


def test_the_pane_opens_and_a_row_is_entered_and_taken_back(webkit_page, path):
    pane = Pane(webkit_page, filled(path))
    before = pane.contents()
    form, values = ROWS["New campaign"]
    shown, said = pane.press("New campaign")
    assert shown == "window", said
    assert pane.type(**values)[0] == "result"
    assert differences(pane.contents(), by_roc(path, lambda book: enter(book, FORMS[form], values))) == SAME
    assert pane.press("Undo last action") == ("result", "As it was before New campaign")
    assert pane.contents() == before

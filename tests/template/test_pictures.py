"""The picture of the Dashboard."""

import os
import shutil
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from addin.errors import BookError
from addin.template.pictures import dashboard, trimmed

NAVY = (0x1F, 0x3A, 0x5F)
TEAL = (0x1B, 0x7F, 0x79)


def pixels(png):
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))


def test_the_picture_is_trimmed_to_what_is_drawn_and_the_footer_left_out():
    page = np.full((200, 100, 3), 255, np.uint8)
    page[20:120, 30:70] = NAVY
    page[180:185, 10:90] = 0
    stream = BytesIO()
    Image.fromarray(page).save(stream, "PNG")
    image = pixels(trimmed(stream.getvalue()))
    assert image.shape == (100 + 2 * 12 - 1, 40 + 2 * 12 - 1, 3)
    assert tuple(image[50, 30]) == NAVY
    assert tuple(image[0, 0]) == (255, 255, 255)


def test_a_missing_program_is_named(built, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BookError, match="install poppler-utils"):
        dashboard(built, "soffice")


@pytest.mark.thorough
def test_the_dashboard_is_drawn(built, soffice):
    if shutil.which("pdftoppm") is None and not os.environ.get("REQUIRE_CALC"):
        pytest.skip("pdftoppm is not on the path")
    read = pixels(dashboard(built, soffice))
    assert read.shape[1] > read.shape[0] > 500
    for colour in (NAVY, TEAL):
        assert (read == colour).all(axis=2).sum() > 5_000

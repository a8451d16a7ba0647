"""What tests of several parts need."""

import os
import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def project() -> Path:
    """The source tree that the tests belong to."""
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice's program; its absence is a failure where REQUIRE_CALC is set."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("REQUIRE_CALC"):
            pytest.fail("REQUIRE_CALC is set and LibreOffice (soffice) is not on the path")
        pytest.skip("LibreOffice (soffice) is not on the path")
    return program

"""Books of other people go through `roc calc`: no crash, and no byte changed but the values beside formulas."""

import os

import pytest
from books import DEBIAN, PYPI, NotThere, books_of
from same_but_values import changed_outside_values

from addin.errors import BookError
from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]

AT_MOST = int(os.environ.get("ROC_OTHER_BOOKS", "300"))
"""How many books of each package are tried, spread evenly over all."""
TOO_LARGE = 500_000
"""Bytes of a file that is tried only where all are."""


@pytest.fixture(params=[*PYPI, *DEBIAN])
def books(request, tmp_path_factory):
    package = request.param
    cache = getattr(request.config, "cache", None)  # pytest can be told to keep none
    try:
        found = books_of(package, cache.mkdir("books") if cache else tmp_path_factory.mktemp("books"))
    except NotThere as error:
        sentence = f"{package} could not be fetched: {error}"
        if os.environ.get("REQUIRE_BOOKS"):
            pytest.fail(f"REQUIRE_BOOKS is set, and {sentence}")
        pytest.skip(sentence)
    if len(found) <= AT_MOST:
        return found
    small = [path for path in found if path.stat().st_size < TOO_LARGE]
    return small[:: -(-len(small) // AT_MOST)]


def test_no_crash_and_no_byte_changed_but_values(books, capsys):
    wrong, refused, formulas, written = [], 0, 0, 0
    for path in books:
        for everything in (False, True):
            how = f"{path.name}{' --all' if everything else ''}"
            try:
                package = Package.read(path)
                done = calculate(package, everything=everything)
            except BookError as error:
                refused += 1
                if "\n" in str(error) or str(path) not in str(error):
                    wrong.append(f"{how}: not one sentence that names the file: {error}")
                continue
            except Exception as error:
                wrong.append(f"{how}: {error!r}")
                continue
            formulas += len(done.values)
            written += done.changed
            if done.data is package.data:
                continue
            changed = changed_outside_values(package.data, done.data, set(package.sheets.values()))
            if changed:
                wrong.append(f"{how}: changed outside values: {', '.join(changed)}")
            if not everything and calculate(Package(done.data, "again.xlsx")).changed:
                wrong.append(f"{how}: the second time gives other values")
    with capsys.disabled():
        tried = f"{len(books)} books twice, {refused} times refused, {formulas:,} formulas, {written:,} values written"
        print(f"\n{tried}")  # noqa: T201  # what was tried is part of the result
    assert books
    assert not wrong, "\n".join(wrong)

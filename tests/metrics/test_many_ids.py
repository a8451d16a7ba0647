"""Many ids as text are numbered by their bytes; what comes of it is what pandas makes of them."""

import numpy as np
import pandas as pd
import pytest

from addin.metrics.order_rows import MANY, numbered


def ids_of(lengths, seed=1):
    """Twice as many texts as are numbered by their bytes, of such lengths, that come again and again."""
    random = np.random.default_rng(seed)
    letters = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ "))
    known = ["x" + "".join(random.choice(letters, random.choice(lengths))) + "x" for _ in range(MANY // 10)]
    return random.choice(np.array(known, dtype=object), 2 * MANY).tolist()


@pytest.mark.parametrize("lengths", [[2], [5, 6], [3, 13], [1, 30], [5, 60]], ids=str)
@pytest.mark.parametrize("more", [[], ["Zoë", "zoe"], [None, ""]], ids=["plain", "accents", "blanks"])
def test_they_are_told_apart_as_pandas_tells_them(lengths, more):
    ids = [*ids_of(lengths), *more]
    names, number = numbered(ids)
    keys = pd.Series([cell.strip().casefold() if cell else None for cell in ids])
    codes, distinct = pd.factorize(keys)
    assert number.tolist() == codes.tolist()
    assert [name.strip().casefold() for name in names] == distinct.tolist()


def test_texts_that_differ_in_one_letter_anywhere_are_different():
    stem = "A" * 30
    ids = [stem[:place] + letter + stem[place:] for place in range(31) for letter in "BCDEFG"] * 60
    assert len(ids) > MANY
    names, number = numbered(ids)
    assert len(names) == len(set(ids)) == number.max() + 1


def test_an_end_that_cannot_be_seen_still_counts():
    names, _ = numbered([*ids_of([3]), "x", "x\0"])
    assert names[-2:] == ["x", "x\0"]

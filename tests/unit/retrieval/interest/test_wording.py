"""The sentence for the shopper.

1. It names the leaf of a category, or what was just seen; every dimension has one.
2. It is that of the strongest interest that can be said, if that did something of note; else there is none.
"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.interest.profile import Dimension, Interest
from retrieval.interest.wording import because, strongest_reason


def of(dimension: Dimension, value: str = "某", session: bool = False) -> str:
    return because(Interest(dimension, value, 0.5, 3, 0.5, 0.0, session))


def test_sentences() -> None:
    assert of(Dimension.CATEGORY, "户外/露营装备") == "因为你常看 露营装备"
    assert of(Dimension.BRAND, "云野") == "因为你喜欢 云野"
    assert of(Dimension.WORD, "帐篷", session=True) == "因为你刚看过 帐篷"


@pytest.mark.parametrize("dimension", Dimension)
@pytest.mark.parametrize("session", [True, False])
def test_every_dimension_has_one(dimension: Dimension, session: bool) -> None:
    assert of(dimension, session=session).startswith("因为你")
    assert "{" not in of(dimension, session=session)


def test_the_strongest_that_can_be_said() -> None:
    piece = Interest(Dimension.WORD, "强可", 1.0, 3, 0.5, 0.0, sayable=False)
    tent, brand = (Interest(d, v, 1.0, 3, 0.5, 0.0) for d, v in ((Dimension.WORD, "帐篷"), (Dimension.BRAND, "云野")))

    def reason(*parts: float) -> str | None:
        return strongest_reason((piece, tent, brand), np.array(parts, np.float32))

    assert reason(0.1, 0.2, 0.3) == "因为你喜欢 云野"
    assert reason(0.3, 0.2, 0.1) == "因为你常看 帐篷"
    assert reason(0.3, 0.01, 0.01) is None
    assert reason(0.3, -0.2, 0.0) is None
    assert strongest_reason((), np.zeros(0, np.float32)) is None

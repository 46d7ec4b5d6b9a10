"""The sentence for the shopper: it names the leaf of a category, or what was just seen; every dimension has one."""

from __future__ import annotations

import pytest

from retrieval.interest.profile import Dimension, Interest
from retrieval.interest.wording import because


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

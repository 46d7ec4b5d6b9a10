"""Agreement with what the query names:

1. Each kind of entity is judged by its own terms; a query without the kind falls back on `words`.
2. A word that stands for the head noun counts its cosine, as in `words`.
3. `category` is (1 - H)(2P/max P - 1): 1 for the likeliest leaf of a sure query, -1 for one that it is not about, 0 for
   a document without a category or a query of which nothing is known.
4. A setting holds of a plan: leaf names added up, the price said last.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from retrieval.ranking.features import Pairs, measure
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.setting import Setting, setting_of
from retrieval.types import Filters
from retrieval.understanding.plan import CategoryGuess, Constraint, Kind, Plan
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import row, space

KINDS = {"荣耀": Kind.BRAND, "红色": Kind.COLOR, "女": Kind.AUDIENCE, "铁锅": Kind.PRODUCT, "x90": Kind.MODEL}


def values(query: str, *forward: bytes, setting: Setting | None = None) -> Mapping[str, np.ndarray]:
    text = built_in_analyzer().query(query)
    pairs = Pairs.of(text, setting or Setting(kinds=KINDS), ForwardRows.decode(forward), space(), {})
    return measure(pairs, ("words", "head", "brand", "model", "attributes", "units", "audience", "category"))


def test_each_kind_alone() -> None:
    found = values("荣耀 红色 铁锅 女", row("荣耀 铁锅"), row("红色 女"))
    assert found["brand"].tolist() == [1, 0]
    assert found["head"][0] == 1
    assert found["head"][1] < 1
    assert found["attributes"].tolist() == pytest.approx([0, 1], abs=0.35)
    assert found["audience"][1] == 1
    for absent in ("model", "units"):
        assert found[absent].tolist() == found["words"].tolist()


def test_near_heads() -> None:
    near, far = values("铁锅", row("家用炒锅"), row("宽松毛衣"))["head"]
    assert far < 0.5 < near <= 1


def test_category() -> None:
    setting = Setting(categories={"炒锅": 0.6, "汤锅": 0.3}, category_entropy=0.2)
    forward = [row("锅", category=["厨具", leaf]) for leaf in ("炒锅", "汤锅", "毛衣")]
    found = values("锅", *forward, row("锅"), setting=setting)["category"]
    assert found.tolist() == pytest.approx([0.8, 0.0, -0.8, 0.0])
    assert not values("锅", *forward)["category"].any()


def test_setting_of_a_plan() -> None:
    text = built_in_analyzer().query("锅")
    prices = (Constraint("price:0-1", "price", "", 0, 1, Filters(price=(None, bound))) for bound in (10_000, 20_000))
    guesses = (CategoryGuess("厨具/炒锅", 0.5), CategoryGuess("锅具/炒锅", 0.25))
    found = setting_of(Plan("锅", text, tuple(prices), categories=guesses, category_entropy=0.1), now=7)
    assert found.categories == {"炒锅": 0.75}
    assert (found.price, found.category_entropy, found.now) == ((None, 20_000), 0.1, 7)

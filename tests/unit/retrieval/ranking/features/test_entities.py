"""Agreement with what the query names:

1. Each kind of entity is judged by its own terms, weighed among themselves; a query without the kind falls back on
   `term_coverage`.
2. A word that stands for the thing counts its cosine, as in `term_coverage`.
3. `category_fit` is (1 - H)(2P/max P - 1): 1 for the likeliest leaf of a sure query, -1 for one that it is not about, 0
   for a document without a category or a query of which nothing is known.
"""

from __future__ import annotations

import pytest

from retrieval.ranking.setting import Setting
from retrieval.ranking.word_space import WordSpace
from retrieval.understanding.kinds import Kind
from tests.unit.retrieval.ranking.shop import row, values

KINDS_OF = {
    "product_match": {Kind.PRODUCT, Kind.CATEGORY},
    "brand_match": {Kind.BRAND, Kind.SHOP},
    "model_match": {Kind.MODEL},
    "attribute_match": {Kind.COLOR, Kind.MATERIAL, Kind.STYLE, Kind.FUNCTION, Kind.SCENE, Kind.SEASON},
    "size_match": {Kind.SIZE, Kind.SPECIFICATION, Kind.CAPACITY},
    "audience_match": {Kind.AUDIENCE},
}


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_alone(kind: Kind) -> None:
    """毛衣 is of the kind, 手机 of none: who reads the kind sees 毛衣 alone, the others see both."""
    found = values(
        "毛衣 手机", "毛衣", "手机", "毛衣手机", setting=Setting(kinds={"毛衣": kind}), known=WordSpace.empty()
    )
    for name, kinds in KINDS_OF.items():
        expected = [1, 0, 1] if kind in kinds else found["term_coverage"].tolist()
        assert found[name].tolist() == expected
    assert found["term_coverage"].tolist() == [0.5, 0.5, 1]


def test_terms_of_a_kind_count_by_weight() -> None:
    """The weight of a term is its rarity, here that of an empty catalogue, times the root of its cost: 1 and 0.5."""
    kinds, costs = dict.fromkeys(("红色", "羊毛"), Kind.COLOR), {"红色": 1.0, "羊毛": 0.25, "手机": 1.0}
    setting = Setting(kinds=kinds, costs=costs)
    found = values("红色 羊毛 手机", "红色", "羊毛", setting=setting, known=WordSpace.empty())["attribute_match"]
    assert found.tolist() == pytest.approx([2 / 3, 1 / 3])


def test_near_things() -> None:
    near, far = values("铁锅", "家用炒锅", "宽松毛衣", setting=Setting(kinds={"铁锅": Kind.PRODUCT}))["product_match"]
    assert far < 0.5 < near <= 1


def test_category_fit() -> None:
    setting = Setting(categories={"炒锅": 0.6, "汤锅": 0.3}, category_entropy=0.2)
    forward = [row("锅", category=["厨具", leaf]) for leaf in ("炒锅", "汤锅", "毛衣")]
    found = values("锅", *forward, row("炒锅"), setting=setting)["category_fit"]
    assert found.tolist() == pytest.approx([0.8, 0.0, -0.8, 0.0])
    assert not values("锅", *forward)["category_fit"].any()

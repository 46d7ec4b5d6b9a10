"""What a page shows of the counted values:

1. Categories that the query is likely about come first in their facet, with all that is above them and nothing that
   merely begins like them; the others keep their order. Other facets stay as counted, and each is cut after so many
   values.
2. Each attribute is cut for itself, in the order counted; so many names of attributes are shown.
4. By value, those of each attribute stand as people order them, also those of other facets; bands keep their order.
3. What is cut is said: of how many values, whole attributes together; where nothing is cut, nothing is said.
"""

from __future__ import annotations

import pytest

from retrieval.answer import TruncatedFacet
from retrieval.lists.facets import LIKELY, FacetBounds, facets_of
from retrieval.types import FacetOrder, FacetValue
from retrieval.understanding.plan import CategoryGuess, Plan
from tests.title_index import built_in_analyzer

COUNTED = {
    "category": tuple(
        FacetValue(path, count) for path, count in (("衣", 9), ("衣/裙", 8), ("厨", 3), ("厨/锅", 2), ("鞋", 1))
    ),
    "brand": (FacetValue("厨", 4), FacetValue("衣", 2)),
}


def paths(*guesses: tuple[str, float], most: int = 9, categories: tuple[FacetValue, ...] = ()) -> list[str]:
    plan = Plan("锅", built_in_analyzer().query("锅"), categories=tuple(CategoryGuess(*guess) for guess in guesses))
    counted = {**COUNTED, "category": categories or COUNTED["category"]}
    found, _ = facets_of(counted, plan, FacetBounds(most, most))
    assert found["brand"] == COUNTED["brand"][:most]
    return [value.value for value in found["category"]]


def test_likely_categories_first() -> None:
    counted = [value.value for value in COUNTED["category"]]
    assert paths() == counted
    assert paths(("厨/锅", 0.6), ("鞋", LIKELY / 2)) == ["厨", "厨/锅", "衣", "衣/裙", "鞋"]
    assert paths(("厨/锅", 0.4), ("厨/壶", 0.3), ("鞋", 0.2), most=3) == ["厨", "厨/锅", "鞋"]
    assert paths(("鞋", LIKELY)) == ["鞋", "衣", "衣/裙", "厨", "厨/锅"]


def test_a_path_is_more_than_its_beginning() -> None:  # 1
    names = ("鞋", "男", "男装", "男装/衬衫", "男装/衬")
    values = tuple(FacetValue(path, 9 - place) for place, path in enumerate(names))
    assert paths(("男装/衬衫", 0.9), categories=values) == ["男装", "男装/衬衫", "鞋", "男", "男装/衬"]
    assert paths(("男", 0.9), categories=values) == ["男", "鞋", "男装", "男装/衬衫", "男装/衬"]


ATTRIBUTES = tuple(
    FacetValue(value, count)
    for value, count in (("码=S", 9), ("码=M", 8), ("色=红", 7), ("码=L", 6), ("式=a=b", 5), ("色=黑", 4), ("码=XL", 1))
)


@pytest.mark.parametrize(
    ("names", "each", "shown", "said"),
    [
        (3, 4, "码=S 码=M 色=红 码=L 式=a=b 色=黑 码=XL", []),
        (3, 2, "码=S 码=M 色=红 式=a=b 色=黑", [("码", 2)]),
        (3, 1, "码=S 色=红 式=a=b", [("码", 3), ("色", 1)]),
        (2, 4, "码=S 码=M 色=红 码=L 色=黑 码=XL", [(None, 1)]),
        (1, 3, "码=S 码=M 码=L", [("码", 1), (None, 3)]),
    ],
)
def test_each_attribute_has_its_bound(names: int, each: int, shown: str, said: list[tuple[str | None, int]]) -> None:
    plan = Plan("锅", built_in_analyzer().query("锅"))
    found, cut = facets_of({"attributes": ATTRIBUTES}, plan, FacetBounds(names, each))
    assert [value.value for value in found["attributes"]] == shown.split()
    assert list(cut) == [TruncatedFacet("attributes", attribute, more) for attribute, more in said]


@pytest.mark.parametrize("most", [1, 4, 5])
def test_what_is_cut_is_said(most: int) -> None:
    _, cut = facets_of(COUNTED, Plan("锅", built_in_analyzer().query("锅")), FacetBounds(most, most))
    left_out = {"category": 5 - most, "brand": 2 - most}
    assert list(cut) == [TruncatedFacet(name, None, more) for name, more in left_out.items() if more > 0]


def test_by_value() -> None:  # 4
    plan = Plan("锅", built_in_analyzer().query("锅"))
    given = {
        "attributes": tuple(
            FacetValue(pair, 9 - place)
            for place, pair in enumerate(("尺码=L", "身高=110cm", "尺码=XS", "身高=8", "身高=90cm"))
        ),
        "brand": (FacetValue("10号", 2), FacetValue("9号", 1)),
        "price": (FacetValue("50-99.99", 1), FacetValue("100-", 2)),
    }
    found, _ = facets_of(given, plan, FacetBounds(9, 2), FacetOrder.VALUE)
    assert [value.value for value in found["attributes"]] == ["尺码=XS", "尺码=L", "身高=8", "身高=110cm"]
    assert [value.value for value in found["brand"]] == ["9号", "10号"]
    assert found["price"] == given["price"]
    found, _ = facets_of(given, plan, FacetBounds(9, 9))
    assert found == given

"""A page:

1. Categories that the query is likely about come first in their facet, with all that is above them; the others keep
   their order. Other facets stay as counted, and each is cut after so many values.
"""

from __future__ import annotations

from retrieval.lists.pages import LIKELY, facets_of
from retrieval.types import FacetValue
from retrieval.understanding.plan import CategoryGuess, Plan
from tests.title_index import built_in_analyzer

COUNTED = {
    "category": tuple(
        FacetValue(path, count) for path, count in (("衣", 9), ("衣/裙", 8), ("厨", 3), ("厨/锅", 2), ("鞋", 1))
    ),
    "brand": (FacetValue("厨", 4), FacetValue("衣", 2)),
}


def paths(*guesses: tuple[str, float], most: int = 9) -> list[str]:
    plan = Plan("锅", built_in_analyzer().query("锅"), categories=tuple(CategoryGuess(*guess) for guess in guesses))
    found = facets_of(COUNTED, plan, most)
    assert found["brand"] == COUNTED["brand"][:most]
    return [value.value for value in found["category"]]


def test_likely_categories_first() -> None:
    counted = [value.value for value in COUNTED["category"]]
    assert paths() == counted
    assert paths(("厨/锅", 0.6), ("鞋", LIKELY / 2)) == ["厨", "厨/锅", "衣", "衣/裙", "鞋"]
    assert paths(("厨/锅", 0.4), ("厨/壶", 0.3), ("鞋", 0.2), most=3) == ["厨", "厨/锅", "鞋"]

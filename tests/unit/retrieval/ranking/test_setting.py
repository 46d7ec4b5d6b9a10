"""A setting is what ranking reads of a plan: leaf names added up, the price said last, the rest as it is."""

from __future__ import annotations

from retrieval.ranking.setting import setting_of
from retrieval.types import Filters
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import CategoryGuess, Constraint, Plan
from tests.title_index import built_in_analyzer


def test_setting_of_a_plan() -> None:
    text = built_in_analyzer().query("锅")
    prices = (
        Constraint("price:0-1", ConstraintKind.PRICE, "", 0, 1, Filters(price=(None, bound)))
        for bound in (10_000, 20_000)
    )
    guesses = (CategoryGuess("厨具/炒锅", 0.5), CategoryGuess("锅具/炒锅", 0.25))
    found = setting_of(Plan("锅", text, tuple(prices), categories=guesses, category_entropy=0.1), now=7)
    assert found.categories == {"炒锅": 0.75}
    assert (found.price, found.category_entropy, found.now) == ((None, 20_000), 0.1, 7)

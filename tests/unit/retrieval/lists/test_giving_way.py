"""When a wish gives way, over lists whose relevance is visible here:

1. Hits above the divider count; without one, those of at least 0.7 of the greatest relevance that the catalogue has;
   where nobody looked, all do.
2. Where too few count, one kind gives way at a time, services before prices, then all; the first list that is rich
   enough is taken, what gave way is named, and no further list is made.
3. Where no list is rich enough, all wishes give way if that leaves more that counts, and none if it does not.
4. What is merely nearest is too little, however much it is; a list that words match is taken instead of it.
5. Where no wish filters, one list is made, and nobody asks what the catalogue has.
6. The caller's order wins over that of the words. The constraint that orders and those that raise are said to be
   applied, and the strength of the intent is refined by a list that ranking ordered, by no other.
7. Where the whole catalogue has nothing above the divider, any hit counts, and one is enough: a wish is lost only where
   it leaves nothing.
8. What is excluded gives way only where nothing that counts, or what is merely nearest, is left without it.
9. With filters of the caller, a wish that holds without them gives way only where they leave nothing that counts.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from retrieval.lists.arrange import ArrangeOptions, arrange
from retrieval.lists.relax import Answer, Wishes, relaxed
from retrieval.types import EVERYTHING, Filters, Match, Sort
from retrieval.understanding.kinds import ConstraintKind, IntentKind
from retrieval.understanding.plan import Constraint, Intent, Plan
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.lists.test_arrange import scored
from tests.unit.retrieval.tiny_reader import Item, TinyReader

NAN = float("nan")
SERVICE = Constraint("service", ConstraintKind.SERVICE, "包邮", 0, 2, Filters({"services": ("包邮",)}))
PRICE = Constraint("price", ConstraintKind.PRICE, "¥50 以内", 2, 6, Filters(price=(None, 5000)))
WITHOUT = Constraint("negation", ConstraintKind.NEGATION, "-玻璃", 2, 5, Filters(without=("玻璃",)))
CHEAPEST = Constraint("sort", ConstraintKind.SORT, "最便宜", 6, 9, sort=Sort.PRICE_ASC)
SOFT = Constraint("soft", ConstraintKind.SORT, "显瘦", 9, 11, boosts=("显瘦",))
ALL, ONE, OTHER, NONE = ("service", "price"), ("price",), ("service",), ()
BELOW = 2

Lists = Mapping[tuple[str, ...], list[float]]


def plan(*constraints: Constraint, intent: Intent | None = None) -> Plan:
    return Plan("杯", built_in_analyzer().query("杯"), constraints=constraints, intent=intent)


def answered(wishes: Wishes, relevance: list[float], match: Match = Match.ALL, features: bool = True) -> Answer:
    found = scored([9.0 - place for place in range(len(relevance))], relevance=relevance, match=match)
    if not features:
        found.features.clear()
    reader = TinyReader([Item(f"p{place}", price=place) for place in range(len(relevance))])
    return Answer(arrange(reader.reader, found, wishes.sort, ArrangeOptions(False, 0, 0, 0.0)), wishes)


def weighed(
    lists: Lists,
    match: Mapping[tuple[str, ...], Match] | None = None,
    likely: float = 1.0,
    divider: float = 0.0,
    asked: Plan | None = None,
) -> tuple[Answer, list[tuple[str, ...]]]:
    """The answer, and the wishes of the lists that were made for it."""
    made: list[tuple[str, ...]] = []

    def make(wishes: Wishes) -> Answer:
        made.append(wishes.applied)
        return answered(wishes, lists[wishes.applied], (match or {}).get(wishes.applied, Match.ALL))

    asked = asked or plan(SERVICE, PRICE)
    return relaxed(asked, EVERYTHING, Sort.RELEVANCE, make, lambda: likely, below=BELOW, divider=divider), made


@pytest.mark.parametrize(
    ("strict", "likely", "stays"),
    [
        ([0.7, 0.9], 1.0, True), ([0.69, 0.9], 1.0, False), ([0.35, 0.9, 0.1], 0.5, True), ([0.34, 0.9], 0.5, False),
        ([0.9], 1.0, False), ([NAN, NAN], 0.0, True), ([NAN], 0.0, False), ([NAN, 0.9], 1.0, False),
    ],
)  # fmt: skip
def test_what_counts(strict: list[float], likely: float, stays: bool) -> None:  # 1
    found, made = weighed({ALL: strict, ONE: [1.0] * 5}, likely=likely)
    assert (found.wishes.applied, found.relaxed) == ((ALL, ()) if stays else (ONE, ("service",)))
    assert made == ([ALL] if stays else [ALL, ONE])


@pytest.mark.parametrize(
    ("strict", "likely", "stays"),
    [
        ([0.5, 0.5], 1.0, True), ([0.5, 0.5], 0.5, True), ([0.49, 1.0], 1.0, False), ([NAN, 1.0], 1.0, False),
        ([NAN, NAN], 1.0, True), ([0.4], 0.49, True), ([NAN, 0.1], 0.1, True), ([], 0.49, False),
    ],
)  # fmt: skip
def test_what_counts_with_a_divider(strict: list[float], likely: float, stays: bool) -> None:  # 1, 7
    found, made = weighed({ALL: strict, ONE: [0.5] * 5}, likely=likely, divider=0.5)
    assert (found.wishes.applied, found.relaxed) == ((ALL, ()) if stays else (ONE, ("service",)))
    assert made == ([ALL] if stays else [ALL, ONE])


def test_nothing_is_above() -> None:  # 7
    lists: Lists = {ALL: [], ONE: [], OTHER: [0.1], NONE: [0.1] * 9}
    assert weighed(lists, likely=0.1, divider=0.5)[0].relaxed == ("price",)
    assert weighed({wishes: [] for wishes in lists}, likely=0.0, divider=0.5)[0].relaxed == ()
    lists = {ALL: [0.1], ONE: [0.1], OTHER: [0.1], NONE: [0.1]}
    assert weighed(lists, {ALL: Match.NEAREST}, likely=0.1, divider=0.5)[0].relaxed == ("service",)


@pytest.mark.parametrize(
    ("lists", "taken", "gone", "made"),
    [
        ({ALL: [0.9], ONE: [0.9, 0.8]}, ONE, ("service",), [ALL, ONE]),
        ({ALL: [0.9], ONE: [0.9], OTHER: [0.9, 0.8]}, OTHER, ("price",), [ALL, ONE, OTHER]),
        ({ALL: [0.9], ONE: [0.9], OTHER: [0.1], NONE: [0.9, 0.8]}, NONE, ALL, [ALL, ONE, OTHER, NONE]),
        ({ALL: [], ONE: [], OTHER: [], NONE: [0.9]}, NONE, ALL, [ALL, ONE, OTHER, NONE]),
        ({ALL: [0.9], ONE: [0.9], OTHER: [0.9], NONE: [0.9, 0.6]}, ALL, (), [ALL, ONE, OTHER, NONE]),
        ({ALL: [], ONE: [], OTHER: [], NONE: []}, ALL, (), [ALL, ONE, OTHER, NONE]),
    ],
)
def test_who_gives_way(lists: Lists, taken: object, gone: object, made: object) -> None:  # 2, 3
    found, tried = weighed(lists)
    assert (found.wishes.applied, found.relaxed, tried) == (taken, gone, made)
    assert found.total == len(lists[found.wishes.applied])
    assert found.understood(plan(SERVICE, PRICE)).relaxed == gone


def test_nearest_is_too_little() -> None:  # 4
    lists = {ALL: [0.9, 0.9], ONE: [0.1], OTHER: [0.9], NONE: [0.9, 0.9]}
    found, _ = weighed(lists, {ALL: Match.NEAREST})
    assert (found.wishes.applied, found.relaxed) == (NONE, ALL)
    found, _ = weighed(lists, dict.fromkeys(lists, Match.NEAREST))
    assert (found.wishes.applied, found.relaxed) == (ALL, ())
    found, _ = weighed({**lists, ONE: [0.9, 0.9]}, {ALL: Match.NEAREST})
    assert (found.wishes.applied, found.relaxed) == (ONE, ("service",))


@pytest.mark.parametrize(
    ("left", "match", "gone", "made"),
    [
        ([0.9], Match.ALL, (), 1), ([], Match.ALL, ("negation",), 2), ([0.4], Match.ALL, ("negation",), 2),
        ([0.9], Match.NEAREST, ("negation",), 2),
    ],
)  # fmt: skip
def test_what_is_excluded(left: list[float], match: Match, gone: tuple[str, ...], made: int) -> None:  # 8
    lists: Lists = {("negation",): left, (): [0.9] * 5}
    found, tried = weighed(lists, {("negation",): match}, divider=0.5, asked=plan(WITHOUT))
    assert (found.relaxed, len(tried)) == (gone, made)


def test_what_is_excluded_beside_another_wish() -> None:  # 8
    both = ("service", "negation")
    lists: Lists = {both: [0.9], ("negation",): [0.9] * 2, ("service",): [0.9] * 5, (): [0.9] * 9}
    assert weighed(lists, asked=plan(SERVICE, WITHOUT))[0].relaxed == ("service",)
    found, made = weighed({**lists, ("negation",): [0.9]}, asked=plan(SERVICE, WITHOUT))
    assert (found.relaxed, made) == ((), [both, ("negation",)])
    found, _ = weighed({**lists, both: [], ("negation",): []}, asked=plan(SERVICE, WITHOUT))
    assert found.relaxed == ("negation",)


@pytest.mark.parametrize(
    ("everywhere", "left", "gone"),
    [
        ([0.9] * BELOW, [0.9], ()), ([0.9], [0.9], ("service",)), ([0.9] * BELOW, [0.4], ("service",)),
        ([0.9] * BELOW, [], ("service",)),
    ],
)  # fmt: skip
def test_filters_of_the_caller(everywhere: list[float], left: list[float], gone: tuple[str, ...]) -> None:  # 9
    mine = Filters({"brand": ("云杉",)})

    def make(wishes: Wishes) -> Answer:
        if "brand" not in wishes.filters.keywords:
            return answered(wishes, everywhere)
        return answered(wishes, left if wishes.applied else [0.9] * 5)

    found = relaxed(plan(SERVICE), mine, Sort.RELEVANCE, make, lambda: 1.0, below=BELOW, divider=0.5)
    assert (found.relaxed, found.wishes.filters.keywords["brand"]) == (gone, ("云杉",))


def test_no_wish() -> None:  # 5
    def unasked() -> float:
        raise AssertionError

    made: list[Wishes] = []

    def make(wishes: Wishes) -> Answer:
        made.append(wishes)
        return answered(wishes, [])

    mine = Filters({"services": ("次日达",)})
    for asked, chosen, sort in (
        (plan(), EVERYTHING, Sort.RELEVANCE), (plan(CHEAPEST, SOFT), mine, Sort.PRICE_ASC),
        (plan(SERVICE), mine, Sort.RELEVANCE),
    ):  # fmt: skip
        found = relaxed(asked, chosen, Sort.RELEVANCE, make, unasked, below=BELOW, divider=0.0)
        assert (found.wishes, found.relaxed) == (Wishes(chosen, sort), ())
    assert len(made) == 3


@pytest.mark.parametrize(
    ("chosen", "sort", "applied"),
    [
        (Sort.RELEVANCE, Sort.PRICE_ASC, ("service", "sort", "soft")),
        (Sort.PRICE_ASC, Sort.PRICE_ASC, ("service", "sort", "soft")),
        (Sort.SALES, Sort.SALES, ("service", "soft")),
    ],
)
def test_orders(chosen: Sort, sort: Sort, applied: tuple[str, ...]) -> None:  # 6
    asked = plan(SERVICE, CHEAPEST, SOFT)
    wishes = Wishes.of(EVERYTHING, chosen, asked, asked.constraints)
    assert (wishes.filters, wishes.sort, wishes.applied) == (SERVICE.filters, sort, ("service",))
    understood = answered(wishes, [0.9]).understood(asked)
    assert (understood.applied, understood.relaxed) == (applied, ())
    # What gave way filters no more, and orders still.
    left = Wishes.of(EVERYTHING, chosen, asked, ())
    assert (left.filters, left.sort, left.applied) == (EVERYTHING, sort, ())


def test_intent_is_refined() -> None:  # 6
    said = Intent(IntentKind.ITEM, 0.2, {"product": 0.2})
    asked = plan(intent=said)
    ranked = answered(Wishes(EVERYTHING, Sort.RELEVANCE), [0.9, 0.9])
    refined = ranked.understood(asked).plan.intent
    assert refined is not None
    assert set(refined.parts) == {"product", "concentration"}
    assert refined.kind is IntentKind.ITEM
    by_price = answered(Wishes(EVERYTHING, Sort.PRICE_ASC), [0.9, 0.9])
    fused = answered(Wishes(EVERYTHING, Sort.RELEVANCE), [0.9, 0.9], features=False)
    alone = answered(Wishes(EVERYTHING, Sort.RELEVANCE), [0.9])
    for answer in (by_price, fused, alone):
        assert answer.understood(asked).plan.intent == said
    assert ranked.understood(asked) is ranked.understood(asked)
    assert answered(Wishes(EVERYTHING, Sort.RELEVANCE), [0.9, 0.9]).understood(plan()).plan.intent is None

"""Brand flagship first:

1. A thing of the flagship moves up past equal ones, by no more than so many places; the others keep their order.
2. It passes nothing that is more relevant by more than the bound, nothing that an operator placed, nothing of its own
   kind, and nothing under the divider comes over it.
3. A moved thing says so, stands for its near-duplicates, and no score is changed.
4. Only who asks for a brand and little else is meant: only a flagship shop of that brand, in which no misuse was found.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import orjson
import pytest

from retrieval.answer import RuleEffect
from retrieval.lists.arrange import ArrangeOptions, Placed
from retrieval.lists.arrange import arrange as arrange_list
from retrieval.lists.flagship import FlagshipOptions, flagships, is_flagship
from retrieval.lists.score import Scored
from retrieval.types import Sort
from retrieval.understanding.kinds import IntentKind, Kind, Source
from retrieval.understanding.plan import Entity, Intent, Plan
from tests.unit.retrieval.lists.test_arrange import NAN, scored
from tests.unit.retrieval.tiny_reader import Item, TinyReader

SHOP = {"name": "恒温旗舰店", "kind": "旗舰店"}
CUP: dict[str, Any] = {"id": "c", "title": "保温杯", "brand": "恒温/HENGWEN", "shop": SHOP}
HEN = frozenset({"恒温"})


def arranged(of: Scored, rows: list[int], places: int = 3, divider: float = 0.0, *, collapse: bool = False) -> Any:
    reader = TinyReader([Item(f"p{row}") for row in range(len(of.rows))]).reader
    options = ArrangeOptions(collapse, 0, 0, divider, FlagshipOptions(places, 0.1))
    return arrange_list(reader, of, Sort.RELEVANCE, options, np.array(rows, np.int64))


def ids(found: Any) -> list[int]:
    return [int(row) for row in found.list.rows]


@pytest.mark.parametrize(
    ("places", "rows", "expected"),
    [
        (3, [4], [0, 4, 1, 2, 3]), (1, [4], [0, 1, 2, 4, 3]), (9, [4], [4, 0, 1, 2, 3]), (9, [2, 4], [2, 4, 0, 1, 3]),
        (9, [0], [0, 1, 2, 3, 4]), (9, [], [0, 1, 2, 3, 4]), (0, [4], [0, 1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_how_far(places: int, rows: list[int], expected: list[int]) -> None:  # 1
    assert ids(arranged(scored([5, 4, 3, 2, 1]), rows, places)) == expected


@pytest.mark.parametrize(
    ("relevance", "expected"),
    [
        ([0.9, 0.55, 0.5], [0, 2, 1]), ([0.55, 0.9, 0.5], [0, 1, 2]), ([0.59, 0.59, 0.5], [2, 0, 1]),
        ([0.61, 0.59, 0.5], [0, 2, 1]), ([0.2, 0.1, NAN], [0, 1, 2]), ([0.3, 0.28, 0.24], [0, 1, 2]),
    ],
)  # fmt: skip
def test_what_it_passes(relevance: list[float], expected: list[int]) -> None:  # 2
    assert ids(arranged(scored([3, 2, 1], relevance=relevance), [2], divider=0.25)) == expected


def test_what_an_operator_placed() -> None:  # 2
    boosted = {1: (RuleEffect("r", "", "boost", 1.0),)}
    assert ids(arranged(replace(scored([4, 3, 2, 1]), effects=boosted), [3])) == [0, 1, 3, 2]


def test_what_it_says() -> None:  # 3
    of = scored([4, 3, 2, 1], groups=[7, 0, 0, 7])
    found = arranged(of, [3], collapse=True)
    assert ids(found) == [3, 1, 2, 0]
    assert [found.why(place) for place in range(4)] == [
        Placed.FLAGSHIP, Placed.SCORE, Placed.SCORE, Placed.NEAR_DUPLICATE
    ]  # fmt: skip
    assert found.list.scores.tolist() == [1, 3, 2, 4]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True), ({"brand": None}, True), ({"brand": "别家"}, False), ({"brand": "HENGWEN"}, False),
        ({"shop": {"name": "恒温旗舰店"}}, True), ({"shop": {"name": "恒温专营店", "kind": "专营店"}}, False),
        ({"shop": {"name": "hengwen official", "kind": "旗舰店"}}, True), ({"shop": {"name": "杂货旗舰店"}}, False),
        ({"shop": None}, False), ({"shop": "恒温旗舰店"}, False),
        ({"listing": [{"rule": "brand_misuse", "decision": "flag"}]}, False), ({"listing": [{"rule": "copied"}]}, True),
    ],
)  # fmt: skip
def test_whose_shop(changed: dict[str, Any], expected: bool) -> None:  # 4
    assert is_flagship(CUP | changed, HEN) is expected


class Records:
    """A reader of records alone."""

    def sources(self, rows: Any) -> list[bytes]:
        return [orjson.dumps(CUP if row % 2 else CUP | {"shop": None}) for row in rows.tolist()]


@pytest.mark.parametrize(
    ("kind", "entity", "places", "expected"),
    [
        (IntentKind.BRAND, Kind.BRAND, 3, [3, 1]), (IntentKind.BRAND, Kind.PRODUCT, 3, []),
        (IntentKind.ATTRIBUTE, Kind.BRAND, 3, []), (None, Kind.BRAND, 3, []), (IntentKind.BRAND, Kind.BRAND, 0, []),
    ],
)  # fmt: skip
def test_who_asks(kind: IntentKind | None, entity: Kind, places: int, expected: list[int]) -> None:  # 4
    intent = kind and Intent(kind, 0.5, {})
    named = Entity(entity, "恒温", 0, 2, 1.0, 1.0, Source.CATALOGUE)
    plan = Plan("恒温", None, entities=(named,), intent=intent)  # type: ignore[arg-type]
    of = scored([1, 2, 3, 4, 9, 9], relevance=[0.5, 0.5, 0.5, 0.5, NAN, NAN])
    found = flagships(Records(), plan, of, FlagshipOptions(places, 0.1))  # type: ignore[arg-type]
    assert found.tolist() == expected

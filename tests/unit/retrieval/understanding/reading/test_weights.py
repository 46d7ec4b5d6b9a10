"""Term weights:

1. The head noun weighs 1, a brand more than a colour, a colour more than 高级感 and 的.
2. The greatest weight of any query is 1, whatever it says; all are in (0, 1].
3. A term outside of entities weighs more the rarer it is in the titles.
5. Weights are what the formulas give by hand.
4. Each term that stands in an entity has its kind; one that stands in none has none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest

from retrieval.understanding.kinds import Kind, Source
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Entity
from retrieval.understanding.reading.weights import LEAST, MOST, kinds, weights
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.understanding.mall import learned, tagger


def weighed(query: str) -> dict[str, float]:
    text = built_in_analyzer().query(query)
    return weights(text.terms, tagger().tag(text.normalized), learned())


@dataclass(frozen=True)
class Word:
    text: str
    start: int
    end: int


def test_order_of_weights() -> None:
    found = weighed("云杉 红色 保温杯 高级感 的")
    assert found["保温杯"] == 1.0
    assert found["保温杯"] > found["云杉"] > found["红色"] > found["的"]
    assert max(found["高级"], found["感"]) < 0.1


@pytest.mark.parametrize("query", ["爆款", "的", "保温杯", "红", "500ml", "斯威曼 zorblax x9"])
def test_the_greatest_is_one(query: str) -> None:
    found = weighed(query)
    assert max(found.values()) == 1.0
    assert min(found.values()) > 0


def test_rare_words_weigh_more() -> None:
    knowledge = Knowledge(documents=1000, words={"常见": 900, "少见": 2})
    found = weights([Word("常见", 0, 2), Word("少见", 2, 4), Word("无", 4, 5)], (), knowledge)
    assert found["少见"] == 1.0 > found["常见"] > found["无"] >= LEAST


def test_no_terms() -> None:
    assert weights((), (), Knowledge()) == {}


def test_kinds() -> None:
    text = built_in_analyzer().query("云杉 红色 保温杯")
    found = kinds(text.terms, tagger().tag(text.normalized))
    assert (found["云杉"], found["红色"], found["保温杯"]) == (Kind.BRAND, Kind.COLOR, Kind.PRODUCT)
    assert kinds(text.terms, ()) == {}


def piece(start: int, end: int, weight: float, confidence: float = 1.0, kind: Kind = Kind.PRODUCT) -> Entity:
    return Entity(kind, "", start, end, confidence, weight, Source.LEXICON)


def test_by_the_formula() -> None:  # 5
    terms = [Word("甲乙", 0, 2), Word("丙", 2, 3), Word("丁戊", 3, 5)]
    entities = (piece(0, 3, 1.0), piece(3, 5, 0.5, 0.4, Kind.COLOR))
    sure = 0.5 * (0.5 + 0.5 * 0.4)
    # The last term of an entity counts full, the others four fifths; the surer the entity, the more.
    assert weights(terms, entities, Knowledge()) == pytest.approx({"甲乙": 0.8, "丙": 1.0, "丁戊": sure})
    assert weights([*terms, Word("甲乙", 5, 7)], (*entities, piece(5, 7, 1.0)), Knowledge())["甲乙"] == 1.0


@pytest.mark.parametrize("count", [0, 1, 2, 50, 999])
def test_rarity_by_the_formula(count: int) -> None:  # 3
    knowledge = Knowledge(documents=1000, words={"某词": count} if count else {})
    share = math.log1p(1000 / (1 + count)) / math.log1p(1000)
    found = weights([Word("某词", 0, 2), Word("头", 2, 3)], [piece(2, 3, 1.0)], knowledge)
    assert found == pytest.approx({"某词": LEAST + (MOST - LEAST) * min(1.0, share), "头": 1.0}, abs=1e-4)


def test_of_two_kinds_the_costlier_counts() -> None:  # 4
    terms = [Word("甲乙丙", 0, 3)]
    brand, color = piece(0, 1, 0.9, kind=Kind.BRAND), piece(1, 3, 0.5, kind=Kind.COLOR)
    for entities in ([brand, color], [color, brand]):
        assert kinds(terms, entities) == {"甲乙丙": Kind.BRAND}
        # A term in two entities counts the more: the brand ends inside it, so it counts full.
        found = weights([*terms, Word("头", 3, 4)], [*entities, piece(3, 4, 1.0)], Knowledge())
        assert found["甲乙丙"] == pytest.approx(0.9)

"""Term weights:

1. The head noun weighs 1, a brand more than a colour, a colour more than 高级感 and 的.
2. The greatest weight of any query is 1, whatever it says; all are in (0, 1].
3. A term outside of entities weighs more the rarer it is in the titles.
4. Each term that stands in an entity has its kind; one that stands in none has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from retrieval.understanding.kinds import Kind
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.reading.weights import LEAST, kinds, weights
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

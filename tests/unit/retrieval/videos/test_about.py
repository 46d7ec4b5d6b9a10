"""Whether a moment is about a query.

1. The share that is said: by what missing a term costs; half of a word counts a quarter.
2. Who names a thing wants it said; being near is enough where no thing is named, and for a long question.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.understanding.kinds import Kind, Source
from retrieval.understanding.plan import Entity, Plan
from retrieval.videos.about import About
from tests.title_index import built_in_analyzer

SHOE = Entity(Kind.PRODUCT, "运动鞋", 0, 3, 1.0, 1.0, Source.LEXICON)


def plan(query: str, *entities: Entity, **weights: float) -> Plan:
    text = built_in_analyzer().query(query)
    return Plan(query=text.normalized, text=text, entities=entities, term_weights=weights)


def test_the_share_that_is_said() -> None:  # 1
    about = About.of(plan("运动鞋 透气", 运动鞋=1.0, 透气=0.5))
    assert about.share("这双运动鞋很轻") == pytest.approx(1 / 1.5)
    assert about.share("特别透气") == pytest.approx(0.5 / 1.5)
    assert about.share("爱运动的人") == pytest.approx(0.25 / 1.5)
    assert about.share("透气的运动鞋") == 1.0
    assert About.of(plan("")).share("什么都说") == 0.0


def test_who_names_a_thing_wants_it_said() -> None:  # 2
    named = About.of(plan("运动鞋 透气", SHOE))
    assert named.told("运动鞋", near=False)
    assert not named.told("皮带", near=True)
    assert replace(named, named=False).told("皮带", near=True)
    assert not replace(named, named=False).told("皮带", near=False)
    assert not About.of(plan("运动鞋 洗完 发黄 怎么 刷白", SHOE)).named

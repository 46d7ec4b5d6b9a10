"""The closer look:

1. Contributions sum to the score, which is Σ weight · feature.
2. Candidates in any order get the same scores.
3. A list whose best document lies below its bound is denied: `least`, `unknown` for words nobody knows, `strict`.
4. A document that only its vector speaks for does not stand below `least`; one that words found does.
5. No candidates give an empty, not a denied, list.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.model import Logistic, RankingModel
from retrieval.ranking.ranker import AdditiveRanker
from retrieval.ranking.setting import Setting
from retrieval.ranking.stage import Look, RankingStage
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import channel, row, space

ORDER = {"term_coverage": 5.0, "character_coverage": 3.0, "title_length": 1.0, "bm25": 1.0}
PLAIN = Logistic(("term_coverage",), (8.0,), -4.0)
"""P = 0.5 at half of the words, 0.98 at all of them, 0.02 at none."""
MODEL = RankingModel(ORDER, PLAIN, PLAIN, least=0.0, codes=0.0, unknown=0.0, strict=0.0)
TITLES = ("家用铁锅平底", "老式炒锅不粘", "宽松毛衣女", "铁锅大号加厚 老式", "荣耀手机老人")


def looked(
    query: str, forward: list[bytes], *, model: RankingModel = MODEL, ranks: list[int] | None = None,
    strict: bool = False, deny: bool = True,
) -> Look:  # fmt: skip
    stage = RankingStage(model, AdditiveRanker(ORDER), space())
    channels = {"lexical": channel([1.0] * len(forward), ranks)}
    text, rows = built_in_analyzer().query(query), ForwardRows.decode(forward)
    return stage.look(text, Setting(), rows, channels, strict=strict, deny=deny)


def test_parts_sum_to_scores() -> None:  # 1
    found = looked("老式铁锅", [row(title) for title in TITLES])
    assert np.sum(list(found.contributions.values()), axis=0).tolist() == pytest.approx(found.scores.tolist())
    assert set(found.contributions) == set(ORDER)
    assert found.scores.argmax() == 3  # both words stand in it


@given(st.permutations(range(len(TITLES))))
def test_any_order_of_candidates(order: list[int]) -> None:  # 2
    straight = looked("老式铁锅", [row(title) for title in TITLES])
    shuffled = looked("老式铁锅", [row(TITLES[i]) for i in order])
    assert shuffled.scores.tolist() == straight.scores[order].tolist()
    assert shuffled.relevance.tolist() == straight.relevance[order].tolist()


@pytest.mark.parametrize(
    ("query", "strict", "deny", "denied"),
    [("铁锅", False, True, False), ("显卡驱动", False, True, True), ("铁锅", True, True, True),
     ("显卡驱动", False, False, False)],
)  # fmt: skip
def test_floor(query: str, strict: bool, deny: bool, denied: bool) -> None:  # 3
    model = replace(MODEL, least=0.3, unknown=0.9, strict=0.999)
    found = looked(query, [row(title) for title in TITLES], model=model, strict=strict, deny=deny)
    assert found.denied is denied
    assert found.standing.tolist() == [not denied] * len(TITLES)
    assert 0 <= found.best <= 1


def test_only_near_ones_must_stand_alone() -> None:  # 4
    model = replace(MODEL, least=0.3)
    found = looked("铁锅", [row("铁锅"), row("手机"), row("手机")], model=model, ranks=[1, 0, 2])
    assert found.standing.tolist() == [True, False, True]
    assert (found.relevance > 0.9).tolist() == [True, False, False]
    assert looked("铁锅", [row("铁锅"), row("铁锅")], model=model, ranks=[1, 0]).standing.tolist() == [True, True]


def test_nothing_to_look_at() -> None:  # 5
    found = looked("铁锅", [], model=replace(MODEL, least=0.5))
    assert (found.scores.tolist(), found.denied, found.best) == ([], False, 0.0)

"""The ranking stage:

1. Contributions sum to the score, which is Σ weight · feature; scores descend.
2. Ranking candidates in any order gives the same order of documents (those of equal score aside).
3. A list whose best document lies below its bound is empty: `least`, `unknown` for words nobody knows, `strict`.
4. A document that only its vector speaks for is dropped below `least`; one that words found stays.
5. Collapse keeps the best of a group and the order of the rest; spread moves, and loses nothing.
6. No candidates give an empty, not a denied, list.
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
from retrieval.ranking.stage import Ranked, RankingStage, StageOptions
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import channel, row, space

ORDER = {"term_coverage": 5.0, "character_coverage": 3.0, "title_length": 1.0, "bm25": 1.0}
PLAIN = Logistic(("term_coverage",), (8.0,), -4.0)
"""P = 0.5 at half of the words, 0.98 at all of them, 0.02 at none."""
MODEL = RankingModel(ORDER, PLAIN, PLAIN, least=0.0, codes=0.0, unknown=0.0, strict=0.0)
TITLES = ("家用铁锅平底", "老式炒锅不粘", "宽松毛衣女", "铁锅大号加厚 老式", "荣耀手机老人")


def ranked(
    query: str, forward: list[bytes], *, model: RankingModel = MODEL, options: StageOptions | None = None,
    ranks: list[int] | None = None, strict: bool = False,
) -> Ranked:  # fmt: skip
    stage = RankingStage(model, AdditiveRanker(ORDER), space(), options or StageOptions(False, 0, 0))
    channels = {"lexical": channel([1.0] * len(forward), ranks)}
    return stage.rank(built_in_analyzer().query(query), Setting(), ForwardRows.decode(forward), channels, strict=strict)


def test_parts_sum_to_scores() -> None:
    found = ranked("老式铁锅", [row(title) for title in TITLES])
    assert np.sum(list(found.contributions.values()), axis=0).tolist() == pytest.approx(found.scores.tolist())
    assert set(found.contributions) == set(ORDER)
    assert (np.diff(found.scores) <= 0).all()
    assert found.places[0] == 3  # both words stand in it


@given(st.permutations(range(len(TITLES))))
def test_any_order_of_candidates(order: list[int]) -> None:
    straight = ranked("老式铁锅", [row(title) for title in TITLES])
    shuffled = ranked("老式铁锅", [row(TITLES[i]) for i in order])
    assert [order[place] for place in shuffled.places] == straight.places.tolist()


@pytest.mark.parametrize(
    ("query", "strict", "denied"),
    [("铁锅", False, False), ("显卡驱动", False, True), ("铁锅", True, True)],
)
def test_floor(query: str, strict: bool, denied: bool) -> None:
    model = replace(MODEL, least=0.3, unknown=0.9, strict=0.999)
    found = ranked(query, [row(title) for title in TITLES], model=model, strict=strict)
    assert found.denied is denied
    assert (len(found.places) == 0) is denied
    assert 0 <= found.best <= 1


def test_only_near_ones_must_stand_alone() -> None:
    model = replace(MODEL, least=0.3)
    found = ranked("铁锅", [row("铁锅"), row("手机"), row("手机")], model=model, ranks=[1, 0, 2])
    assert found.places.tolist() == [0, 2]
    assert (found.relevance > 0.9).tolist() == [True, False]


def test_collapse() -> None:
    forward = [row("铁锅 a", spu_id="1"), row("毛衣", spu_id="2"), row("铁锅", spu_id="1"), row("铁锅 b", spu_id="3")]
    every = ranked("铁锅", forward).places.tolist()
    found = ranked("铁锅", forward, options=StageOptions(True, 0, 0))
    once = found.places.tolist()
    assert (found.copies, sorted(once)) == (1, sorted(every))
    assert once[-1] in {0, 2}
    assert once[:-1] == [place for place in every if place != once[-1]]
    assert every.index(once[-1]) > min(every.index(place) for place in (0, 2))


def test_spread() -> None:
    forward = [row("铁锅 一", shop="甲"), row("铁锅 二", shop="甲"), row("毛衣", shop="乙")]
    assert ranked("铁锅", forward, options=StageOptions(False, 2, 1)).places.tolist() == [0, 2, 1]


def test_nothing_to_rank() -> None:
    found = ranked("铁锅", [], model=replace(MODEL, least=0.5))
    assert (found.places.tolist(), found.denied, found.best) == ([], False, 0.0)

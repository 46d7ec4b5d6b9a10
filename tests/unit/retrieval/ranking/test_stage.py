"""The closer look:

1. Contributions sum to the score, which is Σ weight · feature.
2. Candidates in any order get the same scores.
3. A list whose best document lies below its bound is denied: `least`, `unknown` for words nobody knows, `strict`.
4. A document that only its vector speaks for does not stand below `least`; one that words found does.
5. No candidates give an empty, not a denied, list.
6. A document as near as `near` is an answer, and stands, whatever its words.
7. A query that is not worded as shoppers do is denied where nothing is near, unless all of its words are there. Without
   vectors nothing is known of that.
8. What is of another department is less relevant, and scores as before.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.features.query_domain import USUAL
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.model import Logistic, Nearness, RankingModel
from retrieval.ranking.ranker import AdditiveRanker
from retrieval.ranking.setting import Setting
from retrieval.ranking.stage import Look, RankingStage
from retrieval.ranking.things import Meaning
from retrieval.understanding.plan import Language
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import channel, meaning, row, space

ORDER = {"term_coverage": 5.0, "character_coverage": 3.0, "title_length": 1.0, "bm25": 1.0}
PLAIN = Logistic(("term_coverage",), (8.0,), -4.0)
"""P = 0.5 at half of the words, 0.98 at all of them, 0.02 at none."""
MODEL = RankingModel(ORDER, PLAIN, PLAIN, least=0.0, codes=0.0, unknown=0.0, strict=0.0)
TITLES = ("家用铁锅平底", "老式炒锅不粘", "宽松毛衣女", "铁锅大号加厚 老式", "荣耀手机老人")


def looked(
    query: str, forward: list[bytes], *, model: RankingModel = MODEL, ranks: list[int] | None = None,
    strict: bool = False, deny: bool = True, setting: Setting | None = None, near: Meaning | None = None,
) -> Look:  # fmt: skip
    stage = RankingStage(model, AdditiveRanker(ORDER), space())
    channels = {"lexical": channel([1.0] * len(forward), ranks)}
    text, rows = built_in_analyzer().query(query), ForwardRows.decode(forward)
    return stage.look(text, setting or Setting(), rows, channels, near, strict=strict, deny=deny)


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


def test_what_is_very_near_is_an_answer() -> None:  # 6
    near = replace(MODEL, least=0.3, unknown=0.9, strict=0.999, nearness=Nearness(near=0.5, odd=-10, far=-1))
    rows = [row(title) for title in TITLES]
    for strict in (False, True):
        for nearest, denied in ((0.51, False), (0.49, True)):
            cosines = meaning([0.1, 0.2, nearest, 0.48, -0.1])
            found = looked("显卡驱动", rows, model=near, ranks=[0] * 5, strict=strict, near=cosines)
            assert found.denied is denied
            assert found.standing.tolist() == [False, False, not denied, False, False]
        assert looked("显卡驱动", rows, model=near, ranks=[0] * 5, strict=strict).denied


def test_odd_words_where_nothing_is_near() -> None:  # 7
    far = replace(MODEL, nearness=Nearness(near=1, odd=-1, far=0.4))
    rows, near, away = [row(title) for title in TITLES], meaning([0.1, 0.41, 0, 0, 0]), meaning([0.1, 0.39, 0, 0, 0])
    odd, usual = Setting(language=Language(USUAL - 1.1, None)), Setting(language=Language(USUAL - 0.9, None))
    asked = "铁锅多少钱发明"
    assert looked(asked, rows, model=far, setting=odd, near=away).denied
    for setting, known in ((usual, away), (odd, near), (odd, None)):
        assert not looked(asked, rows, model=far, setting=setting, near=known).denied
    assert not looked("铁锅", rows, model=far, setting=odd, near=away).denied  # all that is said is there


def test_nothing_to_look_at() -> None:  # 5
    found = looked("铁锅", [], model=replace(MODEL, least=0.5))
    assert (found.scores.tolist(), found.denied, found.best) == ([], False, 0.0)


def test_another_department() -> None:  # 8
    forward = [row("铁锅", category=["厨具", "锅"]), row("铁锅", category=["家居", "收纳箱"])]
    setting = Setting(categories={"锅": 0.8, "收纳箱": 0.2}, elsewhere=frozenset({"收纳箱"}))
    before, found = looked("铁锅", forward), looked("铁锅", forward, setting=setting)
    assert found.scores.tolist() == before.scores.tolist()
    assert found.relevance.tolist() == pytest.approx([before.relevance[0], before.relevance[1] / 4])

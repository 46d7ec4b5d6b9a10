"""What is the same for all documents:

1. `query_generality` falls by 1/MUCH with every term that a title must not lack, to -1; terms that may be missing, and
   such as cost little, are not asked.
2. `query_domain` and `query_fluency` are how far the language of the query falls short of the usual; 0 where nothing is
   known.
"""

from __future__ import annotations

import pytest

from retrieval.ranking.features import query_domain, query_fluency
from retrieval.ranking.features.query_generality import LEAST_COST, MUCH
from retrieval.ranking.setting import Setting
from retrieval.understanding.kinds import Kind
from retrieval.understanding.plan import Language
from tests.unit.retrieval.ranking.shop import values

OPTIONAL = {Kind.SEASON, Kind.SCENE, Kind.NOISE, Kind.AUDIENCE, Kind.OTHER, Kind.SHOP}


def generality(query: str, setting: Setting | None = None) -> list[float]:
    return list(values(query, "a", "b", setting=setting)["query_generality"].tolist())


@pytest.mark.parametrize("kind", Kind)
def test_kinds(kind: Kind) -> None:
    asked = 1 if kind in OPTIONAL else 2
    assert generality("毛衣 手机", Setting(kinds={"手机": kind})) == [-asked / MUCH] * 2


def test_number_of_terms() -> None:
    assert generality("毛衣") == [-1 / MUCH] * 2
    assert generality(" ".join("abcdefghijkl")) == [-1, -1]
    assert generality("") == [0, 0]


@pytest.mark.parametrize(("cost", "asked"), [(0.05, 1), (LEAST_COST - 0.01, 1), (LEAST_COST + 0.01, 2)])
def test_costs(cost: float, asked: int) -> None:
    assert generality("毛衣 红色", Setting({"毛衣": 1.0, "红色": cost})) == [-asked / MUCH] * 2


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (Language(query_domain.USUAL - 2, query_fluency.USUAL - 3), (-2, -3)),
        (Language(query_domain.USUAL + 2, query_fluency.USUAL + 3), (0, 0)),
        (Language(query_domain.USUAL - 2, None), (-2, 0)),
        (Language(), (0, 0)),
    ],
)
def test_language(language: Language, expected: tuple[float, float]) -> None:
    found = values("铁锅", "铁锅", "毛衣", setting=Setting(language=language))
    assert [found[name].tolist() for name in ("query_domain", "query_fluency")] == [[value] * 2 for value in expected]

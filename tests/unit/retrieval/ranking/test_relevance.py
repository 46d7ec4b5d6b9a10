"""The absolute score:

1. It is 1 / (1 + exp -(bias + Σ weight · feature)), in [0, 1], for any query and title.
2. A title with all that is asked scores higher than one with half of it, and that higher than one with nothing.
3. It needs no list: a title has the same score alone and among others.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.model import Logistic
from retrieval.ranking.relevance import pair_features, probability
from retrieval.ranking.setting import Setting
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import space

LOGISTIC = Logistic(("term_coverage", "cosine"), (8.0, 1.0), -4.0)


def score(query: str, title: str, cosine: float = 0.0) -> float:
    analyzer = built_in_analyzer()
    found = pair_features(
        analyzer.query(query), title, LOGISTIC.names, analyzer=analyzer, space=space(), setting=Setting(), cosine=cosine
    )
    return float(probability(LOGISTIC, found, 1)[0])


def test_formula() -> None:
    found = probability(LOGISTIC, {"term_coverage": np.array([1.0, 0.0]), "cosine": np.array([0.5, 0.0])}, 2)
    assert found.tolist() == pytest.approx([1 / (1 + math.exp(-4.5)), 1 / (1 + math.exp(4))])
    assert score("铁锅", "铁锅", 0.5) == pytest.approx(1 / (1 + math.exp(-4.5)))


def test_order() -> None:
    assert score("铁锅 手机", "手机铁锅") > score("铁锅 手机", "铁锅") > score("铁锅 手机", "慵懒毛衣")


@given(st.text(max_size=20), st.text(max_size=30))
def test_any_text(query: str, title: str) -> None:
    assert 0 <= score(query, title) <= 1

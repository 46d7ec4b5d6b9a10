"""The feature that reads query and title token by token:

1. It is what the tokens of the query say of those of each title, within ± 6.
2. It is 0 without a meaning and where the query has no tokens, and -6 for a title without; no other is moved by that.
3. Damaged tokens of a title are refused.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrieval.errors import GenerationError
from retrieval.late.query import QueryTokens, QueryVectors
from retrieval.ranking.forward import with_tokens
from retrieval.ranking.things import Meaning, Things
from tests.token_encoder import adding
from tests.unit.retrieval.ranking.shop import query_tokens, row, title_tokens, values

RIGHT, WRONG, NONE = (with_tokens(row("铁锅"), tokens) for tokens in (title_tokens(2, 0), title_tokens(1), b""))
VECTORS = np.eye(2, dtype=np.float32)[[0, 0, 0]]


def found(tokens: QueryTokens | None, *documents: bytes) -> list[float]:
    things = Things.unlearned(np.zeros((1, 2), np.float32))
    meaning = Meaning(things, QueryVectors(VECTORS[0], tokens), VECTORS[: len(documents)])
    return [float(value) for value in values("锅", *documents, meaning=meaning)["late_interaction"]]


def test_what_the_tokens_say() -> None:  # 1
    assert found(query_tokens(), RIGHT, WRONG) == pytest.approx([4, -4], abs=1e-5)
    plain = query_tokens()
    sure = replace(plain, head=replace(adding(n0=80), bias=-40))
    assert found(sure, RIGHT, WRONG) == [6, -6]
    near = replace(plain, head=adding(n3=3))  # the cosine of the whole texts
    assert found(near, RIGHT, WRONG) == pytest.approx([3, 3])


def test_without_tokens() -> None:  # 2
    assert found(None, RIGHT, WRONG) == [0, 0]
    assert found(query_tokens(), NONE, RIGHT, NONE) == pytest.approx([-6, 4, -6], abs=1e-5)
    assert values("锅", RIGHT, WRONG)["late_interaction"].tolist() == [0, 0]


def test_damaged() -> None:  # 3
    with pytest.raises(GenerationError, match="damaged"):
        found(query_tokens(), RIGHT, RIGHT[:-1])
    assert found(None, RIGHT[:-1]) == [0]

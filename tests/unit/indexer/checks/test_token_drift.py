"""The check of drift reads the tokens of titles, too:

1. A generation whose rows have the tokens that the encoder gives passes; one that lost those of a title is told so.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from indexer.checks.context import CheckContext, Gates
from indexer.checks.drift import drift
from retrieval.late.encoder import encode_titles
from retrieval.ranking.forward import encode_forward, with_tokens
from tests.title_index import built_in_analyzer
from tests.token_encoder import TokenHashing

TITLES = [f"{color}色连衣裙 {number}" for color in "红蓝白黑" for number in range(10)]


class Sample(SimpleNamespace):
    def __len__(self) -> int:
        return len(TITLES)


@pytest.mark.parametrize(("lost", "told"), [([], []), ([3], ["1 of 32 titles have other tokens"])])
def test_lost_tokens(lost: list[int], told: list[str]) -> None:  # 1
    encoder = TokenHashing()
    found = encode_titles(encoder, TITLES)
    rows = [
        with_tokens(encode_forward({"title": title}, built_in_analyzer()), b"" if place in lost else tokens)
        for place, (title, tokens) in enumerate(zip(TITLES, found.tokens, strict=True))
    ]
    reader: Any = SimpleNamespace(
        manifest=SimpleNamespace(dim=encoder.dim, encoder=encoder.fingerprint, details={}),
        vectors=lambda at: found.vectors[at],
        forward=lambda at: [rows[place] for place in at],
    )
    sample = Sample(records=[{"title": title} for title in TITLES], rows=np.arange(len(TITLES)))
    context = SimpleNamespace(
        reader=reader, sample=sample, encoder=encoder, gates=Gates(), served=None, previous=None
    )  # fmt: skip
    assert [text[: len(told[0])] if told else text for text in drift(cast(CheckContext, context))] == told

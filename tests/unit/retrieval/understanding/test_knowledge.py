"""What was learned, as bytes and as amounts:

1. Knowledge read back from its bytes is equal, and has the same bytes.
2. Damaged bytes, and those of another version, are refused.
3. Amount tokens are exactly the tokens of texts with such an amount, bounds included.
4. Click entropy is 0 for one category, 1 for two alike, None without clicks.
"""

from __future__ import annotations

import zlib

import orjson
import pytest

from retrieval.errors import GenerationError
from retrieval.understanding.knowledge import VERSION, Knowledge
from tests.unit.retrieval.understanding.mall import learned, quantities


def test_bytes_round_trip() -> None:
    knowledge = learned(queries={"保温杯": 3})
    again = Knowledge.from_bytes(knowledge.to_bytes())
    assert again == knowledge
    assert again.to_bytes() == knowledge.to_bytes()


@pytest.mark.parametrize(
    "stored", [b"", b"no zlib", zlib.compress(b"no json"), zlib.compress(b"[]"), zlib.compress(b"{}")]
)
def test_damaged_bytes_are_refused(stored: bytes) -> None:
    with pytest.raises(GenerationError, match="damaged"):
        Knowledge.from_bytes(stored)


def test_another_version_is_refused() -> None:
    content = orjson.loads(zlib.decompress(Knowledge().to_bytes()))
    assert content["version"] == VERSION
    with pytest.raises(GenerationError, match="version 99"):
        Knowledge.from_bytes(zlib.compress(orjson.dumps({**content, "version": 99})))


def test_amount_tokens_are_those_of_texts() -> None:
    texts = ["0.5ml", "100ml", "0.25升", "1升"]
    knowledge = learned([{"title": text} for text in texts])
    tokens = [quantities().find(text)[0].token for text in texts]
    assert list(knowledge.amount_tokens("ml", None, None)) == tokens
    assert list(knowledge.amount_tokens("ml", 100, 250)) == tokens[1:3]
    assert knowledge.amount_tokens("g", None, None) == ()


def test_click_entropy() -> None:
    knowledge = Knowledge(clicks={"一": {"a": 7}, "二": {"a": 5, "b": 5}})
    assert knowledge.click_entropy("一") == 0.0
    assert knowledge.click_entropy("二") == pytest.approx(1.0)
    assert knowledge.click_entropy("三") is None

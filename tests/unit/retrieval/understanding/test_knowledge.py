"""What was learned, as bytes and as amounts:

1. Knowledge read back from its bytes is equal, and has the same bytes.
2. Damaged and cut bytes, and those of another version, are refused; those of version 1 are read.
3. Amount tokens are exactly the tokens of texts with such an amount, bounds included.
4. Click entropy is 0 for one category, 1 for two alike, None without clicks.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
import orjson
import pytest

from retrieval.analysis.packed import pack, unpack
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


def test_cut_bytes_are_refused() -> None:
    stored = learned().to_bytes()
    for size in (9, len(stored) // 2, len(stored) - 100):
        with pytest.raises(GenerationError, match="damaged"):
            Knowledge.from_bytes(stored[:size])


def test_version_one_is_read() -> None:
    knowledge = learned(queries={"保温杯": 3})
    content = {each.name: plain(getattr(knowledge, each.name)) for each in fields(knowledge)}
    content["brand_names"] = {name: list(written) for name, written in knowledge.brand_names.items()}
    content["withheld"] = ["折叠伞"]
    read = Knowledge.from_bytes(zlib.compress(orjson.dumps({"version": 1, **content})))
    assert read.brand_names == {name: dict.fromkeys(written, 1) for name, written in knowledge.brand_names.items()}
    assert replace(read, brand_names=knowledge.brand_names, withheld={}) == knowledge
    assert list(read.withheld) == ["折叠伞"]


def plain(value: object) -> object:
    return {key: plain(each) for key, each in value.items()} if isinstance(value, Mapping) else value


def test_another_version_is_refused() -> None:
    content = unpack(learned().to_bytes())
    assert content["version"].tolist() == [VERSION]
    for stored in (
        pack({**content, "version": np.array([99])}),
        zlib.compress(orjson.dumps({"version": 99})),
    ):
        with pytest.raises(GenerationError, match="version 99"):
            Knowledge.from_bytes(stored)


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

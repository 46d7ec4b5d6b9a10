"""What the channels and the vectors say: `bm25` and `cosine_deviation` are (value - centre) / unit, in bounds.

`cosine` is the value. `centred_cosine` and `thing` are cosines of `retrieval.ranking.things`, not below 0 for `thing`,
which is `UNKNOWN` where nothing is known of what the query names: its last thing, else its end. Without its channel
each other is 0.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.ranking.features.thing import UNKNOWN
from retrieval.ranking.setting import Setting
from retrieval.understanding.kinds import Kind
from tests.unit.retrieval.ranking.shop import channel, meaning, values


def test_scaled() -> None:
    semantic = replace(channel([0.5, 0.1]), scale=(0.2, 0.1))
    found = values("锅", "锅", "毛衣", channels={"lexical": channel([8.0, 2.0], unit=8.0), "semantic": semantic})
    assert found["bm25"].tolist() == [1, 0.25]
    assert found["cosine_deviation"].tolist() == pytest.approx([3, -1], rel=1e-5)
    assert found["cosine"].tolist() == pytest.approx([0.5, 0.1])


def test_bounds() -> None:
    channels = {"lexical": channel([3.0, -1.0]), "semantic": channel([0.9, -0.9], unit=0.01)}
    found = values("锅", "锅", "毛衣", channels=channels)
    assert found["bm25"].tolist() == [1, 0]
    assert found["cosine_deviation"].tolist() == [15, -5]


def test_no_channel() -> None:
    found = values("锅", "锅")
    assert [found[name][0] for name in ("bm25", "cosine_deviation", "cosine", "centred_cosine")] == [0, 0, 0, 0]
    assert found["thing"] == pytest.approx([UNKNOWN])


@pytest.mark.parametrize(("query", "known"), [("铁锅", True), ("铁锅 加厚", True), ("加厚", False), ("锅毛衣", False)])
def test_vectors(query: str, known: bool) -> None:
    setting = Setting(kinds={"铁锅": Kind.PRODUCT, "毛衣": Kind.PRODUCT})
    found = values(query, "锅", "毛衣", setting=setting, meaning=meaning([0.8, -0.2], "锅"))
    assert found["centred_cosine"].tolist() == pytest.approx([0.8, -0.2])
    assert found["thing"].tolist() == pytest.approx([0.8, 0] if known else [UNKNOWN, UNKNOWN])


def test_no_spread() -> None:
    """A channel all of whose scores are alike has no unit; nothing is divided by 0."""
    assert values("锅", "锅", channels={"semantic": channel([0.0], unit=0.0)})["cosine_deviation"].tolist() == [0]

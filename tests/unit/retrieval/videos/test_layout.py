"""How hits and cards follow each other.

1. Who wants to watch gets three videos first, and the others behind the goods.
2. Who asks for a sort of thing gets videos after so many hits; who names one, behind them all.
3. Everything stands once, in its order; no block is empty.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.spoken.cards import Block, BlockKind
from retrieval.understanding.kinds import IntentKind
from retrieval.videos.layout import blocks

GOODS, VIDEOS = BlockKind.PRODUCTS, BlockKind.VIDEOS
HITS, CARDS = ["p1", "p2", "p3", "p4", "p5"], ["v1", "v2", "v3", "v4"]


def test_to_watch() -> None:  # 1
    for watch in (IntentKind.CONTENT, IntentKind.NOT_SHOPPING):
        assert blocks(watch, HITS, CARDS, 2) == (
            Block(VIDEOS, ("v1", "v2", "v3")), Block(GOODS, tuple(HITS)), Block(VIDEOS, ("v4",)),
        )  # fmt: skip


def test_to_buy() -> None:  # 2
    for open in (IntentKind.BROAD, IntentKind.CATEGORY):
        assert blocks(open, HITS, CARDS, 2) == (
            Block(GOODS, ("p1", "p2")), Block(VIDEOS, tuple(CARDS)), Block(GOODS, ("p3", "p4", "p5")),
        )  # fmt: skip
    for intent in (IntentKind.ITEM, IntentKind.BRAND, IntentKind.ATTRIBUTE, IntentKind.SHOP, None):
        assert blocks(intent, HITS, CARDS, 2) == (Block(GOODS, tuple(HITS)), Block(VIDEOS, tuple(CARDS)))


@given(st.sampled_from([*IntentKind, None]), st.integers(0, 30), st.integers(0, 30), st.integers(1, 30))
def test_everything_once(intent: IntentKind | None, hits: int, cards: int, after: int) -> None:  # 3
    goods, videos = [f"p{n}" for n in range(hits)], [f"v{n}" for n in range(cards)]
    laid = blocks(intent, goods, videos, after)
    assert [id for block in laid if block.kind is GOODS for id in block.ids] == goods
    assert [id for block in laid if block.kind is VIDEOS for id in block.ids] == videos
    assert all(block.ids for block in laid)

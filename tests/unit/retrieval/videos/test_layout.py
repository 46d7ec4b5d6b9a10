"""How hits and cards follow each other.

1. Who wants to watch gets three videos first, the others behind the goods; who names a thing beside a show does not.
2. Who asks for a sort of thing gets videos after so many hits; who names one, behind them all.
3. Everything stands once, in its order; no block is empty.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.spoken.cards import Block, BlockKind
from retrieval.understanding.kinds import IntentKind, Kind, Source
from retrieval.understanding.plan import Entity, Intent, Plan
from retrieval.videos.layout import blocks
from tests.title_index import built_in_analyzer

SPEAKER = Entity(Kind.PRODUCT, "音箱", 0, 2, 1.0, 1.0, Source.LEXICON)
GOODS, VIDEOS = BlockKind.PRODUCTS, BlockKind.VIDEOS
HITS, CARDS = ["p1", "p2", "p3", "p4", "p5"], ["v1", "v2", "v3", "v4"]


def plan(kind: IntentKind | None, *entities: Entity) -> Plan:
    text = built_in_analyzer().query("音箱")
    return Plan("音箱", text, intent=Intent(kind, 0.5, {}) if kind else None, entities=entities)


def test_to_watch() -> None:  # 1
    for watch in (plan(IntentKind.CONTENT), plan(IntentKind.CONTENT, SPEAKER), plan(IntentKind.NOT_SHOPPING)):
        assert blocks(watch, HITS, CARDS, 2) == (
            Block(VIDEOS, ("v1", "v2", "v3")), Block(GOODS, tuple(HITS)), Block(VIDEOS, ("v4",)),
        )  # fmt: skip


def test_to_buy() -> None:  # 2
    for open in (IntentKind.BROAD, IntentKind.CATEGORY):
        assert blocks(plan(open), HITS, CARDS, 2) == (
            Block(GOODS, ("p1", "p2")), Block(VIDEOS, tuple(CARDS)), Block(GOODS, ("p3", "p4", "p5")),
        )  # fmt: skip
    for intent in (IntentKind.ITEM, IntentKind.BRAND, IntentKind.ATTRIBUTE, IntentKind.SHOP, None):
        assert blocks(plan(intent), HITS, CARDS, 2) == (Block(GOODS, tuple(HITS)), Block(VIDEOS, tuple(CARDS)))
    named = plan(IntentKind.NOT_SHOPPING, SPEAKER)
    assert blocks(named, HITS, CARDS, 2) == (Block(GOODS, tuple(HITS)), Block(VIDEOS, tuple(CARDS)))


@given(st.sampled_from([*IntentKind, None]), st.integers(0, 30), st.integers(0, 30), st.integers(1, 30))
def test_everything_once(intent: IntentKind | None, hits: int, cards: int, after: int) -> None:  # 3
    goods, videos = [f"p{n}" for n in range(hits)], [f"v{n}" for n in range(cards)]
    laid = blocks(plan(intent), goods, videos, after)
    assert [id for block in laid if block.kind is GOODS for id in block.ids] == goods
    assert [id for block in laid if block.kind is VIDEOS for id in block.ids] == videos
    assert all(block.ids for block in laid)

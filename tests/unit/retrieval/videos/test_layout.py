"""How hits and cards follow each other.

1. Who wants to watch gets three videos first, the others behind the goods; who names a thing beside a show does not.
2. Who asks for a sort of thing gets videos after so many hits; who names one, behind them all.
3. Everything stands once, in its order; no block is empty.
4. The divider keeps its place: no block lies on both sides of it, and videos among goods do not stand under it, unless
   nothing is above.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer import Hit
from retrieval.spoken.cards import Block, BlockKind
from retrieval.understanding.kinds import IntentKind, Kind, Source
from retrieval.understanding.plan import Entity, Intent, Plan
from retrieval.videos.layout import blocks
from tests.title_index import built_in_analyzer

SPEAKER = Entity(Kind.PRODUCT, "音箱", 0, 2, 1.0, 1.0, Source.LEXICON)
GOODS, VIDEOS = BlockKind.PRODUCTS, BlockKind.VIDEOS
IDS, CARDS = ["p1", "p2", "p3", "p4", "p5"], ["v1", "v2", "v3", "v4"]


def hits(ids: list[str], above: int) -> list[Hit]:
    """Hits of which so many stand above the divider."""
    return [Hit(id, "product", at + 1, 1.0, {}, {}, near=at >= above) for at, id in enumerate(ids)]


HITS = hits(IDS, 5)


def plan(kind: IntentKind | None, *entities: Entity) -> Plan:
    text = built_in_analyzer().query("音箱")
    return Plan("音箱", text, intent=Intent(kind, 0.5, {}) if kind else None, entities=entities)


def test_to_watch() -> None:  # 1
    for watch in (plan(IntentKind.CONTENT), plan(IntentKind.CONTENT, SPEAKER), plan(IntentKind.NOT_SHOPPING)):
        assert blocks(watch, HITS, CARDS, 2) == (
            Block(VIDEOS, ("v1", "v2", "v3")), Block(GOODS, tuple(IDS)), Block(VIDEOS, ("v4",)),
        )  # fmt: skip


def test_to_buy() -> None:  # 2
    for open in (IntentKind.BROAD, IntentKind.CATEGORY):
        assert blocks(plan(open), HITS, CARDS, 2) == (
            Block(GOODS, ("p1", "p2")), Block(VIDEOS, tuple(CARDS)), Block(GOODS, ("p3", "p4", "p5")),
        )  # fmt: skip
    for intent in (IntentKind.ITEM, IntentKind.BRAND, IntentKind.ATTRIBUTE, IntentKind.SHOP, None):
        assert blocks(plan(intent), HITS, CARDS, 2) == (Block(GOODS, tuple(IDS)), Block(VIDEOS, tuple(CARDS)))
    named = plan(IntentKind.NOT_SHOPPING, SPEAKER)
    assert blocks(named, HITS, CARDS, 2) == (Block(GOODS, tuple(IDS)), Block(VIDEOS, tuple(CARDS)))


def test_the_divider() -> None:  # 4
    for intent, above, laid in (
        (IntentKind.BROAD, 3, "p1 p2 | v1 | p3 | p4 p5"),
        (IntentKind.BROAD, 1, "p1 | v1 | p2 p3 p4 p5"),
        (IntentKind.BROAD, 0, "p1 p2 | v1 | p3 p4 p5"),
        (IntentKind.ITEM, 3, "p1 p2 p3 | p4 p5 | v1"),
        (IntentKind.CONTENT, 3, "v1 | p1 p2 p3 | p4 p5"),
    ):
        found = blocks(plan(intent), hits(IDS, above), ["v1"], 2)
        assert " | ".join(" ".join(block.ids) for block in found) == laid


@given(
    st.sampled_from([*IntentKind, None]), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(1, 30)
)
def test_everything_once(intent: IntentKind | None, size: int, above: int, cards: int, after: int) -> None:  # 3, 4
    goods, videos = [f"p{n}" for n in range(size)], [f"v{n}" for n in range(cards)]
    laid = blocks(plan(intent), hits(goods, above), videos, after)
    assert all(len({id in goods[:above] for id in block.ids}) == 1 for block in laid if block.kind is GOODS)
    assert [id for block in laid if block.kind is GOODS for id in block.ids] == goods
    assert [id for block in laid if block.kind is VIDEOS for id in block.ids] == videos
    assert all(block.ids for block in laid)

"""How hits and cards of videos follow each other: what was asked decides who leads.

Who asks how to choose, or for a review, wants to watch. Who names a thing wants that thing: no video stands before the
goods then, and where a brand, a model or a property is said, none stands among them.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.spoken.cards import Block, BlockKind
from retrieval.understanding.kinds import IntentKind

_LEADING = 3
"""Cards before the goods where somebody wants to watch."""
_WATCH = frozenset({IntentKind.CONTENT, IntentKind.NOT_SHOPPING})
_OPEN = frozenset({IntentKind.BROAD, IntentKind.CATEGORY})
"""So much is left open that a look at a video may help to choose."""


def blocks(intent: IntentKind | None, hits: Sequence[str], cards: Sequence[str], after: int) -> tuple[Block, ...]:
    """A page of hits and cards, all of them once, in their order.

    Args:
        intent: None where nothing was understood.
        hits, cards: ids, best first.
        after: hits before the videos where somebody asks for a sort of thing.
    """
    if intent in _WATCH:
        return _filled(
            (BlockKind.VIDEOS, cards[:_LEADING]), (BlockKind.PRODUCTS, hits), (BlockKind.VIDEOS, cards[_LEADING:])
        )
    first = after if intent in _OPEN else len(hits)
    return _filled((BlockKind.PRODUCTS, hits[:first]), (BlockKind.VIDEOS, cards), (BlockKind.PRODUCTS, hits[first:]))


def _filled(*stretches: tuple[BlockKind, Sequence[str]]) -> tuple[Block, ...]:
    return tuple(Block(kind, tuple(ids)) for kind, ids in stretches if ids)

"""How hits and cards of videos follow each other: what was asked decides who leads.

Who asks how to choose, or for a review, wants to watch. Who names a thing wants that thing: no video stands before the
goods then, and where a brand, a model or a property is said, none stands among them. No block lies on both sides of the
divider.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answer import Hit
from retrieval.spoken.cards import Block, BlockKind
from retrieval.understanding.kinds import IntentKind
from retrieval.understanding.plan import Plan

_LEADING = 3
"""Cards before the goods where somebody wants to watch."""
_OPEN = frozenset({IntentKind.BROAD, IntentKind.CATEGORY})
"""So much is left open that a look at a video may help to choose."""


def wants_to_watch(plan: Plan) -> bool:
    """Whether a query asks for something to watch; who names a thing beside a film or a show wants that thing."""
    kind = plan.intent.kind if plan.intent else None
    named = any(entity.names_thing for entity in plan.entities)
    return kind is IntentKind.CONTENT or (kind is IntentKind.NOT_SHOPPING and not named)


def blocks(plan: Plan, hits: Sequence[Hit], cards: Sequence[str], after: int) -> tuple[Block, ...]:
    """A page of hits and cards, all of them once, in their order.

    Args:
        plan: how the query was read.
        hits: best first; cards: ids, best first.
        after: hits before the videos where somebody asks for a sort of thing; fewer where fewer are above the divider.
    """
    above, near = ([hit.id for hit in hits if hit.near is side] for side in (False, True))
    goods, others = BlockKind.PRODUCTS, BlockKind.VIDEOS
    if wants_to_watch(plan):
        return _filled((others, cards[:_LEADING]), (goods, above), (goods, near), (others, cards[_LEADING:]))
    if plan.intent is None or plan.intent.kind not in _OPEN:
        return _filled((goods, above), (goods, near), (others, cards))
    if not above:
        return _filled((goods, near[:after]), (others, cards), (goods, near[after:]))
    return _filled((goods, above[:after]), (others, cards), (goods, above[after:]), (goods, near))


def _filled(*stretches: tuple[BlockKind, Sequence[str]]) -> tuple[Block, ...]:
    return tuple(Block(kind, tuple(ids)) for kind, ids in stretches if ids)

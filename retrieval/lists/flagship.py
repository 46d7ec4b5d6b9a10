"""Brand flagship first: who asks for a brand and little else finds the brand's own shop before others with equal goods.

Where a query is of kind `brand`, a thing that the brand's flagship shop (旗舰店) sells moves up past things of other
shops that answer as well. It passes nothing whose relevance is higher than its own by more than `equal`, nothing that
an operator boosted or buried, and no more than `places`; scores stay as they are. A shop is the brand's where its kind,
or the end of its name, says 旗舰店, its name holds the brand, and the listing check found no misuse of a brand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from retrieval.analysis.brand_field import brand_names
from retrieval.analysis.normalize import normalize
from retrieval.lists.score import Scored
from retrieval.protocols import IndexReader
from retrieval.ranking.shop_kind import FLAGSHIP, shop_kind
from retrieval.types import IntArray, Mask
from retrieval.understanding.kinds import IntentKind, Kind
from retrieval.understanding.plan import Plan

_WITHIN = 100
"""Of a list so many of the best are looked at: five pages."""
_MISUSE = "brand_misuse"
"""The rule of the listing check that keeps a shop from being a brand's own."""


@dataclass(frozen=True, slots=True)
class FlagshipOptions:
    """How far a flagship shop's things move.

    Attributes:
        places: at most so many, ≥ 0; 0: not at all.
        equal: relevances that differ by no more than this, in [0, 1], answer equally well.
    """

    places: int
    equal: float


UNMOVED = FlagshipOptions(0, 0.0)
"""Nothing comes first."""


def flagships(reader: IndexReader, plan: Plan, scored: Scored, options: FlagshipOptions) -> IntArray:
    """Rows among the best of a list that a flagship shop of the asked brand sells."""
    names = _asked(plan)
    looked_at = np.flatnonzero(scored.looked_at)
    if not names or not options.places or not len(looked_at):
        return np.empty(0, np.int64)
    best = looked_at[np.argsort(-scored.scores[looked_at], kind="stable")[:_WITHIN]]
    rows = scored.rows[best]
    records = map(orjson.loads, reader.sources(rows))
    return rows[np.array([is_flagship(record, names) for record in records], np.bool_)]


def is_flagship(record: Mapping[str, Any], names: frozenset[str]) -> bool:
    """Whether the shop of a record is the flagship of the brand of these names, normalised."""
    shop, found = record.get("shop"), record.get("listing") or ()
    if shop_kind(shop) != FLAGSHIP or any(each.get("rule") == _MISUSE for each in found):
        return False
    sold = frozenset(brand_names(str(record.get("brand") or "")))
    told = normalize(str(shop.get("name") or "")) if isinstance(shop, Mapping) else ""
    return (not sold or not sold.isdisjoint(names)) and any(name in told for name in sold | names)


def in_front(places: IntArray, scored: Scored, rows: IntArray, options: FlagshipOptions) -> tuple[IntArray, Mask]:
    """The places with those of `rows` moved up, and which moved, by candidate, shape (n,)."""
    moved = np.zeros(len(scored.rows), np.bool_)
    if not len(rows):
        return places, moved
    own = np.isin(scored.rows, rows)
    stays = own | ~scored.looked_at | np.isin(scored.rows, list(scored.effects))
    order: list[int] = []
    for place in places.tolist():
        at, least = len(order), len(order) - options.places
        bar = scored.relevance[place] + options.equal
        while own[place] and at > max(least, 0) and not stays[order[at - 1]] and scored.relevance[order[at - 1]] <= bar:
            at -= 1
        moved[place] = at < len(order)
        order.insert(at, place)
    return np.array(order, np.int64), moved


def _asked(plan: Plan) -> frozenset[str]:
    """The names of the brand that is asked for; none where something else is."""
    if plan.intent is None or plan.intent.kind is not IntentKind.BRAND:
        return frozenset()
    brands = (entity.value for entity in plan.entities if entity.kind is Kind.BRAND)
    return frozenset(name for brand in brands for name in brand_names(brand))

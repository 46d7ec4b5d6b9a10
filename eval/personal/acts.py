"""How much a shopper had done before a query: what tells warm from cold."""

from __future__ import annotations

from collections.abc import Iterable

from eval.personal.types import ShopperQuery
from retrieval.interest.event import EventType
from retrieval.interest.store import EventStore

_NO_ACT = frozenset({EventType.IMPRESSION, EventType.SEARCH})


def acts_before(store: EventStore, queries: Iterable[ShopperQuery]) -> dict[str, int]:
    """qid → events of the shopper before the query, but for what was only shown, or searched.

    Raises:
        StorageError: the store cannot be read.
    """
    return {
        query.qid: sum(
            event.type not in _NO_ACT for event in store.of_user(query.user_id, query.session_id, until=query.ts)
        )
        for query in queries
    }

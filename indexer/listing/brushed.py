"""Orders that look bought: many of one thing in a short time, by few shoppers, or by ones that did nothing else.

Of the orders of a product in the last days, with n orders by s shoppers of whom f ordered nothing else and looked at
nothing else, and b orders in the busiest day:

    few = s ≤ n / 4        new = f ≥ 0.8 · s        burst = b ≥ 0.8 · n

A product with at least so many orders is told of when they came in a burst and are of few or of new shoppers. A true
hit has a burst, too, but its shoppers look around.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retrieval.interest.event import EventType, ShopperEvent

_DAY = 86_400.0
_ORDERS_OF_ONE, _NEW, _BURST = 4, 0.8, 0.8
_REGARDED = frozenset({EventType.CLICK, EventType.VIEW, EventType.CART, EventType.ORDER})


@dataclass(frozen=True, slots=True)
class BrushingBounds:
    """`days` before the newest event are looked at; `orders`: with fewer of a product nothing is concluded, ≥ 1."""

    days: float = 7.0
    orders: int = 20


def brushed(events: Iterable[ShopperEvent], bounds: BrushingBounds, *, now: float) -> Mapping[str, str]:
    """Id of a product → why its orders look bought, in Chinese.

    Args:
        now: in seconds since 1970; only the last days before it count.
    """
    orders: dict[str, list[tuple[float, str]]] = defaultdict(list)
    regarded: dict[str, set[str]] = defaultdict(set)
    for event in events:
        who = event.user_id or event.session_id
        if event.type in _REGARDED and event.kind == "product" and len(regarded[who]) < 2:
            regarded[who].add(event.item_id)  # two are enough to know that there is another
        if event.type is EventType.ORDER and event.kind == "product" and now - bounds.days * _DAY <= event.ts <= now:
            orders[event.item_id].append((event.ts, who))
    told = {}
    for item, made in orders.items():
        if len(made) >= bounds.orders and (why := _suspicion(made, regarded)):
            told[item] = why
    return told


def _suspicion(orders: list[tuple[float, str]], regarded: Mapping[str, set[str]]) -> str | None:
    n, shoppers = len(orders), {who for _, who in orders}
    new = sum(len(regarded[who]) == 1 for who in shoppers)
    burst = _busiest([ts for ts, _ in orders])
    if burst < _BURST * n:
        return None
    if len(shoppers) * _ORDERS_OF_ONE <= n:
        most = Counter(who for _, who in orders).most_common(1)[0][1]
        return f"一天内 {burst} 单，只来自 {len(shoppers)} 人，最多一人 {most} 单"
    if new >= _NEW * len(shoppers):
        return f"一天内 {burst} 单，{len(shoppers)} 人里 {new} 人只看过这一件"
    return None


def _busiest(times: list[float]) -> int:
    """Most orders inside one day."""
    times, most, first = sorted(times), 0, 0
    for last, time in enumerate(times):
        while time - times[first] > _DAY:
            first += 1
        most = max(most, last - first + 1)
    return most

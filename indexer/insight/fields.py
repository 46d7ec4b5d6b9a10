"""The by-field report: what search, mall, videos and livestreams each bring, and the ways between them.

One pass over the events in order of time. An order counts for the field that it was made in; where its event does not
say, for the last that led the shopper to the thing. Refunds count for the field of the order. Money is pieces × the
price of today: events carry none. *Quality* money is that of orders that were not given back, of offers of at least
`least_quality`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from indexer.insight.field import Field
from indexer.insight.goods import Goods, goods_of
from indexer.insight.touches import WINDOW_S, Touches
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.store import EventStore
from retrieval.protocols import IndexReader

DAY_S = 86_400.0
_CHINA = timezone(timedelta(hours=8))
_MONEY = (EventType.ORDER, EventType.REFUND)
_COUNTED = {
    EventType.IMPRESSION: "impressions", EventType.CLICK: "clicks", EventType.VIEW: "clicks",
    EventType.WATCH: "watches", EventType.CART: "carts", EventType.ORDER: "orders", EventType.REFUND: "refunds",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldRow:
    """What a field brought. Money is in yuan.

    Attributes:
        shoppers: distinct ones who did anything there.
        clicks: with views of a product's page.
        gmv: of all orders; refunded: of those given back; quality_gmv: see the module.
        unpriced: pieces of products without a price today; they are in no sum of money.
    """

    field: Field
    shoppers: int = 0
    impressions: int = 0
    clicks: int = 0
    watches: int = 0
    carts: int = 0
    orders: int = 0
    refunds: int = 0
    pieces: int = 0
    gmv: float = 0.0
    refunded: float = 0.0
    quality_gmv: float = 0.0
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """From one field to another.

    Attributes:
        moves: how often shoppers went over in a visit.
        orders: whose thing was first met in `origin`, and bought in `target`; gmv: of these, in yuan.
    """

    origin: Field
    target: Field
    moves: int
    orders: int
    gmv: float


@dataclass(frozen=True, slots=True)
class Report:
    """See above.

    Attributes:
        since, until: seconds since 1970.
        days: day in China (ISO) → field → money of its orders.
        ways: of all pairs between which there was something; an order that stayed where it began has both the same.
    """

    since: float
    until: float
    fields: tuple[FieldRow, ...]
    ways: tuple[Way, ...]
    days: Mapping[str, Mapping[str, float]]


@dataclass(slots=True)
class _Bought:
    """An order; `kept`: its pieces that were not given back; `counted`: it is of the days that are told."""

    item: str
    field: Field
    first: Field
    pieces: int
    kept: int
    ts: float
    counted: bool


class _Log:
    """Counts as events go by."""

    def __init__(self, since: float) -> None:
        self.counts: dict[Field, Counter[str]] = defaultdict(Counter)
        self.shoppers: dict[Field, set[str]] = defaultdict(set)
        self.touches = Touches()
        self.bought: dict[tuple[str, str], list[_Bought]] = defaultdict(list)
        self._since = since

    def add(self, event: ShopperEvent) -> None:
        shopper = f"u{event.user_id}" if event.user_id else f"s{event.session_id}"
        counted = event.ts >= self._since
        field, first = self.touches.add(shopper, event, counted=counted)
        orders = self.bought[shopper, event.item_id] if event.type in _MONEY else []
        if event.type is EventType.ORDER:
            orders.append(_Bought(event.item_id, field, first, event.quantity, event.quantity, event.ts, counted))
        if event.type is EventType.REFUND:
            field = self._back(orders, event.quantity) or field
        if counted:
            self.shoppers[field].add(shopper)
            if name := _COUNTED.get(event.type):
                self.counts[field][name] += 1

    @staticmethod
    def _back(orders: Sequence[_Bought], pieces: int) -> Field | None:
        """Takes pieces off the newest orders that have some; the field of the newest, None where there is no order."""
        for one in reversed(orders):
            gone = min(one.kept, pieces)
            one.kept, pieces = one.kept - gone, pieces - gone
        return orders[-1].field if orders else None


def by_field(
    store: EventStore, reader: Callable[[], IndexReader | None], *, now: float, days: int, least_quality: float
) -> Report:
    """The report of the last `days` days. Raises StorageError.

    Args:
        reader: of the products that are served, None where nothing is; asked after the events are read.
    """
    since = now - days * DAY_S
    log = _Log(since)
    for event in store.scan(since=since - WINDOW_S, until=now):
        log.add(event)
    bought = [one for orders in log.bought.values() for one in orders if one.counted]
    goods = goods_of((one.item for one in bought), reader())
    rows = {field: FieldRow(field, len(log.shoppers[field]), **log.counts[field]) for field in Field}
    daily: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(map(str, Field), 0.0))
    orders, money = Counter[tuple[Field, Field]](), defaultdict[tuple[Field, Field], float](float)
    for one in bought:
        what = goods.get(one.item)
        worth = (what.price or 0.0) * one.pieces if what else 0.0
        rows[one.field] = _with(rows[one.field], one, what, least_quality)
        orders[one.first, one.field] += 1
        money[one.first, one.field] += worth
        daily[_day(one.ts)][one.field] += worth
    moves, places = log.touches.moves, [*Field]
    pairs = sorted({*moves, *orders}, key=lambda pair: (places.index(pair[0]), places.index(pair[1])))
    ways = tuple(Way(*pair, moves[pair], orders[pair], round(money[pair], 2)) for pair in pairs)
    told = {day: {name: round(value, 2) for name, value in daily[day].items()} for day in sorted(daily)}
    return Report(since, now, tuple(map(_rounded, rows.values())), ways, told)


def _with(row: FieldRow, one: _Bought, what: Goods | None, least: float) -> FieldRow:
    """A row with one order more."""
    price = what.price if what else None
    if what is None or price is None:
        return replace(row, pieces=row.pieces + one.pieces, unpriced=row.unpriced + one.pieces)
    worth, kept = price * one.pieces, price * one.kept
    good = kept if what.quality >= least else 0.0
    return replace(
        row, pieces=row.pieces + one.pieces, gmv=row.gmv + worth, refunded=row.refunded + worth - kept,
        quality_gmv=row.quality_gmv + good,
    )  # fmt: skip


def _rounded(row: FieldRow) -> FieldRow:
    return replace(row, **{name: round(getattr(row, name), 2) for name in ("gmv", "refunded", "quality_gmv")})


def _day(ts: float) -> str:
    return datetime.fromtimestamp(ts, UTC).astimezone(_CHINA).date().isoformat()

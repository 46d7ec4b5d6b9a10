"""What the routes and commands about livestreams share: how a change is read, taken and shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from api.live_schema import StateBody
from api.validation import to_invalid_request
from indexer.sources.scalars import to_id
from retrieval.errors import InvalidRequest, NotFound
from retrieval.live.state import Change, Room, State, clock
from retrieval.live.store import LiveStore


@dataclass(frozen=True, slots=True)
class Livestreams:
    """One store and how it is used.

    Attributes:
        ahead: seconds that a change may lie ahead of our clock.
        withheld: ids of livestreams that nobody is shown; their senders are answered all the same.
        sold: whether a product may be named as what is on a screen.
        now: seconds since 1970.
    """

    store: LiveStore
    ahead: float
    withheld: Callable[[], Collection[str]] = frozenset
    sold: Callable[[str], bool] = lambda _: True
    now: Callable[[], float] = time.time

    def put(self, id: str, body: StateBody) -> dict[str, Any]:
        """The room after a change, and whether that changed it; durable when it returns.

        Raises:
            InvalidRequest: the change makes no sense by itself.
            StateConflict: it is late, or impossible.
            StorageError, NotReady: it cannot be kept.
        """
        now = self.now()
        put = self.store.put(_checked(id), change_of(body, now, self.ahead))
        return {**self._shown(put.room, now), "changed": put.changed}

    def room(self, id: str) -> dict[str, Any]:
        """A room. Raises InvalidRequest, NotFound, StorageError, NotReady."""
        room = self.store.room(_checked(id))
        if room is None or id in self.withheld():
            hint = "GET /v1/live lists those on air; a state makes one."
            raise NotFound(f"Nobody has heard of the livestream {id[:80]}.", field="id", hint=hint)
        return self._shown(room, self.now())

    def on_air(self) -> list[dict[str, Any]]:
        """The rooms on air, by id. Raises StorageError, NotReady."""
        now, withheld = self.now(), self.withheld()
        return [self._shown(room, now) for room in self.store.on_air(now) if room.id not in withheld]

    def _shown(self, room: Room, now: float) -> dict[str, Any]:
        room = room.at(now, self.store.heartbeat)
        screen = room.screen if room.screen and self.sold(room.screen.product_id) else None
        return {
            "id": room.id, "state": room.state.value, "lapsed": room.lapsed, "since": room.since, "ts": room.ts,
            "product": asdict(screen) if screen else None,
        }  # fmt: skip


def body_of(fields: Mapping[str, object]) -> StateBody:
    """A body of these fields. Raises InvalidRequest."""
    try:
        return StateBody.model_validate(dict(fields))
    except ValidationError as errors:
        found = [{**each, "loc": ("body", *each["loc"])} for each in errors.errors()]
        raise to_invalid_request(found, body=StateBody) from None


def change_of(body: StateBody, now: float, ahead: float) -> Change:
    """The change that a body asks for. Raises InvalidRequest."""
    ts = body.ts.timestamp()
    if ts > now + ahead:
        message = f"ts: {clock(ts)} lies {ts - now:,.0f} seconds ahead of the clock of this service."
        raise InvalidRequest(message, field="ts", hint=f"At most {ahead:g} seconds are taken; set the sender's clock.")
    if body.product_id and body.state is not State.ON_AIR:
        hint = "Send a product with on_air, or leave it out."
        raise InvalidRequest(f"product_id: a room that is {body.state} shows none.", field="product_id", hint=hint)
    if body.price is not None and not body.product_id:
        hint = "Send the product_id whose price it is."
        raise InvalidRequest("price: there is no product that it belongs to.", field="price", hint=hint)
    return Change(
        body.state, ts, body.product_id or "", None if body.price is None else float(body.price),
        cleared="product_id" in body.model_fields_set and not body.product_id,
    )  # fmt: skip


def _checked(id: str) -> str:
    try:
        checked = to_id(id)
    except PydanticCustomError as why:
        raise InvalidRequest(f"id: {why.message()}.", field="id", hint="Send the id of the livestream.") from None
    if not checked:
        raise InvalidRequest("id: is empty.", field="id", hint="Send the id of the livestream.")
    return checked

"""What is sent and answered about livestreams; tests read real answers with it."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from api.understood_schema import Shape
from indexer.sources.scalars import Id, Money, Time, to_choice
from retrieval.live.state import State

StateName = Annotated[State, BeforeValidator(partial(to_choice, allowed=tuple(State)))]
When = Annotated[
    Time, WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "format": "date-time"}]}),
]  # fmt: skip


class StateBody(BaseModel):
    """What a room is now. On air again with a newer `ts` is its heartbeat, and keeps the product on the screen."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"state": "on_air", "ts": 1714521600},
                {"state": "on_air", "ts": "2024-05-01T08:03:20+08:00", "product_id": "p1", "price": 89.9},
                {"state": "off_air", "ts": 1714525200.5},
            ]
        },
    )

    state: StateName
    ts: When = Field(description="When it happened: seconds since 1970, or ISO 8601 (UTC without an offset).")
    product_id: Id | None = Field(
        None, description="The product on the screen; left out, the one that is there stays; null, nothing is shown."
    )
    price: Money | None = Field(None, description="Yuan, as it is said for this product.")


class ScreenAnswer(Shape):
    """What is on a screen, since when, and the price in yuan that is said, null where none is."""

    product_id: str
    since: float
    price: float | None


class RoomAnswer(Shape):
    """A room as it counts now; times in seconds since 1970.

    `lapsed`: it is off air for want of a heartbeat, nobody said so. `ts`: of the last change.
    """

    id: str
    state: State
    lapsed: bool
    since: float
    ts: float
    product: ScreenAnswer | None


class OneRoomAnswer(RoomAnswer):
    """One room."""

    request_id: str


class StateAnswer(OneRoomAnswer):
    """The room after a change; `changed`: False where the same change was taken before."""

    changed: bool


class RoomsAnswer(Shape):
    """The rooms on air, by id; `accepts_states`: this service takes states."""

    rooms: list[RoomAnswer]
    accepts_states: bool
    request_id: str

"""What is asked and answered about fields and queries that lead to nothing; tests read real answers with it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.understood_schema import CauseAnswer, Shape

FieldName = Literal["search", "mall", "video", "live", "other"]


class _Params(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FieldParams(_Params):
    """How far back."""

    days: int = Field(28, ge=1, le=366)


class UnansweredParams(_Params):
    """Which queries: asked by so many distinct shoppers, of whom at most this share chose something."""

    days: int = Field(7, ge=1, le=366)
    least: int = Field(2, ge=2, le=1_000)
    share: float = Field(0.1, ge=0, le=1)
    most: int = Field(50, ge=1, le=300)


class FieldRowAnswer(Shape):
    """What a field brought (docs/desk.md); money in yuan at the prices of today."""

    field: FieldName
    shoppers: int
    impressions: int
    clicks: int
    watches: int
    carts: int
    orders: int
    refunds: int
    pieces: int
    gmv: float
    refunded: float
    quality_gmv: float
    unpriced: int


class WayAnswer(Shape):
    """From one field to another: moves in a visit, and orders first met in `origin` and made in `target`."""

    origin: FieldName
    target: FieldName
    moves: int
    orders: int
    gmv: float


class FieldsAnswer(Shape):
    """All fields, the ways between them, and money by day in China."""

    since: float
    until: float
    fields: list[FieldRowAnswer]
    ways: list[WayAnswer]
    days: dict[str, dict[FieldName, float]]
    request_id: str


class UnansweredAnswer(Shape):
    """A query that leads to nothing: how many wanted it, what it finds now, and what the autopsy says."""

    query: str
    why: Literal["nothing", "unopened"]
    searches: int
    shoppers: int
    chose: int
    total: int
    near: int
    causes: list[CauseAnswer]
    suggestions: list[str]
    corrected: str | None


class UnansweredListAnswer(Shape):
    """Those that most shoppers wanted first."""

    queries: list[UnansweredAnswer]
    request_id: str

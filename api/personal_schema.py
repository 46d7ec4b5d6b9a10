"""The shape of what an answer says about the shopper who asks; see `api.answer_schema`."""

from __future__ import annotations

from pydantic import Field

from api.understood_schema import Shape
from retrieval.answer import WhyNeutral


class InterestPart(Shape):
    """What one interest of the shopper adds; `dimension` is category, brand, word, price, audience, shop or item."""

    dimension: str
    value: str
    contribution: float


class PersonalParts(Shape):
    """What the shopper's interests say of a hit; `score` is the sum of the contributions."""

    score: float
    interests: list[InterestPart]


class CarriedInterest(Shape):
    """What was taken along, in words of records."""

    dimension: str
    value: str


class CarriedFrom(Shape):
    """Where it was seen: feed, video, or the kind that the request named, and the item."""

    kind: str
    id: str


class CarriedAnswer(Shape):
    """An interest that was taken along from what was looked at before; `expires` in seconds since 1970."""

    interest: CarriedInterest
    weight: float
    from_: CarriedFrom = Field(alias="from")
    expires: float


class PersonalAnswer(Shape):
    """What who asks had to do with the order. No hit stands more than `shift` places from its `neutral_rank`."""

    applied: bool
    why_not: WhyNeutral | None = Field(description="Why the list is in everybody's order; null where it is not.")
    strength: float | None = Field(description="How much of the choice the words have made, 0 to 1.")
    shift: int
    carry_over: list[CarriedAnswer]

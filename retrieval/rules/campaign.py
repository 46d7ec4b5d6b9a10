"""A campaign: goods under a name, for a time, in an order, with a label, and the occasions that a query may mean.

It says and shows, and moves nothing: a search that means its occasion tells so and marks what belongs to it, and hides
nothing that does not; one that says nothing else has its goods.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from retrieval.rules.products import STRICT, Name, Products, Queries, Text, listed


class Order(StrEnum):
    """In which order its goods stand."""

    SALES = "sales"
    NEWEST = "newest"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    QUALITY = "quality"
    IDS = "ids"
    """As they are named; what is not named comes behind."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign.

    Attributes:
        label: what stands at its goods.
        products: its goods: those that one of these means; as read, sets are written out as ids.
        start, until: when it runs, ``[start, until)``, with a time zone; None is open. Files write ``from``.
        words: occasions; a query that holds one of them as whole words means this campaign.
        segment: ``new``: shown to shoppers of whom nothing is known (`retrieval.rules.segments`); "": to all.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    id: Name
    name: Text
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
    products: Annotated[tuple[Products, ...], BeforeValidator(listed), Field(min_length=1, max_length=100)]
    enabled: bool = True
    start: Annotated[datetime | None, Field(alias="from")] = None
    until: datetime | None = None
    words: Queries = ()
    order: Order = Order.SALES
    segment: Literal["", "new"] = ""

    def runs_at(self, now: float) -> bool:
        """Whether it is on at this time, in seconds since 1970."""
        return self.enabled and between(self.start, self.until, now)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A running campaign that a query means; `version`, `position`: of the edition that it stands in."""

    version: int
    position: int
    campaign: Campaign

    @property
    def mark(self) -> tuple[int, str]:
        """What tells it apart from others, where an answer that says it is kept."""
        return self.position, self.campaign.id


def between(start: datetime | None, until: datetime | None, now: float) -> bool:
    """Whether a time, in seconds since 1970, is in ``[start, until)``; None is open."""
    return (start is None or start.timestamp() <= now) and (until is None or now < until.timestamp())

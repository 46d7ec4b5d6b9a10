"""The record types: a product, a video and an event, as they come from a file, checked field by field.

A missing value (null, "", white space, a list or object with nothing else in it) stays missing: the field keeps its
default and is not invented. Unknown fields are kept as they came. docs/input.md says the same to those who write files.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from indexer.sources.composites import Attributes, Category, Names, Stats
from indexer.sources.recognised import as_segment, check_speed, with_segments
from indexer.sources.scalars import Amount, Count, Id, Money, Rate, Rating, Seconds, Text, Time, to_choice

STATUSES = ("on", "off", "banned")
VIDEO_KINDS = ("video", "live")

Status = Annotated[Literal["on", "off", "banned"], BeforeValidator(partial(to_choice, allowed=STATUSES))]
VideoKind = Annotated[Literal["video", "live"], BeforeValidator(partial(to_choice, allowed=VIDEO_KINDS))]


class Record(BaseModel):
    """Base of all records: immutable, unknown fields kept, missing values dropped before anything is checked."""

    model_config = ConfigDict(frozen=True, extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _drop_missing(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if _is_present(value)}

    def source(self) -> dict[str, Any]:
        """Everything that came, unknown fields too, in JSON types: prices are numbers, times are ISO 8601 in UTC.

        Missing values are absent. Reading the result again gives an equal record.
        """
        return self.model_dump(mode="json", exclude_unset=True)


def _is_present(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, list | tuple):
        return any(map(_is_present, value))
    if isinstance(value, dict):
        return any(map(_is_present, value.values()))
    return value is not None


class IdentifiedRecord(Record):
    """A record that is the only one with its `id`."""

    id: Id


def _named(value: object) -> object:
    """A plain text stands for an object that has only this name."""
    return {"name": value} if isinstance(value, str) else value


def _check_order(start: float | None, end: float | None) -> None:
    if start is not None and end is not None and end < start:
        raise PydanticCustomError("out_of_range", "must not end before it starts")


def _by_time(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """In order of time, or as they came where one does not say when it begins."""
    check_speed(
        (each.end - each.start, len(each.text)) for each in segments if each.start is not None and each.end is not None
    )
    if any(each.start is None for each in segments):
        return segments
    return tuple(sorted(segments, key=lambda each: (each.start, each.end or each.start)))


def _shown(value: object) -> object:
    """An id alone stands for a product that is for sale under the video, without times."""
    return {"product_id": value} if isinstance(value, str | int) else value


class Shop(Record):
    """Who sells: every field may be missing; `score` ≥ 0 on whatever scale the source uses."""

    id: Id | None = None
    name: Text | None = None
    kind: Text | None = None
    score: Amount | None = None


class Product(IdentifiedRecord):
    """One thing for sale. Only `id` and `title` are required.

    Prices are yuan with two decimals; `rating` is in [0, 5], the rates in [0, 1]; counts are ≥ 0. `category` runs
    from the root to the leaf. `spu_id` groups the offers of one product.
    """

    title: Text
    description: Text | None = None
    brand: Text | None = None
    category: Category = ()
    attributes: Attributes = Field(default_factory=dict)
    price: Money | None = None
    list_price: Money | None = None
    stock: Count | None = None
    shop: Annotated[Shop, BeforeValidator(_named)] | None = None
    sales_30d: Count | None = None
    rating: Rating | None = None
    reviews: Count | None = None
    return_rate: Rate | None = None
    complaint_rate: Rate | None = None
    fulfilment_rate: Rate | None = None
    services: Names = ()
    labels: Names = ()
    spu_id: Id | None = None
    images: Names = ()
    created_at: Time | None = None
    status: Status = "on"


class Creator(Record):
    """Who made a video."""

    id: Id | None = None
    name: Text | None = None


class Segment(Record):
    """Something said between two times of a video, in seconds from its beginning: 0 ≤ start ≤ end.

    The times are None where the recogniser gave none. `confidence` is the recogniser's own, in [0, 1].
    """

    start: Seconds | None = None
    end: Seconds | None = None
    text: Text = ""
    confidence: Rate | None = None

    @model_validator(mode="before")
    @classmethod
    def _drop_missing(cls, given: Any) -> Any:
        found = as_segment(given)
        if not isinstance(found, dict):
            return found
        # An empty text stays: it is there.
        return {name: value for name, value in found.items() if name == "text" or _is_present(value)}

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _check_order(self.start, self.end)
        return self


class ShownProduct(Record):
    """A product of a video: shown in that range, or without times in its basket: for sale under it."""

    product_id: Id
    start: Seconds | None = None
    end: Seconds | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _check_order(self.start, self.end)
        return self


class Video(IdentifiedRecord):
    """A short video or a live stream. `id` is required.

    `segments` is what is said, in order of time; where one of them has no time, in the order of the file. `screen` is
    what can be read on the screen.
    """

    title: Text = ""
    creator: Annotated[Creator, BeforeValidator(_named)] | None = None
    kind: VideoKind = "video"
    segments: Annotated[tuple[Segment, ...], AfterValidator(_by_time)] = ()
    screen: Names = ()
    products: tuple[Annotated[ShownProduct, BeforeValidator(_shown)], ...] = ()
    published_at: Time | None = None
    stats: Stats = Field(default_factory=dict)
    status: Status = "on"

    @model_validator(mode="before")
    @classmethod
    def _recognised(cls, given: Any) -> Any:
        return with_segments(given) if isinstance(given, dict) else given


class Event(Record):
    """One thing a person did: what (`type`), when (`ts`), to what (`item_id`, `kind`) and from where.

    `query` and `position` (0 is the first) say after which search, `watch_s` for how many seconds, `quantity` how
    many pieces, `surface` on which page; `policy` and `propensity` what decided that it was shown there, and with
    which probability. `ts` and `type` are required; without an `id` the content tells one from another.
    """

    id: Id | None = None
    ts: Time
    type: Text
    user_id: Id | None = None
    session_id: Id | None = None
    item_id: Id | None = None
    kind: Text | None = None
    query: Text | None = None
    position: Count | None = None
    surface: Text | None = None
    watch_s: Seconds | None = None
    quantity: Count | None = None
    policy: Text | None = None
    propensity: Rate | None = None

"""What is asked of the mall and what it answers, for checking requests and for the OpenAPI description."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.answer_schema import RecordAnswer
from api.schemas import Cursor, Name, Size, Text
from api.understood_schema import Shape


class FeedParams(BaseModel):
    """The URL parameters of GET /v1/mall/feed."""

    model_config = ConfigDict(extra="forbid")

    user_id: Name = Field(default="", description="Who asks. A cursor of a personal feed goes on only with the same.")
    session_id: Name = ""
    category: Name = Field(default="", description="A path from the root, such as 女装/连衣裙; none: the whole mall.")
    cursor: Cursor | None = Field(default=None, description="next_cursor of the page before; then category rests.")
    size: Size | None = None
    personalize: bool = Field(default=True, description="False reads nothing of the shopper; it is everybody's feed.")


class SizeParams(BaseModel):
    """The URL parameters of GET /v1/products/{id}/similar and /also."""

    model_config = ConfigDict(extra="forbid")

    size: Size | None = None


class RelatedParams(BaseModel):
    """The URL parameters of GET /v1/queries/related."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[Text, AfterValidator(str.strip)] = Field(default="", description="As typed.", examples=["保温杯"])
    size: Size | None = None


class ShownAnswer(RecordAnswer):
    """One thing that is recommended."""

    id: str
    kind: str = Field(examples=["product"])
    rank: int
    score: float
    source: Literal[
        "interest",
        "viewed_together",
        "bought_together",
        "repurchase",
        "explored",
        "popular",
        "fresh",
        "similar",
        "campaign",
    ]
    because: str | None = Field(examples=["因为你常看 露营装备"], description="Why it is shown to you.")
    policy: str = Field(description="To be sent with the events that are made of it, as propensity.")
    propensity: float


class FeedPersonal(Shape):
    """Whether it is the shopper's own feed, or why it is everybody's."""

    applied: bool
    why_not: Literal["off", "unavailable", "nobody", "no_consent", "frozen", "cold"] | None


class FeedAnswerShape(Shape):
    """One page of a feed."""

    hits: list[ShownAnswer]
    category: str | None
    personal: FeedPersonal
    next_cursor: str | None
    generation: str
    took_ms: float
    request_id: str


class FoundAnswer(Shape):
    """Things that go with a thing; `by` says how they were found."""

    hits: list[ShownAnswer]
    by: Literal["events", "meaning", "words"]


class SimilarAnswerShape(FoundAnswer):
    """Things like a thing."""

    id: str
    generation: str
    took_ms: float
    request_id: str


class AlsoAnswerShape(Shape):
    """What shoppers looked at, and bought, together with a thing; where that is not known, what is like it."""

    id: str
    viewed: FoundAnswer
    bought: FoundAnswer
    generation: str
    took_ms: float
    request_id: str


class RelatedQueryAnswer(Shape):
    """One query; `source`: of the same visits, of the same clicked things, or of the query log by its words."""

    query: str
    source: Literal["same_visit", "same_things", "query_log"]
    score: float


class RelatedAnswerShape(Shape):
    """Queries that go with a query, the best first."""

    query: str
    related: list[RelatedQueryAnswer]
    generation: str
    took_ms: float
    request_id: str

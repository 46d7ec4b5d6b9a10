"""What is asked of suggestions and what they answer, for checking requests and for the OpenAPI description."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import Name, Size, Text
from api.understood_schema import Shape


class ShadeParams(BaseModel):
    """The URL parameters of GET /v1/suggest/shade."""

    model_config = ConfigDict(extra="forbid")

    user_id: Name = Field(default="", description="Who is there: own queries and interests count.")
    session_id: Name = ""
    size: Size | None = None
    personalize: bool = Field(default=True, description="False reads nothing of the shopper.")


class SuggestParams(ShadeParams):
    """The URL parameters of GET /v1/suggest."""

    q: Text = Field(
        default="", description="What is in the search box: characters, pinyin, initials.", examples=["bao温"]
    )


class SuggestionAnswer(Shape):
    """One line of the list."""

    text: str = Field(description="To be read.")
    query: str = Field(description="What is searched where it is taken; with `category` or `shop` as a filter.")
    category: list[str] | None = Field(examples=[["女装", "连衣裙"]])
    shop: str | None
    kind: Literal["category", "brand", "product", "shop", "query"]
    own: bool = Field(description="Whether this shopper asked it before.")
    score: float


class SuggestAnswerShape(Shape):
    """Completions, the best first."""

    q: str
    suggestions: list[SuggestionAnswer]
    generation: str
    took_ms: float
    request_id: str


class HotQueryAnswer(Shape):
    """One query; `score`: standard deviations above what is usual for it."""

    query: str
    trend: Literal["new", "up", "steady"]
    score: float


class HotAnswerShape(Shape):
    """What many ask now, the hottest first."""

    hot: list[HotQueryAnswer]
    generation: str
    took_ms: float
    request_id: str


class ShadeWordAnswer(Shape):
    """One word; `of`: the own query, or the interest, that it comes from."""

    query: str
    because: Literal["related", "interest", "hot"]
    of: str | None


class ShadeAnswerShape(Shape):
    """What may stand in the empty box, the likeliest first."""

    words: list[ShadeWordAnswer]
    generation: str
    took_ms: float
    request_id: str

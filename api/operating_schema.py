"""What is sent and answered about generations and listings; tests read real answers with it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.understood_schema import Shape

DecisionName = Literal["block", "demote", "flag"]
Note = Annotated[str, StringConstraints(max_length=500)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ServeBody(_Body):
    """Which generation is to be served; `expected`: the one that is served as far as the caller knows."""

    generation: str = Field(min_length=1, max_length=100)
    expected: str | None = Field(None, max_length=100)
    note: Note = ""


class ForcedAnswer(Shape):
    """Who published a generation that was not fit, when, and why."""

    by: str
    at: str
    why: str


class GenerationAnswer(Shape):
    """A generation; one that was refused is gone, and only what the checks found is left of it."""

    generation: str
    serving: bool
    refused: bool
    created_at: str | None
    documents: dict[str, int]
    encoder: str | None
    bytes: int
    against: str | None
    passed: list[str]
    failed: dict[str, list[str]]
    seconds: dict[str, float]
    forced: ForcedAnswer | None


class SwitchAnswer(Shape):
    """Somebody had a generation served; `was`: the one before."""

    generation: str
    was: str | None
    by: str
    at: float
    note: str


class GenerationsAnswer(Shape):
    """All of them, and who switched, the newest first."""

    generations: list[GenerationAnswer]
    switches: list[SwitchAnswer]
    request_id: str


class ServedAnswer(Shape):
    """What is served from now on."""

    switch: SwitchAnswer
    request_id: str


class QueueParams(_Body):
    """Which listings: `state` open: nobody decided about them."""

    rule: str = Field("", max_length=64)
    decision: DecisionName | None = None
    state: Literal["open", "looked", "all"] = "open"
    most: int = Field(50, ge=1, le=1_000)


class VerdictBody(_Body):
    """What was decided about a listing."""

    id: str = Field(min_length=1, max_length=256)
    verdict: Literal["right", "wrong"]
    note: Note = ""


class FindingAnswer(Shape):
    """What a rule found; `matched`: the words, "" where it is about numbers."""

    rule: str
    decision: DecisionName
    matched: str
    message: str


class LookedAnswer(Shape):
    """What was decided, by whom, when."""

    verdict: Literal["right", "wrong"]
    by: str
    at: float
    note: str


class ListingAnswer(Shape):
    """A product with findings, the strictest decision, and what was decided about it."""

    id: str
    title: str
    decision: DecisionName
    findings: list[FindingAnswer]
    looked: LookedAnswer | None


class QueueAnswer(Shape):
    """Some of the queue; `total`: of those asked for; `open`: of all, those that nobody looked at."""

    generation: str
    listings: list[ListingAnswer]
    total: int
    open: int
    rules: dict[str, int]
    request_id: str


class VerdictAnswer(Shape):
    """The listing with the decision."""

    listing: ListingAnswer
    request_id: str

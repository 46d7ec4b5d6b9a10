"""What is sent and answered about merchandising rules."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from api.understood_schema import Shape

Rules = Annotated[
    dict[str, Any] | str, Field(description="A set of rules (docs/rules.md): the object, or the text of a YAML file.")
]
Note = Annotated[str, StringConstraints(max_length=500)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RulesBody(_Body):
    """What is to be checked or published."""

    rules: Rules
    note: Note = ""


class PreviewBody(_Body):
    """What is to be looked at: `queries`, or those that the rules speak of; `at`: as if it were then."""

    rules: Rules
    queries: list[Annotated[str, StringConstraints(max_length=1000)]] = []
    at: AwareDatetime | None = None


class RollbackBody(_Body):
    """Which version is to be in force again; 0: no rules."""

    version: int = Field(ge=0, le=1_000_000_000)
    note: Note = ""


class ProblemAnswer(Shape):
    """What is wrong with a rule, and what to do; `fatal`: it cannot be published so."""

    rule: str
    field: str
    message: str
    hint: str
    fatal: bool


class CheckedAnswer(Shape):
    """How many rules can be read, and all that is wrong."""

    rules: int
    publishable: bool
    problems: list[ProblemAnswer]
    request_id: str


class MovedAnswer(Shape):
    """A product of the first hits; null: not among them."""

    id: str
    title: str
    before: int | None
    after: int | None


class SideAnswer(Shape):
    """What a query gives under one set of rules."""

    held: list[str]
    total: int
    hits: list[str]
    rewritten: str | None
    redirect: str | None
    banners: list[str]
    campaign: str | None


class CampaignPreviewAnswer(Shape):
    """A campaign of those that were sent: whether it runs then, and how many of its goods are in stock."""

    id: str
    runs: bool
    total: int


class QueryPreviewAnswer(Shape):
    """A query under the rules in force, and under those that were sent."""

    query: str
    before: SideAnswer
    after: SideAnswer
    moved: list[MovedAnswer]


class RulesPreviewAnswer(Shape):
    """All queries; `silent`: rules that held for none of them."""

    queries: list[QueryPreviewAnswer]
    silent: list[str]
    campaigns: list[CampaignPreviewAnswer]
    seconds: float
    problems: list[ProblemAnswer]
    request_id: str


class RuleVersionAnswer(Shape):
    """A version, and who published it; `restored`: the older one that it repeats."""

    number: int
    at: datetime
    by: str
    note: str
    restored: int | None
    rules: int


class RuleSetAnswer(Shape):
    """A version with its rules; its number is the entity tag. Version 0 has none."""

    version: RuleVersionAnswer | None
    document: dict[str, Any]
    text: str = Field(description="The same as a YAML file says it.")
    problems: list[ProblemAnswer]
    request_id: str


class RuleHistoryAnswer(Shape):
    """All versions, oldest first."""

    versions: list[RuleVersionAnswer]
    request_id: str

"""What is sent and answered about take-downs; tests read real answers with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from api.live_schema import When
from api.understood_schema import Shape
from api.validation import to_invalid_request
from indexer.sources.scalars import to_choice
from retrieval.errors import InvalidRequest
from retrieval.takedowns.desk import MAX_NOTE_CHARS, MAX_VALUE_CHARS
from retrieval.takedowns.takedown import Kind, Reason, TakeDown

MOST = 500
"""Take-downs of one call."""

KindName = Annotated[Kind, BeforeValidator(partial(to_choice, allowed=tuple(Kind)))]
ReasonName = Annotated[Reason, BeforeValidator(partial(to_choice, allowed=tuple(Reason)))]


class TakeDownBody(BaseModel):
    """One take-down."""

    model_config = ConfigDict(extra="forbid")

    kind: KindName
    value: str = Field(
        min_length=1, max_length=MAX_VALUE_CHARS, description="An id; of a brand, a query or a word its text."
    )
    reason: ReasonName = Reason.OTHER
    note: str = Field("", max_length=MAX_NOTE_CHARS, description="In the operator's words; no shopper sees it.")
    until: When | None = Field(None, description="When it expires by itself; null: never.")
    show_notice: bool = Field(True, description="Whether an empty answer may say that a rule is the reason.")

    def takedown(self) -> TakeDown:
        """As it is said."""
        until = None if self.until is None else self.until.timestamp()
        return TakeDown(self.kind, self.value, self.reason, self.note, until=until, show_notice=self.show_notice)


class TakeDownsBody(BaseModel):
    """One or several; all are kept, or none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"takedowns": [{"kind": "product", "value": "p1", "reason": "counterfeit", "note": "case 17"}]},
                {"takedowns": [{"kind": "word", "value": "减肥药", "until": "2026-12-31T00:00:00Z"}]},
            ]
        },
    )

    takedowns: list[TakeDownBody] = Field(min_length=1, max_length=MOST)


class TakeDownParams(BaseModel):
    """Which of those that stand are listed."""

    model_config = ConfigDict(extra="forbid")

    kind: KindName | None = None
    reason: ReasonName | None = None
    value: str = Field("", max_length=MAX_VALUE_CHARS, description="What the value must contain, in any form.")


class HistoryParams(BaseModel):
    """Of which target; left out, of all."""

    model_config = ConfigDict(extra="forbid")

    target: str = Field("", max_length=2 * MAX_VALUE_CHARS, description="kind:value, as they are listed.")
    limit: int = Field(100, ge=1, le=1_000, description="The newest so many.")


class RestoreBody(BaseModel):
    """What is taken back."""

    model_config = ConfigDict(extra="forbid")

    targets: list[str] = Field(min_length=1, max_length=MOST, description="kind:value, as they are listed.")
    note: str = Field("", max_length=MAX_NOTE_CHARS)


class StandingAnswer(Shape):
    """A take-down that stands; times in seconds since 1970."""

    target: str
    kind: Kind
    kind_name: str
    value: str
    reason: Reason
    reason_name: str
    note: str
    operator: str
    since: float
    until: float | None
    show_notice: bool
    position: int


class TakeDownsAnswer(Shape):
    """Those of a call, or all that stand, the newest first."""

    takedowns: list[StandingAnswer]
    request_id: str


class RestoredAnswer(Shape):
    """What stands no more."""

    restored: list[str]
    request_id: str


class SampleAnswer(Shape):
    """A document that would go."""

    id: str
    title: str


class EffectAnswer(Shape):
    """What one take-down would do: kind of documents → how many would go, and some of them."""

    target: str
    hits: dict[str, int]
    samples: dict[str, list[SampleAnswer]]
    stands: bool


class EffectsAnswer(Shape):
    """What they would do, each alone."""

    effects: list[EffectAnswer]
    request_id: str


class RecordAnswer(Shape):
    """An entry of the journal: who did what (``take_down``, ``restore``, ``expire``), when and why."""

    position: int
    action: str
    target: str
    operator: str
    at: float
    note: str
    reason: Reason | None
    until: float | None
    show_notice: bool | None


class HistoryAnswer(Shape):
    """The newest first."""

    entries: list[RecordAnswer]
    request_id: str


def takedown_of(fields: Mapping[str, object]) -> TakeDown:
    """A take-down of these fields. Raises InvalidRequest."""
    try:
        return TakeDownBody.model_validate(dict(fields)).takedown()
    except ValidationError as errors:
        found = [{**each, "loc": ("body", *each["loc"])} for each in errors.errors()]
        wrong = to_invalid_request(found, body=TakeDownBody)
        hint = "docs/takedowns.md says what each kind means"
        raise InvalidRequest(wrong.message, field=wrong.field, hint=hint) from None

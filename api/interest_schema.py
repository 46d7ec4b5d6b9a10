"""What is sent and answered about shoppers, for the OpenAPI description; tests read real answers with it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.understood_schema import Shape
from indexer.sources.records import Event

EVENTS_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["events"],
                    "additionalProperties": False,
                    "properties": {
                        "events": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["ts", "type"],
                                "properties": {name: {} for name in Event.model_fields},
                            },
                        }
                    },
                },
                "example": {
                    "events": [
                        {"id": "e1", "ts": 1714521600, "type": "click", "user_id": "u1", "session_id": "s1",
                         "item_id": "p1", "query": "连衣裙", "position": 3, "surface": "search"}
                    ]
                },
            }
        },
    }
}  # fmt: skip
CONSENT_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["consent"],
                    "additionalProperties": False,
                    "properties": {"consent": {"type": "boolean"}},
                }
            }
        },
    }
}
EXPORT: dict[int | str, dict[str, Any]] = {
    200: {"description": "JSON lines", "content": {"application/x-ndjson": {"schema": {"type": "string"}}}},
}


class RejectedEvent(Shape):
    """One event that is not kept; `index` counts from 0, `field` is null where the whole event is at fault."""

    index: int
    field: str | None
    reason: str


class EventsAnswer(Shape):
    """What became of the events of a call: accepted + duplicates + rejected are all of them."""

    accepted: int
    duplicates: int
    rejected: list[RejectedEvent]
    clamped: list[int] = Field(description="Indexes of events that lay in the future and count as of now.")
    request_id: str


class ChoicesAnswer(Shape):
    """What a shopper decided; `removed` says since when, in seconds since 1970."""

    user_id: str
    consent: bool
    removed: dict[str, float]
    pinned: list[str]
    request_id: str


class DeletedAnswer(Shape):
    """How many events were held."""

    user_id: str
    deleted: int
    request_id: str


class Decided(Shape):
    """As in `ChoicesAnswer`."""

    consent: bool
    removed: dict[str, float]
    pinned: list[str]


class ProfileAnswer(Shape):
    """What is believed that a shopper likes, {} where the shopper allows no profile, and what the shopper decided."""

    user_id: str
    profile: dict[str, Any]
    choices: Decided
    request_id: str

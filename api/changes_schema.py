"""What is sent and answered about changes of products, for the OpenAPI description; tests read real answers with it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.understood_schema import Shape

_CHANGE = {
    "type": "object",
    "required": ["id"],
    "properties": {"op": {"enum": ["upsert", "patch", "delete"]}, "id": {"type": "string"}},
}
_EXAMPLE = [
    {"op": "upsert", "id": "p1", "title": "红色连衣裙", "price": 199, "stock": 3},
    {"op": "patch", "id": "p2", "price": 12.5, "stock": 0},
    {"op": "delete", "id": "p3"},
]
BATCH_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "array", "items": _CHANGE}, "example": _EXAMPLE},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}
PATCH_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}, "example": {"price": 12.5, "stock": 0}}},
    }
}


class ChangeProblem(Shape):
    field: str | None
    reason: str = Field(description="As in docs/input.md, or not_found")
    message: str


class ChangeResult(Shape):
    id: str | None
    op: str | None
    status: Literal["applied", "rejected"]
    position: int | None = Field(description="Of its entry in the journal")
    error: ChangeProblem | None


class ChangesAnswer(Shape):
    applied: int
    rejected: int
    position: int = Field(description="Of the last entry; 0 where nothing was applied")
    results: list[ChangeResult] = Field(description="One for each change, in the order given")
    request_id: str


class ChangeAnswer(ChangeResult):
    request_id: str

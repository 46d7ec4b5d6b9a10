"""A question to the service, as a value: where it goes, what it says, and what an answer to it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One question.

    `path` is percent-encoded; `params` of the URL have values of text, `body` is JSON, None: there is none.
    `repeatable`: asked twice it does what it does once, so it may be sent again when nobody knows whether it arrived.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    answer: type[T]
    params: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True

    def after(self, cursor: str) -> Call[T]:
        """The same question, from the page on that `cursor` begins."""
        if self.body is None:
            return replace(self, params={**self.params, "cursor": cursor})
        return replace(self, body={**self.body, "cursor": cursor})

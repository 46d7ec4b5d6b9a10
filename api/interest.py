"""What the routes about shoppers share: the store of events, run in threads of its own beside those of searches."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import orjson

from api.errors import BodyTooLarge
from api.gate import Gate
from api.options import ApiOptions
from indexer.events.reading import NotKept, Read, read_event
from retrieval.deadline import Deadline
from retrieval.errors import InvalidRequest, NotReady
from retrieval.interest.store import EventStore, Refusal

T = TypeVar("T")
ProfileOf: TypeAlias = Callable[[str], Mapping[str, Any]]
"""User id → the profile as JSON values, in words and with evidence; {} for one of whom nothing is known."""

_FIELDS = {Refusal.NO_CONSENT: "user_id", Refusal.TOO_LATE: "ts"}


@dataclass(frozen=True, slots=True)
class Shoppers:
    """One store and how it is used.

    Attributes:
        profile: shows a profile; without one there is no route for it.
        now: seconds since 1970.
    """

    store: EventStore
    options: ApiOptions
    gate: Gate
    profile: ProfileOf | None = None
    now: Callable[[], float] = time.time

    async def run(self, work: Callable[[EventStore], T]) -> T:
        """What `work` makes of the store. Raises Overloaded, StorageError."""
        return await self.gate.run(lambda: work(self.store), Deadline.after_ms(self.options.request_timeout_ms))

    def shown(self, user_id: str) -> Mapping[str, Any] | None:
        """The profile, None where nobody can tell it: what is held can be had without a generation, too."""
        try:
            return self.profile(user_id) if self.profile else None
        except NotReady:
            return None

    def keep(self, body: bytes, check: Callable[[str], object] = bool) -> dict[str, Any]:
        """Keeps the events of a body, all or none; they are durable when it returns.

        Args:
            check: raises where the sender may not speak for this shopper.

        Raises:
            InvalidRequest, BodyTooLarge: it cannot be read.
        """
        now = self.now()
        read = [read_event(given, now) for given in events_of(body, self.options.max_batch)]
        for user in {each.event.user_id for each in read if isinstance(each, Read)}:
            check(user)
        added = self.store.add([each.event for each in read if isinstance(each, Read)])
        rejected = []
        for index, each in enumerate(read):
            if isinstance(each, NotKept):
                rejected.append({"index": index, "field": each.field or None, "reason": each.reason})
            elif refusal := added.refused.get(each.event.id):
                rejected.append({"index": index, "field": _FIELDS[refusal], "reason": refusal.value})
        return {
            "accepted": added.accepted,
            "duplicates": added.duplicates,
            "rejected": rejected,
            "clamped": [index for index, each in enumerate(read) if isinstance(each, Read) and each.clamped],
        }


def events_of(body: bytes, most: int) -> Sequence[object]:
    """The events of ``{"events": […]}``, unread: what is wrong inside one event is not wrong with the body.

    Raises:
        InvalidRequest: the body is something else.
        BodyTooLarge: there are more than `most`.
    """
    try:
        value = _json(body)
    except (ValueError, RecursionError):
        raise InvalidRequest("The body is no JSON.", field="body", hint="Send one JSON object in UTF-8.") from None
    if not isinstance(value, dict) or not isinstance(value.get("events"), list):
        raise InvalidRequest("events must be a list.", field="events", hint='Send {"events": [{…}, …]}.')
    if others := sorted(set(value) - {"events"}):
        message = f"There is no such field: {others[0][:80]!a}."
        raise InvalidRequest(message, field="body", hint='Send {"events": [{…}, …]}.')
    found: list[object] = value["events"]
    if len(found) > most:
        message = f"There are {len(found):,} events, at most {most:,} are taken at once."
        raise BodyTooLarge(message, field="events", hint="Send them in several calls.")
    return found


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # A NaN or half of a surrogate pair in one event must not sink the others: it is found when that event is read.
        return json.loads(body)

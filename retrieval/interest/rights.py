"""What a shopper may ask for: to see what is held, to say no, to take an interest away or confirm it, and to be gone.

The API and the command line both call these. A change of choices is a new version: it counts from the next search on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

import orjson

from retrieval.errors import InvalidRequest
from retrieval.interest.profile import Dimension
from retrieval.interest.store import Choices, EventStore

MAX_CHARS = 256
MAX_CHOICES = 1_000
"""Interests that one shopper may have removed or pinned."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def checked_user(user_id: str) -> str:
    """An id as events carry it. Raises InvalidRequest."""
    text = user_id.strip()
    if not 1 <= len(text) <= MAX_CHARS or _CONTROL.search(text):
        raise InvalidRequest(
            f"A user id has 1 to {MAX_CHARS} characters, none of them a control character.", field="id",
            hint="Use the user_id of the events.",
        )  # fmt: skip
    return text


def checked_interest(text: str) -> str:
    """``dimension:value``. Raises InvalidRequest."""
    dimension, _, value = text.strip().partition(":")
    if dimension not in set(Dimension) or not value.strip() or len(text) > MAX_CHARS or _CONTROL.search(text):
        raise InvalidRequest(
            "An interest is dimension:value.", field="interest",
            hint=f"As the profile shows it, e.g. category:女装/连衣裙; dimensions: {', '.join(Dimension)}.",
        )  # fmt: skip
    return f"{dimension}:{value.strip()}"


def give_consent(store: EventStore, user_id: str, given: bool) -> Choices:
    """Keeps whether a profile may be made and events kept; without consent nothing is deleted."""
    return _chosen(store, user_id, replace(store.choices(user_id), consent=given))


def remove_interest(store: EventStore, user_id: str, interest: str, now: float) -> Choices:
    """What was done before `now` does not count for this interest any more."""
    choices, name = store.choices(user_id), checked_interest(interest)
    removed = {**choices.removed, name: now}
    return _chosen(store, user_id, replace(choices, removed=removed, pinned=choices.pinned - {name}))


def pin_interest(store: EventStore, user_id: str, interest: str) -> Choices:
    """The shopper confirms an interest; one that was removed is back."""
    choices, name = store.choices(user_id), checked_interest(interest)
    removed = {key: since for key, since in choices.removed.items() if key != name}
    return _chosen(store, user_id, replace(choices, removed=removed, pinned=choices.pinned | {name}))


def shown(choices: Choices) -> dict[str, Any]:
    """Choices as JSON values."""
    return {
        "consent": choices.consent,
        "removed": dict(sorted(choices.removed.items())),
        "pinned": sorted(choices.pinned),
    }


def export(store: EventStore, user_id: str, profile: Mapping[str, Any] | None = None) -> Iterator[bytes]:
    """Everything that is held of a shopper, as lines of JSON: the choices, the profile, then each event.

    The events are lines as `docs/input.md` describes them, so they can be loaded again.
    """
    yield _line({"record": "choices", "user_id": user_id, **shown(store.choices(user_id))})
    if profile is not None:
        yield _line({"record": "profile", **profile})
    for event in store.held(user_id):
        fields = {name: value for name, value in asdict(event).items() if value not in ("", -1)}
        if not event.propensity:
            del fields["propensity"]
        yield _line({"record": "event", **fields})


def _chosen(store: EventStore, user_id: str, choices: Choices) -> Choices:
    if len(choices.removed) + len(choices.pinned) > MAX_CHOICES:
        raise InvalidRequest(
            f"At most {MAX_CHOICES:,} interests can be removed or pinned.", field="interest",
            hint="Withdraw consent instead: then none counts.",
        )  # fmt: skip
    store.choose(user_id, choices)
    return choices


def _line(value: Mapping[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)

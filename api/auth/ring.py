"""The keys as this process knows them: read anew as soon as the store has another version.

The store is asked for its version every `seconds`, beside the requests. What was read stays good for `BOUND_S`, however
busy the process: who comes later waits for a look. So a key that was revoked opens nothing after that time, and where
the store cannot be read nothing does.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from threading import Lock
from types import MappingProxyType

import anyio
from anyio import to_thread

from api.errors import Unauthorized
from retrieval.errors import XunhuoError
from retrieval.keys.key import TEXT, Key
from retrieval.keys.store import KeyStore

BOUND_S = 1.0
"""Longest time from a change of keys to its effect in every process."""
USED_S = 3600.0
"""How coarsely it is known when a key was used."""

log = logging.getLogger("xunhuo.keys")


class Keyring:
    """Safe between threads; `look` blocks, everything else is at once.

    Args:
        seconds: between two looks at the store.
        now: seconds since 1970; clock: seconds that never go back.
    """

    def __init__(
        self, store: KeyStore, *, seconds: float = 0.5, now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._store, self._seconds, self.now, self._clock = store, seconds, now, clock
        self._lock = Lock()
        self._version: str | None = None
        self._seen = -BOUND_S
        self._keys: Mapping[str, Key] = MappingProxyType({})
        self._used: dict[str, float] = {}
        self._noted: dict[str, float] = {}
        self._problem = ""

    @property
    def asked_for(self) -> bool:
        """Whether callers are asked for keys: there is one, or was."""
        return bool(self._keys)

    def allows(self, origin: str) -> bool:
        """Whether a page of this origin may use some key."""
        now = self.now()
        return any(origin in key.origins and key.holds(now) for key in self._keys.values())

    def key_of(self, text: str) -> Key:
        """The key that is told as `text`. Raises Unauthorized where it opens nothing."""
        now, shape = self.now(), TEXT.fullmatch(text)
        key = self._keys.get(shape[1]) if shape else None
        if key is None or not key.is_told(text, now):
            raise Unauthorized("There is no such key.", field="authorization", hint="Check it, or create another one.")
        if not key.holds(now):
            what = "was revoked" if key.revoked is not None else "has expired"
            hint = "Ask whoever runs the service for another."
            raise Unauthorized(f"The key {key.id} {what}.", field="authorization", hint=hint)
        if now - max(key.used or 0.0, self._noted.get(key.id, 0.0)) > USED_S:
            self._used[key.id] = self._noted[key.id] = now
        return key

    async def fresh(self) -> None:
        """Returns when what is known is good. Raises StorageError, NotReady."""
        if self._clock() - self._seen >= BOUND_S:
            await to_thread.run_sync(self.look)

    async def follow(self) -> None:
        """Looks until it is cancelled; what cannot be read now is read later."""
        while True:
            try:
                await to_thread.run_sync(self.look)
                self._problem = ""
            except XunhuoError as error:
                if error.message != self._problem:
                    log.warning("keys cannot be read: %s", error.message)
                self._problem = error.message
            await anyio.sleep(self._seconds)

    def look(self) -> None:
        """Reads what has changed. Raises StorageError, NotReady."""
        with self._lock:
            started = self._clock()
            # The version first: what is changed in between is read now, and once more at the next look.
            version = self._store.version()
            if version != self._version:
                self._keys = MappingProxyType({key.id: key for key in self._store.all()})
                self._version = version
            self._seen = started
            self._note_used()

    def close(self) -> None:
        """Closes the store."""
        self._store.close()

    def _note_used(self) -> None:
        used, self._used = self._used, {}
        if used:
            try:
                self._store.used(used)
            except XunhuoError as error:  # a full disk keeps nobody out
                log.warning("when keys were used is not noted: %s", error.message)

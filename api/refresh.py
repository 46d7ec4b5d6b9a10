"""Looks for a newly published generation and for edited dictionaries, next to the requests that are answered."""

from __future__ import annotations

import logging
from collections.abc import Callable

import anyio
from anyio import to_thread

from api.memory import settle
from api.protocols import SearchEngine
from retrieval.errors import XunhuoError

log = logging.getLogger("xunhuo.refresh")


class Refresher:
    """Asks the engine to refresh every `seconds`; a failure is kept for /readyz, and what serves goes on serving.

    `follow` takes over dictionaries that were edited; True when there were such.
    """

    def __init__(self, engine: SearchEngine, seconds: float, follow: Callable[[], bool] = lambda: False) -> None:
        self._engine, self._follow = engine, follow
        self._seconds = seconds
        self.last_error: str | None = None

    async def run(self) -> None:
        """Runs until it is cancelled."""
        await to_thread.run_sync(settle)
        while True:
            await self.refresh()
            await anyio.sleep(self._seconds)

    async def refresh(self) -> None:
        """One look; it never raises, since the next one may go well."""
        try:
            if await to_thread.run_sync(self._engine.refresh):
                await to_thread.run_sync(settle)
                log.info("serving generation %s", self._engine.generation)
            if await to_thread.run_sync(self._follow):
                log.info("reading queries with the edited dictionaries")
            self.last_error = None
        except Exception as error:
            reason = error.message if isinstance(error, XunhuoError) else "unexpected error, see the log"
            # The same failure every second would fill the log.
            if reason != self.last_error:
                log.warning("cannot refresh: %s", error, exc_info=not isinstance(error, XunhuoError))
            self.last_error = reason

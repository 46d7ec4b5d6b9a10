"""Has what learns from shoppers learn, and look at a new generation, next to the requests that are answered."""

from __future__ import annotations

import logging
from typing import Protocol

import anyio
from anyio import to_thread

from retrieval.errors import NotReady, XunhuoError


class Learning(Protocol):
    """The mall, or suggestions."""

    def refresh(self, every: float = 0.0) -> bool:
        """Learns when that was last done `every` seconds ago. Raises NotReady, StorageError."""


log = logging.getLogger("xunhuo.mall")


async def learn_now_and_then(learning: Learning, every: float, look: float) -> None:
    """Runs until it is cancelled: learns every so many seconds, and looks for a new generation every `look`."""
    last: str | None = None
    while True:
        try:
            await to_thread.run_sync(learning.refresh, every)
            last = None
        except NotReady:
            pass
        except XunhuoError as error:
            if error.message != last:  # the same failure every second would fill the log
                log.warning("the mall goes on with what it knew: %s", error.message)
            last = error.message
        await anyio.sleep(look)

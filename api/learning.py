"""Has the mall learn from what shoppers did, and look at a new generation, next to the requests that are answered."""

from __future__ import annotations

import logging

import anyio
from anyio import to_thread

from api.protocols import MallDesk
from retrieval.errors import NotReady, XunhuoError

log = logging.getLogger("xunhuo.mall")


async def learn_now_and_then(mall: MallDesk, every: float, look: float) -> None:
    """Runs until it is cancelled: learns every so many seconds, and looks for a new generation every `look`."""
    last: str | None = None
    while True:
        try:
            await to_thread.run_sync(mall.refresh, every)
            last = None
        except NotReady:
            pass
        except XunhuoError as error:
            if error.message != last:  # the same failure every second would fill the log
                log.warning("the mall goes on with what it knew: %s", error.message)
            last = error.message
        await anyio.sleep(look)

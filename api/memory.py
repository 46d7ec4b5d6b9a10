"""How much memory a worker keeps: what the collector walks through, and what the C library holds back.

Threads that ask for memory at the same time are given pools of their own by glibc, eight a core, and what is freed in
one of them is of no use to the others.
"""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

_M_ARENA_MAX = -8
"""Parameter of glibc's `mallopt`: most pools."""
_ARENAS = 2
_RARELY = 1000
"""Collections of the middle generation before all is walked through. Answers leave nothing that only this would free,
and with what a service remembers it is 90 to 200 ms in which nothing is answered, by default every 200 searches."""


def share_arenas() -> None:
    """Lets all threads of this process share few pools. Called before there are threads; does nothing without glibc."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)


def settle() -> None:
    """Takes what a generation holds out of sight of the collector, which would walk through all of it: 40 to 50 ms in
    which nothing is answered. What an old generation left is collected first, and given back."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], _RARELY)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)

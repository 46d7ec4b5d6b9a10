"""Both channels at once, each as far as the deadline lets it: what is late or fails is left out and named."""

from __future__ import annotations

import logging
from collections.abc import Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

from retrieval.analysis.analyzer import QueryText
from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded, XunhuoError
from retrieval.lru import Lru
from retrieval.protocols import Encoder, IndexReader
from retrieval.recall.lexical import LexicalOptions, recall_lexical
from retrieval.recall.semantic import recall_semantic
from retrieval.results import Matches
from retrieval.types import CHANNELS

_log = logging.getLogger("xunhuo.engine")


class Recaller:
    """Thread-safe. `encoder` is None for a service that searches words only."""

    def __init__(
        self, encoder: Encoder | None, lexical: LexicalOptions, nearest: int, *, threads: int, kept: int
    ) -> None:
        """`nearest` documents by meaning; `threads` searches at once; `kept` answers are remembered."""
        self._encoder, self._lexical, self._nearest = encoder, lexical, nearest
        # A pool for each, so that queries waiting for an encoder that hangs do not hold up the words.
        self._pools = {name: ThreadPoolExecutor(threads, thread_name_prefix=name) for name in CHANNELS}
        self._matches: Lru[Matches] = Lru(kept)

    def recall(
        self, reader: IndexReader, text: QueryText, channels: tuple[str, ...], deadline: Deadline, key: Hashable
    ) -> tuple[Matches, tuple[str, ...]]:
        """What each channel found, and the channels that did not answer in time or failed.

        Args:
            key: equal for equal questions; what was found whole is remembered under it.

        Raises:
            DeadlineExceeded: no channel answered in time.
        """
        if not text.terms:
            return Matches(None, None), ()
        if (known := self._matches.get((key, channels))) is not None:
            return known, ()
        tasks = self._start(reader, text, channels)
        found: dict[str, Any] = {}
        failure: XunhuoError = DeadlineExceeded(
            "no channel answered in time", field="timeout_ms", hint="allow more time"
        )
        for name, task in tasks.items():
            try:
                found[name] = task.result(deadline.remaining())
            except FutureTimeout:
                task.cancel()
            except XunhuoError as why:
                failure = why
                _log.warning("the %s channel failed: %s", name, why.message)
            except Exception:
                _log.exception("the %s channel failed", name)
        if tasks and not found:
            raise failure
        matches = Matches(found.get("lexical"), found.get("semantic"))
        late = tuple(name for name in tasks if name not in found)
        if not late:
            self._matches.put((key, channels), matches)
        return matches, late

    def close(self) -> None:
        """Stops the threads; running searches end first."""
        for pool in self._pools.values():
            pool.shutdown(wait=True)

    def _start(self, reader: IndexReader, text: QueryText, channels: tuple[str, ...]) -> dict[str, Future[Any]]:
        tasks: dict[str, Future[Any]] = {}
        if "semantic" in channels and self._encoder is not None and reader.manifest.encoder is not None:
            pool = self._pools["semantic"]
            tasks["semantic"] = pool.submit(recall_semantic, reader, self._encoder, text.normalized, self._nearest)
        if "lexical" in channels:
            tasks["lexical"] = self._pools["lexical"].submit(recall_lexical, reader, text, self._lexical)
        return tasks

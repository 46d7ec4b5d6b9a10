"""Both channels at once, each as far as the deadline lets it: what is late or fails is left out and named."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from functools import partial
from typing import Any, cast

from retrieval.analysis.analyzer import QueryText
from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded, XunhuoError
from retrieval.journeys import Journey
from retrieval.lru import Lru
from retrieval.minds import PerGeneration
from retrieval.protocols import Encoder, IndexReader
from retrieval.recall.lexical import LexicalOptions, looks, recall_lexical
from retrieval.recall.semantic import SemanticMatch, background_of, recall_near, recall_semantic
from retrieval.results import Matches
from retrieval.types import CHANNELS, FloatArray

_log = logging.getLogger("xunhuo.engine")


Task = Callable[[], object]
"""Gives what a channel found; raises FutureTimeout when it is late."""

_ENCODER_SHARE = 0.5
"""Of the time left that is given to the encoder, where the words wait for it: one journey instead of two."""


class Recaller:
    """Thread-safe. `encoder` is None for a service that searches words only."""

    def __init__(
        self, encoder: Encoder | None, lexical: LexicalOptions, nearest: int, first: int, *, threads: int, kept: int
    ) -> None:
        """`nearest` documents by meaning; of the `first` by words more will be asked.

        Args:
            threads: searches at once.
            kept: answers that are remembered.
        """
        self._encoder, self._lexical, self._nearest, self._first = encoder, lexical, nearest, first
        self._backgrounds: PerGeneration[FloatArray] = PerGeneration(background_of)
        # A pool for each, so that queries waiting for an encoder that hangs do not hold up the words.
        self._pools = {name: ThreadPoolExecutor(threads, thread_name_prefix=name) for name in CHANNELS}
        self._matches: Lru[Matches] = Lru(kept)

    def prepare(self, reader: IndexReader) -> None:
        """Reads once what every query of this generation needs."""
        if self._encoder is not None and reader.manifest.encoder is not None:
            self._backgrounds.of(reader)

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
        tasks = self._start(reader, text, channels, deadline)
        found: dict[str, Any] = {}
        failure: XunhuoError = DeadlineExceeded(
            "no channel answered in time", field="timeout_ms", hint="allow more time"
        )
        for name, task in tasks.items():
            try:
                found[name] = task()
            except FutureTimeout:
                pass
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

    def _start(
        self, reader: IndexReader, text: QueryText, channels: tuple[str, ...], deadline: Deadline
    ) -> dict[str, Task]:
        encoder = self._encoder if "semantic" in channels and reader.manifest.encoder is not None else None
        if encoder and "lexical" in channels and isinstance(reader, Journey):
            return self._together(reader, reader, encoder, text, deadline)
        tasks: dict[str, Task] = {}
        if encoder:
            tasks["semantic"] = self._submit("semantic", deadline, self._meaning, reader, encoder, text)
        if "lexical" in channels:
            tasks["lexical"] = self._submit("lexical", deadline, recall_lexical, reader, text, self._lexical)
        return tasks

    def _together(
        self, reader: IndexReader, journey: Journey, encoder: Encoder, text: QueryText, deadline: Deadline
    ) -> dict[str, Task]:
        """Both channels in one journey, once the query is encoded; words alone where that takes too long."""
        encode = self._submit("semantic", deadline.share(_ENCODER_SHARE), encoder.encode_queries, [text.normalized])
        tasks: dict[str, Task] = {}
        vector: FloatArray | None = None
        try:
            vector = cast("FloatArray", encode())[0]
        except Exception as why:
            tasks["semantic"] = partial(_again, why)
        else:
            tasks["semantic"] = lambda: recall_near(reader, vector, self._backgrounds.of(reader), self._nearest)
        tasks["lexical"] = lambda: recall_lexical(reader, text, self._lexical)
        journey.expect(looks(text, self._lexical), vector, self._nearest, self._first)
        return tasks

    def _meaning(self, reader: IndexReader, encoder: Encoder, text: QueryText) -> SemanticMatch:
        return recall_semantic(reader, encoder, self._backgrounds.of(reader), text.normalized, self._nearest)

    def _submit(self, pool: str, deadline: Deadline, work: Callable[..., object], *given: object) -> Task:
        future = self._pools[pool].submit(work, *given)

        def result() -> object:
            try:
                return future.result(deadline.remaining())
            except FutureTimeout:
                future.cancel()
                raise

        return result


def _again(why: Exception) -> object:
    raise why

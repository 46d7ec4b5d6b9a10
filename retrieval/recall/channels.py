"""All channels at once, each as far as the deadline lets it: what is late or fails is left out and named."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from functools import partial
from threading import Lock
from typing import cast

from cachetools import LRUCache

from retrieval.analysis.normalize import normalize
from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded, XunhuoError
from retrieval.journeys import Expected, Journey, is_journey
from retrieval.late.encoder import read_queries
from retrieval.late.query import QueryVectors
from retrieval.recall.asked import Asked
from retrieval.recall.lexical import LexicalOptions, LexicalRecall, steps
from retrieval.recall.matches import ChannelMatch, Matches, Recall
from retrieval.recall.moments import MomentRecall
from retrieval.recall.semantic import CHANNEL as SEMANTIC
from retrieval.recall.semantic import SemanticRecall, recall_near
from retrieval.types import FloatArray

_log = logging.getLogger("xunhuo.engine")

Task = Callable[[], ChannelMatch]
"""Gives what a channel found; raises FutureTimeout when it is late."""

_BY_WORDS = (LexicalRecall, MomentRecall)
_AHEAD = 256
"""Texts that were lately encoded ahead: their vectors are remembered by the encoder, or on their way."""
_ENCODER_SHARE = 0.5
"""Of the time left that is given to the encoder, where the words wait for it: one journey instead of two."""
_TOGETHER = 32
"""Queries that are encoded at once: the first of them is not to wait for all."""


class Channels:
    """Thread-safe."""

    def __init__(self, channels: Sequence[Recall], first: int, *, threads: int, kept: int) -> None:
        """
        Args:
            first: of so many of the best by words more will be asked.
            threads: searches at once.
            kept: answers that are remembered.
        """
        self._channels, self._first = {channel.name: channel for channel in channels}, first
        # Words are looked up by whoever asks: they wait for nothing, and passing them on costs a tenth of a search.
        # A pool for each of the others, so that queries waiting for an encoder that hangs hold up nobody else.
        others = (name for name, channel in self._channels.items() if not isinstance(channel, _BY_WORDS))
        self._pools = {name: ThreadPoolExecutor(threads, thread_name_prefix=name) for name in others}
        # One of their own for texts that are encoded ahead: a search whose vector is there waits behind none of them.
        self._aside = ThreadPoolExecutor(threads, thread_name_prefix="ahead")
        self._begun: LRUCache[str, None] = LRUCache(_AHEAD)
        self._matches: LRUCache[Hashable, Matches] | None = LRUCache(kept) if kept else None
        self._lock = Lock()

    def ahead(self, queries: Sequence[str], names: tuple[str, ...]) -> None:
        """Has queries encoded meanwhile as they are written, as most are searched; many of them in batches.

        Their vectors come from the memory of the encoder once they are asked for; without one they are made again.
        """
        meaning = self._channels.get(SEMANTIC)
        if SEMANTIC not in names or not isinstance(meaning, SemanticRecall):
            return
        texts = list(dict.fromkeys(text for query in queries if (text := " ".join(normalize(query).split()))))
        with self._lock:
            texts = [text for text in texts if text not in self._begun]
            self._begun.update(dict.fromkeys(texts))
        for start in range(0, len(texts), _TOGETHER):
            self._aside.submit(meaning.encoder.encode_queries, texts[start : start + _TOGETHER])

    def recall(
        self, asked: Asked, names: tuple[str, ...], deadline: Deadline, key: Hashable | None, *, hurried: bool = False
    ) -> tuple[Matches, tuple[str, ...]]:
        """What each of the channels found, and those that did not answer in time or failed.

        Args:
            key: equal for equal questions; what was found whole is remembered under it. None: not remembered.
            hurried: meaning is left out, and named, where words are looked up.

        Raises:
            DeadlineExceeded: no channel answered in time.
        """
        if (known := self._known((key, names))) is not None:
            return known, ()
        chosen = [c for name, c in self._channels.items() if name in names and c.answers(asked)]
        words_alone = hurried and any(isinstance(c, LexicalRecall) for c in chosen)
        begun = [c for c in chosen if not (words_alone and isinstance(c, SemanticRecall))]
        tasks = self._start(asked, begun, deadline)
        found: dict[str, ChannelMatch] = {}
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
        matches, late = Matches(found), tuple(c.name for c in chosen if c.name not in found)
        if not late and key is not None and self._matches is not None:
            with self._lock:
                self._matches[(key, names)] = matches
        return matches, late

    def close(self) -> None:
        """Stops the threads; running searches end first."""
        for pool in (*self._pools.values(), self._aside):
            pool.shutdown(wait=True)

    def _known(self, key: Hashable) -> Matches | None:
        if self._matches is None:
            return None
        with self._lock:
            return self._matches.get(key)

    def _start(self, asked: Asked, chosen: Sequence[Recall], deadline: Deadline) -> dict[str, Task]:
        """Tasks under way, but that of the words is done when it is asked for, and first."""
        words = next((c for c in chosen if isinstance(c, LexicalRecall)), None)
        meaning = next((c for c in chosen if isinstance(c, SemanticRecall)), None)
        if words and is_journey(asked.reader):
            tasks = self._together(asked, asked.reader, words, meaning, deadline)
            return tasks | {c.name: partial(c.recall, asked) for c in chosen if c not in (words, meaning)}
        tasks = {
            c.name: self._submit(c.name, deadline, c.recall, asked) for c in chosen if not isinstance(c, _BY_WORDS)
        }
        return {c.name: partial(c.recall, asked) for c in chosen if isinstance(c, _BY_WORDS)} | tasks

    def _together(
        self, asked: Asked, journey: Journey, words: LexicalRecall, meaning: SemanticRecall | None, deadline: Deadline
    ) -> dict[str, Task]:
        """Both channels in one journey, once the query is encoded; words alone where that takes too long."""
        query: QueryVectors | None = None
        tasks: dict[str, Task] = {}
        if meaning:
            patience = deadline.share(_ENCODER_SHARE)
            encode = self._submit(meaning.name, patience, read_queries, meaning.encoder, [asked.text.normalized])
            try:
                query = cast("list[QueryVectors]", encode())[0]
            except Exception as why:
                tasks[meaning.name] = partial(_again, why)
            else:
                tasks[meaning.name] = partial(recall_near, asked.reader, query, asked.background, meaning.depth)
        tasks[words.name] = partial(words.recall, asked)
        vector, near = (query.vector, meaning.depth) if query and meaning else (None, 0)
        journey.expect(self._expected(asked, words.options, vector, near))
        return tasks

    def _expected(self, asked: Asked, options: LexicalOptions, vector: FloatArray | None, near: int) -> Expected:
        *stricter, (_, loosest) = steps(asked.text, options)
        counted = tuple(query for _, query in stricter)
        reads = asked.reads_vectors and vector is not None
        return Expected(counted, options.enough, loosest, options.depth, vector, near, self._first, reads)

    def _submit(self, pool: str, deadline: Deadline, work: Callable[..., object], *given: object) -> Task:
        future = self._pools[pool].submit(work, *given)

        def result() -> ChannelMatch:
            try:
                return cast("ChannelMatch", future.result(deadline.remaining()))
            except FutureTimeout:
                future.cancel()
                raise

        return result


def _again(why: Exception) -> ChannelMatch:
    raise why

"""The engine: one search is analyse → recall (both channels at once) → select and fuse → sort → facets → page.

A running request sees one generation, and a cursor goes on in the generation it began in (`retrieval.readers`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import orjson

from retrieval.analysis.analyzer import MAX_QUERY_CHARS, Analyzer, QueryText
from retrieval.analysis.highlight import highlight
from retrieval.cursor import Cursor, check_names, decode_cursor, encode_cursor
from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded, NotFound, XunhuoError
from retrieval.explain import explain
from retrieval.fusion.fusers import Fuser
from retrieval.lru import Lru
from retrieval.protocols import Backend, Encoder, IndexReader
from retrieval.readers import Readers
from retrieval.recall.lexical import LexicalOptions, recall_lexical
from retrieval.recall.semantic import recall_semantic
from retrieval.results import Matches, ResultList, build_list
from retrieval.types import CHANNELS, Hit, QueryView, SearchRequest, SearchResponse, Total

_RESERVE_SECONDS = 0.06
_log = logging.getLogger("xunhuo.engine")


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Plain values of `configs/default.yaml`, section `search`.

    Attributes:
        lexical: how the lexical channel recalls.
        semantic_depth: nearest documents of the semantic channel.
        ranked: best lexical candidates that are scored in every channel.
        sorted_floor: share of the best BM25 score needed in lists not ordered by relevance.
        lists_kept: frozen result lists held in memory.
        facet_values: most values of one facet in an answer, the most frequent ones.
        threads: searches that may run at once.
    """

    lexical: LexicalOptions
    semantic_depth: int
    ranked: int
    sorted_floor: float
    lists_kept: int
    facet_values: int
    threads: int


class Engine:
    """Thread-safe. `encoder` is None for a service that searches words only."""

    def __init__(
        self, backend: Backend, analyzer: Analyzer, encoder: Encoder | None, fuser: Fuser, options: EngineOptions
    ) -> None:
        self._analyzer, self._encoder, self._fuser = analyzer, encoder, fuser
        self._options = options
        self._readers = Readers(
            backend, analyzer=analyzer.fingerprint, encoder=encoder.fingerprint if encoder else None
        )
        # A pool for each, so that queries waiting for an encoder that hangs do not hold up the words.
        self._pools = {name: ThreadPoolExecutor(options.threads, thread_name_prefix=name) for name in CHANNELS}
        self._matches: Lru[Matches] = Lru(options.lists_kept)
        self._lists: Lru[ResultList] = Lru(options.lists_kept)
        self.refresh()

    def search(self, request: SearchRequest) -> SearchResponse:
        """One page of an answer.

        Raises:
            NotReady: no generation is published yet.
            InvalidRequest: the cursor is not one of ours.
            CursorExpired: the generation of the cursor is gone.
            DeadlineExceeded: no channel answered in time.
        """
        started = time.perf_counter()
        deadline = Deadline.after_ms(request.timeout_ms)
        cursor = decode_cursor(request.cursor) if request.cursor else self._first_page(request)
        # What is left to do when the last channel answered just in time is done within this reserve.
        reader = self._readers.of(cursor.generation).within(deadline.later(_RESERVE_SECONDS))
        text = self._analyzer.query(cursor.query)
        matches, late = self._recall(reader, text, cursor, deadline)
        results = self._list(reader, text, matches, cursor, request.size)
        hits = self._page(reader, text, matches, results, cursor, request)
        counted = reader.facets(cursor.facets, results.rows)
        facets = {name: values[: self._options.facet_values] for name, values in counted.items()}
        return SearchResponse(
            query=_view(cursor.query, text, results.match),
            filters=cursor.filters,
            sort=cursor.sort,
            hits=hits,
            total=Total(len(results.rows), "eq" if results.complete else "gte"),
            facets=facets,
            next_cursor=_next(cursor, late, len(hits), len(results.rows)),
            generation=cursor.generation,
            degraded=late,
            took_ms=round((time.perf_counter() - started) * 1000, 3),
        )

    def product(self, document_id: str) -> Mapping[str, Any]:
        """The record of a product as it came.

        Raises:
            NotFound: there is none of this id.
            NotReady: no generation is published yet.
        """
        reader = self._readers.of(self._readers.current())
        row = reader.row_of(document_id)
        if row is None:
            raise NotFound(f"there is no product {document_id}", field="id")
        return cast("Mapping[str, Any]", orjson.loads(reader.sources(np.array([row]))[0]))

    def refresh(self) -> bool:
        """Opens the published generation if it is another one, and serves it from the next request on.

        Raises:
            GenerationError: it cannot be read by this service; the old one goes on serving.
        """
        return self._readers.refresh()

    @property
    def generation(self) -> str | None:
        """Name of the generation being served."""
        return self._readers.serving

    def status(self) -> Mapping[str, Any]:
        """What is being served, for health pages."""
        if self._readers.serving is None:
            return {"generation": None}
        manifest = self._readers.of(self._readers.serving).manifest
        return {
            "generation": manifest.generation,
            "created_at": manifest.created_at,
            "documents": manifest.documents,
            "analyzer": manifest.analyzer,
            "encoder": manifest.encoder,
            "lists_kept": len(self._lists),
        }

    def close(self) -> None:
        """Stops the threads; running searches end first."""
        for pool in self._pools.values():
            pool.shutdown(wait=True)
        self._readers.close()

    def _first_page(self, request: SearchRequest) -> Cursor:
        check_names(request.channels, request.facets, request.filters)
        # A lone surrogate, as a terminal may hand over, could not be written into a cursor or an answer.
        query = request.query[: MAX_QUERY_CHARS + 1].encode("utf-8", "replace").decode("utf-8")
        return Cursor(
            self._readers.current(), 0, query, request.filters, request.sort,
            request.channels, request.facets,
        )  # fmt: skip

    def _recall(
        self, reader: IndexReader, text: QueryText, cursor: Cursor, deadline: Deadline
    ) -> tuple[Matches, tuple[str, ...]]:
        """What each channel found, and the channels that did not answer in time or failed."""
        if not text.terms:
            return Matches(None, None), ()
        key = (cursor.generation, text.normalized, cursor.channels)
        if (known := self._matches.get(key)) is not None:
            return known, ()
        tasks = self._start(reader, text, cursor.channels)
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
            self._matches.put(key, matches)
        return matches, late

    def _start(self, reader: IndexReader, text: QueryText, channels: tuple[str, ...]) -> dict[str, Future[Any]]:
        tasks: dict[str, Future[Any]] = {}
        if "semantic" in channels and self._encoder is not None and reader.manifest.encoder is not None:
            depth = self._options.semantic_depth
            task = self._pools["semantic"].submit(recall_semantic, reader, self._encoder, text.normalized, depth)
            tasks["semantic"] = task
        if "lexical" in channels:
            tasks["lexical"] = self._pools["lexical"].submit(recall_lexical, reader, text, self._options.lexical)
        return tasks

    def _list(self, reader: IndexReader, text: QueryText, matches: Matches, cursor: Cursor, size: int) -> ResultList:
        answered = (matches.lexical is not None, matches.semantic is not None)
        key = (cursor.generation, text.normalized, cursor.filters.key, cursor.sort, answered)
        if (known := self._lists.get(key)) is not None:
            return known
        results = build_list(
            reader, matches, cursor.filters, cursor.sort, self._fuser,
            depth=self._options.lexical.depth, ranked=self._options.ranked, nearest=self._options.semantic_depth,
            sorted_floor=self._options.sorted_floor, facets=cursor.facets, shown=size,
        )  # fmt: skip
        self._lists.put(key, results)
        return results

    def _page(
        self, reader: IndexReader, text: QueryText, matches: Matches, results: ResultList, cursor: Cursor,
        request: SearchRequest,
    ) -> tuple[Hit, ...]:  # fmt: skip
        places = range(cursor.offset, min(cursor.offset + request.size, len(results.rows)))
        sources = [orjson.loads(source) for source in reader.sources(results.rows[places.start : places.stop])]
        parts = explain(reader, matches, results, places, self._fuser) if request.explain and places else []
        return tuple(
            Hit(
                id=source["id"],
                kind="product",
                rank=place + 1,
                score=float(results.scores[place]),
                source=source,
                highlights={"title": highlight(source["title"], text)},
                explain=parts[i] if parts else None,
            )
            for i, (place, source) in enumerate(zip(places, sources, strict=True))
        )


def _view(query: str, text: QueryText, match: str) -> QueryView:
    return QueryView(text.text, text.normalized, tuple(t.text for t in text.terms), match, len(query) > len(text.text))


def _next(cursor: Cursor, late: tuple[str, ...], shown: int, total: int) -> str | None:
    """The next page is of the list that this page is of: without the channels that did not answer."""
    offset = cursor.offset + shown
    if shown == 0 or offset >= total:
        return None
    return encode_cursor(replace(cursor, offset=offset, channels=tuple(c for c in cursor.channels if c not in late)))

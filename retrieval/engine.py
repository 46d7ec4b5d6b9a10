"""The engine: one search is understand → recall (both channels at once) → select and fuse → sort → facets → page.

A running request sees one generation, and a cursor goes on in the generation it began in (`retrieval.readers`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import orjson

from retrieval.analysis.analyzer import MAX_QUERY_CHARS
from retrieval.closer import MakeStages, Stages
from retrieval.cursor import Cursor, check_names, decode_cursor
from retrieval.deadline import Deadline
from retrieval.errors import NotFound
from retrieval.fusion.fusers import Fuser
from retrieval.journeys import for_request
from retrieval.lists import ListMaker, ListOptions
from retrieval.lru import Lru
from retrieval.minds import MakeMind, Minds, PerGeneration, WordsOnly
from retrieval.pages import facets_of, hits_of, next_cursor, view_of
from retrieval.protocols import Backend, Encoder, IndexReader
from retrieval.readers import Readers
from retrieval.recall.lexical import LexicalOptions
from retrieval.recaller import Recaller
from retrieval.types import FloatArray, SearchRequest, SearchResponse, Total
from retrieval.understanding.plan import Plan

_RESERVE_SECONDS = 0.06


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Plain values of `configs/default.yaml`, section `search`.

    Attributes:
        lexical: how the lexical channel recalls.
        lists: how a list is made of what was recalled.
        lists_kept: frozen result lists held in memory.
        facet_values: most values of one facet in an answer, the most frequent ones.
        threads: searches that may run at once.
    """

    lexical: LexicalOptions
    lists: ListOptions
    lists_kept: int
    facet_values: int
    threads: int


@dataclass(frozen=True, slots=True)
class Examined:
    """The first candidates of a query in the order found: their ids, and feature → values of them, shape (n,)."""

    ids: tuple[str, ...]
    features: Mapping[str, FloatArray]


class Engine:
    """Thread-safe. `encoder` is None for a service of words only, `stages` for one that ranks nothing closely."""

    def __init__(
        self, backend: Backend, encoder: Encoder | None, fuser: Fuser, options: EngineOptions, mind: MakeMind,
        stages: MakeStages | None = None,
    ) -> None:  # fmt: skip
        self._fuser = fuser
        self._facet_values = options.facet_values
        self._readers = Readers(backend, encoder=encoder.fingerprint if encoder else None)
        self._minds = Minds(mind)
        self._recaller = Recaller(
            encoder, options.lexical, options.lists.nearest, max(options.lists.ranked, options.lists.closely),
            threads=options.threads, kept=options.lists_kept,
        )  # fmt: skip
        self._plans: Lru[Plan] = Lru(options.lists_kept)
        self._stages: PerGeneration[Stages | None] = PerGeneration(stages or (lambda reader: None))
        self._lists = ListMaker(fuser, options.lists, self._stages, kept=options.lists_kept)
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
        reader = for_request(self._readers.of(cursor.generation, deadline), deadline.later(_RESERVE_SECONDS))
        minds = self._minds
        plan = self._plan(minds, reader, cursor)
        key = (minds.edition, cursor.generation, plan.query, cursor.understand, cursor.ignore)
        matches, late = self._recaller.recall(reader, plan.text, cursor.channels, deadline, key)
        answer = self._lists.of(reader, plan, matches, cursor.filters, cursor.sort, cursor.facets, request.size, key)
        hits = hits_of(reader, plan, matches, answer.results, cursor.offset, request, self._fuser)
        counted = reader.facets(cursor.facets, answer.results.rows)
        facets = facets_of(counted, plan, self._facet_values)
        total = len(answer.results.rows)
        understood = answer.understood(plan) if plan.intent else None
        if understood and not total:
            knowledge = minds.of(reader).knowledge
            why = self._lists.autopsy(reader, plan, matches, answer, cursor.filters, knowledge, late, deadline)
            understood = replace(understood, autopsy=why)
        return SearchResponse(
            query=view_of(cursor.query, plan, answer.results.match),
            filters=answer.filters,
            sort=answer.sort,
            hits=hits,
            total=Total(total, "eq" if answer.results.complete else "gte"),
            facets=facets,
            next_cursor=next_cursor(cursor, late, len(hits), total),
            generation=cursor.generation,
            degraded=late,
            took_ms=round((time.perf_counter() - started) * 1000, 3),
            understood=understood,
        )

    def product(self, document_id: str, timeout_ms: float | None = None) -> Mapping[str, Any]:
        """The record of a product as it came.

        Raises:
            DeadlineExceeded: the time is up.
            NotFound: there is none of this id.
            NotReady: no generation is published yet.
        """
        deadline = Deadline.after_ms(timeout_ms)
        reader = for_request(self._readers.of(self._readers.current(), deadline), deadline)
        row = reader.row_of(document_id)
        if row is None:
            raise NotFound(f"there is no product {document_id}", field="id")
        return cast("Mapping[str, Any]", orjson.loads(reader.sources(np.array([row]))[0]))

    def examine(self, query: str) -> Examined:
        """What the ranking stage sees of a query, to learn from.

        Raises:
            NotReady: no generation is published yet.
        """
        cursor = self._first_page(SearchRequest(query))
        reader = self._readers.of(cursor.generation)
        plan = self._plan(self._minds, reader, cursor)
        matches, _ = self._recaller.recall(reader, plan.text, cursor.channels, Deadline(None), object())
        rows, features = self._lists.examine(reader, plan, matches)
        return Examined(tuple(orjson.loads(source)["id"] for source in reader.sources(rows)), features)

    def refresh(self) -> bool:
        """Opens the published generation if it is another one, and serves it from the next request on.

        Raises:
            GenerationError: it cannot be read by this service; the old one goes on serving.
        """
        return self._readers.refresh(prepare=self._prepare)

    def _prepare(self, reader: IndexReader) -> None:
        self._minds.of(reader)
        self._stages.of(reader)
        self._recaller.prepare(reader)

    def use(self, mind: MakeMind) -> None:
        """Reads queries with other dictionaries from the next request on; requests under way finish with the old ones.

        A cursor that was made before goes on in its generation, read with the new dictionaries.

        Raises:
            XunhuoError: whatever `mind` raises for the generation being served; nothing has changed then.
        """
        minds = Minds(mind)
        if self._readers.serving is not None:
            minds.of(self._readers.of(self._readers.serving))
        self._minds = minds

    def trying(self, mind: MakeMind) -> Engine:
        """This engine as `use` would make it, beside it: they share the rest, so only the first is to be closed."""
        other = copy(self)
        other.use(mind)
        return other

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
        self._recaller.close()
        self._readers.close()

    def _first_page(self, request: SearchRequest) -> Cursor:
        check_names(request.channels, request.facets, request.filters)
        # A lone surrogate, as a terminal may hand over, could not be written into a cursor or an answer.
        query = request.query[: MAX_QUERY_CHARS + 1].encode("utf-8", "replace").decode("utf-8")
        return Cursor(
            self._readers.current(), 0, query, request.filters, request.sort,
            request.channels, request.facets, request.understand,
            tuple(name.encode("utf-8", "replace").decode("utf-8") for name in request.ignore),
        )  # fmt: skip

    def _plan(self, minds: Minds, reader: IndexReader, cursor: Cursor) -> Plan:
        key = (minds.edition, cursor.generation, cursor.query, cursor.understand, cursor.ignore)
        if (plan := self._plans.get(key)) is None:
            mind = minds.of(reader)
            plan = (mind if cursor.understand else WordsOnly(mind.analyzer)).plan(cursor.query, cursor.ignore)
            self._plans.put(key, plan)
        return plan

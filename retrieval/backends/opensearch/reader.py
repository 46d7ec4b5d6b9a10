"""Readers of one index: one for all, and one for each request, which asks ahead.

Both channels of a search travel together, and with them what ranking will ask of their best hits. What is announced of
the list travels in a second journey, where anything is left to ask.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.backends.common.fields import present
from retrieval.backends.opensearch import requests, responses
from retrieval.backends.opensearch.answers import Answers, parts
from retrieval.deadline import Deadline
from retrieval.journeys import Upcoming
from retrieval.schema import Schema
from retrieval.types import Filters, FloatArray, LexicalQuery


class OpenSearchReader(Answers):
    """See `retrieval.protocols.IndexReader` and `retrieval.journeys.Travelling`."""

    @property
    def index(self) -> str:
        return self._view.index

    @property
    def schema(self) -> Schema:
        return self._schema

    def journey(self, deadline: Deadline) -> OpenSearchJourney:
        return OpenSearchJourney(self._view, deadline)


class OpenSearchJourney(Answers):
    """See `retrieval.journeys.Journey`; shares what its reader holds."""

    def expect(
        self, steps: Sequence[tuple[LexicalQuery, int]], vector: FloatArray | None, depth: int, first: int
    ) -> None:
        every, fetched = Filters(), self._prefetched
        asked = [(step, body) for step in steps if (body := self._lexical_body(*step, every)) is not None]
        near = self._semantic_body(vector, every, depth) if vector is not None else None
        best = self._first_body(steps[-1][0], first, vector if near else None) if steps else None
        carriers = [*([requests.carrying(near)] if near else []), *([best] if best else [])]
        answers = self._send([*(body for _, body in asked), *carriers])
        fetched.lexical = [(step, answer) for (step, _), answer in zip(asked, answers, strict=False)]
        brought = answers[len(asked) :]
        for answer in brought:
            fetched.carry(answer)
        if vector is not None and near:
            fetched.semantic = ((vector, depth), brought[0])
            fetched.measure(vector, responses.script_cosines(brought[-1]))

    def announce(self, upcoming: Upcoming) -> None:
        """Asks for whatever the first journey did not bring."""
        wanted = (("forward", upcoming.forward), ("source", upcoming.records))
        missing = [
            (field, rows) for field, all_rows in wanted if len(rows := self._prefetched.unknown(field, all_rows))
        ]
        bodies = [requests.stored(field, rows) for field, rows in missing]
        if upcoming.vector is not None and self._manifest.dim:
            _, unknown = self._prefetched.cosines(upcoming.vector, upcoming.near)
            bodies += [requests.semantic_scores(upcoming.vector, part) for part in parts(unknown)]
        counted = bool(upcoming.facets) and len(upcoming.among) > 0
        if counted:
            bodies.append(requests.facets(upcoming.facets, upcoming.among, self._schema.bands))
        answers = self._ask(bodies)
        if counted:
            self._prefetched.count(upcoming.among, self._counted(upcoming.facets, answers.pop()))
        for (field, _), answer in zip(missing, answers, strict=False):
            self._prefetched.stored[field] |= responses.stored(answer, field)
        if upcoming.vector is not None:
            for answer in answers[len(missing) :]:
                self._prefetched.measure(upcoming.vector, responses.row_cosines(answer))

    def _first_body(self, query: LexicalQuery, size: int, vector: FloatArray | None) -> requests.Body | None:
        asked = present(query, self._field_counts)
        if not asked.weights or not asked.fields or size <= 0:
            return None
        return requests.first(asked, self._clauses(Filters()), size, vector)

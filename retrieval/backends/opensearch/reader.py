"""Readers of one index: one for all, and one for each request, which asks ahead.

Both channels of a search travel together, and with them what ranking will ask of their best hits. What is announced of
the list travels in a second journey, where anything is left to ask.
"""

from __future__ import annotations

from retrieval.backends.opensearch import requests, responses
from retrieval.backends.opensearch.answers import Answers, parts
from retrieval.deadline import Deadline
from retrieval.journeys import Expected, Upcoming
from retrieval.schema import Schema
from retrieval.types import Filters, IntArray

_TIED = 16
"""So many more are fetched ahead: of equal scores at the cut the list may hold others, and one costs a journey."""


class OpenSearchReader(Answers):
    """See `retrieval.protocols.IndexReader` and `retrieval.journeys.Travelling`."""

    @property
    def index(self) -> str:
        return self._view.index

    @property
    def schema(self) -> Schema:
        return self._schema

    def over(self, tail: str, appended: int, gone: IntArray, *, epoch: int) -> OpenSearchReader:
        """This reader at a later epoch: `appended` documents of the index `tail` follow, all of `gone` are."""
        return OpenSearchReader(self._view.at(epoch, gone, tail, appended))

    def journey(self, deadline: Deadline) -> OpenSearchJourney:
        return OpenSearchJourney(self._view, deadline)


class OpenSearchJourney(Answers):
    """See `retrieval.journeys.Journey`; shares what its reader holds."""

    def expect(self, expected: Expected) -> None:
        every, asking, fetched, vector = Filters(), self._asking, self._prefetched, expected.vector
        near = asking.near(vector, every, expected.near) if vector is not None else None
        columns = (*requests.CARRIED, requests.VECTOR) if near and expected.vectors else requests.CARRIED
        bodies = {
            "words": asking.words(expected.words, every, expected.depth),
            "near": requests.carrying(near, columns) if near else None,
            "first": asking.first(expected.words, expected.first + _TIED, vector if near else None, columns),
        }
        asked = {name: body for name, body in bodies.items() if body}
        counts = [asking.counted(query, expected.up_to) for query in expected.counted]
        answers = asking.send([*asked.values(), *counts])
        came = dict(zip(asked, answers, strict=False))
        fetched.counts = [
            ((query, expected.up_to), answer)
            for query, answer in zip(expected.counted, answers[len(asked) :], strict=True)
        ]
        if "words" in came:
            fetched.lexical = [((expected.words, expected.depth), came["words"])]
        for answer in (came[name] for name in ("near", "first") if name in came):
            fetched.carry(answer)
        if vector is not None and "near" in came:
            fetched.semantic = ((vector, expected.near), came["near"])
            if "first" in came:
                fetched.measure(vector, responses.script_cosines(came["first"]))

    def announce(self, upcoming: Upcoming) -> None:
        """Asks for whatever the first journey did not bring."""
        vectors = upcoming.vectors if self._view.dim else requests.NO_ROWS
        wanted = (("forward", upcoming.forward), ("source", upcoming.records), (requests.VECTOR, vectors))
        missing = [
            (field, rows) for field, all_rows in wanted if len(rows := self._prefetched.unknown(field, all_rows))
        ]
        bodies = [requests.stored(field, rows) for field, rows in missing]
        if upcoming.vector is not None and self._view.dim:
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

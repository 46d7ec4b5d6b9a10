"""Answers to what a request will ask next, fetched with what it asks now: one journey instead of three.

Belongs to one reader bound to one request, so that nothing here is shared between threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.backends.opensearch import requests, responses
from retrieval.types import FacetValue, FloatArray, IntArray, LexicalQuery

Step = tuple[LexicalQuery, int]
"""A question in words, and how deep a list or how far a count."""


class Prefetched:
    """Answers that came before their questions. They are judged when they are asked for.

    Attributes:
        lexical, counts, semantic: questions without a filter, with their answers; a vector with how many nearest.
        stored: field (``source``, ``forward``, ``half``) → row → its bytes as they came.
    """

    def __init__(self) -> None:
        self.lexical: list[tuple[Step, responses.Answer]] = []
        self.counts: list[tuple[Step, responses.Answer]] = []
        self.semantic: tuple[tuple[FloatArray, int], responses.Answer] | None = None
        self.stored: dict[str, dict[int, str]] = {field: {} for field in (*requests.CARRIED, requests.VECTOR)}
        self._vector: FloatArray | None = None
        self._cosines: dict[int, float] = {}
        self._facets: tuple[tuple[str, ...], IntArray, dict[str, tuple[FacetValue, ...]]] | None = None

    def words(self, step: Step) -> responses.Answer | None:
        """The answer to this question, if it came."""
        return _answered(self.lexical, step)

    def counted(self, step: Step) -> responses.Answer | None:
        """The answer to how many match, counted so far, if it came."""
        return _answered(self.counts, step)

    def near(self, vector: FloatArray, depth: int) -> responses.Answer | None:
        """The answer to this question, if it came."""
        if self.semantic is None or self.semantic[0][1] != depth or not _same(self.semantic[0][0], vector):
            return None
        return self.semantic[1]

    def carry(self, answer: responses.Answer) -> None:
        """Takes the columns that came with hits. An answer that is not whole brings none, and is asked for again."""
        if responses.is_whole(answer):
            for row, fields in responses.columns(answer):
                for field in self.stored.keys() & fields.keys():
                    self.stored[field][row] = fields[field][0]

    def measure(self, vector: FloatArray, cosines: Mapping[int, float]) -> None:
        """Row → cosine with `vector`."""
        if self._vector is None or not _same(self._vector, vector):
            self._vector, self._cosines = vector, {}
        self._cosines.update(cosines)

    def cosines(self, vector: FloatArray, rows: IntArray) -> tuple[FloatArray, IntArray]:
        """Cosines of `rows`, shape (len(rows),), and those rows of which they are not known (NaN)."""
        known = self._cosines if self._vector is not None and _same(self._vector, vector) else {}
        found = np.array([known.get(row, np.nan) for row in rows.tolist()], np.float32)
        return found, rows[np.isnan(found)]

    def unknown(self, field: str, rows: IntArray) -> IntArray:
        """Those of `rows` whose column is not here."""
        known = self.stored[field]
        return np.array([row for row in rows.tolist() if row not in known], np.int64)

    def count(self, among: IntArray, counted: dict[str, tuple[FacetValue, ...]]) -> None:
        """Facets of the ascending rows `among`."""
        self._facets = tuple(counted), among, counted

    def facets(self, names: Sequence[str], rows: IntArray) -> dict[str, tuple[FacetValue, ...]] | None:
        """None where other facets, or those of other rows, were counted."""
        if self._facets is None or self._facets[0] != tuple(names):
            return None
        return self._facets[2] if np.array_equal(np.sort(rows), self._facets[1]) else None


def _answered(known: Sequence[tuple[Step, responses.Answer]], step: Step) -> responses.Answer | None:
    return next((answer for asked, answer in known if asked == step), None)


def _same(one: FloatArray, other: FloatArray) -> bool:
    return one is other or np.array_equal(one, other)

"""What a request will ask next, sent along with what it asks now: one round trip less.

Belongs to one reader bound to one request, so that nothing here is shared between threads.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.backends.opensearch import requests, responses
from retrieval.types import FacetValue, IntArray


class Ahead:
    """Announced questions, and their answers once they came."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._among: IntArray = np.empty(0, np.int64)
        self._wanted: IntArray = np.empty(0, np.int64)
        self._counted: dict[str, tuple[FacetValue, ...]] | None = None
        self.records: dict[int, bytes] = {}

    def expect(self, facets: Sequence[str], among: IntArray, records: IntArray) -> None:
        """Facets over the rows `among`, and the records of the rows `records`, at most one window of them."""
        self._names, self._among, self._wanted, self._counted = tuple(facets), among, records, None

    def bodies(self) -> list[requests.Body]:
        """What to send along."""
        bodies = [requests.records(self._wanted)] if len(self._wanted) else []
        return bodies + ([requests.facets(self._names, self._among)] if self._names and len(self._among) else [])

    def take(self, answers: Sequence[responses.Answer]) -> None:
        """The answers to `bodies`."""
        left = list(answers)
        if left and len(self._wanted):
            self.records |= responses.records(left.pop(0))
        if left:
            self._counted = {name: responses.facet(left[0], name) for name in self._names}
        self._wanted = self._wanted[:0]

    def facets(self, names: Sequence[str], rows: IntArray) -> dict[str, tuple[FacetValue, ...]] | None:
        """None where other facets, or other rows, were announced."""
        same = self._counted is not None and tuple(names) == self._names and np.array_equal(np.sort(rows), self._among)
        return self._counted if same else None

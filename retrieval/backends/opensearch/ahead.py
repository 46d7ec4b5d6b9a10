"""What a request will ask next, sent along with what it asks now: one round trip less.

Belongs to one reader bound to one request, so that nothing here is shared between threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.backends.opensearch import requests, responses
from retrieval.types import FacetValue, IntArray


class Ahead:
    """Announced questions, and their answers once they came.

    Attributes:
        stored: field (``source``, ``forward``) → row → bytes.
    """

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._among: IntArray = np.empty(0, np.int64)
        self._wanted: dict[str, IntArray] = {}
        self._counted: dict[str, tuple[FacetValue, ...]] | None = None
        self.stored: dict[str, dict[int, bytes]] = {"source": {}, "forward": {}}

    def expect(self, facets: Sequence[str], among: IntArray, stored: Mapping[str, IntArray]) -> None:
        """Facets over the rows `among`, and stored fields of rows, at most one window of each."""
        self._names, self._among, self._counted = tuple(facets), among, None
        self._wanted = {field: rows for field, rows in stored.items() if len(rows)}

    def bodies(self) -> list[requests.Body]:
        """What to send along."""
        bodies = [requests.stored(field, rows) for field, rows in self._wanted.items()]
        return bodies + ([requests.facets(self._names, self._among)] if self._names and len(self._among) else [])

    def take(self, answers: Sequence[responses.Answer]) -> None:
        """The answers to `bodies`."""
        left = list(answers)
        for field in self._wanted if left else ():
            self.stored[field] |= responses.stored(left.pop(0), field)
        if left:
            self._counted = {name: responses.facet(left[0], name) for name in self._names}
        self._wanted = {}

    def facets(self, names: Sequence[str], rows: IntArray) -> dict[str, tuple[FacetValue, ...]] | None:
        """None where other facets, or other rows, were announced."""
        same = self._counted is not None and tuple(names) == self._names and np.array_equal(np.sort(rows), self._among)
        return self._counted if same else None

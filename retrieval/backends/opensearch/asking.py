"""What is asked of a view, and the journey there.

What is gone passes nothing, and nothing is waited for after the deadline.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.backends.common.fields import present
from retrieval.backends.opensearch import requests, responses
from retrieval.backends.opensearch.view import View
from retrieval.deadline import Deadline
from retrieval.types import Filters, FloatArray, LexicalQuery

WINDOW = 10_000
"""Most hits of one search, unless an index says otherwise."""


class Asking:
    """Questions are None where nothing can answer them."""

    def __init__(self, view: View, deadline: Deadline) -> None:
        self._view, self._deadline = view, deadline
        self._field_counts = view.field_counts

    def known(self, query: LexicalQuery) -> LexicalQuery | None:
        """The query in those of its fields that have text."""
        asked = present(query, self._field_counts)
        return asked if asked.weights and asked.fields else None

    def words(self, query: LexicalQuery, filters: Filters, depth: int) -> requests.Body | None:
        """The best by words."""
        asked = self.known(query)
        return requests.lexical(asked, self.clauses(filters), min(depth, WINDOW)) if asked and depth > 0 else None

    def counted(self, query: LexicalQuery, up_to: int) -> requests.Body:
        """How many have the terms that the query needs."""
        return requests.counting([requests.matching(query), *self.clauses(Filters())], up_to)

    def near(self, vector: FloatArray, filters: Filters, depth: int) -> requests.Body | None:
        """The nearest."""
        if not self._view.dim or depth <= 0:
            return None
        return requests.semantic(vector, self.clauses(filters), min(depth, WINDOW), self._view.explored)

    def first(
        self, query: LexicalQuery, size: int, vector: FloatArray | None, columns: Sequence[str]
    ) -> requests.Body | None:  # fmt: skip
        """What ranking reads of the best by words."""
        asked = self.known(query)
        return requests.first(asked, self.clauses(Filters()), size, vector, columns) if asked and size > 0 else None

    def clauses(self, filters: Filters) -> requests.Clauses:
        """What a row must pass."""
        return [*requests.filtering(filters), *self._view.left_out]

    def ask(self, bodies: Sequence[requests.Body]) -> list[responses.Answer]:
        """Whole answers, all from one journey."""
        return [responses.whole(answer) for answer in self.send(bodies)]

    def send(self, bodies: Sequence[requests.Body]) -> list[responses.Answer]:
        """Answers as they came, whole or not."""
        if not bodies:
            return []
        lines = requests.multi(self._view.searched, bodies, spread=self._view.spread)
        params = {"filter_path": responses.FILTER_PATH}
        answer = self._view.cluster.call("POST", "/_msearch", params=params, body=lines, deadline=self._deadline)
        return list(answer["responses"])

"""Several questions in one: the answers are those of the questions asked one by one."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from retrieval.deadline import Deadline
from retrieval.journeys import Expected, Journey, Upcoming, for_request
from retrieval.protocols import IndexReader
from retrieval.types import Candidates
from tests.contract import world
from tests.contract.world import NO_FILTER, asking, direction


def assert_same(found: Iterable[Candidates], expected: Iterable[Candidates]) -> None:
    for one, other in zip(found, expected, strict=True):
        assert (one.channel, one.rows.tolist(), one.complete) == (other.channel, other.rows.tolist(), other.complete)
        assert one.scores == pytest.approx(other.scores, rel=1e-6, abs=1e-6)


class Batches:
    """Needs a fixture `reader`: the world, opened."""

    def test_lexical_counts(self, reader: IndexReader) -> None:
        every = [asking("红色 连衣裙", need=need, terms=("红色", "连衣裙")) for need in (1, 2)]
        queries = [*every, asking("", need=1, terms=("没有",)), asking("", need=1, terms=("红色 连衣裙|没有",))]
        found = [len(reader.lexical(asked, NO_FILTER, 12).rows) for asked in every]
        assert list(reader.lexical_counts(queries, 12)) == [*found, 0, found[1]]
        assert list(reader.lexical_counts(queries, 2)) == [2, 2, 0, 2]
        assert list(reader.lexical_counts([], 2)) == []

    def test_what_is_expected_changes_no_answer(self, reader: IndexReader) -> None:
        query, rows = asking("红色 连衣裙"), np.arange(12)
        strict, one = (asking("红色 连衣裙", need=need, terms=("红色", "连衣裙")) for need in (2, 1))
        for vector, first, forward in ((direction(40), 3, rows[2:9]), (None, 3, rows), (direction(40), 0, rows[:0])):
            hinted = for_request(reader, Deadline(None))
            if isinstance(hinted, Journey):
                hinted.expect(Expected((strict,), 2, query, 12, vector, 5, first, first > 0))
            for up_to in (1, 2, 3):
                assert list(hinted.lexical_counts([strict, one], up_to)) == list(
                    reader.lexical_counts([strict, one], up_to)
                )
            for asked, depth in ((query, 12), (query, 3), (strict, 12)):
                assert_same([hinted.lexical(asked, NO_FILTER, depth)], [reader.lexical(asked, NO_FILTER, depth)])
            assert_same([hinted.semantic(direction(40), NO_FILTER, 5)], [reader.semantic(direction(40), NO_FILTER, 5)])
            if isinstance(hinted, Journey):
                hinted.announce(Upcoming(("brand", "price"), rows[:7], forward, rows[:3], vector, rows[1:11], forward))
            for among in (rows, rows[::-1]):
                cosines = hinted.semantic_scores(direction(40), among)
                assert cosines == pytest.approx(reader.semantic_scores(direction(40), among), abs=1e-6)
            assert hinted.semantic_scores(direction(0), rows) == pytest.approx(world.VECTORS @ direction(0), abs=1e-3)
            assert hinted.forward(rows) == reader.forward(rows)
            assert hinted.sources(rows[::-1]) == reader.sources(rows[::-1])
            assert hinted.vectors(rows[::-1]).tobytes() == reader.vectors(rows[::-1]).tobytes()
            for among in (rows[:7], rows[6::-1], rows):
                assert hinted.facets(("brand", "price"), among) == reader.facets(("brand", "price"), among)
            assert hinted.facets(("labels",), rows[:7]) == reader.facets(("labels",), rows[:7])

    def test_vectors(self, reader: IndexReader) -> None:
        rows = np.array([7, 0, 11])
        half = world.VECTORS[rows].astype(np.float16).astype(np.float32)
        assert reader.vectors(rows).tobytes() == half.tobytes()

    def test_facets_together(self, reader: IndexReader) -> None:
        names, rows = ("brand", "labels", "price"), np.arange(12)
        assert dict(reader.facets(names, rows)) == {name: reader.facets((name,), rows)[name] for name in names}
        assert dict(reader.facets((), rows)) == {}
        assert dict(reader.facets(names, rows[:0])) == dict.fromkeys(names, ())

    def test_within_a_deadline(self, reader: IndexReader) -> None:
        bound, query = for_request(reader, Deadline.after_ms(30_000)), asking("红色")
        assert (bound.rows, bound.documents, bound.snapshot) == (reader.rows, reader.documents, reader.snapshot)
        every = reader.lexical(query, NO_FILTER, 12)
        assert bound.lexical(query, NO_FILTER, 12).rows.tolist() == every.rows.tolist()

    def test_a_long_query(self, reader: IndexReader) -> None:
        words = [f"词{i}" for i in range(500)]
        fields = {"title": 1.0, "brand": 0.5, "description": 0.1}
        query = asking({"红色": 1.0, **dict.fromkeys(words, 0.5)}, terms=("红色", *words[:127]), need=1, **fields)
        found = reader.lexical(query, NO_FILTER, 12)
        assert len(found.rows) == 6
        assert reader.lexical_scores(query, found.rows) == pytest.approx(found.scores, rel=1e-6)

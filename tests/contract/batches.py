"""Several questions in one: the answers are those of the questions asked one by one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from retrieval.deadline import Deadline
from retrieval.protocols import IndexReader
from tests.contract import world
from tests.contract.world import NO_FILTER, asking, direction


class Batches:
    """Needs a fixture `reader`: the world, opened."""

    def test_lexical_steps(self, reader: IndexReader) -> None:
        query = asking("红色 连衣裙")
        steps = [(dataclasses.replace(query, need=1, terms=((("红色",),),)), 2), (asking(""), 5), (query, 12)]
        found = list(reader.lexical_steps(steps))
        alone = [reader.lexical(asked, NO_FILTER, depth) for asked, depth in steps]
        assert [(c.rows.tolist(), c.complete) for c in found] == [(c.rows.tolist(), c.complete) for c in alone]
        assert [len(c.rows) for c in found] == [2, 0, 8]
        for one, other in zip(found, alone, strict=True):
            assert one.scores == pytest.approx(other.scores, rel=1e-6)

    def test_scores(self, reader: IndexReader) -> None:
        query, rows = asking("红色 连衣裙"), np.arange(12)
        words, near = reader.scores(query, rows[:5], direction(40), rows)
        assert words == pytest.approx(reader.lexical_scores(query, rows[:5]), rel=1e-6)
        assert words.any()
        for _ in range(3):  # a backend may remember what is asked again
            assert near == pytest.approx(reader.semantic_scores(direction(40), rows), abs=1e-6)
        assert near == pytest.approx(world.VECTORS @ direction(40), abs=1e-3)
        words, near = reader.scores(None, rows[:2], None, rows)
        assert (words.tolist(), near.tolist()) == ([0.0] * 2, [0.0] * 12)

    def test_vectors(self, reader: IndexReader) -> None:
        rows = np.array([7, 0, 11])
        assert reader.vectors(rows) == pytest.approx(world.VECTORS[rows], abs=1e-3)

    def test_facets_together(self, reader: IndexReader) -> None:
        names, rows = ("brand", "labels", "price"), np.arange(12)
        assert dict(reader.facets(names, rows)) == {name: reader.facet(name, rows) for name in names}
        assert dict(reader.facets((), rows)) == {}
        assert dict(reader.facets(names, rows[:0])) == dict.fromkeys(names, ())

    def test_within_a_deadline(self, reader: IndexReader) -> None:
        bound, query = reader.within(Deadline.after_ms(30_000)), asking("红色")
        assert bound.size == reader.size
        every = reader.lexical(query, NO_FILTER, 12)
        assert bound.lexical(query, NO_FILTER, 12).rows.tolist() == every.rows.tolist()

    def test_a_long_query(self, reader: IndexReader) -> None:
        words = [f"词{i}" for i in range(500)]
        fields = {"title": 1.0, "brand": 0.5, "description": 0.1}
        query = asking({"红色": 1.0, **dict.fromkeys(words, 0.5)}, terms=("红色", *words[:127]), need=1, **fields)
        found = reader.lexical(query, NO_FILTER, 12)
        assert len(found.rows) == 6
        assert reader.lexical_scores(query, found.rows) == pytest.approx(found.scores, rel=1e-6)

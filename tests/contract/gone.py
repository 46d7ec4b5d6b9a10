"""Rows that are gone: the answers are those of a fresh generation of the documents that remain.

BM25 scores may differ, since an index counts what is gone in its statistics until it is built anew; so words are asked
one at a time, in titles whose order by them does not depend on these statistics.
"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.deadline import Deadline
from retrieval.journeys import Expected, Journey, Upcoming, for_request
from retrieval.protocols import Backend, IndexReader
from retrieval.schema import PRODUCT
from retrieval.snapshot import Snapshot
from retrieval.types import Filters, IntArray
from tests.contract import world
from tests.contract.selection import FILTERS
from tests.contract.world import IDS, NO_FILTER, ROWS, SORTS, asking, direction, rows_of

GONE = ("p03", "p07", "p10", "p06")
"""First and last of several lists, one of them in the middle of rows, and the last row."""
LEFT = tuple(row for row in ROWS if row.id not in GONE)
WORDS = ("红色", "连衣裙", "绿茶", "保温杯", "没有")
ALIVE = rows_of(*(row.id for row in LEFT))
EVERYWHERE = np.arange(len(ROWS))


class Gone:
    """Needs a fixture `backend`, empty in every test, and `reader`: the world, opened."""

    @pytest.fixture(scope="class")
    @classmethod
    def pair(cls, reader: IndexReader, fresh: IndexReader) -> tuple[IndexReader, IndexReader]:
        """The world without some rows, and a world in which they never were."""
        return reader.without(rows_of(*GONE), epoch=3), fresh

    @pytest.fixture(scope="class")
    @classmethod
    def fresh(cls, class_backend: Backend) -> IndexReader:
        return class_backend.open(world.build(class_backend, LEFT).generation).collection(PRODUCT.kind)

    def test_a_snapshot_says_what_is_pinned(self, reader: IndexReader) -> None:
        generation = reader.manifest.generation
        assert (reader.snapshot, reader.rows, reader.documents) == (Snapshot(generation, 0), 12, 12)
        one = reader.without(rows_of("p03"), epoch=1)
        two = one.without(rows_of("p07", "p03"), epoch=2)
        assert [(r.snapshot.epoch, r.rows, r.documents) for r in (reader, one, two)] == [
            (0, 12, 12), (1, 12, 11), (2, 12, 10),
        ]  # fmt: skip
        assert [r.row_of("p07") for r in (reader, one, two)] == [2, 2, None]
        assert [r.row_of("p03") for r in (reader, one, two)] == [1, None, None]
        assert two.manifest == reader.manifest

    @pytest.mark.parametrize("depth", [1, 2, 3, 12])
    @pytest.mark.parametrize(("filters", "expected"), FILTERS.values(), ids=FILTERS)
    def test_lists(self, pair: tuple[IndexReader, IndexReader], filters: Filters, expected: str, depth: int) -> None:
        gone, fresh = pair
        passing = {name for name in expected.split() if name not in GONE}
        assert {IDS[row] for row in gone.passing(filters, EVERYWHERE)} == passing
        for degrees in (0.0, 52.0, 118.0):
            near, nearest = (r.semantic(direction(degrees), filters, depth) for r in pair)
            assert names(gone, near.rows) == names(fresh, nearest.rows)
            assert (len(near.rows), near.complete) == (min(depth, len(passing)), len(passing) <= depth)
        for word in WORDS:
            found, wanted = (r.lexical(asking(word), filters, depth) for r in pair)
            assert (len(found.rows), found.complete) == (len(wanted.rows), wanted.complete)
            if depth == 12:  # of equal scores at the cut any may be kept
                assert names(gone, found.rows) == names(fresh, wanted.rows)
            for sort in SORTS:
                found, wanted = (r.lexical(asking(word), filters, depth, sort) for r in pair)
                assert (names(gone, found.rows), found.complete) == (names(fresh, wanted.rows), wanted.complete)

    @pytest.mark.parametrize("up_to", [1, 2, 12])
    def test_counts(self, pair: tuple[IndexReader, IndexReader], up_to: int) -> None:
        queries = [asking("", need=1, terms=(word,)) for word in WORDS]
        found, wanted = (list(reader.lexical_counts(queries, up_to)) for reader in pair)
        assert found == wanted
        assert max(found) == min(up_to, 3)

    def test_what_is_asked_ahead(self, pair: tuple[IndexReader, IndexReader]) -> None:
        hinted, query = for_request(pair[0], Deadline(None)), asking("红色")
        counted = asking("", need=1, terms=("红色",))
        if isinstance(hinted, Journey):
            hinted.expect(Expected((counted,), 12, query, 12, direction(15), 5, 5, True))
        words = hinted.lexical(query, NO_FILTER, 12)
        assert list(hinted.lexical_counts([counted], 12)) == [len(words.rows)]
        near = hinted.semantic(direction(15), NO_FILTER, 5)
        if isinstance(hinted, Journey):
            rows = words.rows
            hinted.announce(Upcoming(PRODUCT.facets, rows, rows, rows, direction(15), rows, rows))
        assert names(hinted, words.rows) == names(pair[0], pair[0].lexical(query, NO_FILTER, 12).rows)
        assert names(hinted, near.rows) == names(pair[1], pair[1].semantic(direction(15), NO_FILTER, 5).rows)
        assert hinted.facets(PRODUCT.facets, EVERYWHERE) == pair[1].facets(PRODUCT.facets, np.arange(len(LEFT)))

    def test_values(self, pair: tuple[IndexReader, IndexReader]) -> None:
        gone, fresh = pair
        there = np.arange(len(LEFT))
        assert gone.facets(PRODUCT.facets, EVERYWHERE) == fresh.facets(PRODUCT.facets, there)
        assert gone.facets(PRODUCT.facets, rows_of(*GONE)) == dict.fromkeys(PRODUCT.facets, ())
        assert [gone.row_of(name) is None for name in IDS] == [name in GONE for name in IDS]
        assert gone.rows_of(IDS) == [gone.row_of(name) for name in IDS]
        assert (gone.documents, gone.rows) == (fresh.documents, len(ROWS))
        assert gone.vectors(ALIVE).tolist() == fresh.vectors(there).tolist()
        assert (gone.sources(ALIVE), gone.forward(ALIVE)) == (fresh.sources(there), fresh.forward(there))
        for sort in SORTS:
            assert gone.sort_keys(sort, ALIVE).tolist() == fresh.sort_keys(sort, there).tolist()
        assert np.argsort(gone.by_id(ALIVE)).tolist() == np.argsort(fresh.by_id(there)).tolist()

    def test_everything_is_gone(self, reader: IndexReader) -> None:
        none = reader.without(EVERYWHERE, epoch=9)
        assert (none.rows, none.documents) == (12, 0)
        for filters in (NO_FILTER, Filters(in_stock=True)):
            assert none.passing(filters, EVERYWHERE).tolist() == []
            for found in (none.lexical(asking("红色"), filters, 5), none.semantic(direction(0), filters, 5)):
                assert (found.rows.tolist(), found.complete) == ([], True)
        assert none.without(EVERYWHERE[:0], epoch=10).documents == 0
        assert reader.without(EVERYWHERE[:0], epoch=1).documents == 12


def names(reader: IndexReader, rows: IntArray) -> list[str]:
    """Ids of rows, read from their records: a fresh generation numbers them anew."""
    return [source.split(b'"')[3].decode() for source in reader.sources(rows)]

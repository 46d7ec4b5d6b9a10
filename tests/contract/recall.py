"""The two channels: order, scores, cuts and what a term needs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from retrieval.protocols import IndexReader
from retrieval.types import Filters, Sort
from tests.contract import world
from tests.contract.world import ANGLES, IDS, NO_FILTER, ROWS, SORTS, asking, bm25, direction, ids, rows_of

HALF_PRECISION = 1e-3


class Recall:
    """Needs a fixture `reader`: the world, opened."""

    def test_lexical_order(self, reader: IndexReader) -> None:
        # one word in titles of two words: equal scores, so by id; in a title of six words it counts less
        assert ids(reader.lexical(asking("连衣裙"), NO_FILTER, 12)) == ["p03", "p07", "p08", "p12", "p06"]
        # twice in three words beats once in two
        assert ids(reader.lexical(asking("绿茶"), NO_FILTER, 12)) == ["p11", "p02"]
        # the rarer word counts more
        assert ids(reader.lexical(asking("红色 运动鞋"), NO_FILTER, 12)) == ["p10", "p01", "p03", "p09", "p12", "p06"]
        # a weight turns that round
        few = reader.lexical(asking({"红色": 1.0, "毛巾": 0.01}), NO_FILTER, 12)
        assert ids(few) == ["p01", "p03", "p09", "p10", "p12", "p06", "p04"]

    @pytest.mark.parametrize("token", ["红色", "连衣裙", "绿茶", "500ml"])
    def test_lexical_scores_are_bm25(self, reader: IndexReader, token: str) -> None:
        found = reader.lexical(asking({token: 0.5}, title=3.0), NO_FILTER, 12)
        expected = np.array([bm25(token, ROWS[row]) for row in found.rows])
        assert len(expected) == sum(token in row.title.split() for row in ROWS)
        # A backend may leave out the constant factor k1 + 1.
        ratio = found.scores / expected
        assert ratio == pytest.approx(np.full(len(ratio), ratio[0]), rel=1e-5)
        assert ratio[0] == pytest.approx(1.5, rel=1e-4) or ratio[0] == pytest.approx(1.5 / 2.2, rel=1e-4)

    def test_lexical_scores_add_up_over_words_and_fields(self, reader: IndexReader) -> None:
        rows, parts = np.arange(12), np.zeros(12, np.float32)
        for query in (
            asking({"红色": 1.0}, title=1.0),
            asking({"连衣裙": 0.5}, title=1.0),
            asking({"绿茶": 2.0}, title=1.0),
            asking({"绿茶": 2.0}, description=0.5),
        ):
            parts += reader.lexical_scores(query, rows)
        both = asking({"红色": 1.0, "连衣裙": 0.5, "绿茶": 2.0}, title=1.0, description=0.5)
        assert reader.lexical_scores(both, rows) == pytest.approx(parts, rel=1e-5)
        assert parts[IDS.index("p06")] > parts[IDS.index("p10")] > parts[IDS.index("p04")] == 0

    @pytest.mark.parametrize("need", [0, 1, 2])
    def test_lexical_scores_of_rows_are_those_of_the_list(self, reader: IndexReader, need: int) -> None:
        query = asking("红色 连衣裙 绿茶", need=need, terms=("红色", "连衣裙"), title=1.0, description=0.3)
        found = reader.lexical(query, NO_FILTER, 12)
        assert reader.lexical_scores(query, found.rows) == pytest.approx(found.scores, rel=1e-6)
        # whatever `need` says, in whatever order they are asked for
        everyone = reader.lexical(asking("红色 连衣裙 绿茶", title=1.0, description=0.3), NO_FILTER, 12)
        rest = np.setdiff1d(np.arange(12), everyone.rows)
        asked = np.concatenate([rest, everyone.rows[::-1]])
        expected = np.concatenate([np.zeros(len(rest)), everyone.scores[::-1]])
        assert reader.lexical_scores(query, asked) == pytest.approx(expected, rel=1e-6)
        assert reader.lexical_scores(query, np.empty(0, np.int64)).shape == (0,)

    def test_a_field_that_is_not_asked_does_not_match(self, reader: IndexReader) -> None:
        assert ids(reader.lexical(asking("绿茶", title=1.0, description=0.2), NO_FILTER, 12)) == ["p11", "p02", "p06"]
        assert ids(reader.lexical(asking("绿茶", description=1.0), NO_FILTER, 12)) == ["p06"]
        assert ids(reader.lexical(asking("绿茶", title=0.0, description=1.0), NO_FILTER, 12)) == ["p06"]
        assert ids(reader.lexical(asking("绿茶", attributes=1.0), NO_FILTER, 12)) == []

    @pytest.mark.parametrize(
        ("need", "terms", "expected"),
        [
            (2, ("红色", "连衣裙"), {"p03", "p12", "p06"}),
            (1, ("红色", "连衣裙"), {"p03", "p12", "p06", "p07", "p08", "p01", "p10", "p09"}),
            (2, ("红色", "连衣裙|保温杯"), {"p03", "p12", "p06", "p09"}),  # alternatives
            (2, ("红色", "大码 连衣裙|半身裙"), {"p06", "p01"}),  # an alternative of two words
            (2, ("红色", "绿茶"), {"p06"}),  # anywhere in the document, here in title and description
            (3, ("红色", "连衣裙", "没有"), set()),
        ],
    )
    def test_need(self, reader: IndexReader, need: int, terms: tuple[str, ...], expected: set[str]) -> None:
        found = reader.lexical(asking("红色 连衣裙", need=need, terms=terms), NO_FILTER, 12)
        assert set(ids(found)) == expected
        assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)

    @pytest.mark.parametrize("text", ["", "没有"])
    def test_nothing_to_recall(self, reader: IndexReader, text: str) -> None:
        found = reader.lexical(asking(text), NO_FILTER, 12)
        assert (len(found.rows), found.complete) == (0, True)
        assert reader.lexical_scores(asking(text), np.arange(12)).tolist() == [0.0] * 12

    def test_depth_and_completeness(self, reader: IndexReader) -> None:
        query, every = asking("红色"), ["p01", "p03", "p09", "p10", "p12", "p06"]
        for depth in (6, 7, 100):
            found = reader.lexical(query, NO_FILTER, depth)
            assert (ids(found), found.complete, found.channel) == (every, True, "lexical")
        cut = reader.lexical(query, NO_FILTER, 5)
        assert (ids(cut), cut.complete) == (every[:5], False)
        # Of equal scores at the cut any may be kept, but always the same and in order of id.
        tied = ids(reader.lexical(query, NO_FILTER, 3))
        assert tied == ids(reader.lexical(query, NO_FILTER, 3)) == sorted(tied)
        assert set(tied) < set(every[:5])
        assert ids(reader.lexical(query, NO_FILTER, 0)) == ids(reader.semantic(direction(0), NO_FILTER, 0)) == []

    @pytest.mark.parametrize("filters", [NO_FILTER, Filters({"services": ("包邮",)})])
    @pytest.mark.parametrize("sort", SORTS)
    def test_sorted_lists_hold_the_first_of_all_that_match(
        self, reader: IndexReader, sort: Sort, filters: Filters
    ) -> None:
        query = asking("红色 连衣裙 绿茶")
        every = reader.lexical(query, filters, 12)
        keys, order = reader.sort_keys(sort, every.rows), reader.by_id(every.rows)
        first = every.rows[np.lexsort((order, ~keys))].tolist()
        scores = dict(zip(every.rows.tolist(), every.scores.tolist(), strict=True))
        assert len(first) > 3
        for depth in (1, 2, 3, len(first) - 1, len(first), 12):
            found = reader.lexical(query, filters, depth, sort)
            assert found.rows.tolist() == first[:depth]
            assert found.complete == (len(first) <= depth)
            assert found.scores == pytest.approx([scores[row] for row in found.rows.tolist()], rel=1e-6)

    def test_sorted_by_hand(self, reader: IndexReader) -> None:
        red, dress = asking("红色"), asking("连衣裙", need=1, terms=("红色",))
        assert ids(reader.lexical(red, NO_FILTER, 3, Sort.PRICE_ASC)) == ["p01", "p03", "p09"]
        assert ids(reader.lexical(red, NO_FILTER, 3, Sort.PRICE_DESC)) == ["p10", "p06", "p12"]
        assert ids(reader.lexical(red, NO_FILTER, 6, Sort.SALES)) == ["p10", "p09", "p12", "p01", "p06", "p03"]
        assert ids(reader.lexical(dress, NO_FILTER, 2, Sort.NEWEST)) == ["p12", "p03"]
        assert ids(reader.lexical(asking("绿茶 毛巾"), NO_FILTER, 12, Sort.PRICE_ASC)) == ["p02", "p11", "p04"]

    @pytest.mark.parametrize("sort", Sort)
    def test_a_floor(self, reader: IndexReader, sort: Sort) -> None:
        query = asking("红色 连衣裙")
        every = reader.lexical(query, NO_FILTER, 12)
        for place in (0, 2, 5):
            floor = float(every.scores[place])
            good = {
                row for row, score in zip(every.rows.tolist(), every.scores.tolist(), strict=True) if score >= floor
            }
            found = reader.lexical(query, NO_FILTER, 12, sort, floor)
            assert (set(found.rows.tolist()), found.complete) == (good, True)
            cut = reader.lexical(query, NO_FILTER, 1, sort, floor)
            assert (len(cut.rows), cut.complete) == (1, len(good) == 1)
            if sort is not Sort.RELEVANCE:  # of equal scores at the cut any may be kept
                assert cut.rows.tolist() == found.rows[:1].tolist()
        nothing = reader.lexical(query, NO_FILTER, 12, sort, float(every.scores[0]) * 1.01)
        assert (nothing.rows.tolist(), nothing.complete) == ([], True)
        for asked, depth in ((asking(""), 12), (asking("没有"), 12), (query, 0)):
            assert reader.lexical(asked, NO_FILTER, depth, sort).rows.tolist() == []

    @pytest.mark.parametrize("degrees", [0.0, 40.0, 101.0, 180.0])
    def test_semantic_order_and_scores(self, reader: IndexReader, degrees: float) -> None:
        expected = sorted(IDS, key=lambda i: (-round(math.cos(math.radians(ANGLES[i] - degrees)), 6), i))
        found = reader.semantic(direction(degrees), NO_FILTER, 12)
        assert (ids(found), found.complete, found.channel) == (expected, True, "semantic")
        cosines = [math.cos(math.radians(ANGLES[i] - degrees)) for i in expected]
        assert found.scores == pytest.approx(cosines, abs=HALF_PRECISION)
        cut = reader.semantic(direction(degrees), NO_FILTER, 3)
        assert (ids(cut), cut.complete) == (expected[:3], False)
        assert [a.dtype for a in (found.rows, found.scores)] == [np.dtype(np.int64), np.dtype(np.float32)]

    def test_semantic_scores_of_rows_are_those_of_the_list(self, reader: IndexReader) -> None:
        found = reader.semantic(direction(70), NO_FILTER, 12)
        assert reader.semantic_scores(direction(70), found.rows) == pytest.approx(found.scores, abs=1e-6)
        rows = rows_of("p06", "p12")
        expected = [math.cos(math.radians(95)), math.cos(math.radians(70))]
        assert reader.semantic_scores(direction(70), rows) == pytest.approx(expected, abs=HALF_PRECISION)

    def test_semantic_ties_are_in_order_of_id(self, reader: IndexReader) -> None:
        away = np.eye(world.DIM, dtype=np.float32)[7]  # orthogonal to every product
        found = reader.semantic(away, NO_FILTER, 12)
        assert ids(found) == sorted(IDS)
        assert not found.scores.any()

    def test_a_filter_is_inside_the_search(self, reader: IndexReader) -> None:
        tea = Filters({"category": ("食品",)})
        # from 0° all dresses are nearer than any tea, and 龙井 at 105° is the nearer of the two teas
        assert ids(reader.semantic(direction(0), tea, 1)) == ["p02"]
        assert ids(reader.semantic(direction(0), tea, 12)) == ["p02", "p11"]
        assert not reader.semantic(direction(0), tea, 1).complete
        # p03 is the best of all red ones by id, p06 the worst by score
        dear = Filters(price=(30000, None))
        one, two = (reader.lexical(asking("红色"), dear, depth) for depth in (1, 2))
        assert (ids(one), one.complete) == (["p10"], False)
        assert (ids(two), two.complete) == (["p10", "p06"], True)

    def test_a_filter_does_not_change_scores(self, reader: IndexReader) -> None:
        for filters in (Filters({"brand": ("山风",)}), Filters(price=(None, 20000)), Filters(in_stock=True)):
            query = asking("红色 连衣裙")
            some, every = reader.lexical(query, filters, 12), reader.lexical(query, NO_FILTER, 12)
            known = dict(zip(every.rows.tolist(), every.scores.tolist(), strict=True))
            assert some.scores.tolist() == pytest.approx([known[row] for row in some.rows.tolist()], rel=1e-6)
            assert 0 < len(some.rows) < len(every.rows)

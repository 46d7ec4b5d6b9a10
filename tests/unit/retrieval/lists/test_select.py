"""Candidates of a list, selected and fused (the lexical score of an item is how many of the words it has):

1. The list is the union of what both channels recalled; each row has its score in both, whichever recalled it.
2. A score is the sum of its contributions; ranks are the channel's own, 0 where it did not recall the row.
3. A filter selects: the filtered list is the unfiltered one without what does not pass, with the same scores.
4. A filter that leaves nothing of both channels asks for the nearest that pass; without a vector the list is empty.
5. Where nothing divides, a list by price, sales or date has only lexical matches; unless all words matched, only those
   above `sorted_floor`, if there are any. Where the divider does, it has what was near, too, and the best by words,
   whatever they score.
6. Without the lexical channel the step is nearest; without any match it is none, and the list complete.
7. Where more match in words than a list holds, a sorted list has the first by its column of all that are good enough.
8. Worth a closer look is what is near and the best by words; of a sorted list everything; where nobody looks, nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from retrieval.fusion.fusers import ChannelScores, Fuser, ReciprocalRank, Weighted
from retrieval.late.query import QueryVectors
from retrieval.lists.fuse import fuse
from retrieval.lists.order import order
from retrieval.lists.select import Selection, SelectOptions, select
from retrieval.recall.lexical import LexicalMatch, LexicalOptions, recall_lexical
from retrieval.recall.matches import Matches
from retrieval.recall.semantic import SemanticMatch
from retrieval.types import Candidates, Filters, Match, Sort
from tests.unit.retrieval.recall.test_lexical import asked
from tests.unit.retrieval.tiny_reader import Item, TinyReader, direction

READER = TinyReader(
    [
        Item("p1", "红 裙", 80, "花田", price=300),
        Item("p2", "红 裙", 20, "山风", price=100),
        Item("p3", "红", 0, "晨光", price=200),
        Item("p4", "鞋", 10, "山风", price=50),
        Item("p5", "帽", 85, "海蓝", price=10),
        Item("p6", "伞", 70, "海蓝", price=20),
        Item("p7", "盆", 60, "海蓝", price=30),
        Item("p8", "碗", 75, "小满", price=40),
    ]
)
NOTHING = Filters()
FUSER = Weighted({"lexical": 1.0, "semantic": 0.2})


def lexical(words: str = "红 裙", *, enough: int = 99, floor: float = 0.0, depth: int = 100) -> LexicalMatch:
    return recall_lexical(READER.reader, asked(words), LexicalOptions({"title": 1.0}, depth, enough, 0.75, floor))


def semantic(depth: int = 2) -> SemanticMatch:
    return SemanticMatch(
        QueryVectors(direction(0)), READER.semantic(direction(0), NOTHING, depth), centre=0.5, unit=0.25
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A list in its order."""

    rows: list[int]
    scores: list[float]
    contributions: dict[str, list[float]]
    channels: dict[str, ChannelScores]
    ranks: dict[str, list[int]]
    match: Match
    complete: bool


def both(lexical: LexicalMatch | None, semantic: SemanticMatch | None) -> Matches:
    given = {"lexical": lexical, "semantic": semantic}
    return Matches({name: match for name, match in given.items() if match is not None})


def selected(
    matches: Matches, filters: Filters = NOTHING, sort: Sort = Sort.RELEVANCE, *, depth: int = 100,
    sorted_floor: float = 0.0, closely: int = 0, measured: int = 99, reader: TinyReader = READER,
    divided: bool = False,
) -> Selection:  # fmt: skip
    options = SelectOptions(depth, measured, nearest=2, sorted_floor=sorted_floor, closely=closely)
    return select(reader.reader, matches, filters, sort, options, closely=closely > 0, divided=divided)


def listed(
    matches: Matches, filters: Filters = NOTHING, sort: Sort = Sort.RELEVANCE, *, depth: int = 100,
    sorted_floor: float = 0.0, fuser: Fuser = FUSER, reader: TinyReader = READER,
) -> Listed:  # fmt: skip
    chosen = selected(matches, filters, sort, depth=depth, sorted_floor=sorted_floor, reader=reader)
    fused = fuse(reader.reader, matches, chosen, fuser)
    places = order(reader.reader, sort, chosen.rows, fused.scores)
    return Listed(
        chosen.rows[places].tolist(), fused.scores[places].tolist(),
        {name: part[places].tolist() for name, part in fused.contributions.items()}, fused.channels,
        {name: channel.ranks[places].tolist() for name, channel in fused.channels.items()},
        chosen.match, chosen.complete,
    )  # fmt: skip


def ids(results: Listed) -> list[str]:
    return [READER.items[row].id for row in results.rows]


def ids_of(selection: Selection) -> list[str]:
    return [READER.items[row].id for row in selection.chosen["lexical"].rows.tolist()]


def brand(*names: str) -> Filters:
    return Filters({"brand": names})


def test_union_with_all_scores() -> None:
    results = listed(both(lexical(), semantic()))
    assert sorted(ids(results)) == ["p1", "p2", "p3", "p4"]
    cosine = {item.id: float(direction(item.degrees)[0]) for item in READER.items}
    words = {"p1": 2, "p2": 2, "p3": 1, "p4": 0}
    for place, name in enumerate(ids(results)):
        expected = words[name] / 2 + 0.2 * (cosine[name] - 0.5) / 0.25
        assert results.scores[place] == pytest.approx(expected, abs=1e-5)
    assert ids(results) == ["p2", "p3", "p1", "p4"]
    assert results.match == "any"
    assert results.complete


def test_ranks_are_the_channels_own() -> None:
    results = listed(both(lexical(), semantic()))
    ranks = {name: dict(zip(ids(results), given, strict=True)) for name, given in results.ranks.items()}
    assert ranks["lexical"] == {"p1": 1, "p2": 2, "p3": 3, "p4": 0}
    assert ranks["semantic"] == {"p3": 1, "p4": 2, "p1": 0, "p2": 0}


@pytest.mark.parametrize("fuser", [FUSER, ReciprocalRank(60)], ids=["weighted", "rrf"])
@pytest.mark.parametrize("sort", list(Sort))
def test_a_score_is_the_sum_of_its_parts(fuser: Weighted | ReciprocalRank, sort: Sort) -> None:
    results = listed(both(lexical(), semantic()), sort=sort, fuser=fuser)
    parts = np.array(list(results.contributions.values()))
    np.testing.assert_allclose(results.scores, parts.sum(axis=0), rtol=1e-5)


@pytest.mark.parametrize("filters", [brand("花田"), brand("山风", "晨光"), brand("花田", "山风")], ids=str)
def test_a_filter_only_selects(filters: Filters) -> None:
    matches = both(lexical(floor=0.25), semantic())
    everything, some = listed(matches), listed(matches, filters)
    passing = [i for i, row in enumerate(everything.rows) if READER.items[row].brand in filters.keywords["brand"]]
    assert some.rows == [everything.rows[i] for i in passing]
    assert some.scores == [everything.scores[i] for i in passing]
    assert some.match == everything.match


def test_a_filter_asks_again_where_the_list_was_cut() -> None:
    matches = both(lexical(depth=1), None)
    assert ids(listed(matches, depth=1)) == ["p1"]
    assert not listed(matches, depth=1).complete
    assert ids(listed(matches, brand("山风"), depth=1)) == ["p2"]
    assert listed(matches, brand("山风"), depth=1).complete


def test_nearest_where_a_filter_leaves_nothing() -> None:
    nearest = listed(both(lexical(), semantic()), brand("小满"))
    assert (ids(nearest), nearest.match, nearest.complete) == (["p8"], "nearest", True)
    cut = listed(both(lexical(), semantic()), brand("海蓝"))
    assert (ids(cut), cut.match, cut.complete) == (["p7", "p6"], "nearest", False)
    nothing = listed(both(lexical(), None), brand("海蓝"))
    assert (ids(nothing), nothing.match, nothing.complete) == ([], "none", True)
    unknown = listed(both(lexical(), semantic()), brand("没有"))
    assert (ids(unknown), unknown.match) == ([], "none")


@pytest.mark.parametrize(
    ("enough", "sorted_floor", "expected"),
    [
        (99, 0.0, ["p2", "p3", "p1"]),
        (99, 0.6, ["p2", "p1"]),
        (1, 0.6, ["p2", "p1"]),
        (1, 0.0, ["p2", "p1"]),
    ],
)
def test_a_sorted_list_has_no_noise(enough: int, sorted_floor: float, expected: list[str]) -> None:
    results = listed(both(lexical(enough=enough), semantic()), sort=Sort.PRICE_ASC, sorted_floor=sorted_floor)
    assert ids(results) == expected


def test_a_divided_sorted_list_has_all_that_is_looked_at() -> None:  # 5
    matches = both(lexical(enough=99), semantic())
    every = selected(matches, closely=99, divided=True)
    by_price = selected(matches, sort=Sort.PRICE_ASC, sorted_floor=0.9, closely=99, divided=True)
    assert by_price.rows.tolist() == by_price.closely.tolist() == every.rows.tolist()
    assert by_price.chosen["lexical"].rows.tolist() == every.chosen["lexical"].rows.tolist()
    few = selected(matches, sort=Sort.PRICE_ASC, sorted_floor=0.9, closely=2, divided=True)
    assert few.chosen["lexical"].rows.tolist() == every.chosen["lexical"].rows[:2].tolist()
    assert set(few.rows.tolist()) == {*few.chosen["lexical"].rows.tolist(), *few.chosen["semantic"].rows.tolist()}
    # The best of the whole catalogue: a filter lets in nothing that the unfiltered list has not.
    some = brand("山风", "晨光")
    passing = selected(matches, some, Sort.PRICE_ASC, sorted_floor=0.9, closely=2, divided=True)
    assert ids_of(passing) == ["p2"]
    assert ids_of(selected(matches, some, Sort.PRICE_ASC, sorted_floor=0.9, closely=3, divided=True)) == ["p2", "p3"]
    # Of more than a list holds the first by price are asked for, and the best by words are there beside them.
    cut = both(lexical("红 裙", depth=1), None)
    assert ids_of(selected(cut, sort=Sort.PRICE_ASC, depth=1, closely=0, divided=True)) == ["p2"]
    assert ids_of(selected(cut, sort=Sort.PRICE_ASC, depth=1, closely=1, divided=True)) == ["p1", "p2"]


def test_a_sorted_list_shows_what_there_is() -> None:
    results = listed(both(lexical(), semantic()), brand("晨光"), Sort.PRICE_ASC, sorted_floor=0.6)
    assert ids(results) == ["p3"]


def test_all_words_are_enough_for_a_sorted_list() -> None:
    # With all of its words found an item stays, however little they score beside the best.
    reader = TinyReader([Item("p1", "红 裙 长", price=2), Item("p2", "红", price=1)])
    options = LexicalOptions({"title": 1.0}, 9, 1, 0.75, 0.0)
    match = recall_lexical(reader.reader, asked("红 裙 长", optional="裙 长"), options)
    assert match.step == "all"
    results = listed(both(match, None), sort=Sort.PRICE_ASC, depth=9, sorted_floor=0.9, reader=reader)
    assert results.rows == [1, 0]


def test_one_channel_and_none() -> None:
    only = listed(both(None, semantic()))
    assert (ids(only), only.match, set(only.channels)) == (["p3", "p4"], "nearest", {"semantic"})
    unmatched = listed(both(lexical("袜"), semantic()))
    assert (ids(unmatched), unmatched.match) == (["p3", "p4"], "nearest")
    nothing = listed(both(None, None))
    assert (ids(nothing), nothing.match, nothing.complete) == ([], "none", True)


@pytest.mark.parametrize(("sort", "first"), [(Sort.PRICE_ASC, ["p2", "p3"]), (Sort.PRICE_DESC, ["p1", "p3"])])
def test_sorted_over_all_that_match(sort: Sort, first: list[str]) -> None:  # 7
    matches = both(lexical("红", enough=1, depth=2), None)
    assert matches.lexical is not None
    assert matches.lexical.step is Match.ALL
    cut = listed(matches, sort=sort, depth=2)
    assert (ids(cut), cut.complete) == (first, False)
    assert ids(listed(matches, brand("山风", "晨光"), sort, depth=1)) == ["p2" if sort is Sort.PRICE_ASC else "p3"]


def test_noise_is_not_the_first() -> None:  # 7
    matches = both(lexical("红 裙", depth=1), None)
    cut = listed(matches, sort=Sort.PRICE_ASC, depth=1, sorted_floor=0.6)
    assert (ids(cut), cut.match) == (["p2"], Match.ANY)
    assert ids(listed(matches, sort=Sort.PRICE_DESC, depth=1, sorted_floor=0.6)) == ["p1"]


def test_what_is_looked_at() -> None:  # 8
    matches = both(lexical(), semantic())
    assert selected(matches, closely=1).closely.tolist() == [0, 2, 3]
    assert selected(matches, sort=Sort.SALES, closely=1).closely.tolist() == [0, 1, 2]
    assert selected(both(None, semantic()), sort=Sort.SALES, closely=1).closely.tolist() == [2, 3]
    assert selected(both(lexical(), None), closely=2).closely.tolist() == [0, 1]
    nearest = selected(both(lexical(), semantic()), brand("海蓝"), closely=1)
    assert nearest.closely.tolist() == nearest.rows.tolist() == [5, 6]
    assert selected(matches).closely.tolist() == []


def test_what_is_not_measured_counts_as_the_background() -> None:  # 1
    matches = both(lexical(), semantic())
    fused = fuse(READER.reader, matches, selected(matches, measured=1), FUSER)
    # Rows 0, 1, 2, 3: p1 is measured, p2 is not, p3 and p4 are near; p4 has no word.
    cosine = [float(direction(item.degrees)[0]) for item in READER.items]
    assert fused.channels["semantic"].values.tolist() == pytest.approx([cosine[0], 0.5, cosine[2], cosine[3]])
    assert fused.channels["lexical"].values.tolist() == [2, 2, 1, 0]
    assert fused.contributions["semantic"][1] == 0
    assert fused.scores.dtype == np.float32


def test_what_is_measured() -> None:  # 1
    assert selected(both(lexical(), semantic())).measured.tolist() == [0, 1]
    assert selected(both(lexical(), semantic()), measured=1).measured.tolist() == [0]
    assert selected(both(None, semantic())).measured.tolist() == []
    empty = Candidates("semantic", np.empty(0, np.int64), np.empty(0, np.float32), complete=True)
    far = SemanticMatch(QueryVectors(direction(0)), empty, 0.5, 0.25)
    assert selected(both(lexical(), far)).measured.tolist() == [0, 1, 2]

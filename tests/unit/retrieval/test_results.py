"""Result lists (the lexical score of an item is how many of the words it has):

1. The list is the union of what both channels recalled; each row has its score in both, whichever recalled it.
2. A score is the sum of its contributions; ranks are the channel's own, 0 where it did not recall the row.
3. A filter selects: the filtered list is the unfiltered one without what does not pass, with the same scores.
4. A filter that leaves nothing of both channels asks for the nearest that pass; without a vector the list is empty.
5. A list by price, sales or date has only lexical matches; unless all words matched, only those above `sorted_floor`,
   if there are any.
6. Without the lexical channel the step is ``nearest``; without any match it is ``none``, and the list complete.
"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.fusion.fusers import ReciprocalRank, Weighted
from retrieval.recall.lexical import LexicalMatch, LexicalOptions, recall_lexical
from retrieval.recall.semantic import SemanticMatch
from retrieval.results import Matches, ResultList, build_list
from retrieval.types import Filters, Sort
from tests.unit.retrieval.test_recall_lexical import asked
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
    return SemanticMatch(direction(0), READER.semantic(direction(0), NOTHING, depth), centre=0.5, unit=0.25)


def listed(
    matches: Matches,
    filters: Filters = NOTHING,
    sort: Sort = Sort.RELEVANCE,
    *,
    depth: int = 100,
    sorted_floor: float = 0.0,
) -> ResultList:
    return build_list(
        READER.reader, matches, filters, sort, FUSER, depth=depth, ranked=99, nearest=2, sorted_floor=sorted_floor
    )


def ids(results: ResultList) -> list[str]:
    return [READER.items[row].id for row in results.rows]


def brand(*names: str) -> Filters:
    return Filters({"brand": names})


def test_union_with_all_scores() -> None:
    results = listed(Matches(lexical(), semantic()))
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
    results = listed(Matches(lexical(), semantic()))
    ranks = {n: dict(zip(ids(results), channel.ranks.tolist(), strict=True)) for n, channel in results.channels.items()}
    assert ranks["lexical"] == {"p1": 1, "p2": 2, "p3": 3, "p4": 0}
    assert ranks["semantic"] == {"p3": 1, "p4": 2, "p1": 0, "p2": 0}


@pytest.mark.parametrize("fuser", [FUSER, ReciprocalRank(60)], ids=["weighted", "rrf"])
@pytest.mark.parametrize("sort", list(Sort))
def test_a_score_is_the_sum_of_its_parts(fuser: Weighted | ReciprocalRank, sort: Sort) -> None:
    results = build_list(
        READER.reader,
        Matches(lexical(), semantic()),
        NOTHING,
        sort,
        fuser,
        depth=100,
        ranked=99,
        nearest=2,
        sorted_floor=0.0,
    )  # fmt: skip
    np.testing.assert_allclose(results.scores, sum(results.contributions.values()), rtol=1e-6)


@pytest.mark.parametrize("filters", [brand("花田"), brand("山风", "晨光"), brand("花田", "山风")], ids=str)
def test_a_filter_only_selects(filters: Filters) -> None:
    matches = Matches(lexical(floor=0.25), semantic())
    everything, selected = listed(matches), listed(matches, filters)
    passing = [i for i, row in enumerate(everything.rows) if READER.items[row].brand in filters.keywords["brand"]]
    assert selected.rows.tolist() == everything.rows[passing].tolist()
    assert selected.scores.tolist() == everything.scores[passing].tolist()
    assert selected.match == everything.match


def test_a_filter_asks_again_where_the_list_was_cut() -> None:
    matches = Matches(lexical(depth=1), None)
    assert ids(listed(matches, depth=1)) == ["p1"]
    assert not listed(matches, depth=1).complete
    assert ids(listed(matches, brand("山风"), depth=1)) == ["p2"]
    assert listed(matches, brand("山风"), depth=1).complete


def test_nearest_where_a_filter_leaves_nothing() -> None:
    nearest = listed(Matches(lexical(), semantic()), brand("小满"))
    assert (ids(nearest), nearest.match, nearest.complete) == (["p8"], "nearest", True)
    cut = listed(Matches(lexical(), semantic()), brand("海蓝"))
    assert (ids(cut), cut.match, cut.complete) == (["p7", "p6"], "nearest", False)
    nothing = listed(Matches(lexical(), None), brand("海蓝"))
    assert (ids(nothing), nothing.match, nothing.complete) == ([], "none", True)
    unknown = listed(Matches(lexical(), semantic()), brand("没有"))
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
    results = listed(Matches(lexical(enough=enough), semantic()), sort=Sort.PRICE_ASC, sorted_floor=sorted_floor)
    assert ids(results) == expected


def test_a_sorted_list_shows_what_there_is() -> None:
    results = listed(Matches(lexical(), semantic()), brand("晨光"), Sort.PRICE_ASC, sorted_floor=0.6)
    assert ids(results) == ["p3"]


def test_all_words_are_enough_for_a_sorted_list() -> None:
    # With all of its words found an item stays, however little they score beside the best.
    reader = TinyReader([Item("p1", "红 裙 长", price=2), Item("p2", "红", price=1)])
    options = LexicalOptions({"title": 1.0}, 9, 1, 0.75, 0.0)
    match = recall_lexical(reader.reader, asked("红 裙 长", optional="裙 长"), options)
    assert match.step == "all"
    results = build_list(
        reader.reader,
        Matches(match, None),
        NOTHING,
        Sort.PRICE_ASC,
        FUSER,
        depth=9,
        ranked=99,
        nearest=2,
        sorted_floor=0.9,
    )
    assert results.rows.tolist() == [1, 0]


def test_one_channel_and_none() -> None:
    only = listed(Matches(None, semantic()))
    assert (ids(only), only.match, set(only.channels)) == (["p3", "p4"], "nearest", {"semantic"})
    unmatched = listed(Matches(lexical("袜"), semantic()))
    assert (ids(unmatched), unmatched.match) == (["p3", "p4"], "nearest")
    nothing = listed(Matches(None, None))
    assert (ids(nothing), nothing.match, nothing.complete) == ([], "none", True)

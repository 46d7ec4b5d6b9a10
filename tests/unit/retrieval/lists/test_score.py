"""Scores of a list:

1. What was looked at has the score of its features and none of its channels; the rest keeps its fused score. All parts
   of a score sum to it, and groups, shops and brands are those of its own row, 0 where nobody looked.
2. The closer look is the one for words alone where the vectors did not answer.
3. What cannot be an answer leaves the list, what nobody looked at stays; a denied list is empty and says how many
   candidates it had, and how good the best of them was.
4. Of several spellings the one that the catalogue answers best says whether the list is denied; a document has the
   score, with its parts, and the relevance of the one that it answers best, of equals the first, and stands by any.
5. Without stages, or with nothing to look at, a list is as it was fused.
6. The closer look sees the vectors of the query and of its own rows, where it reads them and there are any.
7. A list that names a thing which a category word means is not denied; that one has the amount said is no reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from retrieval.fusion.fusers import ChannelScores
from retrieval.late.query import QueryVectors
from retrieval.lists.fuse import Fused
from retrieval.lists.score import Scored, features_of, score
from retrieval.lists.select import Selection
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import ForwardRows, word_hash
from retrieval.ranking.stage import Look, Stages
from retrieval.ranking.things import Meaning, Things
from retrieval.types import FloatArray, IntArray, Match
from retrieval.understanding.kinds import IntentKind, Kind
from retrieval.understanding.plan import CategoryGuess, Intent, Plan
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import row

ROWS = (3, 5, 8, 9)
FUSED = (0.5, 0.25, 2.0, 1.0)
CLOSELY = (5, 9)
NOW = 1_700_000_000
FORWARD = {
    5: row("铁锅 大号", brand="苏泊尔", category=["厨具", "锅"], shop="一号店"),
    9: row("毛衣 500g", brand="恒源祥", category=["女装", "毛衣"], shop="二号店"),
}
VECTORS = {5: (0.6, 0.8), 9: (1.0, 0.0)}
POT = Plan("铁锅", built_in_analyzer().query("铁锅"), term_kinds={"铁锅": Kind.PRODUCT},
           categories=(CategoryGuess("厨具/锅", 1.0),), category_entropy=0.0)  # fmt: skip


class Shelf:
    """Forward rows of the documents that are looked at."""

    reader = cast(
        IndexReader,
        SimpleNamespace(
            forward=lambda rows: [FORWARD[one] for one in rows.tolist()],
            vectors=lambda rows: np.array([VECTORS[one] for one in rows.tolist()], np.float32),
        ),
    )


@dataclass
class Eye:
    """Sees of each text what it was told to; remembers what it was shown."""

    scores: tuple[float, float] = (7.0, 8.0)
    standing: tuple[bool, bool] = (True, True)
    best: Mapping[str, float] = field(default_factory=dict)
    chances: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    denied: frozenset[str] = frozenset()
    shown: list[dict[str, Any]] = field(default_factory=list)
    meaning: Meaning | None = None
    reads_vectors: bool = False
    things: Things | None = None

    def look(
        self, text: Any, setting: Any, rows: ForwardRows, channels: Any, meaning: Meaning | None, **flags: bool
    ) -> Look:
        self.shown.append(
            {"text": text.text, "now": setting.now, "brands": rows.brands.tolist(), "channels": channels} | flags
        )
        self.meaning = meaning
        size = len(rows.groups)
        scores = np.array(self.scores[:size], np.float32) + np.float32(len(text.text))
        parts = {"words": scores * np.float32(0.75), "rest": scores * np.float32(0.25)}
        stands = np.array(self.standing[:size])
        chances = np.array(self.chances.get(text.text, (0.9, 0.6))[:size], np.float32)
        return Look(scores, parts, chances, stands, text.text in self.denied, self.best.get(text.text, 0.5))

    def features(
        self, text: Any, setting: Any, rows: ForwardRows, channels: Any, meaning: Meaning | None
    ) -> dict[str, Any]:
        self.look(text, setting, rows, channels, meaning)
        return {"bm25": channels["lexical"].values}


def channel(values: tuple[float, ...] = FUSED) -> ChannelScores:
    return ChannelScores(np.array(values, np.float32), np.array([2, 3, 1, 0]), (0.0, 2.0))


def selection(closely: tuple[int, ...] = CLOSELY) -> Selection:
    rows: IntArray = np.array(ROWS)
    return Selection(rows, {}, rows[:0], np.array(closely, np.int64), Match.MOST, complete=False)


def fused(*channels: str) -> Fused:
    half: FloatArray = np.array(FUSED, np.float32) * np.float32(0.5)
    return Fused(dict.fromkeys(channels, channel()), {"lexical": half, "semantic": half}, half + half)


def scored(
    full: Eye, words: Eye | None = None, *, plan: Plan = POT, deny: bool = True,
    channels: tuple[str, ...] = ("lexical", "semantic"), closely: tuple[int, ...] = CLOSELY,
) -> Scored:  # fmt: skip
    stages = cast(Stages, SimpleNamespace(full=full, words=words, now=NOW))
    return score(Shelf.reader, selection(closely), fused(*channels), plan, stages, deny=deny)


def rows_of(found: Scored) -> list[int]:
    return [int(one) for one in found.rows]


def test_parts() -> None:  # 1
    found = scored(Eye())
    assert rows_of(found) == list(ROWS)
    assert found.scores.tolist() == [0.5, 9.0, 2.0, 10.0]
    assert found.looked_at.tolist() == [False, True, False, True]
    assert found.relevance[[1, 3]].tolist() == pytest.approx([0.9, 0.6])
    assert found.contributions["lexical"].tolist() == [0.25, 0, 1.0, 0]
    assert [found.parts(place)["words"] for place in range(4)] == [0, 6.75, 0, 7.5]
    features = np.array([sum(found.parts(place).values()) for place in range(4)])
    assert (sum(found.contributions.values()) + features).tolist() == found.scores.tolist()
    assert found.channels["semantic"].values.tolist() == list(FUSED)
    assert found.brands.tolist() == [0, word_hash("苏泊尔"), 0, word_hash("恒源祥")]
    assert found.shops.tolist() == [0, word_hash("一号店"), 0, word_hash("二号店")]
    rows = ForwardRows.decode([FORWARD[5], FORWARD[9]])
    assert found.groups.tolist() == [0, int(rows.groups[0]), 0, int(rows.groups[1])]
    assert (found.match, found.complete, found.best, found.denied) == (Match.MOST, False, 0.5, 0)
    assert {part.dtype for part in (found.scores, found.relevance, *found.contributions.values())} == {
        np.dtype(np.float32)
    }
    assert [part.dtype for part in (found.groups, found.shops, found.brands)] == [np.uint64, np.uint32, np.uint32]


def test_what_is_shown() -> None:  # 1
    eye = Eye()
    scored(eye, deny=False)
    (shown,) = eye.shown
    assert (shown["text"], shown["now"], shown["strict"], shown["deny"]) == ("铁锅", NOW, False, False)
    assert shown["brands"] == [word_hash("苏泊尔"), word_hash("恒源祥")]
    assert {name: given.values.tolist() for name, given in shown["channels"].items()} == {
        "lexical": [0.25, 1.0], "semantic": [0.25, 1.0],
    }  # fmt: skip
    given = shown["channels"]["lexical"]
    assert (given.ranks.tolist(), given.scale) == ([3, 0], (0.0, 2.0))
    question = replace(POT, intent=Intent(IntentKind.NOT_SHOPPING, 0.0, {}))
    scored(eye, plan=question)
    assert (eye.shown[-1]["strict"], eye.shown[-1]["deny"]) == (True, True)


def test_words_alone() -> None:  # 2
    full, words = Eye(), Eye(scores=(1.0, 2.0))
    assert scored(full, words, channels=("lexical",)).scores.tolist() == [0.5, 3.0, 2.0, 4.0]
    assert (len(full.shown), len(words.shown)) == (0, 1)
    assert scored(full, words, channels=("semantic",)).scores.tolist() == [0.5, 9.0, 2.0, 10.0]
    assert (len(full.shown), len(words.shown)) == (1, 1)


def test_what_cannot_be_an_answer() -> None:  # 3
    found = scored(Eye(standing=(False, True)))
    assert rows_of(found) == [3, 8, 9]
    assert found.scores.tolist() == [0.5, 2.0, 10.0]
    none = scored(Eye(denied=frozenset({"铁锅"}), best={"铁锅": 0.04}))
    assert (rows_of(none), none.denied, none.best, none.match, none.complete) == ([], 4, 0.04, Match.NONE, True)
    for part in (none.scores, none.relevance, none.groups, none.shops, none.brands):
        assert part.shape == (0,)
    assert none.take(none.rows).denied == 4


@pytest.mark.parametrize("best", [{"铁锅": 0.4, "铁锅铲": 0.6}, {"铁锅": 0.6, "铁锅铲": 0.4}])
def test_the_best_spelling(best: dict[str, float]) -> None:  # 4
    both = replace(POT, beside=(built_in_analyzer().query("铁锅铲"),))
    assert scored(Eye(best=best), plan=both).scores.tolist() == [0.5, 9.0, 2.0, 10.0]
    chances = {"铁锅": (0.9, 0.1), "铁锅铲": (0.2, 0.8)}
    found = scored(Eye(best=best, chances=chances), plan=both)
    assert found.relevance[[1, 3]].tolist() == pytest.approx([0.9, 0.8])
    assert found.scores.tolist() == [0.5, 9.0, 2.0, 11.0]
    assert [found.parts(place)["words"] for place in (1, 3)] == [0.75 * 9, 0.75 * 11]
    other = scored(Eye(best=best, denied=frozenset({"铁锅"})), plan=both)
    assert (len(other.rows) == 0) == (best["铁锅"] > best["铁锅铲"])


def test_nobody_looks() -> None:  # 5
    none = score(Shelf.reader, selection(), fused("lexical"), POT, None, deny=True)
    eye = Eye()
    for found in (none, scored(eye, closely=())):
        assert (rows_of(found), found.scores.tolist(), found.features) == (list(ROWS), list(FUSED), {})
        assert not found.looked_at.any()
        assert found.relevance.dtype == np.float32
        assert (found.match, found.complete, found.best, found.denied) == (Match.MOST, False, None, 0)
        assert {found.groups.tobytes(), found.shops.tobytes() * 2, found.brands.tobytes() * 2} == {bytes(32)}
    assert eye.shown == []


def test_vectors() -> None:  # 6
    things = Things.unlearned(np.zeros((1, 2), np.float32))
    query = QueryVectors(np.array([0, 1], np.float32))
    for eye, seen in ((Eye(things=things, reads_vectors=True), [0.8, 0.0]), (Eye(things=things), None), (Eye(), None)):
        stages = cast(Stages, SimpleNamespace(full=eye, words=None, now=NOW))
        score(Shelf.reader, selection(), fused("semantic"), POT, stages, deny=True, query=query)
        assert (eye.meaning.cosines().tolist() if eye.meaning else None) == (pytest.approx(seen) if seen else None)
    assert scored(blind := Eye(things=things, reads_vectors=True)).rows.size
    assert blind.meaning is None


def test_features_to_learn_from() -> None:  # 1
    eye = Eye()
    stages = cast(Stages, SimpleNamespace(full=eye, words=None, now=NOW))
    values = features_of(Shelf.reader, selection(), fused("lexical"), POT, stages)
    assert {name: given.tolist() for name, given in values.items()} == {"bm25": [0.25, 1.0]}
    assert (eye.shown[0]["now"], eye.shown[0]["text"]) == (NOW, "铁锅")


@pytest.mark.parametrize(("instance", "deny"), [("毛衣", False), ("=g:500", True), ("=g:5", True), ("裙", True)])
def test_denial_beside_instances(instance: str, deny: bool) -> None:  # 7
    eye = Eye()
    scored(eye, plan=replace(POT, instances={instance: built_in_analyzer().query("另")}))
    assert next(shown["deny"] for shown in eye.shown if shown["text"] == "铁锅") is deny

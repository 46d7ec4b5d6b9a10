"""What is left out of an answer by its words:

1. A query is read as it was typed and as it is searched; other names of a thing are no reading of it, but what letters
   stand for are.
2. A query that is banned is answered with nothing, and nothing is shown of what it was read as.
3. A correction, a category, a cause or a suggestion that may not be offered is left out, and nothing else is; where no
   cause is left the answer says that nothing matches.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from retrieval.analysis.analyzer import QueryText
from retrieval.answer import QueryView, SearchResponse, Total
from retrieval.lists.refused import readings, refused, spared
from retrieval.request import ListRequest, PageRequest
from retrieval.search import Search
from retrieval.snapshot import Snapshot
from retrieval.takedowns.bans import Ban, NoBans
from retrieval.types import EVERYTHING, Match, Sort
from retrieval.understanding.kinds import CauseKind, CorrectionAction, CorrectionKind, IntentKind
from retrieval.understanding.plan import Action, Autopsy, CategoryGuess, Cause, Correction, Intent, Plan, Understood

INTENT = Intent(IntentKind.ITEM, 0.4, {})


def text(words: str) -> QueryText:
    return QueryText(words, words, (), {})


def plan(query: str, **more: Any) -> Plan:
    return Plan(query, text(query), **{"intent": INTENT, **more})


class Says(NoBans):
    """Only 枪 may not be said."""

    def unsayable(self, text: str) -> bool:
        return "枪" in text


def correction(to: str) -> Correction:
    return Correction(to, CorrectionKind.PINYIN, 0.5, CorrectionAction.SUGGEST)


@pytest.mark.parametrize(
    ("query", "expected"),
    [("shouqiang", {"shouqiang", "手枪", "手腔"}), ("水枪", {"水枪"})],
)
def test_readings(query: str, expected: set[str]) -> None:  # 1
    beside = (text("手枪"), text("手腔")) if query.isascii() else (text("喷水枪"),)
    assert set(readings(query, plan(query, beside=beside))) == expected
    assert "喷枪" in readings("喷腔", plan("喷腔", correction=correction("喷枪")))


@pytest.mark.parametrize("told", [True, False])
def test_refused(told: bool) -> None:  # 2
    page = PageRequest(Snapshot("g1"), ListRequest("手枪"), facets=("brand",))
    search = cast(Search, SimpleNamespace(page=page))
    answer = refused(search, "打火机", plan("手枪", correction=correction("手枪")), Ban(told))
    assert (answer.hits, answer.total, answer.facets, answer.next_cursor) == ((), Total(0, "eq"), {"brand": ()}, None)
    assert "枪" not in repr((answer.query, answer.understood))
    (cause,) = answer.understood.autopsy.causes
    assert cause.kind is (CauseKind.TAKEN_DOWN if told else CauseKind.NO_MATCH)


def test_spared() -> None:  # 3
    causes = (
        Cause(CauseKind.TYPO, "您是不是要找“水枪”", action=Action(query="水枪")),
        Cause(CauseKind.UNKNOWN_WORD, "没有商品提到“x”", action=Action(query="枪")),
        Cause(CauseKind.STOCK, "没有货", action=Action(drop_filters=("in_stock",))),
    )
    read = Understood(
        plan(
            "x", correction=correction("水枪"), categories=(CategoryGuess("玩具/水枪", 0.6), CategoryGuess("玩具", 0.3))
        ),
        autopsy=Autopsy(causes, ("水枪", "水杯")),
    )
    page = SearchResponse(
        QueryView("x", "x", (), Match.NONE, False), EVERYTHING, Sort.RELEVANCE, (), Total(0, "eq"), {}, None, "g1", (),
        read,
    )  # fmt: skip
    found = spared(page, Says()).understood
    assert (found.plan.correction, [guess.category for guess in found.plan.categories]) == (None, ["玩具"])
    assert found.autopsy == Autopsy((replace(causes[1], action=Action()), causes[2]), ("水杯",))
    assert spared(page, NoBans()).understood == read
    alone = replace(page, understood=replace(read, autopsy=Autopsy(causes[:1], ())))
    assert [cause.kind for cause in spared(alone, Says()).understood.autopsy.causes] == [CauseKind.NO_MATCH]
    assert spared(replace(page, understood=None), Says()).understood is None

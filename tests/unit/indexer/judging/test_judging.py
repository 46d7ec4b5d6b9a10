"""Judging by two:

1. Cohen's kappa, and the weighted one, of tables whose values are known; none without pairs, or where nothing differs.
2. A judge gets query by query, documents in an own order, and of the grades only the own ones.
3. Before both are through nothing is told of the agreement; then that of the blind grades, and what is disputed, which
   graded again changes what is exported and not the agreement.
4. The exported files are what `xunhuo eval run` reads: the lower of two grades, and queries with their ids.
5. A third judge, a set of a known name, grades that are none, and a set that is not there are refused.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.inputs import read_qrels, read_queries
from indexer.judging.desk import JudgingDesk
from indexer.judging.kappa import agreement
from retrieval.answer import Hit, QueryView, SearchResponse, Total
from retrieval.changes.sqlite_journal import SqliteJournal
from retrieval.errors import InvalidRequest, NotFound, StateConflict
from retrieval.request import SearchRequest
from retrieval.types import Filters, Match, Sort

ME, YOU = "小王", "小李"


def search(request: SearchRequest) -> SearchResponse:
    """Three things a query, one of whose ids could stand in no file."""
    ids = [f"{request.query}{n}" for n in (1, 2, 3)][: request.size]
    hits = tuple(
        Hit(id, "product", n, 1.0, {"id": id, "title": id, "price": 9.5, "shop": {"name": "店"}}, {}, None)
        for n, id in enumerate([*ids, "a b"], start=1)
    )
    view = QueryView(request.query, request.query, (request.query,), Match.ALL, truncated=False)
    total = Total(len(hits), "eq")
    return SearchResponse(view, Filters(), Sort.RELEVANCE, hits, total, {}, None, "g1", (), None, 0.5)


@pytest.fixture
def desk(tmp_path: Path) -> JudgingDesk:
    made = JudgingDesk(SqliteJournal(tmp_path / "journal.db"), search)
    made.make("cups", ["杯", " 碗 ", "杯"], 3, by=ME)
    return made


def through(desk: JudgingDesk, judge: str, grades: dict[str, int]) -> None:
    """Grades all that is handed out: `grades`, else 3."""
    while (topic := desk.next("cups", judge).topic) is not None:
        desk.grade("cups", judge, topic.qid, {each.id: grades.get(each.id, 3) for each in topic.documents})


def test_kappa() -> None:  # 1
    # Cohen's own kind of table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: po 0.7, pe 0.5.
    found = agreement([(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15)
    assert found
    assert (found.pairs, found.same, found.table["1-0"]) == (50, 0.7, 5)
    assert found.kappa == pytest.approx(0.4)
    assert found.weighted == pytest.approx(0.4)  # of two grades both are the same
    near, far = agreement([(0, 1), (3, 3)]), agreement([(0, 3), (3, 3)])
    assert near
    assert far
    assert near.kappa == pytest.approx(1 / 3)  # po 1/2, pe 1/4
    assert (near.weighted or 0) > (far.weighted or 0)
    assert agreement([]) is None
    same = agreement([(2, 2)] * 3)
    assert same
    assert (same.same, same.kappa, same.weighted) == (1.0, None, None)


def test_blind(desk: JudgingDesk) -> None:  # 2, 3
    first = desk.next("cups", ME)
    assert first.topic
    assert (first.topic.query, first.size, first.done) == ("杯", 6, 0)
    assert {each.id for each in first.topic.documents} == {"杯1", "杯2", "杯3"}
    assert first.topic.documents[0].about == "店 · ¥9.5"
    orders = {
        tuple(each.id for each in task.topic.documents) for n in range(9) if (task := desk.next("cups", f"j{n}")).topic
    }
    assert len(orders) > 1
    assert desk.grade("cups", ME, "cups-1", {"杯1": 0}).given == {"杯1": 0}
    assert desk.next("cups", YOU).given == {}
    through(desk, ME, {"杯1": 0})
    sheet = desk.sheet("cups")
    assert (sheet.finished, sheet.agreement(), [*sheet.disputed()]) == (False, None, [])


def test_both_through(desk: JudgingDesk, tmp_path: Path) -> None:  # 3, 4
    through(desk, ME, {"杯1": 0, "碗2": 1})
    through(desk, YOU, {"杯1": 0, "碗2": 2})
    sheet = desk.sheet("cups")
    agreed = sheet.agreement()
    assert agreed
    assert (agreed.pairs, agreed.same, agreed.table) == (6, 5 / 6, {"0-0": 1, "1-2": 1, "3-3": 4})
    assert [(topic.query, document.id, grades) for topic, document, grades in sheet.disputed()] == [
        ("碗", "碗2", (1, 2))
    ]
    assert "cups-2 0 碗2 1\n" in [*sheet.qrels()]
    desk.grade("cups", ME, "cups-2", {"碗2": 2})
    again = desk.sheet("cups")
    assert (again.agreement(), [*again.disputed()]) == (agreed, [])
    qrels, queries = tmp_path / "qrels", tmp_path / "queries.tsv"
    qrels.write_text("".join(again.qrels()))
    queries.write_text("".join(again.queries()))
    assert read_qrels(qrels)["cups-2"] == {"碗1": 3, "碗2": 2, "碗3": 3}
    assert [(each.qid, each.text) for each in read_queries(queries)] == [("cups-1", "杯"), ("cups-2", "碗")]


def test_refused(desk: JudgingDesk) -> None:  # 5
    for judge in (ME, YOU):
        desk.grade("cups", judge, "cups-1", {"杯1": 1})
    with pytest.raises(StateConflict, match="has its 2 judges"):
        desk.next("cups", "小张")
    with pytest.raises(StateConflict, match="there is a set cups already"):
        desk.make("cups", ["盘"], 3, by=YOU)
    for qid, grades in (("cups-9", {"杯1": 1}), ("cups-1", {"碗1": 1}), ("cups-1", {"杯1": 4}), ("cups-1", {})):
        with pytest.raises(InvalidRequest, match="no grades of this query"):
            desk.grade("cups", ME, qid, grades)
    for name, asked in (("Cups!", ["杯"]), ("bowls", [" "])):
        with pytest.raises(InvalidRequest):
            desk.make(name, asked, 3, by=ME)
    with pytest.raises(NotFound, match="no set bowls"):
        desk.sheet("bowls")

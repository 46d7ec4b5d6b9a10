"""Sets of queries are made, handed out query by query to two judges, and graded; all of it is in the journal.

Neither judge sees a grade of the other, nor the order of the list, before both are through: documents come in an order
that the names of judge and document decide. Then what they differ on is shown, and each may grade it again; how far
they agreed is told of the first grades.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import orjson

from indexer.judging.sheet import GRADES, JUDGES, Grades, Pooled, Sheet, Topic
from retrieval.answer import Hit, SearchResponse
from retrieval.changes.journal import Change, Journal
from retrieval.errors import InvalidRequest, NotFound, StateConflict
from retrieval.request import SearchRequest

MADE, GRADED = "judging_set", "judgment"
"""Kinds of entries of the journal."""
MOST_QUERIES, MOST_DEPTH = 200, 50
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Task:
    """What a judge does next.

    Attributes:
        topic: the first query that is not all graded, in the judge's own order; None: the judge is through.
        given: document → the judge's own grade so far.
        done, size: documents graded, and of the set.
    """

    topic: Topic | None
    given: Mapping[str, int]
    done: int
    size: int


class JudgingDesk:
    """Safe to share between threads; `search` asks what is served."""

    def __init__(self, journal: Journal, search: Callable[[SearchRequest], SearchResponse]) -> None:
        self._journal, self._search = journal, search

    def make(self, name: str, queries: Sequence[str], depth: int, *, by: str) -> Sheet:
        """A set of what `queries` find now, the first `depth` of each.

        Raises:
            InvalidRequest: the name, the queries or the depth make no sense.
            StateConflict: there is a set of this name.
            NotReady, StorageError: nothing is served, or it cannot be kept.
        """
        asked = list(dict.fromkeys(text for query in queries if (text := " ".join(query.split()))))
        if not _NAME.fullmatch(name):
            hint = "1 to 40 of a-z, 0-9, - and _, a letter or digit first"
            raise InvalidRequest(f"{name[:60]!r} is no name of a set", field="name", hint=hint)
        if not 1 <= len(asked) <= MOST_QUERIES or not 1 <= depth <= MOST_DEPTH:
            hint = f"1 to {MOST_QUERIES} queries, 1 to {MOST_DEPTH} documents of each"
            raise InvalidRequest("there is nothing to judge, or too much", field="queries", hint=hint)
        topics = [self._pooled(f"{name}-{number}", query, depth) for number, query in enumerate(asked, start=1)]
        body = orjson.dumps({"topics": [topic for topic in topics if topic.documents]})
        change = Change(MADE, name, body, f"{MADE}:{name}", by, time.time())
        (position,) = self._journal.append([change])
        (kept,) = self._journal.read(position - 1, 1, (MADE,))
        if kept.change != change:
            raise StateConflict(f"there is a set {name} already", field="name", hint="choose another name")
        return self.sheet(name)

    def sheets(self) -> list[Sheet]:
        """All sets, the newest first. Raises StorageError."""
        return [*self._read().values()][::-1]

    def sheet(self, name: str) -> Sheet:
        """Raises NotFound, StorageError."""
        if (found := self._read().get(name)) is None:
            raise NotFound(f"there is no set {name[:60]}", field="name", hint="xunhuo judging list names them")
        return found

    def next(self, name: str, judge: str) -> Task:
        """What a judge does next. Raises NotFound, StateConflict, StorageError."""
        sheet = self.sheet(name)
        _check_judge(sheet, judge)
        said = sheet.said.get(judge, {})
        topic = next((each for each in sheet.topics if len(_last(said, each)) < len(each.documents)), None)
        given = dict(_last(said, topic)) if topic else {}
        shuffled = topic and replace(topic, documents=tuple(sorted(topic.documents, key=lambda d: _order(judge, d.id))))
        return Task(shuffled, given, sheet.done(judge), sheet.size)

    def grade(self, name: str, judge: str, qid: str, grades: Mapping[str, int]) -> Task:
        """Keeps grades of documents of one query; what comes next.

        Raises:
            InvalidRequest: there is no such query, document or grade.
            NotFound, StateConflict, StorageError: no such set; it has its judges; it cannot be kept.
        """
        sheet = self.sheet(name)
        _check_judge(sheet, judge)
        known = {topic.qid: {document.id for document in topic.documents} for topic in sheet.topics}
        if not grades or not set(grades) <= known.get(qid, set()) or not set(grades.values()) <= set(GRADES):
            hint = "grade documents of one query of the set, 0 to 3"
            raise InvalidRequest("these are no grades of this query", field="grades", hint=hint)
        body = orjson.dumps({"judge": judge, "qid": qid, "grades": dict(grades)})
        self._journal.append([Change(GRADED, name, body, by=judge, at=time.time())])
        return self.next(name, judge)

    def _pooled(self, qid: str, query: str, depth: int) -> Topic:
        hits = self._search(SearchRequest(query, size=depth, personalize=False)).hits
        # An id with white space could stand in no file of judgments.
        return Topic(qid, query, tuple(_pooled(hit) for hit in hits if len(hit.id.split()) == 1))

    def _read(self) -> dict[str, Sheet]:
        sheets: dict[str, Sheet] = {}
        read = 0
        while entries := self._journal.read(read, _AT_ONCE, (MADE, GRADED)):
            read = entries[-1].position
            for change in (entry.change for entry in entries):
                body = orjson.loads(change.body)
                if change.kind == MADE:
                    sheets[change.target] = Sheet(
                        change.target, change.by, change.at, tuple(map(_topic, body["topics"]))
                    )  # fmt: skip
                elif sheet := sheets.get(change.target):
                    _take(sheet, body["judge"], body["qid"], body["grades"])
        return sheets


def _take(sheet: Sheet, judge: str, qid: str, grades: Mapping[str, int]) -> None:
    """The first word is blind as long as not both are through; a judge too many counts for nothing."""
    if judge not in sheet.said and len(sheet.said) == JUDGES:
        return
    blind, said = not sheet.finished, sheet.said.setdefault(judge, {})
    known = said.get(qid, Grades({}, {}))
    first = {**known.first, **grades} if blind else known.first
    said[qid] = Grades(first, {**known.last, **grades})


def _check_judge(sheet: Sheet, judge: str) -> None:
    if judge not in sheet.said and len(sheet.said) >= JUDGES:
        raise StateConflict(f"set {sheet.name} has its {JUDGES} judges", field="judge", hint="make another set")


def _last(said: Mapping[str, Grades], topic: Topic) -> Mapping[str, int]:
    return said[topic.qid].last if topic.qid in said else {}


def _order(judge: str, id: str) -> bytes:
    return blake2b(f"{judge}\n{id}".encode(), digest_size=8).digest()


def _pooled(hit: Hit) -> Pooled:
    record = hit.source
    shop, price, path = record.get("shop") or {}, record.get("price"), record.get("category") or ()
    said = (record.get("brand"), "/".join(path), shop.get("name"), None if price is None else f"¥{price:g}")
    return Pooled(hit.id, str(record.get("title") or ""), " · ".join(str(each) for each in said if each))


def _topic(given: Mapping[str, object]) -> Topic:
    documents = tuple(Pooled(**each) for each in given["documents"])  # type: ignore[attr-defined]
    return Topic(str(given["qid"]), str(given["query"]), documents)

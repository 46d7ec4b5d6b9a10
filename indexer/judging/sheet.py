"""A set of queries with what they found, and what its judges said: the fold of its entries of the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from indexer.judging.kappa import Agreement, agreement

JUDGES = 2
GRADES = range(4)
"""0 不相关, 1 沾边, 2 基本符合, 3 完全符合: from 2 on it is an answer (docs/evaluation.md)."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """A document that is to be graded, as it was when the set was made; its place in the list is not kept."""

    id: str
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A query and its documents."""

    qid: str
    query: str
    documents: tuple[Pooled, ...]


@dataclass(frozen=True, slots=True)
class Grades:
    """What a judge said of a topic: document → grade; `first` before anything of the other judge could be seen."""

    first: Mapping[str, int]
    last: Mapping[str, int]


@dataclass(slots=True)
class Sheet:
    """A set. `said`: judge → qid → grades; at most `JUDGES` judges, in the order in which they came."""

    name: str
    by: str
    at: float
    topics: tuple[Topic, ...]
    said: dict[str, dict[str, Grades]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Documents to grade."""
        return sum(len(topic.documents) for topic in self.topics)

    def done(self, judge: str) -> int:
        """Documents that a judge graded."""
        return sum(len(grades.last) for grades in self.said.get(judge, {}).values())

    @property
    def finished(self) -> bool:
        """Both judges graded everything: only then may they see of each other."""
        return len(self.said) == JUDGES and all(self.done(judge) == self.size for judge in self.said)

    def agreement(self) -> Agreement | None:
        """Of the first grades, which were given blind; None before both are through."""
        if not self.finished:
            return None
        return agreement([(one.first[id], other.first[id]) for one, other in self._both() for id in one.first])

    def disputed(self) -> Iterator[tuple[Topic, Pooled, tuple[int, ...]]]:
        """Documents whose last grades differ, once both judges are through."""
        for topic in self.topics if self.finished else ():
            for document in topic.documents:
                given = tuple(said[topic.qid].last[document.id] for said in self.said.values())
                if len(set(given)) > 1:
                    yield topic, document, given

    def qrels(self) -> Iterator[str]:
        """TREC lines of all that was graded; where the judges differ the lower grade counts."""
        for topic in self.topics:
            for document in topic.documents:
                given = [
                    said[topic.qid].last[document.id] for said in self.said.values()
                    if document.id in said.get(topic.qid, Grades({}, {})).last
                ]  # fmt: skip
                if given:
                    yield f"{topic.qid} 0 {document.id} {min(given)}\n"

    def queries(self) -> Iterator[str]:
        """Lines ``qid<TAB>query``."""
        return (f"{topic.qid}\t{topic.query}\n" for topic in self.topics)

    def _both(self) -> Iterator[tuple[Grades, Grades]]:
        one, other = self.said.values()
        return ((one[topic.qid], other[topic.qid]) for topic in self.topics)

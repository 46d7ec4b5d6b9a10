"""The rows of a reader that stand taken down: found once for each take-down in each generation, remembered.

What a generation was built of is asked by its marks, and by the pieces of a word. What was written since (rows behind
those it was built with) is read, each row once, so a product that comes later and falls under something that stands is
gone from its first moment on. Whether a row is gone for another reason too makes no difference: whatever comes back
is still taken down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import orjson
from cachetools import LRUCache

from retrieval.analysis.analyzer import grams
from retrieval.protocols import IndexReader
from retrieval.schema import MARKS, PRODUCT, VIDEO
from retrieval.takedowns.marks import KINDS, id_mark, marks_of, telling
from retrieval.takedowns.standing import Standing
from retrieval.takedowns.takedown import Kind, TakeDown
from retrieval.takedowns.words import Words
from retrieval.types import Filters, IntArray

_KEPT = 12
"""Collections of generations: three kinds of the few that are open."""
_BATCH = 2_000
_EMPTY: IntArray = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What of a record a take-down may hit."""

    marks: frozenset[str]
    text: str

    def hit(self, takedown: TakeDown, words: Words) -> bool:
        if takedown.kind is Kind.WORD:
            return words.found(self.text) is not None
        return not self.marks.isdisjoint(takedown.marks)


@dataclass(slots=True)
class _Known:
    """What is known of a collection.

    Attributes:
        built: target → its rows among those that the generation was built with.
        facts: of the rows behind these, in their order; unmarked: of all before, where these carry no marks.
        later: target → rows among those behind; looked: target → so many of these were looked at for it.
        union: for which position and bound, and the rows of all targets.
        reader: the generation as it was built.
    """

    built: dict[str, IntArray] = field(default_factory=dict)
    facts: list[_Facts] = field(default_factory=list)
    later: dict[str, list[int]] = field(default_factory=dict)
    looked: dict[str, int] = field(default_factory=dict)
    unmarked: list[_Facts] | None = None
    union: tuple[object, IntArray] = ((), _EMPTY)
    reader: IndexReader | None = None
    lock: Lock = field(default_factory=Lock)


class GoneRows:
    """Thread-safe."""

    def __init__(self) -> None:
        self._known: LRUCache[tuple[str, str], _Known] = LRUCache(_KEPT)
        self._lock = Lock()

    def of(self, kind: str, built: IndexReader, now: IndexReader, standing: Standing) -> IntArray:
        """Rows of `now` that stand taken down, ascending.

        Args:
            kind: of the documents.
            built: the generation as it was built, nothing gone.
            now: the same with what was written since; its first rows are those of `built`.
        """
        takedowns = standing.of(*KINDS[kind])
        if not takedowns:
            return _EMPTY
        known = self._of(kind, built)
        with known.lock:
            known.reader = built
            asked = (standing.position, now.rows)
            if known.union[0] != asked:
                found = [self._rows(known, kind, built, now, each) for each in takedowns]
                known.union = (asked, np.unique(np.concatenate(found)).astype(np.int64))
            return known.union[1]

    def again(self, kind: str, now: IndexReader, standing: Standing) -> IntArray:
        """As `of`, for a reader of a generation that was asked about as it was built; else of what it still shows."""
        return self.of(kind, self._of(kind, now).reader or now, now, standing)

    def hit(self, kind: str, now: IndexReader, takedowns: Iterable[TakeDown]) -> IntArray:
        """As `again`, by some of them; nothing of it is remembered but what each hits."""
        known = self._of(kind, now)
        with known.lock:
            found = [self._rows(known, kind, known.reader or now, now, each) for each in takedowns]
        return np.unique(np.concatenate([_EMPTY, *found])).astype(np.int64)

    def _rows(self, known: _Known, kind: str, built: IndexReader, now: IndexReader, takedown: TakeDown) -> IntArray:
        target = takedown.target
        if target not in known.built:
            known.built[target] = _built_rows(known, kind, built, takedown)
        later = known.later.setdefault(target, [])
        _read_facts(known, kind, built.rows, now)
        if (start := known.looked.get(target, 0)) < len(known.facts):
            words = Words([takedown.value])
            later += [built.rows + at for at in range(start, len(known.facts)) if known.facts[at].hit(takedown, words)]
            known.looked[target] = len(known.facts)
        behind = np.array(later, np.int64)
        return np.concatenate([known.built[target], behind[behind < now.rows]])

    def _of(self, kind: str, built: IndexReader) -> _Known:
        key = kind, built.manifest.generation
        with self._lock:
            if key not in self._known:
                self._known[key] = _Known()
            return self._known[key]


def _built_rows(known: _Known, kind: str, built: IndexReader, takedown: TakeDown) -> IntArray:
    if takedown.target == _own_target(kind, takedown):
        row = built.row_of(takedown.value)
        return _EMPTY if row is None else np.array([row], np.int64)
    if takedown.kind is Kind.WORD:
        return _with_word(kind, built, takedown)
    if built.manifest.collections[kind].marked:
        return built.rows_passing(Filters({MARKS: takedown.marks}))
    if known.unmarked is None:
        known.unmarked = [*_facts(kind, built, np.arange(built.rows))]
    hit = (row for row, facts in enumerate(known.unmarked) if not facts.marks.isdisjoint(takedown.marks))
    return np.fromiter(hit, np.int64)


def _own_target(kind: str, takedown: TakeDown) -> str:
    return id_mark(kind, takedown.value) if kind in (PRODUCT.kind, VIDEO.kind) else ""


def _with_word(kind: str, built: IndexReader, takedown: TakeDown) -> IntArray:
    """Documents that have all its pieces, and of these those that have it whole."""
    pieces = tuple((piece,) for piece in grams(takedown.text))
    rows = built.rows_passing(Filters(having=pieces)) if pieces else _EMPTY
    words, hit = Words([takedown.value]), []
    for start in range(0, len(rows), _BATCH):
        records = map(orjson.loads, built.sources(rows[start : start + _BATCH]))
        hit += [words.found(telling(kind, record)) is not None for record in records]
    return rows[np.array(hit, np.bool_)]


def _read_facts(known: _Known, kind: str, first: int, now: IndexReader) -> None:
    """Of rows that were not read yet."""
    known.facts += _facts(kind, now, np.arange(first + len(known.facts), now.rows))


def _facts(kind: str, reader: IndexReader, rows: IntArray) -> Iterable[_Facts]:
    for start in range(0, len(rows), _BATCH):
        for source in reader.sources(rows[start : start + _BATCH]):
            record = orjson.loads(source)
            own = (id_mark(kind, record["id"]),) if kind in (PRODUCT.kind, VIDEO.kind) else ()
            yield _Facts(frozenset((*own, *marks_of(kind, record))), telling(kind, record))

"""The rows of a reader that stand taken down: found once for each take-down in each generation, remembered.

What a generation was built of is asked by its marks, and by the pieces of a word. What was written since (rows behind
those it was built with) is read, each row once, so a product that comes later and falls under something that stands is
gone from its first moment on. Whether a row is gone for another reason too makes no difference: whatever comes back
is still taken down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
_ANSWERS = 16
"""Of earlier positions and bounds: those of cursors."""
_BATCH = 2_000
_EMPTY: IntArray = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What of a record a take-down may hit."""

    marks: frozenset[str]
    text: str


class _Hits:
    """Whether any of some take-downs hits a record, in time that does not grow with how many there are."""

    def __init__(self, takedowns: Iterable[TakeDown]) -> None:
        every = tuple(takedowns)
        self._marks = {mark for each in every if each.kind is not Kind.WORD for mark in each.marks}
        self._words = Words(each.value for each in every if each.kind is Kind.WORD)

    def places(self, facts: list[_Facts], first: int = 0, last: int | None = None) -> list[int]:
        """Places in ``facts[first:last]`` of those that are hit."""
        until = len(facts) if last is None else last
        return [at for at in range(first, until) if self._hit(facts[at])]

    def _hit(self, facts: _Facts) -> bool:
        return not self._marks.isdisjoint(facts.marks) or self._words.found(facts.text) is not None


@dataclass(slots=True)
class _Known:
    """What is known of a collection.

    Attributes:
        reader: the generation as it was built.
        built: take-down → its rows among those that it was built with.
        facts: of the rows behind these, in their order; unmarked: of all before, where these carry no marks.
        position: of what stood when `counted`, `union` (rows as built) and `behind` (places in `facts`, of the first
            `looked`) were made; they go forward with it.
        hits: by all that stood then.
    """

    reader: IndexReader | None = None
    built: dict[str, IntArray] = field(default_factory=dict)
    facts: list[_Facts] = field(default_factory=list)
    unmarked: list[_Facts] | None = None
    position: int = -1
    counted: set[str] = field(default_factory=set)
    union: IntArray = field(default_factory=lambda: _EMPTY)
    behind: list[int] = field(default_factory=list)
    looked: int = 0
    hits: _Hits = field(default_factory=lambda: _Hits(()))
    answers: LRUCache[tuple[int, int], IntArray] = field(default_factory=lambda: LRUCache(_ANSWERS))
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
        known, key = self._of(kind, built), (standing.position, now.rows)
        with known.lock:
            known.reader = built
            found = known.answers.get(key)
            if found is None:
                takedowns = {_name(each): each for each in standing.of(*KINDS[kind])}
                _read_facts(known, kind, built.rows, now)
                if standing.position >= known.position:
                    _go_forward(known, kind, built, takedowns, standing.position)
                    union, behind = known.union, known.behind
                else:
                    union, behind = _afresh(known, kind, built, takedowns.values())
                found = known.answers[key] = _joined(union, behind, built.rows, now.rows)
            return found

    def again(self, kind: str, now: IndexReader, standing: Standing) -> IntArray:
        """As `of`, for a reader of a generation that was asked about as it was built; else of what it still shows."""
        return self.of(kind, self._of(kind, now).reader or now, now, standing)

    def hit(self, kind: str, now: IndexReader, takedowns: Iterable[TakeDown]) -> IntArray:
        """As `again`, by some of them."""
        known = self._of(kind, now)
        with known.lock:
            built = known.reader or now
            _read_facts(known, kind, built.rows, now)
            return _joined(*_afresh(known, kind, built, tuple(takedowns)), built.rows, now.rows)

    def _of(self, kind: str, built: IndexReader) -> _Known:
        key = kind, built.manifest.generation
        with self._lock:
            if key not in self._known:
                self._known[key] = _Known()
            return self._known[key]


def _go_forward(
    known: _Known, kind: str, built: IndexReader, takedowns: Mapping[str, TakeDown], position: int
) -> None:  # fmt: skip
    """Counts what stands at a later position: only what is new, unless something was taken back."""
    if not known.counted <= takedowns.keys():
        known.counted, known.union, known.behind, known.looked = set(), _EMPTY, [], 0
    added = [each for name, each in takedowns.items() if name not in known.counted]
    if added:
        known.union = np.unique(np.concatenate([known.union, *_look_up(known, kind, built, added)])).astype(np.int64)
        known.behind += _Hits(added).places(known.facts, last=known.looked)
    if added or known.position != position:
        known.hits = _Hits(takedowns.values())
    known.behind += known.hits.places(known.facts, known.looked)
    known.counted, known.looked, known.position = set(takedowns), len(known.facts), position


def _afresh(
    known: _Known, kind: str, built: IndexReader, takedowns: Iterable[TakeDown]
) -> tuple[IntArray, list[int]]:  # fmt: skip
    """Rows as built, and places behind them, of some take-downs."""
    every = tuple(takedowns)
    rows = np.concatenate([_EMPTY, *_look_up(known, kind, built, every)])
    return rows, _Hits(every).places(known.facts)


def _joined(union: IntArray, behind: Iterable[int], first: int, bound: int) -> IntArray:
    later = first + np.fromiter(behind, np.int64)
    return np.unique(np.concatenate([union, later[later < bound]])).astype(np.int64)


def _look_up(known: _Known, kind: str, built: IndexReader, takedowns: Iterable[TakeDown]) -> list[IntArray]:
    """The rows of each as built, looked up once; those that are named by their ids in one question."""
    every = tuple(takedowns)
    new = [each for each in every if _name(each) not in known.built]
    own = [each for each in new if each.target == _own_target(kind, each)]
    for each, row in zip(own, built.rows_of([each.value for each in own]), strict=True):
        known.built[_name(each)] = _EMPTY if row is None else np.array([row], np.int64)
    for each in new:
        if _name(each) not in known.built:
            known.built[_name(each)] = _built_rows(known, kind, built, each)
    return [known.built[_name(each)] for each in every]


def _built_rows(known: _Known, kind: str, built: IndexReader, takedown: TakeDown) -> IntArray:
    if takedown.kind is Kind.WORD:
        return _with_word(kind, built, takedown)
    if built.manifest.collections[kind].marked:
        return built.rows_passing(Filters({MARKS: takedown.marks}))
    if known.unmarked is None:
        known.unmarked = [*_facts(kind, built, np.arange(built.rows))]
    return np.array(_Hits([takedown]).places(known.unmarked), np.int64)


def _own_target(kind: str, takedown: TakeDown) -> str:
    return id_mark(kind, takedown.value) if kind in (PRODUCT.kind, VIDEO.kind) else ""


def _name(takedown: TakeDown) -> str:
    """Tells apart what hits other rows: the same brand may be written with other names in it."""
    return f"{takedown.kind}:{takedown.value}"


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

"""One wrong, missing, doubled or swapped Han character: candidates where neighbours are strange, weighed in context.

Only beside a pair of neighbours that hardly ever stand together is anything tried: what stands there is replaced by
characters of the same or nearly the same sound or of a like shape, swapped, or dropped where it is typed twice. And a
query that lacks one character of a known one is completed. Most of it is put aside by pair counts alone: an edit of
``a x b`` to ``a y b`` is weighed further where

    log((n(ay) + ½) (n(yb) + ½) / n(y)) − log((n(ax) + ½) (n(xb) + ½) / n(x)) ≥ 2.

`retrieval.understanding.spelling.weights` then says how sure each edit is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from retrieval.understanding.kinds import CorrectionKind
from retrieval.understanding.spelling.context import EDGE, Counts, Symbols, symbols_of
from retrieval.understanding.spelling.pinyin import Homophones
from retrieval.understanding.spelling.tables import SpellingTables, candidates
from retrieval.understanding.spelling.weights import FEATURES, KINDS, Floats, Proposal, features, probabilities

RARE_COUNT, RARE_RATIO = 8, 2.0
"""A pair is strange when seen at most so often, and at most so many times what chance would give."""
MOST_PLACES = 4
"""The strangest pairs of a query that are looked at."""
LEAST_GAIN = 2.0
"""Of an edit, from pair counts alone; 2 of 100 right edits have less, and so has all that is tried in most queries."""
MOST_REMEMBERED = 8_192
"""Characters whose look-alikes and homophones are remembered once they were asked for; about 500 bytes each."""
MOST_REPLACEMENTS = 24
"""Those of the greatest gain."""

Frozen = Callable[[], Sequence[bool]]
_NONE: tuple[list[Proposal], Floats] = [], np.zeros((0, len(FEATURES)))

_PINYIN, _NEAR, _SHAPE, _SWAP, _MISSING, _EXTRA = range(len(KINDS))


@dataclass(frozen=True, slots=True)
class Edit:
    """The whole query as edited; `probability` in [0, 1]."""

    kind: CorrectionKind
    text: str
    probability: float


class Edits:
    """Finds edits. Immutable after construction."""

    def __init__(self, tables: SpellingTables) -> None:
        self._context, self._known, self._shapes = tables.context, tables.known, tables.shapes
        self._sounds = Homophones(candidates(tables.context), tables.pinyin.readings)
        self._alike = lru_cache(maxsize=MOST_REMEMBERED)(self._mistaken)

    def best(self, query: str, frozen: Frozen) -> Edit | None:
        """The most probable edit of a normalised query; None where none is tried.

        Args:
            frozen: tells which characters are left as they are; asked only where something may be edited.
        """
        proposals, rows = self.proposals(query, frozen)
        if not proposals:
            return None
        chances = probabilities(rows)
        best = int(chances.argmax())
        kind, first, last, new = proposals[best]
        _, starts = symbols_of(query)
        text = query[: starts[first]] + "".join(map(chr, new)) + query[starts[last] :]
        return Edit(KINDS[kind], text, float(chances[best]))

    def proposals(self, query: str, frozen: Frozen) -> tuple[list[Proposal], Floats]:
        """All that is weighed, and its features, shape (proposals, features)."""
        symbols, starts = symbols_of(query)
        free = _free(symbols)
        if not any(free):
            return _NONE
        padded = np.array([EDGE, EDGE, *symbols, EDGE, EDGE])
        pairs = self._context.pair(padded[:-1], padded[1:])
        found = self._found(query, padded, pairs, free)
        if found and any(left := frozen()):
            free = [may and not left[start] for may, start in zip(free, starts, strict=False)]
            found = self._found(query, padded, pairs, free) if any(free) else []
        if not found:
            return _NONE
        return found, features(self._context, self._known, query, starts, padded, pairs, found)

    def _found(self, query: str, padded: Symbols, pairs: Counts, free: Sequence[bool]) -> list[Proposal]:
        """All proposals that touch only symbols that are `free`."""
        may = [False, False, *free, False, False]
        places = [p for p in self._strange(padded, pairs) if may[p] or may[p + 1]][:MOST_PLACES]
        found = self._proposed(padded, np.log(pairs + 0.5), places, may) if places else []
        if (padded[2:-2] > EDGE).all():
            found += [(_MISSING, at, at, (ord(char),)) for at, char in self._known.completions(query)]
        return list(dict.fromkeys(found))

    def _strange(self, padded: Symbols, pairs: Counts) -> list[int]:
        """Places p of strange pairs (p, p + 1), the strangest first."""
        ones = self._context.ones[padded]
        ratio = pairs * self._context.total / (ones[:-1] * ones[1:] + 1.0)
        strange = np.flatnonzero((pairs * self._context.scale <= RARE_COUNT) & (ratio <= RARE_RATIO)).tolist()
        return sorted(strange, key=lambda p: (int(pairs[p]), float(ratio[p]), p))

    def _proposed(self, padded: Symbols, logs: Floats, places: Sequence[int], may: Sequence[bool]) -> list[Proposal]:
        """What is tried at `places` of `padded`; `logs` are those of its pair counts."""
        run = padded.tolist()
        spots = sorted({q for p in places for q in (p, p + 1) if may[q]})
        swaps = sorted({q for p in places for q in (p - 1, p, p + 1) if may[q] and may[q + 1] and run[q] != run[q + 1]})
        found = self._replaced(run, logs, spots) + self._swapped(run, logs, swaps)
        return found + [(_EXTRA, at - 2, at - 1, ()) for at in spots if run[at] == run[at - 1]]

    def _replaced(self, run: Sequence[int], logs: Floats, spots: Sequence[int]) -> list[Proposal]:
        """Characters mistaken for those at `spots` that fit much better."""
        alike = [self._alike(run[at]) for at in spots]
        sizes = [len(codes) for codes, _ in alike]
        if not sum(sizes):
            return []
        ones = self._context.ones
        at = np.repeat(np.array(spots), sizes)
        codes, kinds = (np.concatenate(parts) for parts in zip(*alike, strict=True))
        around = np.array(run)
        counts = self._context.pair(np.stack([around[at - 1], codes]), np.stack([codes, around[at + 1]]))
        after = np.log(counts + 0.5).sum(0) - np.log(ones[codes] + 1.0)
        gain = after - (logs[at - 1] + logs[at] - np.log(ones[around[at]] + 1.0))
        better = np.flatnonzero(gain >= LEAST_GAIN)
        chosen = better[np.argsort(-gain[better], kind="stable")[:MOST_REPLACEMENTS]].tolist()
        return [(int(kinds[i]), int(at[i]) - 2, int(at[i]) - 1, (int(codes[i]),)) for i in chosen]

    def _mistaken(self, code: int) -> tuple[Symbols, Symbols]:
        """Characters that the one at `code` is mistaken for, and the kind of each; the likelier kind wins."""
        char = chr(code)
        kinds = dict.fromkeys(self._shapes.of(char), _SHAPE)
        kinds |= dict.fromkeys(self._sounds.near(char), _NEAR)
        kinds |= dict.fromkeys(self._sounds.same(char), _PINYIN)
        return np.array([*map(ord, kinds)], np.int64), np.array([*kinds.values()], np.int64)

    def _swapped(self, run: Sequence[int], logs: Floats, spots: Sequence[int]) -> list[Proposal]:
        """Pairs at `spots` that fit much better the other way round."""
        if not spots:
            return []
        at = np.array(spots)
        around = np.array(run)
        after = np.stack([around[at - 1], around[at + 1], around[at], around[at + 2]])
        gain = np.log(self._context.pair(after[:-1], after[1:]) + 0.5).sum(0) - (logs[at - 1] + logs[at] + logs[at + 1])
        return [(_SWAP, p - 2, p, (run[p + 1], run[p])) for p, g in zip(spots, gain, strict=True) if g >= LEAST_GAIN]


def _free(symbols: Sequence[int]) -> list[bool]:
    """Which symbols may be touched: Han characters beside another one."""
    han = [False, *(code > EDGE for code in symbols), False]
    return [han[i + 1] and (han[i] or han[i + 2]) for i in range(len(symbols))]

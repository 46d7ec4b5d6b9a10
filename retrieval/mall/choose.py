"""Which candidate comes next: the best that is not like those just before it, within what one shop may have.

    next = argmax  worth - alike · max likeness to those just shown          maximal marginal relevance

Likeness is the cosine of two things by the words of their titles, so it needs no vectors. In each stretch of `window`
places there are at most so many of a shop, a brand, a category, and for one interest; where nothing else is left, the
last two give way, then all. Near-duplicates of what was shown never come. A share of the places is drawn by chance from
the sample, whatever the bounds, and each place says with which probability it was given, after those before it:

    propensity = (1 - explore) · [it was the best] + explore · [it is in the sample] / left in the sample

Source: Carbonell & Goldstein (1998), “The use of MMR, diversity-based reranking for reordering documents”.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.mall.columns import Columns
from retrieval.mall.options import FeedOptions
from retrieval.ranking.collapse import ALONE
from retrieval.ranking.diversity import UNKNOWN
from retrieval.ranking.forward import ForwardRows, HashArray
from retrieval.types import FloatArray, IntArray, Mask

_WIDTH = 512
"""Words are told apart by a hash of so many values."""
LOOK_BACK = 10
"""Places before one that it should not be like."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A place that was given: to the candidate at place `at`; `explored`: by chance."""

    at: int
    explored: bool
    propensity: float


@dataclass(frozen=True, slots=True)
class Field:
    """What is chosen from.

    Attributes:
        rows, worth: of the candidates, shape (n,).
        drawn: places among them that chance takes, in this order.
        sampled: which of them are in the sample, shape (n,); left: how many the sample has left in all.
        shown: rows of the places before, in order.
        words: of the candidates, unit rows, shape (n, width); before: of the last of `shown`, at most `LOOK_BACK`.
        interests: of the candidates, and of the last of `shown`: what speaks for them, 0: nothing; shape (n,), (m,).
        categories: whether they are bounded, too.
    """

    rows: IntArray
    worth: FloatArray
    drawn: IntArray
    sampled: Mask
    left: int
    shown: IntArray
    words: FloatArray
    before: FloatArray
    interests: tuple[HashArray, HashArray]
    categories: bool


def choose(field: Field, columns: Columns, size: int, options: FeedOptions, rng: np.random.Generator) -> list[Chosen]:
    """The next `size` places, fewer where nothing is left."""
    groups = columns.groups[field.rows]
    free = ~(np.isin(groups, columns.groups[field.shown]) & (groups != ALONE))
    bounds = _bounds(field, columns, options)
    likeness = np.zeros((LOOK_BACK, len(field.rows)), np.float32)
    likeness[: len(field.before)] = field.before @ field.words.T
    compared = len(field.before)
    by_chance, left = field.drawn.tolist(), field.left
    found: list[Chosen] = []
    while len(found) < size and free.any():
        worth = field.worth - options.alike * likeness.max(axis=0)
        best = int(np.argmax(np.where(_fitting(free, bounds), worth, -np.inf)))
        by_chance = [at for at in by_chance if free[at]]
        explore = options.explore if by_chance else 0.0
        explored = bool(rng.random() < explore)
        at = by_chance[0] if explored else best
        chance = explore / max(left, 1) if field.sampled[at] else 0.0
        found.append(Chosen(at, explored, min(1.0, chance + (1 - explore) * (at == best))))
        goes = free & (groups == groups[at]) if groups[at] != ALONE else np.arange(len(free)) == at
        left -= int((goes & field.sampled).sum())
        free &= ~goes
        likeness[compared % LOOK_BACK] = field.words @ field.words[at]
        compared += 1
        for bound in bounds:
            bound.place(at)
    return found


def _fitting(free: Mask, bounds: Sequence[_Bound]) -> Mask:
    """Which of the free ones the bounds let come; of the first two only, or of none, where nothing is left."""
    firm = free & bounds[0].open & bounds[1].open
    fits = firm.copy()
    for bound in bounds[2:]:
        fits &= bound.open
    return next((mask for mask in (fits, firm) if mask.any()), free)


class _Bound:
    """Of each stretch of `window` places at most `most` have the same key; `open`: which candidates may come next."""

    def __init__(self, keys: HashArray, before: HashArray, window: int, most: int) -> None:
        _, codes = np.unique(np.concatenate([keys, before]), return_inverse=True)
        self._codes, self._most = codes[: len(keys)], most
        self._known = keys != UNKNOWN
        self._last: deque[int] = deque(maxlen=max(window - 1, 0))
        self._counts = np.zeros(len(codes), np.int64)
        for code in codes[len(keys) :].tolist():
            self._place(code)

    @property
    def open(self) -> Mask:
        return np.asarray((self._counts[self._codes] < self._most) | ~self._known)

    def place(self, at: int) -> None:
        self._place(int(self._codes[at]))

    def _place(self, code: int) -> None:
        if not self._last.maxlen:
            return
        if len(self._last) == self._last.maxlen:
            self._counts[self._last[0]] -= 1
        self._last.append(code)
        self._counts[code] += 1


def _bounds(field: Field, columns: Columns, options: FeedOptions) -> list[_Bound]:
    """The firm ones first."""
    kinds = [(columns.shops, options.shop_most), (columns.brands, options.brand_most)]
    kinds += [(columns.categories, options.category_most)] if field.categories else []
    before = field.shown[-options.window :]
    bounds = [_Bound(keys[field.rows], keys[before], options.window, most) for keys, most in kinds]
    return [*bounds, _Bound(*field.interests, options.window, options.interest_most)]


def words_of(rows: ForwardRows) -> FloatArray:
    """Unit vectors of the words of n titles, shape (n, width); no words, no length."""
    size = len(rows.groups)
    cells = np.repeat(np.arange(size), np.diff(rows.starts)) * _WIDTH + rows.words % _WIDTH
    words = (np.bincount(cells, minlength=size * _WIDTH).reshape(size, _WIDTH) > 0).astype(np.float32)
    return np.asarray(words / np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1.0))

"""What sells one of the things that a category word means is looked at as if that thing had been asked for.

A 面霜 shares no character with 护肤品; asked for by its own name it is surely the thing. So is what is of 5kg for 10斤.
Each document is looked at so once, for the first of the things that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from retrieval.analysis.analyzer import QueryText
from retrieval.ranking.forward import ForwardRows, word_hash
from retrieval.ranking.stage import Look
from retrieval.ranking.wanted import AMOUNT
from retrieval.types import FloatArray, IntArray, Mask

Again = Callable[[QueryText, IntArray], Look]
"""Looks at some of the rows (their places, ascending) for another text."""


def places_of(instances: Mapping[str, QueryText], rows: ForwardRows) -> dict[str, IntArray]:
    """Thing, or amount (``=g:5000``) → the places of the rows that name it and none before it."""
    free, found = np.ones(rows.texts.size, np.bool_), {}
    for thing in instances:
        named = _named(thing, rows) & free
        if named.any():
            found[thing] = np.flatnonzero(named)
            free &= ~named
    return found


def _named(thing: str, rows: ForwardRows) -> Mask:
    if not thing.startswith(AMOUNT):
        return rows.texts.contain(thing)
    named = np.zeros(rows.texts.size, np.bool_)
    named[rows.having(word_hash(thing))] = True
    return named


def as_instances(look: Look, instances: Mapping[str, QueryText], places: Mapping[str, IntArray], again: Again) -> Look:
    """`look` with what a second look finds more relevant for the thing it names: its score, parts and relevance."""
    for thing, at in places.items():
        look = better_of(look, again(instances[thing], at), at)
    return look


def better_of(look: Look, other: Look, at: IntArray) -> Look:
    """`look` with the score, parts and relevance of `other`, a look at some of its rows (their places), where it finds
    more relevance."""
    better = other.relevance > look.relevance[at]
    return _replaced(look, at[better], other, np.flatnonzero(better))


def _replaced(look: Look, at: IntArray, other: Look, of: IntArray) -> Look:
    def put(values: FloatArray, others: FloatArray) -> FloatArray:
        values = values.copy()
        values[at] = others[of]
        return values

    standing = look.standing.copy()
    standing[at] |= other.standing[of]
    return replace(
        look,
        scores=put(look.scores, other.scores),
        contributions={name: put(part, other.contributions[name]) for name, part in look.contributions.items()},
        relevance=put(look.relevance, other.relevance),
        standing=standing,
        best=max(look.best, other.best),
    )

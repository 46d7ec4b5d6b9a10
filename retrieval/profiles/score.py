"""What a profile says of documents: a part for each interest that a document has, and the parts sum to the liking.

A document that has an interest gets its weight times what its dimension is worth, less in a long title, where a word
says less. What the query says itself is silent: all that answer it have it, and no dimension that it states (a brand)
is a question of taste.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from retrieval.analysis.normalize import normalize
from retrieval.forward_head import UNKNOWN
from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.interest.taste import Liking
from retrieval.profiles.price_bands import LEAST_SEEN, band
from retrieval.profiles.traits import IN_TITLES
from retrieval.profiles.vocabulary import Vocabulary
from retrieval.profiles.weights import Worth
from retrieval.ranking.forward import ForwardRows, HashArray, word_hash
from retrieval.types import IntArray, Mask

_LEAST_WORDS, _LENGTH_POWER = 3, 0.6
_TYPICAL = (17 + _LEAST_WORDS) ** _LENGTH_POWER
_BY_OTHER_NAMES = IN_TITLES - {Dimension.WORD}


def liking(
    profile: Profile, rows: ForwardRows, own_rows: Mapping[str, int], vocabulary: Vocabulary, worth: Worth,
    stated: Collection[Dimension] = (), query: str = "",
) -> Liking:  # fmt: skip
    """Parts of n documents.

    Args:
        own_rows: item → its place among the documents, of those that the profile speaks of itself.
        stated: dimensions that the query states.
        query: normalised; the words in it are silent.
    """
    mine = [i for i in profile.interests if i.dimension not in stated and not _said(i, query)]
    size = len(rows.groups)
    if not mine or not size:
        return Liking((), np.zeros((size, 0), np.float32))
    has = _has(mine, rows, own_rows, vocabulary)
    speaking = np.flatnonzero(has.any(axis=0))
    chosen = [mine[i] for i in speaking.tolist()]
    lengths = (np.diff(rows.starts).astype(np.float32) + _LEAST_WORDS) ** _LENGTH_POWER
    in_title = np.array([i.dimension in IN_TITLES for i in chosen], np.bool_)
    worths = worth.by_dimension
    values = np.where(in_title, (_TYPICAL / lengths)[:, None], np.float32(1)) * has[:, speaking]
    values *= np.array([worths[i.dimension] * i.weight for i in chosen], np.float32)
    return Liking(tuple(chosen), values)


def _said(interest: Interest, query: str) -> bool:
    return interest.dimension in IN_TITLES and interest.value in query


def _has(
    interests: Sequence[Interest], rows: ForwardRows, own_rows: Mapping[str, int], vocabulary: Vocabulary
) -> Mask:  # fmt: skip
    """Which document has which interest, shape (n, k)."""
    has = np.zeros((len(rows.groups), len(interests)), np.bool_)
    _mark_words(has, rows, interests, vocabulary)
    leaves = np.array([word_hash(name) if name else 0 for name in rows.texts.categories], np.uint32)
    bands = None
    for column, one in enumerate(interests):
        if one.dimension is Dimension.CATEGORY:
            has[:, column] = leaves == word_hash(normalize(one.value.rsplit("/", 1)[-1]))
        elif one.dimension is Dimension.SHOP:
            has[:, column] = rows.shops == word_hash(one.value)
        elif one.dimension is Dimension.PRICE:
            bands = _bands(rows, leaves) if bands is None else bands
            has[:, column] = bands == one.value
        elif one.dimension is Dimension.ITEM and one.value in own_rows:
            has[own_rows[one.value], column] = True
    return has


def _mark_words(has: Mask, rows: ForwardRows, interests: Sequence[Interest], vocabulary: Vocabulary) -> None:
    words = [(i.value, column) for column, i in enumerate(interests) if i.dimension is Dimension.WORD]
    for column, one in enumerate(interests):
        if one.dimension in _BY_OTHER_NAMES:
            words += [(word, column) for word in vocabulary.words_of((one.dimension, one.value))]
    keys = np.array([word_hash(word) for word, _ in words], np.uint32)
    order = np.argsort(keys, kind="stable")
    keys, columns = keys[order], np.array([column for _, column in words], np.int64)[order]
    _mark(has, rows.words, np.repeat(np.arange(len(has)), np.diff(rows.starts)), keys, columns)
    _mark(has, rows.brands, np.arange(len(has)), keys, columns)


def _mark(has: Mask, found: HashArray, documents: IntArray, keys: HashArray, columns: IntArray) -> None:
    """Marks documents that have one of the ascending `keys` among what was found in them; a key may stand twice."""
    first = np.searchsorted(keys, found, side="left")
    last = np.searchsorted(keys, found, side="right")
    for offset in range(int((last - first).max(initial=0))):
        hit = first + offset < last
        has[documents[hit], columns[first[hit] + offset]] = True


def _bands(rows: ForwardRows, leaves: HashArray) -> npt.NDArray[np.str_]:
    """The price band of each document beside the others of its category; "" where it has no price."""
    known = (rows.prices != UNKNOWN) & (rows.prices > 0)
    bands = np.full(len(leaves), "", "<U8")
    for leaf in np.unique(leaves[known]).tolist():
        here = np.flatnonzero(known & (leaves == leaf))
        if len(here) >= LEAST_SEEN:
            usual = float(np.median(rows.prices[here]))
            bands[here] = [band(price, usual) for price in rows.prices[here].tolist()]
    return bands

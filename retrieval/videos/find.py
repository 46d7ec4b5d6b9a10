"""A query → moments, and the videos that they are in: by what is said, by what may have been said, and by meaning.

    score(m) = BM25(m) / max BM25 + meaning · z(m),   z(m) = (q'·m − μ) / σ

q' is the vector of the query less what all moments have in common (`retrieval.spoken.common`); μ and σ are those of its
cosines with a fixed sample of moments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.analysis.analyzer import QueryText
from retrieval.protocols import IndexReader
from retrieval.recall.moments import says
from retrieval.spoken.common import Common
from retrieval.spoken.moment import MomentRow
from retrieval.types import EVERYTHING, Filters, FloatArray, IntArray, LexicalQuery, Mask


@dataclass(frozen=True, slots=True)
class FindOptions:
    """How moments are found.

    Attributes:
        fields: searched field → weight of its BM25 score.
        depth: moments that each channel recalls.
        meaning: what a deviation of the cosine counts, in units of the best BM25 score.
        floor: share of the best BM25 score from which words alone make a match, in [0, 1].
        near: deviations from which meaning alone makes one.
    """

    fields: Mapping[str, float]
    depth: int
    meaning: float
    floor: float
    near: float


@dataclass(frozen=True, slots=True)
class FoundMoments:
    """Moments, best first, equal ones in order of their ids.

    Attributes:
        rows: shape (n,); scores: shape (n,).
        words: BM25 as a share of the best, in [0, 1], shape (n,); 0 where words did not recall it.
        meaning: deviations of the cosine, shape (n,); 0 without vectors.
    """

    rows: IntArray
    scores: FloatArray
    words: FloatArray
    meaning: FloatArray

    def saying(self, moments: Sequence[MomentRow], text: QueryText) -> Mask:
        """Which of them, shape (n,), say a word of the query, not only in their title."""
        return np.array([any(says(moment, (term,)) for term in text.required) for moment in moments], np.bool_)

    def take(self, places: IntArray) -> FoundMoments:
        """Those at these places."""
        return FoundMoments(self.rows[places], self.scores[places], self.words[places], self.meaning[places])


@dataclass(frozen=True, slots=True)
class FoundVideo:
    """A video with those of its moments that were found.

    Attributes:
        score: of its best moment.
        places: of its moments in what was found, best first.
    """

    video: str
    score: float
    places: tuple[int, ...]


def find_moments(
    reader: IndexReader,
    text: QueryText,
    vector: FloatArray | None,
    common: Common,
    options: FindOptions,
    filters: Filters = EVERYTHING,
) -> FoundMoments:
    """The moments that match; none for a query without words.

    Args:
        reader: of the collection of moments.
        vector: of the query, shape (dim,), unit norm; None where it has none, or the moments have none.
    """
    if not text.terms:
        return _none()
    said = reader.lexical(LexicalQuery(text.weights, options.fields, (), 0), filters, options.depth)
    near, towards = np.empty(0, np.int64), None
    if vector is not None and len(common.sample):
        towards = common.towards(vector)
        near = reader.semantic(towards, filters, options.depth).rows
    rows = np.union1d(said.rows, near)
    words, meaning = np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
    if len(said.rows):
        words[np.searchsorted(rows, said.rows)] = said.scores / said.scores[0]
    if towards is not None and len(rows):
        background = common.sample @ towards
        meaning = (reader.semantic_scores(towards, rows) - background.mean()) / max(float(background.std()), 1e-6)
    matches = (words >= options.floor) & (words > 0) | (meaning >= options.near) & (towards is not None)
    return _best_first(reader, rows[matches], words[matches], meaning[matches], options.meaning)


def anybody_says(reader: IndexReader, text: QueryText, options: FindOptions) -> bool:
    """Whether any moment, or its title, has a word of the query or two neighbouring characters of it.

    Meaning alone always finds something.
    """
    pieces = ((token,) for token in text.weights if len(token) > 1)
    words = tuple(dict.fromkeys((*(way for term in text.required for way in term.alternatives), *pieces)))
    query = LexicalQuery(text.weights, options.fields, (words,), 1)
    return bool(words) and next(iter(reader.lexical_counts([query], 1))) > 0


def by_video(found: FoundMoments, videos: Sequence[str]) -> tuple[FoundVideo, ...]:
    """The videos in the order of their best moments; `videos` has the id of that of each moment."""
    places: dict[str, list[int]] = {}
    for place, video in enumerate(videos):
        places.setdefault(video, []).append(place)
    return tuple(FoundVideo(video, float(found.scores[held[0]]), tuple(held)) for video, held in places.items())


def _best_first(
    reader: IndexReader, rows: IntArray, words: FloatArray, meaning: FloatArray, weight: float
) -> FoundMoments:
    scores = (words + weight * meaning).astype(np.float32)
    order = np.lexsort((reader.by_id(rows), -scores))
    return FoundMoments(rows[order], scores[order], words[order], meaning[order])


def _none() -> FoundMoments:
    nothing = np.empty(0, np.float32)
    return FoundMoments(np.empty(0, np.int64), nothing, nothing, nothing)

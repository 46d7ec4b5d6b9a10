"""One query with n documents: what every feature is measured on, made once for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from retrieval.analysis.analyzer import QueryText
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.setting import Setting
from retrieval.ranking.term_matches import term_matches, weighted_mean
from retrieval.ranking.things import Meaning
from retrieval.ranking.wanted import Wanted, wanted
from retrieval.ranking.word_space import WordSpace
from retrieval.types import FloatArray, IntArray


class Channel(Protocol):
    """What a recall channel says of n documents (`retrieval.fusion.fusers.ChannelScores`)."""

    @property
    def values(self) -> FloatArray:
        """Raw scores, shape (n,)."""

    @property
    def ranks(self) -> IntArray:
        """Ranks in the channel's own list, 1 = best, 0 where it did not recall the document; shape (n,)."""

    @property
    def scale(self) -> tuple[float, float]:
        """(centre, unit) of the channel for this query."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """One query with n documents. All arrays have shape (n,) but for `matches`.

    Attributes:
        matches: how well each document has each term, shape (n, terms), in [0, 1].
        term_coverage: the feature of that name; what a query says nothing of falls back on it.
        lexical, semantic: scores of the channels, less their centre, in their units; zeros without the channel.
        cosine: of the vectors; zeros without an encoder.
        spoken: scores of the channel of moments, in [0, 1]; zeros without it.
        meaning: the vectors themselves; None where there are none, or nobody reads them.
    """

    text: QueryText
    setting: Setting
    wanted: Wanted
    rows: ForwardRows
    matches: FloatArray
    term_coverage: FloatArray
    lexical: FloatArray
    semantic: FloatArray
    cosine: FloatArray
    spoken: FloatArray
    meaning: Meaning | None = None

    @classmethod
    def of(
        cls, text: QueryText, setting: Setting, rows: ForwardRows, space: WordSpace,
        channels: Mapping[str, Channel], meaning: Meaning | None = None,
    ) -> Pairs:  # fmt: skip
        """The pairs of a query and documents; the arrays of `channels` are in the order of `rows`."""
        none = np.zeros(rows.texts.size, np.float32)
        lexical, semantic, moments = (channels.get(name) for name in ("lexical", "semantic", "moments"))
        asked = wanted(text, setting.costs, space, setting.kinds)
        matches = term_matches(asked, rows, space)
        return cls(
            text, setting, asked, rows, matches,
            term_coverage=weighted_mean(matches, asked.term_weights) if asked.terms else none,
            lexical=_scaled(lexical) if lexical else none,
            semantic=_scaled(semantic) if semantic else none,
            cosine=semantic.values if semantic else none,
            spoken=moments.values if moments else none,
            meaning=meaning,
        )  # fmt: skip

    @property
    def size(self) -> int:
        return self.rows.texts.size


def _scaled(channel: Channel) -> FloatArray:
    centre, unit = channel.scale
    return np.asarray((channel.values - centre) / max(unit, 1e-9), np.float32)

"""The two fusers: weighted sum of normalised scores (default), and reciprocal rank fusion (no tuning needed).

Both give every row the contribution of each channel; the fused score is their sum, so a score explains itself.

weighted   contribution_lexical  = BM25(d) / max BM25 over the whole catalogue
           contribution_semantic = w · (cos(d) − μ) / σ
           with μ, σ the mean and standard deviation of the query's cosines to a fixed background sample of the
           catalogue: what is near for one query is far for another, and filters must not change a score.
rrf        contribution_channel  = 1 / (k + rank), 0 where the channel did not recall the row
           Source: Cormack, Clarke, Büttcher 2009, doi:10.1145/1571941.1572114 (k = 60).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from retrieval.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class ChannelScores:
    """Scores of the same n rows in one channel.

    Attributes:
        values: shape (n,), raw scores of all rows.
        ranks: shape (n,), int64, 1 = best of the channel's own list; 0 where the channel did not recall the row.
        scale: (centre, unit) of the channel for this query; a normalised score is (value − centre) / unit.
    """

    values: FloatArray
    ranks: IntArray
    scale: tuple[float, float]


class Fuser(Protocol):
    """Channel → its `ChannelScores` over the same n rows; gives channel → contributions (n,), higher is better."""

    @property
    def formula(self) -> str:
        """The formula in words, for explain."""

    def __call__(self, channels: dict[str, ChannelScores]) -> dict[str, FloatArray]: ...


@dataclass(frozen=True, slots=True)
class Weighted:
    """Weighted sum of normalised scores; `weights` names the weight of each channel."""

    weights: dict[str, float]

    @property
    def formula(self) -> str:
        parts = (f"{weight:g} · normalised {channel}" for channel, weight in self.weights.items())
        return " + ".join(parts)

    def __call__(self, channels: dict[str, ChannelScores]) -> dict[str, FloatArray]:
        return {name: self._contribution(name, scores) for name, scores in channels.items()}

    def _contribution(self, name: str, scores: ChannelScores) -> FloatArray:
        centre, unit = scores.scale
        return np.asarray(self.weights.get(name, 0.0) * (scores.values - centre) / max(unit, 1e-9), np.float32)


@dataclass(frozen=True, slots=True)
class ReciprocalRank:
    """Reciprocal rank fusion with constant `k`."""

    k: float

    @property
    def formula(self) -> str:
        return f"sum over channels of 1 / ({self.k:g} + rank)"

    def __call__(self, channels: dict[str, ChannelScores]) -> dict[str, FloatArray]:
        return {name: self._contribution(scores.ranks) for name, scores in channels.items()}

    def _contribution(self, ranks: IntArray) -> FloatArray:
        return np.where(ranks > 0, 1.0 / (self.k + ranks), 0.0).astype(np.float32)


def make_fuser(method: str, *, weights: dict[str, float], k: float) -> Fuser:
    """The fuser called `method`: ``weighted`` or ``rrf``.

    Raises:
        ValueError: for another name.
    """
    if method == "weighted":
        return Weighted(weights)
    if method == "rrf":
        return ReciprocalRank(k)
    raise ValueError(f"there is no fuser called {method}; weighted and rrf exist")

"""The ranker: a weighted sum of features, so every score is explained by its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from retrieval.types import FloatArray


class Ranker(Protocol):
    """Gives each document a score (higher is better) and what each feature contributed to it.

    The contributions of a document sum to its score (to 1e-5).
    """

    @property
    def names(self) -> tuple[str, ...]:
        """The features it reads."""

    def scores(self, features: Mapping[str, FloatArray], size: int) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Of feature → values (size,): scores (size,) and feature → contribution (size,)."""


class AdditiveRanker:
    """score = Σ weight · feature. Immutable and safe to share between threads."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = dict(weights)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._weights)

    def scores(self, features: Mapping[str, FloatArray], size: int) -> tuple[FloatArray, dict[str, FloatArray]]:
        parts = {name: np.asarray(weight * features[name], np.float32) for name, weight in self._weights.items()}
        total = np.zeros(size, np.float32)
        for part in parts.values():
            total += part
        return total, parts

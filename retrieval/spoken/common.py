"""What the vectors of all moments have in common, which says nothing about any (`retrieval.videos.find`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.types import FloatArray

_FEW = 32
"""So many moments say half of what their common part is: of three, each is a third of it."""


@dataclass(frozen=True, slots=True)
class Common:
    """What the moments of a generation have in common.

    Attributes:
        sample: vectors of a fixed sample, shape (n, dim); n may be 0.
        part: what is taken from a query, shape (dim,).
    """

    sample: FloatArray
    part: FloatArray

    @classmethod
    def of(cls, sample: FloatArray) -> Common:
        """Of the sample that `retrieval.recall.semantic.background_of` takes of the collection of moments."""
        count = len(sample)
        part = sample.mean(0) * (count / (count + _FEW)) if count else np.zeros(sample.shape[1], np.float32)
        return cls(sample, part)

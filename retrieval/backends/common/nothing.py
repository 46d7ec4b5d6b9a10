"""The answer of a channel that is not asked, or has nothing to say."""

from __future__ import annotations

import numpy as np

from retrieval.types import Candidates


def nothing(channel: str) -> Candidates:
    """No candidates, and there are no more."""
    return Candidates(channel, np.empty(0, np.int64), np.empty(0, np.float32), complete=True)

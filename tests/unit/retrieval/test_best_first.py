"""Best first:

1. Scores descend, whatever their sign; equal scores, zeros of both signs among them, stand by id.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.best_first import best_first

SCORES = st.one_of(st.sampled_from([0.0, -0.0, 1.5, -1.5]), st.floats(-(2.0**99), 2.0**99, width=32))


@given(st.lists(st.tuples(SCORES, st.integers(0, 2**32 - 1)), unique_by=lambda pair: pair[1]))
def test_best_first(pairs: list[tuple[float, int]]) -> None:  # 1
    scores, ids = np.array([s for s, _ in pairs], np.float32), np.array([i for _, i in pairs], np.int64)
    expected = sorted(range(len(pairs)), key=lambda place: (-float(scores[place]), int(ids[place])))
    assert best_first(scores, ids).tolist() == expected

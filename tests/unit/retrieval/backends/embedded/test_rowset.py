"""Sets of rows as bits: the mask that was given comes back, is counted, and is asked for any rows in any order."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.backends.embedded.rowset import RowSet


@pytest.mark.parametrize("bound", [0, 1, 7, 8, 9, 64, 1_001])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_mask_comes_back(bound: int, share: float) -> None:
    mask = np.random.default_rng(bound).random(bound) < share
    rows = RowSet.of(mask)
    assert rows.mask().tolist() == mask.tolist()
    assert rows.rows().tolist() == np.flatnonzero(mask).tolist()
    assert (rows.count, rows.bound, len(rows.bits)) == (int(mask.sum()), bound, -(-bound // 8))
    asked = np.random.default_rng(1).permutation(bound)
    assert rows.has(asked).tolist() == mask[asked].tolist()
    assert rows.has(np.repeat(asked, 2)).tolist() == np.repeat(mask[asked], 2).tolist()

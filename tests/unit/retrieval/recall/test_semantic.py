"""The semantic channel:

1. It gives the nearest documents, best first, and the query's vector.
2. Centre and unit are mean and standard deviation of the cosines to the background; with no spread the unit is tiny,
   with no documents it is 1.
3. The background is at most 512 evenly spaced rows, the first and the last included, and the same every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians

import numpy as np
import pytest

from retrieval.recall.semantic import BACKGROUND_ROWS, SemanticMatch, background_of, background_rows, recall_semantic
from retrieval.types import FloatArray
from tests.unit.retrieval.tiny_reader import Item, TinyReader, direction


class Compass:
    """Encodes the number of degrees that a text is."""

    name, dim, fingerprint = "compass", 2, "compass-1"

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        return np.stack([direction(float(text)) for text in texts])

    encode_queries = encode_documents


def recalled(items: Sequence[Item], depth: int) -> SemanticMatch:
    reader = TinyReader(items).reader
    return recall_semantic(reader, Compass(), background_of(reader), "0", depth)


def test_nearest_and_background() -> None:
    match = recalled([Item("p1", degrees=90), Item("p2", degrees=0), Item("p3", degrees=60)], depth=2)
    cosines = [cos(radians(d)) for d in (90, 0, 60)]
    assert match.query.vector.tolist() == [1.0, 0.0]
    assert match.candidates.rows.tolist() == [1, 2]
    assert match.candidates.scores == pytest.approx([1.0, 0.5], abs=1e-6)
    assert match.candidates.complete is False
    assert match.centre == pytest.approx(np.mean(cosines), abs=1e-6)
    assert match.unit == pytest.approx(np.std(cosines), abs=1e-6)


def test_no_spread_and_no_documents() -> None:
    same = recalled([Item("p1", degrees=0), Item("p2", degrees=0)], depth=5)
    assert (same.centre, same.unit) == (1.0, 1e-6)
    empty = recalled([], depth=5)
    assert (empty.centre, empty.unit, empty.candidates.rows.tolist()) == (0.0, 1.0, [])


@pytest.mark.parametrize("size", [1, 2, 511, 512, 513, 10_000, 71_643])
def test_background_rows(size: int) -> None:
    rows = background_rows(size)
    assert len(rows) == min(size, BACKGROUND_ROWS)
    assert (rows[0], rows[-1]) == (0, size - 1)
    gaps = set(np.diff(rows).tolist())
    assert not gaps or max(gaps) <= min(gaps) + 1
    assert 0 not in gaps
    assert background_rows(0).tolist() == []

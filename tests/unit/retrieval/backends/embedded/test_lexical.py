"""The door to tantivy: all that reach a floor are found, however few are fetched at first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.backends.embedded import lexical as module
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.types import Filters, Sort
from tests.contract import world
from tests.contract.world import asking


@pytest.mark.parametrize("first", [1, 2, 3, 5, 100])
def test_all_that_reach_a_floor(tmp_path: Path, first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = EmbeddedBackend(tmp_path)
    reader = backend.open(world.build(backend).generation).collection("product")
    query = asking("红色 连衣裙 绿茶")
    every = reader.lexical(query, Filters(), 12)
    monkeypatch.setattr(module, "_FIRST_WANTED", first)
    for floor in (1e-6, *every.scores.tolist(), float(every.scores[0]) + 1):
        good = np.sort(every.rows[every.scores >= floor]).tolist()
        found = reader.lexical(query, Filters(), 12, Sort.SALES, floor)
        assert (sorted(found.rows.tolist()), found.complete) == (good, True)

"""Generations on a real cluster with changes over them pass `tests.contract.overlaid`.

Of what is asked of a fresh generation only lists and batches, since it takes minutes: what a row is, is read as there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.backends.opensearch.backend import OpenSearchBackend
from tests import opensearch
from tests.contract.batches import Batches
from tests.contract.overlaid import Appended, Replaced, Written
from tests.contract.recall import Recall

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]


class TestOpenSearch(Appended, Recall, Batches, Replaced, Written):
    @classmethod
    def open_backend(cls, place: Path) -> OpenSearchBackend:
        return opensearch.backend_at(place)

"""Generations on a real cluster with changes over them pass `tests.contract.overlaid`."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.backends.opensearch.backend import OpenSearchBackend
from tests import opensearch
from tests.contract.overlaid import Appended, Replaced, Written

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]


class TestOpenSearch(Appended, Replaced, Written):
    @classmethod
    def open_backend(cls, place: Path) -> OpenSearchBackend:
        return opensearch.backend_at(place)

"""The store of rooms on a real cluster passes the contract of every store, unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.backends.opensearch import live_store
from retrieval.backends.opensearch.client import ClusterOptions
from retrieval.backends.opensearch.live_store import OpenSearchLiveStore
from retrieval.live.store import LiveStore
from tests import opensearch
from tests.contract.lives import HEARTBEAT, LiveStoreContract

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]


class TestOpenSearch(LiveStoreContract):
    @pytest.fixture(autouse=True)
    def patience(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A page that waits for who is on air gives up after half a second; a test on a busy machine may wait."""
        monkeypatch.setattr(live_store, "_LOOK_S", 30.0)

    @classmethod
    def open_store(cls, place: Path) -> LiveStore:
        options = ClusterOptions((opensearch.URL,))
        return OpenSearchLiveStore(options, prefix=opensearch.prefix_of(place), heartbeat=HEARTBEAT)

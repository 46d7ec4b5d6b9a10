"""The store of events on a real cluster passes the contract of every store, unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.backends.opensearch import event_indices
from retrieval.backends.opensearch.client import ClusterOptions
from retrieval.backends.opensearch.event_store import OpenSearchEventStore
from retrieval.interest.store import EventStore
from tests import opensearch
from tests.contract.events import MOST, EventStoreContract

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]


class TestOpenSearch(EventStoreContract):
    @classmethod
    def open_store(cls, place: Path, most: int = MOST) -> EventStore:
        return OpenSearchEventStore(ClusterOptions((opensearch.URL,)), prefix=opensearch.prefix_of(place), most=most)

    def small_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(event_indices, "PAGE", 4)

"""The store of keys on a real cluster passes the contract of every store, unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.backends.opensearch.client import ClusterOptions
from retrieval.backends.opensearch.key_store import OpenSearchKeyStore
from retrieval.keys.store import KeyStore
from tests import opensearch
from tests.contract.keys import KeyStoreContract

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]


class TestOpenSearch(KeyStoreContract):
    @classmethod
    def open_store(cls, place: Path) -> KeyStore:
        return OpenSearchKeyStore(ClusterOptions((opensearch.URL,)), prefix=opensearch.prefix_of(place))

"""Where things live: generations and events, here or on a cluster; dictionaries and encoded texts beside them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from configs.settings import Settings
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.changes.journal import Journal
from retrieval.changes.sqlite_journal import FILE, SqliteJournal
from retrieval.dictionaries.files import Folders
from retrieval.dictionaries.versions import Dictionaries
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.interest.store import EventStore
from retrieval.keys.sqlite_store import SqliteKeyStore
from retrieval.keys.store import KeyStore
from retrieval.live.sqlite_store import SqliteLiveStore
from retrieval.live.store import LiveStore
from retrieval.protocols import Backend
from retrieval.schema import KINDS

if TYPE_CHECKING:
    from retrieval.backends.opensearch.client import ClusterOptions
    from retrieval.backends.opensearch.health import Health


def make_backend(settings: Settings, name: str | None = None) -> Backend:
    """Where generations live; `name` instead of the configured backend."""
    if (name or settings.backend.name) == "opensearch":
        return _make_opensearch(settings)
    return EmbeddedBackend(settings.data_dir, threads=settings.encoder.threads)


def folder_backend(folder: Path) -> Backend:
    """Generations in a folder, whatever the settings say: for what is built only to be measured."""
    return EmbeddedBackend(folder)


def open_events(settings: Settings) -> EventStore:
    """What shoppers did: a file of this machine, or indices of the cluster."""
    chosen = settings.interest
    if settings.backend.name == "opensearch":
        from retrieval.backends.opensearch.event_store import OpenSearchEventStore

        place = settings.opensearch
        return OpenSearchEventStore(
            _cluster_options(settings), prefix=place.prefix, replicas=place.replicas, most=chosen.max_events_per_user
        )
    most, rewritten = chosen.max_events_per_user, chosen.rewritten_bytes
    return SqliteEventStore(settings.events_file, most=most, rewritten_bytes=rewritten)


def open_live_rooms(settings: Settings) -> LiveStore:
    """Which livestreams are on air: a file of this machine, or an index of the cluster."""
    heartbeat = settings.live.heartbeat_seconds
    if settings.backend.name == "opensearch":
        from retrieval.backends.opensearch.live_store import OpenSearchLiveStore

        place = settings.opensearch
        return OpenSearchLiveStore(
            _cluster_options(settings), prefix=place.prefix, heartbeat=heartbeat, replicas=place.replicas
        )
    return SqliteLiveStore(settings.rooms_file, heartbeat=heartbeat)


def open_journal(settings: Settings, name: str | None = None) -> Journal:
    """What changed between two rebuilds: a file of this machine, or an index of the cluster.

    Args:
        name: of another backend than the configured one.
    """
    if (name or settings.backend.name) == "opensearch":
        from retrieval.backends.opensearch.journal import OpenSearchJournal

        place = settings.opensearch
        return OpenSearchJournal(
            _cluster_options(settings), prefix=place.prefix, look_s=place.journal_look_ms / 1000,
            replicas=place.replicas,
        )  # fmt: skip
    return SqliteJournal(settings.data_dir / FILE)


def open_keys(settings: Settings) -> KeyStore:
    """Keys of the service: a file of this machine, or an index of the cluster."""
    if settings.backend.name == "opensearch":
        from retrieval.backends.opensearch.key_store import OpenSearchKeyStore

        place = settings.opensearch
        return OpenSearchKeyStore(_cluster_options(settings), prefix=place.prefix, replicas=place.replicas)
    return SqliteKeyStore(settings.keys_file)


def look_at_health(settings: Settings) -> Health:
    """How the cluster of these settings is. Raises ClusterUnavailable, ClusterRefused, DeadlineExceeded."""
    from retrieval.backends.opensearch.client import Cluster
    from retrieval.backends.opensearch.health import health_of
    from retrieval.backends.opensearch.names import Names

    cluster = Cluster(_cluster_options(settings))
    try:
        return health_of(cluster, Names(settings.opensearch.prefix, tuple(schema.kind for schema in KINDS)))
    finally:
        cluster.close()


def dictionaries_of(settings: Settings) -> Dictionaries:
    """The dictionaries of the shop, over those of the settings."""
    base = Folders(settings.lexicon_dir, settings.entities_dir, settings.rules_dir)
    return Dictionaries(settings.data_dir / "dictionaries", base)


def encoder_cache(settings: Settings) -> Path:
    """Where built encoders and document vectors are kept."""
    return settings.data_dir / "cache"


def _cluster_options(settings: Settings) -> ClusterOptions:
    """Credentials are read here and kept nowhere else: not in settings, manifests or logs."""
    from retrieval.backends.opensearch.client import ClusterOptions

    chosen = settings.opensearch
    user, password, api_key = (os.environ.get(f"XUNHUO_OPENSEARCH_{name}") for name in ("USER", "PASSWORD", "API_KEY"))
    return ClusterOptions(
        chosen.urls, user=user, password=password, api_key=api_key,
        ca_file=str(chosen.ca_file) if chosen.ca_file else None, verify=chosen.verify, timeout=chosen.timeout,
        attempts=chosen.attempts, connections=chosen.connections, compress=chosen.compress,
        failures=chosen.breaker_failures, rest_seconds=chosen.breaker_seconds,
    )  # fmt: skip


def _make_opensearch(settings: Settings) -> Backend:
    from retrieval.backends.opensearch.backend import OpenSearchBackend
    from retrieval.backends.opensearch.feeder import FeedOptions
    from retrieval.backends.opensearch.mapping import IndexOptions

    chosen = settings.opensearch
    index = IndexOptions(
        shards=chosen.shards, replicas=chosen.replicas, refresh_interval=chosen.refresh_interval, hnsw_m=chosen.hnsw_m,
        hnsw_ef_construction=chosen.hnsw_ef_construction, segments=chosen.segments,
    )  # fmt: skip
    feed = FeedOptions(chosen.bulk_bytes, chosen.bulk_threads)
    return OpenSearchBackend(
        _cluster_options(settings), prefix=chosen.prefix, index=index, feed=feed, explored=chosen.ef_search
    )

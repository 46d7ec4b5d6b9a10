"""Settings → parts: the one place where retrieval reads configuration."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from configs.settings import RANKING, Settings
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import ATTACHMENT, Lexicon, load_lexicon
from retrieval.analysis.segment import open_segmenter
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.dictionaries.files import FILES, Folders
from retrieval.dictionaries.ruleset import load_ruleset, speller_of, understander
from retrieval.dictionaries.versions import Dictionaries
from retrieval.dictionaries.watch import Watch
from retrieval.encoders import open_encoder
from retrieval.encoders.caching import QueryCache
from retrieval.engine import Engine
from retrieval.fusion.fusers import Fuser, make_fuser
from retrieval.generations import check_readable
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.interest.store import EventStore
from retrieval.lists.arrange import ArrangeOptions
from retrieval.lists.facets import FacetBounds
from retrieval.lists.lists import ListOptions
from retrieval.lists.select import SelectOptions
from retrieval.options import EngineOptions
from retrieval.protocols import Backend, Encoder, IndexReader
from retrieval.ranking.model import load_ranking
from retrieval.ranking.ranker import AdditiveRanker
from retrieval.ranking.stage import MakeStages, RankingStage, Stages, no_stages
from retrieval.ranking.trees import load_trees
from retrieval.ranking.word_space import WordSpace
from retrieval.recall.lexical import LexicalOptions
from retrieval.serving.understandings import MakeUnderstanding, Understanding, WordsOnly
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.spelling.tables import SpellingTables

if TYPE_CHECKING:
    from retrieval.backends.opensearch.client import ClusterOptions


def dictionaries_of(settings: Settings) -> Dictionaries:
    """The dictionaries of the shop, over those of the settings."""
    base = Folders(settings.lexicon_dir, settings.entities_dir, settings.rules_dir)
    return Dictionaries(settings.data_dir / "dictionaries", base)


def make_analyzer(settings: Settings) -> Analyzer:
    """The analyzer with the shop's lexicon as it is now."""
    with dictionaries_of(settings).assembled() as folders:
        return analyzer_of(settings, load_lexicon(folders.lexicon))


def analyzer_of(settings: Settings, lexicon: Lexicon) -> Analyzer:
    """The analyzer with this lexicon."""
    segmenter = open_segmenter(settings.analysis.segmenter, lexicon.user_words)
    return Analyzer(segmenter, lexicon, bigram_weight=settings.analysis.bigram_weight)


def analyzer_of_generation(settings: Settings, reader: IndexReader) -> Analyzer:
    """The analyzer that cut the documents of a generation.

    Raises:
        GenerationError: the generation does not hold its words, and the words are others by now.
    """
    return make_understanding(settings)(reader).analyzer


def make_encoder(settings: Settings, *, threads: int) -> Encoder | None:
    """The configured encoder, None for ``none``."""
    if settings.encoder.name == "none":
        return None
    return open_encoder(
        settings.encoder.name, options=settings.encoder.options, cache_dir=encoder_cache(settings), threads=threads
    )


def make_backend(settings: Settings, name: str | None = None) -> Backend:
    """Where generations live; `name` instead of the configured backend."""
    if (name or settings.backend.name) == "opensearch":
        return _make_opensearch(settings)
    return EmbeddedBackend(settings.data_dir, threads=settings.encoder.threads)


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


def make_understanding(settings: Settings, changes: Mapping[str, str] | None = None) -> MakeUnderstanding:
    """What reads queries, to be made for each generation, with the dictionaries as they are now.

    User words and units are those that the generation was built with: edited ones count from the generation on that
    has them (`xunhuo dictionary apply`, or a rebuild).

    Args:
        changes: dictionaries to try out, name → text; user words and units among them count at once.
    """
    with dictionaries_of(settings).assembled(changes) as folders:
        rules = load_ruleset(folders)
    tried = any(FILES[name].indexed for name in changes or ())
    analyzers: dict[str, Analyzer] = {}

    def analyzer_for(reader: IndexReader) -> Analyzer:
        kept = None if tried else reader.attachment(ATTACHMENT)
        lexicon = rules.lexicon.of_index(kept) if kept else rules.lexicon
        if lexicon.checksum not in analyzers:
            analyzers[lexicon.checksum] = analyzer_of(settings, lexicon)
        analyzer = analyzers[lexicon.checksum]
        check_readable(reader.manifest, analyzer=None if tried else analyzer.fingerprint, encoder=None)
        return analyzer

    def make(reader: IndexReader) -> Understanding:
        analyzer = analyzer_for(reader)
        if not settings.understanding.enabled:
            return WordsOnly(analyzer)
        stored = reader.attachment("knowledge")
        knowledge = Knowledge.from_bytes(stored) if stored else Knowledge()
        kept = reader.attachment("spelling")
        tables = SpellingTables.from_bytes(kept, knowledge) if kept else None
        speller = speller_of(rules, knowledge, tables) if tables and settings.understanding.spelling else None
        return understander(rules, analyzer, knowledge, speller=speller, context=tables.context if tables else None)

    return make


def make_stages(settings: Settings) -> MakeStages:
    """What ranks the best candidates of a generation."""
    if not settings.ranking.enabled:
        return no_stages
    chosen = settings.ranking
    models = [load_ranking(path) for path in (settings.ranking_file, RANKING / "none.yaml")]
    trees = load_trees(chosen.trees) if chosen.trees else None

    def make(reader: IndexReader) -> Stages | None:
        stored = reader.attachment("words")
        if not stored:
            return None
        space = WordSpace.from_bytes(stored)
        full, words = (RankingStage(m, AdditiveRanker(m.order), space) for m in models)
        now = int(datetime.fromisoformat(reader.manifest.created_at).timestamp())
        return Stages(RankingStage(models[0], trees, space) if trees else full, words, now)

    return make


def make_fuser_of(settings: Settings) -> Fuser:
    """The configured fuser."""
    search = settings.search
    return make_fuser(search.fusion, weights=search.weights.of_channels(settings.encoder.name), k=search.rrf_k)


def open_engine(settings: Settings) -> Engine:
    """An engine over the published generation, or over none yet.

    Keeps numpy to one thread in this process: products of a few hundred vectors are done before a second thread wakes,
    and its waiting costs as much processor time as all the rest of a search.
    """
    threadpool_limits(1, user_api="blas")
    encoder = make_encoder(settings, threads=1)
    return Engine(
        make_backend(settings),
        QueryCache(encoder, settings.encoder.query_cache) if encoder else None,
        make_fuser_of(settings),
        engine_options(settings),
        make_understanding(settings),
        make_stages(settings),
    )


def open_live(settings: Settings) -> tuple[Engine, Watch]:
    """An engine, and what makes it follow the dictionaries."""
    state = dictionaries_of(settings).state
    opened: list[Engine] = []
    watch = Watch(state, lambda: opened[0].use(make_understanding(settings)))
    opened.append(open_engine(settings))
    return opened[0], watch


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


def engine_options(settings: Settings) -> EngineOptions:
    """Section ``search`` as plain values."""
    search = settings.search
    lexical = LexicalOptions(search.fields.model_dump(), search.depth, search.enough, search.most, search.floor)
    select = SelectOptions(
        depth=search.depth,
        measured=search.ranked,
        nearest=search.semantic_depth,
        sorted_floor=search.sorted_floor,
        closely=settings.ranking.closely,
    )
    ranking = settings.ranking
    arrange = ArrangeOptions(ranking.collapse, ranking.spread_window, ranking.spread_most)
    return EngineOptions(
        lexical=lexical,
        lists=ListOptions(select, arrange, settings.understanding.relax_below),
        kept=search.lists_kept,
        facets=FacetBounds(search.facet_values, search.facet_attribute_values),
        threads=search.threads,
    )


def encoder_cache(settings: Settings) -> Path:
    """Where built encoders and document vectors are kept."""
    return settings.data_dir / "cache"

"""Settings → parts: the one place where retrieval reads configuration."""

from __future__ import annotations

from pathlib import Path

from threadpoolctl import threadpool_limits

from configs.settings import Settings
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.segment import open_segmenter
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.encoders import open_encoder
from retrieval.encoders.caching import QueryCache
from retrieval.engine import Engine, EngineOptions
from retrieval.fusion.fusers import Fuser, make_fuser
from retrieval.protocols import Encoder
from retrieval.recall.lexical import LexicalOptions


def make_analyzer(settings: Settings) -> Analyzer:
    """The analyzer with the shop's lexicon."""
    lexicon = load_lexicon(settings.lexicon_dir)
    segmenter = open_segmenter(settings.analysis.segmenter, lexicon.user_words)
    return Analyzer(segmenter, lexicon, bigram_weight=settings.analysis.bigram_weight)


def make_encoder(settings: Settings, *, threads: int) -> Encoder | None:
    """The configured encoder, None for ``none``."""
    if settings.encoder.name == "none":
        return None
    return open_encoder(
        settings.encoder.name, options=settings.encoder.options, cache_dir=encoder_cache(settings), threads=threads
    )


def make_backend(settings: Settings) -> EmbeddedBackend:
    """Where generations live."""
    return EmbeddedBackend(settings.data_dir, threads=settings.encoder.threads)


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
        make_analyzer(settings),
        QueryCache(encoder, settings.encoder.query_cache) if encoder else None,
        make_fuser_of(settings),
        engine_options(settings),
    )


def engine_options(settings: Settings) -> EngineOptions:
    """Section ``search`` as plain values."""
    search = settings.search
    lexical = LexicalOptions(search.fields.model_dump(), search.depth, search.enough, search.most, search.floor)
    return EngineOptions(
        lexical=lexical,
        semantic_depth=search.semantic_depth,
        sorted_floor=search.sorted_floor,
        lists_kept=search.lists_kept,
        facet_values=search.facet_values,
        threads=search.threads,
    )


def encoder_cache(settings: Settings) -> Path:
    """Where built encoders and document vectors are kept."""
    return settings.data_dir / "cache"

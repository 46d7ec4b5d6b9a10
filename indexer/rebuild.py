"""An offline rebuild: read → document → analyse → encode → write → check → publish.

Rows stream through in batches, so memory does not grow with the catalogue (but for about 300 bytes a document of ids
and columns). One thread analyses and writes while the encoder works on the batch before. A rebuild that was killed
leaves the old generation serving; started again, it encodes only what is not in the vector cache.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from indexer.checks.context import CheckContext
from indexer.checks.gate import run_checks
from indexer.documents.product import product_document
from indexer.sources.limits import Limits
from indexer.sources.readers import read_events, read_products, read_videos, total_bytes
from indexer.sources.records import Product
from indexer.sources.rejects import RejectLog
from indexer.vector_cache import VectorCache
from retrieval.analysis.analyzer import Analyzer
from retrieval.protocols import Backend, Encoder, IndexWriter
from retrieval.types import FloatArray, IndexedDocument

_PROBES = 200
_PROBE_CHARS = 10
"""Query-like texts to tune the recall of the vector index on: the starts of titles, as long as real queries are."""


class Observer(Protocol):
    """Told how far a rebuild is."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins; `total` bytes to read, 0 when unknown."""

    def advance(self, read_bytes: int, documents: int) -> None:
        """So many more bytes were read and documents written."""


@dataclass(frozen=True, slots=True)
class RebuildPlan:
    """Plain values of a rebuild. A dry run keeps no generation and no rejects, but the vectors that it encoded."""

    products: Sequence[Path]
    videos: Sequence[Path] = ()
    events: Sequence[Path] = ()
    limits: Limits = field(default_factory=Limits)
    max_reject_share: float = 0.05
    min_rows_for_share: int = 20
    batch: int = 2048
    min_count_ratio: float = 0.5
    gold_samples: int = 50
    gold_share: float = 0.9
    rejects_dir: Path = Path("rejects")
    cache_dir: Path = Path("cache")
    settings: dict[str, Any] = field(default_factory=dict)
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild did. Durations in seconds.

    Attributes:
        generation: its name, None in a dry run.
        documents: in the index.
        withheld: products whose status is off or banned; they are not indexed.
        accepted, rejected: rows by kind of input; reasons: reject reason → rows.
        encoded, reused: texts that were encoded, and those whose vectors were cached.
    """

    generation: str | None
    documents: int
    withheld: int
    accepted: dict[str, int]
    rejected: dict[str, int]
    reasons: dict[str, int]
    rejects_dir: str | None
    encoded: int
    reused: int
    seconds: dict[str, float]


def rebuild(
    plan: RebuildPlan, backend: Backend, analyzer: Analyzer, encoder: Encoder | None, observer: Observer
) -> RebuildReport:
    """Builds, checks and publishes one generation.

    Raises:
        InputError: a file cannot be read, or too many rows of it are bad.
        CheckFailed: the generation is not fit to be published. In both cases the old one goes on serving.
        GenerationError: another rebuild is running.
    """
    with ExitStack() as stack:
        stack.enter_context(backend.building())
        current = backend.current()
        previous = next((m for m in backend.manifests() if m.generation == current), None)
        writer = stack.enter_context(
            backend.create(
                analyzer=analyzer.fingerprint,
                encoder=encoder.fingerprint if encoder else None,
                dim=encoder.dim if encoder else 0,
            )
        )
        cache = stack.enter_context(VectorCache(plan.cache_dir, encoder)) if encoder else None
        logs = _open_logs(plan, writer.generation, stack)
        clock = _Clock()
        observer.stage("index", total_bytes(plan.products))
        feed = _Feed(plan, logs["products"], observer)
        for batch, vectors in _encoded(_analysed(feed, analyzer, plan.batch), cache):
            writer.add(batch, vectors)
            observer.advance(0, len(batch))
        _read_others(plan, logs, observer)
        for log in logs.values():
            log.check(plan.max_reject_share, plan.min_rows_for_share)
        clock.lap("index")
        report = _report(plan, writer, feed, logs, cache, clock)
        if plan.dry_run:
            return report
        observer.stage("write", 0)
        probes = encoder.encode_queries(feed.probes) if encoder and feed.probes else None
        manifest = writer.finish(
            {"input": [str(p) for p in plan.products], "settings": plan.settings, **_counts(report)}, probes
        )
        clock.lap("write")
        observer.stage("check", 0)
        try:
            _check(plan, backend, analyzer, manifest.generation, previous)
            clock.lap("check")
            backend.publish(manifest.generation)
        except BaseException:
            if backend.current() != manifest.generation:
                backend.delete(manifest.generation)
            raise
        return _report(plan, writer, feed, logs, cache, clock)


class _Feed:
    """Products that may be sold, counted as they go by."""

    def __init__(self, plan: RebuildPlan, log: RejectLog, observer: Observer) -> None:
        self._records = read_products(
            plan.products, limits=plan.limits, rejects=log, progress=lambda n: observer.advance(n, 0)
        )
        self.documents = self.withheld = 0
        self.probes: list[str] = []
        self._stride = 1

    def __iter__(self) -> Iterator[Product]:
        for product in self._records:
            if product.status != "on":
                self.withheld += 1
                continue
            self._probe(product.title)
            self.documents += 1
            yield product

    def _probe(self, title: str) -> None:
        """Keeps every stride-th title; the stride doubles whenever twice as many as needed are kept."""
        if self.documents % self._stride == 0:
            self.probes.append(title[:_PROBE_CHARS])
            if len(self.probes) == 2 * _PROBES:
                self.probes = self.probes[::2]
                self._stride *= 2


class _Clock:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now


def _analysed(products: Iterable[Product], analyzer: Analyzer, size: int) -> Iterator[list[IndexedDocument]]:
    documents = (product_document(product) for product in products)
    while batch := list(islice(documents, size)):
        yield [IndexedDocument(d, {field: analyzer.tokens(text) for field, text in d.text.items()}) for d in batch]


def _encoded(
    batches: Iterator[list[IndexedDocument]], cache: VectorCache | None
) -> Iterator[tuple[list[IndexedDocument], FloatArray | None]]:
    """Each batch with its vectors; while one batch is encoded the next is read and analysed."""
    if cache is None:
        yield from ((batch, None) for batch in batches)
        return
    waiting: tuple[list[IndexedDocument], Future[FloatArray]] | None = None
    with ThreadPoolExecutor(1, thread_name_prefix="encode") as pool:
        for batch in batches:
            future = pool.submit(cache.encode, [d.document.embedded_text for d in batch])
            if waiting:
                yield waiting[0], waiting[1].result()
            waiting = (batch, future)
        if waiting:
            yield waiting[0], waiting[1].result()


def _open_logs(plan: RebuildPlan, generation: str, stack: ExitStack) -> dict[str, RejectLog]:
    folder = plan.rejects_dir / generation
    if not plan.dry_run:
        folder.mkdir(parents=True)
    kinds = ("products", *(["videos"] if plan.videos else []), *(["events"] if plan.events else []))
    return {kind: stack.enter_context(RejectLog(None if plan.dry_run else folder / f"{kind}.jsonl")) for kind in kinds}


def _read_others(plan: RebuildPlan, logs: dict[str, RejectLog], observer: Observer) -> None:
    """Videos and events are checked and counted; indexes over them are not built yet."""
    for kind, paths, read in (("videos", plan.videos, read_videos), ("events", plan.events, read_events)):
        if paths:
            observer.stage(kind, total_bytes(paths))
            records = read(paths, limits=plan.limits, rejects=logs[kind], progress=lambda n: observer.advance(n, 0))
            for _ in records:
                pass


def _check(plan: RebuildPlan, backend: Backend, analyzer: Analyzer, generation: str, previous: Any) -> None:
    reader = backend.open(generation)
    try:
        run_checks(
            CheckContext(backend, reader, previous, analyzer, plan.min_count_ratio, plan.gold_samples, plan.gold_share)
        )
    finally:
        reader.close()


def _report(
    plan: RebuildPlan,
    writer: IndexWriter,
    feed: _Feed,
    logs: dict[str, RejectLog],
    cache: VectorCache | None,
    clock: _Clock,
) -> RebuildReport:
    reasons: dict[str, int] = {}
    for log in logs.values():
        for reason, count in log.counts.items():
            reasons[reason] = reasons.get(reason, 0) + count
    return RebuildReport(
        generation=None if plan.dry_run else writer.generation,
        documents=feed.documents,
        withheld=feed.withheld,
        accepted={kind: log.accepted for kind, log in logs.items()},
        rejected={kind: log.total for kind, log in logs.items()},
        reasons=dict(sorted(reasons.items())),
        rejects_dir=None if plan.dry_run else str(plan.rejects_dir / writer.generation),
        encoded=cache.encoded if cache else 0,
        reused=cache.reused if cache else 0,
        seconds=dict(clock.seconds),
    )


def _counts(report: RebuildReport) -> dict[str, Any]:
    return {
        "accepted": report.accepted,
        "rejected": report.rejected,
        "reasons": report.reasons,
        "withheld": report.withheld,
        "encoded": report.encoded,
        "reused": report.reused,
        "seconds": dict(report.seconds),
    }

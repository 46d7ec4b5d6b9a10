"""An offline rebuild: read → document → analyse → encode → write → check → publish.

Rows stream through in batches, so memory does not grow with the catalogue (but for about 300 bytes a document of ids
and columns). Processes analyse while this one reads, writes and learns, and a thread encodes the batch before. Killed,
it leaves the old generation serving; started again, it encodes only what is not in the vector cache, and a cluster goes
on with what was fed into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from indexer.changes.shelf import SHELF, Shelving
from indexer.checks.context import Bounds, Gates, Judge
from indexer.documents.analysed import Analysed, with_title_tokens
from indexer.documents.parallel import analysed_batches
from indexer.encoded import encoded
from indexer.events.loading import EventKeeper
from indexer.feed import Feed
from indexer.learning.attachments import AttachmentLearner
from indexer.learning.learner import Learner
from indexer.listing.check import ListingContext
from indexer.listing.inspector import Inspector
from indexer.listing.levels import ATTACHMENT as LEVELS
from indexer.publish import Force, publish_checked, served_by
from indexer.refused import log_refused
from indexer.report import Clock, RebuildReport, counts_of, report_of, write_gates
from indexer.sources.limits import Limits
from indexer.sources.readers import encodings, read_events, total_bytes
from indexer.sources.records import Product
from indexer.sources.rejects import RejectLog
from indexer.vector_cache import VectorCache
from indexer.videos.index import KINDS, SpeechCounts, VideoFiles, index_videos
from indexer.videos.speech import Speech
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import ATTACHMENT
from retrieval.changes.products import POSITION
from retrieval.protocols import Backend, Encoder
from retrieval.schema import PRODUCT


class Observer(Protocol):
    """Told how far a rebuild is."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins; `total` bytes to read, 0 when unknown."""

    def advance(self, read_bytes: int, documents: int) -> None:
        """So many more bytes were read and documents written."""


@dataclass(frozen=True, slots=True)
class RebuildPlan:
    """Plain values of a rebuild. A dry run keeps no generation and no rejects, but the vectors that it encoded.

    `position` is that of the last entry of the journal that the files contain.
    """

    products: Sequence[Path]
    videos: Sequence[Path] = ()
    events: Sequence[Path] = ()
    queries: Sequence[Path] = ()
    limits: Limits = field(default_factory=Limits)
    max_reject_share: float = 0.05
    min_rows_for_share: int = 20
    batch: int = 2048
    processes: int = 0
    min_count_ratio: float = 0.8
    gold_samples: int = 50
    gold_share: float = 0.9
    gates: Gates = field(default_factory=Gates)
    force: Force | None = None
    rejects_dir: Path = Path("rejects")
    cache_dir: Path = Path("cache")
    settings: dict[str, Any] = field(default_factory=dict)
    dry_run: bool = False
    position: int = 0

    @property
    def files(self) -> list[Path]:
        """All that is read."""
        return [*self.products, *self.videos, *self.events, *self.queries]

    @property
    def bounds(self) -> Bounds:
        """What the checks ask for."""
        return Bounds(self.min_count_ratio, self.gold_samples, self.gold_share, self.gates)


def rebuild(
    plan: RebuildPlan, backend: Backend, analyzer: Analyzer, encoder: Encoder | None, observer: Observer,
    learner: Learner | None = None, keeper: EventKeeper | None = None, speech: Speech | None = None,
    judge: Judge | None = None, listing: ListingContext | None = None,
) -> RebuildReport:  # fmt: skip
    """Builds, checks and publishes one generation; `learner` learns from what goes by, and its knowledge goes along.

    `speech` makes moments of the videos; it is needed where there are some. `keeper` keeps the events, as the API
    would; they stay kept, whatever becomes of the generation. `judge` asks judged queries of it before it is published.
    With `listing` every product is checked as a listing.

    Raises:
        InputError: a file cannot be read, or too many rows of it are bad.
        CheckFailed: the generation is not fit to be published. In both cases the old one goes on serving.
        GenerationError: another rebuild is running.
    """
    with ExitStack() as stack:
        stack.enter_context(backend.building())
        served = served_by(backend)
        writer = stack.enter_context(
            backend.create(
                analyzer=analyzer.fingerprint,
                encoder=encoder.fingerprint if encoder else None,
                dim=encoder.dim if encoder else 0,
                kinds=KINDS if speech else (),
            )
        )
        if speech:
            stack.callback(speech.close)
        cache = stack.enter_context(VectorCache(plan.cache_dir, encoder)) if encoder else None
        logs = _open_logs(plan, writer.generation, stack)
        clock = Clock()
        kept = None if plan.dry_run else plan.rejects_dir
        observer.stage("index", total_bytes(plan.products))
        learning = AttachmentLearner(learner, remember=bool(plan.events)) if learner else None
        findings = None if plan.dry_run else plan.rejects_dir / writer.generation / "listing.jsonl"
        inspector = stack.enter_context(Inspector(listing, findings)) if listing else None
        shelving = Shelving()
        withheld = _Withheld(shelving, learning, speech)
        feed = Feed(
            plan.products, plan.limits, logs["products"], lambda n: observer.advance(n, 0), withheld,
            inspector,
        )  # fmt: skip
        batches = stack.enter_context(closing(analysed_batches(_batches(feed, plan.batch), analyzer, plan.processes)))
        for batch, read in stack.enter_context(closing(encoded(batches, _title, cache))):
            made, vectors = [each.indexed for each in batch], read.vectors if read else None
            writer.collection(PRODUCT.kind).add(with_title_tokens(made, read.tokens) if read else made, vectors)
            if learning:
                learning.products(batch, vectors)
            if speech:
                speech.products(each.product for each in batch)
            observer.advance(0, len(batch))
        refused = log_refused(writer, logs["products"])
        feed.documents -= refused
        _read_others(plan, logs, observer, learning, keeper)
        clock.lap("index")
        learned = learning.attachments(encoder, rows_kept=not refused) if learning else {}
        clock.lap("learn")
        spoken = SpeechCounts()
        if speech:
            observer.stage("videos", total_bytes(plan.videos, videos=True))
            files = VideoFiles(plan.videos, plan.limits, logs["videos"], lambda n: observer.advance(n, 0))
            with closing(files.once()) as videos:
                maker = speech.maker(analyzer, learned.get("knowledge"), videos)
            spoken = index_videos(files, maker, writer, cache, plan.batch, lambda n: observer.advance(0, n))
            log_refused(writer, logs["videos"], after=refused)
            clock.lap("videos")
        for log in logs.values():
            log.check(plan.max_reject_share, plan.min_rows_for_share)
        report = report_of(kept, writer, feed, logs, cache, clock, encodings(plan.files), keeper, spoken, inspector)
        if plan.dry_run:
            return report
        observer.stage("write", 0)
        writer.attach(ATTACHMENT, analyzer.lexicon.indexed())
        for name, data in learned.items():
            writer.attach(name, data)
        if inspector:
            writer.attach(LEVELS, inspector.learned())
        if shelved := shelving.attachment():
            writer.attach(SHELF, shelved)
        probes = encoder.encode_queries(feed.probes) if encoder and feed.probes else None
        manifest = writer.finish(
            {
                "input": [str(p) for p in plan.products], "settings": plan.settings, POSITION: plan.position,
                **counts_of(report),
            },
            probes,
        )  # fmt: skip
        clock.lap("write")
        observer.stage("check", 0)
        gates = publish_checked(
            backend, manifest.generation, analyzer, served, plan.bounds, encoder=encoder, judge=judge, force=plan.force,
            told=lambda found: write_gates(plan.rejects_dir, found),
        )  # fmt: skip
        clock.lap("check")
        report = report_of(kept, writer, feed, logs, cache, clock, encodings(plan.files), keeper, spoken, inspector)
        return replace(report, gates=gates)


def _batches(products: Iterable[Product], size: int) -> Iterator[list[Product]]:
    products = iter(products)
    while batch := list(islice(products, size)):
        yield batch


def _title(each: Analysed) -> str:
    return each.indexed.document.embedded_text


@dataclass(frozen=True, slots=True)
class _Withheld:
    """Told of what is off or banned."""

    shelving: Shelving
    learning: AttachmentLearner | None
    speech: Speech | None

    def __call__(self, product: Product) -> None:
        self.shelving.add(product)
        if self.learning:
            self.learning.withheld(product)
        if self.speech:
            self.speech.products([product])


def _open_logs(plan: RebuildPlan, generation: str, stack: ExitStack) -> dict[str, RejectLog]:
    folder = plan.rejects_dir / generation
    if not plan.dry_run:
        folder.mkdir(parents=True, exist_ok=True)  # a build that goes on has its name already
    kinds = ["products", *(kind for kind in ("videos", "events", "queries") if getattr(plan, kind))]
    return {kind: stack.enter_context(RejectLog(None if plan.dry_run else folder / f"{kind}.jsonl")) for kind in kinds}


def _read_others(
    plan: RebuildPlan, logs: dict[str, RejectLog], observer: Observer, learning: AttachmentLearner | None,
    keeper: EventKeeper | None,
) -> None:  # fmt: skip
    """Events are kept, searches and clicks teach."""
    if plan.events:
        observer.stage("events", total_bytes(plan.events))
        log, progress = logs["events"], lambda n: observer.advance(n, 0)
        for event in read_events(plan.events, limits=plan.limits, rejects=log, progress=progress):
            if learning:
                learning.event(event)
            if keeper:
                keeper.add(event)
    if keeper:
        keeper.finish()
    if plan.queries and learning:
        observer.stage("queries", sum(path.stat().st_size for path in plan.queries))
        learning.queries(plan.queries, logs["queries"], lambda n: observer.advance(n, 0))

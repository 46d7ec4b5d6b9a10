"""What a rebuild did: counts, reasons and seconds."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from indexer.checks.gate import GateReport
from indexer.events.loading import EventKeeper, Kept
from indexer.feed import Feed
from indexer.listing.inspector import Inspector
from indexer.sources.rejects import RejectLog
from indexer.vector_cache import VectorCache
from indexer.videos.index import SpeechCounts
from retrieval.protocols import GenerationWriter


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild did. Durations in seconds.

    Attributes:
        generation: its name, None in a dry run.
        documents: in the index.
        withheld: products whose status is off or banned; they are not indexed.
        accepted, rejected: rows by kind of input; reasons: reject reason → rows, and parts of rows that were kept.
        encodings: text file → the encoding that it is in.
        events: what became of the events in the store of what shoppers did.
        speech: what became of the videos.
        encoded, reused: texts that were encoded, and those whose vectors were cached.
        gates: what the checks found; None in a dry run.
        listing: rule of the listing check → decision → products.
    """

    generation: str | None
    documents: int
    withheld: int
    accepted: dict[str, int]
    rejected: dict[str, int]
    reasons: dict[str, int]
    rejects_dir: str | None
    encodings: dict[str, str]
    events: Kept
    speech: SpeechCounts
    encoded: int
    reused: int
    seconds: dict[str, float]
    gates: GateReport | None = None
    listing: dict[str, dict[str, int]] = field(default_factory=dict)


class Clock:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now


def report_of(
    rejects_dir: Path | None,
    writer: GenerationWriter,
    feed: Feed,
    logs: dict[str, RejectLog],
    cache: VectorCache | None,
    clock: Clock,
    encodings: dict[str, str],
    keeper: EventKeeper | None,
    speech: SpeechCounts,
    inspector: Inspector | None = None,
) -> RebuildReport:
    """The report; `rejects_dir` is None in a dry run."""
    reasons: dict[str, int] = {}
    for log in logs.values():
        for reason, count in (log.counts + log.parts).items():
            reasons[reason] = reasons.get(reason, 0) + count
    return RebuildReport(
        generation=writer.generation if rejects_dir else None,
        documents=feed.documents,
        withheld=feed.withheld,
        accepted={kind: log.accepted for kind, log in logs.items()},
        rejected={kind: log.total for kind, log in logs.items()},
        reasons=dict(sorted(reasons.items())),
        rejects_dir=str(rejects_dir / writer.generation) if rejects_dir else None,
        encodings=encodings,
        events=keeper.kept if keeper else Kept(),
        speech=speech,
        encoded=cache.encoded if cache else 0,
        reused=cache.reused if cache else 0,
        seconds=dict(clock.seconds),
        listing=inspector.summary() if inspector else {},
    )


def counts_of(report: RebuildReport) -> dict[str, Any]:
    """What of it the manifest keeps."""
    return {
        "accepted": report.accepted,
        "rejected": report.rejected,
        "reasons": report.reasons,
        "withheld": report.withheld,
        "speech": asdict(report.speech),
        "listing": report.listing,
        "encoded": report.encoded,
        "reused": report.reused,
        "seconds": dict(report.seconds),
    }


def write_gates(rejects_dir: Path, found: GateReport) -> None:
    """What the checks found, beside the rejects: of a generation that was not published nothing else is left."""
    folder = rejects_dir / found.generation
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gates.json").write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))

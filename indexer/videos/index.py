"""Videos of the input → two collections of a generation: the videos, and their moments."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from indexer.encoded import encoded
from indexer.sources.limits import Limits
from indexer.sources.readers import read_videos
from indexer.sources.records import Video
from indexer.sources.rejects import RejectLog
from indexer.vector_cache import VectorCache
from indexer.videos.make import Maker
from retrieval.protocols import GenerationWriter
from retrieval.schema import MOMENT, VIDEO
from retrieval.spoken.said import WITHHELD
from retrieval.types import IndexedDocument

KINDS = (MOMENT.kind, VIDEO.kind)
"""What a generation with videos holds beside products."""


@dataclass(slots=True)
class SpeechCounts:
    """What became of the videos.

    Attributes:
        withheld: videos that are off or banned; they are not indexed.
        unlinked: moments that show no product for sure.
    """

    videos: int = 0
    withheld: int = 0
    moments: int = 0
    unlinked: int = 0


@dataclass(frozen=True, slots=True)
class VideoFiles:
    """What is read."""

    paths: Sequence[Path]
    limits: Limits
    log: RejectLog
    progress: Callable[[int], None]

    def once(self) -> Generator[Video]:
        """All videos, without a word about how far it is and what is rejected: they are read again."""
        with RejectLog() as unheard:
            yield from read_videos(self.paths, limits=self.limits, rejects=unheard)


@dataclass(slots=True)
class _Stream:
    """Makes videos one by one: writes them, and hands out their moments in batches."""

    files: VideoFiles
    maker: Maker
    writer: GenerationWriter
    size: int
    counts: SpeechCounts
    hidden: list[str] = field(default_factory=list)
    _moments: list[IndexedDocument] = field(default_factory=list)

    def batches(self) -> Iterator[list[IndexedDocument]]:
        files = self.files
        for video in read_videos(files.paths, limits=files.limits, rejects=files.log, progress=files.progress):
            if video.status != "on":
                self.counts.withheld += 1
                self.hidden.append(video.id)
                continue
            made = self.maker.make(video)
            self.writer.collection(VIDEO.kind).add([made.video], None)
            self._moments += made.moments
            self.counts.videos += 1
            self.counts.moments += len(made.moments)
            self.counts.unlinked += sum(not each.document.keywords["product"] for each in made.moments)
            while len(self._moments) >= self.size:
                yield self._moments[: self.size]
                del self._moments[: self.size]
        if self._moments:
            yield self._moments


def index_videos(
    files: VideoFiles, maker: Maker, writer: GenerationWriter, cache: VectorCache | None, size: int,
    written: Callable[[int], None],
) -> SpeechCounts:  # fmt: skip
    """Writes all videos and their moments, `size` moments at a time; `written` is told how many.

    Raises:
        InputError: a file cannot be read.
    """
    counts = SpeechCounts()
    stream = _Stream(files, maker, writer, size, counts)
    with closing(encoded(stream.batches(), lambda each: each.document.embedded_text, cache)) as batches:
        for batch, read in batches:
            writer.collection(MOMENT.kind).add(batch, read.vectors if read else None)
            written(len(batch))
    writer.attach(WITHHELD, orjson.dumps(sorted(stream.hidden)))
    return counts

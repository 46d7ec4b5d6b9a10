"""All that a rebuild needs to make moments of videos, put together: word lists, the catalogue's shelf, the linker."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.sources.records import Product, Video
from indexer.videos.amounts import Amounts
from indexer.videos.clean import Cleaner
from indexer.videos.cut import Cutter
from indexer.videos.heard import Heard
from indexer.videos.links.linker import Linker
from indexer.videos.links.shelf import Shelf
from indexer.videos.links.teach import taught_by
from indexer.videos.links.weights import load_weights
from indexer.videos.make import Maker
from indexer.videos.phrases import load_phrases
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.segment import general_frequencies
from retrieval.types import Buffer
from retrieval.understanding.knowledge import Knowledge


class Speech:
    """Sees the catalogue go by, then makes moments. `folder` holds the word lists."""

    def __init__(self, folder: Path) -> None:
        self._phrases, self._shelf, self._weights = load_phrases(folder), Shelf(), load_weights()

    def close(self) -> None:
        """Lets go of what it knows of the catalogue."""
        self._shelf.close()

    def products(self, batch: Iterable[Product]) -> None:
        """Products of the catalogue, those that are withheld, too."""
        for product in batch:
            self._shelf.add(product)

    def maker(self, analyzer: Analyzer, knowledge: Buffer | None, videos: Iterable[Video] = ()) -> Maker:
        """What makes moments, once the whole catalogue went by; `knowledge` is what it taught.

        Those of `videos` that say when they show what teach how products are shown in the others.
        """
        self._shelf.finish()
        cleaner = Cleaner(self._phrases)
        linker = Linker(self._shelf, taught_by(videos, cleaner.cleaned, self._shelf, self._weights))
        taught = Knowledge.from_bytes(knowledge) if knowledge else Knowledge()
        heard = Heard.of(taught, general_frequencies(), analyzer.segmenter.cut)
        return Maker(
            analyzer, cleaner, Cutter(self._phrases), linker, heard, Amounts(analyzer.lexicon.units),
            lambda id: bool(self._shelf.of([id])),
        )  # fmt: skip

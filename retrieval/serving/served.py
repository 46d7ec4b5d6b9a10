"""Which generation is served, and what reads its queries: what an engine has beside its searches.

Another process may publish, and delete what was served, at any time; it is looked at now and then (`Served.refresh`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import orjson

from retrieval.answer import Product
from retrieval.changes.products import built_at
from retrieval.deadline import Deadline
from retrieval.errors import CursorExpired, NotFound, OverlayLost
from retrieval.journeys import for_request
from retrieval.protocols import IndexReader
from retrieval.serving.opened import Opened, OpenGenerations
from retrieval.serving.understandings import MakeUnderstanding, Understanding, Understandings

T = TypeVar("T")


class Served:
    """Thread-safe."""

    def __init__(self, generations: OpenGenerations, understanding: MakeUnderstanding) -> None:
        self._generations, self._understandings = generations, Understandings(understanding)

    @property
    def generation(self) -> str | None:
        """Name of the generation being served."""
        return self._generations.serving

    @property
    def serving(self) -> Opened:
        """The generation being served. Raises NotReady."""
        return self._again(lambda: self._generations.of(self._generations.current()))

    def opened(self, generation: str, deadline: Deadline | None = None) -> Opened:
        """A generation, whether it is served or not. Raises CursorExpired."""
        return self._generations.of(generation, deadline)

    @property
    def understanding(self) -> Understanding:
        """What reads the queries of the generation being served. Raises NotReady."""
        return self.reading(self.serving.reader)

    def reading(self, reader: IndexReader) -> Understanding:
        """What reads the queries of a generation."""
        return self._understandings.of(reader)

    def product(self, document_id: str, timeout_ms: float | None = None) -> Product:
        """The record of a product.

        Raises:
            DeadlineExceeded: the time is up.
            NotFound: there is none of this id.
            NotReady: no generation is published yet.
        """
        deadline = Deadline.after_ms(timeout_ms)

        def look() -> Product:
            opened = self._generations.of(self._generations.current(), deadline)
            reader = for_request(opened.reader, deadline)
            if (row := reader.row_of(document_id)) is None:
                raise NotFound(f"there is no product {document_id}", field="id")
            record = orjson.loads(reader.sources(np.array([row]))[0])
            return Product(opened.reader.snapshot.generation, record)

        return self._again(look)

    def status(self) -> dict[str, Any]:
        """What is being served, for health pages: JSON values."""
        if self.generation is None:
            return {"generation": None}
        reader, epoch = self.serving.reader, self._generations.changes.epoch()
        manifest = reader.manifest
        return {
            "generation": manifest.generation,
            "created_at": manifest.created_at,
            "documents": reader.documents,
            "epoch": epoch,
            "changes": max(0, epoch - built_at(manifest)),
            "analyzer": manifest.analyzer,
            "encoder": manifest.encoder,
        }

    def refresh(self) -> bool:
        """Opens the published generation if it is another one, and serves it from the next request on.

        Raises:
            GenerationError: it cannot be read by this service; the old one goes on serving.
        """
        return self._generations.refresh(lambda opened: self._understandings.of(opened.reader))

    def use(self, understanding: MakeUnderstanding) -> None:
        """Reads queries with other dictionaries from the next request on; requests under way finish with the old ones.

        A cursor that was made before goes on in its generation, read with the new dictionaries.

        Raises:
            XunhuoError: whatever `understanding` raises for the generation being served; nothing has changed then.
        """
        edition = Understandings(understanding)
        if self.generation is not None:
            edition.of(self.serving.reader)
        self._understandings = edition

    def _again(self, work: Callable[[], T]) -> T:
        """`work`, and again where the generation was deleted before this process looked which one is served now, or
        where what lay over it was lost."""
        served = self.generation
        try:
            return work()
        except OverlayLost:
            self._generations.forget()
            return work()
        except CursorExpired:
            self.refresh()
            if self.generation == served:
                raise
            return work()

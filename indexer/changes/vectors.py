"""Vectors of changed documents: the one that a product had, where its text is the same; else the encoder is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import orjson

from retrieval.protocols import Encoder, IndexReader
from retrieval.types import Document, FloatArray


class Vectors:
    """Of the texts that came by, for one batch."""

    def __init__(self, dim: int, encoder: Callable[[], Encoder | None]) -> None:
        """`dim` is that of the generation, 0: without vectors; `encoder` is asked for when a text is new."""
        self._dim, self._encoder = dim, encoder
        self._known: dict[str, FloatArray] = {}

    def learn(self, reader: IndexReader, rows: Sequence[int | None]) -> None:
        """Remembers the vectors of `rows`, of a generation of the same encoder. The title is what is encoded."""
        if not self._dim or not (there := [row for row in rows if row is not None]):
            return
        at = np.array(there, np.int64)
        titles = (orjson.loads(source)["title"] for source in reader.sources(at))
        self._known.update(zip(titles, reader.vectors(at), strict=True))

    def of(self, documents: Sequence[Document]) -> FloatArray | None:
        """Shape (len(documents), dim); None in a generation without vectors."""
        if not self._dim:
            return None
        texts = [document.embedded_text for document in documents]
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            encoder = self._encoder()
            assert encoder is not None
            self._known.update(zip(new, encoder.encode_documents(new), strict=True))
        return np.array([self._known[text] for text in texts], np.float32).reshape(len(texts), self._dim)

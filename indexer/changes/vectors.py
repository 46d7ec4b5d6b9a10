"""Vectors and tokens of changed documents: those that a product had, where its text is the same; else the encoder is
asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import orjson

from indexer.documents.analysed import with_title_tokens
from retrieval.late.encoder import encode_titles
from retrieval.protocols import Encoder, IndexReader
from retrieval.ranking.forward import title_tokens
from retrieval.types import FloatArray, IndexedDocument


class Vectors:
    """Of the texts that came by, for one batch."""

    def __init__(self, dim: int, encoder: Callable[[], Encoder | None]) -> None:
        """`dim` is that of the generation, 0: without vectors; `encoder` is asked for when a text is new."""
        self._dim, self._encoder = dim, encoder
        self._known: dict[str, tuple[FloatArray, bytes]] = {}

    def learn(self, reader: IndexReader, rows: Sequence[int | None]) -> None:
        """Remembers vectors and tokens of `rows`, of a generation of the same encoder. The title is what is encoded."""
        if not self._dim or not (there := [row for row in rows if row is not None]):
            return
        at = np.array(there, np.int64)
        titles = (orjson.loads(source)["title"] for source in reader.sources(at))
        found = zip(reader.vectors(at), map(title_tokens, reader.forward(at)), strict=True)
        self._known.update(zip(titles, found, strict=True))

    def of(self, documents: Sequence[IndexedDocument]) -> tuple[Sequence[IndexedDocument], FloatArray | None]:
        """The documents with their tokens, and their vectors, shape (len(documents), dim); as they are, and None, in a
        generation without vectors."""
        if not self._dim:
            return documents, None
        texts = [each.document.embedded_text for each in documents]
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            encoder = self._encoder()
            assert encoder is not None
            found = encode_titles(encoder, new)
            self._known.update(zip(new, zip(found.vectors, found.tokens, strict=True), strict=True))
        known = [self._known[text] for text in texts]
        vectors = np.array([vector for vector, _ in known], np.float32).reshape(len(texts), self._dim)
        return with_title_tokens(documents, [tokens for _, tokens in known]), vectors

"""Remembers the vectors of recent queries: shoppers ask for the same things, and a vector costs milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np

from retrieval.lru import Lru
from retrieval.protocols import Encoder
from retrieval.types import FloatArray


class QueryCache:
    """An `Encoder` in front of another: queries are remembered by their text, documents pass through.

    `hits` and `misses` count texts. Two threads that miss the same text at once both encode it.
    """

    def __init__(self, encoder: Encoder, size: int) -> None:
        self.encoder = encoder
        self.hits = 0
        self.misses = 0
        self._vectors: Lru[FloatArray] = Lru(size)
        self._lock = Lock()

    @property
    def name(self) -> str:
        return self.encoder.name

    @property
    def dim(self) -> int:
        return self.encoder.dim

    @property
    def fingerprint(self) -> str:
        return self.encoder.fingerprint

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        return self.encoder.encode_documents(texts)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        vectors = np.empty((len(texts), self.dim), np.float32)
        missing: dict[str, list[int]] = {}
        for row, text in enumerate(texts):
            vector = self._vectors.get(text)
            if vector is None:
                missing.setdefault(text, []).append(row)
            else:
                vectors[row] = vector
        if missing:
            for (text, rows), vector in zip(missing.items(), self.encoder.encode_queries(list(missing)), strict=True):
                vectors[rows] = vector
                self._vectors.put(text, vector.copy())  # a view would keep the whole batch alive
        with self._lock:
            self.misses += len(missing)
            self.hits += len(texts) - len(missing)
        return vectors

"""Remembers the vectors of recent queries: shoppers ask for the same things, and a vector costs milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from threading import Lock

import numpy as np
from cachetools import LRUCache

from retrieval.protocols import Encoder
from retrieval.types import FloatArray


class QueryCache:
    """An `Encoder` in front of another: queries are remembered by their text, documents pass through.

    A text that another thread is encoding is waited for, not encoded again. `hits` and `misses` count texts.
    """

    def __init__(self, encoder: Encoder, size: int) -> None:
        self.encoder = encoder
        self.hits = 0
        self.misses = 0
        self._vectors: LRUCache[str, FloatArray] | None = LRUCache(size) if size else None
        self._under_way: dict[str, Future[FloatArray]] = {}
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
        futures: dict[str, Future[FloatArray]] = {}
        mine: list[str] = []
        with self._lock:
            for text in dict.fromkeys(texts):
                if (future := self._known(text)) is None:
                    future = self._under_way[text] = Future()
                    mine.append(text)
                futures[text] = future
            self.misses += len(mine)
            self.hits += len(texts) - len(mine)
        if mine:
            self._encode(mine, [futures[text] for text in mine])
        return np.array([futures[text].result() for text in texts], np.float32).reshape(len(texts), self.dim)

    def _known(self, text: str) -> Future[FloatArray] | None:
        if self._vectors is not None and (vector := self._vectors.get(text)) is not None:
            found: Future[FloatArray] = Future()
            found.set_result(vector)
            return found
        return self._under_way.get(text)

    def _encode(self, texts: list[str], futures: list[Future[FloatArray]]) -> None:
        try:
            vectors = [vector.copy() for vector in self.encoder.encode_queries(texts)]  # a view would keep the batch
        except BaseException as why:
            with self._lock:
                for text in texts:
                    del self._under_way[text]
            for future in futures:
                future.set_exception(why)
            raise
        with self._lock:
            for text, vector in zip(texts, vectors, strict=True):
                del self._under_way[text]
                if self._vectors is not None:
                    self._vectors[text] = vector
        for future, vector in zip(futures, vectors, strict=True):
            future.set_result(vector)

"""Remembers what recent queries were encoded to: shoppers ask for the same things, and each costs milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from threading import Lock

import numpy as np
from cachetools import LRUCache

from retrieval.late.encoder import EncodedTitles, encode_titles, read_queries
from retrieval.late.query import QueryVectors
from retrieval.protocols import Encoder
from retrieval.types import FloatArray


class QueryCache:
    """A `TokenEncoder` in front of any other: queries are remembered by their text, documents pass through.

    A text that another thread is encoding is waited for, not encoded again. `hits` and `misses` count texts.
    """

    def __init__(self, encoder: Encoder, size: int) -> None:
        self.encoder = encoder
        self.hits = 0
        self.misses = 0
        self._read: LRUCache[str, QueryVectors] | None = LRUCache(size) if size else None
        self._under_way: dict[str, Future[QueryVectors]] = {}
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

    def encode_titles(self, texts: Sequence[str]) -> EncodedTitles:
        return encode_titles(self.encoder, texts)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        vectors = [read.vector for read in self.read_queries(texts)]
        return np.array(vectors, np.float32).reshape(len(texts), self.dim)

    def read_queries(self, texts: Sequence[str]) -> list[QueryVectors]:
        futures: dict[str, Future[QueryVectors]] = {}
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
        return [futures[text].result() for text in texts]

    def _known(self, text: str) -> Future[QueryVectors] | None:
        if self._read is not None and (read := self._read.get(text)) is not None:
            found: Future[QueryVectors] = Future()
            found.set_result(read)
            return found
        return self._under_way.get(text)

    def _encode(self, texts: list[str], futures: list[Future[QueryVectors]]) -> None:
        try:
            found = [
                replace(read, vector=read.vector.copy())  # a view would keep the batch
                for read in read_queries(self.encoder, texts)
            ]
        except BaseException as why:
            with self._lock:
                for text in texts:
                    del self._under_way[text]
            for future in futures:
                future.set_exception(why)
            raise
        with self._lock:
            for text, read in zip(texts, found, strict=True):
                del self._under_way[text]
                if self._read is not None:
                    self._read[text] = read
        for future, read in zip(futures, found, strict=True):
            future.set_result(read)

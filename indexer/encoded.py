"""Batches with what their texts are encoded to: while one is encoded, the next is read and made ready."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from indexer.vector_cache import VectorCache
from retrieval.late.encoder import EncodedTitles

T = TypeVar("T")


def encoded(
    batches: Iterator[list[T]], text_of: Callable[[T], str], cache: VectorCache | None
) -> Generator[tuple[list[T], EncodedTitles | None], None, None]:
    """Each batch with the vectors and tokens of its texts; None without a `cache`."""
    if cache is None:
        yield from ((batch, None) for batch in batches)
        return
    waiting: tuple[list[T], Future[EncodedTitles]] | None = None
    with ThreadPoolExecutor(1, thread_name_prefix="encode") as pool:
        for batch in batches:
            future = pool.submit(cache.encode, [text_of(each) for each in batch])
            if waiting:
                yield waiting[0], waiting[1].result()
            waiting = (batch, future)
        if waiting:
            yield waiting[0], waiting[1].result()

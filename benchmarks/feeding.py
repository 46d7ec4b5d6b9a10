"""Feeding a cluster: ours against the library's `parallel_bulk`, with vectors and without.

ours   read the records, make the tokens, write, until the cluster has acknowledged every document
bare   `parallel_bulk` of the same documents, made before and lying in a file, into an index of the same mapping
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import opensearchpy
from opensearchpy.helpers import parallel_bulk

from configs.settings import Settings
from indexer.migrate import documents
from indexer.refused import Refusing
from retrieval.analysis.analyzer import Analyzer
from retrieval.backends.opensearch.documents import body_of, bulk_lines, digest_of
from retrieval.backends.opensearch.mapping import IndexOptions, index_body
from retrieval.protocols import IndexReader
from retrieval.schema import PRODUCT
from retrieval.types import FloatArray, IndexedDocument
from retrieval.wiring import make_analyzer
from retrieval.wiring.places import make_backend

_BATCH = 1024

Batch = tuple[list[IndexedDocument], FloatArray | None]


def measure_feed(settings: Settings, client: opensearchpy.OpenSearch, bare_index: str) -> Iterator[dict[str, Any]]:
    """Documents a second; the generation with vectors is published, and stays."""
    source, analyzer = make_backend(settings, "embedded"), make_analyzer(settings)
    reader = source.open(str(source.current())).collection(PRODUCT.kind)
    for vectors in (False, True) if reader.manifest.encoder else (False,):
        name = "words and vectors" if vectors else "words"
        fed, whole = _ours(settings, reader, analyzer, vectors)
        bare = _bare(settings, client, bare_index, reader, analyzer, vectors)
        yield _row(f"{name}: ours", reader.rows, fed, bare)
        yield _row(f"{name}: ours, with merge and copies", reader.rows, whole, bare)
        yield _row(f"{name}: bare", reader.rows, bare, bare)


def _ours(settings: Settings, reader: IndexReader, analyzer: Analyzer, vectors: bool) -> tuple[float, float]:
    """Seconds until all was acknowledged, and until the generation was published."""
    backend, started = make_backend(settings, "opensearch"), time.perf_counter()
    manifest = reader.manifest
    encoder, dim = (manifest.encoder, manifest.dim) if vectors else (None, 0)
    with backend.building(), backend.create(analyzer=manifest.analyzer, encoder=encoder, dim=dim) as writer:
        for batch in _batches(reader, analyzer, vectors):
            writer.collection(PRODUCT.kind).add(*batch)
        refused = writer.refused() if isinstance(writer, Refusing) else ()
        fed = time.perf_counter() - started
        if refused:
            raise SystemExit(f"{len(refused)} documents were refused; the first: {refused[0].reason}")
        finished = writer.finish({}, None)
    backend.publish(finished.generation)
    return fed, time.perf_counter() - started


def _bare(
    settings: Settings, client: opensearchpy.OpenSearch, index: str, reader: IndexReader, analyzer: Analyzer,
    vectors: bool,
) -> float:  # fmt: skip
    """Seconds of the bulk requests alone."""
    with tempfile.TemporaryFile() as file:
        rows = itertools.count()
        for indexed, dense in _batches(reader, analyzer, vectors):
            for place, document in enumerate(indexed):
                body = body_of(PRODUCT.text, document, None if dense is None else dense[place])
                file.write(bulk_lines(next(rows), body, digest_of(body)).split(b"\n", 1)[1])
        file.seek(0)
        client.indices.create(
            index=index, body=index_body(IndexOptions(), PRODUCT, reader.manifest.dim if vectors else 0, {})
        )
        started = time.perf_counter()
        sent = parallel_bulk(
            client, (line.decode() for line in file), thread_count=settings.opensearch.bulk_threads,
            max_chunk_bytes=settings.opensearch.bulk_bytes, chunk_size=10_000,
            expand_action_callback=lambda line: ({"index": {"_index": index}}, line),
        )  # fmt: skip
        if not all(ok for ok, _ in sent):
            raise SystemExit("the bare feed was refused documents")
        seconds = time.perf_counter() - started
    client.indices.delete(index=index)
    return seconds


def _batches(reader: IndexReader, analyzer: Analyzer, vectors: bool) -> Iterator[Batch]:
    for start in range(0, reader.rows, _BATCH):
        rows = np.arange(start, min(start + _BATCH, reader.rows))
        yield [each.indexed for each in documents(reader, analyzer, rows)], reader.vectors(rows) if vectors else None


def _row(what: str, count: int, seconds: float, bare: float) -> dict[str, Any]:
    return {
        "what": what, "documents": count, "seconds": round(seconds, 1), "documents/s": round(count / seconds),
        "rate ÷ bare": round(bare / seconds, 2),
    }  # fmt: skip


def scratch_of(data_dir: Path, copies: int) -> Path:
    """Where a catalogue of so many copies is built, with the encoder's cache of `data_dir`."""
    folder = data_dir.with_name(f"{data_dir.name}-x{copies}")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "cache").exists():
        (folder / "cache").symlink_to((data_dir / "cache").resolve())
    return folder

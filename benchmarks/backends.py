"""The two backends and a bare OpenSearch, in one run, on the same catalogue and queries.

    python -m benchmarks.backends --data-dir data/demo --queries queries.tsv --url http://127.0.0.1:9200

feed     the served embedded generation, fed into the cluster: by `xunhuo migrate` (reading and tokens included), and
         bare: the library's `parallel_bulk` with bodies made before
search   first page of 20 without facets, nothing cached but the query vectors:
         embedded      engine.search() on tantivy and faiss
         opensearch    engine.search() on the cluster
         bare, page    one `_msearch`: BM25 on the title, 20 hits, and the 20 nearest of 100; hits with their records
         bare, depth   one `_msearch` that asks for as much as the engine does: 2,000 rows by BM25 and 100 nearest

p50 and p99 in milliseconds. A cluster must be warm before it is measured: every row asks all queries once before.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import opensearchpy
import orjson
from opensearchpy.helpers import parallel_bulk

from benchmarks.drive import drive
from benchmarks.table import print_rows
from configs.settings import Settings, load_settings
from indexer.migrate import migrate
from retrieval.analysis.analyzer import Analyzer
from retrieval.backends.opensearch import requests
from retrieval.backends.opensearch.mapping import IndexOptions, index_body
from retrieval.types import Filters, LexicalQuery, SearchRequest
from retrieval.wiring import make_analyzer, make_backend, make_encoder, open_engine

_PREFIX, _BARE = "xunhuo-bench", "xunhuo-bench-bare"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, required=True, help="with a published embedded generation")
    parser.add_argument("--queries", type=Path, required=True, help="one a line, or qid<TAB>query")
    parser.add_argument("--url", required=True)
    parser.add_argument("--count", type=int, default=200, help="queries of each measurement")
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    given = parser.parse_args()
    lines = given.queries.read_text(encoding="utf-8").splitlines()
    queries = [line.split("\t")[-1] for line in lines if line.strip()][: given.count]
    overrides = [f"opensearch.urls=[{given.url}]", f"opensearch.prefix={_PREFIX}", *given.overrides]
    overrides += ["search.lists_kept=0", "search.timeout_ms=60000"]
    settings = {
        name: load_settings(overrides=[*overrides, f"backend.name={name}"], data_dir=given.data_dir)
        for name in ("embedded", "opensearch")
    }
    client = opensearchpy.OpenSearch([given.url], timeout=600)
    try:
        print_rows(list(measure_feed(settings["opensearch"], client)))
        print_rows(list(measure_search(settings, client, queries)))
    finally:
        client.indices.delete(index=f"{_PREFIX}-*")


def measure_feed(settings: Settings, client: opensearchpy.OpenSearch) -> Iterator[dict[str, Any]]:
    """Documents a second, ours and bare, and what lies on disk afterwards."""
    source, target = make_backend(settings, "embedded"), make_backend(settings, "opensearch")
    moments = [time.perf_counter()]
    manifest = migrate(source, target, make_analyzer(settings), lambda _: moments.append(time.perf_counter()))
    fed, whole = moments[-1] - moments[0], time.perf_counter() - moments[0]
    index = next(iter(manifest.files))
    size = next(int(entry["bytes"]) for entry in manifest.files.values())
    yield _fed("xunhuo migrate: read, analyse, feed", manifest.documents, fed, None)
    yield _fed("xunhuo migrate: with merge, copies and checks", manifest.documents, whole, size)
    bodies = [hit["_source"] for hit in _all(client, index, make_analyzer(settings))]
    client.indices.create(index=_BARE, body=_bare_index(manifest.dim))
    started = time.perf_counter()
    actions = ({"_index": _BARE, "_id": str(body["row"]), "_source": body} for body in bodies)
    for ok, item in parallel_bulk(client, actions, thread_count=settings.opensearch.bulk_threads, chunk_size=1000):
        assert ok, item
    client.indices.refresh(index=_BARE)
    yield _fed("bare parallel_bulk of finished bodies", manifest.documents, time.perf_counter() - started, None)
    client.indices.forcemerge(index=_BARE, max_num_segments=1)


def measure_search(
    settings: dict[str, Settings], client: opensearchpy.OpenSearch, queries: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """One row for each way and number of clients."""
    of = settings["embedded"]
    analyzer, encoder = make_analyzer(of), make_encoder(of, threads=1)
    texts = {query: analyzer.query(query) for query in queries}
    vectors = {query: encoder.encode_queries([texts[query].normalized])[0] if encoder else None for query in queries}
    fields = {name: weight for name, weight in of.search.fields.model_dump().items() if weight > 0}

    def bare(query: str, depth: int, near: int) -> bytes:
        asked = LexicalQuery(texts[query].weights, {"title": 1.0} if depth == 20 else fields, (), 0)
        bodies = [requests.lexical(asked, Filters(), depth)] if asked.weights else []
        if vectors[query] is not None:
            bodies.append(requests.semantic(vectors[query], Filters(), 100, 100) | {"size": near})
        if depth == 20:
            bodies = [{k: v for k, v in b.items() if k not in ("_source", "stored_fields", "sort")} for b in bodies]
            bodies = [body | {"_source": ["source"]} for body in bodies]
        return requests.multi(_BARE, bodies)

    for name in ("embedded", "opensearch"):
        engine = open_engine(settings[name])
        for clients in (1, 4):
            yield _row(name, clients, queries, lambda q, engine=engine: engine.search(SearchRequest(q)))
        engine.close()
    for name, depth, near in (("bare, page", 20, 20), ("bare, depth", 2000, 100)):
        bodies = {query: bare(query, depth, near) for query in queries}
        for clients in (1, 4):
            yield _row(name, clients, queries, lambda q, bodies=bodies: client.msearch(body=bodies[q]))


def _row(name: str, clients: int, queries: Sequence[str], ask: Callable[[str], object]) -> dict[str, Any]:
    drive(ask, queries, clients)
    spent, wall = drive(ask, queries, clients)
    p50, p99 = np.percentile(spent, [50, 99])
    return {
        "what": name, "clients": clients, "p50": round(float(p50), 1), "p99": round(float(p99), 1),
        "per second": round(len(spent) / wall, 1),
    }  # fmt: skip


def _fed(what: str, documents: int, seconds: float, size: int | None) -> dict[str, Any]:
    mebibytes = round(size / 2**20) if size else ""
    return {"what": what, "documents": documents, "documents/s": round(documents / seconds), "MiB": mebibytes}


def _bare_index(dim: int) -> dict[str, Any]:
    body = index_body(IndexOptions(), dim, {})
    body["mappings"]["_source"] = {"enabled": True}
    return body


def _all(client: opensearchpy.OpenSearch, index: str, analyzer: Analyzer) -> Iterator[dict[str, Any]]:
    """Every document with its vector; tokens are not stored, so those of the title are made again."""
    after: list[Any] | None = None
    while True:
        body: dict[str, Any] = {"size": 2000, "sort": [{"row": "asc"}], "query": {"match_all": {}}}
        hits = client.search(index=index, body=body | ({"search_after": after} if after else {}))["hits"]["hits"]
        if not hits:
            return
        for hit in hits:
            title = analyzer.tokens(orjson.loads(hit["_source"]["source"])["title"])
            hit["_source"]["text"] = {"title": " ".join(title)}
            hit["_source"]["match"] = " ".join(dict.fromkeys(title))
            yield hit
        after = hits[-1]["sort"]


if __name__ == "__main__":
    main()

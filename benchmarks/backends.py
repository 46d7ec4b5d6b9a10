"""The two backends and a bare OpenSearch, in one run, on the same catalogue and queries.

    python -m benchmarks.backends --data-dir data/demo --queries queries.tsv --url http://127.0.0.1:9200
    python -m benchmarks.backends … --products products.jsonl.gz --copies 14        # a larger catalogue

feed         `benchmarks.feeding`
search       first page of 20 without facets, nothing cached but the query vectors:
             embedded      engine.search() on tantivy and faiss
             opensearch    engine.search() on the cluster
             bare, page    one `_msearch`: BM25 on the title, 20 hits, and 20 of the 100 nearest (ef_search 100), with
                           their records; 100 is search.semantic_depth
             bare, depth   one `_msearch` of what the engine's channels ask: search.depth rows by BM25 on all fields,
                           search.semantic_depth nearest with opensearch.ef_search, without records
             on the same index. All ways are asked in turn, round after round; p50 and p99 (milliseconds) and requests a
             second are medians of the rounds. Every way has answered all queries once before.
footprint    `benchmarks.footprint`
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import opensearchpy

from benchmarks.drive import drive
from benchmarks.feeding import measure_feed, scratch_of
from benchmarks.footprint import measure_footprint
from benchmarks.rebuild import copy_catalogue, run_rebuild
from benchmarks.search import read_queries
from benchmarks.table import print_rows
from configs.settings import Settings, load_settings
from retrieval.analysis.analyzer import QueryText
from retrieval.backends.opensearch import requests
from retrieval.engine import Engine
from retrieval.request import SearchRequest
from retrieval.types import FloatArray, LexicalQuery
from retrieval.wiring import make_analyzer, make_encoder, open_engine
from retrieval.wiring.places import make_backend

_PREFIX = "xunhuo-bench"
_PAGE = 20
_CLIENTS = (1, 4)

Ask = Callable[[str], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, required=True, help="with a published embedded generation")
    parser.add_argument("--queries", type=Path, required=True, help="one a line, or qid<TAB>query")
    parser.add_argument("--url", required=True)
    parser.add_argument("--count", type=int, default=200, help="queries of each measurement")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--copies", type=int, default=1, help="repeat --products with other ids, beside --data-dir")
    parser.add_argument("--products", type=Path)
    parser.add_argument("--only", choices=["feed", "search", "footprint"], action="append", help="feed comes first")
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    given = parser.parse_args()
    if given.copies > 1 and not given.products:
        parser.error("--copies needs --products")
    queries, data_dir = read_queries(given.queries, given.count), given.data_dir
    if given.copies > 1:
        data_dir = _enlarged(given.products, given.copies, data_dir, given.overrides)
    overrides = [f"opensearch.urls=[{given.url}]", f"opensearch.prefix={_PREFIX}", *given.overrides]
    overrides += ["search.lists_kept=0", "search.timeout_ms=60000"]
    settings = {
        name: load_settings(overrides=[*overrides, f"backend.name={name}"], data_dir=data_dir)
        for name in ("embedded", "opensearch")
    }
    client, wanted = opensearchpy.OpenSearch([given.url], timeout=600), given.only or ["feed", "search", "footprint"]
    try:
        if "feed" in wanted or make_backend(settings["opensearch"]).current() is None:
            print_rows(list(measure_feed(settings["opensearch"], client, f"{_PREFIX}-bare")))
        if "search" in wanted:
            print_rows(list(measure_search(settings, client, queries, given.rounds)))
        if "footprint" in wanted:
            print_rows(list(measure_footprint(settings, client, queries)))
    finally:
        client.indices.delete(index=f"{_PREFIX}-*")


def measure_search(
    settings: dict[str, Settings], client: opensearchpy.OpenSearch, queries: Sequence[str], rounds: int
) -> Iterator[dict[str, Any]]:
    """One row for each way and number of clients, with its ratios to the others of as many clients."""
    engines = {name: open_engine(of) for name, of in settings.items()}
    ways: dict[str, Ask] = {name: _searching(engine) for name, engine in engines.items()}
    ways |= _bare(settings["opensearch"], client, queries)
    for ask in ways.values():
        drive(ask, queries, 1)
    measured: dict[tuple[str, int], list[tuple[float, float, float]]] = {}
    for _ in range(rounds):
        for clients in _CLIENTS:
            for name, ask in ways.items():
                measured.setdefault((name, clients), []).append(_round(ask, queries, clients))
    found = {key: [statistics.median(values) for values in zip(*them, strict=True)] for key, them in measured.items()}
    for (name, clients), (p50, p99, rate) in found.items():
        yield {
            "what": name, "clients": clients, "p50": round(p50, 1), "p99": round(p99, 1), "per second": round(rate, 1),
            "p50 ÷ bare, page": round(p50 / found["bare, page", clients][0], 2),
            "p50 ÷ bare, depth": round(p50 / found["bare, depth", clients][0], 2),
            "per second ÷ ours": round(rate / found["opensearch", clients][2], 2),
        }  # fmt: skip
    for engine in engines.values():
        engine.close()


def _bare(settings: Settings, client: opensearchpy.OpenSearch, queries: Sequence[str]) -> dict[str, Ask]:
    """The two bare ways, with bodies made before; they ask the alias, as anybody would."""
    analyzer, encoder = make_analyzer(settings), make_encoder(settings, threads=1)
    fields = {name: weight for name, weight in settings.search.fields.model_dump().items() if weight > 0}
    near, explored = settings.search.semantic_depth, settings.opensearch.ef_search
    bodies: dict[str, dict[str, bytes]] = {"bare, page": {}, "bare, depth": {}}
    for query in queries:
        text = analyzer.query(query)
        vector = encoder.encode_queries([text.normalized])[0] if encoder else None
        deep = _questions(text, vector, fields, settings.search.depth, near, explored)
        page = [
            {key: value for key, value in body.items() if key != "sort"}
            | {"size": _PAGE, "docvalue_fields": ["source"]}
            for body in _questions(text, vector, {"title": 1.0}, _PAGE, near, near)
        ]
        for name, asked in (("bare, page", page), ("bare, depth", deep)):
            bodies[name][query] = requests.multi(f"{_PREFIX}-products", asked)
    return {name: _asking(client, by_query) for name, by_query in bodies.items()}


def _searching(engine: Engine) -> Ask:
    return lambda query: engine.search(SearchRequest(query))


def _asking(client: opensearchpy.OpenSearch, bodies: Mapping[str, bytes]) -> Ask:
    return lambda query: client.msearch(body=bodies[query])


def _questions(
    text: QueryText, vector: FloatArray | None, fields: dict[str, float], depth: int, near: int, explored: int
) -> list[requests.Body]:
    words = LexicalQuery(text.weights, fields, (), 0)
    bodies = [requests.lexical(words, [], depth)] if text.weights else []
    return bodies if vector is None else [*bodies, requests.semantic(vector, [], near, explored)]


def _round(ask: Ask, queries: Sequence[str], clients: int) -> tuple[float, float, float]:
    """p50, p99 and requests a second."""
    spent, wall = drive(ask, queries, clients)
    p50, p99 = np.percentile(spent, [50, 99])
    return float(p50), float(p99), len(spent) / wall


def _enlarged(products: Path, copies: int, data_dir: Path, overrides: list[str]) -> Path:
    """A folder with an embedded generation of so many copies; one that is there already is used."""
    folder = scratch_of(data_dir, copies)
    if make_backend(load_settings(overrides=overrides, data_dir=folder), "embedded").current() is None:
        with tempfile.TemporaryDirectory() as scratch:
            copy_catalogue(products, Path(scratch) / "products.jsonl", copies, changed_every=0)
            print_rows([run_rebuild(f"{copies} copies", Path(scratch) / "products.jsonl", folder, overrides)])
    return folder


if __name__ == "__main__":
    main()

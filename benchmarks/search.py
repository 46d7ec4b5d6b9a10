"""Search: the engine against the bare calls it is made of, in one run, on the same generation and queries.

    python -m benchmarks.search --data-dir data/demo --queries queries.txt

bare      encode the query + one tantivy BM25 query on the title + one faiss search: what no engine can do without
engine    engine.search() with default settings, first page, nothing cached (every query is new)
cached    the same queries again: query vectors, matches and result lists come from memory
http      GET /v1/search of a real server process, one client and four

p50 and p99 in milliseconds; per CPU second: requests ÷ (user + system seconds of the process that answers).
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.drive import drive
from benchmarks.table import print_rows
from configs.settings import Settings, load_settings
from retrieval.engine import Engine
from retrieval.request import SearchRequest
from retrieval.schema import PRODUCT
from retrieval.wiring import make_analyzer, make_encoder, open_engine

DEPTH = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, default=Path("data/demo"))
    parser.add_argument("--queries", type=Path, required=True, help="one query a line, or qid<TAB>query")
    parser.add_argument("--count", type=int, default=400, help="queries of each measurement")
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    parser.add_argument("--no-http", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    settings = load_settings((), given.overrides, given.data_dir)
    rows = measure(settings, read_queries(given.queries, 4 * given.count), given.count, http=not given.no_http)
    print(json.dumps(rows, ensure_ascii=False, indent=2)) if given.json else print_rows(rows)


def measure(settings: Settings, queries: Sequence[str], count: int, *, http: bool) -> list[dict[str, Any]]:
    """One row a way of asking; `ratio` is its p50 ÷ that of the bare calls."""
    fresh = iter(queries)

    def take() -> list[str]:
        return list(itertools.islice(fresh, count))

    engine = open_engine(settings)
    warm = take()[:20]
    bare = _bare(settings, engine)
    for query in warm:
        bare(query)
        engine.search(SearchRequest(query))
    first = take()
    rows = [_row("bare", _timed(bare, first)), _row("engine", _timed(_asks(engine), first))]
    rows.append(_row("cached", _timed(_asks(engine), first)))
    rows.append(_row("engine, 4 clients", _timed(_asks(engine), take(), clients=4)))
    engine.close()
    if http:
        rows += _over_http(settings, take())
    for row in rows:
        row["ratio"] = round(row["p50"] / rows[0]["p50"], 2)
    return rows


def read_queries(path: Path, count: int) -> list[str]:
    """The first `count` distinct queries of a text file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        found = dict.fromkeys(line.rstrip("\n").split("\t")[-1] for line in lines)
    return list(itertools.islice((q for q in found if q.strip()), count))


def _bare(settings: Settings, engine: Engine) -> Callable[[str], object]:
    """The three library calls, without any of our code around them but the analyzer that makes the tokens."""
    import faiss
    import tantivy

    folder = settings.data_dir / "generations" / str(engine.generation)
    index = tantivy.Index.open(str(folder / PRODUCT.kind / "lexical"))
    searcher, schema = index.searcher(), index.schema
    analyzer, encoder = make_analyzer(settings), make_encoder(settings, threads=1)
    if encoder is None:
        raise SystemExit("the bare calls need an encoder: leave encoder.name at its default")
    vectors = faiss.read_index(str(folder / PRODUCT.kind / "vectors" / "index.faiss"))
    faiss.omp_set_num_threads(1)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    nprobe = manifest["collections"][PRODUCT.kind]["vectors"].get("nprobe")
    parameters = faiss.SearchParametersIVF(nprobe=nprobe) if nprobe else None

    def ask(query: str) -> object:
        tokens = analyzer.query(query).weights
        clauses = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "title", token, "freq")) for token in tokens]
        words = searcher.search(tantivy.Query.boolean_query(clauses), DEPTH)
        return words, vectors.search(encoder.encode_queries([query]), DEPTH, params=parameters)

    return ask


def _asks(engine: Engine) -> Callable[[str], object]:
    return lambda query: engine.search(SearchRequest(query))


def _timed(ask: Callable[[str], object], queries: Sequence[str], clients: int = 1) -> dict[str, Any]:
    process = psutil.Process()
    before = process.cpu_times()
    spent, wall = drive(ask, queries, clients)
    after = process.cpu_times()
    return {"ms": spent, "wall": wall, "cpu": after.user + after.system - before.user - before.system}


def _row(name: str, timed: dict[str, Any]) -> dict[str, Any]:
    count = len(timed["ms"])
    return {
        "what": name,
        "p50": round(float(np.percentile(timed["ms"], 50)), 2),
        "p99": round(float(np.percentile(timed["ms"], 99)), 2),
        "per second": round(count / timed["wall"], 1),
        "per CPU second": round(count / max(timed["cpu"], 1e-9), 1),
    }


def _over_http(settings: Settings, queries: Sequence[str]) -> list[dict[str, Any]]:
    import httpx

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "xunhuo", "serve", "--port", str(port), "--data-dir", str(settings.data_dir)]
    command += ["--set", f"encoder.name={settings.encoder.name}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            process = psutil.Process(server.pid)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                _wait(client)
                half = len(queries) // 2
                rows = []
                for name, clients, asked in (("http", 1, queries[:half]), ("http, 4 clients", 4, queries[half:])):
                    before = process.cpu_times()
                    spent, wall = drive(lambda q: client.get("/v1/search", params={"q": q}), asked, clients)
                    after = process.cpu_times()
                    cpu = after.user + after.system - before.user - before.system
                    rows.append(_row(name, {"ms": spent, "wall": wall, "cpu": cpu}))
                return rows
        finally:
            server.terminate()


def _wait(client: Any) -> None:
    import httpx

    for _ in range(300):
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not come up in 30 seconds")


if __name__ == "__main__":
    main()

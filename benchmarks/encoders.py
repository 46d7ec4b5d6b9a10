"""Encoders side by side: how well a bare cosine finds, how long a query and a title take, how large the files are.

    python -m benchmarks.encoders [--catalog products.jsonl.gz --queries queries.tsv --qrels judgments.qrels]

ndcg@10       of the cosine between query and title alone, no words and no ranking; needs the three files
query_ms_p50  one query at a time, one thread; p99 likewise
titles/s      in bulk on --threads cores; titles/cpu_s per second of processor time
mb            of weights, graph and vocabulary

`--sample N` searches among the judged titles and N others, every k-th of the catalogue, instead of all of them: quick,
but easier for every encoder. Without a catalogue the texts that calibrate e5 are timed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from benchmarks.table import print_rows
from eval.inputs import read_qrels, read_queries, read_titles
from eval.measures import PRIMARY, score
from eval.types import Answer, Qrels, Query
from retrieval.encoders import open_encoder
from retrieval.encoders.e5_calibration import PASSAGES, QUERIES
from retrieval.encoders.info import bench, describe
from retrieval.protocols import Encoder

_DEPTH = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", action="append", help="name, or name=options as JSON; default: e5, use, hashing")
    parser.add_argument("--catalog", type=Path, help="products, .jsonl or .jsonl.gz")
    parser.add_argument("--queries", type=Path, help="lines qid<TAB>query")
    parser.add_argument("--qrels", type=Path, help="TREC judgments")
    parser.add_argument("--sample", type=int, help="titles besides the judged ones; default: all")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each of the two timings of an encoder")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache-dir", type=Path, default=Path("data/encoders"))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if bool(given.queries) != bool(given.qrels) or (given.queries and not given.catalog):
        parser.error("--queries and --qrels come together, and with --catalog")
    queries = read_queries(given.queries) if given.queries else ()
    qrels = read_qrels(given.qrels) if given.qrels else {}
    titles = read_titles(given.catalog) if given.catalog else dict(enumerate_texts(PASSAGES))
    if given.sample is not None:
        titles = sampled(titles, qrels, given.sample)
    rows = []
    for spec in given.encoder or ["e5", "use", "hashing"]:
        name, _, options = spec.partition("=")
        encoder = open_encoder(
            name, options=json.loads(options or "{}"), cache_dir=given.cache_dir, threads=given.threads
        )
        rows.append(measure(encoder, titles, queries, qrels, given.seconds))
    print(json.dumps(rows, ensure_ascii=False, indent=2)) if given.json else print_rows(rows)


def measure(
    encoder: Encoder, titles: Mapping[str, str], queries: Sequence[Query], qrels: Qrels, seconds: float
) -> dict[str, Any]:
    """The row of one encoder."""
    asked = [query.text for query in queries] or list(QUERIES)
    timed: dict[str, Any] = bench(encoder, list(titles.values()), asked, seconds)
    size: Any = describe(encoder)["size_on_disk"]
    return {
        "encoder": encoder.name,
        "dim": encoder.dim,
        "titles": len(titles),
        "ndcg@10": round(relevance(encoder, titles, queries, qrels), 4) if qrels else "",
        "query_ms_p50": timed["query_ms_p50"],
        "query_ms_p99": timed["query_ms_p99"],
        "titles/s": timed["titles_per_second"],
        "titles/cpu_s": timed["titles_per_cpu_second"],
        "mb": round(size / 1e6, 1) if size else "",
    }


def relevance(encoder: Encoder, titles: Mapping[str, str], queries: Sequence[Query], qrels: Qrels) -> float:
    """Mean nDCG@10 over the judged queries when titles are ranked by cosine, equal ones in catalogue order."""
    ids = list(titles)
    documents = encoder.encode_documents(list(titles.values()))
    judged = [query for query in queries if query.qid in qrels]
    cosines = encoder.encode_queries([query.text for query in judged]) @ documents.T
    answers = []
    for query, row in zip(judged, cosines, strict=True):
        best = np.argsort(-row, kind="stable")[:_DEPTH]
        answers.append(Answer(query.qid, tuple((ids[place], float(row[place])) for place in best), 0.0))
    return fmean(measures[PRIMARY] for measures in score(answers, qrels).values())


def sampled(titles: Mapping[str, str], qrels: Qrels, count: int) -> dict[str, str]:
    """The judged titles and about `count` others, evenly spread over the catalogue, in its order."""
    judged = {doc_id for grades in qrels.values() for doc_id in grades}
    others = [doc_id for doc_id in titles if doc_id not in judged]
    chosen = judged.union(others[:: max(1, len(others) // max(1, count))][:count])
    return {doc_id: title for doc_id, title in titles.items() if doc_id in chosen}


def enumerate_texts(texts: Sequence[str]) -> list[tuple[str, str]]:
    return [(str(number), text) for number, text in enumerate(texts)]


if __name__ == "__main__":
    main()

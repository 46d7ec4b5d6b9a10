"""What an index looks like: settings and mapping of one generation, with the reason of each part.

Analysis is done before: a text field gets tokens with spaces between them, and only splits at these. Its similarity is
BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza 2009, doi:10.1561/1500000019), field lengths included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retrieval.schema import MARKS, Schema

MAPPING_VERSION = 3
"""Raised when a field changes its meaning; an index of another version is refused.

3: vectors are read from a column (`half`) and rounded to it; no `_source` is kept.
2: every searched field has a token (`retrieval.backends.common.tokens`), and documents carry a digest.
"""

MAX_TOKEN_CHARS = 8_000
"""A longer run without a space would be cut; Lucene refuses terms above 32,766 bytes."""

BM25_CONSTANT = 2.2
"""k1 + 1: Lucene leaves this factor out of BM25, tantivy does not. Scores are multiplied by it, so both agree."""


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """How a finished index is laid out.

    Attributes:
        shards, replicas: of every generation.
        refresh_interval: after the build, e.g. ``30s``.
        hnsw_m, hnsw_ef_construction: of the vector graph; more is better recall and a slower build.
        segments: a finished index is merged down to so many segments a shard; 0 leaves it as it is.
    """

    shards: int = 1
    replicas: int = 0
    refresh_interval: str = "30s"
    hnsw_m: int = 16
    hnsw_ef_construction: int = 100
    segments: int = 1


def index_body(options: IndexOptions, schema: Schema, dim: int, meta: Mapping[str, Any]) -> dict[str, Any]:
    """The body that creates an index to build in: no replicas, no refresh. `dim` 0: without vectors."""
    settings = {
        "number_of_shards": options.shards,
        **building_settings(),
        "knn": dim > 0,
        "similarity": {"default": {"type": "BM25", "k1": 1.2, "b": 0.75}},
        "analysis": {
            "tokenizer": {"tokens": {"type": "whitespace", "max_token_length": MAX_TOKEN_CHARS}},
            "analyzer": {"tokens": {"type": "custom", "tokenizer": "tokens"}},
        },
    }
    return {"settings": {"index": settings}, "mappings": mappings(options, schema, dim, meta)}


def mappings(options: IndexOptions, schema: Schema, dim: int, meta: Mapping[str, Any]) -> dict[str, Any]:
    """Fields: what is searched, filtered, sorted, counted and given back; a field that is not here is refused."""
    text = {"type": "text", "analyzer": "tokens", "index_options": "freqs", "norms": True}
    properties: dict[str, Any] = {
        "row": {"type": "long"},
        "digest": {"type": "long", "index": False},
        "id": {"type": "keyword"},
        "text": {"properties": dict.fromkeys(schema.text, text)},
        # The tokens of all fields once: whether a term is anywhere, without frequencies and lengths.
        "match": {"type": "text", "analyzer": "tokens", "index_options": "docs", "norms": False},
        "keywords": {"properties": {name: {"type": "keyword"} for name in (*schema.keywords, MARKS)}},
        "numbers": {"properties": {name: {"type": "long"} for name in schema.numbers}},
        # As columns, a page of records is read in the time of one from stored fields, which hold a vector each.
        "source": {"type": "binary", "doc_values": True},
        "forward": {"type": "binary", "doc_values": True},
    }
    if dim:
        properties["vector"] = {"type": "knn_vector", "dimension": dim, "method": hnsw(options)}
        # The same numbers in half precision: a list's vectors are read with its forward rows, in a quarter of the bytes
        # that they take as text.
        properties["half"] = {"type": "binary", "doc_values": True}
    return {
        "dynamic": "strict",
        "_meta": dict(meta),
        # What is read stands in columns; tokens can be made again, and are as long as the rest.
        "_source": {"enabled": False},
        "properties": properties,
    }


def hnsw(options: IndexOptions) -> dict[str, Any]:
    """The vector index. Vectors have unit length, so the inner product is the cosine."""
    return {
        "name": "hnsw",
        "engine": "lucene",  # no native library, filters inside the search
        "space_type": "innerproduct",
        "parameters": {"m": options.hnsw_m, "ef_construction": options.hnsw_ef_construction},
    }


def building_settings() -> dict[str, Any]:
    """What is set until all documents are there."""
    return {
        "number_of_replicas": 0,  # documents are copied once, when all are there
        "refresh_interval": "-1",  # nobody searches it yet, and a refresh makes a segment
    }


def finished_settings(options: IndexOptions) -> dict[str, Any]:
    """What is set when all documents are there."""
    return {"index": {"number_of_replicas": options.replicas, "refresh_interval": options.refresh_interval}}

"""The real catalogue and the real queries, read once a test run."""

from __future__ import annotations

import gzip
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import orjson


@cache
def real_titles(folder: Path) -> tuple[str, ...]:
    with gzip.open(folder / "catalog" / "products.jsonl.gz") as file:
        return tuple(orjson.loads(line)["title"] for line in file)


@cache
def real_queries(folder: Path) -> tuple[str, ...]:
    with gzip.open(folder / "queries" / "ecom_train.txt.gz", "rt", encoding="utf-8") as file:
        return tuple(file.read().splitlines())


def drawn(texts: Sequence[str], count: int, seed: int) -> list[str]:
    return random.Random(seed).sample(texts, count)

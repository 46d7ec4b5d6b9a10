"""What a take-down would do, before anybody says it: how many documents go, and some of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import orjson

from retrieval.protocols import IndexReader
from retrieval.takedowns.marks import KINDS
from retrieval.takedowns.rows import GoneRows
from retrieval.takedowns.standing import Standing
from retrieval.takedowns.takedown import TakeDown
from retrieval.types import EVERYTHING

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class HitSample:
    """A document that would go."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a take-down would do.

    Attributes:
        hits: kind of documents → how many of those that are shown now would go.
        samples: some of each.
        stands: whether it stands already.
    """

    target: str
    hits: Mapping[str, int]
    samples: Mapping[str, tuple[HitSample, ...]]
    stands: bool


def effect(asked: TakeDown, readers: Mapping[str, IndexReader], standing: Standing) -> Effect:
    """Of one take-down, on what `readers` show; `standing` is what stands already."""
    alone, hits, samples = Standing(0, {asked.target: asked}), {}, {}
    for kind, reader in readers.items():
        if asked.kind in KINDS[kind]:
            rows = reader.passing(EVERYTHING, GoneRows().of(kind, reader, reader, alone))
            hits[kind] = len(rows)
            records = [orjson.loads(source) for source in reader.sources(np.asarray(rows[:SAMPLES], np.int64))]
            samples[kind] = tuple(HitSample(record["id"], str(record.get("title") or "")) for record in records)
    return Effect(asked.target, hits, samples, asked.target in standing.takedowns)

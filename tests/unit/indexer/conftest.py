"""A shop that rebuilds: one data folder, and the parts that a rebuild needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from configs.settings import VIDEOS
from indexer.learning.learner import Learner
from indexer.rebuild import rebuild
from indexer.report import RebuildReport
from indexer.videos.speech import Speech
from retrieval.analysis.analyzer import Analyzer
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.protocols import Backend, Encoder, IndexReader
from retrieval.schema import PRODUCT
from retrieval.types import FloatArray
from retrieval.wiring import make_analyzer
from tests import world


class Watched:
    """The hashing encoder, remembering the size of every batch; `spoil` may change the vectors of documents."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.dim, self.fingerprint = encoder.name, encoder.dim, encoder.fingerprint
        self.batches: list[int] = []

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        self.batches.append(len(texts))
        return self.spoil(self._encoder.encode_documents(texts))

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self._encoder.encode_queries(texts)

    def spoil(self, vectors: FloatArray) -> FloatArray:
        return vectors


@dataclass
class Bench:
    """Everything of one rebuild; a test replaces the part it is about."""

    folder: Path
    backend: Backend
    analyzer: Analyzer
    encoder: Watched | None
    observer: world.Quiet

    def file(self, name: str, rows: Iterable[world.Row]) -> Path:
        return world.write(self.folder / name, rows)

    def rebuild(self, *products: Path, learner: Learner | None = None, **changes: Any) -> RebuildReport:
        plan = world.plan(self.folder, *products, **changes)
        speech = Speech(VIDEOS) if plan.videos else None
        return rebuild(plan, self.backend, self.analyzer, self.encoder, self.observer, learner, None, speech)

    def reader(self) -> IndexReader:
        current = self.backend.current()
        assert current is not None
        return self.backend.open(current).collection(PRODUCT.kind)

    def finished(self) -> list[str]:
        return [manifest.generation for manifest in self.backend.manifests()]

    def leftovers(self) -> list[Path]:
        return list((self.folder / "generations").glob(".building-*"))


@pytest.fixture(scope="session")
def analyzer(tmp_path_factory: pytest.TempPathFactory) -> Analyzer:
    return make_analyzer(world.settings(tmp_path_factory.mktemp("none")))


@pytest.fixture
def bench(tmp_path: Path, analyzer: Analyzer) -> Bench:
    encoder = Watched(world.encoder_of(world.settings(tmp_path)))
    return Bench(tmp_path, EmbeddedBackend(tmp_path), analyzer, encoder, world.Quiet())

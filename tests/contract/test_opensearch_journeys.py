"""Journeys of a search to a real cluster:

1. Where ranking reads the vectors of what it looks at, they travel with the forward rows: in the same journeys, as many
   as without them, whatever the filters and the order; the parts of the score are those of one machine.
2. Where ranking does not read them, nobody asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from configs.settings import RANKING, Settings
from indexer.migrate import migrate
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.backends.opensearch import requests
from retrieval.backends.opensearch.client import Cluster
from retrieval.request import SearchRequest
from retrieval.types import Filters, Sort
from retrieval.wiring import make_analyzer, open_engine
from tests import opensearch, world

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]

ASKED = (
    SearchRequest("白色保温杯", explain=True),
    SearchRequest("白色", Filters(in_stock=True), explain=True),
    SearchRequest("白色", sort=Sort.PRICE_ASC, explain=True),
)
FEW = ("ranking.closely=10", "search.ranked=10", "search.semantic_depth=10")
"""So few come with the first journey that filters and orders need a second one."""
KEPT = ("search.timeout_ms=60000", "search.lists_kept=0", *FEW)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A mall on one machine, and the same on the cluster."""
    opensearch.sweep()
    folder = tmp_path_factory.mktemp("journeys")
    world.publish(folder, world.products(200), gold_samples=0)
    migrate(EmbeddedBackend(folder), opensearch.backend_at(folder), make_analyzer(world.settings(folder)))
    yield folder
    opensearch.sweep()


def searched(settings: Settings, journeys: list[bytes]) -> list[Mapping[str, float]]:
    """The parts of the score of every hit in turn; `journeys` is what travelled once the generation was open."""
    engine = open_engine(settings)
    engine.refresh()
    journeys.clear()
    hits = [hit for asked in ASKED for hit in engine.search(asked).hits]
    engine.close()
    return [hit.explain.features for hit in hits if hit.explain]


def test_vectors_travel_along(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 1, 2
    reading, journeys, call = tmp_path / "reading.yaml", list[bytes](), Cluster.call
    weights = yaml.safe_load((RANKING / "other.yaml").read_text("utf-8"))
    weights["order"]["centred_cosine"] = 2.0
    reading.write_text(yaml.safe_dump(weights), "utf-8")

    def watched(self: Cluster, method: str, path: str, **given: Any) -> Any:
        if path == "/_msearch":
            journeys.append(given["body"])
        return call(self, method, path, **given)

    monkeypatch.setattr(Cluster, "call", watched)
    plain = world.settings(place, *KEPT, *opensearch.settings_of(place))
    assert all("centred_cosine" not in parts for parts in searched(plain, journeys))
    without = [b'"forward"' in body for body in journeys]
    assert not any(map(_reads_vectors, journeys))
    assert sum(without) > len(ASKED)
    chosen = (*KEPT, f"ranking.weights={reading}")
    here = searched(world.settings(place, *chosen), journeys)
    there = searched(world.settings(place, *chosen, *opensearch.settings_of(place)), journeys)
    assert list(map(_reads_vectors, journeys)) == without
    assert [parts["centred_cosine"] for parts in there] == pytest.approx(
        [parts["centred_cosine"] for parts in here], abs=1e-4
    )
    assert any(parts["centred_cosine"] for parts in here)


def _reads_vectors(body: bytes) -> bool:
    return f'"{requests.VECTOR}"'.encode() in body

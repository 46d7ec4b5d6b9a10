"""Documents that a real cluster refuses:

1. They are left out and told; the others fill rows 0 … n − 1 without holes, each with its record, its vector and its
   words, wherever the refused ones stood and in how many requests they travelled.
2. A rebuild reports them as rejects, with the reason, and does not publish when they are too many; a migration, which
   must be whole, names the first and publishes nothing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest

from indexer.migrate import migrate
from indexer.rebuild import rebuild
from indexer.report import RebuildReport
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.backends.opensearch import retention
from retrieval.backends.opensearch.backend import OpenSearchBackend
from retrieval.errors import CheckFailed, InputError
from retrieval.schema import PRODUCT
from retrieval.types import IndexedDocument
from retrieval.wiring import make_analyzer
from tests import opensearch
from tests import world as mall
from tests.contract import world
from tests.contract.feeding import TOO_LONG, assert_holds, create, feed, many, spoiled
from tests.contract.world import ROWS

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does not wait for replaced documents to be forgotten: they only change scores a little."""
    monkeypatch.setattr(retention, "PATIENCE", 0.0)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    "bad", [{0}, {299}, {0, 299}, set(range(290, 300)), set(range(5)), {*range(100, 130), *range(285, 300, 2)}]
)
@pytest.mark.parametrize("bulk_bytes", [4_000, 10_000_000])
def test_refused_documents(tmp_path: Path, bad: set[int], bulk_bytes: int) -> None:  # 1
    backend = opensearch.backend_at(tmp_path, bulk_bytes=bulk_bytes)
    rows = many(300)
    with create(backend) as writer:
        feed(writer, [spoiled(row) if n in bad else row for n, row in enumerate(rows)])
        refused = writer.refused()
        assert [refusal.id for refusal in refused] == [rows[n].id for n in sorted(bad)]
        assert all("32766" in refusal.reason for refusal in refused)
        assert [set(refusal.fields) >= {"title", "brand"} for refusal in refused] == [True] * len(bad)
        manifest = writer.finish({}, None)
    assert_holds(backend, manifest, [row for n, row in enumerate(rows) if n not in bad])


@pytest.mark.usefixtures("_impatient")
def test_all_are_refused(tmp_path: Path) -> None:  # 1
    backend = opensearch.backend_at(tmp_path)
    with create(backend) as writer:
        feed(writer, [spoiled(row) for row in many(7)])
        assert len(writer.refused()) == 7
        manifest = writer.finish({}, None)
    assert (
        manifest.documents,
        dict(manifest.collections[PRODUCT.kind].field_counts),
        backend.verify(manifest.generation),
    ) == (0, {}, [])


def rebuilt(backend: OpenSearchBackend, folder: Path, rows: list[mall.Row], share: float) -> RebuildReport:
    settings = mall.settings(folder)
    plan = mall.plan(folder, mall.write(folder / "shop.jsonl", rows), max_reject_share=share)
    return rebuild(plan, backend, make_analyzer(settings), mall.encoder_of(settings), mall.Quiet())


@pytest.mark.usefixtures("_impatient")
def test_rejects(tmp_path: Path) -> None:  # 2
    backend = opensearch.backend_at(tmp_path)
    rows = [{**row, "brand": TOO_LONG} if n in (3, 50) else row for n, row in enumerate(mall.products(120))]
    report = rebuilt(backend, tmp_path, rows, 0.05)
    assert (report.documents, report.accepted, report.rejected) == (118, {"products": 118}, {"products": 2})
    assert report.reasons == {"refused": 2}
    written = list(map(orjson.loads, (Path(str(report.rejects_dir)) / "products.jsonl").read_bytes().splitlines()))
    assert [entry["message"].split(": ")[0] for entry in written] == [rows[n]["id"] for n in (3, 50)]
    assert [(entry["reason"], "32766" in entry["message"]) for entry in written] == [("refused", True)] * 2
    assert backend.open(str(backend.current())).collection(PRODUCT.kind).documents == 118
    with pytest.raises(InputError, match=r"2 of 120 rows were rejected .* refused × 2"):
        rebuilt(backend, tmp_path, [{**row, "price": 7} for row in rows], 0.01)
    assert backend.current() == report.generation
    assert len(backend.manifests()) == 1


@pytest.mark.usefixtures("_impatient")
def test_a_migration_of_what_is_refused(tmp_path: Path) -> None:  # 2
    rows = [{**row, "brand": TOO_LONG} if n == 3 else row for n, row in enumerate(mall.products(30))]
    mall.publish(tmp_path, rows, gold_samples=0)
    backend, analyzer = opensearch.backend_at(tmp_path), make_analyzer(mall.settings(tmp_path))
    with pytest.raises(CheckFailed, match=f"1 documents of .* are refused; the first: {rows[3]['id']}: .*32766"):
        migrate(EmbeddedBackend(tmp_path), backend, analyzer)
    assert (backend.current(), backend.manifests()) == (None, [])


@pytest.mark.usefixtures("_impatient")
def test_a_vector_that_is_no_vector(tmp_path: Path) -> None:  # 1
    backend = opensearch.backend_at(tmp_path)
    broken: list[IndexedDocument] = [world.document(row) for row in ROWS]
    vectors = world.VECTORS.copy()
    vectors[4] = np.nan
    with create(backend) as writer:
        writer.collection(PRODUCT.kind).add(broken, vectors)
        refused = writer.refused()
        assert [refusal.id for refusal in refused] == ["p10"]
        assert writer.finish({}, None).documents == 11

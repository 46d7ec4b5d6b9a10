"""Feeding a real cluster when something goes wrong on the way:

1. Documents that it refuses are left out and told; the others fill rows 0 … n − 1 without holes, each with its record,
   its vector and its words, wherever the refused ones stood and in how many requests they travelled.
2. A rebuild reports them as rejects, with the reason, and does not publish when they are too many; a migration, which
   must be whole, names the first and publishes nothing.
3. A builder that was killed (SIGKILL): the next one of the same plan goes on in its index and sends only what is not
   there yet; nothing of it can be told from a build in one piece.
4. The same after other input: what differs is sent again, what is too much is gone.
5. A builder that was replaced while it hung neither finishes nor takes the index away.
6. An interruption keeps what was fed, any other error takes it away.
"""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import orjson
import pytest

from indexer.migrate import migrate
from indexer.rebuild import rebuild
from indexer.report import RebuildReport
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.backends.opensearch import settle
from retrieval.backends.opensearch.backend import OpenSearchBackend
from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import ClusterUnavailable
from retrieval.backends.opensearch.writer import OpenSearchWriter
from retrieval.errors import CheckFailed, GenerationError, InputError
from retrieval.generations import Manifest
from retrieval.types import IndexedDocument
from retrieval.wiring import make_analyzer
from tests import opensearch
from tests import world as mall
from tests.contract import world
from tests.contract.world import NO_FILTER, ROWS, Row, asking, direction

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]
TOO_LONG = "长" * 20_000
"""60,000 bytes: Lucene takes no exact value above 32,766."""


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does not wait for replaced documents to be forgotten: they only change scores a little."""
    monkeypatch.setattr(settle, "PATIENCE", 0.0)


@pytest.fixture(scope="module", autouse=True)
def _swept() -> Iterator[None]:
    opensearch.sweep()
    yield
    opensearch.sweep()


def many(count: int) -> list[Row]:
    """Rows with an id, a number and a word of their own."""
    return [dataclasses.replace(ROWS[n % 12], id=f"n{n:04d}", title=f"商品 词{n}", price=n) for n in range(count)]


def spoiled(row: Row) -> Row:
    return dataclasses.replace(row, brand=TOO_LONG)


def angle(row: Row) -> float:
    return int(row.id[1:]) * 0.1


def feed(writer: OpenSearchWriter, rows: Sequence[Row], start: int = 0) -> None:
    for row in rows[start:]:
        writer.add([world.document(row)], direction(angle(row))[None])


def create(backend: OpenSearchBackend) -> OpenSearchWriter:
    return backend.create(analyzer=world.ANALYZER, encoder=world.ENCODER, dim=world.DIM)


def assert_holds(backend: OpenSearchBackend, manifest: Manifest, rows: Sequence[Row]) -> None:
    """The generation is `rows`, in whatever order, in every respect."""
    assert manifest.documents == len(rows)
    assert manifest.field_counts["title"] == len(rows)
    assert backend.verify(manifest.generation) == []
    reader, everywhere = backend.open(manifest.generation), np.arange(len(rows))
    ids = [orjson.loads(source)["id"] for source in reader.sources(everywhere)]
    assert sorted(ids) == [row.id for row in rows]
    by_id = {row.id: row for row in rows}
    assert [reader.row_of(i) for i in ids] == everywhere.tolist()
    assert reader.vectors(everywhere) == pytest.approx(np.stack([direction(angle(by_id[i])) for i in ids]), abs=1e-6)
    prices = reader.sort_keys(world.Sort.PRICE_DESC, everywhere)
    assert prices.tolist() == [by_id[i].price for i in ids]
    for place in range(0, len(rows), max(1, len(rows) // 20)):
        word = by_id[ids[place]].title.split()[1]
        assert reader.lexical(asking(word), NO_FILTER, 5).rows.tolist() == [place]


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
    assert (manifest.documents, dict(manifest.field_counts), backend.verify(manifest.generation)) == (0, {}, [])


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
    assert backend.open(str(backend.current())).size == 118
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


CHILD = """
import sys, time
from pathlib import Path
from retrieval.backends.opensearch import lock
from tests import opensearch
from tests.contract import test_opensearch_feed as feeding
lock.TTL = 2.0
backend = opensearch.backend_at(Path(sys.argv[1]), bulk_bytes=2_000)
with backend.building(), feeding.create(backend) as writer:
    feeding.feed(writer, feeding.many(int(sys.argv[2])))
    print(writer.generation, flush=True)
    feeding.feed(writer, feeding.many(100_000), int(sys.argv[2]))
"""


def killed(place: Path, count: int) -> str:
    """The generation of a builder that was killed when it had fed more than `count` documents."""
    command = [sys.executable, "-c", CHILD, str(place), str(count)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"XUNHUO_OPENSEARCH_URL": opensearch.URL}
    ) as child:
        assert child.stdout is not None
        generation = child.stdout.readline().strip()
        time.sleep(0.2)
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    return generation


def indexed(writer: OpenSearchWriter) -> int:
    """How many documents the cluster has indexed into it so far, as the cluster counts them."""
    cluster = Cluster(ClusterOptions((opensearch.URL,)))
    stats = cluster.call("GET", f"/{writer._index}/_stats/indexing")
    cluster.close()
    return int(stats["_all"]["primaries"]["indexing"]["index_total"])


def going_on(backend: OpenSearchBackend, generation: str, rows: Sequence[Row]) -> tuple[Manifest, int]:
    """What the next builder makes of it, and how many documents it sent."""
    until = time.monotonic() + 30
    while True:
        try:
            with backend.building(), create(backend) as writer:
                assert writer.generation == generation
                before = indexed(writer)
                feed(writer, rows)
                writer.refused()
                sent = indexed(writer) - before
                manifest = writer.finish({}, None)
            backend.publish(manifest.generation)
            return manifest, sent
        except GenerationError as why:  # the lock of the dead
            if "another rebuild" not in why.message or time.monotonic() > until:
                raise
            time.sleep(0.3)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("shards", [1, 3])
def test_a_killed_builder(tmp_path: Path, shards: int) -> None:  # 3, 4
    generation, rows = killed(tmp_path, 1_000), many(1_500)
    backend = opensearch.backend_at(tmp_path, bulk_bytes=2_000)
    assert backend.manifests() == []
    if shards == 3:  # another plan: it begins anew
        other = opensearch.backend_at(tmp_path, shards=3)
        with pytest.raises(AssertionError):
            going_on(other, generation, rows)
        return
    changed = [dataclasses.replace(row, price=10**6 + n) if n % 100 == 0 else row for n, row in enumerate(rows)][:900]
    manifest, sent = going_on(backend, generation, changed)
    assert sent == 9
    assert_holds(backend, manifest, changed)
    assert backend.current() == manifest.generation == generation


def test_going_on_is_as_in_one_piece(tmp_path: Path) -> None:  # 3
    generation, rows = killed(tmp_path / "a", 500), many(700)
    backend, whole = opensearch.backend_at(tmp_path / "a", bulk_bytes=2_000), opensearch.backend_at(tmp_path / "b")
    rows[3] = dataclasses.replace(rows[3], title="别的商品 词3")
    manifest, sent = going_on(backend, generation, rows)
    assert sent < 250
    with create(whole) as writer:
        feed(writer, rows)
        expected = writer.finish({}, None)
    assert_holds(backend, manifest, rows)
    one, other = backend.open(manifest.generation), whole.open(expected.generation)
    everywhere = np.arange(700)
    assert one.sources(everywhere) == other.sources(everywhere)
    asked = asking("商品 词3 词40", title=1.0, brand=0.5)
    scores = one.lexical_scores(asked, everywhere)
    assert scores.all()
    assert scores.tolist() == other.lexical_scores(asked, everywhere).tolist()


@pytest.mark.usefixtures("_impatient")
def test_a_builder_that_was_replaced(tmp_path: Path) -> None:  # 5
    backend, rows = opensearch.backend_at(tmp_path), many(20)
    hung = create(backend)
    feed(hung, rows[:10])
    with backend.building(), create(backend) as writer:
        assert writer.generation == hung.generation
        feed(writer, rows)
        feed(hung, rows, 10)
        with pytest.raises(GenerationError, match=r"has taken .* over"), hung:
            hung.finish({}, None)
        manifest = writer.finish({}, None)
    assert_holds(backend, manifest, rows)


def interrupted(writer: OpenSearchWriter, error: type[BaseException]) -> None:
    feed(writer, many(10))
    raise error("stopped")


@pytest.mark.parametrize("error", [ClusterUnavailable, KeyboardInterrupt, InputError])
def test_interruptions(tmp_path: Path, error: type[BaseException]) -> None:  # 6
    kept = error is not InputError
    backend, cluster = opensearch.backend_at(tmp_path), Cluster(ClusterOptions((opensearch.URL,)))
    writer = create(backend)
    with pytest.raises(error), writer:
        interrupted(writer, error)
    assert (str(backend._names.index(writer.generation)) in cluster.call("GET", "/_mapping")) is kept
    assert backend.manifests() == []
    with backend.building(), create(backend) as again:
        assert (again.generation == writer.generation) is kept
    cluster.close()


@pytest.mark.usefixtures("_impatient")
def test_a_vector_that_is_no_vector(tmp_path: Path) -> None:  # 1
    backend = opensearch.backend_at(tmp_path)
    broken: list[IndexedDocument] = [world.document(row) for row in ROWS]
    vectors = world.VECTORS.copy()
    vectors[4] = np.nan
    with create(backend) as writer:
        writer.add(broken, vectors)
        refused = writer.refused()
        assert [refusal.id for refusal in refused] == ["p10"]
        assert writer.finish({}, None).documents == 11

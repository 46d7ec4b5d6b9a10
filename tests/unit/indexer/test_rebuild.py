"""A rebuild: what it writes, what it tells, and what it leaves alone when it must not publish.

1. Rows are indexed in the order of the files, batch by batch; off and banned ones are withheld and counted, and
   their records kept.
2. Rejects are counted by reason and written down; too many of any kind stop the rebuild before it publishes, and so
   do a quote that swallows rows and a file that breaks off.
3. A dry run leaves no generation and no rejects, and encodes nothing twice afterwards.
4. A second rebuild with 1 % of new titles encodes 1 %, and one with other prices nothing; both show what is new.
5. Two rebuilds at once: the second is told so in one clear error and disturbs nothing; afterwards it may run.
6. What goes wrong on the way (encoder, input, an interrupt) leaves the old generation serving and nothing half-built.
7. The report, the manifest and the observer tell the same; videos and events are checked and counted.
8. The same files give the same index.
"""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import numpy as np
import orjson
import pytest

from indexer.changes.shelf import SHELF, Shelf
from indexer.checks.context import Gates
from indexer.learning.opening import make_learner
from indexer.report import RebuildReport
from indexer.sources.records import Product
from retrieval.errors import GenerationError, InputError
from retrieval.schema import PRODUCT
from retrieval.types import Filters, FloatArray
from tests import world
from tests.unit.indexer.conftest import Bench

MALL = world.products(300)


def ids(bench: Bench) -> list[str]:
    reader = bench.reader()
    return [orjson.loads(source)["id"] for source in reader.sources(np.arange(reader.rows))]


def test_order_batches_and_withheld(bench: Bench) -> None:  # 1
    status = ("on", "on", "off", "banned")
    rows = [{**row, "title": f"{row['title']} {n}", "status": status[n % 4]} for n, row in enumerate(MALL)]
    first, second = bench.file("b.jsonl", rows[:170]), bench.file("a.jsonl", rows[170:])
    report = bench.rebuild(first, second, batch=50)
    on_sale = [row["id"] for row in rows if row["status"] == "on"]
    assert ids(bench) == on_sale
    shelf = Shelf(bench.reader().attachment(SHELF))
    assert len(shelf) == len(rows) - len(on_sale)
    assert shelf.record(rows[3]["id"]) == Product.model_validate(rows[3]).source()
    assert shelf.record(on_sale[0]) is None
    assert (report.documents, report.withheld, report.accepted) == (150, 150, {"products": 300})
    assert bench.reader().row_of(rows[2]["id"]) is None
    assert bench.encoder is not None
    assert bench.encoder.batches == [50, 50, 50, 32]  # the last ones are encoded again, by a check


def test_rejects(bench: Bench) -> None:  # 2
    lines = [orjson.dumps(row) for row in MALL[:96]]
    lines[10] = b"{"
    lines[20:20] = [b'{"id": "x", "title": "t", "price": -1}', lines[0], b'{"title": "no id"}']
    file = bench.folder / "shop.jsonl"
    file.write_bytes(b"\n".join(lines))
    report = bench.rebuild(file)
    assert (report.documents, report.rejected) == (95, {"products": 4})
    assert report.reasons == {"duplicate_id": 1, "invalid_json": 1, "missing_id": 1, "out_of_range": 1}
    written = list(map(orjson.loads, (Path(str(report.rejects_dir)) / "products.jsonl").read_bytes().splitlines()))
    assert [(entry["line"], entry["reason"]) for entry in written] == [
        (11, "invalid_json"), (21, "out_of_range"), (22, "duplicate_id"), (23, "missing_id"),
    ]  # fmt: skip


def test_too_many_rejects(bench: Bench) -> None:  # 2
    bench.rebuild(bench.file("good.jsonl", MALL))
    serving, before = bench.backend.current(), ids(bench)
    bad = bench.file("bad.jsonl", [{**row, "price": "x"} if n % 10 == 0 else row for n, row in enumerate(MALL)])
    with pytest.raises(InputError, match=r"30 of 300 rows were rejected \(10\.0%, at most 5\.0% allowed\): wrong_type"):
        bench.rebuild(bad)
    assert (bench.backend.current(), bench.finished(), ids(bench)) == (serving, [serving], before)
    assert bench.leftovers() == []
    assert bench.rebuild(bad, max_reject_share=0.1).rejected == {"products": 30}
    # A handful of rows says nothing about a share.
    assert bench.rebuild(bench.file("few.jsonl", [{"id": "a"}, MALL[0]]), min_count_ratio=0).documents == 1


@pytest.mark.parametrize("kind", ["videos", "events", "queries"])
def test_too_many_rejects_of_another_kind(bench: Bench, kind: str) -> None:  # 2
    good = {"videos": b'{"id": "%d"}', "events": b'{"ts": %d, "type": "click"}', "queries": "裙%d".encode()}[kind]
    lines = [b"a\tb" if n % 10 == 0 else good % n for n in range(100)]
    other = bench.folder / f"{kind}.jsonl"
    other.write_bytes(b"\n".join(lines))
    shop = bench.file("shop.jsonl", MALL)
    with pytest.raises(InputError, match="10 of 100 rows were rejected"):
        bench.rebuild(shop, learner=make_learner(world.settings(bench.folder)), **{kind: [other]})
    assert (bench.finished(), bench.leftovers()) == ([], [])
    report = bench.rebuild(
        shop, learner=make_learner(world.settings(bench.folder)), max_reject_share=0.1, **{kind: [other]}
    )
    assert report.rejected == {"products": 0, kind: 10}


def test_an_open_quote_publishes_nothing(bench: Bench) -> None:  # 2
    rows = [f"p{n},保温杯{n},{n}" for n in range(1_000)]
    rows[1] = 'p1,"保温杯1,1'
    file = bench.folder / "shop.csv"
    for lines, took in ((rows, 998), (rows[:9], 7)):
        file.write_text("\n".join(["id,title,price", *lines]), encoding="utf-8")
        with pytest.raises(InputError, match=f"line 3 of .*shop.csv took {took} others along"):
            bench.rebuild(file)
    assert (bench.backend.current(), bench.finished(), bench.leftovers()) == (None, [], [])


def test_a_file_that_breaks_off(bench: Bench) -> None:  # 2
    whole = gzip.compress(b"\n".join(map(orjson.dumps, MALL)))
    file = bench.folder / "shop.jsonl.gz"
    file.write_bytes(whole[:-200])
    with pytest.raises(InputError, match=r"shop.jsonl.gz is damaged in line \d+: the file breaks off here"):
        bench.rebuild(file)
    assert 0 < bench.rebuild(file, max_reject_share=1.0).documents < 300


def test_a_dry_run(bench: Bench) -> None:  # 3
    bench.rebuild(bench.file("old.jsonl", MALL[:100]))
    serving, before = bench.backend.current(), files_of(bench.folder)
    file = bench.file("new.jsonl", [*MALL, {"id": "bad"}])
    report = bench.rebuild(file, dry_run=True)
    assert (report.generation, report.rejects_dir, report.documents) == (None, None, 300)
    assert report.rejected == {"products": 1}
    assert (bench.backend.current(), bench.finished(), bench.leftovers()) == (serving, [serving], [])
    changed = {path for path, size in files_of(bench.folder).items() if before.get(path) != size}
    assert {path.relative_to(bench.folder).parts[0] for path in changed} == {"new.jsonl", "cache"}
    assert bench.rebuild(file).encoded == 0


def files_of(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}


FREE_PRICES = Gates(price_ratio=1000, price_leaps=1, category_price_ratio=10_000)


def test_only_what_is_new_is_encoded(bench: Bench) -> None:  # 4
    rows = [{**row, "title": f"{row['title']} {n}"} for n, row in enumerate(MALL)]
    first = bench.rebuild(bench.file("day1.jsonl", rows))
    assert (first.encoded, first.reused) == (300, 0)
    for place in (17, 117, 217):
        rows[place] = {**rows[place], "title": f"新款无人机 {place}"}
    second = bench.rebuild(bench.file("day2.jsonl", rows))
    assert (second.encoded, second.reused) == (3, 297)
    third = bench.rebuild(bench.file("day3.jsonl", [{**row, "price": 1.23} for row in rows]), gates=FREE_PRICES)
    assert (third.encoded, third.reused) == (0, 300)
    reader = bench.reader()
    assert [(band.value, band.count) for band in reader.facets(("price",), np.arange(300))["price"]] == [
        ("0-19.99", 300)
    ]
    assert bench.encoder is not None
    drone = reader.semantic(bench.encoder.encode_queries(["新款无人机"])[0], Filters(), 3)
    assert set(drone.rows.tolist()) == {17, 117, 217}


def test_two_at_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:  # 5
    file = bench.file("shop.jsonl", MALL)
    started, go_on, done = Event(), Event(), list[RebuildReport]()

    def wait(vectors: FloatArray) -> FloatArray:
        started.set()
        assert go_on.wait(60)
        return vectors

    monkeypatch.setattr(bench.encoder, "spoil", wait)
    first = Thread(target=lambda: done.append(bench.rebuild(file)))
    first.start()
    assert started.wait(60)
    with pytest.raises(GenerationError, match="another rebuild is running") as busy:
        bench.rebuild(file)
    assert "wait for it" in str(busy.value.hint)
    go_on.set()
    first.join()
    assert (bench.backend.current(), bench.finished()) == (done[0].generation, [done[0].generation])
    assert bench.rebuild(file).generation == bench.backend.current()


@pytest.mark.parametrize("batch", [1, 3])
def test_an_encoder_that_fails_on_the_way(bench: Bench, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:  # 6
    bench.rebuild(bench.file("old.jsonl", MALL[:100]))
    serving, turns = bench.backend.current(), itertools.count(1)

    def fail(vectors: FloatArray) -> FloatArray:
        if next(turns) == batch:
            raise MemoryError("no memory left")
        return vectors

    monkeypatch.setattr(bench.encoder, "spoil", fail)
    with pytest.raises(MemoryError, match="no memory left"):
        bench.rebuild(bench.file("new.jsonl", MALL), batch=40)
    assert (bench.backend.current(), bench.finished(), bench.leftovers()) == (serving, [serving], [])
    monkeypatch.undo()
    assert bench.rebuild(bench.folder / "new.jsonl").documents == 300


@pytest.mark.parametrize("moment", ["index", "check"])
def test_an_interrupt(bench: Bench, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:  # 6
    bench.rebuild(bench.file("old.jsonl", MALL[:250]))
    serving = bench.backend.current()

    def interrupt(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*{"index": (bench.encoder, "spoil"), "check": (bench.backend, "verify")}[moment], interrupt)
        with pytest.raises(KeyboardInterrupt):
            bench.rebuild(bench.file("new.jsonl", MALL))
    assert (bench.backend.current(), bench.finished(), bench.leftovers()) == (serving, [serving], [])
    assert bench.rebuild(bench.folder / "new.jsonl").documents == 300


@pytest.mark.parametrize("name", ["missing.jsonl", "empty.jsonl", "folder", "shop.xlsx", "noise.parquet"])
def test_an_input_that_cannot_be_used(bench: Bench, name: str) -> None:  # 6
    (bench.folder / "folder").mkdir()
    (bench.folder / "empty.jsonl").touch()
    for binary in ("shop.xlsx", "noise.parquet"):
        (bench.folder / binary).write_bytes(bytes(range(256)) * 8)
    good = bench.file("good.jsonl", MALL)
    for paths in ((bench.folder / name,), (good, bench.folder / name)):
        with pytest.raises(InputError, match=name):
            bench.rebuild(*paths)
    assert (bench.backend.current(), bench.finished(), bench.leftovers()) == (None, [], [])


def test_report_manifest_and_observer(bench: Bench) -> None:  # 7
    videos = bench.file("videos.jsonl", [{"id": "v1"}, {"id": "v2", "kind": "live"}, {"id": "v1"}])
    events = bench.file("events.jsonl", [{"ts": 1_714_521_600, "type": "click"}])
    shop = bench.file("shop.jsonl", MALL)
    report = bench.rebuild(shop, videos=[videos], events=[events], settings={"index": {"batch": 64}})
    assert report.accepted == {"products": 300, "videos": 2, "events": 1}
    assert report.rejected == {"products": 0, "videos": 1, "events": 0}
    assert set(report.seconds) == {"index", "learn", "videos", "write", "check"}
    (manifest,) = bench.backend.manifests()
    assert manifest.generation == report.generation
    assert manifest.details["input"] == [str(shop)]
    assert manifest.details["settings"] == {"index": {"batch": 64}}
    for name in ("accepted", "rejected", "reasons", "withheld", "encoded", "reused"):
        assert manifest.details[name] == getattr(report, name)
    assert bench.observer.stages == ["index", "events", "videos", "write", "check"]


def test_words_only(bench: Bench) -> None:  # 7
    bench.encoder = None
    report = bench.rebuild(bench.file("shop.jsonl", MALL))
    assert (report.encoded, report.reused, bench.reader().manifest.encoder) == (0, 0, None)
    assert not (bench.folder / "cache").exists()


def test_same_files_same_index(bench: Bench) -> None:  # 8
    def answers() -> Iterator[object]:
        reader, rows = bench.reader(), np.arange(300)
        assert bench.encoder is not None
        yield [dict(reader.facets(PRODUCT.facets, rows))]
        yield reader.sources(rows)
        yield reader.semantic_scores(bench.encoder.encode_queries(["保温杯"])[0], rows).tolist()
        yield {name: entry for name, entry in reader.manifest.files.items() if not name.startswith("product/lexical/")}

    file = bench.file("shop.jsonl", MALL)
    bench.rebuild(file, batch=300)
    once = list(answers())
    bench.rebuild(file, batch=7)
    assert list(answers()) == once

"""Seeded bad builds before a mall that is served, with the checks as they are set by default:

1. Every one of them is refused, the check and the cause are named, and the served generation stays.
2. What can be told of it alone is refused in an empty place, too.
3. Days of ordinary churn, an unchanged rebuild, a sale of a fifth off, a new brand and more of everything pass; so
   does a shop in which nothing was ever sold, when it opens and on the day after.
4. `--force` publishes one and leaves in the manifest who, when, why and what had failed; what cannot be opened is
   refused all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer.checks.context import Gates
from indexer.publish import Force
from indexer.report import RebuildReport
from retrieval.analysis.analyzer import Analyzer
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.errors import CheckFailed
from tests import world
from tests.unit.indexer.checks.bad_builds import BAD, SETTINGS, Bad, Spoiling, unchanged
from tests.unit.indexer.checks.feeds import Rows, churned, each, times
from tests.unit.indexer.conftest import Bench, Watched

MALL = [row | {"title": f"{row['title']} {n}", "rating": 3 + n % 21 / 10} for n, row in enumerate(world.products(200))]
GATES = Gates(analysed=24, latency_ratio=0)
ALONE = (
    "nothing is on sale", "titles are empty", "titles are brands", "UTF-8 read as Latin-1", "UTF-8 read as GBK",
    "records of other rows", "columns of other rows", "every product twice", "everything is sold out",
    "vectors with NaN", "one vector for all", "vectors of other rows", "a dictionary without words",
    "tokens of another analyzer", "a column is cut short",
)  # fmt: skip


@pytest.fixture(scope="module")
def mall(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Bench:
    """It serves the sound mall; what a test publishes is rolled back."""
    folder = tmp_path_factory.mktemp("mall")
    encoder = Watched(world.encoder_of(world.settings(folder)))
    bench = Bench(folder, EmbeddedBackend(folder), analyzer, encoder, world.Quiet())
    bench.rebuild(bench.file("mall.jsonl", MALL), gates=GATES, **SETTINGS)
    return bench


@pytest.fixture
def served(mall: Bench) -> Iterator[Bench]:
    serving = str(mall.backend.current())
    yield mall
    mall.backend.publish(serving)


def built(bench: Bench, bad: Bad, rows: Rows = MALL, force: Force | None = None) -> RebuildReport:
    """A rebuild with one thing spoilt, and an encoder without memory."""
    assert bench.encoder is not None
    spoilt = replace(
        bench, backend=Spoiling(bench.folder, bad), encoder=bad.encoder(bench.encoder),
        analyzer=bad.analyzer(bench.analyzer),
    )  # fmt: skip
    options: dict[str, Any] = {"cache_dir": bench.folder / f"cache-{id(bad)}", **SETTINGS, **bad.options}
    file = bench.file("new.jsonl", bad.rows(rows))
    return spoilt.rebuild(file, gates=GATES, force=force, gold_samples=24, batch=512, **options)


def refused(bench: Bench, name: str) -> str:
    with pytest.raises(CheckFailed) as failed:
        built(bench, BAD[name])
    return failed.value.message


@pytest.mark.parametrize("name", BAD)
def test_a_bad_build_is_refused(name: str, served: Bench) -> None:  # 1
    before = served.backend.current(), served.finished()
    said = refused(served, name)
    gates = (served.folder / "rejects").glob("*/gates.json")
    report = max(gates, key=lambda path: path.parent.name).read_text(encoding="utf-8")
    assert BAD[name].told in report
    assert f'"{BAD[name].check}": [\n' in report
    assert BAD[name].check in said
    assert (served.backend.current(), served.finished()) == before


@pytest.mark.parametrize("name", ALONE)
def test_without_a_generation_before(name: str, tmp_path: Path, mall: Bench) -> None:  # 2
    first = replace(mall, folder=tmp_path, backend=EmbeddedBackend(tmp_path))
    assert BAD[name].check in refused(first, name)
    assert first.backend.current() is None


@pytest.mark.parametrize(
    "rows",
    [
        unchanged, *(lambda rows, seed=seed: churned(rows, seed=seed) for seed in range(4)), times(0.8),
        each(lambda row: row | {"title": f"【年货节】{row['title']}"}), each(lambda row: row | {"brand": "新花田"}),
        lambda rows: rows + [row | {"id": f"x{row['id']}", "title": f"{row['title']} 加大"} for row in rows],
        lambda rows: rows[:170],
        lambda rows: [row | {"id": f"again-{row['id']}"} if n % 10 == 0 else row for n, row in enumerate(rows)],
        each(lambda row: row | {"sales_30d": 3 * row.get("sales_30d", 0)}),
    ],
    ids=[
        "unchanged", "day 1", "day 2", "day 3", "day 4", "a fifth off", "a campaign", "one brand", "growth", "fewer",
        "listed anew", "a festival",
    ],
)  # fmt: skip
def test_ordinary_days_pass(rows: Callable[[Rows], Rows], served: Bench) -> None:  # 3
    report = built(served, Bad("", "", rows=rows))
    assert report.gates is not None
    assert report.gates.failed == {}
    assert served.backend.current() == report.generation


def test_a_shop_without_sales(tmp_path: Path, mall: Bench) -> None:  # 3
    new = replace(mall, folder=tmp_path, backend=EmbeddedBackend(tmp_path))
    rows = [row | {"sales_30d": 0, "rating": 5, "stock": 999} for row in MALL]
    for day in (rows, churned(rows)):
        report = built(new, Bad("", "", rows=lambda _, day=day: day))  # type: ignore[misc]
        assert report.gates is not None
        assert report.gates.failed == {}
    assert new.backend.current() == report.generation


def test_force(served: Bench) -> None:  # 4
    serving, force = served.backend.current(), Force("lin", "2026-11-29T08:00:00+00:00", "new price list")
    report = built(served, BAD["prices in fen"], force=force)
    assert served.backend.current() == report.generation
    kept = next(m for m in served.backend.manifests() if m.generation == report.generation).details["gates"]
    assert kept["forced"] == {"by": "lin", "at": force.at, "why": "new price list"}
    assert (list(kept["failed"]), kept["against"]) == (["prices"], serving)
    assert "gold" in kept["passed"]
    assert served.backend.verify(str(report.generation)) == []
    served.backend.publish(str(serving))
    with pytest.raises(CheckFailed, match="check integrity"):
        built(served, BAD["a column is cut short"], force=force)
    assert served.backend.current() == serving
    sound = built(served, Bad("", ""), force=force)
    assert "forced" not in sound.gates.__repr__()
    published = next(m for m in served.backend.manifests() if m.generation == sound.generation)
    assert published.details["gates"].keys() == {"against", "passed"}

"""The listing check of a rebuild, and what is learned in it:

1. A blocked product is a rejected row with rule and reason and is not indexed; it is not among the accepted.
2. A demoted one has its finding in its record and ranks behind an equal one; a flagged one stays where it is.
3. Counts by rule and decision stand in the report and the manifest, each finding with its text in listing.jsonl.
4. Price levels go along with the generation, and the next rebuild reads them: a counterfeit is seen from the second on.
5. brushed: a burst of orders of few shoppers, or of ones that looked at nothing else; neither a hit among shoppers who
   look around, nor few orders, nor orders spread over the days.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from indexer.listing.brushed import BrushingBounds, brushed
from indexer.listing.context import ListingContext
from indexer.listing.levels import LevelLearner, Levels
from indexer.listing.originals import Originals
from indexer.rebuild import rebuild
from indexer.report import RebuildReport
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.ranking.forward import ForwardRows
from tests import world
from tests.unit.indexer.conftest import Bench

ROWS: list[world.Row] = [
    {"id": "good", "title": "加厚毛巾", "price": 10},
    {"id": "bait", "title": "加厚毛巾 ", "price": 10, "list_price": 999},
    {"id": "smoke", "title": "中华香烟"},
    {"id": "dear", "title": "加厚毛巾", "price": 10, "list_price": 50},
    *({"id": f"lan{n}", "title": f"兰蔻小黑瓶{n}", "brand": "兰蔻", "price": 600, "shop": f"店{n}"} for n in range(25)),
    {"id": "cheap", "title": "兰蔻小黑瓶 正品", "brand": "兰蔻", "price": 20, "shop": "街边"},
]  # fmt: skip


def inspected(bench: Bench, known: ListingContext, levels: Levels | None = None) -> RebuildReport:
    context = replace(known, levels=levels or Levels(), originals=Originals())
    plan = world.plan(bench.folder, bench.file("shop.jsonl", ROWS))
    return rebuild(plan, bench.backend, bench.analyzer, bench.encoder, bench.observer, listing=context)


def test_a_rebuild(bench: Bench, known: ListingContext) -> None:  # 1, 2, 3, 4
    report = inspected(bench, known)
    reader = bench.reader()
    assert reader.row_of("smoke") is None
    assert (report.documents, report.accepted, report.rejected) == (29, {"products": 29}, {"products": 1})
    assert report.reasons == {"listing": 1}
    folder = Path(str(report.rejects_dir))
    (rejected,) = map(orjson.loads, (folder / "products.jsonl").read_bytes().splitlines())
    assert rejected["message"].startswith("smoke: qualification: “香烟”")
    assert report.listing == {"price_fraud": {"demote": 1, "flag": 1}, "qualification": {"block": 1}}
    assert reader.manifest.details["listing"] == report.listing
    lines = [orjson.loads(line) for line in (folder / "listing.jsonl").read_bytes().splitlines()]
    assert {line["id"]: line["decision"] for line in lines} == {"bait": "demote", "smoke": "block", "dear": "flag"}

    rows = np.array(reader.rows_of(["good", "bait", "dear"]), np.int64)
    records = [orjson.loads(source) for source in reader.sources(rows)]
    assert ["listing" in record for record in records] == [False, True, True]
    assert records[1]["listing"] == [{"rule": "price_fraud", "decision": "demote", "matched": "999.00"}]
    good, bait, dear = ForwardRows.decode(reader.forward(rows)).quality
    assert (good, dear, bait) == pytest.approx((0.94, 0.94, 0.44), abs=1e-3)

    stored = reader.attachment("levels")
    assert stored is not None
    levels = Levels.from_bytes(stored)
    assert levels == Levels({("兰蔻", ""): 600.0})
    assert inspected(bench, known, levels).listing["counterfeit"] == {"demote": 1}


def test_levels() -> None:  # 4
    learner = LevelLearner()
    for n in range(20):
        learner.add("甲", "女装", 100 + n)
    for _ in range(19):
        learner.add("乙", "女装", 100)
    assert learner.finish() == Levels({("甲", "女装"): 109.5})


DAY, NOW = 86_400.0, 1_000_000_000.0


def act(who: str, item: str, ts: float, type: EventType = EventType.ORDER) -> ShopperEvent:
    return ShopperEvent(f"{who}-{item}-{ts}-{type}", ts, type, user_id=who, item_id=item)


def told(events: list[ShopperEvent], orders: int = 20) -> dict[str, str]:
    return dict(brushed(sorted(events, key=lambda e: e.ts), BrushingBounds(7, orders), now=NOW))


def test_brushed() -> None:  # 5
    few = [act(f"u{n % 5}", "p", NOW - n * 60) for n in range(20)]
    new = [act(f"v{n}", "p", NOW - n * 60) for n in range(20)]
    look = [act(f"v{n}", "q", NOW - n * 60 - 1, EventType.CLICK) for n in range(20)]
    assert told(few) == {"p": "一天内 20 单，只来自 5 人，最多一人 4 单"}
    assert told(new) == {"p": "一天内 20 单，20 人里 20 人只看过这一件"}
    assert told(new + look) == told(new + look[:5]) == told(few[:19]) == {}
    assert told(new + look[:4]) != {}
    assert told([replace(e, ts=NOW - n * DAY / 4) for n, e in enumerate(new)]) == {}
    assert told([replace(e, ts=e.ts - 8 * DAY) for e in few]) == told([replace(e, kind="video") for e in few]) == {}

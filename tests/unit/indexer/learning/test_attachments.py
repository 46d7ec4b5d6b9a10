"""What the attachments of a rebuild are learned from:

1. Records, searches among the events and lines of a query log reach the learner, with their counts.
2. A click or an order teaches the category of its product; an impression, or a product that is not there, does not.
3. Titles of withheld products are kept, those that sold best where there are too many.
4. A line that cannot be read is rejected with file and line, and its neighbours teach.
"""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.learning.attachments import AttachmentLearner
from indexer.sources.records import Event, Product
from indexer.sources.rejects import RejectLog
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.ways_out.withheld import WithheldLearner
from tests.unit.retrieval.understanding.mall import learner
from tests.world import analysed_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def learning() -> AttachmentLearner:
    learning = AttachmentLearner(learner(), remember=True)
    learning.products([analysed_of({"id": "p1", "title": "云杉 保温杯", "category": ["厨具", "杯子"]})])
    return learning


def knowledge(learning: AttachmentLearner) -> Knowledge:
    return Knowledge.from_bytes(learning.attachments()["knowledge"])


def event(kind: str, query: str | None, item: str | None = None) -> Event:
    return Event(ts=NOW, type=kind, query=query, item_id=item)


def test_records_and_searches(learning: AttachmentLearner) -> None:  # 1
    for query in ("保温杯", "保温杯", None):
        learning.event(event("search", query))
    learned = knowledge(learning)
    assert (learned.documents, dict(learned.queries)) == (1, {"保温杯": 2})
    assert dict(learned.categories) == {"厨具/杯子": 1}


def test_clicks(learning: AttachmentLearner) -> None:  # 2
    for kind, item in (("click", "p1"), ("order", "p1"), ("impression", "p1"), ("click", "gone"), ("click", None)):
        learning.event(event(kind, "喝水的", item))
    assert {query: dict(found) for query, found in knowledge(learning).clicks.items()} == {"喝水的": {"厨具/杯子": 2}}


def test_withheld(learning: AttachmentLearner) -> None:  # 3
    learning.withheld(Product(id="gone", title="晴雨伞 大号", status="off"))
    assert knowledge(learning).withheld == {"晴雨伞 大号": 0}
    few = WithheldLearner(2)
    for title, sold in (("甲", 5), ("乙", 1), ("丙", 9), ("丁", 0)):
        few.add(title, sold)
    assert few.titles() == {"丙": 9, "甲": 5}


def test_without_events_no_category_is_kept() -> None:  # 2
    learning = AttachmentLearner(learner(), remember=False)
    learning.products([analysed_of({"id": "p1", "title": "云杉 保温杯", "category": ["厨具", "杯子"]})])
    learning.event(event("click", "喝水的", "p1"))
    assert not knowledge(learning).clicks


@pytest.mark.parametrize("suffix", [".txt", ".txt.gz"])
def test_query_log(learning: AttachmentLearner, tmp_path: Path, suffix: str) -> None:  # 1 3
    lines = "保温杯\t7\n\n连衣裙\n保温杯\n炒锅\tmany\n".encode() + b"\xff\xfe\n\x00\x01\n" + "雨伞\t0\n".encode()
    path = tmp_path / f"log{suffix}"
    path.write_bytes(gzip.compress(lines) if suffix.endswith("gz") else lines)
    told: list[int] = []
    with RejectLog() as log:
        learning.queries([path], log, told.append)
    assert dict(knowledge(learning).queries) == {"保温杯": 8, "连衣裙": 1}
    assert (log.accepted, log.counts["bad_query"], log.total) == (3, 3, 3)
    assert sum(told) == path.stat().st_size

"""The queue of the listing check:

1. Findings of one product are one listing; the strictest come first, and each rule counts its products.
2. What was decided leaves the queue, with who, when and why; the last word counts.
3. Another title, or another rule that finds something, brings a listing back.
4. It is narrowed by rule, decision and state, and shows so many; its counts are of all.
5. Of what nothing was found nothing is decided; without findings of a generation there is no queue.
"""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from indexer.listing.finding import Decision
from indexer.listing.queue import ListingQueue
from indexer.listing.verdicts import Verdict
from retrieval.changes.sqlite_journal import SqliteJournal
from retrieval.errors import NotFound

ROWS = [
    ("p1", "最好的杯子", "absolute_words", "flag", "最好"),
    ("p2", "祖传膏药", "qualification", "demote", ""),
    ("p2", "祖传膏药", "absolute_words", "flag", "祖传"),
    ("p3", "电子烟", "qualification", "block", "电子烟"),
]


def found(folder: Path, generation: str, *rows: tuple[str, str, str, str, str]) -> None:
    """What a rebuild leaves."""
    names = ("id", "title", "rule", "decision", "matched")
    lines = [orjson.dumps({**dict(zip(names, row, strict=True)), "message": "…"}) for row in rows]
    path = folder / "rejects" / generation / "listing.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\n".join(lines))


@pytest.fixture
def queue(tmp_path: Path) -> ListingQueue:
    found(tmp_path, "g1", *ROWS)
    return ListingQueue(SqliteJournal(tmp_path / "journal.db"), tmp_path / "rejects")


def test_the_queue(queue: ListingQueue) -> None:  # 1
    page = queue.page("g1")
    assert [each.id for each in page.listings] == ["p3", "p2", "p1"]
    assert [each.decision for each in page.listings] == [Decision.BLOCK, Decision.DEMOTE, Decision.FLAG]
    assert [one.matched for one in page.listings[1].findings] == ["", "祖传"]
    assert (page.total, page.open, page.rules) == (3, 3, {"absolute_words": 2, "qualification": 2})


def test_decisions(queue: ListingQueue, tmp_path: Path) -> None:  # 2, 3
    queue.decide("g1", "p1", Verdict.WRONG, by="小王")
    made = queue.decide("g1", "p1", Verdict.RIGHT, by="小李", note="品牌名")
    queue.decide("g1", "p2", Verdict.WRONG, by="小李")
    assert [each.id for each in queue.page("g1").listings] == ["p3"]
    looked = {each.id: each.looked for each in queue.page("g1", looked=True).listings}
    assert looked["p1"] == made.looked
    assert looked["p1"]
    assert (looked["p1"].verdict, looked["p1"].by, looked["p1"].note) == ("right", "小李", "品牌名")
    found(tmp_path, "g2", ("p1", "最好的茶杯", *ROWS[0][2:]), *ROWS[1:3], ("p2", "祖传膏药", "copied", "flag", ""))
    found(tmp_path, "g3", *ROWS)
    assert {each.id for each in queue.page("g2").listings} == {"p1", "p2"}
    assert {each.id for each in queue.page("g3").listings} == {"p3"}


def test_narrowed(queue: ListingQueue) -> None:  # 4
    queue.decide("g1", "p1", Verdict.RIGHT, by="小王")
    asked = queue.page("g1", rule="absolute_words", looked=None)
    assert ([each.id for each in asked.listings], asked.total, asked.open) == (["p2", "p1"], 2, 2)
    assert [each.id for each in queue.page("g1", decision=Decision.BLOCK).listings] == ["p3"]
    assert len(queue.page("g1", looked=None, most=1).listings) == 1
    assert queue.page("g1", looked=None, most=1).total == 3


def test_nothing_there(queue: ListingQueue) -> None:  # 5
    with pytest.raises(NotFound, match="nothing was found in p9"):
        queue.decide("g1", "p9", Verdict.RIGHT, by="小王")
    for generation in ("g9", None):
        with pytest.raises(NotFound, match=f"no findings of {generation}"):
            queue.page(generation)

"""What a decision about a listing does:

1. What was found to be right is flagged instead of demoted: while the title stands, no other rule finds anything in it,
   and nobody decides otherwise. What blocks, blocks.
2. Decided over a service, it holds from the next search on, and for every later rebuild; nothing else of the product
   changes, also what came since the last rebuild. The other verdict demotes it again.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.rebuild import run_rebuild
from indexer.changes.opening import open_writer, rechecking
from indexer.listing.check import listed
from indexer.listing.context import ListingContext
from indexer.listing.finding import Decision, Finding
from indexer.listing.queue import ListingQueue
from indexer.listing.verdicts import Verdict, Verdicts
from indexer.sources.records import Product
from retrieval.changes.sqlite_journal import SqliteJournal
from retrieval.ranking.quality import offer_quality
from retrieval.wiring import open_live
from retrieval.wiring.changes import open_changes
from tests import world

STUFFED = Finding("title_stuffing", Decision.DEMOTE, "杯", "…")
FLAGGED = Finding("absolute_words", Decision.FLAG, "最好", "…")
BLOCKED = Finding("qualification", Decision.BLOCK, "", "…")
CUP = Product(id="p1", title="杯子")
LINK = {"id": "link", "title": "保温杯 补差价链接", "price": 9, "rating": 4.9, "reviews": 400, "stock": 5}
SETTINGS = ("listing.enabled=true", "search.timeout_ms=60000", "ranking.divider=0")


@pytest.fixture
def verdicts(tmp_path: Path) -> Verdicts:
    return Verdicts(SqliteJournal(tmp_path / "journal.db"))


def decisions(record: dict[str, Any]) -> list[str]:
    return [each["decision"] for each in record["listing"]]


def test_what_is_right(known: ListingContext, verdicts: Verdicts) -> None:  # 1
    context = replace(known, right=verdicts.right)

    def found(*findings: Finding, product: Product = CUP) -> list[str]:
        return decisions(listed(product, findings, context).source())

    assert found(STUFFED, FLAGGED) == ["demote", "flag"]
    verdicts.add("p1", "杯子", ["title_stuffing", "absolute_words"], Verdict.RIGHT, by="小王", note="")
    assert found(STUFFED, FLAGGED) == ["flag", "flag"]
    assert found(STUFFED) == ["flag"]
    assert found(STUFFED, BLOCKED) == ["demote", "block"]
    assert found(STUFFED, product=Product(id="p1", title="茶杯")) == ["demote"]
    assert found(STUFFED, product=Product(id="p2", title="杯子")) == ["demote"]
    verdicts.add("p1", "杯子", ["title_stuffing"], Verdict.WRONG, by="小李", note="")
    assert found(STUFFED) == ["demote"]


def test_over_a_service(tmp_path: Path) -> None:  # 2
    of = world.settings(tmp_path, *SETTINGS)
    file = world.write(tmp_path / "goods.jsonl", [LINK, *world.products(20)])
    run_rebuild(of, [file])
    changes = open_changes(of)
    engine, _ = open_live(of, None, None, changes)
    with closing(engine), closing(changes.journal):
        writer = open_writer(of, changes)
        assert writer
        queue = ListingQueue(changes.journal, tmp_path / "rejects", rechecking(writer))
        writer.apply([{"op": "patch", "id": "link", "price": 12.5}])

        def now() -> tuple[dict[str, Any], list[str]]:
            record = dict(engine.product("link").record)
            return record, decisions(record)

        before, said = now()
        assert said == ["demote"]
        queue.decide(engine.generation, "link", Verdict.RIGHT, by="小王")
        after, said = now()
        assert said == ["flag"]
        assert offer_quality(after) == pytest.approx(offer_quality(before) + 0.5)
        assert {**after, "listing": None} == {**before, "listing": None}
        assert after["price"] == 12.5
        queue.decide(engine.generation, "link", Verdict.WRONG, by="小李")
        assert now()[1] == ["demote"]
        queue.decide(engine.generation, "link", Verdict.RIGHT, by="小王")
        file.touch()  # so it is newer than all that was changed
        run_rebuild(of, [file])
        assert engine.refresh()
        after, said = now()
        assert (after["price"], said) == (9, ["flag"])

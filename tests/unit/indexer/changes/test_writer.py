"""Changes of products, taken.

1. Whatever comes, records, words, prices and vectors are those of a model to which the same was done.
2. A bad change stands in the way of no other, and says what is wrong.
3. A call is done once, however often it comes; its key with other changes is refused.
4. Two writers take turns, and each sees what the other wrote; a third waits a while, and is told who holds the lock.
5. A product whose title stays keeps its vector: nothing is encoded.
6. Earlier changes of a batch count for later ones.
7. The listing check looks at every document that is written; what it says is never taken from outside.
8. Without a generation nothing can be changed; a dry run changes nothing.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
import pytest

from indexer.changes.writer import ProductWriter
from indexer.listing.check import listed
from indexer.listing.finding import Decision, Finding
from indexer.sources.problems import Problem
from indexer.sources.records import Product
from retrieval.errors import InvalidRequest, NotReady, StorageError
from retrieval.types import EVERYTHING, Filters, FloatArray
from tests import live_shop
from tests.live_shop import LiveShop, Row, applied, changes_of, found_by, row, same_answers


@pytest.fixture
def shop(tmp_path: Path) -> LiveShop:
    shop = LiveShop.of(tmp_path)
    shop.build([row(number) for number in range(30)])
    return shop


def test_as_in_a_model(shop: LiveShop) -> None:  # 1
    rng, records = random.Random(7), shop.records()
    for batch in range(5):
        changes = changes_of(rng, 25, f"word{batch}")
        known = set(records)
        outcomes = shop.writer.apply(changes)
        for change, outcome in zip(changes, outcomes, strict=True):
            missing = change["op"] == "patch" and change["id"] not in known
            assert (outcome.id, outcome.op, bool(outcome.problem)) == (change["id"], change["op"], missing)
            known = known - {change["id"]} if change["op"] == "delete" else known | ({change["id"]} - {None})
            known = known - {change["id"]} if missing else known
        applied(records, changes)
        assert shop.records() == records
        same_answers(shop.now(), records)
    for low, high in ((0, 9_999), (10_000, 30_000)):
        rows = shop.now().rows_passing(Filters(price=(low, high)))
        wanted = {name for name, each in records.items() if low <= each["price"] * 100 <= high}
        assert {orjson.loads(each)["id"] for each in shop.now().sources(rows)} == wanted


def test_a_bad_one(shop: LiveShop) -> None:  # 2
    given = [
        {"op": "patch", "id": "p001", "price": "dear"}, {"op": "patch", "id": "p999", "price": 1}, 7,
        {"op": "sell", "id": "p001"}, {"op": "upsert", "id": "p050"}, {"op": "patch", "id": "p002", "title": ""},
        {"op": "upsert", "id": "\ud800", "title": "t"}, {"op": "\ud800", "id": "\ud800"},
        {"op": "patch", "id": "p001", "price": 2.5}, {"op": "upsert", "id": "p050", "title": "n" * 2001},
    ]  # fmt: skip
    found = shop.writer.apply(given)
    assert [each.problem and each.problem[:2] for each in found] == [
        ("price", "wrong_type"), ("id", "not_found"), ("", "not_an_object"), ("op", "invalid_choice"),
        ("title", "missing_field"), ("title", "missing_field"),
        ("", "lone_surrogate"), ("op", "invalid_choice"), None, ("title", "title_too_long"),
    ]  # fmt: skip
    assert [each.position for each in found] == [0, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    assert [(each.id, each.op) for each in found[6:8]] == [("\ufffd", "upsert"), ("\ufffd", "\ufffd")]
    assert shop.records()["p001"]["price"] == 2.5


def test_done_once(shop: LiveShop) -> None:  # 3
    changes = [{"op": "upsert", **row(90)}, {"op": "patch", "id": "p001", "stock": 5}]
    first = shop.writer.apply(changes, key="call")
    shop.writer.apply([{"op": "patch", "id": "p001", "stock": 6}])
    assert shop.writer.apply(changes, key="call") == first
    assert LiveShop.of(shop.folder).writer.apply(changes, key="call") == first
    assert (shop.records()["p001"]["stock"], shop.now().rows) == (6, 31)
    whole = {"op": "patch", "id": "p005", "brand": "山风", "price": 3.0}
    shop.writer.apply([whole], key="whole")
    assert shop.writer.apply([whole], key="whole")[0].position == 4
    others: list[tuple[str, Row]] = [
        ("call", {"op": "delete", "id": "p003"}), ("call", {"op": "delete", "id": "p090"}),
        ("call", {"op": "upsert", **row(90, "second")}), ("call", {"op": "patch", "id": "p090", "stock": 5}),
        ("whole", whole | {"price": 3.5}), ("whole", whole | {"brand": None}),
    ]  # fmt: skip
    for key, other in others:
        with pytest.raises(InvalidRequest, match="other changes"):
            shop.writer.apply([other], key=key)
    with pytest.raises(InvalidRequest, match="other changes"):
        shop.writer.apply([changes[0], {**changes[1], "stock": 7}], key="call")
    assert ("p003" in shop.records(), shop.journal.position()) == (True, 4)


def test_writers_take_turns(shop: LiveShop) -> None:  # 4
    other, records = LiveShop.of(shop.folder, patience_s=0.05), shop.records()
    for turn, writer in enumerate((shop, other, other, shop, other)):
        cheaper = {"op": "patch", "id": row(turn + 7)["id"], "price": 1.5}
        changes = [{"op": "upsert", **row(turn, f"turn{turn}")}, cheaper]
        writer.writer.apply(changes)
        applied(records, changes)
    for each in (shop, other, LiveShop.of(shop.folder)):
        assert each.records() == records
        same_answers(each.now(), records)
    with shop.backend.changing(), pytest.raises(StorageError, match=f"process {os.getpid()} on .* since 2") as told:
        other.writer.apply([{"op": "delete", "id": "p001"}])
    assert "try again" in str(told.value.hint)
    assert other.writer.apply([{"op": "delete", "id": "p001"}])[0].position == 11


def test_vectors_are_kept(shop: LiveShop, monkeypatch: pytest.MonkeyPatch) -> None:  # 5
    asked: list[str] = []
    encode = live_shop.ENCODER.encode_documents

    def told(texts: Sequence[str]) -> FloatArray:
        asked.extend(texts)
        return encode(texts)

    monkeypatch.setattr(live_shop.ENCODER, "encode_documents", told)
    before = shop.now().vectors(np.array([4]))
    shop.writer.apply([{"op": "patch", "id": "p005", "brand": "海盐"}])
    shop.writer.apply([{"op": "upsert", **row(4, brand="山风")}, {"op": "patch", "id": "p005", "brand": "海盐二"}])
    assert asked == []
    assert shop.now().vectors(np.array(shop.now().rows_of(["p004"]))).tolist() == before.tolist()
    shop.writer.apply([{"op": "upsert", **row(4, "other")}])
    assert asked == ["保温杯 other"]


def test_inside_a_batch(shop: LiveShop) -> None:  # 6
    shop.writer.apply([
        {"op": "upsert", **row(60)}, {"op": "patch", "id": "p060", "price": 3.0},
        {"op": "patch", "id": "p060", "brand": "山风"}, {"op": "delete", "id": "p001"},
        {"op": "patch", "id": "p001", "price": 1}, {"op": "patch", "id": "p002", "status": "off"},
        {"op": "patch", "id": "p003", "price": 4.0},
        {"op": "patch", "id": "p003", "title": "保温杯 late", "stock": None},
    ])  # fmt: skip
    records = shop.records()
    assert (records["p060"]["price"], records["p060"]["brand"]) == (3.0, "山风")
    assert not {"p001", "p002"} & set(records)
    assert (records["p003"]["price"], records["p003"].get("stock")) == (4.0, None)
    assert found_by(shop.now(), "late") == {"p003"}
    shop.writer.apply([{"op": "patch", "id": "p002", "status": "on"}])
    assert "p002" in shop.records()


def test_the_listing_check(shop: LiveShop) -> None:  # 7
    def inspect(product: Product) -> Product | Problem:
        if "banned" in product.title:
            return "title", "listing", "may not be sold"
        return listed(product, [Finding("words", Decision.DEMOTE, "best", "")] if "best" in product.title else [])

    writer = ProductWriter(shop.catch_up, limits=shop.limits, inspect=inspect)
    best, banned = {"title": "保温杯 best"}, {"title": "保温杯 banned"}
    found = writer.apply([
        {"op": "patch", "id": "p001", **best}, {"op": "upsert", "id": "p070", **best},
        {"op": "upsert", "id": "p071", **banned},
        {"op": "patch", "id": "p002", **banned}, {"op": "patch", "id": "p003", "listing": [1]},
        {"op": "upsert", **row(4, listing=[1])},
    ])  # fmt: skip
    assert [each.problem and each.problem[1] for each in found] == [None, None, "listing", "listing", None, None]
    records = shop.records()
    assert {name for name, each in records.items() if "listing" in each} == {"p001", "p070"}
    writer.apply(
        [{"op": "patch", "id": "p001", "listing": None}, {"op": "patch", "id": "p070", "title": "保温杯 good"}]
    )
    assert {name for name, each in shop.records().items() if "listing" in each} == {"p001"}


def test_nothing_to_change(tmp_path: Path, shop: LiveShop) -> None:  # 8
    with pytest.raises(NotReady):
        LiveShop.of(tmp_path / "none").writer.apply([{"op": "delete", "id": "p001"}])
    before = shop.records()
    found = shop.writer.apply([{"op": "delete", "id": "p001"}, {"op": "upsert", **row(77)}], dry_run=True)
    assert [each.position for each in found] == [0, 0]
    assert (shop.records(), shop.journal.position(), len(shop.now().rows_passing(EVERYTHING))) == (before, 0, 30)

"""Files of paid placements, and what stays internal:

1. Lines are read in their order; a bad line names file, line and field, and a missing file itself.
2. A placement runs from `since` on and before `until`, for its queries in any spelling of width and case.
3. What is sold out, or is not there, has no card.
4. No record shows what the listing check found.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.placements import LABEL, Placement, cards, read_placements
from api.record import public, record_answer
from retrieval.answer import Product
from retrieval.errors import InputError

LINE = '{"id": "a", "product_id": "p1", "advertiser": "花田", "queries": ["iPhone 壳"]%s}\n'


def test_reading(tmp_path: Path) -> None:  # 1
    file = tmp_path / "paid.jsonl"
    file.write_text(LINE % "" + "\n" + LINE % ', "until": "2026-12-01T00:00:00+08:00"', encoding="utf-8")
    assert [each.until is None for each in read_placements(file)] == [True, False]
    for line, told in ((LINE % ', "label": "推荐"', "label"), (LINE % ', "until": "2026-12-01"', "until"), ("{", "")):
        file.write_text(LINE % "" + line, encoding="utf-8")
        with pytest.raises(InputError, match=f"paid.jsonl:2 is no placement: {told}"):
            read_placements(file)
    with pytest.raises(InputError, match="cannot be read"):
        read_placements(tmp_path / "nowhere")


def test_when_it_runs() -> None:  # 2
    since, until = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 11, tzinfo=UTC)
    paid = Placement(id="a", product_id="p", advertiser="x", queries=("ＩＰＨＯＮＥ 壳",), since=since, until=until)
    assert paid.runs("iphone 壳", since)
    assert not paid.runs("iphone 壳", until)
    assert not paid.runs("iphone", since)


def test_cards() -> None:  # 3
    paid = Placement(id="a", product_id="p", advertiser="x", queries=("q",))
    records: list[dict[str, object]] = [
        {"title": "甲", "stock": 0},
        {"title": "乙", "stock": 3},
        {"title": "丙"},
        {"title": "丁"},
    ]
    shown = cards([(paid, Product("g", record)) for record in records], 2)
    assert [card["title"] for card in shown] == ["乙", "丙"]
    assert all(card["label"] == LABEL for card in shown)


def test_internal() -> None:  # 4
    record = {"id": "p", "title": "毛巾", "colour": "白", "listing": [{"rule": "counterfeit"}]}
    assert public(record) == {"id": "p", "title": "毛巾", "colour": "白"}
    assert record_answer(record)["fields"] == {"colour": "白"}

"""Videos and events:

1. Segments are sorted by time; nothing may end before it starts; times of products may be missing.
2. A creator may be a name; statistics are numbers.
3. A value of the wrong kind names its field and its reason.
4. An event needs `ts` and `type` alone.
5. The examples in docs/input.md are records.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from indexer.sources.records import Event, Product, Record, Video
from tests.unit.indexer.sources.helpers import reason_of


def test_video() -> None:
    video = Video.model_validate(
        {
            "id": "v1",
            "kind": "live",
            "segments": [{"start": 3, "end": 4.5, "text": "第二句"}, {"start": "0", "end": 3, "text": "第一句"}],
            "products": [{"product_id": 7, "start": 1, "end": 2}, {"product_id": "8"}],
            "stats": {"likes": 12, "views": "3,000", "shares": None},
            "published_at": "2024-05-01",
        }
    )
    assert [segment.text for segment in video.segments] == ["第一句", "第二句"]
    assert [(shown.product_id, shown.start) for shown in video.products] == [("7", 1.0), ("8", None)]
    assert video.stats == {"likes": 12.0, "views": 3000.0}
    assert (video.title, video.status) == ("", "on")
    assert Video.model_validate(video.source()) == video


@pytest.mark.parametrize(("given", "expected"), [("小王", ("小王", None)), ({"id": 7}, (None, "7"))])
def test_creator_may_be_a_name(given: object, expected: tuple[str | None, str | None]) -> None:
    creator = Video.model_validate({"id": 1, "creator": given}).creator
    assert creator is not None
    assert (creator.name, creator.id) == expected


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"segments": [{"start": 2, "end": 1}]}, ("segments.0", "out_of_range")),
        ({"segments": [{"start": 0, "end": 1}, {"start": -1, "end": 1}]}, ("segments.1.start", "out_of_range")),
        ({"segments": [{"start": 0, "txt": "好"}]}, ("segments.0", "missing_field")),
        ({"products": [{"product_id": "1", "start": 2, "end": 1}]}, ("products.0", "out_of_range")),
        ({"products": [{"start": 2}]}, ("products.0.product_id", "missing")),
        ({"stats": {"likes": "many"}}, ("stats", "wrong_type")),
        ({"stats": [1]}, ("stats", "wrong_type")),
        ({"kind": "film"}, ("kind", "invalid_choice")),
    ],
)
def test_wrong_videos(fields: dict[str, Any], at: tuple[str, str]) -> None:
    assert reason_of(Video, id="v1", **fields) == at


def test_event() -> None:
    event = Event.model_validate({"ts": 1_714_521_600, "type": "click", "user_id": 5, "position": 0, "watch_s": 2.5})
    assert (event.ts, event.type, event.user_id) == (datetime(2024, 5, 1, tzinfo=UTC), "click", "5")
    assert (event.position, event.watch_s, event.query) == (0, 2.5, None)
    assert reason_of(Event, type="click") == ("ts", "missing")
    assert reason_of(Event, ts=0) == ("type", "missing")


@pytest.mark.parametrize(
    ("section", "record_type", "unknown"),
    [("Products", Product, {"season"}), ("Videos", Video, set()), ("Events", Event, set())],
)
def test_documentation_examples(section: str, record_type: type[Record], unknown: set[str]) -> None:
    text = (Path(__file__).parents[4] / "docs" / "input.md").read_text(encoding="utf-8")
    example = text.split(f"## {section}\n")[1].split("```json\n")[1].split("```")[0]
    record = record_type.model_validate(orjson.loads(example))
    assert set(record.model_extra or {}) == unknown
    assert record.source().keys() == orjson.loads(example).keys()

"""`xunhuo eval personal`, on a tiny demo mall:

1. The JSON has every group, way and bin; the table and the page say the same.
2. Events of a file count as those in the store do, and leave nothing there; bad ones are said with their reason.
3. Only what happened before a query counts: with the later events alone every shopper is cold, and the list neutral.
4. What cannot be read is an error that names the line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from tests.e2e.command import Xunhuo


def judged(mall: Path) -> tuple[str | Path, ...]:
    return "--queries", mall / "personal.jsonl", "--qrels", mall / "personal.qrels"


def whole(found: dict[str, Any]) -> dict[str, Any]:
    [group] = [one for one in found["groups"] if (one["shoppers"], one["band"]) == ("all", "all")]
    return dict(group)


def test_report(xunhuo: Xunhuo, mall: Path, tmp_path: Path) -> None:  # 1, 2
    assert xunhuo("events", mall / "events.jsonl").code == 0
    stored = xunhuo("eval", "personal", *judged(mall), "--json").json
    events = mall / "events.jsonl"
    events.write_bytes(events.read_bytes() + b'{"ts": "2025-12-30", "type": "dance", "user_id": "u0000"}\n')
    ended = xunhuo("eval", "personal", *judged(mall), "--events", events, "--json", "--out", tmp_path / "out")
    assert ended.json == stored
    assert "invalid_choice: 1" in ended.err

    bands = {one["band"] for one in stored["groups"]}
    assert bands == {"all", "exact", "specific", "category", "vague", "counter"}
    group = whole(stored)
    assert group["n"] == 30
    assert set(group["ndcg"]) == {"neutral", "personal", "shuffled", *(f"fixed 0.{w}" for w in range(1, 10))}
    assert group["shift"] > 0
    assert group["ndcg"]["personal"] != group["ndcg"]["neutral"]
    exact = [one for one in stored["groups"] if one["band"] == "exact"]
    assert {one["differences"][0]["delta"]["mean"] for one in exact} == {0.0}
    assert sum(one["n"] for one in stored["calibration"] if one["of"] == "acts before") == 30

    assert orjson.loads((tmp_path / "out" / "summary.json").read_bytes()) == stored
    shown = xunhuo("eval", "personal", *judged(mall)).out
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    for text in (f"{group['ndcg']['personal']:.3f}", stored["best_fixed"], "warm shoppers"):
        assert text in shown
        assert text in page


def test_later_events_are_not_seen(xunhuo: Xunhuo, mall: Path, tmp_path: Path) -> None:  # 2, 3
    queries = [orjson.loads(line) for line in (mall / "personal.jsonl").read_bytes().splitlines()]
    rows = [orjson.loads(line) for line in (mall / "events.jsonl").read_bytes().splitlines()]
    later = tmp_path / "later.jsonl"
    later.write_bytes(b"".join(orjson.dumps(row | {"ts": "2026-01-02T00:00:00Z"}) + b"\n" for row in rows))
    assert max(query["ts"] for query in queries) < "2026-01-02"
    found = xunhuo("eval", "personal", *judged(mall), "--events", later, "--json").json
    assert {one["shoppers"] for one in found["groups"]} == {"all", "cold"}
    group = whole(found)
    assert len(set(group["ndcg"].values())) == 1
    assert (group["shift"], group["moved"]) == (0, 0)
    assert [one["n"] for one in found["calibration"] if one["of"] == "acts before"] == [30]


def test_errors(xunhuo: Xunhuo, mall: Path, tmp_path: Path) -> None:  # 4
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"qid": "1", "query": "茶", "user_id": "u1", "ts": "soon"}\n', encoding="utf-8")
    message = xunhuo("eval", "personal", "--queries", bad, "--qrels", mall / "qrels").failed_clearly(2)
    assert f"{bad}:1" in message
    assert "ts: must be ISO 8601 or epoch seconds" in message

"""`xunhuo apply` and `xunhuo compact`.

1. A file is applied as it would be over HTTP, every bad line named with its number; a dry run changes nothing; the same
   key again changes nothing either.
2. What was applied is found, and is still found when it was compacted, which is done where it is due, and rolled back.
"""

from __future__ import annotations

from pathlib import Path

from tests import world
from tests.e2e.command import Ended, invoke
from tests.live_shop import LiveShop, row

ENCODER = ("--set", "encoder.name=hashing", "--set", "encoder.options={dim: 16}")


def test_apply_and_compact(tmp_path: Path) -> None:
    shop = LiveShop.of(tmp_path / "data")
    shop.build([row(number) for number in range(30)])

    def xunhuo(*arguments: str | Path, code: int = 0) -> Ended:
        ended = invoke(*arguments, "--data-dir", tmp_path / "data", *ENCODER)
        assert ended.code == code, ended.err
        return ended

    changes = [
        {"op": "upsert", **row(70, "second")}, {"op": "delete", "id": "p001"},
        {"op": "patch", "id": "p999", "price": 1}, {"op": "patch", "id": "p002", "price": 1.5}, row(71, "second"),
    ]  # fmt: skip
    file = world.write(tmp_path / "changes.jsonl", changes)
    with file.open("ab") as lines:
        lines.write(b"{broken\n")
    before = shop.records()
    assert "would apply: 1 delete, 1 patch, 2 upsert; 2 rejected" in xunhuo("apply", file, "--dry-run", code=2).out  # 1
    assert (shop.records(), shop.journal.position()) == (before, 0)
    for _ in range(2):
        found = xunhuo("apply", file, "--key", "night", "--json", code=2).json
        assert found["applied"] == {"upsert": 2, "delete": 1, "patch": 1}
        rejected = [(each["line"], each["id"], each["reason"]) for each in found["rejected"]]
        assert sorted(rejected) == [(3, "p999", "not_found"), (6, None, "invalid_json")]
        assert shop.journal.position() == 4
    records = shop.records()  # 2
    assert set(records) == (set(before) | {"p070", "p071"}) - {"p001"}
    assert records["p002"]["price"] == 1.5
    first = shop.backend.current()
    idle = ("--set", "changes.compact_share=0.5")
    assert "2 appended, 1 gone, 4 changes" in xunhuo("compact", "--if-due", *idle).out
    assert shop.backend.current() == first
    assert "published" in xunhuo("compact", "--if-due").out
    assert shop.backend.current() != first
    assert LiveShop.of(tmp_path / "data").records() == records
    assert "nothing is due" in xunhuo("compact").out
    assert "serving" in xunhuo("generations", "rollback").out
    assert (shop.backend.current(), shop.records()) == (first, records)

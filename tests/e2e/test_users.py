"""`xunhuo events` and `xunhuo users`, the twins of the routes.

1. events keeps the events of files and says what became of them, in words and as JSON; --dry-run keeps nothing,
   --rejects writes down what is left out, --prune turns old ones into counters.
2. A rebuild keeps its --events: the same as `xunhuo events` of the same file, and once.
3. users export, consent, forget, pin and delete do what the routes do.
4. What cannot be done ends with 2, a machine that refuses with 5; one clear message.
"""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from retrieval.interest.sqlite_store import SqliteEventStore
from tests import world
from tests.e2e.command import HASHING, Xunhuo, run

START = 1_714_521_600
CLICK = {"ts": START, "type": "click", "user_id": "u1", "item_id": "p1"}


@pytest.fixture
def events(tmp_path: Path) -> Path:
    rows = [CLICK | {"ts": START + n, "user_id": f"u{n % 3}"} for n in range(60)]
    return world.write(tmp_path / "events.jsonl", [*rows, CLICK | {"type": "bought"}])


def kept(tmp_path: Path) -> int:
    store = SqliteEventStore(tmp_path / "data" / "interest" / "events.db")
    count = sum(1 for _ in store.scan())
    store.close()
    return count


def test_events(xunhuo: Xunhuo, events: Path, tmp_path: Path) -> None:  # 1
    rejects = tmp_path / "rejects.jsonl"
    dry = xunhuo("events", events, "--dry-run", "--json", "--rejects", rejects).json
    assert (dry["accepted"], dry["rejected"], dry["reasons"]) == (60, 1, {"invalid_choice": 1})
    assert orjson.loads(rejects.read_bytes())["line"] == 61
    assert kept(tmp_path) == 0
    assert "60 events kept, 0 were known, 1 rejected" in xunhuo("events", events).out
    again = xunhuo("events", events, "--json").json
    assert (again["accepted"], again["duplicates"]) == (0, 60)
    old = world.write(tmp_path / "old.jsonl", [CLICK | {"ts": 5}])
    assert xunhuo("events", old, "--prune", "--json").json["pruned"] == 1
    assert kept(tmp_path) == 60


def test_rebuild_keeps_them(xunhuo: Xunhuo, shop: Path, events: Path, tmp_path: Path) -> None:  # 2
    quiet = ("--set", "input.max_reject_share=1")
    assert xunhuo("rebuild", "--products", shop, "--events", events, *quiet, "--dry-run").code == 0
    assert kept(tmp_path) == 0
    report = xunhuo("rebuild", "--products", shop, "--events", events, *quiet, "--json").json
    assert report["events"] == {"accepted": 60, "duplicates": 0, "clamped": 0, "not_kept": {"invalid_choice": 1}}
    assert report["accepted"]["events"] == 61
    assert xunhuo("events", events, "--json").json["duplicates"] == 60
    assert "0 kept, 60 were known, 1 only taught" in xunhuo("rebuild", "--products", shop, "--events", events).out


def test_users(xunhuo: Xunhuo, events: Path) -> None:  # 3
    xunhuo("events", events)
    lines = [orjson.loads(line) for line in xunhuo("users", "export", "u1").out.splitlines()]
    assert [line["record"] for line in lines] == ["choices"] + ["event"] * 20
    assert xunhuo("users", "pin", "u1", "brand:希禾", "--json").json["pinned"] == ["brand:希禾"]
    assert list(xunhuo("users", "forget", "u1", "brand:希禾", "--json").json["removed"]) == ["brand:希禾"]
    assert "consent: withdrawn" in xunhuo("users", "consent", "u1", "--no").out
    assert xunhuo("users", "consent", "u1", "--yes", "--json").json["consent"] is True
    assert xunhuo("users", "delete", "u1").out == "20 events deleted\n"
    assert xunhuo("users", "delete", "u1", "--json").json == {"deleted": 0}
    assert len(xunhuo("users", "export", "u1").out.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [("users", "pin", "u1", "colour:red"), ("users", "export", " "), ("events", "no such file.jsonl"),
     ("users", "delete", "u1", "--set", "interest.keep_days=0")],
)  # fmt: skip
def test_what_cannot_be_done(xunhuo: Xunhuo, arguments: tuple[str, ...]) -> None:  # 4
    xunhuo(*arguments).failed_clearly(2)


def test_usage(xunhuo: Xunhuo) -> None:  # 4
    assert xunhuo("events").code == 2
    assert xunhuo("users").code == 2
    assert xunhuo("users", "consent", "u1").code == 2


def test_a_full_disk(events: Path, tmp_path: Path) -> None:  # 4
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    before: Callable[[], None] = limited
    ended = run("events", events, "--data-dir", tmp_path / "data", *HASHING, before=before)
    assert "free some space" in ended.failed_clearly(5)
    again = run("events", events, "--data-dir", tmp_path / "data", *HASHING, "--json")
    assert again.json["accepted"] == 60

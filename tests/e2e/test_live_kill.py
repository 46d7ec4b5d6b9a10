"""Livestreams on a service that is killed (SIGKILL).

1. What was acknowledged is there after the restart, with product and price; what was under way, whole or not at all.
2. A room that went off air does not come back, and one whose heartbeat became overdue meanwhile is off: a search shows
   the badge of what is on a screen, and no stale one.
3. The store alone, killed twenty times at any moment: nothing acknowledged is lost, and no room is half.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest

from configs.settings import load_settings
from retrieval.live.sqlite_store import SqliteLiveStore
from retrieval.live.state import Screen
from tests.e2e.test_api_server import PATIENCE, Running, publish, serving

ROOT = Path(__file__).parents[2]
HEARTBEAT, KILLS, SEED = 60, 20, 20_261_129

# A line is written once the answer would be sent.
_SENDER = """
import sys, time
from pathlib import Path
from retrieval.live.sqlite_store import SqliteLiveStore
from retrieval.live.state import Change, State
store = SqliteLiveStore(Path(sys.argv[1]), heartbeat=90)
for number in range(int(sys.argv[2]), 10**9):
    store.put("l1", Change(State.ON_AIR, float(number), f"p{number}", float(number)))
    print(number, flush=True)
"""


@pytest.mark.slow
def test_a_service_that_is_killed(tmp_path: Path) -> None:  # 1, 2
    overrides = ["encoder.name=none", "live.accept_states=true", f"live.heartbeat_seconds={HEARTBEAT}"]
    settings = load_settings(overrides=overrides, data_dir=tmp_path / "data")
    publish(settings, tmp_path)
    acknowledged: list[int] = []
    with serving(settings, tmp_path) as service:  # which ends it with SIGKILL
        _put(service, "ended", state="on_air", ts=time.time() - 2, product_id="p1")
        silent_until = time.time() + 3
        _put(service, "silent", state="on_air", ts=silent_until - HEARTBEAT, product_id="p2")
        assert {room["id"] for room in _on_air(service)} == {"ended", "silent"}
        assert _badges(service) == {"p1": "ended", "p2": "silent"}
        _put(service, "ended", state="off_air", ts=time.time())

        def send() -> None:
            for number in range(100_000):
                _put(service, "l1", state="on_air", ts=time.time(), product_id="p1", price=number)
                acknowledged.append(number)

        def until_killed() -> None:
            with suppress(httpx2.TransportError):
                send()

        sender = Thread(target=until_killed)
        sender.start()
        while len(acknowledged) < 20:
            time.sleep(0.01)
    sender.join()
    time.sleep(max(0.0, silent_until - time.time()))
    with serving(settings, tmp_path) as service:
        [room] = _on_air(service)
        number = int(room["product"]["price"])
        assert number in (acknowledged[-1], acknowledged[-1] + 1)
        assert (room["id"], room["product"]["product_id"]) == ("l1", "p1")
        ended, silent = (service.get(f"/v1/live/{id}").json() for id in ("ended", "silent"))
        assert (ended["state"], ended["lapsed"], ended["product"]) == ("off_air", False, None)
        assert (silent["state"], silent["lapsed"], silent["product"]) == ("off_air", True, None)
        assert _badges(service) == {"p1": "l1"}
        _put(service, "l1", state="on_air", ts=time.time(), product_id="p3")
        time.sleep(2 * settings.live.refresh_ms / 1000)
        assert _badges(service) == {"p3": "l1"}


@pytest.mark.slow
def test_a_store_that_is_killed(tmp_path: Path) -> None:  # 3
    path, rng, following = tmp_path / "rooms.db", random.Random(SEED), 1
    for _ in range(KILLS):
        command = [sys.executable, "-c", _SENDER, str(path), str(following)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as sender:
            assert sender.stdout is not None
            lines = [sender.stdout.readline()]
            time.sleep(rng.random() * 0.1)
            sender.kill()
            lines += sender.stdout.read().splitlines(keepends=True)
        last = int([line for line in lines if line.endswith("\n")][-1])
        store = SqliteLiveStore(path, heartbeat=90)
        room = store.room("l1")
        assert room is not None
        number = int(room.ts)
        assert number in (last, last + 1)
        assert room.screen == Screen(f"p{number}", float(number), float(number))
        assert store.on_air(room.ts) == [room]
        store.close()
        following = number + 1
    assert following > 5 * KILLS


def _put(service: Running, id: str, **body: Any) -> None:
    answer = httpx2.post(f"http://127.0.0.1:{service.port}/v1/live/{id}/state", json=body, timeout=PATIENCE)
    assert answer.status_code == 200, answer.text


def _badges(service: Running) -> dict[str, str]:
    """Product → the livestream that shows it, as a search says."""
    hits = service.get("/v1/search?q=保温杯").json()["hits"]
    assert len(hits) == 7
    return {hit["id"]: hit["live"]["video_id"] for hit in hits if hit["live"]}


def _on_air(service: Running) -> list[dict[str, Any]]:
    rooms: list[dict[str, Any]] = service.get("/v1/live").json()["rooms"]
    return rooms

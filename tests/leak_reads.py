"""Many reads of a real service, while all happens that could bring something back: ``python -m tests.leak_reads``.

Two workers serve the mall of `tests.leaks`. Clients ask all endpoints; meanwhile one takes down and back, one writes
products that fall under what stands, and one builds, rolls back, compacts, and starts the service again. Printed are
reads by endpoint, leaks, and how long an acknowledgement takes, as JSON; the exit code is 1 where anything leaked.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import httpx

from tests import leaks, world
from tests.leak_asker import Asker, Down, shuffled

_SET = ("encoder.name=hashing", "encoder.options={dim: 32}", "live.accept_states=true", "search.timeout_ms=20000",
        "index.keep=6", "mall.least_shoppers=1", "api.max_waiting=64", "api.max_wait_ms=60000")  # fmt: skip
_STARTING_S = 120.0


class Service:
    """The command `xunhuo serve`, and calls of it that wait while it starts."""

    def __init__(self, data: Path, workers: int) -> None:
        self._data, self._workers = data, workers
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.port = int(taken.getsockname()[1])
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60.0)
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = Event()

    def start(self) -> None:
        """Returns when it answers."""
        command = [*_command("serve", self._data), "--port", str(self.port), "--workers", str(self._workers)]
        log = (self._data / "service.log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=log)
        end = time.monotonic() + _STARTING_S
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if self._client.get("/readyz").status_code == 200:
                    self._ready.set()
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise RuntimeError(f"the service did not start: see {self._data / 'service.log'}")

    def stop(self) -> None:
        """Requests under way are finished."""
        self._ready.clear()
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)

    def request(self, method: str, url: str, **more: Any) -> Any:
        """As a client's; said again where the service went away meanwhile."""
        while True:
            self._ready.wait()
            try:
                return self._client.request(method, url, **more)
            except httpx.TransportError:
                time.sleep(0.1)


def _command(*words: object) -> list[str]:
    sets = [word for one in _SET for word in ("--set", one)]
    return [sys.executable, "-m", "xunhuo", str(words[0]), *map(str, words[2:]), *sets, "--data-dir", str(words[1])]


def _run(*words: object) -> bool:
    return subprocess.run(_command(*words), capture_output=True, check=False).returncode == 0


@contextmanager
def _mall(place: Path | None) -> Iterator[Path]:
    data = place or Path(tempfile.mkdtemp(prefix="xunhuo-leaks-"))
    try:
        leaks.build(data, world.settings(data))
        yield data
    finally:
        if place is None:
            shutil.rmtree(data, ignore_errors=True)


def _disturb(service: Service, data: Path, rng: random.Random, stop: Event, done: Counter[str]) -> None:
    """One thing after another that could bring something back."""
    goods, clips = data / "goods.jsonl", data / "clips.jsonl"
    turns = ("rebuild", "rollback", "compact", "restart")
    for turn in range(1_000_000):
        if stop.wait(2.0):
            return
        what = turns[turn % len(turns)]
        if what == "rebuild":
            well = _run("rebuild", data, "--products", goods, "--videos", clips, "--force", "a test")
        elif what == "rollback":
            well = _run("generations", data, "rollback")
        elif what == "compact":
            well = _run("compact", data)
        else:
            service.stop()
            service.start()
            well = True
        done[what if well else f"{what}, in vain"] += 1


def _write(service: Service, rng: random.Random, stop: Event, done: Counter[str]) -> None:
    """Products are written anew, with other titles and prices, and so may fall under what stands."""
    rows = leaks.products()
    while not stop.wait(0.2):
        row = dict(rng.choice(rows))
        row |= {"title": f"{row['title']} 新款", "price": rng.randint(10, 99)}
        answer = service.request("POST", "/v1/admin/products:batch", json=[{"op": "upsert", **row}])
        done[f"upsert {answer.status_code}"] += 1


def main() -> None:
    """Reads the arguments, asks, prints."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--reads", type=int, default=100_000)
    given.add_argument("--seconds", type=float, default=86_400.0, help="Stop then, however few reads there were.")
    given.add_argument("--clients", type=int, default=8)
    given.add_argument("--workers", type=int, default=2)
    given.add_argument("--data-dir", type=Path, default=None)
    asked = given.parse_args()
    os.chdir(Path(__file__).parents[1])
    with _mall(asked.data_dir) as data:
        service = Service(data, asked.workers)
        service.start()
        told = service.request("POST", "/v1/events", json={"events": leaks.events(time.time())})
        assert told.status_code == 200, told.text
        for n in range(0, leaks.VIDEOS_MADE, 3):
            state = {"state": "on_air", "ts": time.time(), "product_id": leaks.product_code(n)}
            service.request("POST", f"/v1/live/{leaks.video_code(n)}/state", json=state)
        found = _asked(service, data, asked.reads, asked.seconds, asked.clients)
        service.stop()
    print(json.dumps(found, ensure_ascii=False, indent=1))
    sys.exit(bool(found["leaks"]))


def _asked(service: Service, data: Path, reads: int, seconds: float, clients: int) -> dict[str, Any]:
    down, stop, done, left, lock = Down(), Event(), Counter[str](), [reads], Lock()
    askers = [Asker(service, down, random.Random(n)) for n in range(clients)]
    began = time.monotonic()

    def read(asker: Asker) -> None:
        while True:
            with lock:
                if left[0] <= 0 or time.monotonic() - began > seconds:
                    return
                left[0] -= 1
            asker.ask()

    def withdraw() -> None:
        rng, every = random.Random(11), leaks.withdrawals()
        while not stop.wait(0.05):
            shuffled(service, down, rng, every)

    reading = [Thread(target=read, args=(asker,)) for asker in askers]
    beside = [
        Thread(target=withdraw), Thread(target=_write, args=(service, random.Random(5), stop, done)),
        Thread(target=_disturb, args=(service, data, random.Random(9), stop, done)),
    ]  # fmt: skip
    for each in (*beside, *reading):
        each.start()
    for each in reading:
        each.join()
    stop.set()
    for each in beside:
        each.join()
    times = sorted(down.acknowledged)
    return {
        "reads": sum(sum(asker.reads.values()) for asker in askers), "seconds": round(time.monotonic() - began, 1),
        "by endpoint": dict(sum((asker.reads for asker in askers), Counter())),
        "statuses": dict(sum((asker.statuses for asker in askers), Counter())),
        "failures": dict(sum((asker.failures for asker in askers), Counter())),
        "leaks": [leak for asker in askers for leak in asker.leaks][:20],
        "take-downs": len(times), "beside": dict(done),
        "ms to the acknowledgement": {
            f"p{share}": round(1000 * times[len(times) * share // 101], 1) for share in (50, 95, 99)
        },
    }  # fmt: skip


if __name__ == "__main__":
    main()

"""The service as a process of its own, started the way the command starts it.

1. It serves a published index over HTTP; told to stop, it answers the request under way and ends with 0.
2. Without a published index it is alive and not ready, and becomes ready when one is published.
3. Several workers share one port, and /metrics adds up what all of them answered.
4. The Python example of README prints hits with what is installed; so do those of docs/client.md in each language, and
   examples/client.py.
5. What keeps a worker from starting ends the service with one clear message, in one process and in several.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from cli.rebuild import run_rebuild
from configs.settings import Settings, load_settings
from tests.log_scan import SCAN

START = "import sys; from api.server import run; run('127.0.0.1', 0, int(sys.argv[1]), sys.stdin.read())"
PATIENCE = 60
ROOT = Path(__file__).parents[2]
PRODUCTS = [{"id": f"p{i}", "title": f"{colour}色保温杯", "price": 10 + i} for i, colour in enumerate("红橙黄绿青蓝紫")]


@dataclass(frozen=True, slots=True)
class Running:
    """A service process; `log` is its stderr."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(overrides=["encoder.name=none", "api.refresh_seconds=0.05"], data_dir=tmp_path / "data")


def publish(settings: Settings, folder: Path) -> None:
    file = folder / "products.jsonl"
    file.write_text("".join(json.dumps(product) + "\n" for product in PRODUCTS), "utf-8")
    run_rebuild(settings, [file])


@contextmanager
def serving(settings: Settings, folder: Path, workers: int = 1) -> Iterator[Running]:
    log = folder / "service.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XUNHUO_")}
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-c", START, str(workers)], stdin=subprocess.PIPE, stderr=stderr, env=environment
        )
    try:
        assert process.stdin is not None
        process.stdin.write(settings.model_dump_json().encode())
        process.stdin.close()
        found = wait_for(lambda: re.search(r"listening on http://127\.0\.0\.1:(\d+)", log.read_text()), process, log)
        service = Running(process, int(found[1]), log)
        wait_for(lambda: service.get("/healthz").status_code == 200, process, log)
        yield service
    finally:
        process.kill()
        process.wait(PATIENCE)
        SCAN.look_at(log.read_text("utf-8"), queries=settings.api.log_queries)


def wait_for(condition: Any, process: subprocess.Popen[bytes], log: Path) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError(log.read_text())


def test_it_finishes_what_is_under_way(settings: Settings, tmp_path: Path) -> None:
    publish(settings, tmp_path)
    body = json.dumps({"query": "红色保温杯"}).encode()
    head = (
        "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nX-Request-ID: last\r\n\r\n"
    ).encode()
    with serving(settings, tmp_path) as service:
        with socket.create_connection(("127.0.0.1", service.port), PATIENCE) as connection:
            connection.sendall(head + body[:5])
            service.get("/healthz")  # the server has read the half request before it reads this one
            service.process.send_signal(signal.SIGTERM)
            wait_for(lambda: "Shutting down" in service.log.read_text(), service.process, service.log)
            connection.sendall(body[5:])
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert answer.startswith(b"HTTP/1.1 200")
        assert "红色保温杯".encode() in answer
        assert service.process.wait(PATIENCE) == 0
        lines = [line for line in service.log.read_text().splitlines() if line.startswith("{")]
        assert [entry["request_id"] for entry in map(json.loads, lines)][-1] == "last"


def test_it_becomes_ready_when_an_index_is_published(settings: Settings, tmp_path: Path) -> None:
    with serving(settings, tmp_path) as service:
        answer = service.get("/readyz")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not_ready")
        publish(settings, tmp_path)
        wait_for(lambda: service.get("/readyz").status_code == 200, service.process, service.log)
        assert service.get("/v1/search?q=保温杯").json()["total"]["value"] == len(PRODUCTS)
        assert service.stop(signal.SIGINT) == 0
        assert "Traceback" not in service.log.read_text()


def test_the_examples_run(settings: Settings, tmp_path: Path) -> None:
    publish(settings, tmp_path)
    readme, guide = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/client.md"))
    [plain] = examples("python", readme)
    modules = re.findall(r"^(?:import|from) (\w+)", plain, re.MULTILINE)
    assert set(modules) <= sys.stdlib_module_names
    typed, awaited = examples("python", guide)
    ([js], [curl]) = examples("js", guide), examples("sh", guide)
    with serving(settings, tmp_path) as service:

        def out(*command: str) -> list[str]:
            here = [word.replace("127.0.0.1:8000", f"127.0.0.1:{service.port}") for word in command]
            return subprocess.run(here, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()

        hits = out(sys.executable, "-c", plain)
        assert len(hits) == len(PRODUCTS)
        assert hits[0].startswith("1 ")
        assert out(sys.executable, "-c", typed) == hits
        assert out(sys.executable, "-c", awaited) == [str(len(PRODUCTS) + 3)]
        assert len(json.loads("".join(out("bash", "-c", curl)))["hits"]) == 5
        if node := shutil.which("node"):
            said = f"(async () => {{ {js} }})().then((titles) => console.log(titles.join('\\n')))"
            assert [title in hit for title, hit in zip(out(node, "-e", said), hits[:5], strict=True)] == [True] * 5
        *listed, kept, refused = out(sys.executable, "examples/client.py", "http://127.0.0.1:8000", "保温杯")
        assert (len(listed), kept, refused) == (len(PRODUCTS), "kept: 1", "not_found")


def examples(language: str, text: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_start_ends(settings: Settings, tmp_path: Path, workers: int) -> None:
    nowhere = settings.analysis.model_copy(update={"lexicon_dir": tmp_path / "nowhere"})
    process = subprocess.run(
        [sys.executable, "-c", START, str(workers)],
        input=settings.model_copy(update={"analysis": nowhere}).model_dump_json().encode(),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert process.returncode == 1
    assert b"there is no lexicon folder" in process.stderr


def test_workers_count_together(settings: Settings, tmp_path: Path) -> None:
    publish(settings, tmp_path)
    asked = 40
    with serving(settings, tmp_path, workers=2) as service:
        for _ in range(asked):
            assert service.get("/v1/search?q=保温杯").json()["hits"]
        families = text_string_to_metric_families(service.get("/metrics").text)
        counted = {
            sample.name: sample.value
            for family in families
            for sample in family.samples
            if sample.labels.get("route", "/v1/search") == "/v1/search"
        }
        assert service.stop() == 0
    assert counted["xunhuo_http_requests_total"] == asked
    assert counted["xunhuo_search_hits_sum"] == asked * len(PRODUCTS)
    assert counted["xunhuo_generation_info"] == 1

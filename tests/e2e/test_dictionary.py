"""Dictionaries of a running shop, by command and over HTTP, with a service process of its own:

1. `xunhuo dictionary`: list, show, put, add, versions, preview, rollback, apply; errors are clear and end with 2 or 4.
2. A service follows an edit by command or over HTTP without a restart, goes on after a file that cannot be read, and
   serves the documents that `apply` indexed again.
3. An `apply` that is killed at any moment leaves a whole generation serving; started again it ends well.
"""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from retrieval.backends.embedded.backend import EmbeddedBackend
from tests import world
from tests.e2e.command import HASHING, PATIENCE_S, Xunhuo, start
from tests.e2e.test_api_server import Running, serving

KILLS, SEED = 5, 20_260_101


def eventually(holds: Callable[[], object]) -> bool:
    end = time.monotonic() + PATIENCE_S
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(holds())


def test_commands(xunhuo: Xunhuo, shop: Path, tmp_path: Path) -> None:  # 1
    queries, file = tmp_path / "queries.txt", tmp_path / "synonyms.tsv"
    queries.write_text("暖水瓶\t30\n连衣裙\t90\n", encoding="utf-8")
    assert xunhuo("rebuild", "--products", shop, "--queries", queries).code == 0
    listed = {entry["name"]: entry for entry in xunhuo("dictionary", "list", "--json").json}
    assert listed["synonyms"] == {
        "name": "synonyms", "file": "synonyms.tsv", "version": 0, "versions": 0, "pending": False
    }  # fmt: skip
    file.write_text(xunhuo("dictionary", "show", "synonyms").out + "暖水瓶\t保温杯\n", encoding="utf-8")
    looked = xunhuo("dictionary", "preview", "synonyms", file, "--json").json
    assert [change["query"] for change in looked["queries"]] == ["暖水瓶"]
    assert looked["queries"][0]["come"] is not None
    assert "nothing was kept" in xunhuo("dictionary", "put", "synonyms", file, "--dry-run").out
    assert xunhuo("dictionary", "put", "synonyms", file).out == "+暖水瓶\t保温杯\nversion 1 of synonyms is in force\n"
    assert [v["current"] for v in xunhuo("dictionary", "versions", "synonyms", "--json").json] == [False, True]
    assert xunhuo("dictionary", "rollback", "synonyms", "0").code == 0
    assert "version 2 of user_words" in _put(xunhuo, tmp_path, "user_words", "碎花裙\n", "牛津纺衬衫\n")
    assert {e["name"] for e in xunhuo("dictionary", "list", "--json").json if e["pending"]} == {"user_words", "units"}
    would = xunhuo("dictionary", "apply", "--dry-run", "--json").json
    done = xunhuo("dictionary", "apply", "--json").json
    assert (would["generation"], would["changed"]) == (None, done["changed"])
    assert done["changed"]
    assert xunhuo("generations", "verify").code == 0
    assert "documents change" not in xunhuo("dictionary", "apply").out
    assert not any(entry["pending"] for entry in xunhuo("dictionary", "list", "--json").json)
    for name, command in {"preview": (file,), "put": (file,), "show": (), "rollback": ("1",)}.items():
        assert "there is no dictionary nothing" in xunhuo("dictionary", name, "nothing", *command).failed_clearly(4)
    file.write_text("番茄\n西红柿\t番茄\n土豆\n", encoding="utf-8")
    for way in ("put", "add", "preview"):
        message = xunhuo("dictionary", way, "synonyms", file).failed_clearly(2)
        assert "synonyms.tsv:1: " in message
        assert "synonyms.tsv:3: " in message
        assert "synonyms.tsv:2" not in message


def test_nothing_goes_unasked(xunhuo: Xunhuo, tmp_path: Path) -> None:  # 1
    file, changed = tmp_path / "mine.tsv", tmp_path / "changed.tsv"
    before = xunhuo("dictionary", "show", "synonyms").out
    entries = [line for line in before.splitlines() if line and not line.startswith("#")]
    file.write_text("焐焐\t保温杯\n", encoding="utf-8")
    refused = xunhuo("dictionary", "put", "synonyms", file)
    assert f"{len(entries):,} lines of synonyms" in refused.failed_clearly(2)
    assert "dictionary add" in refused.err
    assert "--replace" in refused.err
    assert f"-{entries[0]}" in refused.out
    assert xunhuo("dictionary", "show", "synonyms").out == before
    assert xunhuo("dictionary", "put", "synonyms", file, "--dry-run").code == 0
    assert xunhuo("dictionary", "add", "synonyms", file).out == "+焐焐\t保温杯\nversion 1 of synonyms is in force\n"
    assert xunhuo("dictionary", "show", "synonyms").out == before.rstrip("\n") + "\n焐焐\t保温杯\n"
    assert "stays version 1" in xunhuo("dictionary", "add", "synonyms", file).out
    changed.write_text(before + "焐焐\t保温杯\t0.5\n", encoding="utf-8")
    assert "version 2" in xunhuo("dictionary", "put", "synonyms", changed).out
    assert "version 3" in xunhuo("dictionary", "put", "synonyms", file, "--replace").out
    assert xunhuo("dictionary", "show", "synonyms").out == "焐焐\t保温杯\n"


def _put(xunhuo: Xunhuo, folder: Path, name: str, *lines: str) -> str:
    """Adds each line in a version of its own; what the last command said."""
    said = ""
    for line in lines:
        text = xunhuo("dictionary", "show", name).out + line
        (folder / "edited").write_text(text, encoding="utf-8")
        said = xunhuo("dictionary", "put", name, folder / "edited").out
    return said


def found(service: Running, query: str) -> dict[str, Any]:
    answer: dict[str, Any] = service.get(f"/v1/search?q={query}&channels=lexical&size=5").json()
    return answer


def test_a_service_follows(xunhuo: Xunhuo, shop: Path, tmp_path: Path) -> None:  # 2
    assert xunhuo("rebuild", "--products", shop).code == 0
    by_hand = tmp_path / "rules"
    by_hand.mkdir()
    settings = world.settings(
        tmp_path / "data",
        "api.refresh_seconds=0.05",
        "api.edit_dictionaries=true",
        "ranking.enabled=false",
        f"understanding.rules_dir={by_hand}",
    )
    with serving(settings, tmp_path) as service:
        assert found(service, "焐焐")["hits"] == []
        _put(xunhuo, tmp_path, "synonyms", "焐焐\t保温杯\n")
        assert eventually(lambda: found(service, "焐焐")["hits"])
        url = f"http://127.0.0.1:{service.port}/v1/dictionaries/rewrites"
        edit = httpx2.put(url, content="厨房神器\t炒锅\n".encode(), headers={"If-Match": '"0"'}, timeout=PATIENCE_S)
        assert edit.status_code == 200
        assert eventually(lambda: found(service, "厨房神器")["understood"]["rewrite"])
        (by_hand / "categories.tsv").write_text("one column\n", encoding="utf-8")
        assert eventually(lambda: service.get("/readyz").json()["refresh_error"])
        assert found(service, "厨房神器")["hits"]
        (by_hand / "categories.tsv").write_text("", encoding="utf-8")
        assert eventually(lambda: service.get("/readyz").json()["refresh_error"] is None)
        old = found(service, "碎花裙")
        _put(xunhuo, tmp_path, "user_words", "碎花裙\n")
        applied = xunhuo("dictionary", "apply", "--json").json
        assert eventually(lambda: found(service, "碎花裙")["generation"] == applied["generation"])
        new = found(service, "碎花裙")
        assert (old["query"]["tokens"], new["query"]["tokens"]) == (["碎花", "裙"], ["碎花裙"])
        assert {hit["id"] for hit in new["hits"]} & set(applied["changed"])
        assert service.log.read_text().count("cannot refresh") == 1
        assert service.stop() == 0


@pytest.mark.slow
def test_killed_at_any_moment(xunhuo: Xunhuo, tmp_path: Path) -> None:  # 3
    rng, data = random.Random(SEED), tmp_path / "data"
    world.publish(data, world.products(1500))
    backend = EmbeddedBackend(data)
    serving_before = backend.current()
    _put(xunhuo, tmp_path, "user_words", "碎花裙\n", "龙井茶\n", "牛津纺衬衫\n", "降噪耳机\n")
    for turn in range(KILLS):
        with start("dictionary", "apply", "--data-dir", data, *HASHING) as process:
            begun = set((data / "generations").glob(".building-*"))
            assert eventually(
                lambda begun=begun, process=process: (  # type: ignore[misc]
                    set((data / "generations").glob(".building-*")) - begun or process.poll() is not None
                )
            )
            with suppress(subprocess.TimeoutExpired):
                process.wait((turn + rng.random()) / KILLS)
            process.kill()
            process.communicate(timeout=PATIENCE_S)
        assert process.returncode in (0, -signal.SIGKILL)
        finished = [manifest.generation for manifest in backend.manifests()]
        assert [backend.verify(name) for name in finished] == [[]] * len(finished)
        assert backend.current() in (serving_before, finished[-1])
    assert xunhuo("dictionary", "apply").code == 0
    assert list((data / "generations").glob(".building-*")) == []
    assert backend.current() == backend.manifests()[-1].generation != serving_before
    assert backend.verify(str(backend.current())) == []

"""A rebuild that is killed (SIGKILL), again and again.

1. After every kill, whenever it comes, the old generation serves and is whole, or the new one if it was published.
2. Started again, the rebuild reuses every vector that was stored, and nothing half-built is left.
3. While one rebuild is at work, a second command ends with exit code 4 and one clear message.
"""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from indexer.rebuild import rebuild
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.request import SearchRequest
from retrieval.wiring import make_analyzer, open_engine
from tests import world
from tests.e2e.command import HASHING, PATIENCE_S, start

COUNT, KILLS, SEED = 900, 6, 20_260_101
SMALL_BATCHES = ("--set", "index.batch=100", "--set", "gates.kept_ids=0")
KEY_BYTES = 16


def catalogue(folder: Path, turn: int) -> Path:
    """Products whose titles no other catalogue has, so that each is encoded anew."""
    rows = [{**row, "title": f"{row['title']} {turn}代{n}"} for n, row in enumerate(world.products(COUNT, seed=turn))]
    return world.write(folder / f"products-{turn}.jsonl", rows)


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.002)


def killed_at(folder: Path, file: Path, share: float, whole: float) -> tuple[int, float]:
    """Kills a rebuild after a `share` of the `whole` seconds that its work takes; exit code and seconds of work."""
    left = set((folder / "generations").glob(".building-*"))  # by the kill before
    with start("rebuild", "--products", file, "--data-dir", folder, *HASHING, *SMALL_BATCHES) as process:
        wait_until(lambda: set((folder / "generations").glob(".building-*")) - left or process.poll() is not None)
        begun = time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            process.wait(share * whole)
        worked = time.monotonic() - begun
        process.kill()
        process.communicate(timeout=PATIENCE_S)
    return process.returncode, worked


def keys_stored(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "cache").rglob("keys.bin")) // KEY_BYTES


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path) -> None:  # 1, 2
    settings, rng = world.settings(tmp_path), random.Random(SEED)
    backend, analyzer, encoder = EmbeddedBackend(tmp_path), make_analyzer(settings), world.encoder_of(settings)
    code, whole = killed_at(tmp_path, catalogue(tmp_path, 100), 1.0, PATIENCE_S)
    assert code == 0
    engine, resumed = open_engine(settings), []
    for turn in range(KILLS):
        serving, stored = backend.current(), keys_stored(tmp_path)
        file = catalogue(tmp_path, turn)
        code, _ = killed_at(tmp_path, file, (turn + rng.random()) / KILLS, whole)
        assert code in (0, -signal.SIGKILL)
        finished = [manifest.generation for manifest in backend.manifests()]
        assert backend.current() == serving or backend.current() == finished[-1] != serving
        assert [backend.verify(name) for name in finished] == [[]] * len(finished)
        engine.refresh()
        answer = engine.search(SearchRequest("白色 保温杯"))
        assert (answer.generation, len(answer.hits)) == (backend.current(), 20)
        new = keys_stored(tmp_path) - stored
        plan = world.plan(tmp_path, file, batch=100)
        report = rebuild(plan, backend, analyzer, encoder, world.Quiet())
        assert (report.documents, report.reused, report.encoded) == (COUNT, new, COUNT - new)
        assert list((tmp_path / "generations").glob(".building-*")) == []
        assert backend.current() == report.generation
        resumed.append(report.reused)
    engine.close()
    # The kills were spread over the work: some came before most was stored, some afterwards.
    assert min(resumed) < COUNT / 2 < max(resumed)
    assert sum(stored > 0 for stored in resumed) >= KILLS // 2


def test_two_commands_at_once(tmp_path: Path) -> None:  # 3
    world.publish(tmp_path, world.products(50))
    backend, file = EmbeddedBackend(tmp_path), catalogue(tmp_path, 1)
    serving = backend.current()
    with backend.building(), start("rebuild", "--products", file, "--data-dir", tmp_path, *HASHING) as process:
        _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 4
    assert err.count("Error: another rebuild is running") == 1
    assert "Traceback" not in err
    assert (backend.current(), len(backend.manifests())) == (serving, 1)

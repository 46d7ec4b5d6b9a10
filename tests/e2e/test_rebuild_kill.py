"""A rebuild that is killed (SIGKILL), again and again.

1. After every kill, whenever it comes, the old generation serves and is whole, or the new one if it was published.
2. Started again, the rebuild reuses every vector that was stored, and nothing half-built is left.
3. Two commands at once: one publishes, the other ends with exit code 4 and one clear message.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from indexer.rebuild import RebuildReport, rebuild
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.wiring import make_analyzer, open_engine
from retrieval.types import SearchRequest
from tests import world
from tests.e2e.command import HASHING, PATIENCE_S, start

COUNT, KILLS, SEED = 2_000, 10, 20_260_101
SMALL_BATCHES = ("--set", "index.batch=100")
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
    building = list((folder / "generations").glob(".building-*"))  # of the kill before
    with start("rebuild", "--products", file, "--data-dir", folder, *HASHING, *SMALL_BATCHES) as process:
        wait_until(lambda: set((folder / "generations").glob(".building-*")) - set(building) or process.poll() is not None)
        begun = time.monotonic()
        try:
            process.wait(share * whole)
        except TimeoutError:
            pass
        except Exception as late:  # subprocess.TimeoutExpired: still at work, which is what is wanted
            assert "timed out" in str(late)
        worked = time.monotonic() - begun
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE_S)
    return process.returncode, worked


def keys_stored(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "cache").rglob("keys.bin")) // KEY_BYTES


def again(folder: Path, file: Path) -> RebuildReport:
    settings = world.settings(folder)
    return rebuild(
        world.plan(folder, file, batch=100), EmbeddedBackend(folder), make_analyzer(settings),
        world.encoder_of(settings), world.Quiet(),
    )  # fmt: skip


def test_killed_at_any_moment(tmp_path: Path) -> None:  # 1, 2
    backend, rng = EmbeddedBackend(tmp_path), random.Random(SEED)
    code, whole = killed_at(tmp_path, catalogue(tmp_path, 100), 1.0, PATIENCE_S)
    assert code == 0
    resumed = []
    for turn in range(KILLS):
        serving, stored = backend.current(), keys_stored(tmp_path)
        file = catalogue(tmp_path, turn)
        code, _ = killed_at(tmp_path, file, (turn + rng.random()) / KILLS, whole)
        assert code in (0, -signal.SIGKILL)
        finished = [manifest.generation for manifest in backend.manifests()]
        assert backend.current() == serving or backend.current() == finished[-1] != serving
        assert [backend.verify(name) for name in finished] == [[]] * len(finished)
        engine = open_engine(world.settings(tmp_path))
        assert engine.search(SearchRequest("白色 保温杯")).hits
        engine.close()
        new = keys_stored(tmp_path) - stored
        report = again(tmp_path, file)
        assert (report.documents, report.reused, report.encoded) == (COUNT, new, COUNT - new)
        assert list((tmp_path / "generations").glob(".building-*")) == []
        assert backend.current() == report.generation
        resumed.append(report.reused)
    # The kills were spread over the work: some came before the first batch was stored or soon after, some at the end.
    assert min(resumed) < COUNT / 2 < max(resumed)
    assert np.count_nonzero(resumed) >= KILLS // 2


def test_two_commands_at_once(tmp_path: Path) -> None:  # 3
    file = catalogue(tmp_path, 1)
    arguments = ("rebuild", "--products", file, "--data-dir", tmp_path, *HASHING, *SMALL_BATCHES)
    backend = EmbeddedBackend(tmp_path)
    with backend.building(), start(*arguments) as process:
        _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 4
    assert err.count("Error: another rebuild is running") == 1
    assert "Traceback" not in err
    assert backend.current() is None
    assert again(tmp_path, file).generation == backend.current()

"""A writer of changes is killed (SIGKILL) at twenty random moments.

1. Whatever it had been told is kept, is kept; what it was in the middle of is there whole, or not at all; it comes once
   when it is sent again. Records, words, prices and vectors are those of a model, in a process that only reads, too.
2. The next writer goes on at once: the lock of the dead one is free.
"""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.live_shop import LiveShop, Row, applied, changes_of, row, same_answers

KILLS = 20
LATEST_S = 0.35
"""A batch takes 10 to 50 ms, so that most kills are in the middle of one of several."""


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path) -> None:
    shop = LiveShop.of(tmp_path)
    shop.build([row(number) for number in range(30)])
    rng, records, interrupted = random.Random(11), shop.records(), 0
    for kill in range(KILLS):
        batches = [changes_of(rng, rng.randrange(1, 25), f"k{kill}b{place}") for place in range(40)]
        begun, done = killed(tmp_path, batches, kill, rng.uniform(0.0, LATEST_S))
        for batch in batches[:done]:
            applied(records, batch)
        reader = LiveShop.of(tmp_path)
        if begun > done:
            keys = [f"{kill}:{done}/{place}" for place in range(len(batches[done]))]
            known = set(reader.journal.known(keys))
            interrupted += not known
            known_ids = set(records)
            again = reader.writer.apply(batches[done], key=f"{kill}:{done}")
            taken = {keys[place] for place, each in enumerate(again) if each.problem is None}
            assert known in (set(), taken), "half of a batch is there"  # 1
            assert known_ids == set(records)
            applied(records, batches[done])
        assert reader.records() == records
        if kill % 5 == 4:
            same_answers(LiveShop.of(tmp_path).now(), records)
    assert interrupted > 0


def killed(folder: Path, batches: list[list[Row]], kill: int, after_s: float) -> tuple[int, int]:
    """How many batches a writer began and was told are kept before it was killed."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            writer = LiveShop.of(folder).writer
            for place, batch in enumerate(batches):
                os.write(tell, b"b")
                writer.apply(batch, key=f"{kill}:{place}")
                os.write(tell, b"d")
        finally:
            os._exit(1)
    os.close(tell)
    os.read(told, 1)  # it has begun
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    marks = b"b"
    while piece := os.read(told, 4096):
        marks += piece
    os.close(told)
    return marks.count(b"b"), marks.count(b"d")
